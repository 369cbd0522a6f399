"""Coordinators who decide what becomes of a number that people say should not be asked about.

Each time it is looked up whether whoever taps runs the programme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.count_checks import CountChecks
from bot.objections import Objections
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped
from conversations.phrases import Locale
from conversations.replies import Acknowledge, Reply
from conversations.roles import may
from conversations.validating import objections as words
from storage import counts, roles
from storage.counts import CheckId


@dataclass(frozen=True, slots=True)
class Objecting:
    """Takes what coordinators decide about objections to numbers."""

    counting: CountChecks
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, tap: ButtonTapped) -> Outcome:
        """Take a tap that `is_about_objections`."""
        locale = self.locale_of(visit.language(self.counting.programme))
        replies = await self._tapped(visit, tap)
        return Outcome.of(replies, locale)

    async def _tapped(self, visit: Visit, tap: ButtonTapped) -> tuple[Reply, ...]:
        unit, name = visit.unit, self.counting.programme.name
        held = await roles.held_by(unit, name, visit.contact.id)
        role = next((one for one in held if may((one.role,), "run the programme")), None)
        outcome = words.ACTIONS.get(tap.action)
        if role is None or outcome is None:
            return words.for_coordinators()
        check = await counts.hold(unit, CheckId(tap.step))
        if check is None or check.number.programme != name:
            return (Acknowledge(),)
        about = (check, outcome, f"role:{role.id}", visit.occasion.now)
        if not await Objections(self.counting).decide(unit, *about):
            return words.decided_before(check.decided)
        return words.decided(outcome, check.id)
