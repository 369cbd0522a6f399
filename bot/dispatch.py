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
from bot.community import Knowledge
from bot.floods import TOO_FAST, Floods, Verdict
from bot.instances import Instances
from bot.library import Library
from bot.outgoing import Nobody, Outgoing, Said
from bot.reception import Reception
from bot.rendering import Toast, render
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
from bot.visit import Outcome, Visit
from conversations.events import (
    BotReturned,
)
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import (
    Block,
    Send,
)
from conversations.turn import Occasion, Turn
from storage import (
    contacts,
    groups,
    outbox,
    sessions,
    updates,
)
from storage.contacts import Contact
from storage.errors import StorageError
from storage.store import Store, Unit
from storage.updates import DeadLetter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TapAnswer:
    """What to answer a tap with, at once."""

    tap_id: str
    toast: Toast


@dataclass(slots=True)
class Dispatch:
    """Takes updates one by one; the caller keeps the order of each chat.

    `outgoing` sends what is said, after the turn's commit. `told` are the troubles of forms that
    the log has already. `instances` saves work between turns. `reception` knows whom an update is
    for.
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
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        """Furnish the rooms."""
        self.reception = Reception(
            *(self.store, self.library, self.locale_of, self.now, self.fresh_key),
            *(self.told, self.instances, self.knowledge, self.console_url, self.username),
        )

    @property
    def programme(self) -> Programme:
        """Return the programme as its folder declares it."""
        return self.library.programme

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
            _, outcome = await self.reception.reports.take(visit, reporter, BotReturned())
            await outbox.put_behind(unit, contact.id, outcome.calls, now)
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
        room = self.reception.group_room
        async with self.store.unit() as unit:
            if not await self.is_due(unit, arrival.update_id, now):
                return None
            says = await room.take(unit, arrival)
            for contact_id, calls in says.calls:
                await outbox.put(unit, contact_id, calls, now)
        for contact_id, _ in says.calls:
            self.outgoing.look(contact_id)
        return TapAnswer(arrival.tap_id, says.toast) if arrival.tap_id else None

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
        reception = self.reception
        figures = await reception.figures(arrival, now)
        async with self.store.unit() as unit:
            if not await self.is_due(unit, arrival.update_id, now):
                metrics.AGAIN.inc()
                self.floods.forgive(arrival.chat_id)
                return None
            contact = await contacts.meet(unit, arrival.chat_id, now)
            if not self.store.alone:
                verdict = await self.floods.judge_together(unit, contact, now, fast)
            if verdict == "take":
                turn, outcome = await reception.answer(unit, contact, arrival, figures, now)
            else:
                turn, outcome = Turn(None), self._too_fast(contact, verdict)
            said = await outgoing.put(unit, contact, outcome.calls, now, self.outgoing)
        self.instances.put(turn.session, turn.live)
        outgoing.go(said, self.outgoing, self.now())
        return TapAnswer(arrival.tap_id, outcome.toast) if arrival.tap_id else None

    def _too_fast(self, contact: Contact, verdict: Verdict) -> Outcome:
        """Take nothing of whoever is too fast, and say so once."""
        locale = self.locale_of(contact.language or self.programme.languages[0])
        return Outcome(render([TOO_FAST], locale) if verdict == "tell" else ())

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
            if met is not None:  # To tell the person is what failed; the update is kept without.
                return await self.set_aside(raw, why)
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
