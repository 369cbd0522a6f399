"""What authoring asks of its host, and the facts that come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from conversations.followups.rehearsal import Rehearsal
from conversations.replies import Reply
from conversations.xform.form import Form
from conversations.xform.problems import FormProblem

# What is asked


@dataclass(frozen=True, slots=True)
class CheckWorkbook:
    """Fetch a workbook and check it, whenever; answered by `WorkbookChecked`."""

    upload: str
    source: str
    file_name: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text as a file."""

    file_name: str
    text: str


@dataclass(frozen=True, slots=True)
class BeginTrial:
    """Begin a trial of the form that lies on the desk."""


@dataclass(frozen=True, slots=True)
class PublishForm:
    """Offer the form that lies on the desk to everybody, under this version.

    `along`: earlier reports go by its sheet of follow-ups, too.
    """

    form_id: str
    version: str
    along: bool = False


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Offer a form again."""

    form_id: str


@dataclass(frozen=True, slots=True)
class CloseForm:
    """Offer a form to nobody new."""

    form_id: str


@dataclass(frozen=True, slots=True)
class CountForms:
    """Count reports and sessions, at once; answered by `FormsCounted`.

    `in_place` is handed back: whether the board that stands is to be changed.
    """

    in_place: bool


@dataclass(frozen=True, slots=True)
class ClearDesk:
    """Throw away what lies on the desk."""


Asked: TypeAlias = (
    CheckWorkbook
    | SendText
    | BeginTrial
    | PublishForm
    | OpenForm
    | CloseForm
    | CountForms
    | ClearDesk
    | Reply
)


# What comes back


@dataclass(frozen=True, slots=True)
class WorkbookChecked:
    """A workbook was checked: a form with warnings, or None with the errors.

    Both are None where the file could not be had. `seen` is what its follow-ups would do with the
    reports that there are, None where there are none, or nothing is planned of them.
    """

    upload: str
    form: Form | None
    problems: tuple[FormProblem, ...] | None
    seen: Rehearsal | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """One form's figures; `earlier` of the sessions under way answer an earlier version."""

    reports: int = 0
    under_way: int = 0
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class FormsCounted:
    """The figures of each form, by its id."""

    counts: Mapping[str, Count]
    in_place: bool


Heard: TypeAlias = WorkbookChecked | FormsCounted
