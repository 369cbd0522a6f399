"""What the examples in docstrings show is what the code does."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMPT = ">>> "


def shown() -> list[str]:
    """Name the modules with an example."""
    packages = ("bot", "conversations", "locales", "storage")
    paths = (path for name in packages for path in sorted((ROOT / name).rglob("*.py")))
    with_example = (path for path in paths if PROMPT in path.read_text("utf-8"))
    parts = (path.relative_to(ROOT).with_suffix("").parts for path in with_example)
    return [".".join(one).removesuffix(".__init__") for one in parts]


@pytest.mark.parametrize("name", shown())
def test_examples_are_true(name: str) -> None:
    """Every example of a module gives what stands below it."""
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert not result.failed
