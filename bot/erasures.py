"""A report, or a person, erased from the command line by a receipt code, beside a running bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.app import system_clock
from bot.community import Community
from bot.erasing import Erasing, reports_with
from bot.library import Library
from bot.settings import Settings
from bot.staffing import beside
from conversations.programme import Programme
from storage import contacts, erasure, forms, reach, submissions
from storage.reporters import Reporter
from storage.store import Store, Unit

WHO: Final = "command"


class NoSuchReport(Exception):
    """There is no report with this code, or there are several and none was chosen."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report as it was found by its code; `others` are its sender's other submissions."""

    reporter: Reporter
    original: str
    form_id: str
    sent_at: datetime
    others: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: how many submissions, and whether the person's contact was found."""

    submissions: int
    contact: bool = False


async def find(settings: Settings, programme: str, receipt: str, original: str = "") -> Found:
    """Find the report with a code; `original` chooses where two have one code."""
    async with beside(settings) as store, store.unit() as unit:
        found = await reports_with(unit, programme, receipt.strip().upper())
        chosen = [one for one in found if original in {"", one[1]}]
        if not chosen:
            raise NoSuchReport(f"There is no report with the code {receipt}.")
        if len(chosen) > 1:
            ids = ", ".join(one for _, one in chosen)
            raise NoSuchReport(f"Several reports have the code {receipt}; say which: --id {ids}")
        return await _told(unit, *chosen[0])


async def _told(unit: Unit, reporter: Reporter, original: str) -> Found:
    standing = await submissions.standing_of(unit, original)
    assert standing is not None, "it was found just now"  # noqa: S101 - ours, never the user's.
    all_sent, sent = len(await erasure.sent_by(unit, reporter)), standing.submission
    others = all_sent - len(await erasure.chain_of(unit, reporter, original))
    return Found(reporter, original, sent.form_id, standing.sent_at, others)


async def erase_report(settings: Settings, programme: Programme, found: Found) -> Erased:
    """Erase a report, with its versions and what its reporter answered about it later."""
    async with beside(settings) as store:
        community = await _community(store, programme)
        async with store.unit() as unit:
            erasing = Erasing(community, unit, system_clock(), WHO)
            return Erased(await erasing.report(found.reporter, found.original))


async def erase_person(settings: Settings, programme: Programme, found: Found) -> Erased:
    """Erase all that is kept of whoever sent a report, and their contact where it can be found."""
    async with beside(settings) as store:
        community = await _community(store, programme)
        async with store.unit() as unit:
            erasing = Erasing(community, unit, system_clock(), WHO)
            known = await reach.of(unit, found.reporter)
            number = await erasing.person(found.reporter)
            contact_id = reach.contact_of(store, known) if known else None
            contact = await contacts.by_id(unit, contact_id) if contact_id else None
            if contact is not None:
                await erasing.letters(contact)
                await erasure.contact(unit, contact.id)
            return Erased(number, contact is not None)


async def _community(store: Store, programme: Programme) -> Community:
    """Return who works verdicts out again, with the forms as they stand."""
    async with store.reading() as reading:
        library = Library(await forms.with_earlier(reading, programme))
        return Community(store, (await library.offering(reading)).programme)
