"""A report that was kept just now, with all that its aftermath needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import KeepSubmission
from conversations.scene import worded
from conversations.sheets.texts import Message
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


def in_each_language(
    message: Message, instance: Instance, locales: Mapping[str, Locale]
) -> dict[str, str]:
    """Return a text about a report as each language says it, by tag, the choices it quotes too.

    Whoever reads it may speak another language than who reported; the instance speaks its own
    again afterwards.
    """
    reporters = instance.surroundings
    try:
        return {tag: _said(message, instance, locale) for tag, locale in locales.items()}
    finally:
        instance.surroundings = reporters


def _said(message: Message, instance: Instance, locale: Locale) -> str:
    spoken = replace(instance.surroundings, language=locale.tag, stand_ins=locale.chain)
    instance.surroundings = worded(spoken, locale)
    return message.said(instance, locale)
