"""Who is at home where, who brings whom, how validation goes, inside the update's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.asked import learn_zone, learn_zone_in
from bot.choosing import link_of
from bot.misreading import SPAN, judged
from bot.office import Outcome, Visit
from bot.rendering import render, toast
from conversations.areas import Area, area_at
from conversations.events import ButtonTapped, CommandGiven, Event, PlaceShared
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Reply, Send
from conversations.roles import may
from conversations.sheets.validations import AtPlace
from conversations.validating import inviting, place
from conversations.validating.agreeing import agreements_of
from conversations.validating.board import Measured, board
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from storage import agreements, consents, reach, rests, roles
from storage.reach import AWAITED, cell_of
from storage.reporters import Reporter
from storage.store import Store, Unit


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Takes what people say about where they are at home."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]
    username: str = ""
    """The bot's own name, by which links lead to it."""

    async def take(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take an event that is about a place or about validation; None for all else."""
        locale = self.locale_of(visit.contact.language or self.programme.languages[0])
        replies = await self._taken(visit, reporter, event, locale)
        return Outcome(render(replies, locale), toast(replies, locale)) if replies else None

    async def _taken(
        self, visit: Visit, reporter: Reporter, event: Event, locale: Locale
    ) -> tuple[Reply, ...]:
        at_rest = visit.session is None
        match event:
            case CommandGiven("validations"):
                held = await roles.held(visit.unit, self.programme.name, visit.contact.id)
                return (await self._board(visit),) if may(held, "run the programme") else ()
            case CommandGiven("invite"):
                return self._invitation(reporter, locale)
            case CommandGiven("place"):
                if not await self._agreed(visit.unit, reporter):
                    return (Send((Block(place.agree_first()),)),)
                if at_rest:
                    known = await reach.of(visit.unit, reporter)
                    await self._keep(visit, reporter, known.area if known else "", AWAITED)
                return place.wanted(self._areas(visit, locale), at_rest=at_rest)
            case ButtonTapped(session_key=place.STAMP, action=action):
                return await self._chosen(visit, reporter, action, locale)
            case PlaceShared(latitude, longitude) if at_rest:
                known = await reach.of(visit.unit, reporter)
                if known is None or known.cell != AWAITED:
                    return ()
                return (await self._shared(visit, reporter, (latitude, longitude), locale),)
            case _:
                return ()

    def _invitation(self, reporter: Reporter, locale: Locale) -> tuple[Reply, ...]:
        title = self.programme.text(self.programme.title, *locale.chain) or self.programme.name
        address = inviting.link(self.username, link_of(self.store, reporter))
        return inviting.invitation(title, address)

    async def _agreed(self, unit: Unit, reporter: Reporter) -> bool:
        if not any(self.programme.consent.text.values()):
            return True
        standing = await consents.standing(unit, reporter, self.programme.name)
        return self.programme.consent.version in standing

    async def _chosen(
        self, visit: Visit, reporter: Reporter, action: str, locale: Locale
    ) -> tuple[Reply, ...]:
        if action == place.FORGET:
            await self._keep(visit, reporter, "", "")
            return (Acknowledge(), Send((Block(place.forgotten()),)))
        areas = self._areas(visit, locale)
        code = place.chosen(areas, action)
        if not code or not await self._agreed(visit.unit, reporter):
            return (Acknowledge(),)
        known = await reach.of(visit.unit, reporter)
        cell = known.cell if known and known.cell != AWAITED else ""
        await self._keep(visit, reporter, code, cell)
        await learn_zone_in(visit.unit, self.programme, reporter, code, own=True)
        return (Acknowledge(), place.kept(areas[code]))

    async def _shared(
        self, visit: Visit, reporter: Reporter, where: tuple[float, float], locale: Locale
    ) -> Reply:
        code = area_at(self.programme.areas, where)
        known = await reach.of(visit.unit, reporter)
        area = code or (known.area if known else "")
        await self._keep(visit, reporter, area, cell_of(*where))
        await learn_zone(visit.unit, self.programme, reporter, where, own=True)
        return place.kept(self._areas(visit, locale).get(area, ""))

    async def _keep(self, visit: Visit, reporter: Reporter, area: str, cell: str) -> None:
        unit, now = visit.unit, visit.occasion.now
        language = visit.contact.language or self.programme.languages[0]
        about = (self.store, reporter, self.programme.name, visit.contact.id, language, now)
        await reach.meet(unit, *about, visit.session.invited_by if visit.session else "")
        await reach.keep_place(unit, reporter, area, cell)
        await rests.end(unit, reporter)

    # Areas: those drawn, and the places that the sheets name

    def _areas(self, visit: Visit, locale: Locale) -> Mapping[str, str]:
        drawn = {code: _name(area, code, locale) for code, area in self.programme.areas.items()}
        offered = [key for key in self.programme.offered if key in self.programme.forms]
        now = visit.occasion.now.astimezone(self.programme.zone)
        of_forms = (one for key in offered for one in self._places(key, locale, now))
        return {**dict(of_forms), **drawn}

    def _places(
        self, key: tuple[str, str], locale: Locale, now: datetime
    ) -> Iterator[tuple[str, str]]:
        sheets, form = self.programme.sheets.get(key), self.programme.forms[key]
        rows = sheets.validations if sheets else ()
        paths = {one.path for row in rows for one in row.audience if isinstance(one, AtPlace)}
        for path in sorted(paths):
            yield from _choices(form, path, locale, now)

    # What coordinators see

    async def _board(self, visit: Visit) -> Send:
        unit, name = visit.unit, self.programme.name
        now = visit.occasion.now
        since = now - SPAN
        found = Measured(
            days=SPAN.days,
            grades=await agreements.grades(unit, name, since),
            agreements=agreements_of(await judged(unit, self.programme, now)),
            load=await agreements.load(unit, name, since),
            changed=await agreements.changed(unit, name, since),
            records=await agreements.records(unit, name, since),
        )
        return board(found)


def is_about_places(event: Event) -> bool:
    """Tell whether an event may be meant for `Neighbours`."""
    match event:
        case CommandGiven("place" | "validations" | "invite") | PlaceShared():
            return True
        case ButtonTapped(session_key=place.STAMP):
            return True
        case _:
            return False


def _name(area: Area, code: str, locale: Locale) -> str:
    names = (area.names[tag] for tag in (*locale.chain, *area.names) if tag in area.names)
    return next(names, code)


def _choices(form: Form, path: str, locale: Locale, now: datetime) -> Iterator[tuple[str, str]]:
    spoken = Surroundings(now, locale.tag, "", "", now, stand_ins=locale.chain)
    choices = Instance.begin(form, spoken).state(path).choices
    yield from zip(choices.names(), choices.labels(), strict=True)
