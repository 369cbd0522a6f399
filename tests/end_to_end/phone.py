"""A phone in the simulator, driven over `/sim`: what its owner sees, taps, writes and sends.

Buttons are found in the newest message of the bot that has any, as a person finds them. After each
act the bot has its turn, and what it answered is noted in `log`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.player.acts import content

BotTurn = Callable[[], Awaitable[list[str]]]

MARKS: Final = ("✅ ", "✓ ")
"""What stands before the label of a button that is ticked."""

_FILES: Final = {
    "image": ("photo", "photo.jpg", "image/jpeg"),
    "audio": ("voice", "voice.ogg", "audio/ogg"),
    "video": ("video", "film.mp4", "video/mp4"),
    "file": ("document", "paper.pdf", "application/pdf"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it shows; `data` tells which it is where several read the same."""

    message_id: int
    text: str
    data: str

    @property
    def action(self) -> str:
        """Return what the button does."""
        return self.data.rpartition(".")[2]

    @property
    def ticked(self) -> bool:
        """Tell whether a tick stands before its label."""
        return self.text.startswith(MARKS)

    @property
    def label(self) -> str:
        """Return what it says beside its tick."""
        text = self.text
        for mark in MARKS:
            text = text.removeprefix(mark)
        return text.strip()


@dataclass(slots=True)
class Phone:
    """One person's phone."""

    client: httpx.AsyncClient
    chat: int
    bot_turn: BotTurn
    log: list[str] = field(default_factory=list)

    async def buttons(self) -> list[Button]:
        """Return the buttons of the newest message that has any."""
        for message in reversed((await self._view())["messages"]):
            if rows := message.get("inline_keyboard"):
                return [
                    Button(message["message_id"], one["text"], one.get("data", ""))
                    for row in rows
                    for one in row
                ]
        return []

    async def keys(self) -> list[list[str]]:
        """Return the keys that stand in place of the phone's."""
        rows = (await self._view())["reply_keyboard"] or []
        return [[key["text"] for key in row] for row in rows]

    async def _view(self) -> dict[str, Any]:
        seen: dict[str, Any] = await self._ask("GET", f"/sim/chats/{self.chat}")
        return seen

    async def tap(self, button: Button, times: int = 1) -> None:
        """Tap a button by its label, or several times before the bot answers."""
        same = [one for one in await self.buttons() if one.text == button.text]
        named = {"text": button.text} if len(same) == 1 else {"data": button.data}
        for _ in range(times):
            wish = {"message_id": button.message_id, **named}
            await self._ask("POST", f"/sim/chats/{self.chat}/taps", json=wish)
        await self._answered(f"[{button.text}]" if times == 1 else f"(twice) [{button.text}]")

    async def write(self, text: str) -> None:
        """Write a text, or press a key of the keyboard that stands in place of the phone's."""
        await self._send(text, {"text": text})

    async def share(self, latitude: float, longitude: float, accuracy: float) -> None:
        """Share a place."""
        where = {"latitude": latitude, "longitude": longitude, "horizontal_accuracy": accuracy}
        said = f"(location {latitude}, {longitude}, {accuracy})"
        await self._send(said, {"location": where})

    async def send_sticker(self) -> None:
        """Send what answers nothing."""
        await self._send("(sticker)", {"sticker": "👍"})

    async def send_file(self, kind: str) -> None:
        """Send a picture, a voice, a film or a paper."""
        name, file_name, media_type = _FILES[kind]
        files = {name: (file_name, content(file_name), media_type)}
        await self._ask("POST", f"/sim/chats/{self.chat}/messages", files=files)
        await self._answered(f"({name})")

    async def _send(self, said: str, wish: dict[str, Any]) -> None:
        await self._ask("POST", f"/sim/chats/{self.chat}/messages", json=wish)
        await self._answered(said)

    async def _ask(self, method: str, path: str, **about: Any) -> Any:
        answer = await self.client.request(method, path, **about)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def _answered(self, said: str) -> None:
        lines: Iterable[str] = await self.bot_turn()
        self.log += [f"robot: {said}", *lines]
