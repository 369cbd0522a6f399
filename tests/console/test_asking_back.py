"""Reporters asked back from the console: in own words, or by one of the programme's questions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.desk import BASE
from storage import clarifications
from tests.console.seeding import Place, open_place
from tests.console.test_attacks import AMINA, browser, post, proof_of

QUESTIONS = {"street": {"en": "Which street is it?", "sw": "Ni mtaa gani?"}}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Lend a place with a report, and a programme with a prepared question."""
    opened = await open_place(tmp_path, questions=QUESTIONS)
    yield opened
    await opened.store.close()


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        ({"question": "street", "words": ""}, "Which street is it?"),
        ({"question": "street", "words": "Is it still so?"}, "Is it still so?"),
        ({"question": "", "words": ""}, None),
        ({"question": "nobody's", "words": ""}, None),
    ],
)
async def test_a_prepared_question_is_asked(
    place: Place, given: dict[str, str], heard: str | None
) -> None:
    """The reporter gets what was chosen; what was written comes first; nothing asks nothing."""
    case_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        assert "Which street is it?" in (await client.get(f"{BASE}/cases/{case_id}")).text
        proof = await proof_of(client, f"/cases/{case_id}")
        seen = (await place.case(case_id)).version
        await post(client, f"/cases/{case_id}", proof=proof, seen=seen, act="ask", **given)
    async with place.store.reading() as reading:
        asked = await clarifications.of_report(reading, case_id)
    assert [one.words for one in asked] == ([heard] if heard else [])
