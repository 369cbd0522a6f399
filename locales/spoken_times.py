"""Times of day in words: `half past three`, `saa tatu na nusu`, `las tres y media`.

A translator lists how people say them, and no code changes for a new language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from conversations.phrases import phrase
from locales.catalogs import translated_languages, translations_of
from locales.languages import TAGS_KEPT_MAX
from locales.spelled import read_spelled
from locales.typed import words_in_order

# Translators: the hours as people say them in a time of day, one to twelve, separated by ";";
# several names of one hour are separated by "/". Not shown.
HOURS = phrase("one; two; three; four; five; six; seven; eight; nine; ten; eleven; twelve")

# Translators: how people say a time of day, each with the minutes it adds to the hour after "=";
# "+" and "-" add and take away {minute}; a time such as 12:00 stands alone. Separate with ";".
# Write those of your language, all of them; both {hour} and {minute} must occur. Not shown.
SAYINGS = phrase(
    "{hour} = 0; half past {hour} = 30; quarter past {hour} = 15; quarter after {hour} = 15; "
    "quarter to {hour} = -15; quarter before {hour} = -15; {hour} {minute} = +; "
    "{minute} past {hour} = +; {minute} minutes past {hour} = +; {minute} to {hour} = -; "
    "{minute} minutes to {hour} = -; noon = 12:00; midday = 12:00; midnight = 0:00"
)

HOURS_A_CLOCK = 12
_MINUTES = 60
_DAY = 24
_WORDS_MAX = 8


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said: minutes from the hour 0; `sure` says that it is one time of the whole day."""

    minutes: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Saying:
    pattern: re.Pattern[str]
    meaning: str


def read_spoken(words: tuple[str, ...], tag: str, fillers: frozenset[str]) -> Spoken | None:
    """Read a time in folded words without fillers, in the language or any the bot speaks."""
    if not words or len(words) > _WORDS_MAX:
        return None
    said = " ".join(words)
    for language in dict.fromkeys((tag, *translated_languages())):
        hours = _hours(language, fillers)
        for saying in _sayings(language, fillers):
            match = saying.pattern.fullmatch(said)
            if match and (found := _meant(match.groupdict(), saying.meaning, hours, language)):
                return found
    return None


def _meant(
    found: Mapping[str, str], meaning: str, hours: Mapping[str, int], language: str
) -> Spoken | None:
    if "hour" not in found:
        noon = time.fromisoformat(meaning.zfill(len("00:00")))
        return Spoken(noon.hour * _MINUTES + noon.minute, sure=True)
    said = found["hour"]
    hour = int(said) if said.isdecimal() else hours[said]
    beside = _minutes(found["minute"], language) if "minute" in found else int(meaning)
    if hour > _DAY or beside is None:
        return None
    return Spoken(hour * _MINUTES + (-beside if meaning == "-" else beside))


def _minutes(said: str, language: str) -> int | None:
    """Read the minutes of an hour, in figures or in words."""
    number = int(said) if said.isdecimal() else read_spelled(said, language)
    return number if number is not None and 0 < number < _MINUTES else None


@lru_cache(TAGS_KEPT_MAX)
def _hours(language: str, fillers: frozenset[str]) -> Mapping[str, int]:
    listed = translations_of(language).gettext(HOURS.text).split(";")
    if len(listed) != HOURS_A_CLOCK:
        return {}
    return {
        _bare(name, fillers): hour
        for hour, names in enumerate(listed, 1)
        for name in names.split("/")
    }


def _bare(text: str, fillers: frozenset[str]) -> str:
    return " ".join(word for word in words_in_order(text) if word not in fillers)


@lru_cache(TAGS_KEPT_MAX)
def _sayings(language: str, fillers: frozenset[str]) -> tuple[_Saying, ...]:
    hours = sorted(_hours(language, fillers), key=len, reverse=True)
    slots = {
        "hour": f"(?P<hour>{'|'.join((*map(re.escape, hours), '[0-9]{1,2}'))})",
        "minute": "(?P<minute>.+)",
    }
    listed = translations_of(language).gettext(SAYINGS.text).split(";")
    pairs = (one.partition("=") for one in listed)
    return tuple(
        _Saying(re.compile(_pattern(said, slots, fillers)), meaning.strip())
        for said, _, meaning in pairs
    )


def _pattern(said: str, slots: Mapping[str, str], fillers: frozenset[str]) -> str:
    """Write a saying as a pattern over folded words; a slot may be joined to a word before it."""
    words = said.split()
    return " ".join(filter(None, (_word(word, slots, _without(fillers)) for word in words)))


def _without(fillers: frozenset[str]) -> Callable[[str], Iterator[str]]:
    return lambda text: (re.escape(word) for word in words_in_order(text) if word not in fillers)


def _word(word: str, slots: Mapping[str, str], folded: Callable[[str], Iterator[str]]) -> str:
    before, brace, name = word.partition("{")
    if not brace:
        return " ".join(folded(word))
    return "".join(words_in_order(before)) + slots[name.removesuffix("}")]
