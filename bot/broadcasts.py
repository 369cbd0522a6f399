"""Campaigns on their way: page by page into the outbox, at the pace that was chosen.

One tick puts as many messages as may go in a second, never so many that more than `BACKLOG_MAX`
lie in the outbox: what lies there is sent at Telegram's pace, and a campaign that is paused stops
with it. People are looked up beside the units that keep, and what is put is put by page. A page is
as large as nobody who waits for an answer notices: where the machine has much to do it is smaller,
and there is more time between two.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter
from typing import Final

from bot.letters import letter_call
from bot.library import Library
from bot.rendering import render
from conversations.campaigning.audience import BUSY_FOR, belongs, moment_for
from conversations.campaigning.list import told_of_end
from conversations.campaigning.standing import Campaign
from conversations.onboarding import language_guess
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.roles import may
from conversations.turn import Person
from storage import campaigns, contacts, outbox, roles, written
from storage.campaigns import PAGE_MAX
from storage.contacts import ContactId
from storage.errors import StorageError
from storage.recipients import Finding, Known
from storage.reporters import Reporter
from storage.store import Reading, Store, Unit

log = logging.getLogger(__name__)

BACKLOG_MAX: Final = 1_500
"""Messages of campaigns that lie in the outbox: about a minute of sending."""

PAGES_AT_ONCE: Final = 50
"""Pages looked at in one tick, where few of the people on them belong to the audience."""

LOOK_SECONDS: Final = 1.0

PAGE_MIN: Final = 5
PAGE_STEP: Final = 5
"""By so many people a page grows again."""

HOLDS_SECONDS: Final = 0.008
"""So long a page may hold up everybody else; one that took longer is halved."""

REST_SECONDS: Final = 0.005
REST_SECONDS_MAX: Final = 0.25
"""After each page those who wait for an answer come first, for as long as the page took twice."""

Group = tuple[str, str]
"""A language and an area: whoever shares them reads the same."""


@dataclass(slots=True)
class Page:
    """What a page of people comes to: who is written to now, who later, who not at all."""

    now: dict[Group, list[ContactId]] = field(default_factory=dict)
    later: dict[ContactId, datetime] = field(default_factory=dict)
    left_out: int = 0
    taken: int = 0
    seen: list[ContactId] = field(default_factory=list)
    written: dict[ContactId, tuple[Reporter, str]] = field(default_factory=dict)
    """What caps know of whoever is written to now, once they were."""


@dataclass(slots=True)
class Paging:
    """How many people are put together, and how long others come first after them."""

    size: int = PAGE_MAX
    rest: float = REST_SECONDS

    def took(self, seconds: float) -> None:
        """Learn how long a page held everybody else up.

        >>> paging = Paging()
        >>> paging.took(0.02)
        >>> paging.size, paging.rest
        (50, 0.04)
        """
        if seconds > HOLDS_SECONDS:
            self.size = max(PAGE_MIN, self.size // 2)
        elif seconds < HOLDS_SECONDS / 2:
            self.size = min(PAGE_MAX, self.size + PAGE_STEP)
        self.rest = min(max(REST_SECONDS, 2 * seconds), REST_SECONDS_MAX)


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """Puts what is due of one programme's campaigns; `kept` is called when something was put.

    `are_ours` tells whether this process is the one to do it.
    """

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    are_ours: Callable[[], Awaitable[bool]] = _always
    kept: Callable[[], None] = lambda: None
    backlog_max: int = BACKLOG_MAX
    paging: Paging = field(default_factory=Paging)

    @property
    def programme(self) -> Programme:
        """Return the programme as its folder declares it."""
        return self.library.programme

    async def tick(self) -> int:
        """Go on with every campaign that may; return how many messages were put."""
        async with self.store.reading() as reading:
            numbers = await campaigns.due(reading, self.programme.name, self.now())
        if not numbers or not await self.are_ours():
            return 0
        put = 0
        for number in numbers:
            try:
                put += await self._go_on(number)
            except StorageError as error:
                log.warning("Campaign %d goes on later: %s", number, error)
        if put:
            self.kept()
        return put

    async def _go_on(self, number: int) -> int:
        now = self.now()
        async with self.store.reading() as reading:
            campaign = await campaigns.of(reading, self.programme.name, number)
            lies = await campaigns.backlog(reading)
        if campaign is None or await self._held_back(campaign, now):
            return 0
        if campaign.state == "scheduled":
            async with self.store.unit() as unit:
                await campaigns.start(unit, number, now)
        room = min(campaign.per_second, self.backlog_max - lies)
        put = await self._put_waiting(campaign, room, now) if room > 0 else 0
        pages = 0
        while put < room and pages < PAGES_AT_ONCE:
            taken = await self._put_page(campaign, room - put, now)
            if taken is None:
                break
            put, pages = put + taken, pages + 1
            await asyncio.sleep(self.paging.rest)
        if not put:
            await self._rest_or_end(campaign, now)
        return put

    async def _held_back(self, campaign: Campaign, now: datetime) -> bool:
        """Hold a campaign back whose sender may not send any more."""
        if campaign.automatic:
            return False
        async with self.store.reading() as reading:
            held = await roles.held(reading, self.programme.name, ContactId(campaign.author))
        if may(held, "run the programme"):
            return False
        async with self.store.unit() as unit:
            if await campaigns.become(unit, campaign.id, campaign.state, "paused", "sender"):
                await campaigns.withdraw(unit, campaign.id, now)
        return True

    # Pages

    async def _put_waiting(self, campaign: Campaign, room: int, now: datetime) -> int:
        at_most = min(room, PAGE_MAX)
        async with self.store.reading() as reading:
            people = await campaigns.waiting(reading, campaign.id, now, at_most)
            known = await self._finding(campaign, reading, now).known(people)
        if not known:
            return 0
        page = self._page(campaign, known, at_most, now)
        next_at = self._next(campaign, page.taken, now)
        async with self.store.unit() as unit:
            still = await campaigns.take_waiting(
                unit, campaign.id, page.seen, next_at, page.left_out
            )
            if not still:
                return 0
            await self._keep(unit, campaign, page, still, now)
        return page.taken

    async def _put_page(self, campaign: Campaign, room: int, now: datetime) -> int | None:
        """Put the next page; None where there is none, or another process was quicker."""
        async with self.store.reading() as reading:
            come = await campaigns.progress(reading, self.programme.name, campaign.id)
            if come.listed:
                return None
            size = self.paging.size
            known = await self._finding(campaign, reading, now).after(come.after, size)
        began = perf_counter()
        page = self._page(campaign, known, room, now)
        listed = len(page.seen) == len(known) < size
        held = perf_counter() - began
        reached = page.seen[-1] if page.seen else come.after
        next_at = self._next(campaign, page.taken, now)
        async with self.store.unit() as unit:
            began = perf_counter()
            moved = await campaigns.advance(
                *(unit, campaign.id, come.after, reached, next_at),
                listed=listed,
                left_out=page.left_out,
            )
            if not moved:
                return None
            await self._keep(unit, campaign, page, frozenset(page.seen), now)
            if self.store.alone:  # Elsewhere everybody has a connection of their own.
                held += perf_counter() - began
        self.paging.took(held)
        return page.taken

    def _finding(self, campaign: Campaign, reading: Reading, now: datetime) -> Finding:
        audience = campaign.plan.audience
        return Finding(self.store, reading, self.programme.name, audience, now - BUSY_FOR)

    def _page(self, campaign: Campaign, known: Iterable[Known], room: int, now: datetime) -> Page:
        """Sort people, in their order, until as many as have room are to be written to now."""
        page, audience = Page(), campaign.plan.audience
        consent, zone = self.programme.consent.version, self.programme.zone
        for one in known:
            if page.taken >= room:
                break
            page.seen.append(one.contact_id)
            person = one.recipient
            if not belongs(person, audience, consent, now):
                continue
            seed = f"{campaign.id} {one.contact_id}"
            courtesy = self.programme.courtesy
            at = moment_for(person, courtesy, zone, now, seed, campaign.start_at)
            if at is None:
                page.left_out += 1
            elif at > now:
                page.later[one.contact_id] = at
            else:
                area = person.topics.get(audience.topic) or ""
                page.now.setdefault((person.language, area), []).append(one.contact_id)
                after = written.with_one_more(person.letters_at, now)
                page.written[one.contact_id] = (one.reporter, after)
                page.taken += 1
        return page

    async def _keep(
        self,
        unit: Unit,
        campaign: Campaign,
        page: Page,
        still: frozenset[ContactId],
        now: datetime,
    ) -> None:
        for (language, area), people in page.now.items():
            locale = self.locale_of(language)
            message = campaign.plan.message
            call = letter_call(message, campaign.id, self.programme, locale, area)
            if call and (there := [one for one in people if one in still]):
                await campaigns.put(unit, campaign.id, call, there, now)
                await written.keep(unit, [page.written[one] for one in there])
        later = {one: at for one, at in page.later.items() if one in still}
        await campaigns.let_wait(unit, campaign.id, later)

    def _next(self, campaign: Campaign, taken: int, now: datetime) -> datetime:
        return now + timedelta(seconds=taken / campaign.per_second)

    # Its end

    async def _rest_or_end(self, campaign: Campaign, now: datetime) -> None:
        """Wait for the next hour that comes, or for the outbox; end where nothing is left."""
        name = self.programme.name
        async with self.store.unit() as unit:
            if not (await campaigns.progress(unit, name, campaign.id)).listed:
                await campaigns.rest(unit, campaign.id, now + timedelta(seconds=LOOK_SECONDS))
            elif at := await campaigns.next_wait(unit, campaign.id):
                soon = now + timedelta(seconds=LOOK_SECONDS)
                await campaigns.rest(unit, campaign.id, max(at, soon))
            elif await campaigns.backlog(unit, campaign.id):
                await campaigns.rest(unit, campaign.id, now + timedelta(seconds=LOOK_SECONDS))
            elif await campaigns.become(unit, campaign.id, "running", "done"):
                await self._tell(unit, campaign.id, now)

    async def _tell(self, unit: Unit, number: int, now: datetime) -> None:
        """Tell whoever sent it how it ended."""
        campaign = await campaigns.of(unit, self.programme.name, number)
        author = ContactId(campaign.author) if campaign else None
        contact = await contacts.by_id(unit, author) if author else None
        if campaign is None or contact is None:
            return
        language = language_guess(self.programme, Person(contact.language or None))
        calls = render((told_of_end(campaign),), self.locale_of(language))
        await outbox.put_behind(unit, contact.id, calls, now)
