"""Amina, alone in her world: she has told of a pregnancy, and is to be asked each month."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from storage.opening import open_store
from tests.followups.year import BEGINNING, Somebody, Year

AMINA = 1_000
LATER = BEGINNING + timedelta(weeks=4, hours=1)
"""When the monthly question is due, in the middle of Amina's day."""


@asynccontextmanager
async def amina_at(url: str) -> AsyncIterator[Year]:
    """Lend a world in which Amina has told of a pregnancy, and agreed to nothing else."""
    store = await open_store(url, b"a key of the tests, not a secret")
    people = {AMINA: Somebody(AMINA, "Africa/Nairobi", [], 0)}
    made = Year(store, people, random.Random(1))  # noqa: S311 - no secret is made of it.
    await made.settle_in()
    await made.write(AMINA, "/start", "2027-09-01", "No", "Send ✓")
    await made._sent()  # noqa: SLF001 - what was said until now is no question.
    yield made
    await store.close()


async def became(year: Year) -> list[tuple[str, str]]:
    """Say what became of the monthly question."""
    async with year.store.reading() as reading:
        sql = "SELECT state, reason FROM due WHERE name = $1 AND kind = 'followup'"
        rows = await reading.rows(sql, "report:monthly")
    return [(row["state"], row["reason"]) for row in rows]
