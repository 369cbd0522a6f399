"""Durations follow the calendar, and say what is wrong with those that are none."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.sheets import Duration, NoDuration, parse_duration, parse_durations


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("14 days", "2026-12-25", "2027-01-08"),
        ("6 Weeks", "2026-01-01", "2026-02-12"),
        ("-3 days", "2026-03-01", "2026-02-26"),
        ("1 month", "2027-01-31", "2027-02-28"),
        ("1 month", "2028-01-31", "2028-02-29"),
        ("4 years", "2028-02-29", "2032-02-29"),
        ("1 year", "2028-02-29", "2029-02-28"),
        ("-1 month", "2027-03-31", "2027-02-28"),
        ("+24 months", "2026-11-22", "2028-11-22"),
        ("0 days", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_duration_follows_the_calendar(written: str, begins: str, ends: str) -> None:
    """Months and years end on the last day a shorter month has."""
    after = parse_duration(written).after(date.fromisoformat(begins))
    assert after == date.fromisoformat(ends)


def test_the_wall_time_holds_over_a_change_of_the_clock() -> None:
    """Ten in the morning stays ten in the morning, whatever the clocks do between."""
    berlin = datetime(2026, 10, 20, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert parse_duration("2 weeks").after(berlin).hour == 10


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("soon", "'soon' is no duration"),
        ("14", "'14' is no duration"),
        ("14 dayz", "'dayz' is none of hours, days, weeks, months, years"),
        ("2.5 weeks", "'2.5 weeks' is no duration"),
        ("101 years", "'101 years' is more than 100 years"),
        ("999999 weeks", "'999999 weeks' is more than 100 years"),
        ("3 minutes", "'minutes' is none of hours, days, weeks, months, years"),
    ],
)
def test_what_is_no_duration_says_why(written: str, told: str) -> None:
    """An author reads which word is not understood."""
    with pytest.raises(NoDuration, match=told):
        parse_duration(written)


def test_several_have_commas_between_them() -> None:
    """Reminders and warnings are lists; too long a one is refused."""
    assert parse_durations("24 months, 12 months; 3 months,") == (
        Duration(24, "months"),
        Duration(12, "months"),
        Duration(3, "months"),
    )
    with pytest.raises(NoDuration, match="more than 12"):
        parse_durations(", ".join(["1 day"] * 13))


@given(st.integers(-36_000, 36_000), st.sampled_from(("hours", "days", "weeks", "months", "years")))
def test_what_is_written_is_read_again(count: int, unit: str) -> None:
    """A duration and its words say the same."""
    written = f"{count} {unit}"
    try:
        duration = parse_duration(written)
    except NoDuration:
        assert abs(count) > 100
        return
    assert parse_duration(str(duration)) == duration
    back = -duration
    assert -back == duration


def test_what_lies_outside_the_calendar_overflows() -> None:
    """Nothing is planned beyond the year 9999."""
    with pytest.raises(OverflowError):
        Duration(100, "years").after(date(9950, 1, 1))
    with pytest.raises(OverflowError):
        Duration(36_000, "days").after(date(9990, 1, 1))
