"""When something that falls on a day is put to a person, by their own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.courtesy import Courtesy, Hours, wall_of
from conversations.followups.gentle import Drop, Mood, Now, Wait, verdict
from conversations.followups.moments import Clock, moved_to, read, written
from conversations.sheets.followups import Window

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAIROBI, BERLIN = ZoneInfo("Africa/Nairobi"), ZoneInfo("Europe/Berlin")
OFFICE = Window(time(8), time(18))


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "America/Bogota", "Asia/Kathmandu"])
def test_a_day_begins_with_its_hours(zone: str) -> None:
    """What falls on a day comes in the first hour allowed there, spread over a while."""
    slots = [Clock(ZoneInfo(zone)).slot(date(2026, 5, 1), NOW, OFFICE, f"{n}") for n in range(50)]
    walls = [wall_of(slot.due_at, ZoneInfo(zone)) for slot in slots if slot]
    assert len(walls) == 50
    assert {wall.date() for wall in walls} == {date(2026, 5, 1)}
    assert all(time(8) <= wall.time() < time(9) for wall in walls)
    assert len({wall.time() for wall in walls}) > 20


def test_a_moment_at_night_waits_for_the_morning() -> None:
    """A moment outside of the hours is moved to the next that is allowed, never back."""
    at_night = datetime(2026, 4, 1, 23, 30, tzinfo=NAIROBI)
    slot = Clock(NAIROBI).slot(at_night, NOW, None, "a")
    assert slot is not None
    assert wall_of(slot.due_at, NAIROBI).date() == date(2026, 4, 2)
    assert slot.wall == "2026-04-01T23:30"


@pytest.mark.parametrize(
    "day", [date(1925, 1, 1), date(2026, 2, 1), date(2326, 1, 1), date(9999, 12, 31), date(1, 1, 1)]
)
def test_nothing_is_planned_centuries_away(day: date) -> None:
    """A day long gone, or centuries ahead, plans nothing."""
    assert Clock(NAIROBI).slot(day, NOW, OFFICE, "a") is None


def test_what_is_a_little_late_comes_now() -> None:
    """A day within the week before is asked about at once, in the hours allowed."""
    slot = Clock(NAIROBI).slot(date(2026, 2, 26), NOW, OFFICE, "a")
    assert slot is not None
    assert slot.due_at == NOW


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),
        ("2028-02-29T08:00", "2028-02-29T07:00:00+00:00"),
    ],
)
def test_wall_times_hold_over_changes_of_the_clock(wall: str, moment: str) -> None:
    """A gap of the clock is passed over, an hour that comes twice counts once."""
    assert moved_to(wall, BERLIN).isoformat() == moment


def test_written_and_read() -> None:
    """A day stays a day; a moment comes back as the same moment."""
    assert read(written(date(2026, 5, 1))) == date(2026, 5, 1)
    assert read(written(datetime(2026, 5, 1, 8, tzinfo=NAIROBI))) == datetime(
        2026, 5, 1, 5, tzinfo=UTC
    )


def mood(**about: object) -> Mood:
    """Return somebody in Nairobi whom nothing keeps from answering."""
    return Mood(Clock(NAIROBI, Courtesy(Hours(time(8), time(20)), 2, 5, 7)), **about)  # type: ignore[arg-type]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("somebody", "late", "said"),
    [
        (mood(), timedelta(0), Now()),
        (mood(stopped=True), timedelta(0), Drop("stopped")),
        (mood(), timedelta(days=8), Drop("too late")),
        (mood(paused_until=NOW + DAY), timedelta(0), Wait(NOW + DAY, "paused")),
        (
            mood(at_work=NOW - timedelta(minutes=10)),
            timedelta(0),
            Wait(NOW + timedelta(minutes=20), "at a form"),
        ),
        (mood(at_work=NOW - DAY), timedelta(0), Now()),
        (
            mood(asked_at=(NOW - timedelta(hours=3), NOW - timedelta(hours=1))),
            timedelta(0),
            Wait(NOW + timedelta(hours=21), "asked enough"),
        ),
    ],
)
def test_whether_it_is_the_time(somebody: Mood, late: timedelta, said: object) -> None:
    """Nobody is asked at night, in the middle of a form, too often, too late, or against a word."""
    assert verdict(NOW - late, NOW, somebody) == said


def test_never_at_night() -> None:
    """In the person's night it waits for their morning, whatever the hour of the server."""
    night = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    said = verdict(night, night, mood())
    assert isinstance(said, Wait)
    assert wall_of(said.until, NAIROBI).time() >= time(8)
