"""What places are called in somebody's language: those drawn, and those that forms offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conversations.areas import Area
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.sheets.validations import AtPlace
from conversations.xform.offered import all_offered

ELSEWHERE = "other"
"""What a form calls all places that it does not name: nobody is at home there."""


def name_of(area: Area, code: str, locale: Locale) -> str:
    """Return what a drawn area is called; its code where it has no name."""
    names = (area.names[tag] for tag in (*locale.chain, *area.names) if tag in area.names)
    return next(names, code)


def places(programme: Programme, locale: Locale) -> Mapping[str, str]:
    """Return the places one may be at home in, by code: those drawn, and those that sheets name."""
    drawn = {code: name_of(area, code, locale) for code, area in programme.areas.items()}
    return {**dict(_of_forms(programme, locale)), **drawn}


def _of_forms(programme: Programme, locale: Locale) -> Iterator[tuple[str, str]]:
    for key in programme.offered:
        sheets, form = programme.sheets.get(key), programme.forms.get(key)
        if sheets is None or form is None:
            continue
        paths = {one.path for row in sheets.validations for one in row.audience
                 if isinstance(one, AtPlace)}  # fmt: skip
        paths |= {row.by.path for row in sheets.counts if isinstance(row.by, AtPlace)}
        for path in sorted(paths):
            found = all_offered(form, path, locale.tag, *locale.chain)
            yield from (one for one in found if one[0] != ELSEWHERE)
