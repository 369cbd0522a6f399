"""Published figures that turned out wrong, told again to those who hear the results.

| published | decided | told |
|---|---|---|
| 6 | corrected to 5 | 5, before 6 |
| 6 | withdrawn | withdrawn, before 6 |
| 6, then withdrawn, and told so | stands after all | 6, before withdrawn |

Whoever hears of a place reads of that place alone; a place without mistakes has no words, so nobody
there is written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conversations.campaigning.message import Message
from conversations.campaigning.results import figure_named
from conversations.phrases import Locale, Phrase, phrase
from conversations.programme import Programme, Texts
from conversations.reviewing.figure_words import count_told
from conversations.reviewing.published import Figure


@dataclass(frozen=True, slots=True)
class Erratum:
    """A figure whose count people know as `before`; `after` stands. Either may be `WITHDRAWN`."""

    figure: Figure
    before: int | None
    after: int | None


def errata_message(
    programme: Programme, errata: Sequence[Erratum], locales: Sequence[Locale]
) -> Message:
    """Return what people of all places, and of each area, read of figures that were wrong."""
    by_area: dict[str, Texts] = {
        area: _texts(programme, [one for one in errata if one.figure.area == area], locales)
        for area in ("", *programme.areas)
    }
    return Message(texts=by_area.pop(""), by_area=by_area)


def _texts(programme: Programme, errata: Sequence[Erratum], locales: Sequence[Locale]) -> Texts:
    if not errata:
        return {}
    return {
        locale.tag: "\n".join(locale.say(line) for line in _lines(programme, errata, locale))
        for locale in locales
    }


def _lines(programme: Programme, errata: Sequence[Erratum], locale: Locale) -> Iterator[Phrase]:
    # Translators: to people who hear the results of each month; below it stand numbers.
    yield phrase("We published something wrong. This is how it stands now:")
    for one in errata:
        # Translators: a number that was published, as it is now and as it was; {figure} names it,
        # {after} and {before} are such as "12 reports" or "withdrawn".
        yield phrase(
            "{figure}: {after} (before: {before})",
            figure=figure_named(programme, one.figure, locale),
            after=count_told(one.after),
            before=count_told(one.before),
        )
