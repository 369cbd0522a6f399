"""The transcripts and the documents leave nothing out: every command, every kind of question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from conversations.commands import COMMANDS
from conversations.questions.kinds import KINDS
from conversations.xform import form
from tests.player.notation import read_transcript

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").glob("*.md"))
DOCUMENTS = (ROOT / "README.md").read_text("utf-8")
REFUSALS = (ROOT / "tests" / "transcripts" / "refusals.md").read_text("utf-8")
LANGUAGES_OF_THE_BOT = ("en", "sw", "es", "fr", "pt", "ar")
NOT_TYPES = {"boolean": "XForms only: no XLSForm type makes it"}


def types_played() -> frozenset[str]:
    """Return the question types in the forms of all transcripts, the shipped programme's too."""
    shipped = (ROOT / "bot" / "programmes").glob("*/forms/*.md")
    forms = [path.read_text("utf-8") for path in (*TRANSCRIPTS, *shipped)]
    return frozenset(type_ for text in forms for type_ in types_in(text))


def types_in(text: str) -> Iterator[str]:
    """Yield the first word of each row of a survey sheet's column `type`."""
    yield from re.findall(r"^\| *\| *([a-z_A-Z-]+)", text, re.MULTILINE)


def lines_said() -> Iterator[str]:
    """Yield what people do in all transcripts."""
    for path in TRANSCRIPTS:
        for chat in read_transcript(path):
            yield from (entry.said for entry in chat.entries)


@pytest.mark.parametrize("command", [known.name for known in COMMANDS])
def test_every_command_is_given_in_a_transcript(command: str) -> None:
    """Somebody gives each command, and one can read what the bot answers."""
    assert any(said.split()[:1] == [f"/{command}"] for said in lines_said())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_TYPES])
def test_every_kind_of_question_is_asked_in_a_transcript(kind: str) -> None:
    """Each type of question is asked somewhere, and one can read how."""
    assert kind in types_played()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_TYPES])
def test_every_kind_of_question_is_in_the_readme(kind: str) -> None:
    """A coordinator finds each type in the README's table."""
    assert f"`{kind}`" in DOCUMENTS


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_TYPES])
def test_every_kind_of_question_refuses_something_in_a_transcript(kind: str) -> None:
    """One can read what each kind does not take, and that it takes an answer in the end."""
    sections = [text for text in REFUSALS.split("\n## ") if kind in types_in(text)]
    assert sections
    for section in sections:
        assert "  bot: ⚠️" in section or "       ⚠️" in section
        assert "saved: " in section or "Please look over your answers." in section


@pytest.mark.parametrize("language", LANGUAGES_OF_THE_BOT)
def test_every_language_is_spoken_in_a_transcript(language: str) -> None:
    """Somebody talks with the bot in each language it speaks."""
    assert any(said.endswith(f"has agreed, in {language}") for said in lines_said())


def test_every_kind_of_the_form_is_asked_somehow() -> None:
    """No kind that a form may have is missing from the table of kinds."""
    assert set(KINDS) == set(get_args(form.Kind))
