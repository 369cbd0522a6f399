"""What a moderator's bench asks for, done: cases looked into, acts done, answers corrected.

Rights are asked of the database each time; whatever is done goes through `reviews`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.dossiers import Dossiers
from bot.figurework import Figurework
from bot.library import Library
from bot.moderators import as_moderator, called, right_for, role_of, served_by
from bot.rendering import KEPT_FILE, PLACE_MAP, VOICE_ENDINGS
from bot.reviews import Reviews
from bot.telling import Telling
from bot.visit import Visit
from conversations.checks.privacy import spans
from conversations.moderating.dossier import Dossier, File
from conversations.moderating.exchange import (
    Asked,
    BlackOut,
    CaseLaid,
    Correct,
    Do,
    DoMany,
    Done,
    DoneMany,
    FigureLaid,
    Heard,
    LookAgain,
    MarkAs,
    NothingWaits,
    TakeNext,
)
from conversations.moderating.several import ALIKE_MAX, spelled
from conversations.phrases import Locale, Problem, phrase
from conversations.replies import Block
from conversations.reviewing.acts import (
    Act,
    Claim,
    EditAnswer,
    MarkDuplicate,
    PassOn,
    RedactText,
)
from conversations.reviewing.cases import Case, ModeratorId
from conversations.reviewing.deciding import Acted
from conversations.roles import may
from storage import audit, case_lists, cases, flags, roles, submissions
from storage.outbox import Call
from storage.roles import GivenRole
from storage.store import Store

LOOKED_AT_MAX: Final = 40
"""Cases of the queue's head that are tried until one can be claimed."""

FILES_MAX: Final = 10
MAYBE_ALIKE_MAX: Final = 40
"""Cases that are compared, doubt by doubt, with one that was decided."""


@dataclass(frozen=True, slots=True)
class Benchwork:
    """Works for the benches of one programme."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    async def answered(self, visit: Visit, role: GivenRole, asked: Asked) -> Heard:
        """Do what a bench asks for; return what comes of it."""
        match asked:
            case TakeNext(passed):
                return await self._next(visit, role, passed)
            case LookAgain(instance_id, in_place):
                return await self.lay(visit, role, instance_id, in_place=in_place)
            case Do(instance_id, seen, act):
                return await self._with_alike(
                    visit, role, await self._do(visit, instance_id, seen, act)
                )
            case DoMany(several, act):
                return await self._do_many(visit, several, act)
            case MarkAs(instance_id, seen, code):
                return await self._mark(visit, instance_id, seen, code)
            case Correct():
                return await self._correct(visit, asked)
            case BlackOut():
                return await self._black_out(visit, asked)
            case _:
                raise AssertionError(asked)

    # Looking

    async def _next(self, visit: Visit, role: GivenRole, passed: Sequence[str]) -> Heard:
        """Claim the first case, or figure, of the queue that this moderator can work on."""
        name, now = self.library.programme.name, visit.occasion.now
        figure = await self._figurework.first(visit, role, passed)
        page = await cases.queue(visit.unit, name, served_by(role), now, LOOKED_AT_MAX)
        for case, look_by in page:
            if figure is not None and figure[1] <= look_by:
                break
            if case.instance_id in passed or _is_for_another(case, role):
                continue
            done = await self._do(visit, case.instance_id, case.version, Claim())
            if isinstance(done.came, Acted):
                return await self.lay(visit, role, case.instance_id)
        view = await self._figurework.take_on(visit, role, figure[0]) if figure else None
        return FigureLaid(view) if view else NothingWaits()

    async def lay(
        self, visit: Visit, role: GivenRole, instance_id: str, *, in_place: bool = False
    ) -> Heard:
        """Read a case for a moderator, and note that they saw it."""
        unit, now, language = visit.unit, visit.occasion.now, self._language(visit)
        dossier = await self._dossier(visit, instance_id)
        if dossier is None or not as_moderator(role).serves(dossier.case):
            return NothingWaits()
        if not in_place:
            await audit.note(unit, self.store, f"role:{role.id}", "Saw", instance_id, now)
        name = self.library.programme.name
        others = await cases.queue(unit, name, served_by(role), now, LOOKED_AT_MAX)
        waiting = sum(case.instance_id != instance_id for case, _ in others)
        decides = may((role.role,), "decide cases")
        return CaseLaid(
            dossier, waiting, in_place, decides, await self._colleagues(visit, role, language)
        )

    async def _dossier(self, visit: Visit, instance_id: str) -> Dossier | None:
        programme = (await self.library.offering(visit.unit)).programme
        dossiers = Dossiers(self.store, programme, self.locale_of)
        language, now = self._language(visit), visit.occasion.now
        own = self.store.reporter(programme.name, visit.contact.chat_id)
        return await dossiers.of(visit.unit, instance_id, language, now, own)

    async def _colleagues(
        self, visit: Visit, role: GivenRole, language: str
    ) -> tuple[tuple[ModeratorId, str], ...]:
        locale, name = self.locale_of(language), self.library.programme.name
        held = [one for one, contact in await roles.holders(visit.unit, name)
                if contact != visit.contact.id and may((one.role,), "look into cases")]  # fmt: skip
        return tuple(
            (ModeratorId(one.id), called(one, locale)) for one in held if one.id != role.id
        )

    async def files(self, visit: Visit, role: GivenRole, instance_id: str) -> list[Call]:
        """Send a report's files again, and its place on a map; note that they are seen."""
        dossier = await self._dossier(visit, instance_id)
        if dossier is None:
            return []
        who, now = f"role:{role.id}", visit.occasion.now
        await audit.note(visit.unit, self.store, who, "SawFiles", instance_id, now)
        here = [file for file in dossier.files if file.sha256][:FILES_MAX]
        calls = [_file_call(file) for file in here]
        if dossier.places:
            latitude, longitude = dossier.places[0]
            calls.append(Call("sendPhoto", {"photo": f"{PLACE_MAP}{latitude} {longitude}"}))
        return calls

    # Acting

    async def _do(self, visit: Visit, instance_id: str, seen: int, act: Act) -> Done:
        """Do an act, if this moderator may: a right is asked for anew with each tap."""
        unit, name = visit.unit, self.library.programme.name
        role = await role_of(unit, name, visit.contact.id, right_for(act))
        if role is None:
            # Translators: to somebody who may look into reports but not decide about them.
            return Done(act, Problem(phrase("You may not do that here. A moderator can.")))
        if isinstance(act, PassOn) and not await self._passed(visit, act):
            # Translators: to a moderator who wants to let another one work on a report.
            return Done(act, Problem(phrase("Nobody has this role any more.")))
        sent = await submissions.by_id(unit, instance_id)
        own = sent is not None and sent.reporter == self.store.reporter(name, visit.contact.chat_id)
        by = as_moderator(role, own=own)
        came = await (await self._reviews(visit)).act(
            unit, by, instance_id, seen, act, visit.occasion.now
        )
        return Done(act, came)

    async def _do_many(
        self, visit: Visit, several: tuple[tuple[str, int, str], ...], act: Act
    ) -> DoneMany:
        """Do an act to each case that stands as it was seen."""
        done = []
        for instance_id, seen, code in several:
            came = (await self._do(visit, instance_id, seen, act)).came
            if isinstance(came, Acted):
                done.append((instance_id, came.case.version, code))
        return DoneMany(act, tuple(done), len(several) - len(done))

    async def _with_alike(self, visit: Visit, role: GivenRole, done: Done) -> Done:
        """Find what waits with exactly the doubts of a case that was decided just now."""
        came = done.came
        decided = isinstance(came, Acted) and came.case.state == "decided"
        if not decided or not spelled(done.act)[0] or not isinstance(came, Acted):
            return done
        unit, name = visit.unit, self.library.programme.name
        doubts = await self._doubts(visit, came.case)
        found: list[tuple[str, int, str]] = []
        own = self.store.reporter(name, visit.contact.chat_id)
        for case in await self._maybe_alike(visit, role, came.case, doubts):
            if len(found) < ALIKE_MAX and await self._doubts(visit, case) == doubts:
                sent = await submissions.by_id(unit, case.instance_id)
                if sent is not None and sent.reporter != own:
                    found.append((case.instance_id, case.version, sent.receipt))
        return replace(done, alike=tuple(found))

    async def _maybe_alike(
        self, visit: Visit, role: GivenRole, decided: Case, doubts: frozenset[tuple[str, str]]
    ) -> Sequence[Case]:
        """Find cases that may have the same doubts: with one of them, and with as many."""
        rules = sorted(name for source, name in doubts if source != "person")
        if not rules:
            return ()
        many = len(await flags.of(visit.unit, decided.instance_id))
        about = (visit.unit, self.library.programme.name, served_by(role), decided.form_id)
        return await case_lists.alike(*about, rules[0], many, visit.occasion.now, MAYBE_ALIKE_MAX)

    async def _doubts(self, visit: Visit, case: Case) -> frozenset[tuple[str, str]]:
        raised = await flags.of(visit.unit, case.instance_id)
        return frozenset((flag.source, flag.name) for flag in raised)

    async def _reviews(self, visit: Visit) -> Reviews:
        programme = (await self.library.offering(visit.unit)).programme
        return Reviews(self.store, programme, self.locale_of)

    async def _passed(self, visit: Visit, act: PassOn) -> bool:
        """Tell a colleague that a case is theirs now; False where they are none any more."""
        programme = self.library.programme
        contact_id = await roles.holder_of(visit.unit, programme.name, act.to)
        if contact_id is None or await role_of(visit.unit, programme.name, contact_id) is None:
            return False
        # Translators: to a moderator, from another one; /queue is a command and stays as it is.
        told = Block(phrase("A case was passed on to you. /queue shows it."))
        telling = Telling(self.store, programme, self.locale_of)
        await telling.tell_holder(visit.unit, contact_id, (told,), visit.occasion.now)
        return True

    async def _mark(self, visit: Visit, instance_id: str, seen: int, code: str) -> Done:
        found = await submissions.by_receipt(visit.unit, self.library.programme.name, code)
        originals = [await submissions.original_of(visit.unit, one.instance_id) for one in found]
        if not originals:
            act = MarkDuplicate(code)
            # Translators: to a moderator who wrote the code of a report that is not there.
            return Done(act, Problem(phrase("There is no report with the code {code}.", code=code)))
        others = [one for one in originals if one != instance_id]
        act = MarkDuplicate(others[0] if others else instance_id)
        return await self._do(visit, instance_id, seen, act)

    async def _correct(self, visit: Visit, asked: Correct) -> Done:
        """Read what a moderator wrote as the form reads answers, and correct one with it."""
        programme = (await self.library.offering(visit.unit)).programme
        dossiers = Dossiers(self.store, programme, self.locale_of)
        value = await dossiers.understood(
            visit.unit, asked.instance_id, asked.reference, asked.words,
            self._language(visit), visit.occasion.now,
        )  # fmt: skip
        act = EditAnswer(asked.reference, value if isinstance(value, str) else "")
        if isinstance(value, Problem):
            return Done(act, value)
        return await self._do(visit, asked.instance_id, asked.seen, act)

    async def _black_out(self, visit: Visit, asked: BlackOut) -> Done:
        """Black words out of an answer, or all personal data that is found in it."""
        dossier = await self._dossier(visit, asked.instance_id)
        line = dossier.line_at(asked.reference) if dossier else None
        value = dossier.written(line) if dossier and line else ""
        start = value.find(asked.words) if asked.words else -1
        found = [(start, start + len(asked.words))] if start >= 0 else []
        found = found if asked.words else list(spans(value))
        act = RedactText(asked.reference, 0, 0)
        if not found:
            # Translators: to a moderator who wants to black out a part of an answer.
            return Done(act, Problem(phrase("These words do not stand in the answer.")))
        seen, done = asked.seen, Done(act, "no words")
        for start, end in found:
            act = RedactText(asked.reference, start, end)
            done = await self._do(visit, asked.instance_id, seen, act)
            if not isinstance(done.came, Acted):
                return done
            seen = done.came.case.version
        return done

    @property
    def _figurework(self) -> Figurework:
        return Figurework(self.store, self.library, self.locale_of)

    def _language(self, visit: Visit) -> str:
        return visit.language(self.library.programme)


def _is_for_another(case: Case, role: GivenRole) -> bool:
    """Tell whether a case waits for somebody else than this moderator."""
    me = ModeratorId(role.id)
    if case.escalated and not may((role.role,), "oversee cases"):
        return True
    return (case.state == "second" and case.first == me) or (
        case.appealed and case.decided_by == me
    )


def _file_call(file: File) -> Call:
    kind = file.media_type.partition("/")[0]
    voice = kind == "audio" and file.name.lower().endswith(VOICE_ENDINGS)
    members = {"image": "photo", "audio": "voice" if voice else "audio", "video": "video"}
    member = members.get(kind, "document")
    return Call(f"send{member.capitalize()}", {member: f"{KEPT_FILE}{file.number}\n{file.name}"})
