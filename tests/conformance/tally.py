"""The table of conformance: cases counted by group, each that is not right with its explanation.

A test module counts each case with the fixture `tally`; the table is printed at the end of the
run. Where tests run in several processes, each counts its own and the first puts them together.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

Outcome = Literal["right", "wrong", "refused", "crashed"]
OUTCOMES: tuple[Outcome, ...] = ("right", "wrong", "refused", "crashed")
MISSES_SHOWN = 20
MISS_WIDTH = 160
"""Characters of a line of the table; a miss is cut there, in its middle."""


@dataclass(slots=True)
class Group:
    """The cases of one kind: how many came to what, and the misses in words."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def cases(self) -> int:
        """The number of cases counted."""
        return sum(self.counts.values())

    @property
    def share_right(self) -> float:
        """The share of cases that came out right, from 0 to 1."""
        return self.counts["right"] / self.cases if self.cases else 1.0

    def lines(self, name: str, shown: int) -> list[str]:
        """Return the first misses, a line each, and how many are left."""
        if not self.misses:
            return []
        head = ["", f"{name}: {len(self.misses)} {self.note or 'to explain'}"]
        lines = [f"  {one_line(miss, MISS_WIDTH - 2)}" for miss in self.misses[:shown]]
        left = len(self.misses) - len(lines)
        tail = [f"  … and {left} more (--misses {len(self.misses)} shows them)"] if left else []
        return [*head, *lines, *tail]


@dataclass(slots=True)
class Tally:
    """Groups of cases in the order in which they were first met."""

    groups: dict[str, Group] = field(default_factory=dict)
    shown: int = MISSES_SHOWN

    def count(self, group: str, outcome: Outcome, miss: str = "") -> None:
        """Count a case; `miss` says in one line what was expected, what came and why."""
        counted = self.groups.setdefault(group, Group())
        counted.counts[outcome] += 1
        if miss:
            counted.misses.append(f"{outcome}: {miss}")

    def told(self) -> list[tuple[str, dict[Outcome, int], list[str], str]]:
        """Return all groups as plain values, such as one process can hand to another."""
        return [
            (name, dict(group.counts), group.misses, group.note)
            for name, group in self.groups.items()
        ]

    def take(self, told: list[tuple[str, dict[Outcome, int], list[str], str]]) -> None:
        """Add what another process has counted."""
        for name, counts, misses, note in told:
            group = self.groups.setdefault(name, Group())
            group.counts.update(counts)
            group.misses += misses
            group.note = group.note or note

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
            lines += group.lines(name, self.shown)
        return lines


def one_line(text: str, width: int) -> str:
    """Write a text in one line of at most `width` characters, its middle left out.

    >>> one_line("the same   line", 20), one_line("0123456789", 7)
    ('the same line', '012 … 9')
    """
    flat = " ".join(text.split())
    if len(flat) <= width:
        return flat
    tail = (width - 3) // 3
    return f"{flat[: width - 3 - tail]} … {flat[len(flat) - tail :]}"


TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cases DIR` and `--misses NUMBER`."""
    parser.addoption("--cases", default=None, help="folder of conformance cases to run")
    parser.addoption("--misses", default=MISSES_SHOWN, type=int, help="misses shown of each group")


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty tally for the run."""
    config.stash[TALLY] = Tally(shown=config.getoption("--misses"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what this process has counted, where it is one of several."""
    handed_on = getattr(session.config, "workeroutput", None)
    if handed_on is not None:
        handed_on["conformance"] = session.config.stash[TALLY].told()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what one of several processes has counted."""
    node.config.stash[TALLY].take(getattr(node, "workeroutput", {}).get("conformance", []))


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
