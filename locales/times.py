"""Times of day as people write them, in both directions.

Swahili counts the hours from sunrise: `saa 2 asubuhi` is 8 in the morning. It is read so when
the word `saa` or the part of the day says so. What could be two times is given as two, and the
conversation asks which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from typing import TypeAlias

import babel
from babel.dates import format_time

from conversations.phrases import phrase
from locales.catalogs import translated_languages, translations_of
from locales.languages import TAGS_KEPT_MAX, base_language, cldr_locale
from locales.numerals import own_digits
from locales.spoken_times import Spoken, read_spoken
from locales.typed import READ_LENGTH_MAX, Tokens, folded_words, tokens_of, words_in_order

# Translators: words that may stand in a typed time of day and add nothing to it, like "o'clock"
# and "at"; separate them with ";". Not shown.
FILLERS = phrase("at; o clock; h; hr; hrs; hours")

SIX_HOUR_CLOCKS = {"sw": "saa"}
"""Languages that count hours from sunrise, with the word that says so."""

Span: TypeAlias = tuple[float, float]
"""Hours from (included) and to (not included); past midnight the second is above 24."""

_NOON, _DAY = 12, 24
_PARTS_OF_HOUR = 2
_ENGLISH: Mapping[str, tuple[Span, ...]] = {"am": ((0, 12),), "pm": ((12, 24),)}


@dataclass(frozen=True, slots=True)
class _Clock:
    """What a language says beside the figures."""

    parts: Mapping[str, tuple[Span, ...]]
    fillers: frozenset[str]
    sunrise_word: str
    goes_to_12: bool


def show_time(moment: time, locale: babel.Locale) -> str:
    """Write hours and minutes, by the 12-hour or 24-hour clock as people here do."""
    return own_digits(format_time(moment, "short", locale=locale), locale)


def read_times(text: str, tag: str) -> tuple[time, ...]:
    """Read a time of day: `14:30`, `2.30 pm`, `14h30`, `8 de la noche`, `saa 2 asubuhi`.

    All times that can be meant, in the order of the day: `8` is in the morning or the evening.
    Empty if the text is no time.
    """
    if len(text) > READ_LENGTH_MAX:
        return ()
    clock, tokens = _clock(tag), tokens_of(text)
    figures = _figures(tokens.numbers)
    part, others = _part_of_day(tokens.words, clock)
    from_sunrise = clock.sunrise_word in others
    strange = set(others) - clock.fillers - {clock.sunrise_word}
    if figures is None or strange:
        return _spoken_times(text, tag, clock)
    at = figures[0] + figures[1] / 60
    hours = _hours(at, part, clock, from_sunrise=from_sunrise)
    if not part and not from_sunrise and _may_be_either_half(tokens, clock):
        hours |= _either_half(at, clock)
    return tuple(sorted({time(int(hour) % _DAY, figures[1]) for hour in hours}))


def _either_half(at: float, clock: _Clock) -> set[float]:
    """Return all that a time up to 12 can be, by each clock that people here have."""
    halves = (_hours(at, part, clock, from_sunrise=False) for part in _ENGLISH)
    return set().union(*halves, _sunrise(at) if clock.sunrise_word else ())


def _spoken_times(text: str, tag: str, clock: _Clock) -> tuple[time, ...]:
    """Read a time in words, with the part of the day at its end or without."""
    words = words_in_order(text)
    for part, others in (("", words), _part_of_day(words, clock)):
        passed_over = clock.fillers | {clock.sunrise_word}
        bare = tuple(word for word in others if word not in passed_over)
        if spoken := read_spoken(bare, tag, clock.fillers):
            from_sunrise = bool(clock.sunrise_word) and clock.sunrise_word in others
            return _times_spoken(spoken, part, clock, from_sunrise=from_sunrise)
    return ()


def _times_spoken(
    spoken: Spoken, part: str, clock: _Clock, *, from_sunrise: bool
) -> tuple[time, ...]:
    minute, at = spoken.minutes % 60, spoken.minutes / 60 % _DAY
    if spoken.sure:
        return (time(int(at), minute),)
    hours = _hours(at, part, clock, from_sunrise=from_sunrise)
    if not part and not from_sunrise and at < _NOON + 1:
        hours |= _either_half(at, clock)
    return tuple(sorted({time(int(hour) % _DAY, minute) for hour in hours}))


def _may_be_either_half(tokens: Tokens, clock: _Clock) -> bool:
    """Tell whether a time up to 12 may be after noon too: bare, or where clocks go to 12."""
    first = tokens.numbers[0]
    if len(first) > len("59") or first.startswith("0") or int(first) > _NOON:
        return False
    return _is_bare(tokens) or (clock.goes_to_12 and not clock.sunrise_word)


def _is_bare(tokens: Tokens) -> bool:
    return len(tokens.numbers) == 1 and not tokens.words


def _figures(numbers: tuple[str, ...]) -> tuple[int, int] | None:
    """Return hour and minute; seconds are dropped."""
    if len(numbers) == 1 and len(numbers[0]) == len("1430"):
        numbers = (numbers[0][:2], numbers[0][2:])
    if any(len(number) > len("59") for number in numbers):
        return None
    match [int(number) for number in numbers]:
        case [hour, *rest] if hour < _DAY and len(rest) <= _PARTS_OF_HOUR and _below_60(rest):
            return hour, rest[0] if rest else 0
        case _:
            return None


def _below_60(parts: list[int]) -> bool:
    return all(part < 60 for part in parts)  # noqa: PLR2004 - Minutes and seconds, as on a clock.


def _part_of_day(words: tuple[str, ...], clock: _Clock) -> tuple[str, tuple[str, ...]]:
    """Split off the longest ending that names a part of the day, however it is spaced."""
    for start in range(len(words)):
        if "".join(words[start:]) in clock.parts:
            return "".join(words[start:]), words[:start]
    return "", words


def _hours(at: float, part: str, clock: _Clock, *, from_sunrise: bool) -> set[float]:
    """Return the times of day, in hours, that the figures can mean."""
    western = {at} if at > _NOON + 1 or not part else {at % _NOON, at % _NOON + _NOON}
    sunrise = _sunrise(at)
    six_hour = bool(clock.sunrise_word) and at < _NOON + 1 and part not in _ENGLISH
    if not part:
        return sunrise if from_sunrise and six_hour else western
    spans = clock.parts[part]
    if six_hour and not from_sunrise:
        return {hour for hour in western | sunrise if _distance(hour, spans) == 0}
    candidates = sunrise if from_sunrise and six_hour else western
    return {min(candidates, key=lambda hour: _distance(hour, spans))}


def _sunrise(at: float) -> set[float]:
    return {(at + 6) % _NOON, (at + 6) % _NOON + _NOON}


def _distance(hour: float, spans: tuple[Span, ...]) -> float:
    """Return how many hours lie between a time and a part of the day; 0 within it."""
    return min(_distance_to(at, span) for span in spans for at in (hour, hour + _DAY))


def _distance_to(hour: float, span: Span) -> float:
    start, end = span
    if start <= hour < end:
        return 0
    nearest_edge = min(abs(hour - start), abs(hour - end))
    return max(nearest_edge, 0.01)


@lru_cache(TAGS_KEPT_MAX)
def _clock(tag: str) -> _Clock:
    tags = tuple(dict.fromkeys((tag, *translated_languages())))
    listed = [translations_of(one).gettext(FILLERS.text) for one in tags]
    fillers = frozenset(word for one in listed for word in folded_words(one).split())
    parts = dict(_ENGLISH)
    for name, spans in _parts_of_day(cldr_locale(tag)):
        parts.setdefault(name, ())
        parts[name] = (*parts[name], *spans) if name not in _ENGLISH else _ENGLISH[name]
    pattern = cldr_locale(tag).time_formats["short"].pattern
    sunrise_word = SIX_HOUR_CLOCKS.get(base_language(tag), "")
    return _Clock(parts, fillers, sunrise_word, goes_to_12="h" in pattern)


def _parts_of_day(locale: babel.Locale) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield CLDR's names (`am`, `de la noche`, and its last word) with their hours."""
    rules = locale.day_period_rules.get("selection", {})
    spans = {name: tuple(map(_span, given)) for name, given in rules.items()}
    spans |= _ENGLISH
    for width in ("abbreviated", "wide"):
        for key, name in locale.day_periods["format"].get(width, {}).items():
            words = folded_words(name).split()
            for joined in {"".join(words), words[-1]} if key in spans and words else ():
                yield joined, spans[key]


def _span(rule: Mapping[str, int]) -> Span:
    start, end = rule.get("from", 0) / 3600, rule.get("before", 0) / 3600
    return start, end if end > start else end + _DAY
