"""What processes cost: a bot and the workers it has started, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def family(process: int) -> Iterator[int]:
    """Yield a process and all it has started, and what these have started."""
    yield process
    with suppress(FileNotFoundError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")
        for child in children.split():
            yield from family(int(child))


def cpu_seconds(process: int) -> float:
    """Return the CPU time a family has used, in all its threads."""
    return sum(map(_cpu_seconds, family(process)))


def cpu_seconds_ever(process: int) -> float:
    """Return the same, with what those of its children have used that ended."""
    return cpu_seconds(process) + _of_ended(process)


def parent_of(process: int) -> int:
    """Return the process that started another."""
    return int(_stat(process)[1])


def resident_megabytes(process: int) -> float:
    """Return what a family holds in memory; pages that are shared count for each."""
    return sum(map(_resident_megabytes, family(process)))


def _cpu_seconds(process: int) -> float:
    with suppress(FileNotFoundError):
        members = _stat(process)
        return (int(members[11]) + int(members[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _of_ended(process: int) -> float:
    members = _stat(process)
    return (int(members[13]) + int(members[14])) / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[str]:
    """Return what stands behind a process's name in its line of /proc."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()


def _resident_megabytes(process: int) -> float:
    with suppress(FileNotFoundError):
        pages = int(Path(f"/proc/{process}/statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0
