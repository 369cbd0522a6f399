"""A world whose clock stands, and a simulator on loopback that serves it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.simulator.server import simulator_app
from bot.simulator.world import World, standing_clock
from tests.simulator.running import Running, serving


@pytest.fixture
def world() -> World:
    """Return an empty world whose clock stands until it is moved."""
    return World(standing_clock)


@pytest.fixture
def amina(world: World) -> int:
    """Let Amina in, who has written to the bot before; nothing of it is pending."""
    person = world.add_person("Amina Wanjiru", "sw")
    world.write(person, "/start")
    world.state.updates.clear()
    return person


@pytest.fixture
async def running(world: World) -> AsyncIterator[Running]:
    """Serve the world without a network."""
    address = "http://127.0.0.1"
    transport = httpx.ASGITransport(simulator_app(world))
    async with httpx.AsyncClient(transport=transport, base_url=address) as http:
        yield Running(world, address, http)


@pytest.fixture
async def served(world: World) -> AsyncIterator[Running]:
    """Serve the world over HTTP on loopback."""
    async with (
        serving(simulator_app(world)) as address,
        httpx.AsyncClient(base_url=address, timeout=10) as http,
    ):
        yield Running(world, address, http)
