"""Everything about one report, read from the store for whoever may see it.

Both faces show what is put together here. Nothing in it says who sent the report: of its reporter
there are counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.aftermath import words_of
from bot.testimony import Evidence
from conversations.areas import place_of
from conversations.asking import asked_of, stop_kind
from conversations.entries import Entry, entries_of
from conversations.events import TextWritten
from conversations.moderating.card import harmless
from conversations.moderating.dossier import (
    AskedBack,
    Beside,
    Deed,
    Dossier,
    Doubted,
    File,
    Line,
    Past,
)
from conversations.phrases import (
    FormText,
    Locale,
    Problem,
    Speech,
    phrase,
    phrase_of_many,
    verbatim,
)
from conversations.programme import Programme
from conversations.questions.base import Given
from conversations.reviewing.cases import Case, look_by
from conversations.scene import Scene, surroundings_of
from conversations.session import Session
from conversations.sheets.flags import Severity
from conversations.turn import Occasion, Person
from conversations.validating.questions import OBJECTION
from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance, QuestionStop
from conversations.xpath.functions.geometry import Place
from storage import asks, attachments, cases, clarifications, flags, submissions
from storage.cases import DoneAct
from storage.flags import Raised
from storage.store import Reading, Store
from storage.submissions import Standing, Submission

KEY: Final = "0" * 32
BESIDE_MAX: Final = 3
"""Reports that are shown beside one."""

DIFFERING_MAX: Final = 12
TEXT_MAX: Final = 1_000
"""Characters of a written answer that are shown."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A submission opened to be read in somebody's language."""

    scene: Scene
    instance: Instance
    entries: tuple[Entry, ...]

    def answers(self) -> Mapping[str, Entry]:
        """Return what is answered, by reference."""
        return {entry.stop.reference: entry for entry in self.entries if entry.answer is not None}


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Puts dossiers together, for one programme with all its forms."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def of(
        self, reading: Reading, instance_id: str, language: str, now: datetime
    ) -> Dossier | None:
        """Return the dossier of a report with a case, by its original's id; None for any other."""
        case = await cases.of(reading, instance_id)
        standing = await submissions.standing_of(reading, instance_id)
        if case is None or standing is None:
            return None
        raised = await flags.of(reading, instance_id)
        shown = self._opened(standing.submission, language, now)
        first = await self._original(reading, standing, language, now)
        files = await _files(reading, standing.submission.instance_id)
        lines = tuple(_captioned(_lines(shown, first, raised), files)) if shown else ()
        zone = self.programme.zone
        testimony = Evidence(self.programme, language, now, self.locale_of)
        by_record = await asks.bearing_out(reading, instance_id)
        case = replace(case, sources=case.sources + by_record)
        return Dossier(
            replace(case, opened_at=case.opened_at.astimezone(zone)),
            standing.submission.receipt,
            self._title(standing.submission),
            standing.sent_at.astimezone(zone),
            look_by(case, self.programme.moderation.rules).astimezone(zone),
            lines,
            await self._doubts(reading, raised, language),
            await self._past(reading, standing),
            await self._beside(reading, raised, shown, language, now),
            await _asked(reading, instance_id),
            await self._deeds(reading, instance_id),
            files,
            self._area(case, language),
            _place(lines),
            standing.edits,
            await testimony.said(reading, instance_id),
            await testimony.chain(reading, instance_id),
        )

    async def understood(  # noqa: PLR0913, PLR0917 - what was written about which answer, by whom.
        self,
        reading: Reading,
        instance_id: str,
        reference: str,
        written: str,
        language: str,
        now: datetime,
    ) -> str | Problem:
        """Read an answer in a moderator's words, as the form reads those of reporters."""
        standing = await submissions.standing_of(reading, instance_id)
        shown = self._opened(standing.submission, language, now) if standing else None
        stop = shown.instance.stop(reference) if shown else None
        if shown is None or not isinstance(stop, QuestionStop):
            # Translators: to a moderator who wants to correct an answer.
            return Problem(phrase("This question is not part of the report."))
        asked = asked_of(shown.scene, shown.instance, stop)
        read = stop_kind(shown.instance, stop).read(asked, TextWritten(written))
        if isinstance(read, Given):
            return read.value
        if isinstance(read, Problem):
            return read
        # Translators: to a moderator who corrects an answer in words that are not understood.
        return Problem(phrase("This was not understood as an answer to the question."))

    def _opened(self, sent: Submission, language: str, now: datetime) -> _Open | None:
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        if form is None:
            return None
        session = Session(
            KEY, language, "summary", sent.form_id, sent.form_version,
            began_at=sent.kept_at.isoformat(),
        )  # fmt: skip
        scene = Scene(self.programme, Person(language), session, Occasion(now, KEY, self.locale_of))
        instance = read_submission(form, sent.xml, surroundings_of(scene, form))
        return _Open(scene, instance, entries_of(scene, instance))

    async def _original(
        self, reading: Reading, standing: Standing, language: str, now: datetime
    ) -> _Open | None:
        if not standing.edits:
            return None
        first = await submissions.by_id(reading, standing.original)
        return self._opened(first, language, now) if first else None

    def _title(self, sent: Submission) -> Speech:
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        return FormText(form.title if form else sent.form_id)

    async def _doubts(
        self, reading: Reading, raised: Sequence[Raised], language: str
    ) -> tuple[Doubted, ...]:
        locale, found = self.locale_of(language), []
        said = [flag for flag in raised if flag.name.startswith(OBJECTION)]
        people = sum(flag.source == "person" for flag in raised) - len(said)
        for flag in raised:
            if flag.source == "person":
                continue
            other = await submissions.by_id(reading, flag.other) if flag.other else None
            found.append(
                Doubted(
                    *(flag.name, flag.source, flag.severity, words_of(flag.words, locale)),
                    *(tuple(flag.about), flag.other, other.receipt if other else ""),
                )
            )
        for name, count in Counter(flag.name for flag in said).items():
            flag = next(one for one in said if one.name == name)
            times = f" ({locale.show_number(count)})" if count > 1 else ""
            told = words_of(flag.words, locale) + times
            found.append(Doubted(name, "person", flag.severity, told))
        if people:
            # Translators: to moderators: people, not checks of the bot, doubt a report.
            words = phrase_of_many(
                "{count} person doubts this.", "{count} people doubt this.", people
            )
            found.append(Doubted("people", "person", Severity.LOW, locale.say(words)))
        return tuple(found)

    async def _past(self, reading: Reading, standing: Standing) -> Past:
        name, reporter = self.programme.name, standing.submission.reporter
        counts = await submissions.tally(reading, reporter, name, standing.original)
        told = counts.get("approved", 0), counts.get("rejected", 0)
        return Past(sum(counts.values()), *told)

    async def _beside(
        self,
        reading: Reading,
        raised: Iterable[Raised],
        shown: _Open | None,
        language: str,
        now: datetime,
    ) -> tuple[Beside, ...]:
        if shown is None:
            return ()
        others = dict.fromkeys(flag.other for flag in raised if flag.other)
        found = []
        for other in list(others)[:BESIDE_MAX]:
            standing = await submissions.standing_of(reading, other)
            there = self._opened(standing.submission, language, now) if standing else None
            if standing and there:
                sent_at = standing.sent_at.astimezone(self.programme.zone)
                code = standing.submission.receipt
                found.append(Beside(other, code, sent_at, tuple(_differing(shown, there))))
        return tuple(found)

    async def _deeds(self, reading: Reading, instance_id: str) -> tuple[Deed, ...]:
        history = await cases.history(reading, self.store, instance_id)
        return tuple(self._deed(done) for done in history)

    def _deed(self, done: DoneAct) -> Deed:
        words = str(done.body.get("words", "") or "") or _rechecked(done)
        return Deed(done.act, done.by, done.done_at.astimezone(self.programme.zone), words)

    def _area(self, case: Case, language: str) -> Speech | None:
        area = self.programme.areas.get(case.area)
        if area is None:
            return None
        chain = self.locale_of(language).chain
        name = self.programme.text(area.names, *chain) or area.names.get("", "") or case.area
        return verbatim("{name}", name=name)


def _lines(shown: _Open, first: _Open | None, raised: Sequence[Raised]) -> Iterable[Line]:
    doubted = {reference for flag in raised for reference in flag.about}
    before = first.answers() if first else {}
    for entry in shown.entries:
        reference = entry.stop.reference
        kind, value, file = "", "", ""
        answer = entry.answer
        if isinstance(entry.stop, QuestionStop):
            kind, value = entry.stop.question.kind, shown.instance.state(reference).value
            file = value if value and entry.stop.question.holds_file(value) else ""
            if kind == "text" and value and not file:
                answer = verbatim("{answer}", answer=harmless(value)[:TEXT_MAX])
        earlier = before.get(reference)
        said = earlier.answer if earlier else None
        changed = first is not None and _said(shown, said) != _said(shown, entry.answer)
        yield Line(
            *(
                entry.number,
                reference,
                entry.question,
                answer,
                value,
                kind,
                bool({reference, file} & doubted),
            ),
            *((said or verbatim("…")) if changed else None, file, entry.titles),
        )


def _rechecked(done: DoneAct) -> str:
    """Say which doubts were closed, and which are new, by the signs before their names."""
    marked = [f"- {name}" for name in done.body.get("closed", ())]
    return ", ".join([*marked, *(f"+ {name}" for name in done.body.get("raised", ()))])


def _differing(here: _Open, there: _Open) -> Iterable[tuple[Speech, str, str]]:
    ours, theirs = here.answers(), there.answers()
    asked = {**ours, **theirs}
    told = 0
    for reference, entry in asked.items():
        mine, other = ours.get(reference), theirs.get(reference)
        said = (
            _said(here, mine.answer if mine else None),
            _said(there, other.answer if other else None),
        )
        if said[0] != said[1] and told < DIFFERING_MAX:
            told += 1
            yield (entry.question, *said)


def _said(shown: _Open, answer: Speech | None) -> str:
    return shown.scene.locale.say(answer) if answer is not None else ""


def _place(lines: Iterable[Line]) -> Place | None:
    places = (place_of(line.value) for line in lines if line.kind == "geopoint")
    return next((place for place in places if place), None)


async def _asked(reading: Reading, instance_id: str) -> tuple[AskedBack, ...]:
    asked = await clarifications.of_report(reading, instance_id)
    return tuple(AskedBack(one.words, one.answer) for one in asked)


async def _files(reading: Reading, instance_id: str) -> tuple[File, ...]:
    kept = await attachments.of_submission(reading, instance_id)
    return tuple(
        File(one.id, one.name, one.media_type, one.sha256 or "", one.caption) for one in kept
    )


def _captioned(lines: Iterable[Line], files: Iterable[File]) -> Iterable[Line]:
    """Put beside each file the words that came with it."""
    captions = {file.name: file.caption for file in files if file.caption}
    for line in lines:
        words = captions.get(line.file, "") if line.file else ""
        yield replace(line, caption=words) if words else line
