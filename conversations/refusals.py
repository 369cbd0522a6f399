"""Why the form does not take an answer, and what it would take.

The form's own message comes first. Where it has none, the bounds of the answer are said as the
question is answered: days for a date, months or years where these are asked for.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from conversations.phrases import FormText, Locale, Phrase, Problem, phrase
from conversations.questions.dates import MONTH, YEAR
from conversations.questions.kinds import kind_of
from conversations.scene import Scene
from conversations.xform.bounds import Bounds
from conversations.xform.form import Question
from conversations.xform.instance import Instance, Refusal

_MONTHS = 12


def refused(scene: Scene, instance: Instance, reference: str, refusal: Refusal) -> Problem:
    """Say why the form does not take an answer to a question, in its own words where it has any."""
    if refusal.message:
        return Problem(FormText(refusal.message))
    match refusal.kind:
        case "required":
            # Translators: the person wanted to leave out a question that must be answered.
            return Problem(phrase("This question needs an answer."))
        case "constraint":
            return Problem(_out_of_bounds(scene, instance, reference))
        case "choice":
            return Problem(phrase("That is not one of the choices. Please tap one of the buttons."))
        case "type" | "readonly":
            # Translators: the answer is of the wrong sort, such as words instead of a number.
            return Problem(phrase("That does not fit this question. Please answer again."))


def _out_of_bounds(scene: Scene, instance: Instance, reference: str) -> Phrase:
    question, bounds = instance.element(reference), instance.bounds(reference)
    kind = kind_of(question) if isinstance(question, Question) else None
    if kind in {MONTH, YEAR}:
        return _within_months(bounds, scene.locale, years=kind is YEAR)
    return _within(bounds)


def _within_months(bounds: Bounds, locale: Locale, *, years: bool) -> Phrase:
    """Say between which months, or years, an answer may be; each is kept as its first day."""
    low = _said(_first_begun(bounds.low, years=years), locale, years=years)
    high = _said(bounds.high, locale, years=years)
    match low, high:
        case None, None:
            return _cannot_be_right()
        case None, str():
            # Translators: the person gave a later month or year; {high} is a month or a year.
            return phrase("That is too late. The latest I can take here is {high}.", high=high)
        case str(), None:
            # Translators: the person gave an earlier month or year; {low} is a month or a year.
            return phrase("That is too early. The earliest I can take here is {low}.", low=low)
        case str(), str():
            # Translators: {low} and {high} are months or years; the answer was outside of them.
            return phrase("Here it can only be from {low} to {high}.", low=low, high=high)
    raise AssertionError(bounds)


def _first_begun(low: date | Decimal | None, *, years: bool) -> date | None:
    """Return the first day on or after the lowest one that begins a month, or a year."""
    if not isinstance(low, date):
        return None
    begun = low.replace(day=1, month=1) if years else low.replace(day=1)
    if begun == low:
        return low
    if years or low.month == _MONTHS:
        return date(low.year + 1, 1, 1)
    return date(low.year, low.month + 1, 1)


def _said(end: date | Decimal | None, locale: Locale, *, years: bool) -> str | None:
    if not isinstance(end, date):
        return None
    return locale.show_year(end.year) if years else locale.show_month(end)


def _cannot_be_right() -> Phrase:
    # Translators: the answer is outside of what the form allows, such as 200 children.
    return phrase("That cannot be right here. Please check it and answer again.")


def _within(bounds: Bounds) -> Phrase:
    """Say between which values an answer may be."""
    match bounds:
        case Bounds(low=None, high=date() as high):
            # Translators: the person gave a later day; {high} is a day.
            return phrase("That is too late. The last day I can take here is {high}.", high=high)
        case Bounds(low=date() as low, high=None):
            # Translators: the person gave an earlier day; {low} is a day.
            return phrase("That is too early. The first day I can take here is {low}.", low=low)
        case Bounds(low=date() as low, high=date() as high):
            # Translators: {low} and {high} are days.
            return phrase("Please give a day from {low} to {high}.", low=low, high=high)
        case Bounds(low=None, high=Decimal() as high):
            # Translators: the person gave a larger number; {high} is a number.
            return phrase("That is too much. The largest number here is {high}.", high=high)
        case Bounds(low=Decimal() as low, high=None):
            # Translators: the person gave a smaller number; {low} is a number.
            return phrase("That is too little. The smallest number here is {low}.", low=low)
        case Bounds(low=Decimal() as low, high=Decimal() as high):
            # Translators: why an answer was refused, and under a question whose numbers have
            # bounds.
            return phrase("Write a number from {low} to {high}.", low=low, high=high)
        case _:
            return _cannot_be_right()
