"""A process that has the bot loaded and bears bots by forking, each a process of its own.

To load the bot takes two seconds, to fork it a few milliseconds: so a thousand kills are cheap.
What a child does is what `baraza run` does, from the command line on. Waits that only cost time are
shorter in it (`SHORTER`), and it may be armed to die at a point (`points`).

It is spoken to in lines of JSON: a `Birth` bears a child and is answered by its number;
`{"reap": number}` waits for its end and is answered by its exit status, negative for the signal
that ended it.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.faults.points import arm, point_of

ROOT = Path(__file__).parents[2]

SHORTER = {
    "bot.telegram.transport:READ_SECONDS": 4.0,
    "bot.telegram.errors:RETRY_SECONDS": 0.2,
    "bot.settling:RETRY_SECONDS": 0.2,
    "bot.settling:PAUSE_SECONDS_MAX": 20.0,
    "bot.sender:LEASE_SECONDS": 6.0,
    "bot.held:LEASE_SECONDS": 6.0,
    "storage.outbox:LEASE_SECONDS": 6.0,
    "bot.sender:RENEW_SECONDS": 1.0,
    "bot.sender:LOOK_SECONDS": 0.2,
    "bot.sender:UNSEEN_SECONDS_MAX": 2.0,
    "bot.fetcher:LEASE_SECONDS": 3.0,
    "bot.fetcher:LOOK_SECONDS": 0.2,
    "bot.telegram.patience:PAUSE_SECONDS_MAX": 1.0,
    "storage.sqlite_connection:BUSY_SECONDS": 0.5,
    "storage.sqlite_writer:BUSY_SECONDS": 0.5,
}
"""How long the bot waits before it tries again; the product's own figures are made for years.

Leases are not much shorter than the product's: on a machine with much else to do a process stands
still for seconds, and one that is alive must not be taken for dead.
"""

LOADED = (
    *("bot.__main__", "bot.cli", "bot.worker", "storage.postgres", "storage.postgres_migration"),
    *("alembic.runtime.migration", "alembic.command"),
)


@dataclass(frozen=True, slots=True)
class Birth:
    """What a child is to do: run a module's `main` in a folder, and write to a log.

    `point` is where it dies: the kind of bot, the point's name, and at which passage.
    """

    argv: list[str]
    env: dict[str, str]
    folder: str
    log: str
    point: tuple[str, str, int] | None = None
    module: str = "bot.__main__"


def main() -> None:
    """Bear children and reap them until nobody asks any more; each child returns as the bot."""
    for name in LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    open_input, _ = os.pipe()  # A worker stops when its input ends; this never does.
    print("ready", flush=True)  # noqa: T201 - how the harness hears of it.
    for line in sys.stdin:
        asked = json.loads(line)
        if "reap" in asked:
            _, status = os.waitpid(asked["reap"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - as above.
            continue
        child = os.fork()
        if child == 0:
            _become(asked, open_input)
            break
        print(child, flush=True)  # noqa: T201 - as above.
    else:
        return
    importlib.import_module(asked["module"]).main()


def _become(asked: dict[str, Any], open_input: int) -> None:
    """Turn this process into one that an operator would have started."""
    os.setsid()
    os.chdir(asked["folder"])
    os.environ.update(asked["env"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream, number in ((open_input, 0), (log, 1), (log, 2)):
        os.dup2(stream, number)
    sys.argv = ["baraza", *asked["argv"]]
    for name, seconds in SHORTER.items():
        module, _, constant = name.partition(":")
        owner = importlib.import_module(module)
        assert hasattr(owner, constant), f"{name} is no more"
        setattr(owner, constant, seconds)
    if asked["point"]:
        kind, name, nth = asked["point"]
        arm(point_of(kind, name), nth)


class Child:
    """One bot: a process with a number, a log and, once it is dead, an exit status."""

    def __init__(self, number: int, log: str, nursery: Nursery) -> None:
        """Watch the process with this number."""
        self.number = number
        self.log = log
        self.born_at = time.monotonic()
        self._nursery = nursery
        self._dead = asyncio.Event()
        self._watched = os.pidfd_open(number)
        asyncio.get_running_loop().add_reader(self._watched, self._ended)

    def send(self, number: int) -> None:
        """Send a signal, unless it is dead."""
        if not self._dead.is_set():
            os.kill(self.number, number)

    @property
    def dead(self) -> bool:
        """Tell whether it has ended."""
        return self._dead.is_set()

    async def end(self) -> int:
        """Wait for its end; return its exit status, negative for a signal."""
        await self._dead.wait()
        return await self._nursery.reap(self.number)

    async def ends_within(self, seconds: float) -> bool:
        """Tell whether it dies before so many seconds have passed."""
        try:
            await asyncio.wait_for(self._dead.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._watched)
        os.close(self._watched)
        self._dead.set()


class Nursery:
    """The harness's end: `async with` starts it and ends it with all its children.

    All of them inherit the `handles`.
    """

    def __init__(self, handles: Sequence[int] = ()) -> None:
        self._handles = handles

    async def __aenter__(self) -> Self:
        """Load the bot."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.nursery"),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=self._handles,
        )
        self._children: set[int] = set()
        self._asking = asyncio.Lock()
        assert await self._answer() == "ready"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave no process behind."""
        for number in self._children:
            os.kill(number, 9)
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def bear(self, birth: Birth) -> Child:
        """Start a bot."""
        number = int(await self._ask(asdict(birth)))
        self._children.add(number)
        return Child(number, birth.log, self)

    async def reap(self, number: int) -> int:
        """Take a dead child's exit status."""
        self._children.discard(number)
        return int(await self._ask({"reap": number}))

    async def _ask(self, asked: dict[str, Any]) -> str:
        async with self._asking:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            return await self._answer()

    async def _answer(self) -> str:
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()


if __name__ == "__main__":
    main()
