"""Monthly results for those who asked for them: a campaign of its own in a month's first week.

There is one for a month, whoever plans it and however often: its dedupe key names the month. It
also says which earlier figures were corrected or withdrawn since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.count_checks import CountChecks, question_of
from bot.counting import month_of
from bot.library import Library
from conversations.campaigning.audience import RESULTS, Audience
from conversations.campaigning.draft import PER_SECOND
from conversations.campaigning.results import Opinion, Revised, results_message
from conversations.campaigning.standing import Plan
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.reviewing.published import FigureCase
from conversations.validating.counts import month_before, published
from storage import campaigns, count_asks, counts, figure_cases, subscriptions
from storage.campaigns import AUTOMATIC
from storage.store import Reading, Store

UNTIL_DAY: Final = 7
"""A month's results are sent until this day of the next; later they would be no news."""

CHECKS_MAX: Final = 1_000
"""Numbers of a month that people were asked about."""

REVISED_MAX: Final = 50
"""Earlier figures that changed, named in one month's results."""


@dataclass(frozen=True, slots=True)
class Results:
    """Plans the results of the month that is over."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]

    async def plan(self) -> bool:
        """Plan last month's results where it is time and anybody wants them; tell whether so."""
        programme, now = self.library.programme, self.now()
        today = now.astimezone(programme.zone).date()
        if today.day > UNTIL_DAY:
            return False
        first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        dedupe = f"{AUTOMATIC}results {first:%Y-%m}"
        async with self.store.reading() as reading:
            if await campaigns.is_known(reading, programme.name, dedupe):
                return False
            if not await subscriptions.any_for(reading, programme.name, RESULTS):
                return False
            offered = (await self.library.offering(reading)).programme
            month = await month_of(reading, offered, first)
            changed = await figure_cases.to_announce(reading, programme.name, REVISED_MAX)
            opinions = await self._opinions(reading, offered, first)
        locales = [self.locale_of(tag) for tag in programme.languages]
        message = results_message(month, locales, [_revised(case) for case in changed], opinions)
        async with self.store.unit() as unit:
            begun = await campaigns.begin(
                *(unit, programme.name, Plan(message, Audience(agreed="any", topic=RESULTS))),
                dedupe=dedupe,
                title=message.title,
                start_at=now.replace(second=0, microsecond=0),
                per_second=PER_SECOND,
            )
            for case in changed if begun else ():
                await figure_cases.note_announced(unit, case.number)
            return begun

    async def _opinions(
        self, reading: Reading, programme: Programme, first: date
    ) -> tuple[Opinion, ...]:
        """Say what people think of the numbers of the month before, in each language."""
        month, counting = f"{month_before(first):%Y-%m}", CountChecks(self.store, programme)
        found = []
        for check in await counts.of_month(reading, programme.name, month, CHECKS_MAX):
            people = count_asks.tally_of(await count_asks.of_check(reading, check.id)).people
            if not check.says or check.state == "void":
                continue
            locales = [self.locale_of(tag) for tag in programme.languages]
            texts = {locale.tag: question_of(counting, check, locale) for locale in locales}
            said = {
                locale.tag: locale.say(published(text, people, check.says))
                for locale in locales
                if (text := texts[locale.tag])
            }
            if said:
                found.append(Opinion(check.number.place, said))
        return tuple(found)


def _revised(case: FigureCase) -> Revised:
    figure = case.figure
    return Revised(figure.period, figure.form_id, figure.area, case.stands)
