"""What a coordinator writes to many people: when it goes, how long it may be, who fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conversations.campaigning.audience import Audience, Recipient, belongs, moment_for
from conversations.campaigning.moments import moment_written
from conversations.courtesy import Courtesy
from conversations.phrases import Phrase
from locales.locale import locales_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("text", "language", "moment"),
    [
        ("15:30", "en", "2026-11-23T12:30"),
        ("tomorrow 10:00", "en", "2026-11-24T07:00"),
        ("10:00 tomorrow", "en", "2026-11-24T07:00"),
        ("1 December, 8 am", "en", "2026-12-01T05:00"),
        ("kesho saa nne asubuhi", "sw", "2026-11-24T07:00"),
        ("mañana 14:00", "es", "2026-11-24T11:00"),
    ],
)
def test_moments(text: str, language: str, moment: str) -> None:
    """A day and a time are read in the coordinator's language and the programme's zone."""
    read = moment_written(text, locales_of({})(language), NAIROBI, NOW)
    assert read == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday 10:00", "11:59 am", "soon", "", "1 March 2031 10:00"])
def test_no_moments(text: str) -> None:
    """What is over, no time, or more than a year ahead is refused with a reason."""
    assert isinstance(moment_written(text, locales_of({})("en"), NAIROBI, NOW), Phrase)


@pytest.mark.parametrize(
    ("recipient", "audience", "fits"),
    [
        (Recipient("en", frozenset({"1"})), Audience(), True),
        (Recipient("", frozenset({"1"})), Audience(), False),
        (Recipient("en"), Audience(), False),
        (Recipient("en", frozenset({"0"})), Audience(), False),
        (Recipient("en", frozenset({"0"})), Audience(agreed="any"), True),
        (Recipient("en", frozenset({"1"}), area="a"), Audience(areas=("b",)), False),
        (Recipient("en", frozenset({"1"}), stopped=True), Audience(), False),
        (Recipient("en", frozenset({"1"}), topics={"news": None}), Audience(), False),
        (Recipient("en", frozenset({"1"})), Audience(topic="results"), False),
        (Recipient("en", frozenset({"1"}), reported_at=NOW), Audience(reported="no"), False),
        (
            Recipient("en", frozenset({"1"}), reported_at=NOW - timedelta(days=40)),
            Audience(reported="no", days=30),
            True,
        ),
    ],
)
def test_audiences(recipient: Recipient, audience: Audience, fits: bool) -> None:  # noqa: FBT001 - a table's column.
    """Each condition leaves out whom it should, and consent always counts."""
    assert belongs(recipient, audience, "1", NOW) is fits


def test_hours() -> None:
    """Who sleeps is written to in the morning of their own zone; a pause of weeks is too long."""
    tokyo = Recipient("en", zone="Asia/Tokyo")
    at = moment_for(tokyo, Courtesy(), NAIROBI, NOW + timedelta(hours=4), "seed", NOW)
    assert at is not None
    assert 8 <= at.astimezone(ZoneInfo("Asia/Tokyo")).hour < 10
    paused = Recipient("en", paused_until=NOW + timedelta(days=30))
    assert moment_for(paused, Courtesy(), NAIROBI, NOW, "seed", NOW) is None
    busy = Recipient("en", busy_at=NOW - timedelta(minutes=5))
    assert moment_for(busy, Courtesy(), NAIROBI, NOW, "seed", NOW) == NOW + timedelta(minutes=15)
