"""A programme as values: what it is called, what people agree to, which forms it offers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from conversations.areas import Area
from conversations.courtesy import Courtesy
from conversations.moderation import Moderation
from conversations.sheets import Sheets, read_sheets
from conversations.validating.terms import Terms
from conversations.xform.form import Form
from conversations.xform.languages import parents_of

FormKey: TypeAlias = tuple[str, str]
"""A form's id and version: what a session is pinned to."""

Texts: TypeAlias = Mapping[str, str]
"""The same text in several languages, by BCP 47 tag; the programme's first language is complete."""


MARK_SIGNS = 8


def form_mark(form_id: str) -> str:
    """Name a form in a button, whatever its id is made of: places in a list would shift.

    >>> form_mark("birth")
    'f7a18611'
    """
    return hashlib.sha256(form_id.encode()).hexdigest()[:MARK_SIGNS]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agrees to before the first stored answer; a changed text is a new version."""

    version: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person may do, so that nobody drowns the others; 0 lifts a limit."""

    updates_a_minute: int = 60
    """What a person does in a chat: messages, taps, files."""
    reports_a_day: int = 50
    """Reports sent within 24 hours; changes of a report do not count."""
    attachment_bytes_a_day: int = 200_000_000
    """Files taken within one day of the programme's time zone, also those replaced later."""
    reports_open: int = 1
    """Reports begun and not sent at a time, at least 1; the others wait, set aside."""


@dataclass(frozen=True, slots=True)
class Programme:
    """One citizen-data initiative."""

    name: str
    title: Texts
    about: Texts
    help: Texts
    languages: tuple[str, ...]
    zone: ZoneInfo
    safety: Literal["normal", "sensitive", "high-risk"]
    consent: Consent
    offered: tuple[FormKey, ...]
    forms: Mapping[FormKey, Form] = field(repr=False)
    media: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    attachment_bytes_max: int = 20_000_000
    limits: Limits = Limits()
    support: Texts = field(default_factory=dict)
    """What is said to whoever tells of a death, a loss, a danger."""
    responder: str = ""
    """Whom moderators and, through the help text, reporters turn to: an address people can use."""
    edit_hours: int = 24
    """How long after a report was sent its reporter may change it; 0 means never."""
    progress: bool = True
    """Set where people are shown how far they have come."""
    retention_days: int | None = None
    """How long submissions are kept; None means until somebody decides."""
    fallback: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The languages that stand in for one, in turn, where it has no words yet; by tag."""
    areas: Mapping[str, Area] = field(default_factory=dict, repr=False)
    """The areas drawn in areas.geojson, by code."""
    moderation: Moderation = field(default_factory=Moderation)
    courtesy: Courtesy = field(default_factory=Courtesy)
    validation: Terms = field(default_factory=Terms)
    """How people are asked about each other's reports."""

    asked: tuple[FormKey, ...] = ()
    """Forms that are only asked after a report, and that nobody chooses to begin."""
    sheets: Mapping[FormKey, Sheets] = field(default_factory=dict, repr=False)
    """What stands beside each of `forms` in its workbook; `with_forms` keeps the two in step."""

    def with_forms(self, forms: Mapping[FormKey, Form]) -> Programme:
        """Return the programme with these forms, and what the sheets beside them say."""
        sheets = {
            key: self.sheets[key]
            if key in self.sheets and form is self.forms.get(key)
            else read_sheets(form)[0]
            for key, form in forms.items()
        }
        return replace(self, forms=forms, sheets=sheets)

    @property
    def is_high_risk(self) -> bool:
        """Tell whether a phone that is searched must say as little as can be."""
        return self.safety == "high-risk"

    def text(self, texts: Texts, *chain: str) -> str:
        """Return the text in the first language of a chain that has it, or the nearest there is."""
        return texts.get(self.language_of(texts, *chain), "")

    def language_of(self, texts: Texts, *chain: str) -> str:
        """Return the language in which `text` says it; blank where there is none.

        The order: each language and its parents (`sw` for `sw-KE`), then the programme's languages.
        """
        wanted = (form for tag in chain for form in (tag, *parents_of(tag)))
        tags = (tag for tag in (*wanted, *self.languages, *texts) if texts.get(tag))
        return next(tags, "")
