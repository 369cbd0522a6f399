"""Checks: what puts a report before moderators, and what must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.areas import Area
from conversations.checks import CHECKS, doubts
from conversations.checks.facts import Facts, Given, Neighbour, Picture
from conversations.checks.privacy import found_in, spans
from conversations.checks.tongues import language_of
from conversations.xform.form import FixedChoice, Kind, Question

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YES_NO = (FixedChoice("yes", None), FixedChoice("no", None))


def given(kind: Kind, value: str, name: str = "a", read: int = 40) -> Given:
    """Return an answer to a question of a kind."""
    choices = YES_NO if kind == "select_one" else None
    question = Question(f"/data/{name}", name, "input", kind, choices=choices)
    return Given(f"/data/{name}", question, value, read)


def facts(*answers: Given, **changes: object) -> Facts:
    """Return a report with these answers, given at leisure."""
    told = Facts(answers, "en", NOW, NOW - timedelta(hours=1))
    return replace(told, **changes)  # type: ignore[arg-type]  # Members by name.


def names(told: Facts) -> list[str]:
    """Return the names of the checks that doubt a report."""
    return [doubt.check for doubt in doubts(told)]


def line(*values: str) -> Sequence[Given]:
    """Return choices from one list, in a row."""
    return [given("select_one", value, f"q{number}") for number, value in enumerate(values)]


def test_an_ordinary_report_is_not_doubted() -> None:
    """A report given at leisure, with ordinary answers, raises nothing."""
    told = facts(
        given("text", "The drain behind the school is blocked since Monday."),
        given("integer", "3", "b"),
        given("date", "2027-06-01", "c"),
        given("geopoint", "-1.29 36.82 0 5", "d"),
        *line("yes", "no", "yes", "no", "no", "yes"),
    )
    assert names(told) == []


def test_too_fast() -> None:
    """Ten answers in four seconds were not read; ten in a minute may have been."""
    answers = [given("integer", "1", f"q{number}") for number in range(10)]
    assert names(facts(*answers, began_at=NOW - timedelta(seconds=4))) == ["fast"]
    assert names(facts(*answers, began_at=NOW - timedelta(seconds=60))) == []
    assert names(facts(*answers[:3], began_at=NOW)) == []
    assert names(facts(*answers, began_at=None)) == []


def test_straight_lines() -> None:
    """Six like answers in a row from one list are doubted once, with all they are about."""
    (doubt,) = doubts(facts(*line(*["yes"] * 7)))
    assert (doubt.check, len(doubt.about)) == ("straight", 7)
    assert names(facts(*line(*["yes"] * 5))) == []
    assert names(facts(*line(*["yes"] * 5, "no", *["yes"] * 5))) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ask Mary, 0712 345 678", 1),
        ("+254-712-345-678 is the number", 1),
        ("mary@example.org or @mary_k", 2),
        ("see t.me/somebody", 1),
        ("It cost 1,200,000 shillings on 12.03.2026", 0),
        ("It was 2026-11-22 at 14:30", 0),
        ("Thirty people, 150 km, 2 days", 0),
        ("on the 3rd @ noon", 0),
    ],
)
def test_personal_data(text: str, kinds: int) -> None:
    """Telephone numbers, addresses and accounts are seen; days and amounts are not."""
    assert len(found_in(text)) == kinds
    assert len(spans(text)) == kinds
    assert names(facts(given("text", text))) == ["personal"] * kinds


def test_a_long_hostile_text_takes_no_time() -> None:
    """Whatever somebody writes, looking through it ends at once."""
    for text in ("1 " * 50_000, "a@" * 50_000, "@" * 100_000, "a.b" * 30_000, "0-" * 50_000):
        began = datetime.now(UTC)
        doubts(facts(given("text", text)))
        assert datetime.now(UTC) - began < timedelta(seconds=1)


SQUARE = ((-2.0, 36.0), (-2.0, 37.0), (-1.0, 37.0), (-1.0, 36.0), (-2.0, 36.0))
HOLE = ((-1.6, 36.4), (-1.6, 36.6), (-1.4, 36.6), (-1.4, 36.4), (-1.6, 36.4))
FAR_OFF = ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))
WHOLE, HOLED = Area({}, (SQUARE,)), Area({}, (SQUARE, HOLE))
MARKED = Area({}, (), ((5.0, 5.0),))


@pytest.mark.parametrize(
    ("areas", "place", "doubted"),
    [
        ([WHOLE], "-1.29 36.82 0 0", False),
        ([WHOLE], "-0.5 36.82 0 0", True),
        ([HOLED], "-1.5 36.5 0 0", True),
        ([HOLED], "-1.3 36.5 0 0", False),
        ([WHOLE, Area({}, (FAR_OFF,))], "0.5 0.5", False),
        ([WHOLE, MARKED], "5.05 5.0", False),
        ([WHOLE, MARKED], "5.2 5.0", True),
        ([], "50 8 0 0", False),
    ],
)
def test_outside(areas: list[Area], place: str, *, doubted: bool) -> None:
    """A place is doubted where it lies in no area, or in a hole of one."""
    known = {str(number): area for number, area in enumerate(areas)}
    told = facts(given("geopoint", place), areas=known)
    assert names(told) == (["outside"] if doubted else [])


def test_a_report_handed_in_as_far_as_it_goes() -> None:
    """What its reporter never finished is put before moderators, with what is missing."""
    assert names(facts(partial=True)) == ["partial"]
    assert names(facts()) == []


def test_outliers() -> None:
    """A figure far from the others' is doubted, one at the edge is not; few say nothing."""
    usual = [1.0, 2, 3, 4, 5, 6] * 5
    far = given("integer", "150", "km")
    assert names(facts(far, history={"/data/km": usual})) == ["outlier"]
    assert names(facts(given("integer", "12", "km"), history={"/data/km": usual})) == []
    assert names(facts(far, history={"/data/km": usual[:20]})) == []
    assert names(facts(given("integer", "2", "km"), history={"/data/km": [1.0] * 50})) == []
    assert names(facts(given("integer", "9", "km"), history={"/data/km": [1.0] * 50})) == [
        "outlier"
    ]


def test_strange_dates() -> None:
    """A year ahead or more than a life ago is doubted; an expected birth is not."""
    for day, doubted in (("2027-08-01", False), ("2028-01-01", True), ("1890-01-01", True)):
        assert bool(names(facts(given("date", day)))) == doubted


def neighbour(minutes: int, place: tuple[float, float] | None, *values: str) -> Neighbour:
    """Return another report with answers to q0, q1 and so on."""
    answers = {f"/data/q{number}": value for number, value in enumerate(values)}
    return Neighbour("uuid:2", NOW - timedelta(minutes=minutes), place, answers)


@pytest.mark.parametrize(
    ("other", "doubted"),
    [
        (neighbour(30, (-1.2921, 36.8219), "yes", "no", "yes", "no"), True),
        (neighbour(30, (-1.2935, 36.8219), "yes", "no", "yes", "yes"), True),
        (neighbour(30, (-1.2921, 36.8319), "yes", "no", "yes", "no"), False),
        (neighbour(30, None, "yes", "no", "yes", "no"), False),
        (neighbour(60 * 24 * 4, (-1.2921, 36.8219), "yes", "no", "yes", "no"), False),
        (neighbour(30, (-1.2921, 36.8219), "no", "no", "no", "no"), False),
        (neighbour(30, (-1.2921, 36.8219), "yes", "no"), False),
    ],
)
def test_duplicates(other: Neighbour, *, doubted: bool) -> None:
    """Near in place, in time and in answers: proposed; far in any of them: not."""
    told = facts(
        *line("yes", "no", "yes", "no"),
        given("geopoint", "-1.2921 36.8219 0 5", "at"),
        neighbours=[other],
    )
    found = doubts(told)
    assert [doubt.other for doubt in found] == (["uuid:2"] if doubted else [])


def test_pictures() -> None:
    """A picture that was seen before, and one taken long before, are doubted."""
    seen = Picture("/data/p", 5, NOW - timedelta(days=1), ("uuid:9",))
    old = Picture("/data/p", 5, NOW - timedelta(days=90))
    assert names(facts(pictures=[seen])) == ["picture"]
    assert names(facts(pictures=[old])) == ["photo"]
    assert names(facts(pictures=[Picture("/data/p")])) == []


TEXTS = {
    "en": "The mother was alone when the baby came and there was no nurse",
    "sw": "Mama alikuwa peke yake wakati mtoto alizaliwa na hakuna muuguzi katika kituo cha afya",
    "es": "La madre estaba sola cuando nació el bebé y no había una enfermera en el centro",
    "fr": "La mère était seule quand le bébé est né et il n'y avait pas une infirmière au centre",
    "pt": "A mãe estava sozinha quando o bebê nasceu e não tinha uma enfermeira no posto de saúde",
    "ar": "كانت الأم وحدها عندما ولد الطفل ولم تكن هناك ممرضة في المركز الصحي",
}


@pytest.mark.parametrize("chosen", TEXTS)
@pytest.mark.parametrize("written", TEXTS)
def test_languages(chosen: str, written: str) -> None:
    """Each text is known for its language, whichever was chosen."""
    assert language_of(TEXTS[written], chosen) == written


def test_names_and_mixtures_are_left_alone() -> None:
    """Names, a language without a list, and a word or two of another language raise nothing."""
    assert (
        language_of("Naserian Ole Nkuito Sankale Nashipae Lemayian Resiato Tipanoi", "sw") == "sw"
    )
    assert language_of(TEXTS["en"], "mas") == "mas"
    assert language_of("Mama alisema the baby is fine na alikuwa na furaha sana", "sw") == "sw"


def test_every_check_can_be_switched_off() -> None:
    """A programme that switches a check off hears nothing of it."""
    told = facts(
        given("text", "Call 0712 345 678"),
        given("date", "1890-01-01", "b"),
        *line(*["yes"] * 7),
    )
    assert set(names(told)) == {"personal", "date", "straight"}
    assert doubts(told, ("personal", "date", "straight")) == ()
    assert doubts(told, CHECKS) == ()


def test_the_gravest_comes_first() -> None:
    """Doubts are ordered by how grave they are."""
    told = facts(given("text", "Call 0712 345 678"), *line(*["yes"] * 7))
    assert names(told) == ["personal", "straight"]
