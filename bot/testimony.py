"""What others said about a report, and what came of it later, read from the store.

Of those who were asked there are counts by answer; nothing here leads to any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.opened import opened
from conversations.moderating.testimony import OthersSaid, Step
from conversations.perusal import Reader, lines_of
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.verdicts.grades import Graded, worded
from conversations.xform.problems import FormError
from storage import asks, links, rounds, submissions
from storage.rounds import Round
from storage.store import Reading

STEPS_MAX: Final = 20
"""Reports of one chain that are read, the newest."""

PUT: Final = frozenset({"asked", "answered", "declined", "expired"})
"""Where an ask stands once it was put to somebody."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reads it for one moderator."""

    programme: Programme
    language: str
    now: datetime
    locale_of: Callable[[str], Locale]

    async def said(self, reading: Reading, instance_id: str) -> tuple[OthersSaid, ...]:
        """Return what others said about a report, question by question."""
        about = await rounds.of(reading, instance_id)
        found = [await self._of_round(reading, one) for one in about]
        return tuple(one for one in found if one and one.asked)

    async def _of_round(self, reading: Reading, one: Round) -> OthersSaid | None:
        about = await opened(reading, self.programme, one)
        if about is None:
            return None
        locale = self.locale_of(self.language)
        question = await about.question(reading, self.programme, 0, locale, self.now)
        asked = await asks.of_round(reading, one.id)
        counts = Counter(ask.choice for ask in asked if ask.state == "answered")
        labels = tuple((label, counts[name]) for name, label in question.choices if counts[name])
        put = sum(ask.state in PUT for ask in asked)
        return OthersSaid(question.text, labels, put, worded(Graded(one.grade, one.yes, one.no)))

    async def chain(self, reading: Reading, instance_id: str) -> tuple[Step, ...]:
        """Return the other reports of a report's chain with their answers, in the order they came.

        That is what was answered later to the questions that it brought with it, and what it is
        itself an answer to.
        """
        own = await links.of(reading, instance_id)
        root = own.root if own else instance_id
        chain = [link.instance_id for link in await links.chain(reading, root)]
        before = [root, *chain[: chain.index(instance_id)]] if instance_id in chain else []
        after = [one for one in chain if one != instance_id and one not in before]
        steps = [*((one, True) for one in before), *((one, False) for one in after)]
        return await self._steps(reading, steps[-STEPS_MAX:])

    async def _steps(
        self, reading: Reading, wanted: Sequence[tuple[str, bool]]
    ) -> tuple[Step, ...]:
        found = [await self._step(reading, one, earlier=earlier) for one, earlier in wanted]
        return tuple(step for step in found if step)

    async def _step(self, reading: Reading, original: str, *, earlier: bool) -> Step | None:
        standing = await submissions.standing_of(reading, original)
        if standing is None:
            return None
        sent = standing.submission
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        reader = Reader(self.programme, self.language, self.now, self.locale_of)
        try:
            lines = lines_of(reader, form, sent.xml) if form else ()
        except FormError:
            lines = ()
        said = tuple((line.question, line.words) for line in lines if line.kind)
        title = form.title if form else sent.form_id
        sent_at = standing.sent_at.astimezone(self.programme.zone)
        return Step(sent.receipt, title, sent_at, said, earlier)
