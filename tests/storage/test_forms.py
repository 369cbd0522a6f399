"""A form's every version is kept for the answers that were given to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from conversations.programme import Consent, Programme
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.reader import read_form
from storage import forms
from storage.store import Store
from storage.workbooks import convert

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def form(version: str, label: str = "What did you see?") -> Form:
    """Return a form with one question."""
    table = f"""| survey |
| | type | name | label |
| | text | what | {label} |

| settings |
| | form_id | form_title | version |
| | drains | Drains | {version} |
"""
    return read_form(convert(table.encode(), "drains.md").xform)


def programme(*served: Form) -> Programme:
    """Return a programme that serves these forms."""
    by_key = {(one.form_id, one.version): one for one in served}
    return Programme(
        name="town", title={}, about={}, help={}, languages=("en",), zone=ZoneInfo("UTC"),
        safety="normal", consent=Consent("1", {}), offered=tuple(by_key), forms=by_key,
    )  # fmt: skip


async def test_an_earlier_version_comes_back_but_is_not_offered(store: Store) -> None:
    """A session begun before the form changed finds its own version after a restart."""
    old, new = form("1"), form("2", "What do you see?")
    async with store.unit() as unit:
        assert await forms.keep(unit, "town", old, NOW)
        assert await forms.keep(unit, "town", new, NOW)
        assert await forms.keep(unit, "elsewhere", replace(new, version="3"), NOW)
    async with store.reading() as reading:
        known = await forms.with_earlier(reading, programme(new))
    assert set(known.forms) == {("drains", "1"), ("drains", "2")}
    assert known.forms["drains", "1"].source == old.source
    assert known.offered == (("drains", "2"),)


def with_flag(version: str, severity: str) -> Form:
    """Return the form with a sheet beside it."""
    sheet = {"flags": [{"name": "any", "relevant": "${what} != ''", "severity": severity}]}
    labelled = {"flags": [{**row, "label": "Any"} for row in sheet["flags"]]}
    return read_form(with_extras(form(version).source, labelled))


async def test_each_version_keeps_its_own_sheets(store: Store) -> None:
    """A report goes by what its form's workbook said when it was made, after a restart too."""
    old, new = with_flag("1", "low"), with_flag("2", "urgent")
    async with store.unit() as unit:
        await forms.keep(unit, "town", old, NOW)
        await forms.keep(unit, "town", new, NOW)
    async with store.reading() as reading:
        known = await forms.with_earlier(reading, programme(new))
    severities = {
        key[1]: sheets.flags[0].severity.name.lower() for key, sheets in known.sheets.items()
    }
    assert severities == {"1": "low", "2": "urgent"}


async def test_a_form_changed_under_its_version_is_noticed(store: Store) -> None:
    """Other questions under the same version are kept, and told of."""
    async with store.unit() as unit:
        assert await forms.keep(unit, "town", form("1"), NOW)
        assert await forms.keep(unit, "town", form("1"), NOW)
        assert not await forms.keep(unit, "town", form("1", "Changed"), NOW)
        assert await forms.keep(unit, "town", form("1", "Changed"), NOW)


async def test_a_version_that_cannot_be_read_is_left_out(store: Store) -> None:
    """One broken form does not keep the bot from starting."""
    async with store.unit() as unit:
        await forms.keep(unit, "town", replace(form("0"), version="0", source="<broken"), NOW)
    async with store.reading() as reading:
        known = await forms.with_earlier(reading, programme(form("1")))
    assert set(known.forms) == {("drains", "1")}
