"""Small numbers of people cannot be read, or worked out, from a month's results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.programmes import SHIPPED, programme_folder
from conversations.areas import Area
from conversations.campaigning.results import Month, Told, results_message
from conversations.programme import Programme
from locales.locale import locales_of
from storage.programmes import load_programme


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Read the shipped programme, with two areas."""
    areas = {"hill": Area({"en": "Hill", "sw": "Kilima"}), "shore": Area({"": "Shore"})}
    return replace(load_programme(programme_folder(SHIPPED[0])), areas=areas)


def month(programme: Programme, **people: int) -> Month:
    """Return a month in which so many people of each area reported, each of them once."""
    told = (
        Told(programme.offered[0][0], area, f"{area} {number}")
        for area, count in people.items()
        for number in range(count)
    )
    return Month(programme, date(2026, 3, 1), tuple(told))


@pytest.mark.parametrize(
    ("hill", "shore", "shown"),
    [
        (5, 5, (5, 5, 10)),
        (5, 4, (5, None, None)),
        (4, 4, (None, None, None)),
        (9, 0, (9, None, 9)),
        (0, 0, (None, None, None)),
    ],
)
def test_small_counts(
    programme: Programme, hill: int, shore: int, shown: tuple[int | None, ...]
) -> None:
    """No count of fewer than five people stands, nor one of all that gives it away."""
    counted = month(programme, hill=hill, shore=shore)
    assert (
        tuple(counted.count(programme.offered[0][0], area) for area in ("hill", "shore", ""))
        == shown
    )


def test_one_person_many_reports(programme: Programme) -> None:
    """People are counted, not reports: one who sends many is still one."""
    told = tuple(Told("birth", "hill", "one") for _ in range(9))
    assert Month(programme, date(2026, 3, 1), told).count("birth", "hill") is None


def test_words(programme: Programme) -> None:
    """The results of a place are told in each language, the place by its name there."""
    locales = [locales_of({})(tag) for tag in ("en", "sw")]
    told = results_message(month(programme, hill=6), locales).by_area["hill"]
    assert told["en"].startswith("Results for March 2026: Hill\n")
    assert told["sw"].startswith("Matokeo ya Machi 2026: Kilima\n")
    assert "6 reports" in told["en"]
