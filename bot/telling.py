"""Telling a reporter what became of their report, without anybody learning who they are.

The way to them is found by their pseudonym (`storage.reach`) and lies in the outbox afterwards.
Whoever asked to be left alone is not written to; at night the phone stays silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.rendering import render
from conversations.courtesy import wall_of, zone_of
from conversations.moderating.card import harmless
from conversations.phrases import Locale, Speech, phrase, verbatim
from conversations.programme import Programme
from conversations.replies import Block, Button, Buttons, Send
from conversations.reviewing import words
from conversations.reviewing.acts import Act, NotVerifiable, Reject
from conversations.reviewing.cases import Outcome
from storage import contacts, outbox, reach
from storage.contacts import ContactId
from storage.outbox import Call, Priority
from storage.reach import Reach
from storage.store import Store, Unit
from storage.submissions import Submission

APPEAL_STAMP: Final = "@appeal"
ANSWER_STAMP: Final = "@answer"
"""Stamp the buttons under what reporters are told; no session's key looks like them."""

APPEALABLE: Final[frozenset[Outcome]] = frozenset({"rejected", "duplicate", "not verifiable"})


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells people of one programme, each in their own language, in the caller's unit."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def tell(
        self,
        unit: Unit,
        sent: Submission,
        blocks: Iterable[Block],
        now: datetime,
        keys: Buttons | None = None,
    ) -> bool:
        """Write to the reporter of a submission; False where they cannot or will not be."""
        known = await reach.of(unit, sent.reporter)
        if known is None or known.stopped:
            return False
        contact = await contacts.by_id(unit, reach.contact_of(self.store, known))
        if contact is None or contact.state != "active":
            return False
        locale = self.locale_of(contact.language or known.language)
        said = render((Send(tuple(blocks), keys),), locale)
        silent = _is_night(self.programme, known, now)
        calls = [_later(call, silent=silent) for call in said]
        await outbox.put(unit, contact.id, calls, now)
        return True

    async def tell_holder(
        self, unit: Unit, contact_id: ContactId, blocks: Iterable[Block], now: datetime
    ) -> None:
        """Write to somebody who has a role, if they can be written to."""
        contact = await contacts.by_id(unit, contact_id)
        if contact is None or contact.state != "active":
            return
        locale = self.locale_of(contact.language or self.programme.languages[0])
        calls = [_later(call, silent=False) for call in render((Send(tuple(blocks)),), locale)]
        await outbox.put(unit, contact.id, calls, now)

    async def decided(  # noqa: PLR0913 - whom, what was decided by which act, when.
        self,
        unit: Unit,
        sent: Submission,
        act: Act,
        outcome: Outcome,
        now: datetime,
        *,
        appealed: bool,
    ) -> None:
        """Tell a reporter what was decided about their report, why, and what they can do."""
        why = _why(self.programme, act, sent.language)
        blocks = list(words.decided(outcome, sent.receipt, why))
        keys, days = None, self.programme.moderation.rules.appeal_days
        if outcome in APPEALABLE and days and not appealed:
            blocks.append(Block(words.may_appeal(days)))
            # Translators: a button: the reporter does not accept what was decided about their
            # report.
            ask = Button(phrase("Ask for another look"), sent.receipt)
            keys = Buttons(APPEAL_STAMP, 0, ((ask,),))
        if blocks:
            await self.tell(unit, sent, blocks, now, keys)

    async def asked_back(
        self, unit: Unit, sent: Submission, blocks: Iterable[Block], number: int, now: datetime
    ) -> bool:
        """Put a moderator's question to a reporter, with a button to answer it."""
        # Translators: a button under a question about a report that somebody sent.
        answer = Button(phrase("Answer"), "answer")
        keys = Buttons(ANSWER_STAMP, number, ((answer,),))
        told = (Block(words.asked_back(sent.receipt)), *blocks)
        return await self.tell(unit, sent, told, now, keys)

    async def asked_again(
        self, unit: Unit, sent: Submission, asked: str, number: int, now: datetime
    ) -> bool:
        """Bring a moderator's question to a reporter's mind."""
        # Translators: a button under a question about a report that somebody sent.
        answer = Button(phrase("Answer"), "answer")
        keys = Buttons(ANSWER_STAMP, number, ((answer,),))
        question = Block(verbatim("{words}", words=harmless(asked.strip())), "question")
        told = (Block(words.asked_back_again(sent.receipt)), question)
        return await self.tell(unit, sent, told, now, keys)


def _is_night(programme: Programme, known: Reach, now: datetime) -> bool:
    wall = wall_of(now, zone_of(known.zone, programme.zone))
    return wall.time() not in programme.courtesy.hours


def _later(call: Call, *, silent: bool) -> Call:
    params = {**call.params, "disable_notification": True} if silent else call.params
    return replace(call, params=params, priority=Priority.FOLLOW_UP)


def _why(programme: Programme, act: Act, language: str) -> Speech | None:
    match act:
        case Reject(reason, own):
            texts = programme.moderation.reasons.get(reason, {})
            canned = programme.text(texts, language)
            said = " ".join(text for text in (canned, own.strip()) if text)
            return verbatim("{words}", words=harmless(said)) if said else None
        case NotVerifiable(own) if own.strip():
            return verbatim("{words}", words=harmless(own.strip()))
        case _:
            return None
