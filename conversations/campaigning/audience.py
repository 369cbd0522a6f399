"""Whom a campaign is for, and when each of them may be written to.

An audience is a description, not a list: who fits is worked out when their turn comes, so whoever
stopped in between is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from conversations.courtesy import Courtesy, allowed_from, wait_for_room, zone_of

NEWS: Final = "news"
"""The topic of campaigns, which people hear until they say no."""

RESULTS: Final = "results"
"""The topic of monthly results, which people hear once they ask for it."""

BUSY_FOR: Final = timedelta(minutes=20)
"""Whoever answered a question so lately is in the middle of a report, and is left in peace."""

WAITS_FOR_ROOM: Final = 2
"""So many times as long as things grow stale a message waits until somebody has room for it."""

Reported: TypeAlias = Literal["", "yes", "no"]
Agreed: TypeAlias = Literal["current", "any"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign is for; what is blank is no condition.

    `reported` says whether they have reported within `days` (0: ever). `agreed` wants consent to
    the text of today, or to any earlier one too, for those who shall be asked anew. `topic` is what
    they must want to hear.
    """

    languages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    role: str = ""
    reported: Reported = ""
    days: int = 0
    agreed: Agreed = "current"
    topic: str = NEWS


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who might be written to, as far as choosing needs to know them.

    `agreed` are the texts to which their consent stands, `topics` what they said about topics: the
    area they want to hear of where they said yes, None where they said no. `busy_at` is when they
    last did something in a report that is open.
    """

    language: str
    agreed: frozenset[str] = frozenset()
    area: str = ""
    zone: str = ""
    roles: frozenset[str] = frozenset()
    reported_at: datetime | None = None
    paused_until: datetime | None = None
    stopped: bool = False
    topics: Mapping[str, str | None] = field(default_factory=dict)
    busy_at: datetime | None = None
    asked_at: Collection[datetime] = ()
    """When something was put to them in the last week."""
    letters_at: tuple[datetime, ...] = ()
    """In which hours of the last week a message to many was."""


def belongs(one: Recipient, audience: Audience, consent: str, now: datetime) -> bool:
    """Tell whether somebody belongs to an audience; `consent` is the text's version of today."""
    return (
        bool(one.language)
        and not one.stopped
        and _agreed(one, audience, consent)
        and _wants(one, audience.topic)
        and (not audience.languages or one.language in audience.languages)
        and (not audience.areas or one.area in audience.areas)
        and (not audience.role or audience.role in one.roles)
        and _reported(one, audience, now)
    )


def _agreed(one: Recipient, audience: Audience, consent: str) -> bool:
    if not consent:
        return True
    return bool(one.agreed) if audience.agreed == "any" else consent in one.agreed


def _wants(one: Recipient, topic: str) -> bool:
    return one.topics.get(topic, "" if topic == NEWS else None) is not None


def _reported(one: Recipient, audience: Audience, now: datetime) -> bool:
    if not audience.reported:
        return True
    since = now - timedelta(days=audience.days) if audience.days else None
    has = one.reported_at is not None and (since is None or one.reported_at >= since)
    return has == (audience.reported == "yes")


def moment_for(  # noqa: PLR0913, PLR0917 - to whom, by which manners, when, since when.
    one: Recipient,
    courtesy: Courtesy,
    zone: ZoneInfo,
    now: datetime,
    seed: str,
    began_at: datetime,
) -> datetime | None:
    """Return when somebody may be written to, `now` where they may at once.

    None where that is so late that the words would only confuse. `zone` is the programme's, for
    those whose own is not known. `began_at` is when the message began to go out: whoever has been
    asked enough all the time since then is left out at last.
    """
    at = max(now, one.paused_until or now)
    if one.busy_at is not None and now - one.busy_at < BUSY_FOR:
        at = max(at, one.busy_at + BUSY_FOR)
    room = wait_for_room(now, (*one.asked_at, *one.letters_at), courtesy)
    if room is not None:
        if room - began_at > timedelta(days=WAITS_FOR_ROOM * courtesy.stale_days):
            return None
        at = max(at, room)
    at = allowed_from(at, zone_of(one.zone, zone), courtesy.hours, seed=seed)
    return at if at - now <= timedelta(days=courtesy.stale_days) else None
