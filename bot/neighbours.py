"""Who is at home where, who brings whom, how validation goes, inside the update's transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.asked import learn_zone, learn_zone_in
from bot.choosing import link_of
from bot.count_checks import CountChecks, question_of
from bot.misreading import SPAN, judged
from bot.placenames import places
from bot.visit import Outcome, Visit
from conversations.areas import area_at
from conversations.events import ButtonTapped, CommandGiven, Event, PlaceShared
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Reply, Send
from conversations.roles import may
from conversations.validating import inviting, place
from conversations.validating.agreeing import agreements_of
from conversations.validating.board import LINES_MAX, LookedAt, Measured, board
from storage import agreements, consents, count_asks, counts, reach, rests, roles
from storage.reach import AWAITED, PlaceBy, cell_of
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
        locale = self.locale_of(visit.language(self.programme))
        replies = await self._taken(visit, reporter, event, locale)
        return Outcome.of(replies, locale) if replies else None

    async def _taken(
        self, visit: Visit, reporter: Reporter, event: Event, locale: Locale
    ) -> tuple[Reply, ...]:
        at_rest = visit.session is None
        match event:
            case CommandGiven("validations"):
                held = await roles.held(visit.unit, self.programme.name, visit.contact.id)
                return (await self._board(visit, locale),) if may(held, "run the programme") else ()
            case CommandGiven("invite"):
                return self._invitation(reporter, locale)
            case CommandGiven("place"):
                if not await self._agreed(visit.unit, reporter):
                    return (Send((Block(place.agree_first()),)),)
                return await self._wanted(visit, reporter, locale)
            case ButtonTapped(session_key=place.STAMP, action=action):
                return await self._chosen(visit, reporter, action, locale)
            case PlaceShared(latitude, longitude) if at_rest:
                known = await reach.of(visit.unit, reporter)
                if known is None or known.cell != AWAITED:
                    return ()
                return (await self._shared(visit, reporter, (latitude, longitude), locale),)
            case _:
                return ()

    async def _wanted(self, visit: Visit, reporter: Reporter, locale: Locale) -> tuple[Reply, ...]:
        at_rest = visit.session is None
        known = await reach.of(visit.unit, reporter)
        area, by = (known.area, known.place_by) if known else ("", "")
        if at_rest:
            await self._keep(visit, reporter, area, AWAITED, by)
        offered = places(self.programme, locale)
        learnt = offered.get(area, "") if by == "report" else ""
        return place.wanted(offered, at_rest=at_rest, learnt=learnt)

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
        areas = places(self.programme, locale)
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
        return place.kept(places(self.programme, locale).get(area, ""))

    async def _keep(
        self, visit: Visit, reporter: Reporter, area: str, cell: str, by: PlaceBy = "person"
    ) -> None:
        unit, now = visit.unit, visit.occasion.now
        language = visit.language(self.programme)
        about = (self.store, reporter, self.programme.name, visit.contact.id, language, now)
        await reach.meet(unit, *about, visit.session.invited_by if visit.session else "")
        await reach.keep_place(unit, reporter, area, cell, by)
        await rests.end(unit, reporter)

    # What coordinators see

    async def _board(self, visit: Visit, locale: Locale) -> Send:
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
            counts=[one async for one in self._counts(unit, since, locale)],
        )
        return board(found)

    async def _counts(self, unit: Unit, since: datetime, locale: Locale) -> AsyncIterator[LookedAt]:
        """Yield the numbers that people were asked about, with what they said."""
        counting = CountChecks(self.store, self.programme)
        for check in await counts.begun_since(unit, self.programme.name, since, LINES_MAX):
            text = question_of(counting, check, locale) or check.number.name
            asked = await count_asks.of_check(unit, check.id)
            said, objections = count_asks.tally_of(asked), sum(bool(one.objection) for one in asked)
            now = len(await counting.behind(unit, check.number))
            yield LookedAt(text, check.counted, now, said, check.says, objections)


def is_about_places(event: Event) -> bool:
    """Tell whether an event may be meant for `Neighbours`."""
    match event:
        case CommandGiven("place" | "validations" | "invite") | PlaceShared():
            return True
        case ButtonTapped(session_key=place.STAMP):
            return True
        case _:
            return False
