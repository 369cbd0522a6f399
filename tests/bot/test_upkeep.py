"""What waits and what was set aside, seen and mended from the command line beside a running bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import upkeep
from bot.cli import main
from bot.settings import Settings
from bot.ticks import GIVEN_UP_FOR, SEEN_FOR, SET_ASIDE_FOR, forget_old
from bot.upkeep import NoSuchLetter
from conversations.programme import Programme
from conversations.replies import KeepSubmission
from storage import consents, contacts, heartbeat, leases, outbox, submissions, updates
from storage.opening import open_store
from storage.outbox import LIMITED, Call, Priority
from storage.programmes import load_programme
from storage.store import Store
from tests.end_to_end.crowd import write_programme
from tests.player.databases import lay

NOW = datetime.now(UTC)
AMINA = 7_001_002_003


@dataclass(frozen=True, slots=True)
class House:
    """A bot at work: its settings, its store, and the programme in its folder."""

    settings: Settings
    store: Store
    programme: Programme
    folder: Path

    async def put(self, chat_id: int, *calls: Call) -> None:
        """Put calls into the outbox."""
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat_id, NOW)
            await outbox.put(unit, contact.id, calls, NOW)

    async def claim_and(self, outcome: str, reason: str) -> None:
        """Put off or give up what is claimed next."""
        async with self.store.unit() as unit:
            (row,) = await outbox.claim(unit, "one", NOW, 1, 10)
            if outcome == "put off":
                await outbox.put_off(unit, "one", row.id, NOW + timedelta(hours=1), reason)
            else:
                await outbox.give_up(unit, row.id, reason)

    async def set_aside(self, update_id: int, **update: object) -> None:
        """Set an update aside, which was seen."""
        async with self.store.unit() as unit:
            await updates.first_sight(unit, update_id, NOW)
            raw = json.dumps({"update_id": update_id, **update})
            error = "a turn failed: KeyError('Amina said')"
            await updates.set_aside(unit, update_id, raw, error, NOW)

    async def count(self, table: str) -> int:
        """Count a table's rows."""
        async with self.store.reading() as reading:
            row = await reading.row(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - our names.
        assert row is not None
        return int(row["n"])

    def say(self, *words: str) -> str:
        """Run a command as an operator would, in its own process's place."""
        said = CliRunner().invoke(main, list(words), env={"BARAZA_DATA_DIR": str(self.folder)})
        assert said.exit_code == 0, said.output
        return said.output


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Lend a bot at work, which has the store to itself."""
    settings = Settings(data_dir=tmp_path, token=None, _env_file=None)
    lay(settings.store_url)
    store = await open_store(settings.store_url, settings.pseudonym_key())
    programme = load_programme(write_programme(tmp_path / "springs"))
    yield House(settings, store, programme, tmp_path)
    await store.close()


def start(chat_id: int) -> dict[str, object]:
    """Return what /start looks like to the bot."""
    return {
        "message": {
            "message_id": 1,
            "date": int(NOW.timestamp()),
            "chat": {"id": chat_id, "type": "private"},
            "from": {"id": chat_id, "is_bot": False, "first_name": "Amina"},
            "text": "/start",
        }
    }


TEXT = Call("sendMessage", {"text": "Hello Amina"})


async def test_the_backlog_says_what_waits_and_why(house: House) -> None:
    """What waits is counted by urgency and reason; Telegram's silence is said first."""
    await house.put(AMINA, TEXT)
    await house.claim_and("put off", "no connection")
    await house.put(AMINA + 1, TEXT, TEXT)
    await house.claim_and("give up", "Bad Request")
    await house.put(AMINA + 2, Call("sendMessage", {"text": "x"}, "", Priority.CAMPAIGN))
    async with house.store.unit() as unit:
        await leases.keep_silent(unit, NOW + timedelta(hours=1))
    view = await upkeep.outbox_view(house.settings, lambda: NOW)
    told = [
        (one.state, one.priority, one.reason, one.messages, one.put_off) for one in view.waiting
    ]
    assert told == [
        ("waiting", Priority.INTERACTIVE, "", 1, 0),
        ("waiting", Priority.INTERACTIVE, "no connection", 1, 1),
        ("waiting", Priority.CAMPAIGN, "", 1, 0),
        ("given up", Priority.INTERACTIVE, "Bad Request", 1, 0),
    ]
    assert view.waiting[0].oldest_at == NOW.replace(second=0, microsecond=0)
    assert view.waiting[3].oldest_at == NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    assert view.silent_until == NOW + timedelta(hours=1)
    assert [one.next_at for one in view.waiting if one.next_at] == [NOW + timedelta(hours=1)]


async def test_retry_hurries_failures_and_not_limits(house: House) -> None:
    """What a failure put off goes at once; what Telegram asked to wait for waits."""
    await house.put(AMINA, TEXT)
    await house.claim_and("put off", "no connection")
    await house.put(AMINA + 1, TEXT)
    await house.claim_and("put off", LIMITED)
    assert await upkeep.retry(house.settings, lambda: NOW) == 1
    async with house.store.unit() as unit:
        (row,) = await outbox.claim(unit, "one", NOW, 9, 10)
    assert row.chat_id == AMINA


async def test_a_dead_letter_is_replayed_once(house: House) -> None:
    """A replayed update is a turn like any other, although it was seen; the letter is gone."""
    await house.set_aside(5, **start(AMINA))
    assert await upkeep.replay(house.settings, house.programme, [5]) == {}
    assert await house.count("outbox") > 0
    assert await upkeep.dead_letters(house.settings) == []
    with pytest.raises(NoSuchLetter, match="no update 5"):
        await upkeep.replay(house.settings, house.programme, [5])


async def test_a_dead_letter_that_is_still_not_understood_stays(house: House) -> None:
    """What cannot be taken stays set aside; why is told without the person's words."""
    await house.set_aside(5, message={"text": "my secret"})
    await house.set_aside(6, **start(AMINA))
    failed = await upkeep.replay(house.settings, house.programme, [5, 6])
    assert failed.keys() == {5}
    assert "message.message_id" in failed[5]
    assert "secret" not in failed[5]
    assert [letter.update_id for letter in await upkeep.dead_letters(house.settings)] == [5]


async def test_dead_letters_are_dropped_all_or_none(house: House) -> None:
    """A wrong number drops nothing."""
    await house.set_aside(5)
    with pytest.raises(NoSuchLetter):
        await upkeep.drop(house.settings, [5, 6])
    assert len(await upkeep.dead_letters(house.settings, [5])) == 1
    await upkeep.drop(house.settings, [5])
    assert await upkeep.dead_letters(house.settings) == []


async def test_what_is_old_is_forgotten(house: House) -> None:
    """Each kind is kept as long as it is said, and no longer."""
    await house.put(AMINA, TEXT)
    await house.claim_and("give up", "Bad Request")
    await house.set_aside(5)
    moments = (SEEN_FOR, GIVEN_UP_FOR + timedelta(days=1), SET_ASIDE_FOR)
    left = []
    for kept_for in (timedelta(0), *moments):
        now = NOW + kept_for + timedelta(seconds=1)
        await forget_old(house.store, lambda now=now: now)  # type: ignore[misc]
        left.append([await house.count(name) for name in ("updates", "outbox", "dead_letters")])
    assert left == [[1, 1, 1], [0, 1, 1], [0, 0, 1], [0, 0, 0]]


def test_the_commands_name_nobody(tmp_path: Path) -> None:
    """The listings show neither who nor what; only --raw does, and retry says what it cannot.

    The commands run loops of their own, so this test has none.
    """

    async def prepare() -> House:
        settings = Settings(data_dir=tmp_path, token=None, _env_file=None)
        lay(settings.store_url)
        store = await open_store(settings.store_url, settings.pseudonym_key())
        house = House(settings, store, load_programme(write_programme(tmp_path / "s")), tmp_path)
        await house.put(AMINA, TEXT)
        await house.claim_and("give up", "Bad Request: nothing")
        await house.put(AMINA, TEXT)
        await house.set_aside(5, **start(AMINA))
        await store.close()
        return house

    async def report_of_springs(house: House) -> None:
        store = await open_store(house.settings.store_url, house.settings.pseudonym_key())
        reporter = store.reporter("springs", AMINA)
        sent = KeepSubmission("uuid:1", "springs", "1", "en", "R1", "<data/>", ())
        async with store.unit() as unit:
            await consents.keep(unit, reporter, "springs", "1", "en", True, NOW)  # noqa: FBT003
            await submissions.keep(unit, reporter, "springs", sent, NOW)
        await store.close()

    async def set_aside_again(house: House) -> None:
        store = await open_store(house.settings.store_url, house.settings.pseudonym_key())
        await replace(house, store=store).set_aside(5, **start(AMINA))
        await store.close()

    house = asyncio.run(prepare())
    told = house.say("outbox") + house.say("dead-letters")
    assert "waiting  replies  1" in told
    assert "given up  replies  1" in told
    assert "The bot does not run" in told
    assert "a turn failed: KeyError\n" in told
    assert "Amina" not in told
    assert str(AMINA) not in told
    assert "Their words were cleared" in house.say("outbox", "--retry")
    assert str(AMINA) in house.say("dead-letters", "--raw")
    programme = str(tmp_path / "s")
    asyncio.run(report_of_springs(house))
    refused = CliRunner().invoke(
        main, ["dead-letters", "--replay", "5"], env={"BARAZA_DATA_DIR": str(tmp_path)}
    )
    assert refused.exit_code == 1
    assert "1 report of springs" in refused.stderr
    assert "baraza dead-letters FOLDER --replay 5" in refused.stderr
    assert "5  taken" in house.say("dead-letters", programme, "--replay", "5")
    assert "Every update was understood" in house.say("dead-letters")
    asyncio.run(set_aside_again(house))
    assert "Dropped: 5" in house.say("dead-letters", "--drop", "5")
    assert "Every update was understood" in house.say("dead-letters")


async def test_a_bot_that_does_not_run_is_told(house: House) -> None:
    """What waits because nobody sends is said to wait for that."""
    assert (await upkeep.outbox_view(house.settings, lambda: NOW)).is_away, "it never ran"
    async with house.store.unit() as unit:
        await heartbeat.beat(unit, NOW)
        assert await leases.take(unit, leases.CHORES, "one", NOW, 90)
    assert not (await upkeep.outbox_view(house.settings, lambda: NOW)).is_away
    later = NOW + timedelta(minutes=3)
    assert (await upkeep.outbox_view(house.settings, lambda: later)).is_away, "it was killed"
    async with house.store.unit() as unit:
        await leases.give_back(unit, "one")
    assert (await upkeep.outbox_view(house.settings, lambda: NOW)).is_away, "it stopped"


async def test_what_is_no_update_is_not_replayed(house: House) -> None:
    """Junk that was posted to the webhook stays until it is dropped: nothing can come of it."""
    await house.set_aside(-5, posted="[1, 2]")
    failed = await upkeep.replay(house.settings, house.programme, [-5])
    assert "drop it" in failed[-5]
    assert len(await upkeep.dead_letters(house.settings)) == 1
