"""The programme's own files on their way to Telegram: each is uploaded once, then named.

What lies in the outbox names a file of the programme (`rendering.FORM_MEDIA`). The first sending
uploads it; Telegram answers with a handle, which is kept and sent from then on, over restarts.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rendering import FORM_MEDIA
from bot.telegram.errors import Refused
from storage import form_media
from storage.store import Store

log = logging.getLogger(__name__)

ALBUM = "media"
"""The member of a call that holds the pictures of an album."""


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
        there = self._without_missing(params)
        wanted = _wanted(there)
        handles = {place: await self._handle(method, wanted[place]) for place in wanted}
        files = {
            place: (file_name, self.media[file_name])
            for place, file_name in wanted.items()
            if not handles[place]
        }
        named = {place: wanted[place] for place in wanted if handles[place]}
        return Filled(_placed(there, handles), files, named)

    def _without_missing(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Leave out of an album what is not on the shelf, if something else of it is."""
        items = params.get(ALBUM)
        if not isinstance(items, list):
            return params
        there = [item for item in items if _name_in(item["media"]) in self.media]
        if len(there) < len(items):
            log.error("The programme lacks %d files of an album", len(items) - len(there))
        if not there:
            raise Refused("the programme has none of the files of an album")
        return {**params, ALBUM: there}

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
    """Find the files that a call names, by their place: a member, or `media0` on in albums."""
    items = params.get(ALBUM)
    album = items if isinstance(items, list) else []
    places = {f"{ALBUM}{at}": item["media"] for at, item in enumerate(album)}
    named = {place: _name_in(value) for place, value in ({**params, **places}).items()}
    return {place: name for place, name in named.items() if name is not None}


def _name_in(value: object) -> str | None:
    if isinstance(value, str) and value.startswith(FORM_MEDIA):
        return value.removeprefix(FORM_MEDIA)
    return None


def _placed(params: Mapping[str, Any], handles: Mapping[str, str | None]) -> dict[str, Any]:
    """Put handles where files were named; a file to upload goes beside an album."""
    kept = {member: handles.get(member, value) for member, value in params.items()}
    placed = {member: value for member, value in kept.items() if value is not None}
    if isinstance(items := params.get(ALBUM), list):
        sources = [handles[f"{ALBUM}{at}"] or f"attach://{ALBUM}{at}" for at in range(len(items))]
        placed[ALBUM] = [
            {**item, "media": source} for item, source in zip(items, sources, strict=True)
        ]
    return placed


def _handle_in(result: object, place: str) -> str:
    """Find a file's handle in the message that shows it; a picture comes in several sizes.

    Telegram may turn a file into another kind; such a handle would be refused, and is not kept.
    """
    if isinstance(result, list):
        return _handle_in(result[int(place.removeprefix(ALBUM))], "photo")
    shown = result.get(place) if isinstance(result, dict) else None
    newest = shown[-1] if isinstance(shown, list) and shown else shown
    return str(newest.get("file_id", "")) if isinstance(newest, dict) else ""
