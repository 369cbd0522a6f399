"""Follow-ups and the reports that there are, from the command line: counted, or let go along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import takeovers
from bot.app import system_clock
from bot.plans import sheets_of
from bot.settings import Settings
from bot.staffing import beside, forms_standing
from conversations.followups.rehearsal import Rehearsal, rehearsed
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.sheets import read_sheets
from conversations.xform.form import Form
from storage import forms
from storage.opening import open_readable
from storage.programmes import load_form

ALL: Final = 2**40
"""More reports than any form has: here nobody waits in a chat."""


class NotServed(Exception):
    """The bot does not know the form, or has not been started with it yet."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the follow-ups of one form would do."""

    form: Form
    seen: Rehearsal


async def count(
    settings: Settings, programme: Programme, workbook: Path | None
) -> tuple[Counted, ...]:
    """Count what the follow-ups of a workbook, or of a folder's forms, would do; keep nothing."""
    chosen = [load_form(workbook)] if workbook else list(_followed(programme))
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            known = await forms.with_earlier(reading, programme)
        now = system_clock()
        return tuple(
            [Counted(one, await takeovers.rehearse(store, known, one, now, ALL)) for one in chosen]
        )
    finally:
        await store.close()


def _followed(programme: Programme) -> Iterator[Form]:
    for key in (*programme.offered, *programme.asked):
        sheets = sheets_of(programme, *key)
        if sheets.followups or sheets.deadlines:
            yield programme.forms[key]


def lines_of(counted: Counted, locale: Locale) -> Iterator[str]:
    """Yield what is shown of it."""
    form = counted.form
    yield f"{form.form_id}, version {form.version or '(none)'}:"
    sheets = read_sheets(form)[0]
    if not (sheets.followups or sheets.deadlines):
        yield "  It has no follow-ups."
    for block in rehearsed(counted.seen):
        yield f"  {locale.say(block.speech)}"


async def apply(settings: Settings, programme: Programme, form_id: str) -> str:
    """Let earlier reports go by the version that stands; return it. The running bot does the work.

    Raises `NotServed` where the bot does not serve that form.
    """
    standing = {line.key[0]: line.key[1] for line in await forms_standing(settings, programme)}
    version = standing.get(form_id)
    async with beside(settings) as store, store.unit() as unit:
        known = version is not None and await forms.one(unit, programme.name, (form_id, version))
        if version is None or not known:
            there = ", ".join(sorted(standing)) or "none"
            said = f"The bot serves no form {form_id} of this folder; there are: {there}."
            raise NotServed(f"{said} Start it with the folder first.")
        now = system_clock()
        await takeovers.begin(unit, store, programme, form_id, version, 0, now)
    return version
