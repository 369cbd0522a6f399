"""An archive that is damaged in any place is found out, and nothing of it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.copying import BackupRefused, Manifest, back_up, restore, verify
from storage.copying.manifest import sealed
from storage.errors import TooNew
from storage.files import Files
from storage.steps import revisions
from tests.storage.copying.archives import rewritten, unpacked, with_manifest
from tests.storage.copying.seen import NOW, names_in
from tests.storage.house import (
    PICTURE,
    furnish,
)


class TestDamage:
    """An archive that is not as it was written is refused by name, before any of it is used."""

    @pytest.fixture
    async def archive(self, urls: tuple[str, str], files: Files, tmp_path: Path) -> Path:
        """Return a sound archive of the furnished house."""
        await furnish(urls[0], revisions()[-1])
        await back_up(urls[0], files, tmp_path / "b.tar", NOW)
        return tmp_path / "b.tar"

    def test_any_byte(self, archive: Path) -> None:
        """Wherever an archive is damaged, it is refused, or the damage meant nothing."""
        sound = archive.read_bytes()
        meaning = unpacked(archive)
        refused = 0
        for place in range(0, len(sound), 97):
            archive.write_bytes(sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :])
            try:
                verify(archive)
            except BackupRefused as error:
                assert str(archive) in str(error)  # noqa: PT017 - it may also be sound.
                refused += 1
            else:
                assert unpacked(archive) == meaning, place
        assert refused > 50

    async def test_nothing_of_it_is_used(
        self, archive: Path, urls: tuple[str, str], tmp_path: Path
    ) -> None:
        """Where an archive is refused, there is no database afterwards."""
        cut = rewritten(archive, lambda entry: not entry.startswith("tables/edits"))
        with pytest.raises(BackupRefused, match="rows of the table edits"):
            await restore(cut, urls[1], Files(tmp_path / "b"))
        assert names_in(tmp_path / "b") == []

    def test_cut_short(self, archive: Path) -> None:
        """However short it was cut, it is refused."""
        sound = archive.read_bytes()
        end = len(sound.rstrip(b"\0"))
        for length in range(0, end, 511):
            archive.write_bytes(sound[:length])
            with pytest.raises(BackupRefused, match="cannot be used"):
                verify(archive)

    def test_a_part_left_out(self, archive: Path) -> None:
        """Rows or a file taken out, or put in, are noticed and named."""
        for name, said in {
            "tables/submissions/": "0 rows of the table submissions instead of 2",
            "attachments/": "not all of its 3 attachments",
            "manifest.json": "no end",
        }.items():
            cut = rewritten(archive, lambda entry, name=name: not entry.startswith(name))
            with pytest.raises(BackupRefused, match=said):
                verify(cut)
        with pytest.raises(BackupRefused, match=r"evil.sh in it is no part"):
            verify(rewritten(archive, lambda _: True, {"../evil.sh": b"rm"}))

    def test_anything_else(self, tmp_path: Path) -> None:
        """A file that is no back-up at all is refused in the same words."""
        other = tmp_path / "photo.jpg"
        other.write_bytes(PICTURE * 1_000)
        with pytest.raises(BackupRefused, match=r"photo\.jpg cannot be used"):
            verify(other)
        with pytest.raises(BackupRefused, match="cannot be read"):
            verify(tmp_path / "nothing.tar")

    def test_a_later_baraza(self, archive: Path) -> None:
        """A back-up of a later release says so."""

        def later(manifest: Manifest) -> bytes:
            return sealed(manifest.model_copy(update={"revision": "9999"}))

        with pytest.raises(TooNew, match="later Baraza; install"):
            verify(with_manifest(archive, later))
