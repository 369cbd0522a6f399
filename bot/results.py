"""Monthly results for those who asked for them: a campaign of its own in a month's first week.

There is one for a month, whoever plans it and however often: its dedupe key names the month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.library import Library
from conversations.areas import area_at
from conversations.campaigning.audience import RESULTS, Audience
from conversations.campaigning.draft import PER_SECOND
from conversations.campaigning.message import Message
from conversations.campaigning.results import Month, Told, texts
from conversations.campaigning.standing import Plan
from conversations.courtesy import moment_of
from conversations.phrases import Locale
from conversations.programme import Programme
from storage import campaigns, subscriptions, told
from storage.campaigns import AUTOMATIC
from storage.store import Reading, Row, Store

UNTIL_DAY: Final = 7
"""A month's results are sent until this day of the next; later they would be no news."""


@dataclass(frozen=True, slots=True)
class Results:
    """Plans the results of the month that is over."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]

    async def plan(self) -> bool:
        """Plan last month's results where it is time and anybody wants them; tell whether so."""
        programme, now = self.library.programme, self.now()
        today = now.astimezone(programme.zone).date()
        if today.day > UNTIL_DAY:
            return False
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        dedupe = f"{AUTOMATIC}results {first:%Y-%m}"
        async with self.store.reading() as reading:
            if await campaigns.is_known(reading, programme.name, dedupe):
                return False
            if not await subscriptions.any_for(reading, programme.name, RESULTS):
                return False
            offered = (await self.library.offering(reading)).programme
            month = await self._month(reading, offered, first)
        message = _message(month, [self.locale_of(tag) for tag in programme.languages])
        async with self.store.unit() as unit:
            return await campaigns.begin(
                *(unit, programme.name, Plan(message, Audience(agreed="any", topic=RESULTS))),
                dedupe=dedupe,
                title=message.title,
                start_at=now.replace(second=0, microsecond=0),
                per_second=PER_SECOND,
            )

    async def _month(self, reading: Reading, programme: Programme, first: date) -> Month:
        since, until = (
            moment_of(datetime.combine(day, time(0)), programme.zone)
            for day in (first, (first + timedelta(days=32)).replace(day=1))
        )
        rows = await told.between(reading, programme.name, since, until)
        return Month(programme, first, tuple(_told(programme, row) for row in rows))


def _told(programme: Programme, row: Row) -> Told:
    place = (row["latitude"], row["longitude"])
    area = area_at(programme.areas, place) if row["cell"] else ""
    return Told(row["form_id"], area, row["reporter"])


def _message(month: Month, locales: list[Locale]) -> Message:
    by_area = {code: texts(month, code, locales) for code in month.programme.areas}
    return Message(texts(month, "", locales), by_area=by_area)
