"""Coordinators at work, inside the transaction of their update: invitations, desks, trials.

`take` looks at what arrived before the conversation of reports does, and leaves to it whatever is
not meant for a desk. Rights are asked of the database each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import campaigning, takeovers
from bot.library import Library
from bot.menus import menu_call, menu_mark, own_menu
from bot.rendering import TEXT_FILE, render, toast
from bot.visit import Figures, Outcome, Visit, language_chosen, roles_of
from conversations.authoring.desk import Desk, is_of_a_desk
from conversations.authoring.exchange import (
    BeginTrial,
    CheckWorkbook,
    ClearDesk,
    CloseForm,
    CountForms,
    FormsCounted,
    OpenForm,
    PublishForm,
    SendText,
)
from conversations.authoring.trial import as_trial, trial_programme
from conversations.authoring.turns import (
    Moment,
    Told,
    TrialEnded,
    asks_for_figures,
    author,
    awaits_file,
    right_needed,
)
from conversations.commands import command_named
from conversations.dialogue import advance
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.onboarding import language_guess
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Reply, Send
from conversations.roles import may, refused, token_of, welcome
from conversations.session import Session
from conversations.turn import Person
from conversations.xform.renumbering import with_version
from storage import audit, contacts, desks, figures, forms, offers, reach, responders, roles
from storage.contacts import Contact
from storage.offers import KeptWorkbook
from storage.outbox import Call
from storage.store import Reading, Store


@dataclass(frozen=True, slots=True)
class Office:
    """Serves the coordinators of one programme."""

    library: Library
    locale_of: Callable[[str], Locale]
    store: Store

    @property
    def _programme(self) -> Programme:
        return self.library.programme

    async def figures(self, store: Store, chat_id: int, event: Event, now: datetime) -> Figures:
        """Count, outside of any unit, what the answer to an event may show."""
        sizes = campaigning.may_show_size(event)
        if not asks_for_figures(event) and not sizes:
            return Figures()
        async with store.reading() as reading:
            contact = await contacts.by_chat(reading, chat_id)
            held = await roles.held(reading, self._programme.name, contact.id) if contact else ()
            if not may(held, "run the programme"):
                return Figures()
            if contact is not None and sizes:
                return await self._sizes(store, reading, contact, event, now)
            name = self._programme.name
            reports = await figures.reports(reading, name)
            return Figures(reports, await figures.under_way(reading, name))

    async def _sizes(
        self, store: Store, reading: Reading, contact: Contact, event: Event, now: datetime
    ) -> Figures:
        """Count the audience of a message to many people."""
        offered = (await self.library.offering(reading)).programme
        language = language_guess(self._programme, Person(contact.language or None))
        place = campaigning.Desk(offered, contact, language, self.locale_of, now)
        await place.sizes(store, reading, event)
        return Figures(sizes=place.counted)

    async def take(self, visit: Visit, event: Event) -> Outcome | None:
        """Take an event that is meant for a desk; None leaves it to the conversation of reports."""
        if isinstance(event, CommandGiven) and event.name == "start":
            token = token_of(event.argument)
            if token is not None:
                return await self._invited(visit, token)
        held = await roles_of(visit, self._programme.name)
        if not may(held, "run the programme") and (told := self._turned_away(visit, event)):
            return told
        if not held:
            return None
        if may(held, "run the programme") and (outcome := await self._to_many(visit, event)):
            return outcome
        desk = await desks.current(visit.unit, self._programme.name, visit.contact.id) or Desk()
        right = right_needed(
            event,
            file_awaited=await self._awaits_file(visit, desk),
            at_rest=visit.session is None and desk.trial is None,
        )
        if right is not None:
            allowed = may(held, right)
            return await self._at_desk(visit, desk, event) if allowed else None  # type: ignore[arg-type] # Whatever needs a right is told to a desk.
        return await self._in_trial(visit, desk, event) if desk.trial else None

    async def _to_many(self, visit: Visit, event: Event) -> Outcome | None:
        """Take what a coordinator does about messages to many people."""
        offered = (await self.library.offering(visit.unit)).programme
        place = campaigning.Desk(
            *(offered, visit.contact, self._language(visit), self.locale_of),
            *(visit.occasion.now, visit.occasion.fresh_key, dict(visit.figures.sizes)),
        )
        taken = await place.take(visit.unit, event)
        return Outcome(*taken) if taken else None

    async def hear(self, visit: Visit, told: Told) -> Outcome:
        """Bring a fact to somebody's desk that they wait for."""
        desk = await desks.current(visit.unit, self._programme.name, visit.contact.id)
        return await self._at_desk(visit, desk, told) if desk else Outcome(())

    # Invitations

    async def _invited(self, visit: Visit, token: str) -> Outcome:
        programme, now = self._programme, visit.occasion.now
        taken = await roles.take(visit.unit, programme.name, token, visit.contact.id, now)
        if isinstance(taken, roles.Taken):
            who, body = f"role:{taken.number}", {"role": taken.role}
            await audit.note(visit.unit, self.store, who, "Take role", who, now, body)
            if may((taken.role,), "look into records"):
                await self._meet(visit)
        language = self._language(visit)
        chain = self.locale_of(language).chain
        said = (
            welcome(taken.role, programme.text(programme.title, *chain) or programme.name)
            if isinstance(taken, roles.Taken)
            else (refused(taken),)
        )
        reply = Send(tuple(Block(sentence) for sentence in said))
        return self._shown((reply,), language)

    async def _meet(self, visit: Visit) -> None:
        """Know how to reach somebody who is asked to look things up."""
        name, chat = self._programme.name, visit.contact.chat_id
        reporter, now = self.store.reporter(name, chat), visit.occasion.now
        about = (reporter, name, visit.contact.id, self._language(visit), now)
        await reach.meet(visit.unit, self.store, *about)

    def _turned_away(self, visit: Visit, event: Event) -> Outcome | None:
        """Answer a command, or a tap on a button of before, of coordinators by who is none."""
        # Translators: somebody without the role gives a coordinator's command, or taps a button of
        # before.
        told = phrase("This is for coordinators. You are not one at present.")
        match event:
            case ButtonTapped(session_key=key) if is_of_a_desk(key):
                return self._shown((Acknowledge(told),), self._language(visit))
            case CommandGiven(name) if _is_for_coordinators(name):
                return self._shown((Send((Block(told),)),), self._language(visit))
            case _:
                return None

    # The desk

    async def _awaits_file(self, visit: Visit, desk: Desk) -> bool:
        if desk.trial is None:
            return awaits_file(self._programme, visit.session)
        programme = await self._trial_programme(visit)
        return programme is not None and awaits_file(programme, desk.trial)

    async def _at_desk(self, visit: Visit, desk: Desk, told: Told) -> Outcome:
        """Tell the desk, do what it asks, and tell it what comes of that."""
        name, calls, replies = self._programme.name, list[Call](), list[Reply]()
        locale = self.locale_of(self._language(visit))
        waiting = [told]
        while waiting:
            desk, asked = author(desk, await self._moment(visit), waiting.pop())
            await desks.keep(visit.unit, name, visit.contact.id, desk)
            for one in asked:
                match one:
                    case CountForms(in_place):
                        offering = await self.library.offering(visit.unit)
                        counts = visit.figures.counts(offering.standing)
                        waiting.append(FormsCounted(counts, in_place))
                    case BeginTrial():
                        begun = await self._in_trial(visit, desk, CommandGiven("start"))
                        calls += begun.calls
                    case SendText():
                        calls.append(_file_call(one))
                    case CheckWorkbook() | PublishForm() | OpenForm() | CloseForm() | ClearDesk():
                        await self._do(visit, one)
                    case _:
                        calls += render((one,), locale)
                        replies.append(one)
        return Outcome(tuple(calls), toast(replies, locale))

    async def _moment(self, visit: Visit) -> Moment:
        offering = await self.library.offering(visit.unit)
        today = visit.occasion.now.astimezone(self._programme.zone).date()
        return Moment(offering, today, visit.occasion.fresh_key)

    async def _do(
        self, visit: Visit, ask: CheckWorkbook | PublishForm | OpenForm | CloseForm | ClearDesk
    ) -> None:
        unit, name, contact = visit.unit, self._programme.name, visit.contact.id
        match ask:
            case CheckWorkbook(upload, source, file_name):
                now = visit.occasion.now
                await desks.expect(unit, name, contact, upload, source, file_name, now)
            case PublishForm(form_id, version, along):
                await self._publish(visit, version)
                if along:
                    await self._take_over(visit, form_id, version)
            case OpenForm(form_id):
                await offers.open_form(unit, name, form_id)
            case CloseForm(form_id):
                await offers.close_form(unit, name, form_id)
            case ClearDesk():
                await desks.clear(unit, name, contact)

    async def _publish(self, visit: Visit, version: str) -> None:
        unit, name, now = visit.unit, self._programme.name, visit.occasion.now
        lying = await desks.on_it(unit, name, visit.contact.id)
        assert lying is not None  # noqa: S101 - a candidate without its form is our mistake.
        form = self.library.trial(lying.upload, lying.xform)
        numbered = form if form.version == version else with_version(form, version)
        key = (numbered.form_id, numbered.version)
        await forms.keep(unit, name, numbered, now)
        own = form.version == version
        workbook = KeptWorkbook(lying.file_name, lying.content, is_numbered=own)
        await offers.publish(unit, name, key, workbook, now)

    async def _take_over(self, visit: Visit, form_id: str, version: str) -> None:
        """Let earlier reports go by the sheet of a version that was published just now."""
        unit, programme, now = visit.unit, self._programme, visit.occasion.now
        held = await responders.holding(unit, programme.name)
        numbers = [one.number for one in held if one.contact_id == visit.contact.id]
        about = (form_id, version, next(iter(numbers), 0), now)
        await takeovers.begin(unit, self.store, programme, *about)

    # The trial

    async def _trial_programme(self, visit: Visit) -> Programme | None:
        lying = await desks.on_it(visit.unit, self._programme.name, visit.contact.id)
        if lying is None:
            return None
        return trial_programme(self._programme, self.library.trial(lying.upload, lying.xform))

    async def _in_trial(self, visit: Visit, desk: Desk, event: Event) -> Outcome:
        programme = await self._trial_programme(visit)
        if programme is None:
            return await self._at_desk(visit, desk, TrialEnded())
        person = Person(visit.contact.language or None, frozenset(), visit.guess)
        turn = advance(programme, person, desk.trial, event, visit.occasion)
        trial, replies = as_trial(turn)
        language = await self._kept_language(visit, replies, turn.session or desk.trial)
        shown = replace(self._shown(replies, language), chosen=language_chosen(replies))
        after = replace(desk, trial=trial)
        if trial is None:
            ended = await self._at_desk(visit, after, TrialEnded())
            return replace(shown, calls=(*shown.calls, *ended.calls))
        await desks.keep(visit.unit, self._programme.name, visit.contact.id, after)
        return shown

    async def _kept_language(
        self, visit: Visit, replies: Sequence[Reply], session: Session | None
    ) -> str:
        """Keep a language chosen in a trial; return the one to speak."""
        if chosen := language_chosen(replies):
            await contacts.keep_language(visit.unit, visit.contact.id, chosen)
            return chosen
        return session.language if session else self._language(visit)

    # The menu of commands

    async def menu(self, visit: Visit, event: Event, chosen: str) -> tuple[Call, ...]:
        """Put the menu that somebody's chat needs, after a language was chosen or a command given.

        No call is made where it stands already.
        """
        if not chosen and not isinstance(event, CommandGiven):
            return ()
        held = await roles.held(visit.unit, self._programme.name, visit.contact.id)
        language = chosen or self._language(visit)
        menu = own_menu(self._programme, self.locale_of, language, visit.guess, held)
        mark = menu_mark(menu)
        if mark == visit.contact.menu:
            return ()
        await contacts.keep_menu(visit.unit, visit.contact.id, mark)
        return (menu_call(menu),)

    # Words

    def _language(self, visit: Visit) -> str:
        return visit.language(self._programme)

    def _shown(self, replies: Sequence[Reply], language: str) -> Outcome:
        return Outcome.of(replies, self.locale_of(language))


def _is_for_coordinators(name: str) -> bool:
    command = command_named(name)
    return command is not None and command.right == "run the programme"


def _file_call(ask: SendText) -> Call:
    return Call("sendDocument", {"document": f"{TEXT_FILE}{ask.file_name}\n{ask.text}"})
