"""Every transcript once more, disturbed after each turn: it must end in the same reports.

What a person did is delivered twice, taps come a second time under another number (as from a phone
that was out of reach), and the bot ends and begins again. What is said meanwhile may differ; what
is kept may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.player.notation import Chat, Entry, read_transcript
from tests.player.plugin import programme_of
from tests.player.stage import IMPOSSIBLE, Stage, quick_folder, stage

TRANSCRIPTS = Path(__file__).parents[1] / "transcripts"
CHATS = [
    pytest.param(chat, id=f"{path.stem}-{chat.first_line}")
    for path in sorted(TRANSCRIPTS.glob("*.md"))
    for chat in read_transcript(path)
]
NUMBER_FIRST = 2**40
"""Above all numbers of updates in a transcript."""

COUNTED = "updates a minute"
"""Where all that comes is counted, once is not the same as twice."""

_FILE = re.compile(r"\b[0-9a-f]{8}-\d+(\.\w+)\b")
"""Files are named after the session's key and step, which the disturbances move on."""

_RECEIPT = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
"""Receipts come of sessions' keys, of which the disturbances use some up."""


@pytest.mark.parametrize("chat", CHATS)
async def test_disturbed_after_each_turn(chat: Chat) -> None:
    """Restarts, redeliveries and doubled taps change no report, bring none and take none."""
    with quick_folder() as folder:
        programme = programme_of(chat, Path(folder))
        async with stage(programme, Path(folder), chat.workbooks) as played:
            counts = any(COUNTED in entry.said for entry in chat.entries)
            numbers = None if counts else count(NUMBER_FIRST)
            turns = [await _turn(played, entry, numbers) for entry in chat.entries]
    assert _saved(turns) == _saved([entry.answers for entry in chat.entries])


async def _turn(played: Stage, entry: Entry, numbers: count[int] | None) -> list[str]:
    """Do one entry, disturb, and return what was kept; taps are repeated under new `numbers`."""
    lines = await played.act(entry)
    assert not any(line.startswith(IMPOSSIBLE) for line in lines), lines
    if entry.who:
        lines += await _repeated(played, numbers) if numbers else []
        lines += await _direct(played, "restart")
    return lines


async def _direct(played: Stage, said: str) -> list[str]:
    return await played.act(Entry(0, [], "", said))


async def _repeated(played: Stage, numbers: count[int]) -> list[str]:
    """Let the last updates arrive once more, and with them the taps among them as taps anew."""
    sent = played.last_updates
    taps = [_anew(one, numbers) for one in sent if "callback_query" in one]
    played.last_updates = [*sent, *taps]
    lines = await _direct(played, "again")
    played.last_updates = sent
    return lines


def _anew(update: dict[str, Any], numbers: count[int]) -> dict[str, Any]:
    return {**update, "update_id": next(numbers)}


def _saved(turns: Iterable[Iterable[str]]) -> list[list[str]]:
    """Return the reports of each turn, the receipts of earlier ones by when people heard them."""
    heard: dict[str, int] = {}

    def receipt(found: re.Match[str]) -> str:
        return f"receipt {heard.setdefault(found[0], len(heard))}"

    def plain(line: str) -> str:
        return _FILE.sub(r"file\1", _RECEIPT.sub(receipt, line))

    said = [[plain(line) for line in lines] for lines in turns]
    return [[line for line in lines if line.startswith("saved:")] for lines in said]
