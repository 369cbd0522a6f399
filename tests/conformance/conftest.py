"""Conformance: the cases of a folder, run and counted in one table.

`pytest tests/conformance --cases DIR` runs any folder with the layout of the conformance data;
without the option the visible archive beside the checkout is unpacked, and where that is absent
the tests skip. A test module counts each case with the fixture `tally`; the table of all groups is
printed at the end of the run, each case that is not right with its explanation below it.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

ARCHIVE = Path(__file__).parents[3] / "shared" / "conformance" / "visible.tar.xz"

Outcome = Literal["right", "wrong", "refused", "crashed"]
OUTCOMES: tuple[Outcome, ...] = ("right", "wrong", "refused", "crashed")
MISSES_SHOWN = 60


@dataclass(slots=True)
class Group:
    """The cases of one kind: how many came to what, and the misses in words."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """The number of cases counted."""
        return sum(self.counts.values())

    @property
    def share_right(self) -> float:
        """The share of cases that came out right, from 0 to 1."""
        return self.counts["right"] / self.cases if self.cases else 1.0


@dataclass(slots=True)
class Tally:
    """Groups of cases in the order in which they were first met."""

    groups: dict[str, Group] = field(default_factory=dict)

    def count(self, group: str, outcome: Outcome, miss: str = "") -> None:
        """Count a case; `miss` says in one line what was expected, what came and why."""
        counted = self.groups.setdefault(group, Group())
        counted.counts[outcome] += 1
        if miss:
            counted.misses.append(f"{outcome}: {miss}")

    def table(self) -> list[str]:
        """Return the lines of the table, misses below it."""
        head = (
            f"{'group':<34}{'cases':>8}{'right':>8}{'wrong':>8}{'refused':>9}{'crashed':>9}{'%':>8}"
        )
        lines = [head]
        for name, group in self.groups.items():
            right, wrong, refused, crashed = (group.counts[outcome] for outcome in OUTCOMES)
            lines.append(
                f"{name:<34}{group.cases:>8}{right:>8}{wrong:>8}{refused:>9}{crashed:>9}"
                f"{100 * group.share_right:>8.2f}"
            )
        for name, group in self.groups.items():
            lines += [f"  {name}: {miss}" for miss in group.misses[:MISSES_SHOWN]]
            if len(group.misses) > MISSES_SHOWN:
                lines.append(f"  {name}: … and {len(group.misses) - MISSES_SHOWN} more")
        return lines


TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cases DIR`."""
    parser.addoption("--cases", default=None, help="folder of conformance cases to run")


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty tally for the run."""
    config.stash[TALLY] = Tally()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table of all groups that were counted."""
    tally = config.stash[TALLY]
    if tally.groups:
        terminalreporter.section("conformance")
        for line in tally.table():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """Give the tally of this run."""
    return pytestconfig.stash[TALLY]


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
