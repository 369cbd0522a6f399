"""Acts of moderators, done: rights asked, the case kept, the history and the audit written.

Both faces, the chat and the console, come through `Reviews.act`: what it refuses, neither can do.
Everything happens in the caller's unit, so an act is done as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.casebook import as_weighed
from bot.community import Community
from bot.followups import plan_again
from bot.mending import Mending, NewPicture
from bot.rechecking import Rechecked, look_again
from bot.telling import Telling
from conversations.courtesy import wall_of
from conversations.moderating.card import harmless
from conversations.phrases import FormText, Locale, Problem, verbatim
from conversations.programme import Programme
from conversations.replies import Block
from conversations.reviewing.acts import (
    Act,
    AskReporter,
    Correction,
    EditAnswer,
    Escalate,
    Undo,
)
from conversations.reviewing.cases import (
    NOBODY,
    Case,
    ModeratorId,
    Outcome,
    ReviewState,
    Rules,
    look_by,
)
from conversations.reviewing.deciding import Acted, Moderator, Refused, act, appealed, reopened
from conversations.reviewing.words import (
    ANSWER,
    APPEAL,
    NO_ANSWER,
    RECHECK,
    corrected,
    taken_back,
)
from storage import asks, audit, cases, clarifications, due, flags, submissions
from storage.cases import DoneAct
from storage.clarifications import Clarification
from storage.due import CLARIFICATION, UNANSWERED, Planned
from storage.reporters import Reporter
from storage.store import Store, Unit
from storage.submissions import Submission

REVIEW_STATES: Final[Mapping[Outcome, ReviewState]] = {
    "": "received",
    "approved": "approved",
    "verified": "approved",
    "rejected": "rejected",
    "has issues": "has issues",
    "duplicate": "rejected",
    "not verifiable": "has issues",
}
"""ODK Central's words for what was decided, as tables show them."""

DOUBTED_RIGHTLY: Final[frozenset[Outcome]] = frozenset({"rejected", "duplicate"})
"""Outcomes in which whoever flagged a report was right to."""

NO_VERDICT: Final[frozenset[Outcome]] = frozenset({"", "has issues", "not verifiable"})


@dataclass(frozen=True, slots=True)
class Reviews:
    """Does what moderators decide, for one programme."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def act(  # noqa: PLR0913, PLR0917 - who does what with which case as it was seen, when.
        self,
        unit: Unit,
        by: Moderator,
        instance_id: str,
        seen: int,
        wanted: Act,
        now: datetime,
        picture: NewPicture | None = None,
    ) -> Acted | Refused | Problem:
        """Do one act to a report's case and keep all that comes of it; or say why not.

        A `Problem` says, in words, why the report itself cannot be changed so. `picture` is what
        a picture becomes, as `bot.blackening` prepared it.

        `instance_id` is the report's original. Whether the report is the moderator's own is found
        out by the caller, who knows their chat (`Moderator.own`).
        """
        if isinstance(wanted, AskReporter) and wanted.question:
            wanted = await self._spelled(unit, wanted, instance_id)
        case = await cases.hold(unit, instance_id)
        if case is None:
            return "not decided"
        rules = await self._rules(unit, instance_id)
        acted = act(case, wanted, by, seen, now, rules)
        if not isinstance(acted, Acted):
            return acted
        again = Rechecked()
        if isinstance(wanted, Correction):
            problem = await self.mending.mend(unit, instance_id, wanted, now, picture)
            if problem is not None:
                return problem
            about = (self.store, self.programme, self.locale_of)
            again = await look_again(unit, *about, instance_id, now)
            standing = await flags.of(unit, instance_id)
            weighing = (unit, self.programme.name, acted.case, standing, now)
            acted = replace(acted, case=await as_weighed(*weighing))
            await plan_again(unit, self.programme, instance_id, now)
        if isinstance(wanted, Escalate):
            standing = await flags.of(unit, instance_id)
            weighing = (unit, self.programme.name, acted.case, standing, now)
            acted = replace(acted, case=await as_weighed(*weighing, left_by=by.id))
        await self._keep(unit, acted.case, case.version)
        await self._note(unit, by.id, acted.case, wanted, now)
        if again:
            await self._note_rechecked(unit, acted.case, again, now)
        await self._settle(unit, acted, now)
        if acted.outcome or acted.undone:
            community = Community(self.store, self.programme)
            await community.moderated(unit, instance_id, acted.outcome, now)
        await self._tell(unit, acted, wanted, now)
        return acted

    async def _rules(self, unit: Unit, instance_id: str) -> Rules:
        """Return the rules for a report: a record that bears it out is one independent source."""
        rules = self.programme.moderation.rules
        found = await asks.bearing_out(unit, instance_id)
        return replace(rules, sources_min=max(0, rules.sources_min - found))

    @property
    def mending(self) -> Mending:
        """Return who changes the reports themselves."""
        return Mending(self.store, self.programme, self.locale_of)

    async def appeal(
        self, unit: Unit, reporter: Reporter, code: str, now: datetime
    ) -> Case | Refused:
        """Open the case of a reporter's own report again, which they name by its code."""
        case = await self._case_of(unit, reporter, code)
        if case is None:
            return "not decided"
        again = appealed(case, now, self.programme.moderation.rules)
        if not isinstance(again, Case):
            return again
        await self._keep(unit, again, case.version)
        await self._note_of_reporter(unit, again, APPEAL, now)
        await submissions.review(unit, case.instance_id, "received")
        await flags.judge(unit, case.instance_id, right=None)
        return again

    async def answered(self, unit: Unit, asked: Clarification, words: str, now: datetime) -> bool:
        """Bring a reporter's answer into the case; False where it was answered before."""
        if not await clarifications.answer(unit, asked, words, now):
            return False
        case = await cases.hold(unit, asked.instance_id)
        if case is not None and case.state == "asked":
            again = reopened(case, now)
            await self._keep(unit, again, case.version)
            await self._note_of_reporter(unit, again, ANSWER, now)
        elif case is not None:
            await self._note_of_reporter(unit, case, ANSWER, now)  # The case went on meanwhile.
        return True

    async def unanswered(self, unit: Unit, asked: Clarification, now: datetime) -> bool:
        """Let a case go on whose question nobody answered; an answer may still come later."""
        case = await cases.hold(unit, asked.instance_id)
        if asked.state == "answered" or case is None or case.state != "asked":
            return False
        again = reopened(case, now)
        await self._keep(unit, again, case.version)
        done = DoneAct(case.instance_id, again.version, NO_ANSWER, NOBODY, {}, now)
        await cases.note(unit, self.store, self.programme.name, done)
        body = {"version": again.version}
        await audit.note(unit, self.store, "system", NO_ANSWER, case.instance_id, now, body)
        return True

    async def _spelled(self, unit: Unit, wanted: AskReporter, instance_id: str) -> AskReporter:
        """Say a question of the programme's as its reporter reads it."""
        sent = await submissions.by_id(unit, instance_id)
        texts = self.programme.moderation.questions.get(wanted.question, {})
        said = self.programme.text(texts, sent.language) if sent else ""
        return replace(wanted, words=said or "")

    async def _plan_answer(self, unit: Unit, sent: Submission, number: int, now: datetime) -> None:
        """Plan to bring a question to mind, and to let its case go on without an answer."""
        rules, zone = self.programme.moderation.rules, self.programme.zone
        for kind, days in ((CLARIFICATION, rules.remind_days), (UNANSWERED, rules.answer_days)):
            await due.cancel_about(unit, sent.instance_id, now, "asked anew", kind)
            when = now + timedelta(days=days)
            wall = wall_of(when, zone).isoformat()
            about = (self.programme.name, sent.reporter, kind, "", sent.instance_id)
            planned = Planned(
                *about, when, zone.key, wall, f"{kind}:{number}", body={"number": number}
            )
            if days:
                await due.plan(unit, [planned])

    async def _case_of(self, unit: Unit, reporter: Reporter, code: str) -> Case | None:
        for sent in await submissions.by_receipt(unit, self.programme.name, code):
            if sent.reporter == reporter:
                return await cases.hold(unit, await submissions.original_of(unit, sent.instance_id))
        return None

    async def _keep(self, unit: Unit, case: Case, seen: int) -> None:
        by = look_by(case, self.programme.moderation.rules)
        kept = await cases.keep(unit, self.programme.name, case, by, seen)
        assert kept, "the case is held"  # noqa: S101  # Ours, never the user's.

    async def _note_of_reporter(self, unit: Unit, case: Case, act: str, now: datetime) -> None:
        """Write down that a report's own reporter did something; they have no number."""
        done = DoneAct(case.instance_id, case.version, act, NOBODY, {}, now)
        await cases.note(unit, self.store, self.programme.name, done)
        body = {"version": case.version}
        await audit.note(unit, self.store, "reporter", act, case.instance_id, now, body)

    async def _note(
        self, unit: Unit, by: ModeratorId, case: Case, wanted: Act, now: datetime
    ) -> None:
        """Write down what was done; the audit holds no words of anybody's."""
        name = type(wanted).__name__
        done = DoneAct(case.instance_id, case.version, name, by, asdict(wanted), now)
        await cases.note(unit, self.store, self.programme.name, done)
        body = {"version": case.version, "outcome": case.outcome}
        await audit.note(unit, self.store, f"role:{by}", name, case.instance_id, now, body)

    async def _note_rechecked(
        self, unit: Unit, case: Case, again: Rechecked, now: datetime
    ) -> None:
        """Write down which doubts do not hold any more, and which are new."""
        found = {"closed": list(again.closed), "raised": list(again.raised)}
        done = DoneAct(case.instance_id, case.version, RECHECK, NOBODY, found, now)
        await cases.note(unit, self.store, self.programme.name, done)
        await audit.note(unit, self.store, "system", RECHECK, case.instance_id, now, found)

    async def _settle(self, unit: Unit, acted: Acted, now: datetime) -> None:
        """Let tables and records of trust follow what was decided, or taken back."""
        if not acted.outcome and not acted.undone:
            return
        instance_id = acted.case.instance_id
        if acted.case.state == "decided":
            await clarifications.withdraw(unit, instance_id)
            await self._end_alarms(unit, instance_id, now)
        await submissions.review(unit, instance_id, REVIEW_STATES[acted.outcome])
        verdict = None if acted.outcome in NO_VERDICT else acted.outcome in DOUBTED_RIGHTLY
        await flags.judge(unit, instance_id, right=verdict)

    async def _end_alarms(self, unit: Unit, instance_id: str, now: datetime) -> None:
        """Call nobody any more about a report that was looked at and decided."""
        for one in await due.about(unit, instance_id):
            if one.planned.kind == "alarm" and one.state in {"waiting", "asked"}:
                await due.become(unit, one.id, "done", now, "decided")
                await audit.note(unit, self.store, "system", "AlarmEnded", instance_id, now)

    async def _tell(self, unit: Unit, acted: Acted, wanted: Act, now: datetime) -> None:
        """Let the reporter know what was decided, asked, corrected or taken back."""
        sent = await submissions.by_id(unit, acted.case.instance_id)
        if sent is None:
            return
        telling = Telling(self.store, self.programme, self.locale_of)
        match wanted:
            case AskReporter(words, reference):
                asked = (self.programme.name, sent.reporter, sent.instance_id, words, reference)
                number = await clarifications.ask(unit, *asked, now)
                await self._plan_answer(unit, sent, number, now)
                blocks = (*await self._question(unit, sent, reference, now), _said(words))
                await telling.asked_back(unit, sent, blocks, number, now)
            case Undo():
                await telling.tell(unit, sent, (Block(taken_back(sent.receipt)),), now)
            case EditAnswer():
                await telling.tell(unit, sent, (Block(corrected(sent.receipt)),), now)
            case _ if acted.case.state == "decided":
                again = acted.case.appealed
                await telling.decided(unit, sent, wanted, acted.outcome, now, appealed=again)
            case _:
                return

    async def _question(
        self, unit: Unit, sent: Submission, reference: str, now: datetime
    ) -> tuple[Block, ...]:
        """Say the question of the form that a moderator asks about, in the reporter's language."""
        standing = await submissions.standing_of(unit, sent.instance_id)
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        if not reference or standing is None or form is None:
            return ()
        try:
            state = self.mending.opened(form, standing.submission, now).state(reference)
        except KeyError:
            return ()
        return (Block(FormText(state.label), "item"),) if state.label else ()


def _said(words: str) -> Block:
    return Block(verbatim("{words}", words=harmless(words.strip())), "question")
