"""Whom an update is for: each room is asked in turn, and the conversation of reports last.

A room answers with an `Outcome`, or with None where the event is not meant for it. So what stands
first may take an event from all behind it; the order below is the rule. All of it happens within
the unit of the turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.alarms import Alarms
from bot.assuring import Assuring, is_to_author
from bot.billboard import Billboard
from bot.casework import Casework
from bot.community import Community, Knowledge
from bot.console_link import ConsoleLink
from bot.conversing import Conversing
from bot.count_checks import CountChecks
from bot.digests import Digests, is_about_digests
from bot.doubted import Doubted
from bot.figurework import Figurework
from bot.forgetting import Forgetting
from bot.group import COMMAND as HERE
from bot.group import GroupRoom
from bot.hearing import Hearing
from bot.instances import Instances
from bot.letters import Letters, is_about_letters
from bot.library import Library
from bot.neighbours import Neighbours, is_about_places
from bot.objecting import Objecting
from bot.office import Office
from bot.outlooks import Outlooks
from bot.residents import Residents, is_to_resident
from bot.training import Training, is_about_training
from bot.updates import (
    Incoming,
)
from bot.validating import Validating, is_to_validator
from bot.visit import Figures, Outcome, Visit
from conversations.campaigning.doubts import is_doubt
from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    TextWritten,
)
from conversations.forgetting import is_about_forgetting
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.turn import Occasion, Turn
from conversations.validating.objections import is_about_objections
from storage import (
    known,
    sessions,
)
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.store import Reading, Store, Unit


@dataclass(slots=True)
class Reception:
    """Takes what somebody did to the room it is meant for; its parts are those of `Dispatch`.

    `office` serves people with a role, `alarms` calls them, `reports` is the conversation to which
    all belongs that no room takes, `group_room` serves a group of moderators.
    """

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    fresh_key: Callable[[], str]
    told: set[str]
    instances: Instances
    knowledge: Knowledge
    console_url: str
    username: str
    office: Office = field(init=False)
    alarms: Alarms = field(init=False)
    reports: Conversing = field(init=False)
    group_room: GroupRoom = field(init=False)
    _outlooks: Outlooks = field(init=False)
    _figurework: Figurework = field(init=False)
    _casework: Casework = field(init=False)
    _digests: Digests = field(init=False)
    _training: Training = field(init=False)
    _hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        """Furnish the rooms that stand whatever a programme offers."""
        rooms = (self.store, self.library, self.locale_of)
        self.office = Office(self.library, self.locale_of, self.store)
        self.alarms = Alarms(*rooms)
        self.reports = Conversing(*rooms, self.now, self.fresh_key, self.told)
        self._casework = Casework(*rooms)
        board = Billboard(*rooms, self.now)
        self.group_room = GroupRoom(self.store, self._casework, board, self._fresh_occasion)
        self._outlooks = Outlooks(self.library, self.locale_of)
        self._figurework = Figurework(*rooms)
        self._digests = Digests(*rooms, self.now)
        self._training = Training(*rooms)
        self._hearing = Hearing(*rooms)

    @property
    def programme(self) -> Programme:
        """Return the programme as its folder declares it."""
        return self.library.programme

    async def community(self, reading: Reading) -> Community:
        """Return who keeps others asked about reports, with the forms as they stand."""
        programme = (await self.library.offering(reading)).programme
        return Community(self.store, programme, self.knowledge)

    def _fresh_occasion(self) -> Occasion:
        return Occasion(self.now(), self.fresh_key(), self.locale_of)

    async def figures(self, arrival: Incoming, now: datetime) -> Figures:
        """Look up, before the unit, what a room will show and would take long to find within it."""
        about = (self.store, arrival.chat_id, arrival.event, now)
        figures = await self.office.figures(*about)
        if seen := await self._outlooks.look(*about):
            figures = replace(figures, outlook=seen)
        again = await self._figurework.look(arrival.chat_id, arrival.event)
        return replace(figures, recounts=again) if again else figures

    async def answer(
        self, unit: Unit, contact: Contact, arrival: Incoming, figures: Figures, now: datetime
    ) -> tuple[Turn, Outcome]:
        """Take what somebody did, at their desk or in the conversation of reports."""
        name = self.programme.name
        reporter = self.store.reporter(name, arrival.chat_id)
        met = await known.of(unit, name, reporter, contact.id)
        session, live = met.session, self.instances.take(met.session)
        occasion = Occasion(now, self.fresh_key(), self.locale_of, live)
        visit = Visit(unit, contact, session, occasion, arrival.language_code, figures, met)
        turn = Turn(session, live=live)
        event, outcome = arrival.event, self._outlooks.take(visit)
        if outcome is None:
            outcome = await self.alarms.take(visit, event, now)
        if outcome is None and isinstance(event, ButtonTapped) and is_doubt(event):
            outcome = await self._doubted(visit, reporter, event)
        if outcome is None and is_about_letters(event):
            event, outcome = await self._at_letter(visit, reporter, event)
        if outcome is None and is_to_author(event):
            event, outcome = await self._assuring(visit, reporter, event)
        if outcome is None:
            outcome = await self._validating(visit, reporter, event)
        if outcome is None:
            outcome = await self._reviewing(visit, reporter, event)
        if outcome is None and is_about_forgetting(event):
            community = await self.community(visit.unit)
            outcome = await Forgetting(community, self.locale_of).take(visit, reporter, event)
            turn = Turn(await sessions.current(unit, reporter, self.programme.name))
        if outcome is None:
            outcome = await self.office.take(visit, event)
        if outcome is None:
            turn, outcome = await self.reports.take(visit, reporter, event)
        menu = await self.office.menu(visit, arrival.event, outcome.chosen)
        return turn, replace(outcome, calls=(*outcome.calls, *menu)) if menu else outcome

    async def _reviewing(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take what is meant for a moderator's bench, or what a reporter says to a moderator."""
        if visit.known is None or not isinstance(event, ButtonTapped | CommandGiven | TextWritten):
            return None
        bench, awaited = visit.known.bench, visit.known.awaited
        if isinstance(event, TextWritten) and bench is None and not awaited:
            return None
        outcome = await self._casework.take(visit, event, bench)
        if outcome is None and isinstance(event, CommandGiven) and event.name == HERE:
            outcome = await self.group_room.in_private(visit)
        if outcome is None and is_about_digests(event):
            outcome = await self._digests.take(visit, event)
        if outcome is None and is_about_training(event):
            outcome = await self._training.take(visit, event)
        if outcome is None:
            link = ConsoleLink(self.programme, self.locale_of, self.console_url)
            outcome = await link.take(visit, event)
        if outcome is None:
            outcome = await self._hearing.take(visit, reporter, event, awaited=awaited)
        return outcome

    async def _validating(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take what is meant for a question about somebody else's report, or about a number."""
        of_count = is_to_resident(event) or is_about_objections(event)
        if not (is_to_validator(event) or of_count or is_about_places(event)):
            return None
        community = await self.community(visit.unit)
        counting = CountChecks(self.store, community.programme)
        if isinstance(event, ButtonTapped) and is_about_objections(event):
            return await Objecting(counting, self.locale_of).take(visit, event)
        if is_to_resident(event):
            return await Residents(counting, self.locale_of).take(visit, reporter, event)
        if is_about_places(event):
            about = (self.store, community.programme, self.locale_of, self.username)
            near = Neighbours(*about)
            return await near.take(visit, reporter, event)
        return await Validating(community, self.locale_of).take(visit, reporter, event)

    async def _assuring(
        self, visit: Visit, reporter: Reporter, event: Event
    ) -> tuple[Event, Outcome | None]:
        """Take what an author says of a doubted answer; who wants to change it opens the report."""
        programme = (await self.library.offering(visit.unit)).programme
        taken = await Assuring(self.store, programme, self.locale_of).take(visit, reporter, event)
        return (event, taken) if isinstance(taken, Outcome) else (taken, None)

    async def _doubted(self, visit: Visit, reporter: Reporter, tap: ButtonTapped) -> Outcome:
        """Take what somebody says of a published figure."""
        programme = (await self.library.offering(visit.unit)).programme
        return await Doubted(self.store, programme, self.locale_of).take(visit, reporter, tap)

    async def _at_letter(
        self, visit: Visit, reporter: Reporter, event: Event
    ) -> tuple[Event, Outcome | None]:
        """Take what is done about a message to many: a form to begin, or what is said of it."""
        programme = (await self.library.offering(visit.unit)).programme
        locale = self.locale_of(visit.language(programme))
        about = (visit.contact, reporter, visit.session, locale)
        taken = await Letters(visit.unit, programme, *about).take(event)
        if isinstance(taken, CommandGiven):
            return taken, None
        return event, Outcome.of(taken, locale)
