"""Texts in another language than the reporter chose: whoever reads them should know it.

The common small words of a language betray it in a dozen words. That suffices to find a moderator
who reads the text; it is no judgement about the reporter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from conversations.checks.doubts import Doubt
from conversations.checks.facts import TYPED, Facts
from conversations.phrases import phrase
from conversations.sheets.flags import Severity

WORDS_MIN: Final = 8
"""Of fewer words nothing can be concluded."""

HITS_MIN: Final = 3
"""So many small words of another language, and thrice as many as of the chosen one, betray it."""

WORD: Final = re.compile(r"[^\W\d_]+")

SMALL_WORDS: Final[Mapping[str, frozenset[str]]] = {
    tag: frozenset(words.split())
    for tag, words in {
        "en": "the and of to in is was that it for on with he she they we not this be are at from "
        "have had by but when there were who her his because after",
        "sw": "na ya wa kwa ni katika za la cha si lakini kama yake hii alikuwa walikuwa kuwa sana "
        "tu bado hakuna wakati mama mtoto watu au ile huo hiyo baada",
        "es": "el la de que y en los las por con para una un no se su del al es lo como más pero "
        "fue muy porque cuando ella ellos hay",
        "fr": "le la les de des et en un une du que qui dans pour pas sur est avec il elle nous au "
        "ce mais ne sont était parce quand très",
        "pt": "o a os as de que e em um uma do da não para com por no na se mais mas foi ele ela "
        "dos das ao muito porque quando está",
    }.items()
}
ARABIC: Final = re.compile(r"[\u0600-\u06ff]")


def other_language(facts: Facts) -> Iterator[Doubt]:
    """Doubt each longer text that is plainly in another language than the chosen one."""
    chosen = facts.language.partition("-")[0].lower()
    for one in facts.of(TYPED):
        found = language_of(one.value, chosen)
        if found and found != chosen and not one.question.holds_file(one.value):
            # Translators: to moderators: {language} is a code such as "sw".
            words = phrase("The text seems to be written in another language: {language}.",
                           language=found)  # fmt: skip
            yield Doubt("language", Severity.LOW, words, (one.reference,))


def language_of(text: str, chosen: str) -> str:
    """Return the language a text is plainly in, `chosen` where nothing speaks against it.

    >>> language_of("The mother was alone when the baby came and there was no nurse", "sw")
    'en'
    """
    words = [word.casefold() for word in WORD.findall(text)]
    if len(words) < WORDS_MIN:
        return chosen
    if sum(map(bool, map(ARABIC.search, words))) * 2 > len(words):
        return "ar"
    hits = {tag: sum(word in small for word in words) for tag, small in SMALL_WORDS.items()}
    best = max(hits, key=lambda tag: hits[tag])
    if chosen not in SMALL_WORDS and chosen != "ar":
        return chosen
    plainly = hits[best] >= max(HITS_MIN, 3 * hits.get(chosen, 0) + 1)
    return best if plainly else chosen
