"""A row of the sheet `followups` over a report: whether it holds, and when it is due.

A day has no time yet: the send window gives it one. A moment is aware.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from conversations.sheets.durations import Duration
from conversations.sheets.followups import CONSENTS, Deadline, FollowUp, Row
from conversations.xform.instance import Instance
from conversations.xform.values import canonical

_DAYS: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]+)?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_CHANGE: Final = timedelta(hours=2)
"""Some days after a midnight it may be an hour before one, where the clocks changed between."""


def holds_for(row: Row, instance: Instance) -> bool:
    """Tell whether a row holds for a report: relevant, and with the consent it needs."""
    if row.relevant is not None and not instance.holds(row.relevant):
        return False
    return not isinstance(row, FollowUp) or consented(row.consent, instance)


def consented(path: str, instance: Instance) -> bool:
    """Tell whether the question at a path was answered with a consent; a blank path needs none."""
    if not path:
        return True
    state = instance.state(path)
    return state.relevant and state.value in {*CONSENTS, "true", "1"}


def anchor_of(row: Row, instance: Instance, submitted_at: datetime) -> date | datetime | None:
    """Return what a row's time is counted from; None where the report does not give it.

    A day has no time yet: the send window gives it one. A moment is aware.
    """
    if row.anchor.expression is None:
        return submitted_at
    return moment_in(instance.worked_out(row.anchor.expression), submitted_at)


def due_of(row: Row, instance: Instance, submitted_at: datetime) -> date | datetime | None:
    """Return when a row is due for the first time (a deadline: when it falls), or None."""
    anchor = anchor_of(row, instance, submitted_at)
    return None if anchor is None else shifted(anchor, row.anchor.offset)


def shifted(moment: date | datetime, by: Duration) -> date | datetime | None:
    """Return a day or moment so much later; None beyond the calendar."""
    try:
        return by.after(moment)
    except OverflowError:
        return None


def moment_in(text: str, near: datetime) -> date | datetime | None:
    """Read a day or a moment as XForms writes it; one without a zone is in that of `near`.

    A number is a day too, counted from 1970: `${due_date} + 14` is one.
    """
    written = text.strip()
    if _DAYS.fullmatch(written):
        return _day_of(float(written), near)
    day = canonical("date", written, near)
    if "T" not in written:
        return date.fromisoformat(day) if day else None
    moment = canonical("dateTime", written, near)
    return datetime.fromisoformat(moment) if moment else None


def _day_of(days: float, near: datetime) -> date | None:
    """Return the day that a number of days leads to, which begins at midnight where `near` is."""
    try:
        moment = _EPOCH + timedelta(days=days)
        return (moment.astimezone(near.tzinfo) + _CLOCK_CHANGE).date()
    except OverflowError:
        return None


def alerts_of(row: Deadline, falls: date | datetime) -> Iterator[tuple[Duration, date | datetime]]:
    """Yield how long before, and when, somebody is told of a deadline that falls then."""
    for before in row.before:
        when = shifted(falls, -before)
        if when is not None:
            yield before, when
