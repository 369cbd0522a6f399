"""Everything that a programme can declare is described for whoever writes one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from conversations.checks import CHECKS
from storage.programmes.declaration import Declaration

PAGE = (Path(__file__).parents[2] / "bot" / "programmes" / "README.md").read_text("utf-8")


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Name every key of programme.toml, tables by their own keys."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner)
        else:
            yield name


@pytest.mark.parametrize("key", sorted(set(keys(Declaration))))
def test_every_key_is_described(key: str) -> None:
    """Whoever writes a programme.toml finds each key on the page beside the one that ships."""
    assert f"`{key}`" in PAGE or f"`[{key}]`" in PAGE or f".{key}]`" in PAGE


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_is_named(check: str) -> None:
    """Whoever does not want a check knows its name."""
    assert f"`{check}`" in PAGE
