"""Everything about one report, gathered for its page.

What a moderator may not see is not gathered: a case outside what they serve, or about a report of
their own, is as good as none. Nothing here leads to the reporter; of their other reports there are
counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.aftermath import words_of
from bot.console import maps
from bot.console.entry import Visitor
from bot.testimony import Evidence
from conversations.areas import place_of
from conversations.moderating.testimony import OthersSaid, Step
from conversations.perusal import Line, Reader, Row, beside, lines_of
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from conversations.validating.questions import OBJECTION
from conversations.xform.problems import FormError
from storage import asks, attachments, cases, clarifications, flags, sealing, submissions
from storage.attachments import Attachment
from storage.cases import DoneAct
from storage.clarifications import Clarification
from storage.flags import Raised
from storage.store import Reading, Store
from storage.submissions import ReviewState, Standing

ALIKE_MAX = 3
"""So many possible duplicates are put beside a report."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """Why a report should be looked at, in the moderator's words; `count` persons, or one rule."""

    name: str
    severity: Severity
    words: str
    about: tuple[str, ...]
    source: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Alike:
    """Another report beside this one."""

    receipt: str
    instance_id: str
    sent_at: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A case with all that its page shows."""

    case: Case
    standing: Standing
    title: str
    lines: tuple[Line, ...]
    flags: tuple[Flagged, ...]
    map: maps.Drawing | None
    record: Mapping[ReviewState, int]
    history: Sequence[DoneAct]
    talk: Sequence[Clarification]
    changes: tuple[Row, ...]
    alike: tuple[Alike, ...]
    files: Mapping[str, Attachment]
    said: tuple[OthersSaid, ...]
    chain: tuple[Step, ...]
    painted: frozenset[str]
    """The contents of pictures of which a part is blacked out."""

    @property
    def changed(self) -> frozenset[str]:
        """Return the references of answers that are not as they were sent."""
        return frozenset(row.here.reference for row in self.changes if row.here)

    def doubted(self, line: Line) -> bool:
        """Tell whether a flag is about an answer."""
        return any(one in {line.reference, line.path} for flag in self.flags for one in flag.about)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Gathers for one moderator, within one reading."""

    reading: Reading
    store: Store
    programme: Programme
    visitor: Visitor
    language: str
    now: datetime
    locale_of: Callable[[str], Locale]

    @property
    def _reader(self) -> Reader:
        return Reader(self.programme, self.language, self.now, self.locale_of)

    async def allowed(self, instance_id: str) -> tuple[Case, Standing] | None:
        """Return a case that the moderator may see, with its report as it stands."""
        case = await cases.of(self.reading, instance_id)
        standing = await submissions.standing_of(self.reading, instance_id) if case else None
        if case is None or standing is None:
            return None
        sent = standing.submission
        moderator = self.visitor.moderator(sent.reporter)
        ours = sent.programme == self.programme.name and moderator.serves(case)
        return (case, standing) if ours and not moderator.own else None

    async def whole(self, instance_id: str) -> Gathered | None:
        """Gather a case; None where there is none that the moderator may see."""
        found = await self.allowed(instance_id)
        if found is None:
            return None
        case, standing = found
        about = (self.reading, instance_id)
        sent, lines = standing.submission, self._lines(standing)
        about = (self.reading, instance_id)
        raised = await flags.of(*about)
        testimony = Evidence(self.programme, self.language, self.now, self.locale_of)
        files = await attachments.of_submission(self.reading, sent.instance_id)
        return Gathered(
            case=replace(case, sources=case.sources + await asks.bearing_out(*about)),
            standing=standing,
            title=self._title(standing),
            lines=lines,
            flags=tuple(self._flagged(raised)),
            map=self._map(lines),
            record=await self._record(standing),
            history=await cases.history(self.reading, self.store, instance_id),
            talk=await clarifications.of_report(self.reading, instance_id),
            changes=await self._changes(standing, lines),
            alike=tuple([one async for one in self._alike(raised, lines, instance_id)]),
            files={one.name: one for one in files},
            said=await testimony.said(*about),
            chain=await testimony.chain(*about),
            painted=frozenset(one.painted for one in await sealing.files_of(*about)),
        )

    def _lines(self, standing: Standing) -> tuple[Line, ...]:
        """Read a report; one whose form is gone, or does not fit, has no lines."""
        sent = standing.submission
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        if form is None:
            return ()
        try:
            return lines_of(self._reader, form, sent.xml)
        except FormError:
            return ()

    def _title(self, standing: Standing) -> str:
        sent = standing.submission
        form = self.programme.forms.get((sent.form_id, sent.form_version))
        return form.title if form else sent.form_id

    def _flagged(self, raised: Sequence[Raised]) -> Iterator[Flagged]:
        """Say each flag of a rule, and what people raised together, with how many they are."""
        locale = self._reader.locale
        for one in raised:
            if one.source != "person":
                words = words_of(one.words, locale)
                yield Flagged(one.name, one.severity, words, tuple(one.about), one.source)
        people = [one for one in raised if one.source == "person"]
        for name, count in Counter(one.name for one in people).items():
            gravest = max(one.severity for one in people if one.name == name)
            about = tuple({part for one in people if one.name == name for part in one.about})
            first = next(one for one in people if one.name == name)
            words = words_of(first.words, locale) if name.startswith(OBJECTION) else ""
            yield Flagged(name, gravest, words, about, "person", count)

    def _map(self, lines: Sequence[Line]) -> maps.Drawing | None:
        places = [place_of(line.value) for line in lines if line.kind == "geopoint"]
        chain = self._reader.locale.chain
        return maps.draw(self.programme.areas, [place for place in places if place], *chain)

    async def _record(self, standing: Standing) -> Mapping[ReviewState, int]:
        about = (standing.submission.reporter, self.programme.name, standing.original)
        return await submissions.tally(self.reading, *about)

    async def _changes(self, standing: Standing, lines: tuple[Line, ...]) -> tuple[Row, ...]:
        """Put what was sent first beside what stands, where they are not the same."""
        if not standing.edits:
            return ()
        first = await submissions.by_id(self.reading, standing.original)
        if first is None:
            return ()
        before = self._lines(Standing(first, standing.original, first.kept_at, 0))
        return tuple(row for row in beside(before, lines) if row.differs)

    async def _alike(
        self, raised: Sequence[Raised], lines: tuple[Line, ...], instance_id: str
    ) -> AsyncIterator[Alike]:
        named = dict.fromkeys(one.other for one in raised if one.other)
        named.pop(instance_id, None)
        for other in list(named)[:ALIKE_MAX]:
            standing = await submissions.standing_of(self.reading, other)
            if standing is None or standing.submission.programme != self.programme.name:
                continue
            if standing.submission.reporter == self.visitor.own:
                continue
            rows = beside(lines, self._lines(standing))
            yield Alike(standing.submission.receipt, other, standing.sent_at, rows)
