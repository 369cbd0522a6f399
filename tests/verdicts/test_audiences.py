"""Whom the bot asks about a report, and whom never."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.audiences import Audience, Candidate, Subject, choose
from conversations.verdicts.answers import Validator

KEY = bytes(32)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
AUDIENCE = Audience(languages=frozenset({"sw", "en"}), area="mm01")


def somebody(name: str, **differently: object) -> Candidate:
    """Make up a candidate who may be asked."""
    usual = Candidate(Validator(name), "mm01", frozenset({"sw"}), account_days=90)
    return replace(usual, **differently)  # type: ignore[arg-type]


REPORTER = somebody("reporter", invitation="market", invited_by=Validator("elder"))
SUBJECT = Subject("case", REPORTER, place=(-1.3, 36.8))
OTHERS = [somebody(f"n{number}", asked_at=NOW) for number in range(3)]


@pytest.mark.parametrize(
    "differently",
    [
        {"validator": REPORTER.validator},
        {"invitation": "market"},
        {"invited_by": Validator("reporter")},
        {"invited_by": Validator("elder")},
        {"validator": Validator("elder")},
        {"account_days": 6},
        {"area": "mm02"},
        {"area": None},
        {"languages": frozenset({"fr"})},
        {"asked_this_week": 3},
    ],
    ids=str,
)
def test_some_are_never_asked(differently: dict[str, object]) -> None:
    """Not the reporter, nor who is linked to the reporter, too new, elsewhere or asked enough."""
    one = somebody("x", **differently)
    assert one.validator not in choose(KEY, SUBJECT, AUDIENCE, [*OTHERS, one], 4)


def test_somebody_of_the_place_is_asked() -> None:
    """Who was never asked comes before those who were."""
    assert choose(KEY, SUBJECT, AUDIENCE, [*OTHERS, somebody("x")], 4)[0] == "x"


def test_a_role_may_be_wanted() -> None:
    """Only who holds the role that the question speaks to is asked."""
    audience = replace(AUDIENCE, role="promoter")
    promoters = [somebody(f"p{n}", roles=frozenset({"promoter"})) for n in range(3)]
    assert set(choose(KEY, SUBJECT, audience, [*OTHERS, *promoters], 5)) == {"p0", "p1", "p2"}


def test_near_counts_as_well_as_registered() -> None:
    """Within the distance of the report somebody of no area may be asked."""
    audience = Audience(frozenset({"sw"}), distance_km=3)
    near = [somebody(f"a{n}", area=None, place=(-1.31, 36.81)) for n in range(3)]
    far = [somebody("far", area=None, place=(-1.4, 36.8)), somebody("nowhere", area=None)]
    assert set(choose(KEY, SUBJECT, audience, [*near, *far], 9)) == {"a0", "a1", "a2"}


def test_in_a_place_of_two_nobody_is_asked() -> None:
    """Where fewer than three could be asked, none is: the answer would have a name."""
    assert choose(KEY, SUBJECT, AUDIENCE, OTHERS[:2], 2) == ()
    again = replace(SUBJECT, asked=frozenset({OTHERS[0].validator}))
    assert set(choose(KEY, again, AUDIENCE, OTHERS, 5)) == {"n1", "n2"}


def test_the_longest_not_asked_come_first() -> None:
    """Nine asks of ten go to whoever waited longest, one to anybody."""
    crowd = [somebody(f"n{n:03}", asked_at=NOW - timedelta(hours=n)) for n in range(200)]
    longest = {one.validator for one in crowd[-3:]}
    asked = [
        name
        for number in range(200)
        for name in choose(KEY, replace(SUBJECT, case=f"case {number}"), AUDIENCE, crowd, 3)
    ]
    share = sum(name in longest for name in asked) / len(asked)
    assert 0.85 < share < 0.95


def test_the_choice_depends_on_the_key_alone() -> None:
    """The order in which candidates are read makes no difference; another key may."""
    crowd = [somebody(f"n{number}") for number in range(50)]
    mixed = random.Random(1).sample(crowd, 50)  # noqa: S311
    assert choose(KEY, SUBJECT, AUDIENCE, crowd, 5) == choose(KEY, SUBJECT, AUDIENCE, mixed, 5)
    assert choose(b"other", SUBJECT, AUDIENCE, crowd, 5) != choose(KEY, SUBJECT, AUDIENCE, crowd, 5)


def test_ten_accounts_of_one_link_are_one_voice() -> None:
    """No two accounts of one invitation are asked in a case, neither together nor later."""
    gang = [somebody(f"g{number}", invitation="flyer") for number in range(10)]
    chosen = choose(KEY, SUBJECT, AUDIENCE, [*gang, *OTHERS], 4)
    assert len(chosen) == 4
    assert sum(name.startswith("g") for name in chosen) == 1
    gang_alone = choose(KEY, SUBJECT, AUDIENCE, gang, 4)
    assert len(gang_alone) == 1
    later = replace(SUBJECT, asked=frozenset(gang_alone), before=(gang[0],))
    assert choose(KEY, later, AUDIENCE, [*gang, OTHERS[0]], 4) == (OTHERS[0].validator,)


def test_who_gave_a_link_knows_who_came_by_it() -> None:
    """Neither is asked about the other's reports, nor both about somebody else's."""
    giver, guest = somebody("giver", link="by-giver"), somebody("guest", invitation="by-giver")
    for reporter, other in ((giver, guest), (guest, giver)):
        of_theirs = replace(SUBJECT, reporter=reporter)
        assert other.validator not in choose(KEY, of_theirs, AUDIENCE, [*OTHERS, other], 5)
    both = choose(KEY, SUBJECT, AUDIENCE, [*OTHERS, giver, guest], 5)
    assert len({giver.validator, guest.validator} & set(both)) == 1
