"""Every transcript, spoken in a made-up language: what stands there in English is not translatable.

The people do as written, tapping the button that says the same; the form speaks as it does. Every
sentence of the bot's own must come out in the brackets of `locales.pseudo`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.markup import visible
from conversations.phrases import FormText, Locale, Phrase, Speech
from locales.catalogs import translated_languages, translations_of
from locales.extraction import extract_template
from locales.languages import AUTONYMS, autonym, cldr_locale
from locales.locale import CatalogLocale, locales_of
from locales.pseudo import PseudoTranslations
from locales.speech import fill
from locales.typed import folded
from tests.player.notation import Chat, read_transcript
from tests.player.plugin import programme_of
from tests.player.stage import IMPOSSIBLE, quick_folder, stage

TRANSCRIPTS = sorted((Path(__file__).parents[1] / "transcripts").glob("*.md"))
TYPED = frozenset(
    str(message.id)
    for message in extract_template()
    if "Not shown" in " ".join(message.auto_comments)
)
"""Lists of words that people type."""

PROBLEM = "•"
"""Opens what is wrong with a form, which authors are told in English, in every language."""

BUTTON_LENGTH_MAX = 30
BRACKETED = re.compile(r"\[[^\[\]]* ~*\]")
WORD = re.compile(r"[A-Za-z]{3,}")
CUT_OFF = re.compile(r"([A-Za-z]{3,})…")


@dataclass(slots=True)
class Memory:
    """What sentences in the made-up language mean in the chat's own, and which stand on signs."""

    meanings: dict[str, set[str]] = field(default_factory=dict)
    sentences: dict[str, Phrase] = field(default_factory=dict)
    signs: frozenset[str] = frozenset()

    def keep(self, said: str, meant: str, speech: Phrase) -> None:
        """Remember a sentence; what reads the same in every language is none."""
        if said != meant:
            self.meanings.setdefault(said.strip(), set()).add(meant.strip())
            self.sentences[said.strip()] = speech

    def says(self, shown: str, label: str) -> bool:
        """Tell whether a button says what the transcript writes."""
        return label in self.meanings.get(shown, {shown})

    def writes(self, said: str) -> str:
        """Return what a person writes for a sign's words: the words that now stand there."""
        same = bare(said)
        shown = (
            one for one in self.signs for meant in self.meanings.get(one, ()) if bare(meant) == same
        )
        return next(shown, said)


@dataclass(frozen=True, slots=True, eq=False)
class Strange(CatalogLocale):
    """A language whose own sentences are made up; all else stays as it is."""

    known: CatalogLocale = field(kw_only=True)
    memory: Memory = field(kw_only=True)

    def say(self, speech: Speech) -> str:
        """Say it in the made-up language, and remember what it means."""
        if isinstance(speech, FormText):
            return self.known.say(speech)
        if speech.text in TYPED:
            return self.known.say(speech)
        said = CatalogLocale.say(self, speech)
        self.memory.keep(said, self.known.say(speech), speech)
        return said


def strange_locales(memory: Memory) -> Callable[..., Callable[[str], Locale]]:
    """Return what stands in for `locales_of`."""

    def chosen(fallback: Mapping[str, tuple[str, ...]]) -> Callable[[str], Locale]:
        def locale_of(tag: str) -> Locale:
            known = locales_of(fallback)(tag)
            return Strange(
                known.tag,
                known.cldr,
                PseudoTranslations(),
                known.chain,
                known=known,
                memory=memory,
            )

        return locale_of

    return chosen


async def played(chat: Chat) -> list[str]:
    """Play a chat in the made-up language; return what is wrong, each with its line."""
    memory = Memory()
    wrong: list[str] = []
    with quick_folder() as folder:
        programme = programme_of(chat, Path(folder))
        async with stage(programme, Path(folder), chat.workbooks) as scene:
            scene.locales = strange_locales(memory)
            scene.acts.says, scene.acts.writes = memory.says, memory.writes
            known = FREE | words(str(programme))
            known |= words(" ".join(chat.workbooks.values()))
            known |= {word for form in programme.forms.values() for word in words(form.source)}
            heard = 0
            for entry in chat.entries:
                known |= words(entry.said)
                lines = await scene.act(entry)
                wrong += [f"{entry.line}: {one}" for one in lines if one.startswith(IMPOSSIBLE)]
                calls = [call for call in scene.world.calls() if call["number"] > heard]
                heard, labels = scene.heard, frozenset(signs(calls))
                memory.signs = labels or memory.signs
                for text in (*texts(calls), *labels):
                    if left := foreign(unbracketed(text), known):
                        wrong.append(f"{entry.line}: {sorted(left)} in {text!r}")
                wrong += [f"{entry.line}: {one}" for one in too_long(memory, labels)]
    return wrong


def bare(label: str) -> str:
    """Return a label as people write it, without its signs."""
    return folded(label).strip(" «»✓")


def words(text: str) -> set[str]:
    """Return the words of a text in small letters."""
    return {word.lower() for word in WORD.findall(text)}


def foreign(text: str, known: set[str]) -> set[str]:
    """Return the words of a text that are not known; one that is cut off is its beginning."""
    cut = {word.lower() for word in CUT_OFF.findall(text)}
    begun = {word for word in cut if any(one.startswith(word) for one in known)}
    return words(text) - known - begun


def free(tag: str) -> set[str]:
    """Return the words a language has from CLDR: its own name, its months and days."""
    cldr = cldr_locale(tag)
    named = (*cldr.months.values(), *cldr.days.values(), *cldr.day_periods.values())
    names = (str(name) for widths in named for width in widths.values() for name in width.values())
    return words(" ".join((autonym(tag), *names)))


FREE = {word for tag in (*translated_languages(), *AUTONYMS) for word in free(tag)}
SIGNS = re.compile(r"https://t\.me/\S+|/[a-z]+|[A-Z0-9]{4}-[A-Z0-9]{4}|[\w ]+\.\w{3,4}\b")
"""Links, commands, receipt codes and names of files, which are the same in every language."""


def texts(calls: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each message and toast, without what is wrong with a coordinator's form."""
    for call in calls:
        if isinstance(text := call["parameters"].get("text"), str):
            yield "\n".join(line for line in visible(text).splitlines() if line[:1] != PROBLEM)


def signs(calls: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the labels of buttons and keys."""
    for call in calls:
        markup = call["parameters"].get("reply_markup") or {}
        for row in (*markup.get("inline_keyboard", ()), *markup.get("keyboard", ())):
            yield from (sign["text"] for sign in row)


def too_long(memory: Memory, labels: Iterable[str]) -> Iterator[str]:
    """Yield the bot's own labels that have no room on a phone, in whichever language."""
    for said in (memory.sentences[label] for label in labels if label in memory.sentences):
        for tag in translated_languages():
            label = fill(
                translations_of(tag).gettext(said.text), dict.fromkeys(said.parameters, "")
            )
            if len(label) > BUTTON_LENGTH_MAX:
                yield f"{tag}: {label}"


def unbracketed(text: str) -> str:
    """Take out what is in the made-up language, the innermost first."""
    before, text = "", SIGNS.sub(" ", text)
    while before != text:
        before, text = text, BRACKETED.sub(" ", text)
    return text


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
async def test_whatever_the_bot_says_can_be_translated(path: Path) -> None:
    """No word of the bot's own is left in English, and no button is out of reach."""
    chats = await asyncio.gather(*map(played, read_transcript(path)))
    assert [one for wrong in chats for one in wrong] == []
