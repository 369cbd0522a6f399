"""The moderators' group at Telegram's pace, and taps in it by whoever may not."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.billboard import Billboard
from bot.sender import Sender
from conversations.reviewing.cases import Case, ModeratorId
from conversations.sheets.flags import Severity
from locales.locale import locale_of
from storage import cases, contacts, groups
from storage.groups import Group
from tests.bot.test_aftermath import PROGRAMME
from tests.player.stage import Stage, stage
from tests.storage.test_cases import report

CASES = 30
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def played() -> AsyncIterator[Stage]:
    """Lend a bot with a group in its world."""
    with tempfile.TemporaryDirectory() as folder:
        async with stage(PROGRAMME, Path(folder)) as found:
            yield found


async def open_cases(played: Stage, count: int) -> None:
    """Let so many urgent cases wait."""
    now, name = played.world.now(), PROGRAMME.name
    for number in range(1, count + 1):
        await report(played.store, number)
        case = Case(f"uuid:{number}", "birth", "sw", now, Severity.URGENT)
        async with played.store.unit() as unit:
            assert await cases.open_(unit, name, case, now + timedelta(seconds=number))


async def link(played: Stage) -> int:
    """Make a group the programme's, as a coordinator does; return its chat."""
    chat = played.world.add_group("Moderators", [played.world.add_person("Amina")], topics=True)
    async with played.store.unit() as unit:
        contact = await contacts.meet(unit, chat, played.world.now())
        group = Group(contact.id, Severity.URGENT, is_forum=True, linked_by=ModeratorId(1))
        await groups.link(unit, PROGRAMME.name, group, played.world.now())
    return chat


async def test_a_group_gets_no_more_than_twenty_messages_a_minute(played: Stage) -> None:
    """Thirty urgent cases at once come one after the other, each once, and changes wait with them.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """
    await open_cases(played, CASES)
    chat = await link(played)
    board = Billboard(played.store, played.library, locale_of, played.world.now)
    sender = Sender(played.store, played.telegram, PROGRAMME, played.world.now, "one")
    for number in range(60):
        await board.round()
        await sender.drain()
        if number == 5:
            await _touch_all(played)
        played.world.advance(5)
    made = [
        call for call in played.world.calls() if str(call["parameters"].get("chat_id")) == str(chat)
    ]
    moments = [datetime.fromisoformat(call["at"]) for call in made]
    for first in moments:
        assert sum(first <= at < first + MINUTE for at in moments) <= 20
    assert sum(call["method"] == "sendMessage" for call in made) == CASES
    assert sum(call["method"] == "createForumTopic" for call in made) == 1
    assert all(call["ok"] for call in made)


async def _touch_all(played: Stage) -> None:
    """Change each case three times: the card tells of it once."""
    for number in range(1, CASES + 1):
        async with played.store.unit() as unit:
            case = await cases.of(unit, f"uuid:{number}")
            assert case is not None
            for _ in range(3):
                later = replace(case, version=case.version + 1, escalated=True)
                assert await cases.keep(
                    unit, PROGRAMME.name, later, played.world.now(), case.version
                )
                case = later
