"""What people do in a transcript: each act of the notation becomes what a Telegram app sends."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import eq
from typing import Any

from bot.simulator import people
from bot.simulator.files import FileKind
from bot.simulator.parameters import Upload
from bot.simulator.world import World
from tests.player.workbooks import workbook_from, zip_bomb

PICTURE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////"
    "////////////////////////////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAA"
    "AAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
"""A grey JPEG of 8 by 8 points."""

IN_GROUP = "(in the group) "

MEGABYTE = 1_000_000

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ACT = re.compile(r"\((\w+)\s*([^)]*)\)\s*(.*)", re.DOTALL)
_SIZE = re.compile(r"(\d+) MB")
_CONTENTS = {
    "image": PICTURE,
    "audio": b"OggS a short sound",
    "video": b"\0\0\0\x18ftypmp42 a short film",
    "application": b"%PDF-1.4 a paper",
}
_NAMES: dict[FileKind, str] = {
    "photo": "photo.jpg",
    "voice": "voice.ogg",
    "audio": "audio.ogg",
    "video": "video.mp4",
    "document": "paper.pdf",
}
_CARD = {"phone_number": "+254700000000", "first_name": "Somebody"}


class CannotDo(Exception):
    """What a transcript has somebody do cannot be done here."""


@dataclass(slots=True)
class Acts:
    """Does what people do in a world; remembers every keyboard, for those who tap too late."""

    world: World
    keyboards: dict[tuple[int, int], list[Any]] = field(default_factory=dict)
    albums: int = 0
    workbooks: dict[str, str] = field(default_factory=dict)
    says: Callable[[str, str], bool] = eq
    """Tells whether a button's label says what the transcript writes."""
    writes: Callable[[str], str] = str
    """What a person writes who means these words of the transcript."""

    def do(self, chat: int, said: str, group: int = 0) -> None:
        """Do one act, as `notation` describes them; `group` is the one that people may be in."""
        self._remember(chat)
        if said.startswith(IN_GROUP):
            self._in_group(chat, group, said.removeprefix(IN_GROUP))
        elif said.startswith("[") and said.endswith("]"):
            self._tap(chat, said[1:-1])
        elif act := _ACT.fullmatch(said):
            self._do(chat, *act.groups())
        else:
            self.world.write(chat, self.writes(said))

    def _in_group(self, who: int, group: int, said: str) -> None:
        if not (said.startswith("[") and said.endswith("]")):
            self.world.say(group, who, said)
            return
        for message in reversed(self.world.group_view(group)["messages"]):
            rows = message.get("inline_keyboard") or []
            if shown := self._shown(rows, said[1:-1]):
                self.world.tap_in(group, who, int(message["message_id"]), text=shown)
                return
        raise CannotDo(f"no message in the group has a button {said}")

    def _do(self, chat: int, act: str, about: str, words: str) -> None:
        match act:
            case "twice":
                self._tap(chat, words[1:-1])
                self._tap(chat, words[1:-1])
            case "late":
                self._tap_late(chat, words[1:-1])
            case "edits":
                self.world.edit(chat, self._own_message(chat, about), words)
            case number if number.isdecimal():
                self.world.write(chat, about * int(number))
            case _:
                self._send(chat, act, about, words)

    def _send(self, chat: int, act: str, about: str, words: str) -> None:
        match act:
            case "location":
                latitude, longitude, *accuracy = (float(number) for number in about.split(","))
                self.world.share_place(chat, latitude, longitude, *accuracy)
            case "live" | "venue":
                self.world.send(chat, _place(act, about, words))
            case "album":
                self._album(chat, int(about))
            case "workbook" | "bomb":
                self._workbooks(chat, about, words)
            case "photo" | "voice" | "audio" | "video" | "document":
                self.world.send_media(chat, act, _upload(act, about), words)
            case "sticker":
                self.world.send_sticker(chat)
            case "contact":
                self.world.send(chat, {"contact": _CARD})
            case "forwarded" if about:
                self._forward(chat, about, words)
            case "forwarded":
                self.world.send(chat, {"text": words}, forward_of="Somebody")
            case _:
                raise CannotDo(f"nobody can ({act})")

    def _workbooks(self, chat: int, names: str, words: str) -> None:
        for name in names.split() or [""]:
            self.world.send_media(chat, "document", self._workbook(name), words)

    def _workbook(self, name: str) -> Upload:
        """Make the workbook of a name, or, without one, a file that means harm."""
        content = workbook_from(self.workbooks[name]) if name else zip_bomb()
        return Upload(name or "bomb.xlsx", WORKBOOK_TYPE, content)

    def _tap(self, chat: int, label: str) -> None:
        for message in reversed(self.world.view(chat)["messages"]):
            rows = message.get("inline_keyboard") or []
            if shown := self._shown(rows, label):
                self.world.tap(chat, int(message["message_id"]), text=shown)
                return
        raise CannotDo(f"no message has a button [{label}]")

    def _shown(self, rows: list[Any], label: str) -> str:
        """Return how a button shows the label; blank where none does."""
        shown = (button["text"] for row in rows for button in row)
        return next((text for text in shown if self.says(text, label)), "")

    def _tap_late(self, chat: int, label: str) -> None:
        """Tap a button that is gone, as on a phone that the change has not reached yet."""
        for (owner, message_id), rows in reversed(self.keyboards.items()):
            there = self._shown(rows, label)
            message = self.world.chat(chat).messages[message_id] if owner == chat else None
            if message is None or message.inline_rows == rows or not there:
                continue
            now, message.markup = message.markup, {"inline_keyboard": rows}
            self.world.tap(chat, message_id, text=there)
            message.markup = now
            return
        raise CannotDo(f"no message ever had a button [{label}] that it has no more")

    def _remember(self, chat: int) -> None:
        for message in self.world.chat(chat).messages.values():
            if message.inline_rows:
                self.keyboards[chat, message.message_id] = message.inline_rows

    def _forward(self, chat: int, kind: str, words: str) -> None:
        """Send a file on that somebody else sent."""
        upload = _upload(kind, "")  # type: ignore[arg-type] # A transcript says which kinds.
        about = people.media_content(self.world.state, kind, upload, words, None)  # type: ignore[arg-type] # As above.
        self.world.send(chat, about, forward_of="Somebody")

    def _album(self, chat: int, count: int) -> None:
        self.albums += 1
        for number in range(count):
            picture = Upload(f"photo{number}.jpg", "image/jpeg", PICTURE)
            self.world.send_media(chat, "photo", picture, album=f"album {self.albums}")

    def _own_message(self, chat: int, says: str) -> int:
        """Find the person's newest message, or the newest that says these words."""
        for message in reversed(self.world.view(chat)["messages"]):
            if message["from"] == "person" and says in {"", message.get("text")}:
                return int(message["message_id"])
        raise CannotDo(f"no message says ({says})")


def _place(act: str, about: str, words: str) -> dict[str, Any]:
    """Make the message of a place that moves on, or of one that has a name."""
    latitude, longitude = (float(number) for number in about.split(","))
    where = {"latitude": latitude, "longitude": longitude}
    if act == "live":
        return {"location": {**where, "live_period": 900}}
    return {"location": where, "venue": {"location": where, "title": words, "address": ""}}


def content(name: str, size_bytes: int = 0) -> bytes:
    """Make a file that is what its name says, of at least this size."""
    family = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    return _CONTENTS.get(family, b"a file").ljust(size_bytes, b"\0")


def _upload(kind: FileKind, about: str) -> Upload:
    """Make a file of this kind; `about` is its name, or how large it is."""
    size = _SIZE.fullmatch(about)
    name = _NAMES[kind] if size or not about else about
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name, media_type, content(name, int(size[1]) * MEGABYTE if size else 0))
