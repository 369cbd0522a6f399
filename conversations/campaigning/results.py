"""The monthly results of a place, with small counts left out.

Disclosure control, as the Copenhagen Framework asks of whoever publishes citizen data: no number
stands where fewer than `PEOPLE_MIN` people reported, and none of all places from which the number
of one place's few could be worked out by taking away what stands for the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from conversations.campaigning.board import form_title
from conversations.campaigning.topics import name_in
from conversations.phrases import Locale, Phrase, phrase, phrase_of_many, verbatim
from conversations.programme import Programme, Texts

PEOPLE_MIN: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One report of the month: of which form, from which area (blank: unknown), by whom."""

    form_id: str
    area: str
    reporter: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month's reports."""

    programme: Programme
    first_day: date
    told: tuple[Told, ...]

    def count(self, form_id: str, area: str) -> int | None:
        """Count a form's reports from an area (blank: all); None where too few people reported."""
        all_of_form = [one for one in self.told if one.form_id == form_id]
        if not area:
            return len(all_of_form) if _shows(all_of_form) and self._hides(all_of_form) else None
        here = [one for one in all_of_form if one.area == area]
        return len(here) if _shows(here) else None

    def _hides(self, all_of_form: list[Told]) -> bool:
        """Tell whether what is left of all, without any one place, is nothing or enough people."""
        places = {one.area for one in all_of_form}
        rest = ([one for one in all_of_form if one.area != area] for area in places)
        return all(not left or _shows(left) for left in rest)


def _shows(told: Iterable[Told]) -> bool:
    return len({one.reporter for one in told}) >= PEOPLE_MIN


def texts(month: Month, area: str, locales: Iterable[Locale]) -> Texts:
    """Return the results of an area (blank: all places) in each language."""
    return {
        locale.tag: "\n".join(locale.say(line) for line in _lines(month, area, locale))
        for locale in locales
    }


def _lines(month: Month, area: str, locale: Locale) -> Iterator[Phrase]:
    where = name_in(month.programme, locale, area) if area else locale.say(phrase("all places"))
    # Translators: above what people of a place reported in a month, such as "March 2026".
    yield phrase(
        "Results for {month}: {area}", month=locale.show_month(month.first_day), area=where
    )
    for form_id, _ in month.programme.offered:
        yield _line(month, form_id, area)
    # Translators: below the results of a month: small numbers are not shown, to protect people.
    yield phrase("A number stands only where at least {count} people reported.", count=PEOPLE_MIN)


def _line(month: Month, form_id: str, area: str) -> Phrase:
    title, count = form_title(month.programme, form_id), month.count(form_id, area)
    if count is None:
        # Translators: in the results of a month: fewer people reported than may be shown.
        return phrase("{form}: too few to show", form=title)
    reports = phrase_of_many("{count} report", "{count} reports", count)
    return verbatim("{form}: {reports}", form=title, reports=reports)
