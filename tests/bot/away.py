"""A store that can be away, as one whose disk or server is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from storage.errors import StorageUnavailable
from storage.store import Reading, Store, Unit


@dataclass(slots=True)
class Away:
    """A store that can be away."""

    store: Store
    is_away: bool = False

    def __getattr__(self, name: str) -> Any:
        """Do everything else as the store does."""
        return getattr(self.store, name)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        """Open a unit, or fail."""
        if self.is_away:
            raise StorageUnavailable("the disk is away")
        async with self.store.unit() as unit:
            yield unit

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Open a view, or fail."""
        if self.is_away:
            raise StorageUnavailable("the disk is away")
        async with self.store.reading() as reading:
            yield reading
