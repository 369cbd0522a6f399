"""Why an answer is refused, in the measure in which it was asked for."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import begin, survey

REFUSED = [
    ("year", ". <= today()", "2099", "That is too late. The latest I can take here is 2026."),
    ("year", ". >= date('2001-01-01')", "1999", "The earliest I can take here is 2001."),
    ("year", ". >= date('2001-06-15')", "2001", "The earliest I can take here is 2002."),
    (
        "year",
        ". >= date('2001-01-01') and . <= today()",
        "1999",
        "Here it can only be from 2001 to 2026.",
    ),
    ("month-year", ". <= today()", "January 2027", "The latest I can take here is November 2026."),
    (
        "month-year",
        ". >= date('2026-02-02')",
        "February 2026",
        "The earliest I can take here is March 2026.",
    ),
    (
        "month-year",
        ". >= date('2025-12-31')",
        "June 2020",
        "The earliest I can take here is January 2026.",
    ),
    ("", ". <= today()", "2027-01-05", "The last day I can take here is"),
    ("year", "format-date(., '%Y') != 2001", "2001", "That cannot be right here."),
]


@pytest.mark.parametrize(("appearance", "constraint", "written", "said"), REFUSED)
def test_bounds_are_said_as_the_question_is_answered(
    appearance: str, constraint: str, written: str, said: str
) -> None:
    """A year hears of years and a month of months, the first of which begins within the bounds."""
    rows = (
        "| | type | name | label | appearance | constraint |\n"
        f"| | date | q | When? | {appearance} | {constraint} |"
    )
    chat = begin(survey(rows))
    assert said in chat.writes(written)[0]
    assert chat.given == {}
