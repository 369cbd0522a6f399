"""Makes each `chat` block in tests/transcripts/*.md a test; `--rewrite` writes the answers anew."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.programmes import SHIPPED, programme_folder
from bot.terminal import programme_around
from conversations.programme import Programme
from storage.programmes import load_form, load_programme
from tests.player.acts import content
from tests.player.notation import Chat, Entry, read_transcript, rewrite
from tests.player.stage import CACHE, IMPOSSIBLE, quick_folder, stage


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --rewrite."""
    parser.addoption(
        "--rewrite",
        action="store_true",
        help="write the bot's answers into the transcripts; the run still fails where they changed",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the transcripts."""
    if file_path.suffix == ".md" and file_path.parent.name == "transcripts":
        return TranscriptFile.from_parent(parent, path=file_path)
    return None


class TranscriptFile(pytest.File):
    """A Markdown file with chats in it."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield one test a chat, named after the line it begins at."""
        for number, chat in enumerate(read_transcript(self.path)):
            name = f"line {chat.first_line}"
            yield TranscriptItem.from_parent(self, name=name, chat=chat, number=number)


class Differs(Exception):
    """The bot answered otherwise than written."""


class TranscriptItem(pytest.Item):
    """One chat, played from beginning to end."""

    def __init__(self, *, chat: Chat, number: int, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type] # pytest's own construction.
        self.chat = chat
        self.number = number

    def runtest(self) -> None:
        """Play the chat and compare."""
        answers = asyncio.run(_play(self.chat))
        wrong = [
            (entry, heard)
            for entry, heard in zip(self.chat.entries, answers, strict=True)
            if entry.answers != heard or any(line.startswith(IMPOSSIBLE) for line in heard)
        ]
        if wrong and self.config.getoption("rewrite"):
            rewrite(self.path, self.number, answers)
        if wrong:
            raise Differs("\n\n".join(_difference(entry, heard) for entry, heard in wrong[:3]))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """Show where the chat went another way."""
        if isinstance(excinfo.value, Differs):
            return f"{self.path.name}:\n{excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the chat stands."""
        return self.path, self.chat.first_line, f"{self.path.name}:{self.chat.first_line}"


async def _play(chat: Chat) -> list[list[str]]:
    with quick_folder() as folder:
        programme = programme_of(chat, Path(folder))
        async with stage(programme, Path(folder), chat.workbooks) as played:
            return [await played.act(entry) for entry in chat.entries]


def programme_of(chat: Chat, folder: Path) -> Programme:
    """Return the programme a chat is about: its form's, or the one that ships."""
    if not chat.form:
        return load_programme(programme_folder(SHIPPED[0]), CACHE)
    path = folder / "form.md"
    path.write_text(chat.form, "utf-8")
    programme = replace(programme_around(load_form(path, CACHE)), media=_media(chat.media))
    for name, text in chat.asked.items():
        beside = folder / f"{name}.md"
        beside.write_text(text, "utf-8")
        form = load_form(beside, CACHE)
        key = (form.form_id, form.version)
        more = programme.with_forms({**programme.forms, key: form})
        programme = replace(more, asked=(*programme.asked, key))
    return programme


def _media(listed: str) -> dict[str, bytes]:
    """Make the files of a `media` block: `well.jpg 34 kB` a line."""
    lines = (line.split() for line in listed.splitlines() if line.strip())
    return {name: content(name, int(kilobytes) * 1000) for name, kilobytes, _ in lines}


def _difference(entry: Entry, heard: list[str]) -> str:
    return "\n".join(
        [
            f"line {entry.line}: {entry.written[0]}",
            "written:",
            *(entry.answers or ["  (nothing)"]),
            "heard:",
            *(heard or ["  (nothing)"]),
        ]
    )
