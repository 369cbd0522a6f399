"""Cards of grave cases in the moderators' group, kept as the cases stand.

A card does not follow each act; a look every few seconds finds the cards that say something else
than their case, whichever face or clock changed it, and the cases that have none. So what changes
often is told once, and never more waits for the group than Telegram lets through in a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot import coordinators
from bot.dossiers import Dossiers
from bot.library import Library
from bot.moderators import called
from bot.rendering import GROUP_TOPIC, render
from conversations.moderating.dossier import Dossier
from conversations.moderating.group_card import group_card, group_keys, group_lost, topic_name
from conversations.phrases import Locale
from conversations.replies import Block, Buttons, Reply, Revise, Send
from conversations.reviewing.cases import Case, ModeratorId
from storage import contacts, groups, outbox, roles
from storage.contacts import Contact
from storage.groups import Card, Group
from storage.outbox import Call, Priority
from storage.store import Store, Unit

BACKLOG_MAX: Final = 15
"""So many calls wait for the group at most; what else changed is told when these are made."""

CARDS_MAX: Final = 200
"""So many undecided cases have cards at most: a group is no list of all that waits."""

TOPICS_OWN_MAX: Final = 60
"""With more areas than that there is one topic a form."""


@dataclass(frozen=True, slots=True)
class Billboard:
    """Keeps the cards of one programme's group."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None
    """Calls the sender when something was put."""

    async def round(self) -> int:
        """Put and change cards; return how many."""
        name, now = self.library.programme.name, self.now()
        async with self.store.reading() as reading:
            group = await groups.of(reading, name)
            if group is None:
                return 0
            contact = await contacts.by_id(reading, group.contact_id)
            gone = contact is None or contact.state != "active"
            room = BACKLOG_MAX - await outbox.waiting(reading, group.contact_id, BACKLOG_MAX)
            changed = await groups.changed(reading, name, now, room) if room > 0 else ()
            left = CARDS_MAX - await groups.open_cards(reading, name)
            room = min(room - len(changed), left)
            fresh = await groups.fresh(reading, name, group.severity, room) if room > 0 else ()
        if gone:
            await self._lost(group)
            return 0
        if changed or fresh:
            await self._put_all(group, changed, fresh)
            self.wake()
        return len(changed) + len(fresh)

    async def _put_all(self, group: Group, changed: Sequence[Card], fresh: Sequence[Case]) -> None:
        async with self.store.unit() as unit:
            contact = await contacts.hold(unit, group.contact_id)
            if contact is None:
                return
            for card in changed:
                await self.show(unit, group, contact, card)
            for case in fresh:
                await self._put(unit, group, contact, case)

    async def show(self, unit: Unit, group: Group, contact: Contact, card: Card) -> None:
        """Let a card say how its case stands now, within a unit that holds the group."""
        found = await self._read(unit, card.case, contact)
        if found is None:
            return
        dossier, blocks = found
        keys = group_keys(card.id, dossier.case, held=self._is_held(dossier.case))
        says = _mark(blocks, keys, self._locale(contact))
        await self._keep(unit, dossier.case, card.topic, says)
        if says != card.says:
            await self._say(unit, group, contact, (Revise(_slot(card.id), blocks, keys),), "")

    async def _put(self, unit: Unit, group: Group, contact: Contact, case: Case) -> None:
        found = await self._read(unit, case, contact)
        if found is None:
            return
        dossier, blocks = found
        topic = await self._topic(unit, group, contact, dossier)
        number = await self._keep(unit, dossier.case, topic, "")
        keys = group_keys(number, dossier.case, held=self._is_held(dossier.case))
        says = _mark(blocks, keys, self._locale(contact))
        await self._keep(unit, dossier.case, topic, says)
        await self._say(unit, group, contact, (Send(blocks, keys, slot=_slot(number)),), topic)

    async def _keep(self, unit: Unit, case: Case, topic: str, says: str) -> int:
        name = self.library.programme.name
        return await groups.keep_card(unit, name, case, topic, self.now(), says)

    async def _say(
        self, unit: Unit, group: Group, contact: Contact, replies: Sequence[Reply], topic: str
    ) -> None:
        calls = [
            replace(one, params=_in_topic(one, topic), priority=Priority.FOLLOW_UP)
            for one in render(replies, self._locale(contact))
        ]
        await outbox.put(unit, group.contact_id, calls, self.now())

    # Topics

    async def _topic(self, unit: Unit, group: Group, contact: Contact, dossier: Dossier) -> str:
        """Return the slot of a case's topic, which is made where there is none; blank for none."""
        if not group.is_forum:
            return ""
        locale = self._locale(contact)
        by_area = len(self.library.programme.areas) <= TOPICS_OWN_MAX
        area = locale.say(dossier.area) if dossier.area is not None and by_area else ""
        code = dossier.case.area if by_area else ""
        slot = f"{TOPIC_SLOT}{dossier.case.form_id}|{code}"
        known = await outbox.message_in(unit, group.contact_id, slot)
        if known is None and not await outbox.is_waiting(unit, group.contact_id, slot):
            name = topic_name(locale.say(dossier.title), area)
            make = Call("createForumTopic", {"name": name}, slot, Priority.FOLLOW_UP)
            await outbox.put(unit, group.contact_id, (make,), self.now())
        return slot

    # What a card is made of

    async def _read(
        self, unit: Unit, case: Case, contact: Contact
    ) -> tuple[Dossier, tuple[Block, ...]] | None:
        programme = (await self.library.offering(unit)).programme
        locale = self._locale(contact)
        dossiers = Dossiers(self.store, programme, self.locale_of)
        dossier = await dossiers.of(unit, case.instance_id, locale.tag, self.now())
        if dossier is None:
            return None
        who = dossier.case.holder(self.now())
        if dossier.case.state == "decided":
            who = dossier.case.decided_by
        return dossier, group_card(dossier, await self._name(unit, who, locale))

    def _is_held(self, case: Case) -> bool:
        return bool(case.holder(self.now()))

    async def _name(self, unit: Unit, number: ModeratorId, locale: Locale) -> str:
        if not number:
            return ""
        given = await roles.of_programme(unit, self.library.programme.name)
        one = next((one for one in given if one.id == number), None)
        if one is None:
            return f"№ {number}"
        return called(one, locale)

    def _locale(self, contact: Contact) -> Locale:
        return self.locale_of(contact.language or self.library.programme.languages[0])

    # The group is gone

    async def _lost(self, group: Group) -> None:
        """End the link to a group that the bot is not in any more, and tell the coordinators."""
        programme, now = self.library.programme, self.now()
        async with self.store.unit() as unit:
            known = await groups.of(unit, programme.name)
            if known != group:
                return
            await groups.unlink(unit, programme.name)
            told = Send((Block(group_lost()),))
            await coordinators.tell(unit, programme, self.locale_of, lambda _: told, now)
        self.wake()


MARK_SIGNS: Final = 16

TOPIC_SLOT: Final = "topic "
"""Opens the slot in which the number of a topic is kept."""


def _mark(blocks: tuple[Block, ...], keys: Buttons | None, locale: Locale) -> str:
    """Return what tells what one card says from what another says."""
    said = [locale.say(block.speech) for block in blocks]
    said += [button.action for row in keys.rows for button in row] if keys else []
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:MARK_SIGNS]


def _slot(card: int) -> str:
    return f"card {card}"


def _in_topic(call: Call, topic: str) -> dict[str, object]:
    if not topic or not call.method.startswith("send"):
        return dict(call.params)
    return {**call.params, "message_thread_id": f"{GROUP_TOPIC}{topic}"}
