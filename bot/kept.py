"""A report that was kept just now, with all that its aftermath needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations.programme import Programme
from conversations.replies import KeepSubmission
from conversations.xform.instance import Instance
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.store import Store, Unit


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that was kept just now, and who sent it.

    `instance` is the report as it stands, to be read only; `began_at` when its reporter began it.
    `due_id` is the planned question that it answers, 0 for a report of the person's own.
    `invited_by` is the token of the link by which the person came.
    """

    unit: Unit
    store: Store
    programme: Programme
    contact: Contact
    reporter: Reporter
    submission: KeepSubmission
    instance: Instance
    began_at: datetime
    now: datetime
    due_id: int = 0
    invited_by: str = ""

    def report(self, original: str) -> Report:
        """Return the report as it stands now; `original` is the first submission of its chain."""
        sent = self.submission
        about = (original, sent.form_id, sent.form_version, sent.language)
        return Report(
            *(self.unit, self.store, self.programme, *about, self.instance, self.now),
            replaces=sent.replaces,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it stands, in a unit: what moderators look at, and others are asked about.

    `replaces` is the submission that was changed just now, blank where none was.
    """

    unit: Unit
    store: Store
    programme: Programme
    original: str
    form_id: str
    form_version: str
    language: str
    instance: Instance
    now: datetime
    replaces: str = ""
