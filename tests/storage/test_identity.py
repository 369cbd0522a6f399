"""Identity apart from data: who takes the database alone cannot tell whose data they hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from storage import attachments, consents, contacts, outbox, sessions, submissions
from storage.migrate import migrate
from storage.opening import open_store
from storage.outbox import Call
from storage.schema import metadata
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
CHAT = 7_001_002_003
IDENTITY = {"contacts"}
OF_CONTACTS = {
    *("campaigns", "campaign_drafts", "campaign_taps", "campaign_waits"),
    *("benches", "contacts", "desks", "entrances", "floods", "groups", "outbox", "roles"),
    *("digests", "slots"),
}
RAW = {"dead_letters"}
"""Updates nobody understood are kept raw until an operator replays or drops them."""


async def tell_all(store: Store) -> None:
    """Let a person do everything that leaves a trace."""
    reporter = store.reporter("mch", CHAT)
    async with store.unit() as unit:
        contact = await contacts.meet(unit, CHAT, NOW)
        await consents.keep(unit, reporter, "mch", "v1", "sw", agreed=True, now=NOW)
        await sessions.keep(unit, reporter, "mch", Session("1" * 32, "sw", "question"), NOW)
        await attachments.expect(unit, "1" * 32, KeepAttachment("a", "f", "x/y", 1), NOW)
        kept = KeepSubmission("uuid:1", "birth", "1", "sw", "4T7K", "<data/>", ())
        await submissions.keep(unit, reporter, "mch", kept, NOW)
        calls = [Call("sendMessage", {"text": "x"}, "question")] * 2
        await outbox.put(unit, contact.id, calls, NOW)
        (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
        await outbox.sent(unit, row.id, 5)


async def cells(unit: Unit) -> list[tuple[str, str, object]]:
    """Return every value kept, with its table and column."""
    found: list[tuple[str, str, object]] = []
    for table in metadata.sorted_tables:
        for row in await unit.rows(f'SELECT * FROM "{table.name}"'):  # noqa: S608 - our names.
            found += [(table.name, column.name, row[column.name]) for column in table.columns]
    return found


def everything_beside(database: Path) -> bytes:
    """Return the bytes of the database and of whatever SQLite left beside it."""
    return b"".join(path.read_bytes() for path in database.parent.iterdir())


def test_columns() -> None:
    """No table but contacts has a column for a chat, a user, a phone or a name of a person."""
    words = ("chat", "user", "phone", "first_name", "last_name", "telegram")
    for table in metadata.sorted_tables:
        for column in table.columns:
            named = any(word in column.name for word in words)
            assert not named or table.name in IDENTITY, f"{table.name}.{column.name}"


def test_two_worlds() -> None:
    """No table holds a contact and a reporter, and no key leads from one world to the other."""
    for table in metadata.sorted_tables:
        names = {column.name for column in table.columns}
        assert not ({"contact_id", "chat_id"} & names and {"reporter", "session_key"} & names)
        for key in table.foreign_keys:
            assert (table.name in OF_CONTACTS) == (key.column.table.name in OF_CONTACTS)


async def test_data(store: Store) -> None:
    """A chat id stands in contacts and nowhere else."""
    await tell_all(store)
    async with store.unit() as unit:
        holding = {table for table, _, value in await cells(unit) if str(CHAT) in str(value)}
    assert holding - RAW == IDENTITY


async def test_moments(store: Store) -> None:
    """No moment in the tables of contacts is found again in those of reporters."""
    await tell_all(store)
    async with store.unit() as unit:
        found = [
            (table in OF_CONTACTS, value)
            for table, column, value in await cells(unit)
            if column.endswith("_at") and value
        ]
    assert found
    of_contacts = {value for contacts_own, value in found if contacts_own}
    assert not of_contacts & {value for contacts_own, value in found if not contacts_own}


def test_exact_columns() -> None:
    """Every table that is meant to be there is there, so that none escapes these tests."""
    assert {table.name for table in metadata.sorted_tables} == {
        *OF_CONTACTS,
        *RAW,
        "assurances",
        *("audit", "case_acts", "cases", "clarifications", "flags", "measures", "precedents"),
        *("attachments", "consents", "due", "edits", "form_media", "forms", "leases", "links"),
        *("asks", "estimates", "offers", "reach", "reliabilities", "rests", "rounds", "sessions"),
        *("cards", "lessons", "figure_cases", "figure_flags"),
        *("count_asks", "count_checks", "count_rows", "counted"),
        "pictures",
        "sealed_files",
        "sealed_texts",
        "second_looks",
        "takeovers",
        *(
            "store_facts",
            "submissions",
            "subscriptions",
            "updates",
            "uploads",
            "workbooks",
            "written",
        ),
    }


async def test_erased_text_is_overwritten(database_url: str) -> None:
    """What was sent cannot be read out of the file afterwards."""
    await migrate(database_url)
    store = await open_store(database_url, b"a key of the tests, not a secret")
    secret = "Naserian-was-beaten " * 400
    async with store.unit() as unit:
        contact = await contacts.meet(unit, CHAT, NOW)
        await outbox.put(unit, contact.id, [Call("sendMessage", {"text": secret})], NOW)
        (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
    async with store.unit() as unit:
        await outbox.sent(unit, row.id, 5)
    await store.close()
    assert b"Naserian" not in everything_beside(Path(database_url.removeprefix("sqlite:///")))
