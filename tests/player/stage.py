"""Plays a transcript with the real bot: simulator, HTTP, dispatch, SQLite on disk, sender.

Between any two turns everything goes through the database and back, for that is how the bot works.
"""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bot.app import fresh_key, simulator
from bot.dispatch import Dispatch
from bot.fetcher import Fetcher
from bot.intake import take_all
from bot.markup import visible
from bot.sender import Sender
from bot.simulator.parameters import Upload
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.updates import ALLOWED_UPDATES
from conversations.programme import Programme
from locales.locale import locale_of
from storage import consents, contacts, submissions
from storage.files import Files
from storage.migrate import migrate
from storage.opening import open_store
from storage.store import Store
from tests.player.notation import Entry

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))

PICTURE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////"
    "////////////////////////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAA"
    "AAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
"""A grey JPEG of 8 by 8 points."""

_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_LATER = re.compile(r"(\d+) (minute|hour|day|week)s? later")
_AGREED = re.compile(r"(\w+) has agreed, in ([\w-]+)")
_PHONE = re.compile(r"(\w+)'s phone speaks ([\w-]+)")
_ACT = re.compile(r"\((\w+)\s*([^)]*)\)\s*(.*)", re.DOTALL)
_SENT = {"sendPhoto": "photo", "sendAudio": "audio", "sendVideo": "video", "sendVoice": "voice"}
_FILES = {
    "photo": ("photo.jpg", "image/jpeg", PICTURE),
    "voice": ("voice.ogg", "audio/ogg", b"OggS a short sound"),
    "audio": ("audio.mp3", "audio/mpeg", b"ID3 a short sound"),
    "video": ("video.mp4", "video/mp4", b"\0\0\0\x18ftypmp42 a short film"),
    "document": ("paper.pdf", "application/pdf", b"%PDF-1.4 a paper"),
}


@dataclass(slots=True)
class Stage:
    """A bot with its world and people; `act` does what an entry says and returns the answer."""

    programme: Programme
    folder: Path
    world: World
    telegram: Telegram
    store: Store
    people: dict[str, int] = field(default_factory=dict)
    last_updates: list[dict[str, Any]] = field(default_factory=list)
    saved_ids: set[str] = field(default_factory=set)
    offset: int | None = None
    heard: int = 0

    async def act(self, entry: Entry) -> list[str]:
        """Do one entry and return the lines that answer it."""
        if entry.who:
            self._do(self._person(entry.who), entry.said)
            await self._take(await self._updates())
        else:
            await self._direct(entry.said)
        return [*self._bot_lines(entry.who), *await self._saved_lines()]

    async def _direct(self, said: str) -> None:
        if said == "restart":
            await self.store.close()
            self.store = await open_store(self._url, KEY)
            await self._take([])
        elif said == "again":
            await self._take(self.last_updates)
        elif later := _LATER.fullmatch(said):
            self.world.advance(int(later.group(1)) * _UNITS[later.group(2)])
            await self._take([])
        elif agreed := _AGREED.fullmatch(said):
            await self._agree(*agreed.groups())
        elif phone := _PHONE.fullmatch(said):
            self.world.rename(self._person(phone.group(1)), language_code=phone.group(2))
        else:
            raise AssertionError(f"no such directive: {said}")

    async def _agree(self, who: str, language: str) -> None:
        now, name = self.world.now(), self.programme.name
        reporter = self.store.reporter(name, self._person(who))
        version = self.programme.consent.version
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, self._person(who), now)
            await contacts.keep_language(unit, contact.id, language)
            await consents.keep(unit, reporter, name, version, language, True, now)  # noqa: FBT003

    def _person(self, who: str) -> int:
        if who not in self.people:
            self.people[who] = self.world.add_person(who.title(), "en", started=True)
        return self.people[who]

    def _do(self, chat: int, said: str) -> None:
        if said.startswith("[") and said.endswith("]"):
            self.world.tap(chat, self._message_with(chat, said[1:-1]), text=said[1:-1])
        elif act := _ACT.fullmatch(said):
            self._do_act(chat, *act.groups())
        else:
            self.world.write(chat, said)

    def _do_act(self, chat: int, act: str, about: str, words: str) -> None:
        if act == "location":
            latitude, longitude, *accuracy = (float(number) for number in about.split(","))
            self.world.share_place(chat, latitude, longitude, *accuracy)
        elif act in _FILES:
            name, media_type, content = _FILES[act]
            upload = Upload(about or name, media_type, content)
            self.world.send_media(chat, act, upload, words)  # type: ignore[arg-type] # checked above
        elif act == "sticker":
            self.world.send_sticker(chat)
        elif act == "contact":
            contact = {"phone_number": "+254700000000", "first_name": "Somebody"}
            self.world.send(chat, {"contact": contact})
        elif act == "forwarded":
            self.world.send(chat, {"text": words}, forward_of="Somebody")
        elif act == "edits":
            self.world.edit(chat, self._own_messages(chat)[-1], words)
        else:
            raise AssertionError(f"nobody can ({act})")

    def _message_with(self, chat: int, label: str) -> int:
        for message in reversed(self.world.view(chat)["messages"]):
            for row in message.get("inline_keyboard") or []:
                if any(button["text"] == label for button in row):
                    return int(message["message_id"])
        raise AssertionError(f"no message has a button [{label}]")

    def _own_messages(self, chat: int) -> list[int]:
        messages = self.world.view(chat)["messages"]
        return [m["message_id"] for m in messages if m["from"] == "person"]

    async def _updates(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.telegram.call(
            "getUpdates",
            {"offset": self.offset or 0, "timeout": 0, "allowed_updates": list(ALLOWED_UPDATES)},
        )
        self.offset = max((update["update_id"] + 1 for update in found), default=self.offset)
        self.last_updates = found or self.last_updates
        return found

    async def _take(self, found: list[dict[str, Any]]) -> None:
        now = self.world.now
        dispatch = Dispatch(self.store, self.programme, locale_of, now, fresh_key)
        await take_all(self.telegram, dispatch, found)
        await Sender(self.store, self.telegram, self.programme, now).drain()
        await Fetcher(self.store, Files(self.folder), self.telegram, now).fetch_waiting()

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder / 'baraza.db'}"

    def _bot_lines(self, who: str) -> Iterator[str]:
        calls = [call for call in self.world.calls() if call["number"] > self.heard]
        self.heard = max((call["number"] for call in calls), default=self.heard)
        for call in calls:
            yield from self._call_lines(call, who)

    def _call_lines(self, call: dict[str, Any], who: str) -> Iterator[str]:
        method, params = call["method"], call["parameters"]
        if not call["ok"]:
            yield f"  bot FAILED {method}: {call['description']}"
        elif method == "answerCallbackQuery" and params.get("text"):
            yield f"  bot toast: {params['text']}"
        elif method == "sendMessage":
            yield from _message_lines(self._to(who, params), params)
        elif method == "editMessageText":
            yield from _message_lines("  bot edits: ", params)
        elif method == "editMessageReplyMarkup":
            yield from _message_lines("  bot edits: ", {**params, "text": "(the buttons)"})
        elif method in _SENT:
            yield f"  bot: ({_SENT[method]})"

    def _to(self, who: str, params: dict[str, Any]) -> str:
        names = {str(chat): name for name, chat in self.people.items()}
        name = names[str(params["chat_id"])]
        return "  bot: " if name == who or len(names) == 1 else f"  bot to {name}: "

    async def _saved_lines(self) -> list[str]:
        async with self.store.reading() as reading:
            found = await submissions.of_programme(reading, self.programme.name)
        fresh = [one for one in found if one.instance_id not in self.saved_ids]
        self.saved_ids |= {one.instance_id for one in fresh}
        return [f"saved: {one.form_id} {_answers(one.xml)}".rstrip() for one in fresh]


@asynccontextmanager
async def stage(programme: Programme, folder: Path) -> AsyncIterator[Stage]:
    """Set a stage for one chat, with nobody in it."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        url = f"sqlite:///{folder / 'baraza.db'}"
        await migrate(url)
        played = Stage(programme, folder, world, telegram, await open_store(url, KEY))
        try:
            yield played
        finally:
            await played.store.close()


def _message_lines(first: str, params: dict[str, Any]) -> Iterator[str]:
    text = visible(params.get("text", "")).splitlines() or [""]
    yield (first + text[0]).rstrip()
    indent = " " * 7
    yield from ((indent + line).rstrip() for line in text[1:])
    markup = params.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", ()):
        yield indent + " ".join(f"[{button['text']}]" for button in row)
    for row in markup.get("keyboard", ()):
        yield indent + " ".join(f"<{key['text']}>" for key in row)


def _answers(xml: str) -> str:
    root = ET.fromstring(xml)  # noqa: S314 - our own XML, written a moment ago.
    return " ".join(
        f'{_local(node.tag)}="{node.text}"'
        if " " in node.text
        else f"{_local(node.tag)}={node.text}"
        for node in root.iter()
        if node.text and node.text.strip() and not len(node) and _local(node.tag) not in _UNSTABLE
    )


_UNSTABLE = frozenset({"instanceID", "start", "end", "deviceid"})


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
