"""The audit is read in the moderator's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations.reviewing.audit_words import DEEDS, deed_named, doer_named
from locales.locale import locale_of

ROOT = Path(__file__).parents[2]
NOTED = re.compile(
    r"(?:audit\.note|audited|audited_if_keyed)"
    r"""\([^"]*(?:"command", |"system", )?"([A-Z][\w ]+)\""""
)


def test_whatever_the_bot_notes_has_words() -> None:
    """No act that is noted by name stands in the audit as the code calls it."""
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    noted = set(NOTED.findall(written))
    assert {"Invite", "Export"} <= noted
    assert noted <= set(DEEDS), noted - set(DEEDS)


@pytest.mark.parametrize("tag", ["sw", "es", "fr", "pt", "ar"])
def test_acts_and_doers_are_translated(tag: str) -> None:
    """What was done, and by whom, is said in each language; what has no words stands as it is."""
    english, other = locale_of("en"), locale_of(tag)
    for name in ("SawFile", "Enter", "Exported"):
        assert other.say(deed_named(name)) not in {name, english.say(deed_named(name))}
    by = doer_named("system")
    assert by is not None
    assert other.say(by) != "system"
    assert other.say(deed_named("no such act")) == "no such act"
    assert doer_named("role:7") is None
