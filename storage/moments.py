"""How moments are kept: whole microseconds since 1970 UTC, the same in every database.

Columns that end in `_at` hold them. An integer needs no dialect's date functions, sorts and
indexes alike everywhere, and comes back as the very `datetime` that went in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_kept(moment: datetime) -> int:
    """Turn an aware moment into microseconds since 1970 UTC.

    >>> to_kept(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (moment - EPOCH) // MICROSECOND


def from_kept(microseconds: int) -> datetime:
    """Turn microseconds since 1970 back into an aware moment in UTC.

    >>> from_kept(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return EPOCH + microseconds * MICROSECOND
