"""Commands without their slash: a word that means one, and a name that is nearly one.

The rule: a word that a question would take as an answer is asked about ("stop" as what somebody
saw is an answer); a word that it would refuse anyway is the command. What stands on a key is
neither, it is the key. People mix languages, so the words of all languages of a programme count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from conversations.commands import COMMANDS, Command, command_named
from conversations.phrases import Locale, phrase, verbatim
from conversations.prompt import Prompt
from conversations.questions.base import bare
from conversations.replies import Block, Button
from conversations.session import Session

NEARNESS_MIN = 0.65
"""How much of a mistyped name must be right, as difflib counts it."""

WORD_CHARACTERS_MAX = 40
"""Nothing longer is looked up: it is no word for a command in any language."""

LISTS_KEPT_MAX = 1_024
"""Lists of words that stay taken apart: one for each command and language, and languages' own."""

_AROUND = " \t\n.!?…¡¿،。"


def command_meant(text: str, locales: tuple[Locale, ...]) -> Command | None:
    """Find the command that a message of a word or two means; None for any other message."""
    written = bare(text.strip(_AROUND))
    if not written or len(written) > WORD_CHARACTERS_MAX:
        return None
    return _meanings(locales).get(written)


@lru_cache(LISTS_KEPT_MAX)
def _meanings(locales: tuple[Locale, ...]) -> Mapping[str, Command]:
    """List the words that mean a command; where two languages differ, the first is right."""
    pairs = ((command, locale) for locale in reversed(locales) for command in reversed(COMMANDS))
    return {word: command for command, locale in pairs for word in _words(command, locale)}


def _words(command: Command, locale: Locale) -> tuple[str, ...]:
    return () if command.words is None else _apart(locale.say(command.words))


@lru_cache(LISTS_KEPT_MAX)
def _apart(listed: str) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in listed.split(";"))


def command_nearly(name: str, locales: Iterable[Locale]) -> Command | None:
    """Find the command whose name, or a word for it, was mistyped after the slash."""
    if len(name) > WORD_CHARACTERS_MAX:
        return None
    names = {known.name: known.name for known in COMMANDS if known.right is None}
    for locale in locales:
        names |= {word: known.name for known in COMMANDS for word in _words(known, locale)}
    near = get_close_matches(name.casefold(), names, n=1, cutoff=NEARNESS_MIN)
    return command_named(names[near[0]]) if near else None


def doubt_prompt(session: Session) -> Prompt:
    """Ask whether a word is the answer, or the command it also means."""
    command = command_named(session.command)
    # Translators: the person wrote {word}, such as "stop", where it may also be their answer.
    question = phrase("Is “{word}” your answer, or is it what I should do?", word=session.word)
    # Translators: a button; what the person has written is meant as the answer to the question.
    answer = (Button(phrase("It is my answer"), "answer"),)
    meaning = command.meaning if command else verbatim("/{name}", name=session.command)
    return Prompt((Block(question, "question"),), (answer, (Button(meaning, "command"),)))
