"""Which questions people misread: measured from the store, and told to coordinators once.

Versions of a form that word a question alike, in a language, are one wording: choices included, as
people read them. What stands out is looked for once a day, within the programme's hours; the audit
keeps what was told, so nothing is told twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot import coordinators
from bot.estimating import rule_over
from bot.plans import sheets_of
from conversations.followups.moments import Clock
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.sheets.texts import Quoted
from conversations.validating.agreeing import message
from conversations.validating.rules import buttons_of
from conversations.verdicts.wording import Judged, Misread, misread
from conversations.xform.instance import Instance, Surroundings
from storage import agreements, audit
from storage.agreements import Said
from storage.contacts import Contact
from storage.store import Reading, Store, Unit

SPAN: Final = timedelta(days=90)
"""How far back agreement is measured."""

ANSWERS_MAX: Final = 20_000
"""So many answers are measured, the newest."""

TOLD: Final = "wording stands out"
"""The act of the audit."""

VERSIONS_MAX: Final = 3

_NUMBERS = re.compile(r"(\d+)")


async def judged(reading: Reading, programme: Programme, now: datetime) -> tuple[Judged, ...]:
    """Return what residents said at first hand about reports that moderators decided."""
    said = await agreements.judged(reading, programme.name, now - SPAN, ANSWERS_MAX)
    wordings = wordings_of(programme, said, now)
    found = []
    for one in said:
        rule = rule_over(one.classes)
        says, first_hand = rule.places.get(one.choice, (0, False))
        if first_hand:
            question = (one.form_id, one.name)
            wording = wordings[*question, one.language, one.form_version]
            agrees = rule.classes[says] == one.moderator
            about = (question, one.language, wording, one.area, one.case, one.validator)
            found.append(Judged(*about, agrees))
    return tuple(found)


def wordings_of(
    programme: Programme, said: Sequence[Said], now: datetime
) -> Mapping[tuple[str, str, str, str], str]:
    """Name the wording of each question, language and version: by all versions that word it so."""
    keys = {(one.form_id, one.name, one.language, one.form_version) for one in said}
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    words = {key: words_of(programme, *key, now) for key in keys}
    for key in keys:
        alike[*key[:3], words[key]].append(key[3])
    return {key: _versions(alike[*key[:3], words[key]]) for key in keys}


def words_of(  # noqa: PLR0913, PLR0917 - which question, in which words.
    programme: Programme, form_id: str, name: str, language: str, version: str, now: datetime
) -> str:
    """Return all words of a question as people read them; the version where it is not known."""
    form = programme.forms.get((form_id, version))
    rows = sheets_of(programme, form_id, version).validations
    row = next((row for row in rows if row.name == name), None)
    if form is None or row is None:
        return f"version {version}"
    text = row.question.pieces.get(row.question.language(language), ())
    quoted = ("${" + one.name + "}" if isinstance(one, Quoted) else one for one in text)
    spoken = Surroundings(now.astimezone(programme.zone), language, "", "", now)
    choices = buttons_of(row, Instance.begin(form, spoken))
    return repr(("".join(quoted), choices))


def _versions(versions: Sequence[str]) -> str:
    """Say versions, the newest of many.

    >>> _versions(["10", "9"]), _versions(["1", "2", "3", "4"])
    ('9, 10', '… 2, 3, 4')
    """
    ordered = sorted(versions, key=_natural)
    left_out = "… " if len(ordered) > VERSIONS_MAX else ""
    return left_out + ", ".join(ordered[-VERSIONS_MAX:])


def _natural(version: str) -> tuple[tuple[int, str], ...]:
    parts = _NUMBERS.split(version)
    return tuple((int(part) if part.isdecimal() else 0, part) for part in parts)


@dataclass(slots=True)
class Daily:
    """Tells coordinators of what stands out, looked for once a day."""

    looked_on: date | None = None

    async def look(
        self, store: Store, programme: Programme, locale_of: Callable[[str], Locale], now: datetime
    ) -> tuple[Contact, ...]:
        """Look once a day, in the hours of the programme; return who is told."""
        today = now.astimezone(programme.zone).date()
        clock = Clock(programme.zone, programme.courtesy)
        if self.looked_on == today or clock.allowed(now, None, "wording") > now:
            return ()
        self.looked_on = today
        async with store.reading() as reading:
            found = misread(await judged(reading, programme, now))
        if not found:
            return ()
        async with store.unit() as unit:
            fresh = [one for one in found if await _note(unit, store, one, now)]
            if not fresh:
                return ()
            told = message(fresh)
            return await coordinators.tell(unit, programme, locale_of, lambda _: told, now)


async def _note(unit: Unit, store: Store, one: Misread, now: datetime) -> bool:
    """Write down that a wording stands out; False where that is written already."""
    subject = ":".join((*one.question, one.language, one.wording))
    before = await audit.newest(unit, 1, subject)
    if before:
        return False
    body = {"reports": one.reports, "percent": one.percent, "otherwise": one.otherwise}
    await audit.note(unit, store, "system", TOLD, subject, now, body)
    return True
