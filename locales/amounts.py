"""A number with words beside it: `12 km`, `Ksh 500`, `about 20`, `watu 12`, `twelve children`.

Words are passed over only where they cannot change the number: those of the question itself,
the measure the question names, money where it names no other, and words like "about". What
stands there otherwise (`less than 5`, `500 m` where kilometres are asked) is handed back, and
the conversation asks for the number alone. What makes another number of it (`two dozen`) is not
read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import babel

from conversations.phrases import phrase
from conversations.readings import Amount
from locales.catalogs import translated_languages, translations_of
from locales.fractions import read_fraction
from locales.languages import TAGS_KEPT_MAX
from locales.measures import MONEY, measure_of, measures_named, sort_of
from locales.numerals import read_number
from locales.spelled import read_spelled, sounds_like_number
from locales.typed import READ_LENGTH_MAX, ascii_digits, folded_words, words_in_order

# Translators: words people type to mean the number 0; separate them with ";". Not shown.
NOUGHT = phrase("none; nobody; no one; nil; zero; nothing; not one; not any")

# Translators: words that may stand beside a typed number and leave it as it is, like "about" and
# "exactly"; separate them with ";". Not shown.
QUALIFIERS = phrase(
    "about; around; roughly; approximately; exactly; only; just; almost; nearly; ca"
)

# Translators: words that make another number of the one they stand beside, like "half" in "half of
# them" and "dozen"; every form of them; separate them with ";". Not shown.
PARTS_AND_MULTIPLES = phrase(
    "half; halves; third; thirds; quarter; quarters; fifth; fifths; tenth; tenths; "
    "dozen; dozens; hundreds; thousands; millions; lakh; lakhs; crore; crores"
)

BESIDE_WORDS_MAX = 3
"""More words than these are a sentence, and its number may be about anything."""

_JOINED = ("", "ال", "بال", "لل", "ب", "وال")
"""Arabic writes "the", "in the" and the like as one with the word: `بالغرام`, in grams."""

_FIGURES = re.compile(
    r"(?P<before>[^\d+\-½¼¾]*)"
    r"(?P<figures>[-+]?\s?(?:\d(?:.*\d)?\s?[½¼¾]?|[½¼¾]))"
    r"(?P<after>[^\d½¼¾]*)"
)


def read_amount(text: str, question: str, tag: str, locale: babel.Locale) -> Amount | None:
    """Read the one number of a text; `question` is all that the question says in words."""
    number = read_number(text, locale)
    if number is not None or len(text) > READ_LENGTH_MAX:
        return None if number is None else Amount(number)
    if folded_words(text) in _listed(NOUGHT.text, tag):
        return Amount(Decimal(0))
    for found, before, after in _numbers(text, tag, locale):
        words = (*words_in_order(before), *words_in_order(after))
        if len(words) <= BESIDE_WORDS_MAX:
            kept = [judged for side in (before, after) if (judged := _judged(side, question, tag))]
            is_part = any(_is_of_the_number(side, tag) for side in kept)
            return None if is_part else Amount(found, " … ".join(kept))
    return None


def _numbers(text: str, tag: str, locale: babel.Locale) -> Iterator[tuple[Decimal, str, str]]:
    """Yield what could be the number, with the text before and after it."""
    if (spelled := _spelled(text, tag)) is not None:
        yield spelled, "", ""
    match = _FIGURES.fullmatch(ascii_digits(text).strip())
    if match and (number := read_number(match["figures"], locale)) is not None:
        yield number, match["before"], match["after"]
    yield from _among_words(text.split(), tag)


def _among_words(words: list[str], tag: str) -> Iterator[tuple[Decimal, str, str]]:
    """Yield the numbers spelled by some of the words, with what stands before and after.

    Part of a number is none: in `elfu kumi na mbili`, which could be two, `elfu kumi` is not
    meant.
    """
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            before, after = words[:start], words[start + length :]
            if any(sounds_like_number(word, tag) for word in (*before, *after)):
                continue
            span = " ".join(words[start : start + length])
            number = _spelled(span, tag, following=" ".join(before))
            if number is not None:
                yield number, " ".join(before), " ".join(after)


def _spelled(text: str, tag: str, *, following: str = "") -> Decimal | None:
    whole = read_spelled(text, tag)
    if whole is not None:
        return Decimal(whole)
    return read_fraction(text, tag, following=following)


def _judged(side: str, question: str, tag: str) -> str:
    """Return the words on one side of the number that may not be passed over."""
    qualifiers = _listed(QUALIFIERS.text, tag)
    words = tuple(word for word in words_in_order(side) if word not in qualifiers)
    return side.strip(" .,:;") if words and not _is_harmless(words, question, tag) else ""


def _is_of_the_number(side: str, tag: str) -> bool:
    """Tell whether words make another number of it: without them it would be wrong."""
    return not _listed(PARTS_AND_MULTIPLES.text, tag).isdisjoint(words_in_order(side))


def _is_said(word: str, said: str) -> bool:
    """Tell whether a question says a word, also with what Arabic joins to its beginning."""
    return said.endswith(word) and said.removesuffix(word) in _JOINED


def _is_harmless(words: tuple[str, ...], question: str, tag: str) -> bool:
    named, asked = measure_of(words, tag), measures_named(question, tag)
    if named & asked:
        return True
    if {sort_of(key) for key in named} & {sort_of(key) for key in asked}:
        return False  # Hours, where a hint says how many minutes they have.
    if len(words) == 1 and any(_is_said(words[0], said) for said in words_in_order(question)):
        return True
    is_money = any(key.startswith(MONEY) for key in named)
    return is_money and not any(key.startswith(MONEY) for key in asked)


@lru_cache(TAGS_KEPT_MAX)
def _listed(text: str, tag: str) -> frozenset[str]:
    """List the words of a phrase in the language and every language the bot speaks."""
    tags = (tag, *translated_languages())
    lists = (translations_of(one).gettext(text) for one in tags)
    return frozenset(folded_words(word) for one in lists for word in one.split(";"))
