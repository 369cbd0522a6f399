"""What coordinators decided about a form stands through every restart."""

from __future__ import annotations

from datetime import UTC, datetime

from storage import figures, offers
from storage.offers import KeptWorkbook, Offer
from storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BOOK = KeptWorkbook("birth.xlsx", b"PK workbook", is_numbered=True)


async def test_the_newest_published_version_is_offered(store: Store) -> None:
    """Each publication takes the place of the one before; every workbook stays."""
    async with store.unit() as unit:
        for version in ("2", "3"):
            await offers.publish(unit, "mch", ("birth", version), BOOK, NOW)
    async with store.reading() as reading:
        assert await offers.of_programme(reading, "mch") == [Offer("birth", "3", is_open=True)]
        assert await offers.of_programme(reading, "elsewhere") == []
        assert await offers.workbook(reading, "mch", ("birth", "2")) == BOOK
        assert await offers.workbook(reading, "mch", ("birth", "4")) is None


async def test_open_and_closed_have_nothing_to_do_with_the_version(store: Store) -> None:
    """A closed form stays closed when a version is published; closing twice is closing once."""
    async with store.unit() as unit:
        await offers.close_form(unit, "mch", "birth")
        await offers.close_form(unit, "mch", "birth")
        assert await offers.of_programme(unit, "mch") == [Offer("birth", "", is_open=False)]
        await offers.publish(unit, "mch", ("birth", "2"), BOOK, NOW)
        assert await offers.of_programme(unit, "mch") == [Offer("birth", "2", is_open=False)]
        await offers.open_form(unit, "mch", "birth")
        assert await offers.of_programme(unit, "mch") == [Offer("birth", "2", is_open=True)]
        await offers.leave_to_folder(unit, "mch", "birth")
        assert await offers.of_programme(unit, "mch") == [Offer("birth", "", is_open=True)]


async def test_nothing_is_counted_where_nothing_is(store: Store) -> None:
    """A programme without reports has no figures."""
    async with store.reading() as reading:
        assert await figures.reports(reading, "mch") == {}
        assert await figures.under_way(reading, "mch") == {}
