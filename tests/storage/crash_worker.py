"""The process that `test_crash.py` kills: keeps units as fast as it can and says which are kept."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from conversations.session import Session
from storage import contacts, outbox, sessions, updates
from storage.opening import open_store
from storage.outbox import Call
from storage.store import Store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AT_ONCE = 12


async def work(store: Store, person: int, update_ids: Iterator[int]) -> None:
    """Keep one turn after the other for one person; tell each update once it is kept."""
    reporter = store.reporter("mch", person)
    for update_id in update_ids:
        async with store.unit() as unit:
            assert await updates.first_sight(unit, update_id, NOW)
            contact = await contacts.meet(unit, person, NOW)
            await asyncio.sleep(0)
            before = await sessions.current(unit, reporter, "mch")
            step = before.step + 1 if before else 1
            session = Session(f"{person:032x}", "sw", "question", step=step)
            await sessions.keep(unit, reporter, "mch", session, NOW)
            call = Call("sendMessage", {"update": update_id, "person": person})
            await outbox.put(unit, contact.id, [call], NOW)
        print(update_id, flush=True)  # noqa: T201 - how the test hears of it.


async def main(database_url: str, first: int) -> None:
    """Open the store and work until killed."""
    store = await open_store(database_url, b"a key of the tests, not a secret")
    update_ids = itertools.count(first)
    print("ready", flush=True)  # noqa: T201 - how the test hears of it.
    await asyncio.gather(*(work(store, person, update_ids) for person in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
