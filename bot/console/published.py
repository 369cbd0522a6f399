"""Published figures that people doubt: what waits of them, one figure, what is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from starlette.responses import Response

from bot.console.desk import Asked, Desk, go
from bot.console.forms import number
from bot.counting import recounts
from bot.moderators import as_moderator
from bot.published import Published, subject_of
from conversations.campaigning.results import figure_named
from conversations.reviewing.deciding import Refused
from conversations.reviewing.figure_words import count_told, reason_named
from conversations.reviewing.published import (
    FigureAct,
    FigureCase,
    Recount,
    figure_look_by,
    serves_figure,
    severity_of,
)
from conversations.reviewing.words import refusal
from storage import audit, figure_cases, roles
from storage.store import Reading

FIGURES_MAX = 20
DEEDS_MAX = 20


@dataclass(frozen=True, slots=True)
class PublishedPages:
    """Pages about figures that were published."""

    desk: Desk

    async def look(self, asked: Asked) -> Response:
        """Show a figure; that it was seen is written down."""
        return await self._shown(asked)

    async def act(self, asked: Asked) -> Response:
        """Do what a form asks, and go back to what waits once it is decided."""
        wanted = next((one for one in get_args(FigureAct) if one == asked.field("act")), None)
        seen, about = number(asked.form, "seen"), asked.request.path_params["number"]
        if wanted is None or seen is None:
            return self.desk.told(asked, "missing", 400)
        decides = wanted not in {"claim", "release"}
        if decides and not asked.visitor.may("decide cases"):
            return await self._shown(asked, why="seniors only", status=409)
        recount = await self._recount(asked, about) if wanted == "correct" else None
        done = await self._done(asked, about, seen, wanted, recount)
        if isinstance(done, FigureCase):
            return go("/", said="done") if done.state == "decided" else go(f"/figures/{about}")
        return await self._shown(asked, why=done, status=409)

    async def _done(
        self, asked: Asked, about: int, seen: int, wanted: FigureAct, recount: Recount | None
    ) -> FigureCase | Refused:
        """Do an act in a unit, in which the database is asked once more who this is."""
        async with self.desk.store.unit() as unit:
            visitor = await self.desk.visitor(unit, asked.request)
            if visitor is None:
                return "not served"
            own = await figure_cases.doubts(unit, about, visitor.own)
            by = as_moderator(visitor.role, own=own)
            published = Published(self.desk.store, asked.programme, self.desk.locale_of)
            return await published.act(unit, by, about, seen, wanted, self.desk.now(), recount)

    async def _recount(self, asked: Asked, about: int) -> Recount | None:
        async with self.desk.store.reading() as reading:
            case = await figure_cases.of(reading, asked.programme.name, about)
            if case is None:
                return None
            again = await recounts(reading, asked.programme, [case.figure])
        return again.get(case.figure)

    async def _shown(
        self, asked: Asked, *, why: Refused | None = None, status: int = 200
    ) -> Response:
        about, name = asked.request.path_params["number"], asked.programme.name
        async with self.desk.store.reading() as reading:
            case = await figure_cases.of(reading, name, about)
            by = as_moderator(asked.visitor.role)
            if case is None or not serves_figure(by, case.figure):
                return self.desk.told(asked, "missing", 404)
            reasons = await figure_cases.reasons(reading, about)
            again = await recounts(reading, asked.programme, [case.figure])
            deeds = await audit.newest(reading, DEEDS_MAX, subject_of(about), "")
            names = await self._names(reading, name)
        async with self.desk.store.unit() as unit:
            who, now = f"role:{asked.visitor.id}", self.desk.now()
            await audit.note(unit, self.desk.store, who, "Saw", subject_of(about), now)
        return self._page(asked, case, status, why=why, reasons=reasons, names=names,
                          recount=again.get(case.figure), deeds=deeds)  # fmt: skip

    def _page(
        self, asked: Asked, case: FigureCase, status: int, *, why: Refused | None, **values: object
    ) -> Response:
        locale, now = self.desk.locale(asked.visitor), self.desk.now()
        holder = case.holder(now)
        return self.desk.page(
            asked,
            "figure.html",
            status,
            case=case,
            named=figure_named(asked.programme, case.figure, locale),
            why=locale.say(refusal(why)) if why else "",
            look_by=figure_look_by(case, asked.programme.moderation.rules),
            now=now,
            holder=holder,
            is_mine=holder == asked.visitor.id,
            told=lambda count: locale.say(count_told(count)),
            reason_said=lambda reason: locale.say(reason_named(reason)),
            severity_of=lambda reason: severity_of((reason,)),
            **values,
        )

    async def _names(self, reading: Reading, programme: str) -> Mapping[int, str]:
        given = await roles.of_programme(reading, programme)
        return {one.id: one.known_as or f"№ {one.id}" for one in given}


@dataclass(frozen=True, slots=True)
class WaitingFigure:
    """A figure in the queue: its case, and what it is called."""

    case: FigureCase
    named: str


async def waiting_figures(desk: Desk, reading: Reading, asked: Asked) -> tuple[WaitingFigure, ...]:
    """List the figures that wait and that a moderator looks after."""
    by, locale = as_moderator(asked.visitor.role), desk.locale(asked.visitor)
    found = await figure_cases.queue(reading, asked.programme.name, FIGURES_MAX)
    return tuple(
        WaitingFigure(case, figure_named(asked.programme, case.figure, locale))
        for case in found
        if serves_figure(by, case.figure)
    )
