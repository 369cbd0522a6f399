"""Reports of earlier versions and a changed sheet: what it would do to them, and doing it.

Both go through a form's reports, the newest first. What is counted is only read, a page at a time.
What is done is done in small units, each with its cursor, so that everybody else waits for a page
at most and a process that dies leaves nothing half done; whoever wished it is told at the end.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.library import Library
from bot.plans import Followed, Ruling, apply, changes_of, followed, ruling_of
from bot.rendering import render
from conversations.followups.rehearsal import Rehearsal, from_plain, taken_over, to_plain
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Send
from conversations.xform.form import Form
from conversations.xform.problems import FormError
from storage import audit, consents, contacts, forms, outbox, reach, responders, submissions
from storage import takeovers as kept_takeovers
from storage.moments import to_kept
from storage.store import Readable, Reading, Store, Unit
from storage.submissions import Standing
from storage.takeovers import AFTER_ALL, Takeover

log = logging.getLogger(__name__)

PAGE: Final = 10
"""Reports taken over in one unit, for which all others wait: 7 ms of the processor where each has
two questions that wait (`tests.benchmarks.takeover`)."""
READ_AT_ONCE: Final = 100
REHEARSED_MAX: Final = 10_000
"""Reports looked at before a coordinator is answered, the newest: 5 s of the processor."""
NOT_PUBLISHED: Final = "(not published)"
"""Stands for the version of a form that has none yet."""


async def rehearse(
    store: Readable, programme: Programme, form: Form, now: datetime, at_most: int = REHEARSED_MAX
) -> Rehearsal:
    """Count what a form's follow-ups would do with the reports that there are."""
    ruling, seen = Ruling.of(form, NOT_PUBLISHED), Rehearsal()
    last_at, last_id = AFTER_ALL, ""
    while seen.reports < at_most:
        async with store.reading() as reading:
            page = await submissions.of_form_before(
                reading, programme.name, form.form_id, last_at, last_id, READ_AT_ONCE
            )
            for standing in page[: at_most - seen.reports]:
                seen = await _counted(reading, programme, ruling, standing, seen, now)
                await asyncio.sleep(0)  # Whoever writes meanwhile waits for one report at most.
        if len(page) < READ_AT_ONCE:
            return seen
        last_at, last_id = _place(page[-1])
    return replace(seen, is_all=False)


async def _counted(  # noqa: PLR0913, PLR0917 - one report among all.
    reading: Reading,
    programme: Programme,
    ruling: Ruling,
    standing: Standing,
    seen: Rehearsal,
    now: datetime,
) -> Rehearsal:
    report = await _followed(reading, programme, ruling, standing, now)
    changes = await changes_of(reading, report, now) if report else None
    if changes is None:
        return seen.with_report(None)
    return seen.with_report((one.row, one.fate, one.day) for one in changes)


async def _followed(
    reading: Reading, programme: Programme, ruling: Ruling, standing: Standing, now: datetime
) -> Followed | None:
    """Return a report as a sheet sees it; None where nobody may or can be asked about it."""
    sent = standing.submission
    known = await reach.of(reading, sent.reporter)
    if known is None or known.stopped:
        return None
    asks_consent = any(programme.consent.text.values())
    if asks_consent and not await consents.standing(reading, sent.reporter, programme.name):
        return None
    try:
        return await followed(reading, programme, ruling, standing, now)
    except FormError as error:
        log.warning("A report cannot be read by version %s: %s", ruling.version, error)
        return None


def _place(standing: Standing) -> tuple[int, str]:
    sent = standing.submission
    return to_kept(sent.kept_at), sent.instance_id


async def begin(  # noqa: PLR0913, PLR0917 - which reports, by which sheet, by whose wish, when.
    unit: Unit,
    store: Store,
    programme: Programme,
    form_id: str,
    version: str,
    role: int,
    now: datetime,
) -> None:
    """Let the reports of all earlier versions go by a version's sheet, and note who wished it.

    `role` is the number of their role; 0 for the command line.
    """
    known = await forms.versions(unit, programme.name, form_id)
    earlier = [one for one in known if one != version]
    about = (programme.name, form_id, version, earlier, role, now)
    await kept_takeovers.begin(unit, *about)
    body = {"version": version, "earlier": earlier}
    who = f"role:{role}" if role else "command"
    await audit.note(unit, store, who, "TakeReportsOver", form_id, now, body)


@dataclass(frozen=True, slots=True)
class Takeovers:
    """Takes reports over, page by page; `kept` is called when something lies in the outbox."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    kept: Callable[[], None] = lambda: None
    is_steady: Callable[[], bool] = lambda: True
    """Whether the clock may be believed by which something is too late."""

    async def look(self, stop: asyncio.Event) -> int:
        """Do what waits, or as much as is possible until `stop`; return how many pages."""
        name, pages = self.library.programme.name, 0
        async with self.store.reading() as reading:
            waiting = await kept_takeovers.under_way(reading, name)
        for one in waiting:
            left: Takeover | None = one
            while left is not None and not stop.is_set() and self.is_steady():
                left = await self._page(left)
                pages += 1
                await asyncio.sleep(0)
        return pages

    async def _page(self, wanted: Takeover) -> Takeover | None:
        """Take over one page; None where nothing is left to do."""
        now = self.now()
        async with self.store.unit() as unit:
            one = await kept_takeovers.hold(unit, wanted)
            ruling, programme = await self._ruling(unit, one) if one else (None, None)
            if one is None or ruling is None or programme is None:
                return None
            after = await self._done(unit, one, ruling, programme, now)
            await kept_takeovers.go_on(unit, after, now)
            if after.is_done:
                await self._tell(unit, after, ruling, now)
        if not after.is_done:
            return after
        self.kept()
        return None

    async def _ruling(self, unit: Unit, one: Takeover) -> tuple[Ruling | None, Programme]:
        await self.library.meet(unit, (one.form_id, one.version))
        programme = (await self.library.offering(unit)).programme
        return await ruling_of(unit, programme, one.form_id, one.version), programme

    async def _done(
        self, unit: Unit, one: Takeover, ruling: Ruling, programme: Programme, now: datetime
    ) -> Takeover:
        where = (one.programme, one.form_id, one.last_at, one.last_id)
        page = await submissions.of_form_before(unit, *where, PAGE)
        seen, place = from_plain(one.tally), where[2:]
        for standing in page:
            place = _place(standing)
            if standing.submission.form_version not in one.earlier:
                continue
            report = await _followed(unit, programme, ruling, standing, now)
            changes = await changes_of(unit, report, now) if report else None
            await apply(unit, changes or (), now)
            told = None if changes is None else [(c.row, c.fate, c.day) for c in changes]
            seen = seen.with_report(told)
        done = len(page) < PAGE
        last_at, last_id = place
        after = replace(one, last_at=last_at, last_id=last_id, reports=seen.reports)
        return replace(after, is_done=done, tally=to_plain(seen))

    async def _tell(self, unit: Unit, one: Takeover, ruling: Ruling, now: datetime) -> None:
        """Tell whoever wished it what came of it, if they can be told, and note it."""
        await audit.note(
            *(unit, self.store, "system", "ReportsTakenOver", one.form_id, now),
            {"version": one.version, **one.tally},
        )
        held = await responders.holding(unit, one.programme)
        who = next((held_by.contact_id for held_by in held if held_by.number == one.role), None)
        contact = await contacts.by_id(unit, who) if who is not None else None
        if contact is None:
            return
        blocks = taken_over(ruling.form.title, one.version, from_plain(one.tally))
        locale = self.locale_of(contact.language or self.library.programme.languages[0])
        await outbox.put(unit, contact.id, render([Send(blocks)], locale), now)
