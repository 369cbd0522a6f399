"""Conformance: the cases of a folder, run and counted in one table.

`pytest tests/conformance --cases DIR` runs any folder with the layout of the conformance data;
without the option the visible archive beside the checkout is unpacked, and where that is absent
the tests skip. `tally` counts the cases and prints the table.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

ARCHIVE = Path(__file__).parents[3] / "shared" / "conformance" / "visible.tar.xz"


@pytest.fixture(scope="session")
def cases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of cases; skip where there is none."""
    given = pytestconfig.getoption("--cases")
    if given:
        folder = Path(given)
        if not folder.is_dir():
            pytest.fail(f"--cases {given}: there is no such folder")
        return folder
    if not ARCHIVE.is_file():
        pytest.skip("the conformance data is not beside this checkout; give --cases DIR")
    folder = tmp_path_factory.mktemp("conformance")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return _where_cases_are(folder)


def _where_cases_are(folder: Path) -> Path:
    found = next(folder.rglob("xpath-cases.jsonl"), None)
    return folder if found is None else found.parent
