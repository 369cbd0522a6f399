"""One update, one transaction: what a person did, what the conversation makes of it, what is kept.

Nothing here speaks to Telegram. What is to be shown lies in the outbox when the transaction is
committed; only the answer to a tap is handed back, because a tap cannot wait and need not be kept.
An update that arrives twice changes nothing the second time. An update over which our own code
stumbles is set aside whole, the person is told, and the bot goes on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot import metrics, outgoing
from bot.aftermath import follow
from bot.alarms import Alarms
from bot.allowances import Allowance
from bot.asked import (
    asked_of,
    late,
    take_late,
)
from bot.assuring import Assuring, is_to_author
from bot.billboard import Billboard
from bot.casework import Casework
from bot.community import Community, Knowledge
from bot.console_link import ConsoleLink
from bot.digests import Digests, is_about_digests
from bot.floods import TOO_FAST, Floods, Verdict
from bot.forgetting import Forgetting
from bot.group import COMMAND as HERE
from bot.group import GroupRoom
from bot.hearing import Hearing
from bot.instances import Instances
from bot.keeping import WAITING_MAX, Keeping
from bot.kept import Kept
from bot.letters import Letters, is_about_letters
from bot.library import Library
from bot.neighbours import Neighbours, is_about_places
from bot.office import Figures, Office, Outcome, Visit, language_chosen
from bot.outgoing import Nobody, Outgoing, Said
from bot.outlooks import Outlooks
from bot.rendering import Toast, render, toast
from bot.training import Training, is_about_training
from bot.updates import (
    Arrival,
    ContactLeft,
    GroupLeft,
    GroupMoved,
    GroupSaid,
    Incoming,
    Nothing,
    UnreadableUpdate,
    read_update,
)
from bot.validating import Validating, is_to_validator
from conversations.amending import looks_at_reports
from conversations.coming_back import asked_for, looks_at_waiting
from conversations.dialogue import advance
from conversations.events import (
    Asked,
    BotReturned,
    ButtonTapped,
    CommandGiven,
    Event,
    ReportWaits,
    TextWritten,
)
from conversations.forgetting import is_about_forgetting
from conversations.onboarding import language_guess
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import (
    Block,
    KeepSubmission,
    Reply,
    Send,
)
from conversations.reports import REPORTS_MAX
from conversations.session import Session
from conversations.turn import Occasion, Person, Report, Turn
from conversations.validating.inviting import came_by
from storage import (
    benches,
    campaigns,
    consents,
    contacts,
    due,
    groups,
    outbox,
    reach,
    roles,
    sessions,
    submissions,
    updates,
)
from storage.contacts import Contact
from storage.errors import StorageError
from storage.outbox import Call
from storage.reporters import Reporter
from storage.store import Reading, Store, Unit
from storage.submissions import Standing
from storage.updates import DeadLetter

log = logging.getLogger(__name__)

TROUBLES_TOLD_MAX = 1_000
"""Troubles of forms that one process writes into its log; each of them is written once."""


@dataclass(frozen=True, slots=True)
class TapAnswer:
    """What to answer a tap with, at once."""

    tap_id: str
    toast: Toast


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Takes updates one by one; the caller keeps the order of each chat.

    `outgoing` sends what is said, after the turn's commit. `told` are the troubles of forms that
    the log has already.
    `instances` saves work between turns.
    """

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    fresh_key: Callable[[], str]
    outgoing: Outgoing = field(default_factory=Nobody)
    told: set[str] = field(default_factory=set)
    instances: Instances = field(default_factory=Instances)
    floods: Floods = field(default_factory=Floods)
    knowledge: Knowledge = field(default_factory=Knowledge)
    is_due: Callable[[Unit, int, datetime], Awaitable[bool]] = updates.first_sight
    """Tells, within the turn's unit, whether an update is still to be taken, and notes that it is.
    """
    console_url: str = ""
    """Where moderators find the console; blank where there is none."""
    username: str = ""
    """The bot's own name, by which links lead to it, and commands in a group name it; where it is
    not known, every command is taken for ours."""

    @property
    def programme(self) -> Programme:
        """Return the programme as its folder declares it."""
        return self.library.programme

    async def community(self, reading: Reading) -> Community:
        """Return who keeps others asked about reports, with the forms as they stand."""
        programme = (await self.library.offering(reading)).programme
        return Community(self.store, programme, self.knowledge)

    @property
    def _office(self) -> Office:
        return Office(self.library, self.locale_of, self.store)

    @property
    def _outlooks(self) -> Outlooks:
        return Outlooks(self.library, self.locale_of)

    @property
    def alarms(self) -> Alarms:
        """Return what calls people, and takes what they tap."""
        return Alarms(self.store, self.library, self.locale_of)

    async def take(self, raw: Mapping[str, Any]) -> TapAnswer | None:
        """Take one update as Telegram sent it; when this returns, it is kept for good.

        Raise `StorageError` when nothing can be kept at present: the update must come again.
        Nothing else is raised, for one update must not stop those behind it.
        """
        with metrics.turn(raw) as turn:
            return await self._take_or_set_aside(raw, turn)

    async def _take_or_set_aside(
        self, raw: Mapping[str, Any], turn: metrics.turn
    ) -> TapAnswer | None:
        arrival: Arrival | None = None
        try:
            arrival = read_update(raw)
            return await self._take(arrival)
        except StorageError:
            raise
        except UnreadableUpdate as error:
            turn.failed("unreadable", error)
            log.warning("An update is not as Telegram documents it and is set aside: %s", error)
            await self.set_aside(raw, f"unreadable: {error}")
        except Exception as error:
            turn.failed("failed", error)
            log.exception("A turn failed; update %s is set aside", raw.get("update_id"))
            met = arrival if isinstance(arrival, Incoming) else None
            await self.set_aside(raw, f"a turn failed: {error!r}", met)
            return TapAnswer(met.tap_id, Toast()) if met and met.tap_id else None
        return None

    async def ask_again(self, contact: Contact, back_at: datetime) -> bool:
        """Put a contact's question once more, unless they have gone on since `back_at`.

        It waits behind whoever is being answered. Tell whether anything is said.
        """
        now = self.now()
        reporter = self.store.reporter(self.programme.name, contact.chat_id)
        async with self.store.unit() as unit:
            if await contacts.hold(unit, contact.id) is None:
                return False
            session = await sessions.current(unit, reporter, self.programme.name)
            changed_at = await sessions.changed_at(unit, reporter, self.programme.name)
            if session is None or changed_at is None or changed_at >= back_at:
                return False
            occasion = Occasion(now, self.fresh_key(), self.locale_of)
            visit = Visit(unit, contact, session, occasion)
            _, outcome = await self._report(visit, reporter, BotReturned())
            priority = outbox.Priority.FOLLOW_UP
            later = [replace(call, priority=priority) for call in outcome.calls]
            await outbox.put(unit, contact.id, later, now)
        self.outgoing.look(contact.id)
        return bool(outcome.calls)

    async def replay(self, letter: DeadLetter) -> None:
        """Take an update that was set aside, as if it came now; then it is set aside no more.

        That is one transaction: a letter is replayed once, however often it is tried. Raise what
        kept the update from being taken; it stays set aside then.
        """
        arrival = read_update(json.loads(letter.raw))
        again = replace(self, is_due=_still_aside)
        await again._take(arrival)  # noqa: SLF001 - it is ourselves, looking elsewhere.
        if isinstance(arrival, Nothing):
            async with self.store.unit() as unit:
                await updates.take_back(unit, letter.update_id)

    async def _take(self, arrival: Arrival) -> TapAnswer | None:
        match arrival:
            case Incoming():
                return await self._turn(arrival)
            case ContactLeft() | GroupLeft():
                await self._take_leaving(arrival)
            case GroupSaid():
                return await self._in_group(arrival)
            case GroupMoved():
                await self._take_moving(arrival)
            case Nothing():
                pass
        return None

    async def _in_group(self, arrival: GroupSaid) -> TapAnswer | None:
        """Take a command or a tap in a group, whoever gives it; see `bot.group`."""
        now = self.now()
        if arrival.addressed and self.username not in {"", arrival.addressed}:
            return None  # It is meant for another bot.
        fast, who = self.programme.limits.updates_a_minute, arrival.sender_id or arrival.chat_id
        verdict = self.floods.judge(who, arrival.update_id, now, fast)
        if verdict != "take":
            return TapAnswer(arrival.tap_id, Toast()) if arrival.tap_id else None
        room = self._group_room
        async with self.store.unit() as unit:
            if not await self.is_due(unit, arrival.update_id, now):
                return None
            says = await room.take(unit, arrival)
            for contact_id, calls in says.calls:
                await outbox.put(unit, contact_id, calls, now)
        for contact_id, _ in says.calls:
            self.outgoing.look(contact_id)
        return TapAnswer(arrival.tap_id, says.toast) if arrival.tap_id else None

    @property
    def _group_room(self) -> GroupRoom:
        rooms = (self.store, self.library, self.locale_of)
        board = Billboard(*rooms, self.now)
        return GroupRoom(self.store, Casework(*rooms), board, self._fresh_occasion)

    def _fresh_occasion(self) -> Occasion:
        return Occasion(self.now(), self.fresh_key(), self.locale_of)

    async def _take_moving(self, arrival: GroupMoved) -> None:
        async with self.store.unit() as unit:
            if await self.is_due(unit, arrival.update_id, self.now()):
                where = (arrival.chat_id, arrival.new_chat_id)
                await groups.follow_move(unit, self.programme.name, *where)

    async def _take_leaving(self, arrival: ContactLeft | GroupLeft) -> None:
        async with self.store.unit() as unit:
            if await self.is_due(unit, arrival.update_id, self.now()):
                contact = await contacts.meet(unit, arrival.chat_id, self.now())
                await contacts.mark_gone(unit, contact.id)

    async def _turn(self, arrival: Incoming) -> TapAnswer | None:
        now, fast = self.now(), self.programme.limits.updates_a_minute
        verdict = self.floods.judge(arrival.chat_id, arrival.update_id, now, fast)
        if verdict == "ignore":
            return TapAnswer(arrival.tap_id, Toast()) if arrival.tap_id else None
        figures = await self._office.figures(self.store, arrival.chat_id, arrival.event, now)
        seen = await self._outlooks.look(self.store, arrival.chat_id, arrival.event, now)
        figures = replace(figures, outlook=seen) if seen else figures
        async with self.store.unit() as unit:
            if not await self.is_due(unit, arrival.update_id, now):
                metrics.AGAIN.inc()
                self.floods.forgive(arrival.chat_id)
                return None
            contact = await contacts.meet(unit, arrival.chat_id, now)
            if not self.store.alone:
                verdict = await self.floods.judge_together(unit, contact, now, fast)
            if verdict == "take":
                turn, outcome = await self._answer(unit, contact, arrival, figures, now)
            else:
                turn, outcome = Turn(None), self._too_fast(contact, verdict)
            said = await outgoing.put(unit, contact, outcome.calls, now, self.outgoing)
        self.instances.put(turn.session, turn.live)
        outgoing.go(said, self.outgoing, self.now())
        return TapAnswer(arrival.tap_id, outcome.toast) if arrival.tap_id else None

    async def _answer(
        self, unit: Unit, contact: Contact, arrival: Incoming, figures: Figures, now: datetime
    ) -> tuple[Turn, Outcome]:
        """Take what somebody did, at their desk or in the conversation of reports."""
        reporter = self.store.reporter(self.programme.name, arrival.chat_id)
        session = await sessions.current(unit, reporter, self.programme.name)
        live = self.instances.take(session)
        occasion = Occasion(now, self.fresh_key(), self.locale_of, live)
        visit = Visit(unit, contact, session, occasion, arrival.language_code, figures)
        turn = Turn(session, live=live)
        event, outcome = arrival.event, self._outlooks.take(visit)
        if outcome is None:
            outcome = await self.alarms.take(visit, event, now)
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
            outcome = await self._office.take(visit, event)
        if outcome is None:
            turn, outcome = await self._report(visit, reporter, event)
        menu = await self._office.menu(visit, arrival.event, outcome.chosen)
        return turn, replace(outcome, calls=(*outcome.calls, *menu))

    async def _reviewing(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take what is meant for a moderator's bench, or what a reporter says to a moderator."""
        if not isinstance(event, ButtonTapped | CommandGiven | TextWritten):
            return None
        rooms = (self.store, self.library, self.locale_of)
        about = (visit.unit, self.programme.name, visit.contact.id, reporter)
        bench, awaited = await benches.waiting(*about)
        outcome = await Casework(*rooms).take(visit, event, bench)
        if outcome is None and isinstance(event, CommandGiven) and event.name == HERE:
            outcome = await self._group_room.in_private(visit)
        if outcome is None and is_about_digests(event):
            outcome = await Digests(*rooms, self.now).take(visit, event)
        if outcome is None and is_about_training(event):
            outcome = await Training(*rooms).take(visit, event)
        if outcome is None:
            link = ConsoleLink(self.programme, self.locale_of, self.console_url)
            outcome = await link.take(visit, event)
        if outcome is None:
            outcome = await Hearing(*rooms).take(visit, reporter, event, awaited=awaited)
        return outcome

    async def _validating(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome | None:
        """Take what is meant for a question about somebody else's report."""
        if not (is_to_validator(event) or is_about_places(event)):
            return None
        community = await self.community(visit.unit)
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

    async def _at_letter(
        self, visit: Visit, reporter: Reporter, event: Event
    ) -> tuple[Event, Outcome | None]:
        """Take what is done about a message to many: a form to begin, or what is said of it."""
        programme = (await self.library.offering(visit.unit)).programme
        person = Person(visit.contact.language or None, guess=visit.guess)
        locale = self.locale_of(language_guess(programme, person))
        about = (visit.contact, reporter, visit.session, locale)
        taken = await Letters(visit.unit, programme, *about).take(event)
        if isinstance(taken, CommandGiven):
            return taken, None
        return event, Outcome(render(taken, locale), toast(taken, locale))

    def _too_fast(self, contact: Contact, verdict: Verdict) -> Outcome:
        """Take nothing of whoever is too fast, and say so once."""
        locale = self.locale_of(contact.language or self.programme.languages[0])
        return Outcome(render([TOO_FAST], locale) if verdict == "tell" else ())

    async def _report(self, visit: Visit, reporter: Reporter, event: Event) -> tuple[Turn, Outcome]:
        """Take an event into the conversation of reports, and keep what comes of it."""
        unit, contact, session = visit.unit, visit.contact, visit.session
        agreed = await consents.standing(unit, reporter, self.programme.name)
        asked = looks_at_reports(session, event)
        reports = await self._reports(unit, reporter) if asked else ()
        language, low_data = contact.language or None, contact.low_data
        held = await roles.held(unit, self.programme.name, contact.id)
        may = Allowance(unit, reporter, self.programme, visit.occasion.now)
        lately, left = await may.reports_lately(session, event), await may.bytes_left(event)
        person = Person(language, agreed, visit.guess, reports, low_data, held, lately, left)
        programme = (await self.library.offering(unit)).programme
        if isinstance(event, CommandGiven) and event.name == "time":
            known = await reach.of(unit, reporter)
            person = replace(person, zone=known.zone if known else "")
        if looks_at_waiting(event):
            waiting = await self._waiting(unit, programme, reporter, language or "", event)
            person = replace(person, waiting=waiting)
        turn = advance(programme, person, session, event, visit.occasion)
        turn = _with_invitation(turn, session, event)
        self._log_troubles(turn, turn.session or session)
        now = visit.occasion.now
        keeping = Keeping(unit, contact, reporter, programme, self.store, now, may)
        await keeping.keep(session, turn)
        if turn.session is not None and turn.session.due_id == asked_for(event) != 0:
            await take_late(unit, programme, reporter, turn.session.due_id, now)
        besides = await self._follow(visit, reporter, programme, turn)
        locale = self.locale_of(self._language(turn, session, contact))
        calls = render((*turn.replies, *besides), locale)
        chosen = language_chosen(turn.replies)
        outcome = Outcome(calls, toast(turn.replies, locale), chosen)
        if session is not None and session.due_id and turn.session is None:
            return await self._back_to_own(visit, reporter, turn, outcome)
        return turn, outcome

    async def _back_to_own(
        self, visit: Visit, reporter: Reporter, turn: Turn, outcome: Outcome
    ) -> tuple[Turn, Outcome]:
        """Take up the report again that made way for a question of ours."""
        own = await sessions.bring_back(visit.unit, reporter, self.programme.name)
        if own is None:
            return turn, outcome
        back, more = await self._report(
            replace(visit, session=own), reporter, ReportWaits(after_another=True)
        )
        return back, replace(outcome, calls=(*outcome.calls, *more.calls))

    async def speak_first(
        self, unit: Unit, contact: Contact, reporter: Reporter, event: Event
    ) -> tuple[Turn, tuple[Call, ...]]:
        """Bring an event of our own into somebody's conversation, within a unit that holds them.

        What is to be said waits behind whoever is being answered.
        """
        session = await sessions.current(unit, reporter, self.programme.name)
        occasion = Occasion(self.now(), self.fresh_key(), self.locale_of)
        turn, outcome = await self._report(Visit(unit, contact, session, occasion), reporter, event)
        later = outbox.Priority.FOLLOW_UP
        return turn, tuple(replace(call, priority=later) for call in outcome.calls)

    async def _waiting(
        self, unit: Unit, programme: Programme, reporter: Reporter, language: str, event: Event
    ) -> tuple[Asked, ...]:
        """Find the questions that were put to somebody and have no answer yet.

        One that was given up is among them where it is tapped, and can still be answered.
        """
        locale, now = self.locale_of(language or programme.languages[0]), self.now()
        tapped = await late(unit, reporter, asked_for(event), now)
        rows = await due.of_reporter(unit, reporter, "asked", WAITING_MAX)
        rows = (*rows, tapped) if tapped else rows
        found = [await asked_of(unit, programme, row, locale, now) for row in rows]
        return tuple(one for one in found if one is not None)

    async def _follow(
        self, visit: Visit, reporter: Reporter, programme: Programme, turn: Turn
    ) -> tuple[Reply, ...]:
        """Let a report that was kept in this turn bring with it what it does.

        Return what is said to its reporter besides.
        """
        session, instance, now = visit.session, turn.live, visit.occasion.now
        besides: tuple[Reply, ...] = ()
        for sent in turn.replies:
            if isinstance(sent, KeepSubmission) and not sent.replaces:
                await campaigns.note_answered(visit.unit, visit.contact.id, sent.form_id)
            if isinstance(sent, KeepSubmission) and session is not None and instance is not None:
                began_at = datetime.fromisoformat(session.began_at)
                about = (self.store, programme, visit.contact, reporter, sent, instance)
                locales = {tag: self.locale_of(tag) for tag in programme.languages}
                by = session.invited_by
                kept = Kept(visit.unit, *about, began_at, now, session.due_id, by)
                besides = await follow(kept, locales)
        return besides

    def _log_troubles(self, turn: Turn, session: Session | None) -> None:
        """Tell the operator once of each thing in a form that could not be worked out."""
        form = session.form_id if session and session.form_id else "a form"
        for trouble in turn.troubles:
            line = f"{form} of {self.programme.name}: {trouble}"
            if len(self.told) < TROUBLES_TOLD_MAX and line not in self.told:
                self.told.add(line)
                log.warning("Could not be worked out in %s", line)

    async def _reports(self, unit: Unit, reporter: Reporter) -> tuple[Report, ...]:
        sent = await submissions.recent(unit, reporter, self.programme.name, REPORTS_MAX)
        return tuple(_report(standing) for standing in sent)

    def _language(self, turn: Turn, before: Session | None, contact: Contact) -> str:
        """Return the language the person is spoken to in after this turn."""
        session = turn.session or before
        if chosen := language_chosen(turn.replies):
            return chosen
        if session is not None:
            return session.language
        return contact.language or self.programme.languages[0]

    async def set_aside(
        self, raw: Mapping[str, Any], why: str, met: Incoming | None = None
    ) -> None:
        """Keep an update for the operator, and tell the person, if one is known."""
        try:
            async with self.store.unit() as unit:
                said = await self._keep_aside(unit, raw, why, met)
        except StorageError:
            raise
        except Exception:
            log.exception("Update %s cannot even be set aside and is lost", raw.get("update_id"))
        else:
            if said is not None:
                outgoing.go(said, self.outgoing, self.now())

    async def _keep_aside(
        self, unit: Unit, raw: Mapping[str, Any], why: str, met: Incoming | None
    ) -> Said | None:
        now, update_id = self.now(), int(raw["update_id"])
        if not await updates.first_sight(unit, update_id, now):
            return None
        await updates.set_aside(unit, update_id, json.dumps(raw), why, now)
        if met is None:
            return None
        contact = await contacts.meet(unit, met.chat_id, now)
        locale = self.locale_of(contact.language or self.programme.languages[0])
        return await outgoing.put(unit, contact, render([_APOLOGY], locale), now, self.outgoing)


async def _still_aside(unit: Unit, update_id: int, _now: datetime) -> bool:
    return await updates.take_back(unit, update_id)


def _with_invitation(turn: Turn, before: Session | None, event: Event) -> Turn:
    """Let a session remember by whose link the person came."""
    token = came_by(event) or (before.invited_by if before else "")
    if not token or turn.session is None or turn.session.invited_by == token:
        return turn
    return replace(turn, session=replace(turn.session, invited_by=token))


def _report(standing: Standing) -> Report:
    sent = standing.submission
    return Report(
        *(sent.instance_id, sent.form_id, sent.form_version),
        *(sent.receipt, standing.sent_at, sent.xml),
        sent.review_state,
    )


_APOLOGY = Send(
    (
        Block(
            # Translators: something failed inside the bot; the person did nothing wrong.
            phrase(
                "Something went wrong on our side. What you told us before is kept. "
                "Please try again in a moment."
            )
        ),
    )
)
