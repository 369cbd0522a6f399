"""Texts of the sheets: in each language, with answers in them.

`${name}` in a text is the answer in words: a choice's label, a day and a number as the language
writes them. So an author writes the name and no more, and no code reaches a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from conversations.phrases import Locale
from conversations.xform.form import Form, Question
from conversations.xform.instance import Instance
from conversations.xform.languages import parents_of
from conversations.xform.standing import QuestionStop
from conversations.xform.values import canonical
from conversations.xpath import Expression


@dataclass(frozen=True, slots=True)
class Quoted:
    """An answer that a text quotes: `${name}`. `path` is blank where it stands beside the form."""

    name: str
    path: str
    expression: Expression


Piece: TypeAlias = "str | Quoted"


@dataclass(frozen=True, slots=True)
class Message:
    """A text by language tag, in the order of the columns; a blank tag speaks for all others."""

    pieces: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether it says anything in any language."""
        return bool(self.pieces)

    @property
    def quoted(self) -> tuple[Quoted, ...]:
        """List the answers that the text quotes, in whichever language, each once."""
        found = {
            one.name: one
            for pieces in self.pieces.values()
            for one in pieces
            if isinstance(one, Quoted)
        }
        return tuple(found.values())

    def language(self, *chain: str) -> str:
        """Return the tag under which it speaks to somebody; that of the first text for want."""
        wanted = (form for tag in chain for form in (tag, *parents_of(tag)))
        found = (tag for tag in wanted if tag.lower() in self.pieces)
        return next((tag.lower() for tag in found), next(iter(self.pieces), ""))

    def said(self, instance: Instance, locale: Locale) -> str:
        """Return the text in a person's language with the answers in words.

        The instance should speak the same language: choices read as its surroundings say.
        """
        pieces = self.pieces.get("", ()) if "" in self.pieces else ()
        pieces = self.pieces.get(self.language(*locale.chain), pieces)
        parts = (one if isinstance(one, str) else in_words(one, instance, locale) for one in pieces)
        return "".join(parts).strip()


NOTHING: Final = Message()
"""A text that is not there."""


def answer_in_words(instance: Instance, reference: str, locale: Locale) -> str:
    """Return the answer at a reference, also inside a repeat, as people say it; blank for none."""
    stop = instance.stop(reference)
    value = instance.state(reference).value.strip() if isinstance(stop, QuestionStop) else ""
    if not value or not isinstance(stop, QuestionStop):
        return ""
    if stop.question.choices is not None:
        return _chosen(value, reference, instance)
    return _as_kept(value, stop.question.kind, instance, locale)


def in_words(quoted: Quoted, instance: Instance, locale: Locale) -> str:
    """Return an answer as people say it; blank where there is none, or where it is not relevant."""
    value = instance.worked_out(quoted.expression).strip()
    element = instance.form.elements.get(quoted.path)
    if not value or not isinstance(element, Question):
        return _as_kept(value, _type_of(instance.form, quoted.path), instance, locale)
    if element.choices is not None:
        return _chosen(value, quoted.path, instance)
    return _as_kept(value, element.kind, instance, locale)


def _type_of(form: Form, path: str) -> str:
    bind = form.binds.get(path)
    return bind.type if bind else ""


def _chosen(value: str, path: str, instance: Instance) -> str:
    choices = instance.state(path).choices
    labels = dict(zip(choices.names(), choices.labels(), strict=True))
    return ", ".join(labels.get(name, name) for name in value.split())


def _as_kept(value: str, kind: str, instance: Instance, locale: Locale) -> str:
    """Write days and numbers as people do; a calculation without a type shows by its form."""
    now = instance.surroundings.now
    if kind in {"date", "string", ""} and len(value) == len("2026-11-22"):
        day = canonical("date", value, now)
        return locale.show_date(date.fromisoformat(day)) if day else value
    if kind == "dateTime" and (moment := canonical("dateTime", value, now)):
        return locale.show_datetime(datetime.fromisoformat(moment).astimezone(now.tzinfo))
    if kind in {"integer", "int", "decimal", "range"}:
        try:
            return locale.show_number(Decimal(value))
        except InvalidOperation:
            return value
    return value
