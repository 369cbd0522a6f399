"""Second looks, how far moderators agree, how much each has done, and the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from bot.console.casework import SHOWN_IN_PLACE
from bot.console.desk import Asked, Desk, go
from bot.console.entry import Visitor
from bot.console.forms import act_of
from bot.console.gathering import Gathering
from bot.console.lists import AreaName, FlagName, code_of, form_titles, names_of
from bot.misreading import judged
from conversations.phrases import Locale
from conversations.replies import Block
from conversations.reviewing.acts import Ending
from conversations.reviewing.cases import Case, ModeratorId
from conversations.reviewing.deciding import outcome_of
from conversations.reviewing.weights import ModeratorRecord, second_look_share
from conversations.validating.agreeing import agreements_of, shown
from conversations.verdicts.agreement import Agreement, agreement
from storage import audit, cases, second_looks, submissions, trust
from storage.second_looks import SecondLook
from storage.store import Reading

SPAN: Final = timedelta(days=30)
"""How far back work and agreement are counted."""

TRUST_SPAN: Final = timedelta(days=365)
"""How far back it is looked how moderators' decisions fared."""

LOOK_AGAIN: Final = timedelta(days=14)
"""How long after a decision it can be in the sample of second looks."""

DECIDED_MAX: Final = 2_000
"""So many decisions are searched for one that wants a second look."""

LOOKS_MAX: Final = 5_000
PAIRS_MIN: Final = 5
"""Of fewer cases no kappa is shown."""

ENTRIES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """How far two moderators agree."""

    one: int
    other: int
    found: Agreement


@dataclass(frozen=True, slots=True)
class FiguresPages:
    """Pages about the work itself."""

    desk: Desk

    async def second(self, asked: Asked) -> Response:
        """Show a case that wants a second look, without what was decided."""
        async with self.desk.store.reading() as reading:
            case = await self._wanting(reading, asked)
            gathering = Gathering(self.desk, reading, asked)
            found = await gathering.whole(case.instance_id) if case else None
        if case is None or found is None:
            return self.desk.told(asked, "nothing", 200)
        await self._note(asked, "SawAgain", case.instance_id)
        chain = self.desk.locale(asked.visitor).chain
        return self.desk.page(
            asked,
            "second.html",
            found=found.dossier,
            map=found.map,
            case=case,
            now=self.desk.now(),
            area_name=AreaName(asked.programme, chain),
            flag_name=FlagName(self.desk, asked),
            form_title=form_titles(asked.programme),
            in_place=SHOWN_IN_PLACE,
            said=asked.request.query_params.get("said") == "second_done",
        )

    async def judge(self, asked: Asked) -> Response:
        """Keep a second look."""
        wanted, instance_id = act_of(asked.form), asked.field("case")
        if not isinstance(wanted, Ending):
            return self.desk.told(asked, "missing", 400)
        now, name = self.desk.now(), asked.programme.name
        async with self.desk.store.unit() as unit:
            visitor = await self.desk.visitor(unit, asked.request)
            case = await cases.of(unit, instance_id)
            known = await trust.records(unit, name, now - TRUST_SPAN)
            if visitor is None or case is None or not await self._may(unit, visitor, case, known):
                return self.desk.told(asked, "missing", 404)
            look = SecondLook(
                *(instance_id, case.decided_by, case.outcome), visitor.id, outcome_of(wanted)
            )
            if await second_looks.keep(unit, name, look, now):
                who = f"role:{visitor.id}"
                await audit.note(unit, self.desk.store, who, "SecondLook", instance_id, now)
        return go("/second", said="second_done")

    async def work(self, asked: Asked) -> Response:
        """Show what waits, who did how much, and how far they agree."""
        since, name = self.desk.now() - SPAN, asked.programme.name
        async with self.desk.store.reading() as reading:
            depth = await cases.depth(reading, name)
            done = await cases.workload(reading, name, since)
            looks = await second_looks.since(reading, name, since, LOOKS_MAX)
            names = await names_of(reading, name)
            residents = agreements_of(await judged(reading, asked.programme, self.desk.now()))
            known = await trust.records(reading, name, self.desk.now() - TRUST_SPAN)
        together = agreement((look.first, look.second) for look in looks)
        return self.desk.page(
            asked,
            "work.html",
            depth=depth,
            done=done,
            names=names,
            trusted=[(who, one.summed, _one_in(one)) for who, one in sorted(known.items())],
            together=together,
            pairs=pairs_of(looks),
            pairs_min=PAIRS_MIN,
            residents=[_said(self.desk.locale(asked.visitor), one) for one in shown(residents)],
        )

    async def audit(self, asked: Asked) -> Response:
        """Show the newest entries of the audit, all or those about a report."""
        query = asked.request.query_params
        code, who = query.get("code", "")[:20], query.get("who", "")[:40]
        async with self.desk.store.reading() as reading:
            subject = await self._subject(reading, asked, code)
            entries = await audit.newest(reading, ENTRIES_MAX, subject, who)
            names = await names_of(reading, asked.programme.name)
        return self.desk.page(
            asked, "audit.html", entries=entries, names=names, code=code, verified=None
        )

    async def verify(self, asked: Asked) -> Response:
        """Look through the whole chain of the audit."""
        async with self.desk.store.reading() as reading:
            verified = await audit.verify(reading, self.desk.store)
            entries = await audit.newest(reading, ENTRIES_MAX)
            names = await names_of(reading, asked.programme.name)
        return self.desk.page(
            asked, "audit.html", entries=entries, names=names, code="", verified=verified
        )

    async def _subject(self, reading: Reading, asked: Asked, code: str) -> str:
        if not code:
            return ""
        found = await submissions.by_receipt(reading, asked.programme.name, code_of(code))
        if not found:
            return "none"
        return await submissions.original_of(reading, found[0].instance_id)

    async def _wanting(self, reading: Reading, asked: Asked) -> Case | None:
        since, name = self.desk.now() - LOOK_AGAIN, asked.programme.name
        done = await second_looks.looked_at(reading, name, since)
        known = await trust.records(reading, name, self.desk.now() - TRUST_SPAN)
        for case in await cases.decided_since(reading, name, since, DECIDED_MAX):
            fresh = case.instance_id not in done
            if fresh and await self._may(reading, asked.visitor, case, known):
                return case
        return None

    async def _may(
        self,
        reading: Reading,
        visitor: Visitor,
        case: Case,
        known: Mapping[ModeratorId, ModeratorRecord],
    ) -> bool:
        """Tell whether a case is in the sample, and the visitor somebody else who serves it."""
        share = second_look_share(known.get(case.decided_by, trust.NOTHING))
        sampled = second_looks.is_sampled(self.desk.store, case.instance_id, share)
        if case.state != "decided" or not sampled or visitor.id in {case.decided_by, case.first}:
            return False
        sent = await submissions.by_id(reading, case.instance_id)
        if sent is None or sent.programme != self.desk.library.programme.name:
            return False
        moderator = visitor.moderator(sent.reporter)
        return moderator.serves(case) and not moderator.own

    async def _note(self, asked: Asked, what: str, subject: str) -> None:
        store, who = self.desk.store, f"role:{asked.visitor.id}"
        async with store.unit() as unit:
            await audit.note(unit, store, who, what, subject, self.desk.now())


def _said(locale: Locale, block: Block) -> tuple[str, bool]:
    """Say a line, and whether it is an item of a list."""
    return locale.say(block.speech), block.style == "item"


def _one_in(record: ModeratorRecord) -> int:
    """Say of how many of somebody's decisions one is looked at again."""
    return round(1 / second_look_share(record))


def pairs_of(looks: Sequence[SecondLook]) -> tuple[Pair, ...]:
    """Compare each two moderators who judged the same cases, those with most cases first."""
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for look in looks:
        one, other = sorted((int(look.first_by), int(look.second_by)))
        said = (look.first, look.second) if look.first_by == one else (look.second, look.first)
        found.setdefault((one, other), []).append(said)
    pairs = (Pair(one, other, agreement(said)) for (one, other), said in found.items())
    return tuple(sorted(pairs, key=lambda pair: (-pair.found.cases, pair.one, pair.other)))
