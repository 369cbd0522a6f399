"""The programme's own files on their way to Telegram: each is uploaded once, then named.

What lies in the outbox names a file of the programme (`rendering.FORM_MEDIA`). The first sending
uploads it; Telegram answers with a handle, which is kept and sent from then on, over restarts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rendering import FORM_MEDIA
from bot.telegram.errors import Refused
from storage import form_media
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Filled:
    """Parameters as they go out: `files` to upload, `named` what a handle stands for."""

    params: Mapping[str, Any]
    files: Mapping[str, tuple[str, bytes]]
    named: Mapping[str, str]


@dataclass(slots=True)
class Shelf:
    """A programme's files by name, and the handles of those that Telegram has."""

    store: Store
    media: Mapping[str, bytes]
    _hashes: dict[str, str] = field(default_factory=dict)

    async def fill(self, method: str, params: Mapping[str, Any]) -> Filled:
        """Put handles, or the files themselves, in the place of their names; raise `Refused`."""
        wanted = _wanted(params)
        named = dict(params)
        files = {}
        for member, file_name in wanted.items():
            if handle := await self._handle(method, file_name):
                named[member] = handle
            else:
                files[member] = (file_name, self.media[file_name])
                del named[member]
        return Filled(named, files, {key: wanted[key] for key in wanted if key not in files})

    async def learn(self, method: str, filled: Filled, result: object) -> None:
        """Keep the handles of what was uploaded, as the sent message tells them."""
        for member, (file_name, _) in filled.files.items():
            if handle := _handle_in(result, member):
                async with self.store.unit() as unit:
                    await form_media.keep(unit, self._sha256(file_name), method, handle)

    async def forget(self, method: str, filled: Filled) -> None:
        """Forget handles that were refused, as those of another bot are."""
        async with self.store.unit() as unit:
            for file_name in filled.named.values():
                await form_media.forget(unit, self._sha256(file_name), method)

    async def _handle(self, method: str, file_name: str) -> str | None:
        async with self.store.reading() as reading:
            return await form_media.handle(reading, self._sha256(file_name), method)

    def _sha256(self, file_name: str) -> str:
        if file_name not in self.media:
            raise Refused(f"the programme has no media file {file_name}")
        if file_name not in self._hashes:
            self._hashes[file_name] = hashlib.sha256(self.media[file_name]).hexdigest()
        return self._hashes[file_name]


def _wanted(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        member: value.removeprefix(FORM_MEDIA)
        for member, value in params.items()
        if isinstance(value, str) and value.startswith(FORM_MEDIA)
    }


def _handle_in(result: object, member: str) -> str:
    """Find a file's handle in the message that shows it; a picture comes in several sizes.

    Telegram may turn a file into another kind; such a handle would be refused, and is not kept.
    """
    shown = result.get(member) if isinstance(result, dict) else None
    newest = shown[-1] if isinstance(shown, list) and shown else shown
    return str(newest.get("file_id", "")) if isinstance(newest, dict) else ""
