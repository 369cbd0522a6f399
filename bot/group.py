"""What happens in groups: one becomes the moderators', cards are tapped, it moves, the bot leaves.

Who acts is asked of the database by their own chat, whose id is Telegram's for the person: what a
button under a card does, it does for those alone who have the right to it now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.billboard import TOPIC_SLOT, Billboard
from bot.casework import Casework
from bot.moderators import as_moderator, role_of
from bot.rendering import Toast, render
from bot.reviews import Reviews
from bot.updates import GroupSaid
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, CommandGiven
from conversations.moderating import group_card
from conversations.moderating.group_card import PUT_BACK, STAMP, TAKE
from conversations.phrases import Locale, Problem, Speech, phrase
from conversations.replies import Block, Send
from conversations.reviewing.acts import Claim, Release
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted
from conversations.reviewing.words import refusal, severity_named
from conversations.roles import may
from conversations.sheets.flags import Severity
from conversations.turn import Occasion
from storage import contacts, groups, outbox, roles, submissions
from storage.contacts import Contact, ContactId
from storage.groups import Card, Group
from storage.outbox import Call
from storage.roles import GivenRole
from storage.store import Store, Unit

COMMAND: Final = "here"
OFF: Final = frozenset({"off", "0", "stop"})
SEVERITIES: Final = {one.name.lower(): one for one in Severity}


@dataclass(frozen=True, slots=True)
class GroupSays:
    """What is answered: calls by contact, the toast of a tap."""

    calls: Sequence[tuple[ContactId, Sequence[Call]]] = ()
    toast: Toast = Toast()  # noqa: RUF009 - frozen.


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """Takes what is done in groups, within the unit of its update."""

    store: Store
    casework: Casework
    billboard: Billboard
    fresh_occasion: Callable[[], Occasion]

    async def take(self, unit: Unit, said: GroupSaid) -> GroupSays:
        """Take a command or a tap."""
        match said.event:
            case CommandGiven(name=name, argument=argument) if name == COMMAND:
                return await self._here(unit, said, argument.lower().split())
            case ButtonTapped(session_key=key) if key == STAMP:
                return await self._tapped(unit, said, said.event)
            case _:
                return GroupSays()

    async def in_private(self, visit: Visit) -> Outcome | None:
        """Tell a coordinator how a group becomes the programme's; None to anybody else."""
        held = await roles.held(visit.unit, self._programme, visit.contact.id)
        if not may(held, "run the programme"):
            return None
        said = Send(group_card.how_to_link())
        return Outcome.of((said,), self._locale(visit.contact))

    # The programme's group

    async def _here(self, unit: Unit, said: GroupSaid, words: list[str]) -> GroupSays:
        now, name = self._now, self._programme
        who = await contacts.by_chat(unit, said.sender_id) if said.sender_id else None
        held = await roles.held_by(unit, name, who.id) if who else ()
        leads = [one for one in held if may((one.role,), "run the programme")]
        known = await contacts.by_chat(unit, said.chat_id)
        if not leads:
            no = group_card.only_coordinators() if said.sender_id else group_card.anonymous()
            return await self._answer(unit, said, (Block(no),))
        group = await contacts.meet(unit, said.chat_id, now)
        language = next((one for one in words if one in self.casework.library.programme.languages),
                        known.language if known else "")  # fmt: skip
        await contacts.keep_language(unit, group.id, language or (who.language if who else ""))
        if OFF.intersection(words):
            linked = await groups.of(unit, name)
            if linked is not None and linked.contact_id == group.id:
                await groups.unlink(unit, name)
            return await self._answer(unit, said, (Block(group_card.unlinked()),))
        severity = next((SEVERITIES[one] for one in words if one in SEVERITIES), Severity.URGENT)
        await outbox.forget_slots(unit, group.id, TOPIC_SLOT, refused_only=True)
        link = Group(group.id, severity, said.is_forum, ModeratorId(leads[0].id))
        await groups.link(unit, name, link, now)
        told = group_card.linked(severity_named(severity), topics=said.is_forum)
        return await self._answer(unit, said, told)

    async def _answer(self, unit: Unit, said: GroupSaid, blocks: Sequence[Block]) -> GroupSays:
        """Answer where somebody wrote: in the same topic of the group."""
        contact = await contacts.meet(unit, said.chat_id, self._now)
        locale = self._locale(contact)
        calls = render((Send(tuple(blocks)),), locale)
        there = {"message_thread_id": said.topic} if said.topic else {}
        placed = [Call(one.method, {**one.params, **there}, one.slot) for one in calls]
        return GroupSays(((contact.id, placed),))

    # Cards

    async def _tapped(self, unit: Unit, said: GroupSaid, tap: ButtonTapped) -> GroupSays:
        name = self._programme
        group, card = await groups.of(unit, name), await groups.card(unit, name, tap.step)
        room = await contacts.by_chat(unit, said.chat_id)
        who = await contacts.by_chat(unit, said.sender_id)
        role = await role_of(unit, name, who.id) if who else None
        if group is None or card is None or room is None or room.id != group.contact_id:
            return self._toast(room, group_card.gone())
        if who is None or role is None:
            # Translators: somebody without the role gives a moderator's command, or taps a button
            # of before.
            no = phrase("This is for moderators. You are not one at present.")
            return self._toast(room, no, alert=True)
        return await self._acts(unit, (group, room, card), (who, role), tap.action)

    async def _acts(
        self,
        unit: Unit,
        where: tuple[Group, Contact, Card],
        who: tuple[Contact, GivenRole],
        action: str,
    ) -> GroupSays:
        """Let somebody take a case on or put it back, and change the card at once."""
        (group, room, card), (contact, role) = where, who
        if action not in {TAKE, PUT_BACK}:
            return GroupSays()
        wanted = Claim() if action == TAKE else Release()
        programme = (await self.casework.library.offering(unit)).programme
        sent = await submissions.by_id(unit, card.case.instance_id)
        own = sent is not None and sent.reporter == self.store.reporter(
            programme.name, contact.chat_id
        )
        by = as_moderator(role, own=own)
        case = card.case
        came = await Reviews(self.store, programme, self.casework.locale_of).act(
            unit, by, case.instance_id, case.version, wanted, self._now
        )
        if not isinstance(came, Acted):
            why = came.speech if isinstance(came, Problem) else refusal(came)
            return self._toast(contact, why, alert=True)
        held = await contacts.hold(unit, room.id)
        if held is not None:
            await self.billboard.show(unit, group, held, replace(card, case=came.case))
        if action == PUT_BACK:
            return GroupSays()
        visit = Visit(unit, contact, None, self.fresh_occasion())
        laid = await self.casework.lay_down(visit, role, case.instance_id)
        toast = self._toast(contact, group_card.taken()).toast
        return GroupSays(((contact.id, laid.calls),), toast)

    def _toast(self, contact: Contact | None, said: Speech, *, alert: bool = False) -> GroupSays:
        return GroupSays((), Toast(self._locale(contact).say(said), alert))

    def _locale(self, contact: Contact | None) -> Locale:
        language = contact.language if contact else ""
        return self.casework.locale_of(language or self.casework.library.programme.languages[0])

    @property
    def _programme(self) -> str:
        return self.casework.library.programme.name

    @property
    def _now(self) -> datetime:
        return self.billboard.now()
