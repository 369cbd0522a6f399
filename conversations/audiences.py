"""Whom to ask whether a report is right: the bot chooses, nobody volunteers for a case.

Whoever asks hands in candidates: people near enough or registered for the place, who agreed to be
asked, with whatever the database knows already. What is decided here:

1. Never the reporter, nor an account from the reporter's invitation, nor the reporter's inviter or
   anybody the reporter invited; nor an account too young; nor whoever was asked in this case.
2. Only people registered for the area or within the distance, in a language of the question, with
   a role where one is wanted, below their cap for the week.
3. Fewer than three such people: nobody is asked. In a place of two, an answer would have a name.
4. Who was asked longest ago comes first; and a tenth of the places, by a keyed draw, go to
   anybody eligible, so that figures do not rest on those alone who were long not asked.
5. No two who are acquainted are asked in one case, however few others there are: ten accounts of
   one link are one voice. (Whom a programme itself brings comes by its own link, which names
   nobody.)

The same key, case and candidates give the same choice, in whatever order they are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Final

from conversations.verdicts.answers import Validator
from conversations.verdicts.controls import drawn

ELIGIBLE_MIN: Final = 3
RANDOM_SHARE: Final = 0.1
EARTH_RADIUS_KM: Final = 6371.0

Place = tuple[float, float]
"""Latitude and longitude in degrees, rounded before they came here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might be asked, as far as choosing needs to know them."""

    validator: Validator
    area: str | None
    languages: frozenset[str]
    account_days: int
    place: Place | None = None
    roles: frozenset[str] = frozenset()
    asked_at: datetime | None = None
    """When they were last asked about anybody's report; None if never."""

    asked_this_week: int = 0
    invited_by: Validator | None = None
    invitation: str | None = None
    """Which link the account came by; accounts of one link are taken for acquainted."""

    link: str | None = None
    """The link that the account gives to others; who came by it is acquainted with it."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a row of the `validations` sheet speaks to.

    Somebody is near who is registered for `area`, or within `distance_km` of the report's place;
    with neither given, everybody is.
    """

    languages: frozenset[str]
    area: str | None = None
    distance_km: float | None = None
    role: str | None = None
    account_days_min: int = 7
    asks_per_week_max: int = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """The report in question: whose it is, where, and who was asked about it already.

    `before` are those who were asked, as far as their acquaintances matter.
    """

    case: str
    reporter: Candidate
    place: Place | None = None
    asked: frozenset[Validator] = frozenset()
    before: tuple[Candidate, ...] = ()


def choose(
    key: bytes, subject: Subject, audience: Audience, candidates: Iterable[Candidate], number: int
) -> tuple[Validator, ...]:
    """Choose up to `number` people to ask; none where fewer than three are eligible.

    People asked before in this case count towards the three: a second round may need only one.
    """
    able = [one for one in candidates if eligible(one, subject, audience)]
    if number < 1 or len(able) + len(subject.asked) < ELIGIBLE_MIN:
        return ()
    chance = {one.validator: drawn(key, "whom", subject.case, one.validator) for one in able}
    waiting = sorted(able, key=lambda one: (_since(one), chance[one.validator]))
    by_chance = sorted(able, key=lambda one: chance[one.validator])
    chosen: dict[Validator, Candidate] = {}
    for place in range(number):
        at_random = drawn(key, "random", subject.case, str(len(subject.asked) + place))
        line = by_chance if at_random < RANDOM_SHARE else waiting
        if one := _next(line, (*subject.before, *chosen.values())):
            chosen[one.validator] = one
    return tuple(chosen)


def eligible(one: Candidate, subject: Subject, audience: Audience) -> bool:
    """Tell whether somebody may be asked about this report."""
    return (
        one.validator not in subject.asked
        and not acquainted(one, subject.reporter)
        and one.account_days >= audience.account_days_min
        and one.asked_this_week < audience.asks_per_week_max
        and not one.languages.isdisjoint(audience.languages)
        and (audience.role is None or audience.role in one.roles)
        and near(one, subject, audience)
    )


def acquainted(one: Candidate, other: Candidate) -> bool:
    """Tell whether two accounts are one person, or came by one another or by one link."""
    return (
        other.validator in {one.validator, one.invited_by}
        or other.invited_by == one.validator
        or (one.invited_by is not None and one.invited_by == other.invited_by)
        or (one.invitation is not None and one.invitation in {other.invitation, other.link})
        or (other.invitation is not None and other.invitation == one.link)
    )


def near(one: Candidate, subject: Subject, audience: Audience) -> bool:
    """Tell whether somebody is of the place."""
    if audience.area is None and audience.distance_km is None:
        return True
    if audience.area is not None and one.area == audience.area:
        return True
    if audience.distance_km is None or one.place is None or subject.place is None:
        return False
    return kilometres(one.place, subject.place) <= audience.distance_km


def kilometres(one: Place, other: Place) -> float:
    """Return how far two places are from each other, along the great circle (haversine).

    >>> round(kilometres((-1.29, 36.82), (-4.05, 39.67)))
    441
    """
    north, south = radians(one[0]), radians(other[0])
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def _since(one: Candidate) -> tuple[bool, float]:
    return one.asked_at is not None, one.asked_at.timestamp() if one.asked_at else 0.0


def _next(line: Sequence[Candidate], taken: Sequence[Candidate]) -> Candidate | None:
    """Return the next in line who is acquainted with nobody that was taken."""
    strangers = (one for one in line if not any(acquainted(one, other) for other in taken))
    return next(strangers, None)
