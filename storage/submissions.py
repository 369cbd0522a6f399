"""Submissions: finished instances, each kept once and only under a standing consent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from conversations.replies import KeepSubmission
from storage import consents
from storage.errors import ConsentMissing, SubmissionConflict
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

ReviewState: TypeAlias = Literal["received", "has issues", "approved", "rejected"]
"""ODK Central's words, as tables show them."""

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

OF_FORM = """
    SELECT * FROM submissions
    WHERE programme = $1 AND form_id = $2 AND (kept_at, instance_id) > ($3, $4)
    ORDER BY kept_at, instance_id LIMIT $5
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

COUNT = "SELECT count(*) AS count FROM submissions WHERE programme = $1"

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


async def keep(
    unit: Unit, reporter: Reporter, programme: str, submission: KeepSubmission, now: datetime
) -> bool:
    """Keep a submission as received; False if this very submission is kept already.

    Raises `ConsentMissing` where no consent of the reporter stands (Copenhagen Framework, C04)
    and `SubmissionConflict` where another XML is kept under the instance id.
    """
    if not await consents.standing(unit, reporter, programme):
        said = f"no consent stands for submission {submission.instance_id}; ask for it first"
        raise ConsentMissing(said)
    values = (
        *(submission.instance_id, programme, reporter, submission.form_id),
        *(submission.form_version, submission.language, submission.receipt, submission.xml),
    )
    if await unit.row(KEEP, *values, to_kept(now)) is not None:
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
) -> AsyncIterator[Submission]:
    """Go through a form's submissions in the order they came, fetching `page` at a time."""
    kept_at, instance_id = -1, ""
    while rows := await reading.rows(OF_FORM, programme, form_id, kept_at, instance_id, page):
        for row in rows:
            yield _submission(row)
        kept_at, instance_id = rows[-1]["kept_at"], rows[-1]["instance_id"]


async def form_ids(reading: Reading, programme: str) -> Sequence[str]:
    """Return the ids of the forms that a programme has submissions of."""
    return [row["form_id"] for row in await reading.rows(FORM_IDS, programme)]


async def of_reporter(
    reading: Reading, reporter: Reporter, programme: str, limit: int = 500
) -> Sequence[Submission]:
    """Return what one reporter sent to a programme, oldest first."""
    rows = await reading.rows(OF_REPORTER, reporter, programme, limit)
    return [_submission(row) for row in rows]


async def by_receipt(reading: Reading, programme: str, receipt: str) -> Sequence[Submission]:
    """Return the submissions that carry a receipt code: nearly always one, at most a few."""
    rows = await reading.rows(BY_RECEIPT, programme, receipt, ALIKE_MAX)
    return [_submission(row) for row in rows]


async def count(reading: Reading, programme: str) -> int:
    """Return how many submissions a programme has."""
    row = await reading.row(COUNT, programme)
    return int(row["count"]) if row else 0


async def _expect_same(unit: Unit, reporter: Reporter, submission: KeepSubmission) -> None:
    kept = await by_id(unit, submission.instance_id)
    if kept is None or (kept.xml, kept.reporter) != (submission.xml, reporter):
        said = f"another submission is kept as {submission.instance_id}; give this one its own id"
        raise SubmissionConflict(said)


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
