"""Floods: one person cannot take the bot from the others, however many processes serve it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from bot.dispatch import Dispatch
from bot.floods import CALM, CHATS_KNOWN_MAX, QUIET, SEEN_MAX, Floods, judged
from bot.library import open_library
from bot.ticks import forget_old
from conversations.programme import Limits, Programme
from locales.locale import locale_of
from storage import floods, outbox
from storage.errors import StorageUnavailable
from storage.opening import open_store
from storage.programmes import load_programme
from storage.store import Store
from tests.bot.away import Away
from tests.end_to_end.crowd import write_programme

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AMINA, JUMA = 7_001, 7_002
KEY = b"a key of the tests, not a secret"
A_MINUTE = 20


def after(seconds: float) -> datetime:
    """Return a moment some seconds later."""
    return NOW + timedelta(seconds=seconds)


class TestBucket:
    """What a person may do within a minute, as a mapping."""

    @pytest.mark.parametrize(
        ("every_seconds", "taken"), [(0, 20), (1, 29), (2, 58), (3, 60), (60, 60)]
    )
    def test_pace(self, every_seconds: float, taken: int) -> None:
        """Who keeps to the pace is never told; who does not has a minute's worth at once."""
        flow, heard = QUIET, []
        for number in range(60):
            flow, verdict = judged(flow, after(number * every_seconds), A_MINUTE)
            heard.append(verdict)
            if verdict != "take":
                break
        assert heard.count("take") == taken

    def test_told_once_then_silence_until_calm(self) -> None:
        """A try during the silence prolongs it; after a pause there is room for half a minute."""
        some = Floods()
        said = [some.judge(AMINA, number, NOW, A_MINUTE) for number in range(30)]
        assert said == ["take"] * 20 + ["tell"] + ["ignore"] * 9
        seconds = CALM.total_seconds()
        assert some.judge(AMINA, 101, after(seconds - 1), A_MINUTE) == "ignore"
        assert some.judge(AMINA, 102, after(seconds + 1), A_MINUTE) == "ignore"
        assert some.judge(JUMA, 103, after(seconds + 1), A_MINUTE) == "take"
        calm = after(2 * seconds + 2)
        heard = [some.judge(AMINA, number, calm, A_MINUTE) for number in range(200, 212)]
        assert heard.count("take") >= 10

    def test_what_comes_again_counts_once(self) -> None:
        """However often an update comes again, in the flood or in the silence, it is one."""
        some = Floods()
        again = [some.judge(AMINA, 1, NOW, A_MINUTE) for _ in range(500)]
        assert set(again) == {"take"}
        for number in range(2, A_MINUTE + 2):
            some.judge(AMINA, number, NOW, A_MINUTE)
        late = after(CALM.total_seconds() - 1)
        assert {some.judge(AMINA, 2, late, A_MINUTE) for _ in range(9)} == {"take"}
        assert some.judge(AMINA, 900, after(CALM.total_seconds()), A_MINUTE) == "take"

    def test_memory_of_one_chat(self) -> None:
        """Of one chat, a bounded number of updates is remembered."""
        some = Floods()
        for number in range(3 * SEEN_MAX):
            some.judge(AMINA, number, NOW, A_MINUTE)
        assert len(some._chats[AMINA].seen) <= SEEN_MAX  # noqa: SLF001 - there is no other way to see it.

    def test_no_limit(self) -> None:
        """A programme may lift the limit."""
        some = Floods()
        assert {some.judge(AMINA, number, NOW, 0) for number in range(500)} == {"take"}

    def test_memory(self) -> None:
        """However many chats there are, a bounded number is remembered, the busy ones first."""
        some = Floods()
        for number in range(A_MINUTE + 1):
            some.judge(AMINA, number, NOW, A_MINUTE)
        for chat in range(3 * CHATS_KNOWN_MAX):
            some.judge(chat + 10_000, chat, after(chat / 5_000), A_MINUTE)
        assert len(some._chats) <= CHATS_KNOWN_MAX  # noqa: SLF001 - there is no other way to see it.


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    """Return a programme that takes twenty updates a minute of one person."""
    loaded = load_programme(write_programme(tmp_path / "springs"))
    return _limited(loaded)


def _limited(programme: Programme) -> Programme:
    from dataclasses import replace  # noqa: PLC0415 - here alone.

    return replace(programme, limits=Limits(updates_a_minute=A_MINUTE))


def word(update_id: int, chat_id: int, text: str = "/help") -> dict[str, Any]:
    """Return what a message looks like to the bot."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Amina"}
    chat = {"id": chat_id, "type": "private"}
    message = {"message_id": update_id, "date": 0, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


async def workers(store: Store, programme: Programme, number: int) -> list[Dispatch]:
    """Return several processes' dispatches; they share the database and nothing else."""
    library = await open_library(store, programme, NOW)
    return [Dispatch(store, library, locale_of, lambda: NOW, lambda: "1" * 32)] + [
        Dispatch(store, library, locale_of, lambda: NOW, lambda: "1" * 32)
        for _ in range(number - 1)
    ]


async def counted(store: Store, sql: str) -> int:
    """Return the one number that a statement finds."""
    async with store.reading() as reading:
        row = await reading.row(sql)
    assert row is not None
    return int(row["n"])


async def test_one_floods_and_others_are_heard(database_url: str, programme: Programme) -> None:
    """Of a flood, a minute's worth is taken and one word said; somebody else is answered."""
    store = await open_store(database_url, KEY)
    (dispatch,) = await workers(store, programme, 1)
    for number in range(200):
        await dispatch.take(word(number + 1, AMINA))
    taken = await counted(store, "SELECT count(*) AS n FROM updates")
    assert taken == A_MINUTE + 1
    told = "SELECT count(*) AS n FROM outbox WHERE params LIKE '%faster than%'"
    assert await counted(store, told) == 1
    await dispatch.take(word(900, JUMA))
    assert await counted(store, "SELECT count(*) AS n FROM updates") == taken + 1
    await store.close()


@pytest.mark.parametrize("number", [2, 4])
async def test_over_several_workers(postgres_url: str, programme: Programme, number: int) -> None:
    """Who writes to all workers at once gets a quarter more from each at most, and one word."""
    store = await open_store(postgres_url, KEY)
    turns = cycle(await workers(store, programme, number))
    for update_id, dispatch in enumerate(islice(turns, 300), start=1):
        await dispatch.take(word(update_id, AMINA))
    told = "SELECT count(*) AS n FROM outbox WHERE params LIKE '%faster than%'"
    assert await counted(store, told) == 1
    taken = await counted(store, "SELECT count(*) AS n FROM updates") - 1
    assert A_MINUTE <= taken <= A_MINUTE + number * A_MINUTE // 4
    await store.close()


async def test_nothing_is_written_for_the_calm(database_url: str, programme: Programme) -> None:
    """Who keeps to a person's pace leaves no trace of it; who did not leaves one for an hour."""
    store = await open_store(database_url, KEY)
    (dispatch,) = await workers(store, programme, 1)
    for number in range(A_MINUTE // 4 - 1):
        await dispatch.take(word(number + 1, AMINA))
    assert await counted(store, "SELECT count(*) AS n FROM floods") == 0
    for number in range(A_MINUTE):
        await dispatch.take(word(number + 100, AMINA))
    rows = await counted(store, "SELECT count(*) AS n FROM floods")
    assert rows == (0 if store.alone else 1)
    await forget_old(store, lambda: after(3_600))
    assert await counted(store, "SELECT count(*) AS n FROM floods") == 0
    await store.close()


async def test_a_redelivered_flood_is_not_answered_twice(
    database_url: str, programme: Programme
) -> None:
    """The same updates again, after the process died, bring no word a second time."""
    store = await open_store(database_url, KEY)
    for _ in range(2):
        (dispatch,) = await workers(store, programme, 1)
        for number in range(A_MINUTE + 1):
            await dispatch.take(word(number + 1, AMINA))
    told = "SELECT count(*) AS n FROM outbox WHERE params LIKE '%faster than%'"
    assert await counted(store, told) == 1
    await store.close()


async def test_what_was_taken_in_another_life_counts_no_more(
    database_url: str, programme: Programme
) -> None:
    """Whatever Telegram sends again after a crash leaves all the room there was."""
    store = await open_store(database_url, KEY)
    (before,) = await workers(store, programme, 1)
    for number in range(A_MINUTE):
        await before.take(word(number, AMINA))
    (after_a_crash,) = await workers(store, programme, 1)
    for number in range(A_MINUTE):
        await after_a_crash.take(word(number, AMINA))
    assert after_a_crash.floods.judge(AMINA, 900, NOW, 1) == "take"
    await store.close()


async def test_what_could_not_be_kept_counts_once(database_url: str, programme: Programme) -> None:
    """While the database is away an update comes again and again; that makes nobody too fast."""
    store = await open_store(database_url, KEY)
    away = Away(store)
    (dispatch,) = await workers(away, programme, 1)
    away.is_away = True
    for _ in range(3 * A_MINUTE):
        with pytest.raises(StorageUnavailable):
            await dispatch.take(word(1, AMINA))
    away.is_away = False
    for number in range(A_MINUTE):
        await dispatch.take(word(number, AMINA))
    told = "SELECT count(*) AS n FROM outbox WHERE params LIKE '%faster than%'"
    assert await counted(store, told) == 0
    assert await counted(store, "SELECT count(*) AS n FROM updates") == A_MINUTE
    await store.close()


async def test_shared_buckets_go_with_their_contact(
    database_url: str, programme: Programme
) -> None:
    """Whoever is forgotten leaves no bucket behind."""
    store = await open_store(database_url, KEY)
    (dispatch,) = await workers(store, programme, 1)
    await dispatch.take(word(1, AMINA))
    async with store.unit() as unit:
        (row,) = await outbox.claim(unit, "one", NOW, 1, 10)
        await floods.keep(unit, row.contact_id, QUIET)
        await unit.run("DELETE FROM contacts WHERE chat_id = $1", AMINA)
        assert await floods.current(unit, row.contact_id) is None
    await store.close()
