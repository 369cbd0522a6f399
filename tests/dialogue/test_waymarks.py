"""How far a person has come: the line of dots at the head of some questions."""

from __future__ import annotations

import pytest

from conversations.waymarks import dots_filled
from tests.dialogue.chat import begin, form_of, survey

LETTERS = "abcdefgh"
EIGHT = "| | type | name | label |\n" + "\n".join(f"| | text | {one} | {one}? |" for one in LETTERS)


@pytest.mark.parametrize(
    ("questions", "filled"),
    [
        (5, [0, 0, 0, 0, 0]),
        (6, [0, 0, 1, 1, 2, 2]),
        (8, [0, 0, 1, 1, 2, 2, 3, 3]),
        (24, [place // 3 for place in range(24)]),
    ],
)
def test_dots_by_place(questions: int, filled: list[int]) -> None:
    """A dot stands for two questions or more, there are eight at most, the last is never full."""
    rows = "\n".join(f"| | text | q{number} | ? |" for number in range(questions))
    form = form_of(survey(f"| | type | name | label |\n{rows}"))
    assert [dots_filled(form, f"/data/q{number}") for number in range(questions)] == filled


def test_a_repeat_is_one_place_and_notes_are_none() -> None:
    """What stands in a repeat, or in a repeat inside of it, shares the repeat's place."""
    rows = """
| | type | name | label |
| | note | hello | Hello |
| | text | who | Who? |
| | begin_group | home | Home |
| | text | where | Where? |
| | begin_repeat | child | Child |
| | text | name | Name? |
| | begin_repeat | dose | Dose |
| | date | day | Day? |
| | end_repeat | | |
| | end_repeat | | |
| | end_group | | |
| | text | end | End? |
"""
    order = form_of(survey(rows)).order
    inside = ("", "/name", "/dose", "/dose/day")
    assert {order.places[f"/data/home/child{path}"] for path in inside} == {2}
    assert order.count == 4
    assert order.places["/data/end"] == 3
    assert "/data/hello" not in order.places


def test_a_dot_more_is_shown_once() -> None:
    """The line comes where a dot more is filled, in no other question, and not in the summary."""
    amina = begin(survey(EIGHT))
    heads = [amina.writes("yes")[0] for _ in LETTERS]
    assert heads[:-1] == ["b?", "●○○○", "d?", "●●○○", "f?", "●●●○", "h?"]
    assert heads[-1] == "Please look over your answers."


def test_no_line_in_the_way_of_more_urgent_words() -> None:
    """A refused try and an answer changed from the summary are asked without it."""
    amina = begin(survey(EIGHT.replace("| text | c |", "| integer | c |")))
    amina.writes("one")
    assert amina.writes("two")[0] == "●○○○"
    assert amina.writes("three")[1] == "c?"
    for answer in ("3", *LETTERS[3:]):
        amina.writes(answer)
    assert amina.taps("3")[0] == "c?"


def test_a_programme_may_leave_it_out() -> None:
    """`progress = false` leaves the line out."""
    amina = begin(survey(EIGHT), progress=False)
    assert "●" not in str([amina.writes("yes") for _ in LETTERS])
