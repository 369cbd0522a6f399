"""`/train`: moderators practise on decided reports; `/workload`: coordinators see how it goes.

Within the transaction of the update. Which reports are samples is asked anew each time: one whose
reporter takes their consent back, or whose case is opened again, is none any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.dossiers import Dossiers
from bot.library import Library
from bot.moderators import as_moderator, called, role_of, served_by
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.moderating.dossier import Dossier
from conversations.moderating.veiled import blackened, nameless
from conversations.phrases import Locale, Speech, phrase
from conversations.replies import Acknowledge, Block, Reply, Revise, Send
from conversations.reviewing.acts import NotVerifiable, Reject
from conversations.reviewing.cases import Case, ModeratorId
from conversations.roles import may
from conversations.sheets.flags import Severity
from conversations.training import course
from conversations.training.course import JUDGED, JUDGED_BY, SLOT, STAMP, Judged, as_judged
from conversations.training.samples import Decision, sample_of
from conversations.training.workload import AtWork, Workload, workload_message
from conversations.verdicts.agreement import agreement
from storage import audit, cases, consents, lessons, roles, second_looks, submissions, trust
from storage.lessons import Lesson
from storage.roles import GivenRole
from storage.store import Store

SUPPLY_MAX: Final = 60
"""So many decided cases are looked at for the next sample."""

DAYS: Final = 30
TRUST_DAYS: Final = 365
"""How far back work is counted."""

LOOKS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Training:
    """Lets the moderators of one programme practise."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, event: Event) -> Outcome | None:
        """Take an event that is meant for this room; None leaves it to others."""
        match event:
            case CommandGiven("train"):
                return await self._with_role(visit, event)
            case ButtonTapped(session_key=key) if key == STAMP:
                return await self._with_role(visit, event)
            case CommandGiven("workload"):
                return await self._workload(visit)
            case _:
                return None

    async def _with_role(self, visit: Visit, event: Event) -> Outcome:
        role = await role_of(visit.unit, self._name, visit.contact.id)
        tapped = isinstance(event, ButtonTapped)
        if role is None:
            # Translators: somebody without the role gives a moderator's command, or taps a button
            # of before.
            said = phrase("This is for moderators. You are not one at present.")
            return self._shown(visit, (Acknowledge(said),) if tapped else (_plain(said),))
        if isinstance(event, ButtonTapped):
            return self._shown(visit, await self._tapped(visit, role, event))
        return self._shown(visit, await self._next(visit, role))

    async def _tapped(self, visit: Visit, role: GivenRole, tap: ButtonTapped) -> Sequence[Reply]:
        match tap.action:
            case "next":
                return await self._further(visit, role, tap.step)
            case "enough":
                return (Acknowledge(), *course.stopped())
            case action if action in JUDGED_BY:
                return await self._judged(visit, role, tap.step, action)
            case _:
                return (Acknowledge(),)

    # Samples

    async def _further(self, visit: Visit, role: GivenRole, step: int) -> tuple[Reply, ...]:
        """Show the next sample, unless a tap that came twice has shown it."""
        lesson = await lessons.open_of(visit.unit, self._name, ModeratorId(role.id))
        if lesson is not None and lesson.id > step:
            return (Acknowledge(),)
        return (Acknowledge(), Revise(SLOT, None), *await self._next(visit, role))

    async def _next(self, visit: Visit, role: GivenRole) -> tuple[Reply, ...]:
        """Put the sample that lies before a moderator, or the next one."""
        known = await lessons.judged(visit.unit, self._name, ModeratorId(role.id))
        lesson = await lessons.open_of(visit.unit, self._name, ModeratorId(role.id))
        dossier = await self._sample(visit, role, lesson.instance_id) if lesson else None
        if lesson is not None and dossier is None:
            await lessons.drop(visit.unit, lesson.id)
        if lesson is None or dossier is None:
            found = await self._begun(visit, role, [decided for decided, _ in known])
            if found is None:
                return (course.no_samples(seen=len(known)),)
            lesson, dossier = found
        sample = sample_of(dossier, self._locale(visit))
        return (course.shown(sample, len(known) % course.COURSE + 1, lesson.id),)

    async def _begun(
        self, visit: Visit, role: GivenRole, known: Iterable[str]
    ) -> tuple[Lesson, Dossier] | None:
        """Begin a lesson on a report such as this moderator has met least so far."""
        for case, decided in _rarest_first(await self._supply(visit, role), known):
            dossier = await self._sample(visit, role, case.instance_id)
            if dossier is None:
                continue
            about = (self._name, ModeratorId(role.id), case.instance_id, decided)
            lesson = await lessons.begin(visit.unit, *about, visit.occasion.now)
            if lesson is not None:
                who, now = f"role:{role.id}", visit.occasion.now
                await audit.note(visit.unit, self.store, who, "SawSample", lesson.instance_id, now)
                return lesson, dossier
        return None

    async def _supply(self, visit: Visit, role: GivenRole) -> Sequence[Case]:
        own = self.store.reporter(self._name, visit.contact.chat_id)
        whose = (own, ModeratorId(role.id), served_by(role))
        return await lessons.supply(visit.unit, self._name, *whose, SUPPLY_MAX)

    async def _sample(self, visit: Visit, role: GivenRole, instance_id: str) -> Dossier | None:
        """Read a report as long as it may be a sample for this moderator."""
        unit = visit.unit
        case, sent = await cases.of(unit, instance_id), await submissions.by_id(unit, instance_id)
        if case is None or sent is None or as_judged(case.outcome) is None:
            return None
        if case.state != "decided" or not as_moderator(role).serves(case):
            return None
        asked = any(self.library.programme.consent.text.values())
        if asked and not await consents.standing(unit, sent.reporter, self._name):
            return None
        programme = (await self.library.offering(unit)).programme
        dossiers = Dossiers(self.store, programme, self.locale_of)
        return await dossiers.of(unit, instance_id, self._language(visit), visit.occasion.now)

    async def _judged(
        self, visit: Visit, role: GivenRole, number: int, action: str
    ) -> tuple[Reply, ...]:
        """Keep what a moderator says about the sample before them, and tell what was decided."""
        judged, me = JUDGED_BY[action], ModeratorId(role.id)
        lesson = await lessons.judge(visit.unit, number, me, judged)
        if lesson is None:
            # Translators: shown for a moment after a tap on a button of an old message.
            return (Acknowledge(phrase("This message is an old one.")),)
        decision = await self._decision(visit, lesson)
        known = [
            course.Lesson(_as_said(decided), _as_said(said))
            for decided, said in await lessons.judged(visit.unit, self._name, me)
        ]
        more = bool(await self._supply(visit, role))
        return Acknowledge(), *course.told(judged, decision, known, lesson.id, more=more)

    async def _decision(self, visit: Visit, lesson: Lesson) -> Decision:
        """Return what was decided, and the reason that its reporter was given."""
        case, why = await cases.of(visit.unit, lesson.instance_id), ""
        for done in await cases.history(visit.unit, self.store, lesson.instance_id):
            if done.act == Reject.__name__:
                why = self._reason(visit, str(done.body.get("reason", "")), done.body.get("words"))
            elif done.act == NotVerifiable.__name__:
                why = nameless(str(done.body.get("words", "") or ""))
        outcome = case.outcome if case is not None and case.outcome else _as_said(lesson.decided)
        return Decision(outcome, blackened(why.strip()) if outcome in _WITH_REASON else "")

    def _reason(self, visit: Visit, name: str, words: object) -> str:
        programme = self.library.programme
        texts = programme.moderation.reasons.get(name, {})
        canned = programme.text(texts, *self._locale(visit).chain)
        own = nameless(str(words or "").strip()) if words else ""
        return " ".join(text for text in (canned, own) if text)

    # What coordinators see

    async def _workload(self, visit: Visit) -> Outcome | None:
        held = await roles.held(visit.unit, self._name, visit.contact.id)
        if not (may(held, "run the programme") or may(held, "oversee cases")):
            return None
        unit, now = visit.unit, visit.occasion.now
        since = now - timedelta(days=DAYS)
        depth = await cases.depth(unit, self._name)
        waiting, asked = Counter[Severity](), 0
        for (state, severity), count in depth.items():
            if state == "asked":
                asked += count
            else:
                waiting[severity] += count
        looks = await second_looks.since(unit, self._name, since, LOOKS_MAX)
        found = Workload(
            DAYS,
            waiting,
            asked,
            await self._at_work(visit),
            agreement((look.first, look.second) for look in looks),
        )
        return self._shown(visit, (workload_message(found),))

    async def _at_work(self, visit: Visit) -> Sequence[AtWork]:
        unit, now, name = visit.unit, visit.occasion.now, self._name
        done = await cases.workload(unit, name, now - timedelta(days=DAYS))
        scores, holding = await lessons.scores(unit, name), await lessons.held(unit, name, now)
        known = await trust.records(unit, name, now - timedelta(days=TRUST_DAYS))
        locale = self._locale(visit)
        return [
            AtWork(
                called(one, locale),
                *(done.get(ModeratorId(one.id), {}), holding.get(one.id, 0)),
                *scores.get(one.id, (0, 0)),
                known.get(ModeratorId(one.id), trust.NOTHING),
            )
            for one, _ in await roles.holders(unit, name)
            if may((one.role,), "look into cases")
        ]

    @property
    def _name(self) -> str:
        return self.library.programme.name

    def _language(self, visit: Visit) -> str:
        return visit.language(self.library.programme)

    def _locale(self, visit: Visit) -> Locale:
        return self.locale_of(self._language(visit))

    def _shown(self, visit: Visit, replies: Sequence[Reply]) -> Outcome:
        locale = self._locale(visit)
        return Outcome.of(replies, locale)


_WITH_REASON: Final = frozenset({"rejected", "not verifiable"})


def _plain(said: Speech) -> Reply:
    return Send((Block(said),))


def _as_said(decided: str) -> Judged:
    return next(one for one in JUDGED if one == decided)


def _rarest_first(supply: Iterable[Case], known: Iterable[str]) -> Iterable[tuple[Case, Judged]]:
    """Order cases so that no kind of decision can be guessed from those before."""
    met, groups = Counter(known), dict[Judged, list[Case]]()
    for case in supply:
        if decided := as_judged(case.outcome):
            groups.setdefault(decided, []).append(case)
    for decided in sorted(groups, key=lambda one: (met[one], one)):
        yield from ((case, decided) for case in groups[decided])


def is_about_training(event: Event) -> bool:
    """Tell whether an event may be meant for this room."""
    match event:
        case CommandGiven("train" | "workload"):
            return True
        case ButtonTapped(session_key=key):
            return key == STAMP
        case _:
            return False
