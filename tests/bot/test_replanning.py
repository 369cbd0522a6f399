"""Follow-ups and the reports that there are, from the command line, beside a running bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import replanning
from bot.library import open_library
from bot.replanning import NotServed
from bot.settings import Settings
from locales.locale import locale_of
from storage import audit, takeovers
from storage.migrate import migrate
from storage.opening import open_store
from tests.followups.forms import programme
from tests.followups.year import BEGINNING


async def test_counted_and_let_go_along(tmp_path: Path) -> None:
    """Each form's rows are counted; a form that is not served is refused; it is in the audit."""
    settings = Settings(data_dir=tmp_path, token=None, _env_file=None)
    known = programme()
    await migrate(settings.store_url)
    store = await open_store(settings.store_url, settings.pseudonym_key())
    await open_library(store, known, BEGINNING)
    counted = await replanning.count(settings, known, None)
    assert [one.form.form_id for one in counted] == ["report", "later"]
    lines = list(replanning.lines_of(counted[0], locale_of("en")))
    assert lines[0] == "report, version 1:"
    assert "schedule nothing new" in lines[-1]
    with pytest.raises(NotServed, match="serves no form letter"):
        await replanning.apply(settings, known, "letter")
    assert await replanning.apply(settings, known, "report") == "1"
    async with store.reading() as reading:
        (one,) = await takeovers.under_way(reading, known.name)
        (entry,) = await audit.newest(reading, 1)
    assert (one.form_id, one.version, entry.who) == ("report", "1", "command")
    await store.close()
