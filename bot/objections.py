"""What becomes of it that people say that a number should not be asked about: kept, and told.

Coordinators decide, or publish the form with another question, or without one. Whoever objected is
told by what is planned (`due`), in the hours in which they may be written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.choosing import plan_gently
from bot.count_checks import OBJECTION, CountChecks
from conversations.validating.objections import ObjectionOutcome
from conversations.validating.questions import Why
from storage import audit, count_asks, counts, due
from storage.count_asks import CountAsk
from storage.counts import CountCheck
from storage.reporters import Reporter
from storage.store import Unit

TOLD_AFTER: Final = timedelta(hours=1)
"""So long a coordinator may think again before anybody hears of it."""

FINAL: Final[frozenset[ObjectionOutcome]] = frozenset({"changed", "withdrawn"})
"""What cannot be taken back: nobody is asked about the number any more."""

OBJECTED_MAX: Final = 1_000
"""Numbers with objections that are looked at in one round."""


@dataclass(frozen=True, slots=True)
class Objections:
    """Keeps what people of one programme object to, and what is decided about it."""

    counting: CountChecks

    async def take(self, unit: Unit, ask: CountAsk, why: Why, now: datetime) -> bool:
        """Keep that somebody says a number should not be asked about.

        Return whether coordinators are to hear of it: nobody gave that reason for it before. Where
        they have heard it and decided, that is the answer at once.
        """
        is_new = await count_asks.object_to(unit, ask.id, why)
        check = await self.counting.settle(unit, ask.check_id, now)
        if check is None or not is_new:
            return False
        asked = await count_asks.of_check(unit, ask.check_id)
        heard = sum(one.objection == why for one in asked) > 1
        outcome = "withdrawn" if check.state == "void" and not check.decided else check.decided
        if outcome and (heard or outcome != "kept"):
            await count_asks.decide_one(unit, ask.id, outcome)
            await self._plan(unit, check, {ask.id: ask.validator}, outcome, now)
            return False
        return not heard

    async def decide(
        self, unit: Unit, check: CountCheck, outcome: ObjectionOutcome, who: str, now: datetime
    ) -> bool:
        """Decide about a number, held, that people object to; False where it is decided so already.

        What was ended stays ended: nobody is asked about it again.
        """
        if check.decided in FINAL:
            return False
        whose = await count_asks.decide(unit, check.id, outcome)
        if check.decided == outcome and not whose:
            return False
        await counts.decide(unit, check.id, outcome)
        if outcome in FINAL and check.state != "void":
            await self.counting.close(unit, check, now)
        body = {"outcome": outcome, "month": check.number.month, "place": check.number.place}
        subject = _subject(check)
        await audit.note(unit, self.counting.store, who, "DecideObjections", subject, now, body)
        await due.cancel_about(unit, subject, now, "decided anew", OBJECTION)
        await self._plan(unit, check, whose, outcome, now)
        return True

    async def look_after(self, now: datetime) -> None:
        """Take it that whoever published another question, or none, has decided."""
        async with self.counting.store.reading() as reading:
            found = await counts.objected(reading, self.counting.programme.name, OBJECTED_MAX)
        for check in found:
            outcome = self._by_publishing(check)
            if outcome:
                async with self.counting.store.unit() as unit:
                    held = await counts.hold(unit, check.id)
                    if held is not None:
                        await self.decide(unit, held, outcome, "system", now)

    def _by_publishing(self, check: CountCheck) -> ObjectionOutcome:
        """Say what the form on offer makes of a number's question; blank for nothing."""
        now_asked = self.counting.row_now(check.number)
        if now_asked is None:
            return "withdrawn"
        asked = self.counting.row_of(check)
        same = asked is None or asked.question == now_asked.question
        return "" if same else "changed"

    async def _plan(
        self,
        unit: Unit,
        check: CountCheck,
        whose: Mapping[int, Reporter],
        outcome: ObjectionOutcome,
        now: datetime,
    ) -> None:
        for ask_id, validator in whose.items():
            dedupe = f"{OBJECTION}:{ask_id}:{outcome}"
            about = (check.number.name, _subject(check), dedupe, {"ask": ask_id})
            programme = self.counting.programme
            await plan_gently(unit, programme, validator, OBJECTION, about, now, TOLD_AFTER)


def _subject(check: CountCheck) -> str:
    return f"count:{check.id}"
