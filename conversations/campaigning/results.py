"""The monthly results of a place, with small counts left out.

No number stands where fewer than `PEOPLE_MIN` people reported, and none of all places from which
the number of one place's few could be worked out by taking away what stands for the place
(`conversations.disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from conversations.campaigning.board import form_title
from conversations.campaigning.message import Message
from conversations.campaigning.topics import name_in
from conversations.disclosure import PEOPLE_MIN, may_be_shown
from conversations.phrases import Locale, Phrase, phrase, verbatim
from conversations.programme import Programme, Texts
from conversations.reviewing.figure_words import count_told
from conversations.reviewing.published import Figure

OPINIONS_MAX: Final = 5
"""Numbers of the month before beside those of a month; more would be a long message."""


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
    return may_be_shown(one.reporter for one in told)


@dataclass(frozen=True, slots=True)
class Revised:
    """An earlier figure that changed after it was published; `count` may be `WITHDRAWN`."""

    period: str
    form_id: str
    area: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people of a place say of a number of the month before, by language tag."""

    area: str
    said: Texts


def results_message(
    month: Month,
    locales: Sequence[Locale],
    revised: Sequence[Revised] = (),
    opinions: Sequence[Opinion] = (),
) -> Message:
    """Return a month's results for all places and for each area, in each language."""
    programme = month.programme
    forms = [form_id for form_id, _ in programme.offered]
    figures = {
        area: {form_id: month.count(form_id, area) for form_id in forms}
        for area in ("", *programme.areas)
    }
    earlier: dict[str, list[tuple[str, str, int | None]]] = {}
    for one in revised:
        earlier.setdefault(one.area, []).append((one.period, one.form_id, one.count))
    said = {area: [one.said for one in opinions if area in {"", one.area}] for area in figures}
    blank = Message(
        period=f"{month.first_day:%Y-%m}",
        figures=figures,
        revised=earlier,
        opinions={area: found[:OPINIONS_MAX] for area, found in said.items() if found},
    )
    return worded(programme, blank, locales)


def worded(programme: Programme, message: Message, locales: Sequence[Locale]) -> Message:
    """Return a month's results with the texts that its figures give."""
    by_area = {
        area: {
            locale.tag: "\n".join(
                locale.say(line) for line in _lines(programme, message, area, locale)
            )
            for locale in locales
        }
        for area in message.figures
    }
    return replace(message, texts=by_area.pop("", {}), by_area=by_area)


def figure_named(programme: Programme, figure: Figure, locale: Locale) -> str:
    """Name a figure: its form, its month, its place."""
    month = locale.show_month(first_day_of(figure.period))
    title = form_title(programme, figure.form_id)
    return f"{title} · {month} · {place_named(programme, figure.area, locale)}"


def place_named(programme: Programme, area: str, locale: Locale) -> str:
    """Name an area; blank for all places."""
    return name_in(programme, locale, area) if area else locale.say(phrase("all places"))


def first_day_of(period: str) -> date:
    """Return the first day of a month such as 2026-03."""
    return date.fromisoformat(f"{period}-01")


def _lines(programme: Programme, message: Message, area: str, locale: Locale) -> Iterator[Phrase]:
    where, first_day = place_named(programme, area, locale), first_day_of(message.period)
    # Translators: above what people of a place reported in a month, such as "March 2026".
    yield phrase("Results for {month}: {area}", month=locale.show_month(first_day), area=where)
    for form_id, count in message.figures[area].items():
        yield _line(form_title(programme, form_id), count)
    for period, form_id, count in message.revised.get(area, ()):
        month = locale.show_month(first_day_of(period))
        # Translators: in the results of a month: an earlier number that was wrong, as it is now.
        yield phrase(
            "Changed since: {form}, {month}: {reports}",
            form=form_title(programme, form_id),
            month=month,
            reports=count_told(count),
        )
    for said in message.opinions.get(area, ()):
        yield verbatim("{text}", text=programme.text(said, *locale.chain))
    # Translators: below the results of a month: small numbers are not shown, to protect people.
    yield phrase("A number stands only where at least {count} people reported.", count=PEOPLE_MIN)


def _line(title: str, count: int | None) -> Phrase:
    if count is None:
        # Translators: in the results of a month: fewer people reported than may be shown.
        return phrase("{form}: too few to show", form=title)
    return verbatim("{form}: {reports}", form=title, reports=count_told(count))
