"""A programme as values: what it is called, what people agree to, which forms it offers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from conversations.xform.form import Form

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
    responder: str = ""
    """Whom moderators and, through the help text, reporters turn to: an address people can use."""
    edit_hours: int = 24
    """How long after a report was sent its reporter may change it; 0 means never."""
    retention_days: int | None = None
    """How long submissions are kept; None means until somebody decides."""
    areas: Mapping[str, Texts] = field(default_factory=dict, repr=False)
    """The names of the areas drawn in areas.geojson, by code."""

    def text(self, texts: Texts, language: str) -> str:
        """Return the text in a language, or in the nearest one there is.

        The order: the language itself, its parent (`sw` for `sw-KE`), the programme's languages.
        """
        for tag in (language, language.partition("-")[0], *self.languages):
            if texts.get(tag):
                return texts[tag]
        return next(iter(texts.values()), "")
