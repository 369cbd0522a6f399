"""Submissions: finished instances, each kept once and only under a standing consent.

A report that is changed after it was sent is a chain of submissions, the original and its edits,
all kept. The newest one stands for the report; it goes by the original's id and moment, as in ODK
Central. Source: https://docs.getodk.org/central-submissions/#submission-edits
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from conversations.replies import KeepSubmission
from conversations.reviewing.cases import ReviewState
from storage import consents
from storage.errors import ConsentMissing, SubmissionConflict
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

KEEP = """
    INSERT INTO submissions (instance_id, programme, reporter, form_id, form_version, language,
                             receipt, xml, review_state, kept_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'received', $9)
    ON CONFLICT (instance_id) DO NOTHING
    RETURNING instance_id
"""

BY_ID = "SELECT * FROM submissions WHERE instance_id = $1"

# Pages of a programme's submissions in the order they came; a page begins after the last one.
OF_PROGRAMME = """
    SELECT * FROM submissions
    WHERE programme = $1 AND (kept_at, instance_id) > ($2, $3)
    ORDER BY kept_at, instance_id LIMIT $4
"""

# What stands for each report of a form, in the order in which that was kept, with the text that
# its reporter had agreed to by then.
OF_FORM = """
    SELECT s.*, coalesce(e.number, 0) AS edits, first.instance_id AS original,
           first.kept_at AS sent_at,
           (SELECT c.text_version FROM consents AS c
            WHERE c.reporter = s.reporter AND c.programme = s.programme AND c.agreed
                AND c.kept_at <= s.kept_at
            ORDER BY c.kept_at DESC, c.text_version DESC LIMIT 1) AS consent
    FROM submissions AS s
    LEFT JOIN edits AS e ON e.instance_id = s.instance_id
    JOIN submissions AS first ON first.instance_id = coalesce(e.original, s.instance_id)
    WHERE s.programme = $1 AND s.form_id = $2 AND (s.kept_at, s.instance_id) > ($3, $4)
        AND NOT EXISTS (SELECT 1 FROM edits AS later WHERE later.replaces = s.instance_id)
    ORDER BY s.kept_at, s.instance_id LIMIT $5
"""

# The newest first; a page begins before the last one.
OF_FORM_BEFORE = """
    SELECT s.*, coalesce(e.number, 0) AS edits, first.instance_id AS original,
           first.kept_at AS sent_at
    FROM submissions AS s
    LEFT JOIN edits AS e ON e.instance_id = s.instance_id
    JOIN submissions AS first ON first.instance_id = coalesce(e.original, s.instance_id)
    WHERE s.programme = $1 AND s.form_id = $2 AND (s.kept_at, s.instance_id) < ($3, $4)
        AND NOT EXISTS (SELECT 1 FROM edits AS later WHERE later.replaces = s.instance_id)
    ORDER BY s.kept_at DESC, s.instance_id DESC LIMIT $5
"""

# Each edit of a form's reports beside what it replaced, by report and in order.
EDITS = """
    SELECT e.original, e.number, s.kept_at, s.xml AS after, replaced.xml AS before
    FROM edits AS e
    JOIN submissions AS s ON s.instance_id = e.instance_id
    JOIN submissions AS replaced ON replaced.instance_id = e.replaces
    WHERE s.programme = $1 AND s.form_id = $2 AND (e.original, e.number) > ($3, $4)
    ORDER BY e.original, e.number LIMIT $5
"""

# What stands for each of a reporter's newest reports.
RECENT = """
    SELECT s.*, coalesce(e.number, 0) AS edits, first.instance_id AS original,
           first.kept_at AS sent_at
    FROM submissions AS s
    LEFT JOIN edits AS e ON e.instance_id = s.instance_id
    JOIN submissions AS first ON first.instance_id = coalesce(e.original, s.instance_id)
    WHERE s.reporter = $1 AND s.programme = $2
        AND NOT EXISTS (SELECT 1 FROM edits AS later WHERE later.replaces = s.instance_id)
    ORDER BY s.kept_at DESC, s.instance_id LIMIT $3
"""

# Put an edit at the end of its chain, if what it replaces is the reporter's and stands there.
REPLACE = """
    INSERT INTO edits (instance_id, replaces, original, number)
    SELECT $1, s.instance_id, coalesce(e.original, s.instance_id), coalesce(e.number, 0) + 1
    FROM submissions AS s LEFT JOIN edits AS e ON e.instance_id = s.instance_id
    WHERE s.instance_id = $2 AND s.reporter = $3 AND s.programme = $4
        AND NOT EXISTS (SELECT 1 FROM edits AS later WHERE later.replaces = s.instance_id)
    RETURNING instance_id
"""

FORM_IDS = "SELECT DISTINCT form_id FROM submissions WHERE programme = $1 ORDER BY form_id"

OF_REPORTER = """
    SELECT * FROM submissions WHERE reporter = $1 AND programme = $2
    ORDER BY kept_at, instance_id LIMIT $3
"""

BY_RECEIPT = """
    SELECT * FROM submissions WHERE programme = $1 AND receipt = $2
    ORDER BY kept_at, instance_id LIMIT $3
"""

# Edits are no reports of their own; counting ends at a number.
COUNT_SINCE = """
    SELECT count(*) AS count FROM (
        SELECT 1 FROM submissions AS s
        WHERE s.reporter = $1 AND s.programme = $2 AND s.kept_at > $3
            AND NOT EXISTS (SELECT 1 FROM edits AS e WHERE e.instance_id = s.instance_id)
        LIMIT $4) AS lately
"""

COUNT = "SELECT count(*) AS count FROM submissions WHERE programme = $1"

ORIGINAL_OF = "SELECT original FROM edits WHERE instance_id = $1"

REVIEW = """
    UPDATE submissions SET review_state = $2
    WHERE instance_id = $1
        OR instance_id IN (SELECT instance_id FROM edits WHERE original = $1)
"""

STANDING_OF = """
    SELECT s.*, coalesce(e.number, 0) AS edits, first.instance_id AS original,
           first.kept_at AS sent_at
    FROM submissions AS first
    LEFT JOIN edits AS e ON e.original = first.instance_id
        AND NOT EXISTS (SELECT 1 FROM edits AS later WHERE later.replaces = e.instance_id)
    JOIN submissions AS s ON s.instance_id = coalesce(e.instance_id, first.instance_id)
    WHERE first.instance_id = $1
"""

# A report's original and all its edits, in order.
CHAIN_OF = """
    SELECT s.* FROM submissions AS s LEFT JOIN edits AS e ON e.instance_id = s.instance_id
    WHERE s.instance_id = $1 OR e.original = $1
    ORDER BY coalesce(e.number, 0)
"""

REWRITE = "UPDATE submissions SET xml = $2 WHERE instance_id = $1"

# Edits are no reports of their own.
TALLY = """
    SELECT s.review_state, count(*) AS count FROM submissions AS s
    WHERE s.reporter = $1 AND s.programme = $2 AND s.instance_id <> $3
        AND NOT EXISTS (SELECT 1 FROM edits AS e WHERE e.instance_id = s.instance_id)
    GROUP BY s.review_state
"""

ALIKE_MAX = 20
"""How many submissions with one receipt code are shown; codes are short, so two may share one."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A finished, saved instance."""

    instance_id: str
    programme: str
    reporter: Reporter
    form_id: str
    form_version: str
    language: str
    receipt: str
    xml: str
    review_state: ReviewState
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for a report: its newest submission, and what is known of the whole chain.

    `original` is the id of the first one, `sent_at` when that was kept, `edits` how many times the
    report was changed since. `consent` is the version of the text agreed to, where it is asked for.
    """

    submission: Submission
    original: str
    sent_at: datetime
    edits: int
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a report after it was sent: the XML before and after it.

    `original` is the id by which the report goes, `number` counts its edits from 1.
    """

    original: str
    number: int
    kept_at: datetime
    before: str
    after: str


async def keep(
    unit: Unit, reporter: Reporter, programme: str, submission: KeepSubmission, now: datetime
) -> bool:
    """Keep a submission as received; False if this very submission is kept already.

    Raises `ConsentMissing` where no consent of the reporter stands (Copenhagen Framework, C04)
    and `SubmissionConflict` where another XML is kept under the instance id, or where what an edit
    replaces is not there, not the reporter's, or replaced already.
    """
    if not await consents.standing(unit, reporter, programme):
        said = f"no consent stands for submission {submission.instance_id}; ask for it first"
        raise ConsentMissing(said)
    values = (
        *(submission.instance_id, programme, reporter, submission.form_id),
        *(submission.form_version, submission.language, submission.receipt, submission.xml),
    )
    if await unit.row(KEEP, *values, to_kept(now)) is not None:
        if submission.replaces:
            await _replace(unit, reporter, programme, submission)
        return True
    await _expect_same(unit, reporter, submission)
    return False


async def by_id(reading: Reading, instance_id: str) -> Submission | None:
    """Return one submission, or None."""
    row = await reading.row(BY_ID, instance_id)
    return _submission(row) if row else None


async def of_programme(
    reading: Reading, programme: str, after: Submission | None = None, limit: int = 500
) -> Sequence[Submission]:
    """Return a page of a programme's submissions in the order they came, those past `after`."""
    kept_at, instance_id = (to_kept(after.kept_at), after.instance_id) if after else (-1, "")
    rows = await reading.rows(OF_PROGRAMME, programme, kept_at, instance_id, limit)
    return [_submission(row) for row in rows]


async def of_form(
    reading: Reading, programme: str, form_id: str, page: int = 500
) -> AsyncIterator[Standing]:
    """Go through what stands for a form's reports, oldest first, fetching `page` at a time."""
    kept_at, instance_id = -1, ""
    while rows := await reading.rows(OF_FORM, programme, form_id, kept_at, instance_id, page):
        for row in rows:
            yield replace(_standing(row), consent=row["consent"] or "")
        kept_at, instance_id = rows[-1]["kept_at"], rows[-1]["instance_id"]


async def of_form_before(  # noqa: PLR0913, PLR0917 - which form, from where, how many.
    reading: Reading, programme: str, form_id: str, last_at: int, last_id: str, at_most: int
) -> tuple[Standing, ...]:
    """Return a page of what stands for a form's reports, the newest first.

    It begins before the moment, as it is kept, and the id of the last page's last one.
    """
    rows = await reading.rows(OF_FORM_BEFORE, programme, form_id, last_at, last_id, at_most)
    return tuple(map(_standing, rows))


async def edits_of_form(
    reading: Reading, programme: str, form_id: str, page: int = 500
) -> AsyncIterator[Edit]:
    """Go through the edits of a form's reports, each report's in order."""
    original, number = "", 0
    while rows := await reading.rows(EDITS, programme, form_id, original, number, page):
        for row in rows:
            original, number = row["original"], row["number"]
            yield Edit(original, number, from_kept(row["kept_at"]), row["before"], row["after"])


async def form_ids(reading: Reading, programme: str) -> Sequence[str]:
    """Return the ids of the forms that a programme has submissions of."""
    return [row["form_id"] for row in await reading.rows(FORM_IDS, programme)]


async def of_reporter(
    reading: Reading, reporter: Reporter, programme: str, limit: int = 500
) -> Sequence[Submission]:
    """Return what one reporter sent to a programme, oldest first."""
    rows = await reading.rows(OF_REPORTER, reporter, programme, limit)
    return [_submission(row) for row in rows]


async def recent(
    reading: Reading, reporter: Reporter, programme: str, limit: int
) -> Sequence[Standing]:
    """Return what stands for a reporter's newest reports, the newest first."""
    rows = await reading.rows(RECENT, reporter, programme, limit)
    return [_standing(row) for row in rows]


async def by_receipt(reading: Reading, programme: str, receipt: str) -> Sequence[Submission]:
    """Return the submissions that carry a receipt code: nearly always one, at most a few."""
    rows = await reading.rows(BY_RECEIPT, programme, receipt, ALIKE_MAX)
    return [_submission(row) for row in rows]


async def count_since(
    reading: Reading, reporter: Reporter, programme: str, since: datetime, at_most: int
) -> int:
    """Count what a reporter sent after a moment, changes left out, up to a number."""
    row = await reading.row(COUNT_SINCE, reporter, programme, to_kept(since), at_most)
    return int(row["count"]) if row else 0


async def original_of(reading: Reading, instance_id: str) -> str:
    """Return the id of the first submission of a report's chain; its own where it is that."""
    row = await reading.row(ORIGINAL_OF, instance_id)
    return str(row["original"]) if row else instance_id


async def standing_of(reading: Reading, original: str) -> Standing | None:
    """Return what stands for the report that began with a submission, or None."""
    row = await reading.row(STANDING_OF, original)
    return _standing(row) if row else None


async def review(unit: Unit, original: str, state: ReviewState) -> None:
    """Give a report, with all its edits, a review state."""
    await unit.run(REVIEW, original, state)


async def chain_of(reading: Reading, original: str) -> Sequence[Submission]:
    """Return a report's original and all its edits, in order."""
    return [_submission(row) for row in await reading.rows(CHAIN_OF, original)]


async def rewrite(unit: Unit, instance_id: str, xml: str) -> None:
    """Put other XML in a submission's place: words were blacked out, and nothing else."""
    await unit.run(REWRITE, instance_id, xml)


async def tally(
    reading: Reading, reporter: Reporter, programme: str, but: str
) -> Mapping[ReviewState, int]:
    """Count a reporter's other reports by review state; `but` is the original's id of this one."""
    rows = await reading.rows(TALLY, reporter, programme, but)
    return {row["review_state"]: row["count"] for row in rows}


async def count(reading: Reading, programme: str) -> int:
    """Return how many submissions a programme has."""
    row = await reading.row(COUNT, programme)
    return int(row["count"]) if row else 0


async def _expect_same(unit: Unit, reporter: Reporter, submission: KeepSubmission) -> None:
    kept = await by_id(unit, submission.instance_id)
    if kept is None or (kept.xml, kept.reporter) != (submission.xml, reporter):
        said = f"another submission is kept as {submission.instance_id}; give this one its own id"
        raise SubmissionConflict(said)


async def _replace(
    unit: Unit, reporter: Reporter, programme: str, submission: KeepSubmission
) -> None:
    values = (submission.instance_id, submission.replaces, reporter, programme)
    if await unit.row(REPLACE, *values) is None:
        said = f"{submission.replaces}, which an edit replaces, is not there or replaced already"
        raise SubmissionConflict(said)


def _standing(row: Row) -> Standing:
    return Standing(_submission(row), row["original"], from_kept(row["sent_at"]), row["edits"])


def _submission(row: Row) -> Submission:
    return Submission(
        instance_id=row["instance_id"],
        programme=row["programme"],
        reporter=row["reporter"],
        form_id=row["form_id"],
        form_version=row["form_version"],
        language=row["language"],
        receipt=row["receipt"],
        xml=row["xml"],
        review_state=row["review_state"],
        kept_at=from_kept(row["kept_at"]),
    )
