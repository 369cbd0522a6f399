"""The queue and the other lists; one decision about several cases; whatever comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias, get_args
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from bot.console import maps
from bot.console.desk import Asked, Desk, go
from bot.console.forms import act_of
from bot.console.gathering import Gathering
from bot.console.published import WaitingFigure, waiting_figures
from bot.console.words import FLAG_NAMES
from bot.mending import NewPicture
from bot.moderators import right_for
from bot.reviews import Reviews
from conversations.phrases import Problem, verbatim
from conversations.programme import Programme
from conversations.reviewing.acts import Act, Approve, Claim, NotVerifiable, Reject
from conversations.reviewing.deciding import Acted, Refused
from conversations.reviewing.published import figure_look_by
from conversations.sheets.flags import Severity
from storage import case_lists, cases, flags, roles, submissions
from storage.case_lists import PAGE, Filters, Listed, Shelf
from storage.store import Reading, Unit

NEXT_MAX: Final = 30
"""So many cases are tried, the first of the queue, before there is none to take on."""

CODE_SIGNS_MAX: Final = 20

Alike: TypeAlias = Approve | Reject | NotVerifiable
"""Decisions that may be made about several cases at once."""

_DIGITS = re.compile(r"[0-9]{1,9}").fullmatch


@dataclass(frozen=True, slots=True)
class Lists:
    """Pages with more than one case."""

    desk: Desk

    async def queue(self, asked: Asked) -> Response:
        """Show a page of the list that the address asks for."""
        query = asked.request.query_params
        filters = filters_of(query)
        async with self.desk.store.reading() as reading:
            found = await self._page(reading, asked, filters, _after(query))
            names = await names_of(reading, asked.programme.name)
            figures = await self._figures(reading, asked, filters)
        return self.desk.page(
            asked,
            "queue.html",
            cases=found,
            figures=figures,
            figure_look_by=lambda case: figure_look_by(case, asked.programme.moderation.rules),
            filters=filters,
            choices=self._choices(asked),
            more=_more(filters, found),
            names=names,
            now=self.desk.now(),
            said=query.get("said", "") if query.get("said") in {"done", "nothing"} else "",
            area_name=self._area_name(asked),
            form_title=form_titles(asked.programme),
            flag_name=self._flag_name(asked),
        )

    async def find(self, asked: Asked) -> Response:
        """Find a case by its report's code, however that is written."""
        code = code_of(asked.request.query_params.get("code", ""))
        async with self.desk.store.reading() as reading:
            found = await case_lists.by_receipt(reading, asked.programme.name, code)
            gathering = Gathering(self.desk, reading, asked)
            seen = [one.case for one in found if await gathering.allowed(one.case.instance_id)]
        if not seen:
            return self.desk.told(asked, "missing", 404)
        return go(f"/cases/{seen[0].instance_id}")

    async def take_next(self, asked: Asked) -> Response:
        """Take on the case that should be looked at next."""
        return await go_on(self.desk, asked, "nothing")

    async def together(self, asked: Asked) -> Response:
        """Ask whether several cases shall be decided alike; do so when that is confirmed."""
        wanted, flag = act_of(asked.form), asked.field("flag")
        ticked = _ticked(asked.form.get("case", []))
        if not isinstance(wanted, Alike) or not flag or not ticked:
            return self.desk.told(asked, "together_how", 400)
        if not asked.field("sure"):
            return self._confirm(asked, flag, ticked)
        done = 0
        for instance_id, seen in ticked.items():
            done += await self._decide(asked, instance_id, seen, flag, wanted)
        told = {"done": done, "left": len(ticked) - done}
        return self.desk.page(asked, "told.html", 200, sentence="together_done", with_=told)

    def _confirm(self, asked: Asked, flag: str, ticked: Mapping[str, int]) -> Response:
        return self.desk.page(
            asked,
            "together.html",
            ticked=ticked,
            flag=flag,
            flag_name=self._flag_name(asked),
            wanted=asked.field("act"),
            reason=asked.field("reason"),
            words=asked.field("words"),
            reasons=asked.programme.moderation.reasons,
        )

    async def _decide(
        self, asked: Asked, instance_id: str, seen: int, flag: str, wanted: Alike
    ) -> bool:
        """Decide about one of several, if it has the doubt and stands as it was seen."""
        async with self.desk.store.unit() as unit:
            raised = await flags.of(unit, instance_id)
            if flag not in {one.name for one in raised}:
                return False
            done = await act(self.desk, unit, asked, instance_id, seen, wanted)
            return isinstance(done, Acted)

    async def _page(
        self, reading: Reading, asked: Asked, filters: Filters, after: tuple[int, str] | None
    ) -> Sequence[Listed]:
        about = (asked.programme.name, asked.visitor.served, asked.visitor.own, filters)
        return await case_lists.page(reading, *about, self.desk.now(), after)

    async def _figures(
        self, reading: Reading, asked: Asked, filters: Filters
    ) -> Sequence[WaitingFigure]:
        """List the published figures that wait, where the list is not filtered."""
        if filters != Filters() or asked.request.query_params.get("after"):
            return ()
        return await waiting_figures(self.desk, reading, asked)

    def _choices(self, asked: Asked) -> Mapping[str, Sequence[tuple[str, str]]]:
        """List what each filter can be set to, by code and in words."""
        programme, area = asked.programme, self._area_name(asked)
        served, locale = asked.visitor.served, self.desk.locale(asked.visitor)
        names = self._flag_name(asked)
        sheet = {flag.name for sheets in programme.sheets.values() for flag in sheets.flags}
        return {
            "form": [(code, title) for code, title in form_titles(programme).items()
                     if not served.forms or code in served.forms],
            "area": [(code, area(code)) for code in programme.areas
                     if not served.areas or code in served.areas],
            "language": [(tag, self.desk.locale_of(tag).autonym) for tag in programme.languages
                         if not served.languages or tag in served.languages],
            "flag": [(name, names(name)) for name in (*FLAG_NAMES, *sorted(sheet))],
            "reason": [(name, programme.text(texts, *locale.chain))
                       for name, texts in programme.moderation.reasons.items()],
        }  # fmt: skip

    def _area_name(self, asked: Asked) -> AreaName:
        return AreaName(asked.programme, self.desk.locale(asked.visitor).chain)

    def _flag_name(self, asked: Asked) -> FlagName:
        return FlagName(self.desk, asked)


@dataclass(frozen=True, slots=True)
class AreaName:
    """Names areas in a moderator's language."""

    programme: Programme
    chain: tuple[str, ...]

    def __call__(self, code: str) -> str:
        """Name an area; a code that is none stands for itself."""
        area = self.programme.areas.get(code)
        return maps.name_of(area, code, *self.chain) if area else code


@dataclass(frozen=True, slots=True)
class FlagName:
    """Names doubts in a moderator's language; those of a form's sheet go by their name."""

    desk: Desk
    asked: Asked

    def __call__(self, name: str) -> str:
        """Name a doubt in a word or two."""
        known = FLAG_NAMES.get(name) or verbatim("{name}", name=name.replace("_", " "))
        return self.desk.locale(self.asked.visitor).say(known)


async def act(  # noqa: PLR0913, PLR0917 - who does what with which case as it was seen.
    desk: Desk,
    unit: Unit,
    asked: Asked,
    instance_id: str,
    seen: int,
    wanted: Act,
    picture: NewPicture | None = None,
) -> Acted | Refused | Problem:
    """Do an act in a unit, in which the database is asked once more who this is.

    Whoever lost their role since the page was made, or the request began, does nothing. `picture`
    is what a picture becomes, where the act changes one.
    """
    visitor = await desk.visitor(unit, asked.request)
    sent = await submissions.by_id(unit, instance_id)
    if visitor is None or sent is None or sent.programme != asked.programme.name:
        return "not served"
    if not visitor.may(right_for(wanted)):
        return "seniors only"
    reviews = Reviews(desk.store, asked.programme, desk.locale_of)
    by = visitor.moderator(sent.reporter)
    return await reviews.act(unit, by, instance_id, seen, wanted, desk.now(), picture)


async def go_on(desk: Desk, asked: Asked, said: str) -> Response:
    """Take on the next case of the queue and go there; go to the queue where there is none."""
    async with desk.store.reading() as reading:
        served = replace(asked.visitor.served, free_only=True)
        waiting = await cases.queue(reading, asked.programme.name, served, desk.now(), NEXT_MAX)
    for case, _ in waiting:
        async with desk.store.unit() as unit:
            taken = await act(desk, unit, asked, case.instance_id, case.version, Claim())
        if isinstance(taken, Acted):
            return go(f"/cases/{case.instance_id}", **({"said": said} if said == "done" else {}))
    return go("/", said=said)


async def names_of(reading: Reading, programme: str) -> Mapping[int, str]:
    """Return what moderators are called, by the number of their role."""
    given = await roles.of_programme(reading, programme)
    return {one.id: one.known_as or f"№ {one.id}" for one in given}


def form_titles(programme: Programme) -> Mapping[str, str]:
    """Return the titles of a programme's forms by their id."""
    return {form_id: form.title for (form_id, _), form in programme.forms.items()}


def filters_of(query: QueryParams) -> Filters:
    """Read the filters of an address; what makes no sense filters nothing."""
    shelves: tuple[Shelf, ...] = get_args(Shelf)
    shelf = next((one for one in shelves if one == query.get("shelf")), shelves[0])
    grave = query.get("severity", "")
    return Filters(
        shelf=shelf,
        form=query.get("form", ""),
        area=query.get("area", ""),
        language=query.get("language", ""),
        severity=int(grave) if grave in {str(int(one)) for one in Severity} else 0,
        flag=query.get("flag", ""),
        mine=query.get("mine") == "1",
        apart=query.get("apart") == "1",
    )


def code_of(written: str) -> str:
    """Read a report's code as somebody wrote it: any case, with or without the dash.

    >>> code_of(" 4t7k 9wxm")
    '4T7K-9WXM'
    """
    signs = "".join(sign for sign in written[:CODE_SIGNS_MAX].upper() if sign.isalnum())
    return f"{signs[:4]}-{signs[4:]}"


def _after(query: QueryParams) -> tuple[int, str] | None:
    moment, _, instance_id = query.get("after", "").partition("~")
    return (int(moment), instance_id) if moment.isdecimal() and len(moment) < 20 else None  # noqa: PLR2004 - fits 64 bits.


def _more(filters: Filters, found: Sequence[Listed]) -> str:
    """Return the query of the page behind this one; blank where it is the last."""
    if len(found) < PAGE:
        return ""
    known = {one.name: getattr(filters, one.name) for one in fields(filters)}
    set_ = {name: int(value) if value is True else value for name, value in known.items() if value}
    moment, instance_id = case_lists.mark(found[-1])
    return urlencode({**set_, "after": f"{moment}~{instance_id}"})


def _ticked(values: Sequence[str]) -> dict[str, int]:
    """Read which cases are ticked, each with the version that was seen."""
    parted = [value.rpartition("~") for value in values[:PAGE]]
    return {one: int(seen) for one, _, seen in parted if one and _DIGITS(seen)}
