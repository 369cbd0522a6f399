"""Everything about one report, read from the store for whoever may see it.

Both faces show what is put together here. Nothing in it says who sent the report: of its reporter
there are counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.aftermath import words_of
from bot.testimony import Evidence
from conversations.moderating.dossier import (
    AskedBack,
    Beside,
    Deed,
    Dossier,
    Doubted,
    File,
)
from conversations.perusal import Line, Reader, Row, beside, lines_of, not_there, understood
from conversations.phrases import FormText, Locale, Problem, Speech, phrase_of_many, verbatim
from conversations.programme import Programme
from conversations.reviewing.cases import Case, look_by
from conversations.sheets.flags import Severity
from conversations.validating.questions import OBJECTION
from conversations.xform.form import Form
from conversations.xform.problems import FormError
from storage import asks, attachments, cases, clarifications, flags, submissions
from storage.cases import DoneAct
from storage.flags import Raised
from storage.reporters import Reporter
from storage.store import Reading, Store
from storage.submissions import Standing, Submission

BESIDE_MAX: Final = 3
"""Reports that are shown beside one."""


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Puts dossiers together, for one programme with all its forms."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def of(
        self,
        reading: Reading,
        instance_id: str,
        language: str,
        now: datetime,
        own: Reporter | None = None,
    ) -> Dossier | None:
        """Return the dossier of a report with a case, by its original's id; None for any other.

        Reports of `own`, who reads it, are not put beside it.
        """
        case = await cases.of(reading, instance_id)
        standing = await submissions.standing_of(reading, instance_id)
        if case is None or standing is None:
            return None
        reader = Reader(self.programme, language, now, self.locale_of)
        sent, lines = standing.submission, self._lines(reader, standing.submission)
        raised = await flags.of(reading, instance_id)
        testimony = Evidence(self.programme, language, now, self.locale_of)
        zone = self.programme.zone
        return Dossier(
            await self._case(reading, case),
            sent.receipt,
            self._title(sent),
            standing.sent_at.astimezone(zone),
            look_by(case, self.programme.moderation.rules).astimezone(zone),
            lines,
            doubts=await _doubts(reading, raised, reader.locale),
            past=await submissions.tally(
                reading, sent.reporter, self.programme.name, standing.original
            ),
            beside=await self._beside(reading, reader, instance_id, raised, lines, own),
            asked=await _asked(reading, instance_id),
            deeds=await self._deeds(reading, instance_id),
            files=await _files(reading, sent.instance_id),
            area=self._area(case, reader),
            changes=await self._changes(reading, reader, standing, lines),
            said=await testimony.said(reading, instance_id),
            chain=await testimony.chain(reading, instance_id),
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
        form = self._form(standing.submission) if standing else None
        if standing is None or form is None:
            return not_there()
        reader = Reader(self.programme, language, now, self.locale_of)
        return understood(reader, form, standing.submission.xml, reference, written)

    def _form(self, sent: Submission) -> Form | None:
        return self.programme.forms.get((sent.form_id, sent.form_version))

    def _lines(self, reader: Reader, sent: Submission) -> tuple[Line, ...]:
        """Read a report; one whose form is gone, or does not fit, has no lines."""
        form = self._form(sent)
        try:
            return lines_of(reader, form, sent.xml) if form else ()
        except FormError:
            return ()

    def _title(self, sent: Submission) -> Speech:
        form = self._form(sent)
        return FormText(form.title if form else sent.form_id)

    async def _case(self, reading: Reading, case: Case) -> Case:
        """Return a case as it is shown: records that bear it out count among its sources."""
        sources = case.sources + await asks.bearing_out(reading, case.instance_id)
        opened_at = case.opened_at.astimezone(self.programme.zone)
        return replace(case, sources=sources, opened_at=opened_at)

    async def _changes(
        self, reading: Reading, reader: Reader, standing: Standing, lines: tuple[Line, ...]
    ) -> tuple[Row, ...]:
        """Put what was sent first beside what stands, where they are not the same."""
        if not standing.edits:
            return ()
        first = await submissions.by_id(reading, standing.original)
        before = self._lines(reader, first) if first else ()
        return tuple(row for row in beside(before, lines) if row.differs) if first else ()

    async def _beside(  # noqa: PLR0913, PLR0917 - what is beside which report, as who reads it.
        self,
        reading: Reading,
        reader: Reader,
        instance_id: str,
        raised: Iterable[Raised],
        lines: tuple[Line, ...],
        own: Reporter | None,
    ) -> tuple[Beside, ...]:
        others = dict.fromkeys(flag.other for flag in raised if flag.other)
        others.pop(instance_id, None)
        found = []
        for other in list(others)[:BESIDE_MAX]:
            standing = await submissions.standing_of(reading, other)
            sent = standing.submission if standing else None
            if standing is None or sent is None or sent.programme != self.programme.name:
                continue
            if sent.reporter != own:
                rows = beside(lines, self._lines(reader, sent))
                sent_at = standing.sent_at.astimezone(self.programme.zone)
                found.append(Beside(other, sent.receipt, sent_at, rows))
        return tuple(found)

    async def _deeds(self, reading: Reading, instance_id: str) -> tuple[Deed, ...]:
        history = await cases.history(reading, self.store, instance_id)
        return tuple(self._deed(done) for done in history)

    def _deed(self, done: DoneAct) -> Deed:
        words = str(done.body.get("words", "") or "")
        closed, raised = (tuple(done.body.get(name, ())) for name in ("closed", "raised"))
        done_at = done.done_at.astimezone(self.programme.zone)
        return Deed(done.act, done.by, done_at, done.version, words, closed, raised)

    def _area(self, case: Case, reader: Reader) -> Speech | None:
        area = self.programme.areas.get(case.area)
        if area is None:
            return None
        names, chain = area.names, reader.locale.chain
        name = self.programme.text(names, *chain) or names.get("", "") or case.area
        return verbatim("{name}", name=name)


async def _doubts(
    reading: Reading, raised: Sequence[Raised], locale: Locale
) -> tuple[Doubted, ...]:
    """Say each flag of a rule, then what people raised, all of them together."""
    found = []
    for flag in raised:
        if flag.source != "person":
            other = await submissions.by_id(reading, flag.other) if flag.other else None
            said = (flag.name, flag.source, flag.severity, words_of(flag.words, locale))
            code = other.receipt if other else ""
            found.append(Doubted(*said, tuple(flag.about), flag.other, code))
    people = [flag for flag in raised if flag.source == "person"]
    return (*found, *_objections(people, locale), *_doubters(people, locale))


def _objections(people: Iterable[Raised], locale: Locale) -> Iterable[Doubted]:
    """Say why people would not have a question asked, each reason with how many gave it."""
    said = [flag for flag in people if flag.name.startswith(OBJECTION)]
    for name, count in Counter(flag.name for flag in said).items():
        first = next(one for one in said if one.name == name)
        times = f" ({locale.show_number(count)})" if count > 1 else ""
        yield Doubted(name, "person", first.severity, words_of(first.words, locale) + times)


def _doubters(people: Iterable[Raised], locale: Locale) -> Iterable[Doubted]:
    count = sum(not flag.name.startswith(OBJECTION) for flag in people)
    if count:
        # Translators: to moderators: people, not checks of the bot, doubt a report.
        words = phrase_of_many("{count} person doubts this.", "{count} people doubt this.", count)
        yield Doubted("people", "person", Severity.LOW, locale.say(words))


async def _asked(reading: Reading, instance_id: str) -> tuple[AskedBack, ...]:
    asked = await clarifications.of_report(reading, instance_id)
    return tuple(AskedBack(one.words, one.answer) for one in asked)


async def _files(reading: Reading, instance_id: str) -> tuple[File, ...]:
    kept = await attachments.of_submission(reading, instance_id)
    return tuple(
        File(one.id, one.name, one.media_type, one.sha256 or "", one.caption) for one in kept
    )
