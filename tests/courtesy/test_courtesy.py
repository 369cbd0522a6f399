"""When people are written to unasked: by their own clock, seldom, never at night."""

# ruff: noqa: DTZ001 - wall times have no zone.

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.courtesy import (
    ALL_DAY,
    SPREAD_MINUTES,
    Courtesy,
    Hours,
    allowed_from,
    is_stale,
    moment_of,
    wait_for_room,
    wall_of,
    zone_of,
)

NAIROBI, BERLIN, BOGOTA = (
    ZoneInfo(name) for name in ("Africa/Nairobi", "Europe/Berlin", "America/Bogota")
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAYTIME = Hours(time(8), time(20))

ZONES = st.sampled_from(
    ["Africa/Nairobi", "Europe/Berlin", "America/Bogota", "Australia/Lord_Howe", "Pacific/Apia",
     "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "America/Asuncion"]
).map(ZoneInfo)  # fmt: skip
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
HOURS = st.builds(Hours, TIMES, TIMES)


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),
        ("2026-03-29T03:00", "2026-03-29T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T03:00", "2026-10-25T02:00"),
    ],
)
def test_the_change_of_clocks(wall: str, utc: str) -> None:
    """A skipped wall time happens when the clock goes on; one that comes twice, the first time."""
    moment = moment_of(datetime.fromisoformat(wall), BERLIN)
    assert moment.isoformat(timespec="minutes") == f"{utc}+00:00"


def test_nine_in_the_morning_stays_nine() -> None:
    """The wall time holds over daylight saving."""
    for day in (1, 15, 29, 30):
        moment = moment_of(datetime(2026, 3, day, 9), BERLIN)
        assert wall_of(moment, BERLIN).time() == time(9)


@pytest.mark.parametrize(
    ("wall", "when"),
    [("07:00", "08:00"), ("08:00", "08:00"), ("19:59", "19:59"), ("20:00", "tomorrow 08:00")],
)
def test_at_night_it_waits_for_the_morning(wall: str, when: str) -> None:
    """What falls into the night is said when the morning's hours begin, where the person is."""
    moment = moment_of(datetime.combine(NOW.date(), time.fromisoformat(wall)), NAIROBI)
    found = wall_of(allowed_from(moment, NAIROBI, DAYTIME), NAIROBI)
    day = NOW.date() + timedelta(days="tomorrow" in when)
    assert found == datetime.combine(day, time.fromisoformat(when[-5:]))


def test_what_waited_is_spread() -> None:
    """A thousand that waited for the morning do not come in one minute, and each keeps its own."""
    night = moment_of(datetime(2026, 11, 22, 3), BOGOTA)
    found = [allowed_from(night, BOGOTA, DAYTIME, seed=str(number)) for number in range(1_000)]
    assert found == [allowed_from(night, BOGOTA, DAYTIME, seed=str(n)) for n in range(1_000)]
    minutes = {wall_of(at, BOGOTA).strftime("%H:%M") for at in found}
    assert len(minutes) == SPREAD_MINUTES
    assert min(minutes) == "08:00"


@given(MOMENTS, ZONES, HOURS, HOURS, st.text(max_size=3))
def test_it_is_never_early_and_never_at_night(
    moment: datetime, zone: ZoneInfo, hours: Hours, window: Hours, seed: str
) -> None:
    """Whatever the hours: not before its time, within the first hours, within two days."""
    found = allowed_from(moment, zone, hours, window, seed=seed)
    assert moment <= found <= moment + timedelta(days=3)
    assert wall_of(found, zone).time() in hours


def test_two_windows() -> None:
    """The programme's hours and a question's own both hold; where they never meet, the first do."""
    evening = Hours(time(18), time(22))
    found = allowed_from(moment_of(datetime(2026, 11, 22, 9), NAIROBI), NAIROBI, DAYTIME, evening)
    assert wall_of(found, NAIROBI) == datetime(2026, 11, 22, 18)
    night = Hours(time(22), time(23))
    found = allowed_from(moment_of(datetime(2026, 11, 22, 9), NAIROBI), NAIROBI, DAYTIME, night)
    assert wall_of(found, NAIROBI) == datetime(2026, 11, 22, 9)
    assert allowed_from(NOW, NAIROBI, ALL_DAY) == NOW


def test_caps() -> None:
    """Two a day and five a week are enough; then it waits until there is room."""
    courtesy = Courtesy(per_day=2, per_week=5)
    hours = [NOW - timedelta(hours=number) for number in (1, 5, 30, 60, 90, 120)]
    assert wait_for_room(NOW, tuple(hours[:1]), courtesy) is None
    assert wait_for_room(NOW, tuple(hours[:2]), courtesy) == hours[1] + timedelta(days=1)
    assert wait_for_room(NOW, tuple(hours[1:]), courtesy) == hours[5] + timedelta(days=7)
    assert wait_for_room(NOW, (NOW - timedelta(days=8),) * 9, courtesy) is None


def test_stale() -> None:
    """What is a week late is dropped."""
    assert is_stale(NOW - timedelta(days=8), NOW, Courtesy())
    assert not is_stale(NOW - timedelta(days=6), NOW, Courtesy())


def test_zones() -> None:
    """A zone nobody knows, or a path out of the folder of zones, gives the programme's."""
    for name in ("", "Mars/Olympus", "../../etc/passwd", "africa/nairobi"):
        assert zone_of(name, BOGOTA) == BOGOTA
