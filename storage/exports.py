"""Exports: a programme's submissions as CSV files in ODK Central's layout, attachments beside them.

    OUT/birth/birth.csv             one row a submission
    OUT/birth/birth-child.csv       one row an instance of the repeat `child`
    OUT/birth/media/...             the attachments that are here
    OUT/birth/missing-attachments.csv   those that are not, and why (only if there are any)
    OUT/birth/captions.csv          what people wrote beside their files (only if they did)
    OUT/birth/changed-answers.csv   what was changed after sending (only if something was)
    OUT/birth/checked-counts.csv    numbers that people of their place looked at (only if they did)
    OUT/birth/doubted-figures.csv   published numbers that people said are wrong (only if they did)

A report that was changed after it was sent stands there as it is now, under the id and the moment
of its original; `Edits` counts the changes. Each answer that differs has a line in
`changed-answers.csv`, before and after: read backwards, it gives back the original.

Rules. No chat id, no pseudonym. UTF-8 without a byte order mark and lines that end in a newline,
as Central writes them. The same submissions make the same bytes. A form's folder is replaced as
a whole or not at all. A text that a spreadsheet would run as a formula is written with an
apostrophe before it; numbers are left alone.
"""

from __future__ import annotations

import asyncio
import csv
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from conversations.programme import Programme
from conversations.reviewing.figure_words import WITHDRAWN
from conversations.reviewing.published import REASONS, Count
from conversations.tables import (
    Receipt,
    Table,
    cells_of,
    changed_answers,
    headings_of,
    rows_of,
    tables_of,
    written_moment,
)
from conversations.validating.questions import WHYS
from conversations.xform.form import Form
from storage import attachments, count_asks, counts, figure_cases, submissions
from storage.attachments import Attachment
from storage.count_asks import tally_of
from storage.errors import StorageUnavailable
from storage.files import Files
from storage.store import Readable, Reading
from storage.submissions import Edit, Standing

FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
UNSAFE = re.compile(r"[^\w.\-]+")
MISSING = "missing-attachments.csv"
MISSING_HEADINGS = ("KEY", "Attachment", "State", "Reason")
CAPTIONS = "captions.csv"
CAPTION_HEADINGS = ("KEY", "Attachment", "Caption")
CHECKED = "checked-counts.csv"
CHECKED_HEADINGS = (
    *("Count", "Place", "Month", "Asked", "Now", "AboutRight", "TooFew", "TooMany"),
    *("CannotTell", "Says", "FormVersion", "State", "Objections", "CouldHarm", "ShowsWho"),
    *("Unclear", "OtherObjection", "ObjectionsDecided"),
)
DOUBTED = "doubted-figures.csv"
DOUBTED_HEADINGS = (
    *("Month", "Place", "Published", "Now", "Decided", "DecidedDate", "TooHigh", "TooLow"),
    *("NotThisPlace", "CouldHarm", "OtherDoubt"),
)
CHANGED = "changed-answers.csv"
CHANGED_HEADINGS = ("KEY", "Edit", "EditDate", "RowKEY", "Column", "Before", "After")


@dataclass(frozen=True, slots=True)
class Exported:
    """How much was written; `missing` attachments are listed beside the others."""

    submissions: int = 0
    attachments: int = 0
    missing: int = 0

    def __str__(self) -> str:
        """Say it in words."""
        said = (
            f"{_count(self.submissions, 'submission')} and {_count(self.attachments, 'attachment')}"
        )
        return f"{said} ({self.missing} more are not here: {MISSING})" if self.missing else said

    def __add__(self, other: Exported) -> Exported:
        """Return both together."""
        return Exported(
            self.submissions + other.submissions,
            self.attachments + other.attachments,
            self.missing + other.missing,
        )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


class CsvWriter(Protocol):
    """What the standard library's `csv.writer` returns."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write one line."""


async def export(store: Readable, programme: Programme, files: Files, out: Path) -> Exported:
    """Write a programme's submissions below `out`, a folder a form; see this module's layout.

    Raises `StorageUnavailable` where `out` cannot be written, or holds a folder of a form's name
    that is no export.
    """
    exported = Exported()
    with _beside(out) as beside:
        async with store.reading() as reading:
            for form_id in await _form_ids(reading, programme):
                folder = _free(beside / _safe(form_id))
                exported += await _write_form(reading, programme, form_id, files, folder)
        await asyncio.to_thread(_put_in_place, beside, out)
    return exported


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    >>> guarded("=1+1"), guarded("-1.29"), guarded("- none")
    ("'=1+1", '-1.29', "'- none")
    """
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Lend a folder on the same disk as `out`, and say plainly what cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=out) as beside:
            yield Path(beside)
    except OSError as error:
        said = f"The export cannot be written to {out} ({error.strerror}); choose another --out."
        raise StorageUnavailable(said) from error


async def _form_ids(reading: Reading, programme: Programme) -> Sequence[str]:
    known = {form_id for form_id, _ in programme.forms}
    return sorted(known.union(await submissions.form_ids(reading, programme.name)))


async def _write_form(
    reading: Reading, programme: Programme, form_id: str, files: Files, folder: Path
) -> Exported:
    """Write one form's folder: first learn which columns there are, then write the rows."""
    forms = _versions(programme, form_id)
    # Where the programme no longer has the form, every answer is a stray of an empty table.
    tables = tables_of(forms) if forms else (Table("/data", "", ()),)
    versions = {form.version for form in forms}
    strays = await _strays(reading, programme.name, form_id, tables, versions)
    exported = Exported()
    with _sheets(folder, tables, strays) as sheets:
        async for report in submissions.of_form(reading, programme.name, form_id):
            sent = await attachments.of_submission(reading, report.submission.instance_id)
            _write_rows(report, sent, tables, strays, sheets)
            exported += await asyncio.to_thread(_copy_media, report, sent, files, folder)
    async for edit in submissions.edits_of_form(reading, programme.name, form_id):
        await asyncio.to_thread(_list_changes, edit, tables, folder)
    _list(folder / CHECKED, CHECKED_HEADINGS, await _checked(reading, programme.name, form_id))
    _list(folder / DOUBTED, DOUBTED_HEADINGS, await _doubted(reading, programme.name, form_id))
    return exported


async def _checked(reading: Reading, programme: str, form_id: str) -> list[tuple[str, ...]]:
    """Return a line for each number that people looked at: asked about, and counted today."""
    lines = []
    for check in await counts.of_form(reading, programme, form_id):
        asked = await count_asks.of_check(reading, check.id)
        number, said = check.number, tally_of(asked)
        why = Counter(one.objection for one in asked if one.objection)
        now = (await counts.behind(reading, number)).get(number.place, {})
        what = (number.name, number.place, number.month, check.counted, len(now))
        people = (said.right, said.few, said.many, said.unknown)
        came = (check.says, check.form_version, check.state)
        objected = (why.total(), *(why[one] for one in WHYS), check.decided)
        lines.append(tuple(map(str, (*what, *people, *came, *objected))))
    return lines


async def _doubted(reading: Reading, programme: str, form_id: str) -> list[tuple[str, ...]]:
    """Return a line for each published number that somebody said is wrong; small counts blank."""
    lines = []
    for case in await figure_cases.of_form(reading, programme, form_id):
        why = await figure_cases.reasons(reading, case.number)
        told = (_shown(case.shown), _shown(case.stands), case.outcome)
        at = written_moment(case.decided_at) if case.decided_at else ""
        people = (str(why.get(one, 0)) for one in REASONS)
        lines.append((case.figure.period, case.figure.area, *told, at, *people))
    return lines


def _shown(count: Count) -> str:
    return "" if count is None or count == WITHDRAWN else str(count)


def _list_changes(edit: Edit, tables: Sequence[Table], folder: Path) -> None:
    """Write a line for each answer that an edit changed."""
    opening = (edit.original, str(edit.number), written_moment(edit.kept_at))
    found = changed_answers(edit.before, edit.after, edit.original, tables)
    lines = [(*opening, one.row, one.column, one.before, one.after) for one in found]
    _list(folder / CHANGED, CHANGED_HEADINGS, lines)


def _versions(programme: Programme, form_id: str) -> list[Form]:
    """Return the versions of a form: the one on offer first, the others newest first."""
    keys = sorted((key for key in programme.forms if key[0] == form_id), reverse=True)
    keys.sort(key=lambda key: key not in programme.offered)
    return [programme.forms[key] for key in keys]


async def _strays(
    reading: Reading,
    programme: str,
    form_id: str,
    tables: Sequence[Table],
    versions: set[str],
) -> dict[str, tuple[str, ...]]:
    """Return, by table, the columns that only submissions of unknown versions have."""
    strays: dict[str, dict[str, None]] = {table.path: {} for table in tables}
    async for report in submissions.of_form(reading, programme, form_id):
        submission = report.submission
        if submission.form_version not in versions:
            for row in rows_of(submission.xml, submission.instance_id, tables):
                strays[row.table].update(dict.fromkeys(row.strays))
    return {table: tuple(headings) for table, headings in strays.items()}


@contextmanager
def _sheets(
    folder: Path, tables: Sequence[Table], strays: dict[str, tuple[str, ...]]
) -> Iterator[dict[str, CsvWriter]]:
    """Open a form's CSV files, by table, with their headings written."""
    folder.mkdir()
    with ExitStack() as opened:
        sheets: dict[str, CsvWriter] = {}
        for table in tables:
            ending = f"-{_safe(table.name)}" if table.name else ""
            path = folder / f"{folder.name}{ending}.csv"
            file = opened.enter_context(path.open("x", encoding="utf-8", newline=""))
            sheets[table.path] = csv.writer(file, lineterminator="\n")
            sheets[table.path].writerow(headings_of(table, strays[table.path]))
        yield sheets


def _write_rows(
    report: Standing,
    sent: Sequence[Attachment],
    tables: Sequence[Table],
    strays: dict[str, tuple[str, ...]],
    sheets: dict[str, CsvWriter],
) -> None:
    submission = report.submission
    receipt = Receipt(
        kept_at=report.sent_at,
        form_version=submission.form_version,
        review_state=submission.review_state,
        attachments_expected=len(sent),
        attachments_present=sum(one.state == "kept" for one in sent),
        code=submission.receipt,
        edits=report.edits,
        language=submission.language,
        consent=report.consent,
    )
    by_path = {table.path: table for table in tables}
    for row in rows_of(submission.xml, report.original, tables):
        cells = cells_of(by_path[row.table], row, receipt, strays[row.table])
        sheets[row.table].writerow(map(guarded, cells))


def _copy_media(
    report: Standing, sent: Sequence[Attachment], files: Files, folder: Path
) -> Exported:
    """Copy a submission's attachments and list those that are not here."""
    missing = []
    for one in sent:
        if one.sha256 is None or not files.path(one.sha256).is_file():
            state = "lost" if one.sha256 else one.state
            missing.append((report.original, one.name, state, one.reason))
            continue
        place = _place(folder / "media", one.name, report.original)
        shutil.copyfile(files.path(one.sha256), place)
    captions = [(report.original, one.name, one.caption) for one in sent if one.caption]
    _list(folder / MISSING, MISSING_HEADINGS, missing)
    _list(folder / CAPTIONS, CAPTION_HEADINGS, captions)
    return Exported(1, len(sent) - len(missing), len(missing))


def _place(media: Path, name: str, instance_id: str) -> Path:
    """Find a place for a file: by its own name, below its submission where that is taken."""
    place = media / _safe(name)
    if place.exists():
        place = media / _safe(instance_id) / _safe(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _list(path: Path, headings: Sequence[str], lines: Sequence[tuple[str, ...]]) -> None:
    """Add lines to a list beside the tables, which is there only if it has any."""
    if not lines:
        return
    begun = path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file, lineterminator="\n")
        if not begun:
            sheet.writerow(headings)
        sheet.writerows([guarded(cell) for cell in line] for line in lines)


def _free(folder: Path) -> Path:
    """Return the folder, or one beside it where two forms' ids differ in odd characters only."""
    number = 1
    free = folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}~{number}")
    return free


def _safe(name: str) -> str:
    """Return a name that is one file below a folder, whatever a form or a person called it.

    >>> _safe("../../etc/passwd"), _safe("uuid:1")
    ('_.._etc_passwd', 'uuid_1')
    """
    return UNSAFE.sub("_", name).lstrip(".") or "_"


def _put_in_place(beside: Path, out: Path) -> None:
    """Replace the form folders of an earlier export, and nothing that is something else."""
    for folder in sorted(beside.iterdir()):
        place = out / folder.name
        if place.exists() and not (place / f"{folder.name}.csv").is_file():
            said = f"{place} is no earlier export; choose another --out, or move it away."
            raise StorageUnavailable(said)
    for folder in sorted(beside.iterdir()):
        place = out / folder.name
        if place.exists():
            place.rename(beside / f".old-{folder.name}")
        folder.rename(place)
