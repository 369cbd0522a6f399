"""A month's reports, counted as its results tell them: read beside all units, for it is much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from conversations.areas import area_at
from conversations.campaigning.results import Month, Told, first_day_of
from conversations.courtesy import moment_of
from conversations.programme import Programme
from conversations.reviewing.published import Figure, Recount
from storage import told
from storage.store import Reading, Row


async def month_of(reading: Reading, programme: Programme, first: date) -> Month:
    """Return what was reported in the month that begins on a day."""
    since, until = (
        moment_of(datetime.combine(day, time(0)), programme.zone)
        for day in (first, (first + timedelta(days=32)).replace(day=1))
    )
    rows = await told.between(reading, programme.name, since, until)
    return Month(programme, first, tuple(_told(programme, row) for row in rows))


async def recounts(
    reading: Reading, programme: Programme, figures: Iterable[Figure]
) -> Mapping[Figure, Recount]:
    """Count figures again by what stands now, each month once."""
    months: dict[str, Month] = {}
    found = {}
    for one in figures:
        if one.period not in months:
            first = first_day_of(one.period)
            months[one.period] = await month_of(reading, programme, first)
        found[one] = Recount(months[one.period].count(one.form_id, one.area))
    return found


def _told(programme: Programme, row: Row) -> Told:
    place = (row["latitude"], row["longitude"])
    area = area_at(programme.areas, place) if row["cell"] else ""
    return Told(row["form_id"], area, row["reporter"])
