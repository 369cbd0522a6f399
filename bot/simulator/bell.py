"""A bell: whoever waits for a change of the world is woken by the next one."""

from __future__ import annotations

import asyncio


class Bell:
    """Wakes all that wait, on one event loop."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits now."""
        for sleeper in self._waiting:
            if not sleeper.done():
                sleeper.set_result(None)

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after so many seconds."""
        sleeper = asyncio.get_running_loop().create_future()
        self._waiting.add(sleeper)
        try:
            await asyncio.wait_for(sleeper, seconds)
        except TimeoutError:
            return
        finally:
            self._waiting.discard(sleeper)
