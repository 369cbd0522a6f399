"""A bell: whoever waits for a change of the world is woken by the next one.

Once it is closed nobody waits any more, so that long polls end before a server stops.
"""

from __future__ import annotations

import asyncio


class Bell:
    """Wakes all that wait, on one event loop."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self.closed = False
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        for sleeper in self._waiting:
            if not sleeper.done():
                sleeper.set_result(None)

    def close(self) -> None:
        """Wake everybody, and let nobody wait from now on."""
        self.closed = True
        self.ring()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after so many seconds."""
        if self.closed:
            return
        sleeper = asyncio.get_running_loop().create_future()
        self._waiting.add(sleeper)
        try:
            await asyncio.wait_for(sleeper, seconds)
        except TimeoutError:
            return
        finally:
            self._waiting.discard(sleeper)
