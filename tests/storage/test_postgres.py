"""PostgreSQL alone: opening, migrating, many processes at once, a server that goes away."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import asyncpg
import pytest
from alembic import command

from storage import contacts, outbox, updates
from storage.errors import DatabaseRefused, NotMigrated, StorageUnavailable, TooNew, WrongKey
from storage.location import expect_address
from storage.migrate import migrate
from storage.opening import open_readable, open_store
from storage.outbox import Call
from storage.postgres_migration import transaction_on
from storage.steps import config_on
from storage.store import Store

KEY = b"a key of the tests, not a secret"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PEOPLE, MESSAGES = 30, 4


async def said(url: str, sql: str) -> None:
    """Say something to a database beside the store."""
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


class TestOpening:
    """Every refusal is one line that says what to do."""

    async def test_no_server(self) -> None:
        """A server that is not there is named without the password."""
        url = "postgresql://amina:secret@127.0.0.1:1/reports"
        for refused in (open_store(url, KEY), migrate(url), open_readable(url)):
            with pytest.raises(DatabaseRefused, match=r"reports on 127\.0\.0\.1") as told:
                await refused
            assert "secret" not in str(told.value)

    @pytest.mark.parametrize("password", ["se/cret", "se#cret", "se?cret", "se[cret", "se/cr@t"])
    async def test_a_password_that_takes_the_url_apart(self, password: str) -> None:
        """A password that would have to be written otherwise is said to be so, and not shown."""
        url = f"postgresql://amina:{password}@127.0.0.1:1/reports"
        for refused in (open_store(url, KEY), migrate(url), open_readable(url)):
            with pytest.raises(DatabaseRefused, match="cannot be taken apart") as told:
                await refused
            assert "cr" not in str(told.value)

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://amina:s%2Fcret@[::1]:5432/reports",
            "postgresql://a:b@one.example:5432,two.example:5433/reports?target_session_attrs=any",
            "postgresql:///reports?host=/var/run/postgresql&user=a&password=p@ss",
            "postgres://localhost",
        ],
    )
    def test_every_way_to_name_a_server(self, url: str) -> None:
        """Several servers, sockets and addresses of any kind are taken as they are."""
        expect_address(url)

    async def test_no_tables(self, postgres_url: str) -> None:
        """A database that was never migrated says what to run."""
        await said(postgres_url, "DROP TABLE alembic_version")
        with pytest.raises(NotMigrated, match="run `baraza migrate`"):
            await open_store(postgres_url, KEY)

    async def test_too_new(self, postgres_url: str) -> None:
        """A database of a later release is left alone."""
        await said(postgres_url, "UPDATE alembic_version SET version_num = '9999'")
        for refused in (open_store(postgres_url, KEY), migrate(postgres_url)):
            with pytest.raises(TooNew, match="install that version"):
                await refused

    async def test_other_key(self, postgres_url: str) -> None:
        """The first key becomes the database's own, and another is refused."""
        await (await open_store(postgres_url, KEY)).close()
        with pytest.raises(WrongKey, match="Put back"):
            await open_store(postgres_url, KEY[::-1])


class TestMigrations:
    """The same steps as on SQLite make the tables that `storage.schema` says."""

    async def test_nothing_left_to_do(self, postgres_url: str) -> None:
        """Alembic finds no difference between migrations and metadata."""
        async with transaction_on(postgres_url) as connection:
            await connection.run_sync(lambda raw: command.check(config_on(raw)))

    async def test_many_at_once(self, postgres_url: str) -> None:
        """Workers that start together do not stumble over each other's migration."""
        await said(postgres_url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await asyncio.gather(*(migrate(postgres_url) for _ in range(4)))
        await (await open_store(postgres_url, KEY)).close()


def test_a_failed_connection_is_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """The driver's pool says that and why a connection failed, and not in which of its lines."""
    try:
        raise ConnectionRefusedError
    except ConnectionRefusedError:
        logging.getLogger("asyncpg.pool").warning("It failed; retrying", exc_info=True)
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info) == (
        "It failed; retrying: ConnectionRefusedError",
        None,
    )


class TestManyProcesses:
    """Several workers on one database do each thing once."""

    async def test_an_update_counts_once(self, postgres_url: str) -> None:
        """Of two workers that get the same update at once, one takes it."""
        one, two = [await open_store(postgres_url, KEY) for _ in range(2)]

        async def taken(store: Store, update_id: int) -> bool:
            async with store.unit() as unit:
                return await updates.first_sight(unit, update_id, NOW)

        for update_id in range(20):
            both = await asyncio.gather(taken(one, update_id), taken(two, update_id))
            assert sorted(both) == [False, True]
        await one.close()
        await two.close()

    async def test_a_person_waits_for_themselves(self, postgres_url: str) -> None:
        """Two turns of one person, in two workers, come one after the other."""
        one, two = [await open_store(postgres_url, KEY) for _ in range(2)]
        heard: list[str] = []

        async def turn(store: Store, name: str) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, 7, NOW)
                heard.append(f"{name} begins")
                await asyncio.sleep(0.05)
                heard.append(f"{name} ends")

        await turn(one, "before")
        heard.clear()
        await asyncio.gather(turn(one, "one"), turn(two, "two"))
        assert [words.split()[1] for words in heard] == ["begins", "ends"] * 2
        await one.close()
        await two.close()

    async def test_claimed_once_and_in_order(self, postgres_url: str) -> None:
        """What waits is handed to one worker only, each chat's messages in their order."""
        stores = [await open_store(postgres_url, KEY) for _ in range(3)]
        async with stores[0].unit() as unit:
            for chat_id in range(PEOPLE):
                contact = await contacts.meet(unit, chat_id, NOW)
                calls = [Call("sendMessage", {"text": str(n)}) for n in range(MESSAGES)]
                await outbox.put(unit, contact.id, calls, NOW)
        told: list[tuple[int, str]] = []
        await asyncio.gather(*(_send_all(store, told) for store in stores))
        assert sorted(told) == [(c, str(n)) for c in range(PEOPLE) for n in range(MESSAGES)]
        for chat_id in range(PEOPLE):
            assert [text for chat, text in told if chat == chat_id] == list("0123")
        for store in stores:
            await store.close()


async def _send_all(store: Store, told: list[tuple[int, str]]) -> None:
    """Claim and take out until nothing waits."""
    while True:
        async with store.unit() as unit:
            rows = await outbox.claim(unit, "one", NOW, 5, 60)
        told.extend((row.chat_id, row.params["text"]) for row in rows)
        for row in rows:
            async with store.unit() as unit:
                await outbox.sent(unit, row.id, None)
        async with store.reading() as reading:
            if not rows and not await outbox.depths(reading):
                return


async def test_connections_cut(postgres_url: str) -> None:
    """A unit whose connection is cut keeps nothing and says so; the next one works."""
    store = await open_store(postgres_url, KEY)
    with pytest.raises(StorageUnavailable, match="does not answer"):
        await _meet_while_cut(store, postgres_url)
    async with store.unit() as unit:
        assert await contacts.by_chat(unit, 7) is None
        await contacts.meet(unit, 7, NOW)
    await store.close()


async def _meet_while_cut(store: Store, url: str) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'baraza'"
    async with store.unit() as unit:
        await contacts.meet(unit, 7, NOW)
        await said(url, f"{cut} AND datname = current_database()")
        await contacts.meet(unit, 8, NOW)


async def test_an_error_of_the_block_stays_its_own(postgres_url: str) -> None:
    """What goes wrong inside a unit for other reasons is not taken for the database's."""
    store = await open_store(postgres_url, KEY)
    with pytest.raises(FileNotFoundError):
        await _meet_and_miss_a_file(store)
    await store.close()


async def _meet_and_miss_a_file(store: Store) -> None:
    async with store.unit() as unit:
        await contacts.meet(unit, 7, NOW)
        raise FileNotFoundError
