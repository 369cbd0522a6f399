"""Yes and no in a person's own words, where the bot asks something that is answered so.

A button says which of the two it stands for (`Button.says`). Where none does, as under what a
person agrees to, a word in passing decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from conversations.phrases import Locale, Phrase, phrase
from conversations.questions.choices.folding import folded
from conversations.replies import Says

WORD_CHARACTERS_MAX = 40
"""Nothing longer is looked up: it says more than yes or no."""

LISTS_KEPT_MAX = 256
"""Lists of words that stay taken apart: two for each language."""

# Translators: words people type to say yes to a question; separate them with ";". They may throw
# answers away, so only what surely means yes. Not shown.
_YES = phrase("yes; yes please; yeah; yep")
# Translators: words people type to say no to a question; separate them with ";". Not shown.
_NO = phrase("no; no thanks; no thank you; nope; n")


def yes_or_no(text: str, locales: Iterable[Locale]) -> Says | None:
    """Tell what a text says, in the first of these languages in which it says either."""
    written = folded(text) if len(text) <= WORD_CHARACTERS_MAX else ""
    for locale in locales if written else ():
        if written in _words(_YES, locale):
            return "yes"
        if written in _words(_NO, locale):
            return "no"
    return None


def _words(words: Phrase, locale: Locale) -> frozenset[str]:
    return _apart(locale.say(words))


@lru_cache(LISTS_KEPT_MAX)
def _apart(listed: str) -> frozenset[str]:
    return frozenset(folded(word) for word in listed.split(";"))
