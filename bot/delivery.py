"""Rows of the outbox as calls to Telegram: filled with what the outbox does not hold.

The outbox names neither chats nor the ids of messages, and holds no files: the chat and the
message to change come with the row (a call that has a scope gets the chat there), the programme's
files from the shelf, and texts that are to be sent as files are made into them here. A file that
somebody sent is looked up when it goes out, so what was blacked out meanwhile does not.

Calls of one chat are made in order. Only what changes an older message goes beside what comes
after it: nobody waits for the keys of the last question to go away before the next one comes, or
the receipt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import takewhile
from typing import Any, Final, TypeAlias

from bot.calendars import Weeks, weeks_picture
from bot.maps import place_map
from bot.rendering import (
    FORM_MEDIA,
    GROUP_TOPIC,
    KEPT_FILE,
    PLACE_MAP,
    TEXT_FILE,
    WEEKS_PICTURE,
)
from bot.shelf import ALBUM, Filled, Shelf
from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError, Refused, TooMany
from conversations.areas import Area
from storage import attachments, outbox
from storage.errors import StorageError
from storage.files import Files
from storage.outbox import OutboxRow
from storage.store import Store

log = logging.getLogger(__name__)

Uploads: TypeAlias = Mapping[str, tuple[str, bytes]]
"""Names and bytes, by the parameter they stand in for."""

Outcome: TypeAlias = DeliveryError | int | None
"""What came of a call: what went wrong, else the message's id, None where there is none."""

SHA256_SIGNS: Final = 64
NOT_HERE: Final = "a file that somebody sent is not here any more"

_TO_FILL = (FORM_MEDIA, TEXT_FILE, KEPT_FILE, PLACE_MAP, WEEKS_PICTURE, GROUP_TOPIC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Makes calls over `telegram`, with files from `shelf`, and those of people from `kept`."""

    telegram: Telegram
    shelf: Shelf
    areas: Mapping[str, Area] = field(default_factory=dict)
    kept: Files | None = None

    async def outcomes(
        self, rows: Sequence[OutboxRow], is_ours: Callable[[OutboxRow], Awaitable[bool]]
    ) -> dict[int, Outcome]:
        """Make the calls of one chat until one fails, or is another process's to make.

        Return what came of those made, by row. Raise `StorageError` when the shelf cannot be asked.
        """
        ahead = _changes_ahead(rows)
        if not ahead:
            return await self._one_by_one(rows, is_ours)
        beside = asyncio.create_task(self._one_by_one(rows[:ahead], is_ours))
        try:
            await asyncio.sleep(0)  # It begins first, and mostly arrives first.
            made = await self._one_by_one(rows[ahead:], is_ours)
        finally:
            await asyncio.wait({beside})
        before = {} if beside.exception() else beside.result()
        return _together(rows[:ahead], before, rows[ahead:], made)

    async def _one_by_one(
        self, rows: Sequence[OutboxRow], is_ours: Callable[[OutboxRow], Awaitable[bool]]
    ) -> dict[int, Outcome]:
        made: dict[int, Outcome] = {}
        shown: dict[str, int] = {}
        for row in rows:
            if not await is_ours(row):
                break
            fresh = replace(row, message_id=shown[row.slot]) if row.slot in shown else row
            outcome = made[row.id] = await self.outcome(fresh)
            if isinstance(outcome, DeliveryError):
                break
            if outcome is not None:
                shown[row.slot] = outcome
        return made

    async def outcome(self, row: OutboxRow) -> Outcome:
        """Make the call; return what came of it.

        Raise `StorageError` when the shelf cannot be asked: nothing was sent then.
        """
        if changes(row) and row.message_id is None:
            return None  # What it would change was never shown.
        try:
            result = await self._call(row)
        except DeliveryError as error:
            return error
        except StorageError:
            raise
        except Exception:
            log.exception("Call %s cannot be made", row.method)
            return Refused("a mistake of ours, see the log")
        if not isinstance(result, dict):
            return None
        number: int | None = result.get("message_id", result.get("message_thread_id"))
        return number

    async def _call(self, row: OutboxRow) -> object:
        if _has_nothing_to_fill(row.params):
            return await self.telegram.call(row.method, _addressed(row, row.params))
        texts = {**_text_files(row.params), **await self._kept_files(row.params)}
        given = {name: value for name, value in row.params.items() if name not in texts}
        params = _addressed(row, given)
        await self._find_topic(row, params)
        filled = await self.shelf.fill(row.method, params)
        try:
            result = await self._sent(row.method, filled, texts)
        except Refused:
            if not filled.named:
                raise
            await self.shelf.forget(row.method, filled)
            filled = await self.shelf.fill(row.method, params)
            result = await self._sent(row.method, filled, texts)
        with suppress(StorageError):  # It is sent; another time the file is uploaded once more.
            await self.shelf.learn(row.method, filled, result)
        return result

    async def _find_topic(self, row: OutboxRow, params: dict[str, Any]) -> None:
        """Put the number of a topic where its slot is named; without one, it is General."""
        named = params.get("message_thread_id")
        if isinstance(named, str) and named.startswith(GROUP_TOPIC):
            slot = named.removeprefix(GROUP_TOPIC)
            async with self.shelf.store.reading() as reading:
                topic = await outbox.message_in(reading, row.contact_id, slot)
            del params["message_thread_id"]
            if topic:
                params["message_thread_id"] = topic

    async def _kept_files(self, params: Mapping[str, Any]) -> Uploads:
        """Fetch the files that somebody sent, and draw the maps, that a call shows."""
        found: dict[str, tuple[str, bytes]] = {}
        for member, value in params.items():
            if isinstance(value, str) and value.startswith(KEPT_FILE):
                named, _, name = value.removeprefix(KEPT_FILE).partition("\n")
                found[member] = (name, await self._read(named))
            elif isinstance(value, str) and value.startswith(PLACE_MAP):
                latitude, longitude = map(float, value.removeprefix(PLACE_MAP).split())
                drawn = partial(place_map, self.areas, (latitude, longitude))
                found[member] = ("map.png", await asyncio.to_thread(drawn))
            elif isinstance(value, str) and value.startswith(WEEKS_PICTURE):
                weeks = Weeks.from_json(value.removeprefix(WEEKS_PICTURE))
                found[member] = ("weeks.png", await asyncio.to_thread(weeks_picture, weeks))
        return found

    async def _read(self, named: str) -> bytes:
        if self.kept is None:
            raise Refused("files that people sent are not kept here")
        return await kept_content(self.shelf.store, self.kept, named)

    async def _sent(self, method: str, filled: Filled, texts: Uploads) -> object:
        return await self.telegram.call(method, filled.params, {**filled.files, **texts})


async def kept_content(store: Store, files: Files, named: str) -> bytes:
    """Read a file that somebody sent, by its number or its content, as it is now.

    By its number it is what was blacked out since; by its content it is there only while any file
    has that content. Raise `Refused` where it is not there.
    """
    async with store.reading() as reading:
        if named.isdecimal() and len(named) < SHA256_SIGNS:
            file = await attachments.by_id(reading, int(named))
            sha256 = file.sha256 if file else None
        else:
            sha256 = named if await attachments.is_content(reading, named) else None
    if sha256 is None:
        raise Refused(NOT_HERE)
    try:
        return await files.read(sha256)
    except FileNotFoundError:
        raise Refused(NOT_HERE) from None


def changes(row: OutboxRow) -> bool:
    """Tell whether a row changes a message that is there."""
    return row.method.startswith("editMessage")


def _changes_ahead(rows: Sequence[OutboxRow]) -> int:
    """Count the changes before all else; none where nothing comes after them."""
    ahead = sum(1 for _ in takewhile(changes, rows))
    return ahead if ahead < len(rows) else 0


def _together(
    ahead: Sequence[OutboxRow],
    before: Mapping[int, Outcome],
    rest: Sequence[OutboxRow],
    made: Mapping[int, Outcome],
) -> dict[int, Outcome]:
    """Put together what came of changes and of what was sent beside them.

    A change that failed counts as made where a newer message stands in its slot: tried again it
    would change that one, or hold up the next. Where both had to wait for Telegram, only the first
    complains, for a second complaint is taken for another chat's.
    """
    newer = {row.slot for row in rest if isinstance(made.get(row.id), int)}
    changed = {
        row.id: None if row.slot in newer else before[row.id]
        for row in ahead
        if row.slot in newer or row.id in before
    }
    waits = any(isinstance(outcome, TooMany) for outcome in changed.values())
    sent = {key: one for key, one in made.items() if not (waits and isinstance(one, TooMany))}
    return {**changed, **sent}


def _has_nothing_to_fill(params: Mapping[str, Any]) -> bool:
    """Tell whether parameters go out as they are; so most do."""
    marked = any(isinstance(one, str) and one.startswith(_TO_FILL) for one in params.values())
    return not marked and ALBUM not in params


def _addressed(row: OutboxRow, params: Mapping[str, Any]) -> dict[str, Any]:
    """Put in the chat, and the message to change."""
    if "scope" in params:
        return {**params, "scope": {**params["scope"], "chat_id": row.chat_id}}
    place = {"chat_id": row.chat_id}
    return (
        {**params, **place, "message_id": row.message_id} if changes(row) else {**params, **place}
    )


def _text_files(params: Mapping[str, Any]) -> Uploads:
    """Make the files whose text lies in the outbox itself."""
    found: dict[str, tuple[str, bytes]] = {}
    for member, value in params.items():
        if isinstance(value, str) and value.startswith(TEXT_FILE):
            name, _, text = value.removeprefix(TEXT_FILE).partition("\n")
            found[member] = (name, text.encode())
    return found
