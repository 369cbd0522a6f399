"""People who say that something is wrong with a published figure, at the buttons below it.

A tap counts only for a message that tells figures; the same said twice changes nothing, and one
person can doubt only so many figures a day. What a crowd of new accounts says weighs little: see
`conversations.reviewing.weights`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.published import Published
from bot.visit import Outcome, Visit
from conversations.campaigning import doubts
from conversations.campaigning.doubts import Meant
from conversations.campaigning.standing import Campaign
from conversations.events import ButtonTapped
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Acknowledge, Reply, Send
from conversations.reviewing.published import Figure, Reason
from storage import campaigns, figure_cases
from storage.reporters import Reporter
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Doubted:
    """Takes what people say of the figures of one programme."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, by: Reporter, tap: ButtonTapped) -> Outcome:
        """Take a tap of `is_doubt`, in its unit."""
        locale = self.locale_of(visit.language(self.programme))
        replies = await self._taken(visit, by, tap, locale)
        return Outcome.of(replies, locale)

    async def _taken(
        self, visit: Visit, by: Reporter, tap: ButtonTapped, locale: Locale
    ) -> tuple[Reply, ...]:
        if tap.session_key == doubts.STAMP and tap.action == doubts.NOTHING:
            return Acknowledge(), doubts.left()
        campaign = await campaigns.of(visit.unit, self.programme.name, tap.step)
        message = campaign.plan.message if campaign else None
        meant = doubts.meant_by(tap, message) if message else None
        if campaign is None or message is None or meant is None:
            return (doubts.gone(),)
        if not meant.form_id:
            asked = doubts.ask(self.programme, campaign.id, message, meant, locale)
            return Acknowledge(), *asked
        figure = Figure(message.period, meant.form_id, meant.area)
        if (known := await self._known(visit, by, figure, locale)) is not None:
            return known
        if meant.reason is None:
            asked = doubts.ask(self.programme, campaign.id, message, meant, locale)
            return Acknowledge(), *asked
        return await self._said(visit, by, campaign, meant, meant.reason)

    async def _known(
        self, visit: Visit, by: Reporter, figure: Figure, locale: Locale
    ) -> tuple[Reply, ...] | None:
        """Say how it stands with a figure that is decided, or that this person doubts already."""
        case = await figure_cases.of_figure(visit.unit, self.programme.name, figure)
        if case is not None and case.state == "decided":
            return Acknowledge(), Send((doubts.settled(self.programme, case, locale),))
        if case is not None and await figure_cases.doubts(visit.unit, case.number, by):
            return (Acknowledge(doubts.said_before(), alert=True),)
        return None

    async def _said(
        self, visit: Visit, by: Reporter, campaign: Campaign, meant: Meant, reason: Reason
    ) -> tuple[Reply, ...]:
        published = Published(self.store, self.programme, self.locale_of)
        unit, now, message = visit.unit, visit.occasion.now, campaign.plan.message
        if await published.doubted_enough(unit, by, now):
            return (doubts.too_many(),)
        figure = Figure(message.period, meant.form_id, meant.area)
        shown = message.figures[meant.area][meant.form_id]
        about = (by, visit.contact, campaign.id, figure, shown, reason, now)
        await published.doubt(unit, *about)
        return Acknowledge(), doubts.thanks()
