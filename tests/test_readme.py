"""The README tells the truth: its commands, settings and files are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
LINK = re.compile(r"(?:\]\(|src=\")(?!https?:|#)([^)\"\s#]+)")
FOLDERS = ("bot", "conversations", "locales", "storage", "tests")


def blocks(text: str) -> list[str]:
    """Return the shell blocks of a Markdown text."""
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def test_the_two_commands_stand_first() -> None:
    """The first command runs the bot; the one CI runs for the tests is in the README as it is."""
    assert blocks(README)[0].strip().endswith("baraza run")
    tests = next(block.strip() for block in blocks(README) if "-m pytest" in block)
    assert tests in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


@pytest.mark.parametrize("command", sorted(typer.main.get_command(main).commands))  # type: ignore[attr-defined]
def test_every_command_is_in_the_readme(command: str) -> None:
    """Somebody who reads the README knows every command."""
    assert f"`baraza {command}" in README


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme(name: str) -> None:
    """Somebody who reads the README knows every setting."""
    assert f"`BARAZA_{name.upper()}`" in README


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_names_its_files(folder: str) -> None:
    """Each folder's README names every module and folder in it."""
    text = (ROOT / folder / "README.md").read_text("utf-8")
    missing = [
        path.name
        for path in sorted((ROOT / folder).iterdir())
        if not path.name.startswith(("_", "."))
        and path.name != "README.md"
        and f"`{path.stem}" not in text
    ]
    assert missing == []


def test_links_lead_somewhere() -> None:
    """Every relative link and picture of a README is there."""
    for readme in [ROOT / "README.md", *ROOT.glob("*/**/README.md")]:
        if ".venv" in readme.parts:
            continue
        for target in re.findall(
            r"(?:\]\(|src=\")(?!https?:|#)([^)\"\s#]+)", readme.read_text("utf-8")
        ):
            assert (readme.parent / target).exists(), f"{readme}: {target}"


def test_tests_that_are_named_are_there() -> None:
    """Every test and transcript that the tests' README names is one."""
    text = (ROOT / "tests" / "README.md").read_text("utf-8")
    files = list((ROOT / "tests").rglob("*.py"))
    code = "".join(path.read_text("utf-8") for path in files)
    there = {*re.findall(r"def (test_\w+)\(", code), *(path.stem for path in files)}
    assert set(re.findall(r"`(test_\w+)`", text)) - there == set()
    transcripts = re.findall(r"`(transcripts/\w+\.md)`", text)
    assert [name for name in transcripts if not (ROOT / "tests" / name).exists()] == []
