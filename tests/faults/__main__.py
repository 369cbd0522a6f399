"""`python -m tests.faults`: a long run, by hand.

    python -m tests.faults --kills 1000 --updates 100000 --database sqlite --seed 1

A failing run says what happened last and how to run the same again, and leaves its folder behind.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.run import PEOPLE, Broken, Run, Wish, everything, play

PROGRESS_SECONDS = 60.0


def main() -> int:
    """Read the command line, run, and say what came of it."""
    wish = _wish()
    folder = Path(tempfile.mkdtemp(prefix="baraza-faults-"))
    folder.chmod(0o755)
    print(wish.command())  # noqa: T201 - a command's answer, as below.
    began_at = time.monotonic()
    try:
        run = asyncio.run(play(wish, folder, _suffer))
    except Broken as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    print(_summary(run, time.monotonic() - began_at))  # noqa: T201
    shutil.rmtree(folder)
    return 0


async def _suffer(run: Run) -> None:
    """Let everything go wrong, and say now and then how far it has come."""
    telling = asyncio.create_task(_tell(run))
    try:
        await everything(run)
    finally:
        telling.cancel()


async def _tell(run: Run) -> None:
    while True:
        await asyncio.sleep(PROGRESS_SECONDS)
        minutes = (time.monotonic() - run.began_at) / 60
        said = f"after {minutes:.0f} min: {run.kills} kills, {run.updates} updates"
        print(said, file=sys.stderr, flush=True)  # noqa: T201 - as above.


def _wish() -> Wish:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--workers", type=int, default=0, help="behind a webhook; 0 polls")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311 - no secret.
    given = parser.parse_args()
    if given.workers and given.database == "sqlite":
        parser.error("several workers need PostgreSQL")
    wanted = (given.seed, given.kills, given.updates, given.people, given.workers)
    return Wish(given.database, *wanted)


def _summary(run: Run, seconds: float) -> str:
    deaths = "\n".join(f"  {count:5} {name}" for name, count in run.deaths.most_common())
    standstills = run.troubles.pop("standstills", 0)
    troubles = ", ".join(f"{name} {count}" for name, count in sorted(run.troubles.items()))
    reports = sum(len(member.sent) for member in run.crowd.members.values())
    return (
        f"{run.kills} kills, {run.updates} updates and {reports} reports in {seconds:.0f} s "
        f"({60 * run.kills / seconds:.0f} kills a minute, {run.updates / seconds:.0f} updates/s)\n"
        f"nothing lost, nothing twice, nobody stuck; {sum(run.crowd.repeated)} messages came once "
        f"more after a crash, {max(run.crowd.repeated, default=0)} at most after one\n"
        f"the database was {troubles}; bots stood still {standstills} times\n"
        f"died at\n{deaths}"
    )


if __name__ == "__main__":
    sys.exit(main())
