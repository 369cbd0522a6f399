"""Two databases that hold nothing, and the attachments of the furnished house."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.files import Files
from tests.player.postgres import new_database
from tests.storage.house import (
    PICTURE,
    SEALED,
    VOICE,
)


@pytest.fixture
async def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Return the URLs of two databases of the kinds asked for; neither holds anything."""
    kinds = getattr(request, "param", ("sqlite", "sqlite"))
    return await _url(request, tmp_path, kinds[0], "a"), await _url(
        request, tmp_path, kinds[1], "b"
    )


async def _url(request: pytest.FixtureRequest, tmp_path: Path, kind: str, name: str) -> str:
    if kind == "postgres":
        return await new_database(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / name / 'baraza.db'}"


@pytest.fixture
async def files(tmp_path: Path) -> Files:
    """Return a folder with the attachments of the furnished house."""
    files = Files(tmp_path / "a")
    await files.keep(PICTURE)
    await files.keep(VOICE)
    await files.keep(SEALED)
    return files
