"""Archives read, and written otherwise than a back-up writes them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.copying import Manifest


def meaning(archive: Path) -> list[tuple[str, bytes]]:
    """Return what an archive holds, part by part."""
    with tarfile.open(archive) as tar:
        return [(entry.name, tar.extractfile(entry).read()) for entry in tar]  # type: ignore[union-attr]


def unpacked(archive: Path) -> list[tuple[str, bytes]]:
    """Return what an archive says; the date in a gzip's head says nothing."""
    return [
        (name, gzip.decompress(content) if name.endswith(".gz") else content)
        for name, content in meaning(archive)
    ]


def rewritten(
    archive: Path, stays: Callable[[str], bool], more: dict[str, bytes] | None = None
) -> Path:
    """Write a like archive, some parts left out and others put before the rest."""
    changed = archive.with_name("changed.tar")
    parts = [*(more or {}).items(), *(part for part in meaning(archive) if stays(part[0]))]
    with tarfile.open(changed, "w") as tar:
        for name, content in parts:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return changed


def with_manifest(archive: Path, made: Callable[[Manifest], bytes]) -> Path:
    """Write a like archive with another manifest."""
    said: dict[str, Any] = json.loads(dict(meaning(archive))["manifest.json"])
    del said["seal"]
    content = made(Manifest.model_validate(said))
    changed = rewritten(archive, lambda name: name != "manifest.json")
    with tarfile.open(changed, "a") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return changed
