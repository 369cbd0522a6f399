"""Every earlier release's data: brought up to this one, all there, and read by the program."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import attachments, consents, contacts, offers, outbox, roles, sessions, submissions
from storage.copying.rows import shapes
from storage.moments import from_kept
from storage.opening import open_store
from storage.steps import revisions
from storage.store import Store
from tests.player.postgres import new_database
from tests.storage.house import AMINA, KEY, PROGRAMME, REPORTER, ROWS, SESSION, furnish

NOW = from_kept(1_795_340_000_123_456) + timedelta(days=1)
AS_OF = {"edits": "0005", "roles": "0004", "offers": "0004"}
"""Since which revision there is what the test looks at."""


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """Return the URL of a database that has nothing in it yet."""
    if request.param == "sqlite":
        return database_url
    return await new_database(request.getfixturevalue("postgres"))


@pytest.mark.parametrize("revision", revisions())
async def test_brought_up(empty_url: str, revision: str) -> None:
    """What people left in a database of any release is there afterwards, and is understood."""
    await furnish(empty_url, revision)
    store = await open_store(empty_url, KEY)
    await _expect_all_rows(store, revision)
    await _expect_understood(store, revision)
    await store.close()


async def _expect_all_rows(store: Store, revision: str) -> None:
    async with store.reading() as reading:
        for shape in shapes():
            row = await reading.row(f"SELECT count(*) AS n FROM {shape.name}")  # noqa: S608 - our names.
            assert row is not None
            assert row["n"] in {len(ROWS[shape.name]), 0}, shape.name
            assert row["n"] or revision < revisions()[-1], shape.name


async def _expect_understood(store: Store, revision: str) -> None:
    async with store.unit() as unit:
        amina = await contacts.meet(unit, AMINA, NOW)
        assert (amina.id, amina.language) == (11, "sw")
        assert await sessions.current(unit, REPORTER, PROGRAMME) == SESSION
        assert await consents.standing(unit, REPORTER, PROGRAMME) == {"v1"}
        recent = await submissions.recent(unit, REPORTER, PROGRAMME, 9)
        assert {one.submission.instance_id for one in recent} >= {"uuid:2"}
        assert "👶" in recent[0].submission.xml
        files = await attachments.of_submission(unit, "uuid:2")
        assert [file.name for file in files] == ["p.jpg", "v.ogg"]
        (call,) = await outbox.claim(unit, "one", NOW, 9, 10)
        assert (call.id, call.chat_id, call.params) == (3, AMINA, {"text": "Asante"})
        await outbox.put(unit, amina.id, [outbox.Call("sendMessage", {"text": "x"})], NOW)
        row = await unit.row("SELECT max(id) AS id FROM outbox")
        assert row is not None
        assert row["id"] == 71, "a number is given twice"
        if revision >= AS_OF["roles"]:
            assert await roles.held(unit, PROGRAMME, amina.id) == {"coordinator"}
            (offer,) = await offers.of_programme(unit, PROGRAMME)
            assert not offer.is_open
        if revision >= AS_OF["edits"]:
            assert [one.edits for one in recent] == [1]
