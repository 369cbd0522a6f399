"""Published figures that were corrected or withdrawn, told to those who heard the results.

A message that was sent is left as it is: what somebody read stays in their chat, and what is right
comes below it, in the hours in which they may be written to. It waits for a while after a decision,
so that several come together, and whoever decided can think again. What was told stands beside each
figure; where it comes out otherwise later, that is told as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.library import Library
from conversations.campaigning.audience import RESULTS, Audience
from conversations.campaigning.draft import PER_SECOND
from conversations.campaigning.errata import Erratum, errata_message
from conversations.campaigning.standing import Plan
from conversations.phrases import Locale
from conversations.reviewing.published import FigureCase
from storage import campaigns, figure_cases, subscriptions
from storage.campaigns import AUTOMATIC
from storage.store import Reading, Store

TOLD_AFTER: Final = timedelta(hours=2)
TOLD_WITHIN: Final = timedelta(days=60)
"""What was decided longer ago is no news any more; the results name it."""

ERRATA_MAX: Final = 20
"""Figures in one message."""


@dataclass(frozen=True, slots=True)
class Errata:
    """Plans messages about the figures of one programme that were wrong."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]

    async def plan(self) -> bool:
        """Plan to tell what was decided; tell whether there was anything."""
        name, now = self.library.programme.name, self.now()
        span = (now - TOLD_WITHIN, now - TOLD_AFTER)
        async with self.store.reading() as reading:
            found = await figure_cases.told_wrong(reading, name, *span, ERRATA_MAX)
            if not found:
                return False
            wanted = await subscriptions.any_for(reading, name, RESULTS)
            heard = [case for case, _ in found if wanted and await self._was_heard(reading, case)]
            programme = (await self.library.offering(reading)).programme
        locales = [self.locale_of(tag) for tag in programme.languages]
        errata = [_erratum(case, told) for case, told in found if case in heard]
        message = errata_message(programme, errata, locales)
        async with self.store.unit() as unit:
            for case, _ in found:
                await figure_cases.note_heard(unit, case)
            if errata:
                await campaigns.begin(
                    *(unit, name, Plan(message, Audience(agreed="any", topic=RESULTS))),
                    dedupe=f"{AUTOMATIC}errata {_versions(heard)}",
                    title=message.title,
                    start_at=now.replace(second=0, microsecond=0),
                    per_second=PER_SECOND,
                )
        return bool(errata)

    async def _was_heard(self, reading: Reading, case: FigureCase) -> bool:
        """Tell whether anybody can have read a figure as it was."""
        published = await campaigns.of(reading, self.library.programme.name, case.campaign)
        return published is not None and published.figures.put > 0


def _erratum(case: FigureCase, told: int | None) -> Erratum:
    return Erratum(case.figure, told, case.stands)


def _versions(cases: list[FigureCase]) -> str:
    return " ".join(f"{case.number}.{case.version}" for case in cases)
