"""One case: its page, its files, and what is done to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import FileResponse, Response

from bot.blackening import Blackening
from bot.console.desk import Asked, Desk, go
from bot.console.forms import act_of, number
from bot.console.gathering import Gathered, Gathering
from bot.console.lists import (
    AreaName,
    FlagName,
    act,
    code_of,
    form_titles,
    go_on,
    names_of,
)
from bot.mending import NewPicture
from bot.moderators import right_for
from conversations.moderating.testimony import how_many
from conversations.perusal import compared
from conversations.phrases import Problem
from conversations.programme import Texts
from conversations.reviewing.acts import (
    Act,
    AskReporter,
    Escalate,
    MarkDuplicate,
    PassOn,
    RedactPicture,
    Release,
    RestorePicture,
)
from conversations.reviewing.deciding import Acted, Refused
from conversations.reviewing.words import refusal
from conversations.roles import REVIEWING
from storage import attachments, audit, roles, submissions
from storage.attachments import Attachment
from storage.store import Reading

FINISHING: Final = (AskReporter, Escalate, PassOn, Release)
"""Acts after which there is nothing more to do with a case, beside those that decide it."""

SHOWN_IN_PLACE: Final[Mapping[str, str]] = {
    **{f"image/{kind}": f"image/{kind}" for kind in ("jpeg", "png", "webp", "gif")},
    **{f"audio/{kind}": f"audio/{kind}" for kind in ("ogg", "mpeg", "mp4", "wav", "webm", "aac")},
    **{f"video/{kind}": f"video/{kind}" for kind in ("mp4", "webm", "ogg")},
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "image/jpg": "image/jpeg",
}
"""Kinds of files that a browser shows without running anything; all others are only saved."""

FILE_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"

INSTANCE: Final = re.compile(r"[A-Za-z0-9:._-]{1,100}").fullmatch


@dataclass(frozen=True, slots=True)
class Casework:
    """Pages about one case."""

    desk: Desk
    blackening: Blackening

    async def look(self, asked: Asked) -> Response:
        """Show a case; that it was seen is written down."""
        query = asked.request.query_params
        said = "done" if query.get("said") == "done" else ""
        return await self._shown(asked, asked.request.path_params["id"], said=said)

    async def act(self, asked: Asked) -> Response:
        """Do what a form asks, and go where one goes from there."""
        instance_id = asked.request.path_params["id"]
        wanted, seen = act_of(asked.form), number(asked.form, "seen")
        if isinstance(wanted, MarkDuplicate):
            wanted = await self._duplicate(asked, wanted.of)
        if wanted is None or seen is None or not INSTANCE(instance_id):
            return await self._shown(asked, instance_id, "missing", status=400)
        done = await self._done(asked, instance_id, seen, wanted)
        if isinstance(done, Acted):
            return await self._onward(asked, done, wanted)
        why = self.desk.locale(asked.visitor).say(
            done.speech if isinstance(done, Problem) else refusal(done)
        )
        return await self._shown(asked, instance_id, why=why, seen=seen, status=409)

    async def _done(
        self, asked: Asked, instance_id: str, seen: int, wanted: Act
    ) -> Acted | Refused | Problem:
        picture = None
        if isinstance(wanted, RedactPicture | RestorePicture):
            prepared = await self._prepared(asked, instance_id, seen, wanted)
            if not isinstance(prepared, NewPicture):
                return prepared
            picture = prepared
        async with self.desk.store.unit() as unit:
            return await act(self.desk, unit, asked, instance_id, seen, wanted, picture)

    async def _prepared(
        self, asked: Asked, instance_id: str, seen: int, wanted: RedactPicture | RestorePicture
    ) -> NewPicture | Refused | Problem:
        """Make what a picture becomes, for whoever may change it."""
        async with self.desk.store.reading() as reading:
            allowed = await Gathering(self.desk, reading, asked).allowed(instance_id)
        if allowed is None:
            return "not served"
        if not asked.visitor.may(right_for(wanted)):
            return "seniors only"
        case, standing = allowed
        by = asked.visitor.moderator(standing.submission.reporter)
        now = self.desk.now()
        return await self.blackening.prepared(asked.programme, case, wanted, by, seen, now)

    async def _onward(self, asked: Asked, done: Acted, wanted: Act) -> Response:
        if done.outcome or done.case.state == "second" or isinstance(wanted, FINISHING):
            return await go_on(self.desk, asked, "done")
        return go(f"/cases/{done.case.instance_id}", said="done")

    async def _duplicate(self, asked: Asked, code: str) -> MarkDuplicate | None:
        """Find the report that a code names."""
        async with self.desk.store.reading() as reading:
            found = await submissions.by_receipt(reading, asked.programme.name, code_of(code))
            if not found:
                return None
            return MarkDuplicate(await submissions.original_of(reading, found[0].instance_id))

    async def _shown(  # noqa: PLR0913 - what is said above the case.
        self,
        asked: Asked,
        instance_id: str,
        said: str = "",
        *,
        why: str = "",
        seen: int | None = None,
        status: int = 200,
    ) -> Response:
        async with self.desk.store.reading() as reading:
            found = await Gathering(self.desk, reading, asked).whole(instance_id)
            names = await names_of(reading, asked.programme.name)
            others = await self._others(reading, asked)
        if found is None:
            return self.desk.told(asked, "missing", 404)
        await self._note_seen(asked, instance_id)
        return self._page(asked, found, status, said=said, why=why, names=names, others=others,
                          since=seen)  # fmt: skip

    def _page(self, asked: Asked, found: Gathered, status: int, **values: object) -> Response:
        now, rules = self.desk.now(), asked.programme.moderation.rules
        chain, moderation = self.desk.locale(asked.visitor).chain, asked.programme.moderation
        case = found.dossier.case
        holder = case.holder(now)

        def named(prepared: Mapping[str, Texts]) -> list[tuple[str, str]]:
            return [(name, asked.programme.text(texts, *chain)) for name, texts in prepared.items()]

        return self.desk.page(
            asked,
            "case.html",
            status,
            found=found.dossier,
            map=found.map,
            painted=found.painted,
            case=case,
            now=now,
            holder=holder,
            is_mine=holder == asked.visitor.id,
            reasons=named(moderation.reasons),
            questions=named(moderation.questions),
            rules=rules,
            compared=compared,
            how_many=how_many,
            area_name=AreaName(asked.programme, chain),
            flag_name=FlagName(self.desk, asked),
            form_title=form_titles(asked.programme),
            in_place=SHOWN_IN_PLACE,
            **values,
        )

    async def _others(self, reading: Reading, asked: Asked) -> list[tuple[int, str]]:
        """List the other moderators, to whom a case can be passed on."""
        given = await roles.of_programme(reading, asked.programme.name)
        there = [one for one in given if one.taken_on and one.role in REVIEWING]
        own = asked.visitor.role.id
        return [(one.id, one.known_as or f"№ {one.id}") for one in there if one.id != own]

    async def _note_seen(
        self, asked: Asked, instance_id: str, act: str = "Saw", file: str = ""
    ) -> None:
        store, who = self.desk.store, f"role:{asked.visitor.id}"
        body = {"file": file} if file else {}
        async with store.unit() as unit:
            await audit.note(unit, store, who, act, instance_id, self.desk.now(), body)

    async def file(self, asked: Asked) -> Response:
        """Hand out a file of a case, by its number: no name from outside ever makes a path."""
        instance_id, wanted = (asked.request.path_params[name] for name in ("id", "number"))
        async with self.desk.store.reading() as reading:
            allowed = await Gathering(self.desk, reading, asked).allowed(instance_id)
            sent = allowed[1].submission.instance_id if allowed else ""
            files = await attachments.of_submission(reading, sent) if sent else ()
        found = next((one for one in files if one.id == wanted and one.sha256), None)
        path = self.desk.files.path(found.sha256) if found and found.sha256 else None
        if found is None or path is None or not path.is_file():
            return self.desk.told(asked, "missing", 404)
        if _is_beginning(asked):
            await self._note_seen(asked, instance_id, "SawFile", found.name)
        return FileResponse(path, headers=_file_headers(found), media_type=_kind(found))


def _is_beginning(asked: Asked) -> bool:
    """Tell whether a file is asked for from its beginning: a player asks for it in parts."""
    wanted = asked.request.headers.get("range", "")
    return not wanted or wanted.replace(" ", "").startswith("bytes=0-")


def _kind(file: Attachment) -> str:
    return SHOWN_IN_PLACE.get(file.media_type, "application/octet-stream")


def _file_headers(file: Attachment) -> dict[str, str]:
    ending = re.sub(r"[^A-Za-z0-9]", "", file.name.rpartition(".")[2])[:8] or "bin"
    how = "inline" if file.media_type in SHOWN_IN_PLACE else "attachment"
    return {
        "content-disposition": f'{how}; filename="file-{file.id}.{ending}"',
        "content-security-policy": FILE_POLICY,
    }
