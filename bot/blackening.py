"""What a picture becomes before a moderator's act is kept: painted, or its original brought back.

To read, paint, seal and write a picture takes longer than a transaction may. So it is done before,
and only for whoever may do it (`prepared` asks the same rules as the act); the act then takes the
prepared files, if the picture is still the one they were made of. Where it comes to nothing, no row
refers to them and a sweep takes them away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.mending import Mending, NewPicture
from bot.painting import painted
from conversations.phrases import Locale, Problem, phrase
from conversations.programme import Programme
from conversations.reviewing.acts import RedactPicture, RestorePicture
from conversations.reviewing.cases import Case
from conversations.reviewing.deciding import Moderator, Refused, act
from storage import attachments, sealing, submissions
from storage.attachments import Attachment
from storage.files import Files
from storage.sealing import SealedFile
from storage.store import Store

AT_ONCE: Final = 1
"""Pictures that are painted at once: a large one needs some 400 MB while it is open."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The picture that stands, and its original if it was painted before."""

    file: Attachment
    sha256: str
    sealed: SealedFile | None


@dataclass(frozen=True, slots=True)
class Blackening:
    """Prepares pictures for one process."""

    store: Store
    files: Files
    locale_of: Callable[[str], Locale]
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def prepared(  # noqa: PLR0913, PLR0917 - who wants what with which case as it was seen.
        self,
        programme: Programme,
        case: Case,
        wanted: RedactPicture | RestorePicture,
        by: Moderator,
        seen: int,
        now: datetime,
    ) -> NewPicture | Refused | Problem:
        """Make what a picture shall become; say why not where the act would be refused anyway."""
        tried = act(case, wanted, by, seen, now, programme.moderation.rules)
        if isinstance(tried, str):
            return tried
        found = await self._found(programme, case.instance_id, wanted.reference, now)
        if isinstance(found, Problem):
            return found
        async with self.turn:
            try:
                return await self._made(found, wanted)
            except FileNotFoundError:
                return _not_here()

    async def _found(
        self, programme: Programme, original: str, reference: str, now: datetime
    ) -> _Found | Problem:
        async with self.store.reading() as reading:
            standing = await submissions.standing_of(reading, original)
            name = Mending(self.store, programme, self.locale_of).value_of(standing, reference, now)
            sent = standing.submission.instance_id if standing else ""
            files = await attachments.of_submission(reading, sent)
            hidden = await sealing.files_of(reading, original)
        file = next((one for one in files if one.name == name), None)
        if file is None or file.sha256 is None:
            return _not_here()
        sealed = next((one for one in hidden if one.painted == file.sha256), None)
        return _Found(file, file.sha256, sealed)

    async def _made(
        self, found: _Found, wanted: RedactPicture | RestorePicture
    ) -> NewPicture | Problem:
        match wanted:
            case RedactPicture(_, boxes):
                before = await self.files.read(found.sha256)
                after = await asyncio.to_thread(painted, before, boxes)
                if after is None:
                    # Translators: to a moderator who wants to black out a part of a picture.
                    said = phrase("This file is no picture that can be blacked out in part.")
                    return Problem(said)
                sealed = found.sealed.sealed if found.sealed else await self._sealed(before)
            case RestorePicture():
                if found.sealed is None:
                    # Translators: to a moderator who wants to see a picture whole again.
                    return Problem(phrase("Nothing is blacked out in this picture."))
                hidden = await self.files.read(found.sealed.sealed)
                after = await asyncio.to_thread(sealing.unseal_bytes, self.store, hidden)
                sealed = ""
        kept = await self.files.keep(after)
        return NewPicture(found.sha256, kept, len(after), sealed)

    async def _sealed(self, content: bytes) -> str:
        sealed = await asyncio.to_thread(sealing.seal_bytes, self.store, content)
        return await self.files.keep(sealed)


def _not_here() -> Problem:
    # Translators: to a moderator: a picture has not arrived yet, or cannot be fetched.
    return Problem(phrase("This picture is not here."))
