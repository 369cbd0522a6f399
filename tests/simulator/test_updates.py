"""How updates reach a bot that polls."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.simulator.refusals import Refused
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World, standing_clock
from tests.simulator.running import Running


def take(world: World, **parameters: object) -> list[Any]:
    """Return updates."""
    updates: Any = world.call("getUpdates", parameters)
    return list(updates)


def test_an_offset_confirms_what_came_before(world: World, amina: int) -> None:
    """Updates come again until a higher offset is asked for; confirmed ones never come back."""
    for word in ("one", "two", "three"):
        world.write(amina, word)
    first = take(world)
    assert take(world) == first
    assert [one["update_id"] for one in take(world, offset=first[1]["update_id"])] == [
        first[1]["update_id"],
        first[2]["update_id"],
    ]
    assert len(take(world)) == 2
    assert len(take(world, limit=1)) == 1
    assert take(world, offset=first[2]["update_id"] + 1) == []


def test_a_negative_offset_keeps_the_last(world: World, amina: int) -> None:
    """`offset` -1 returns the newest update and forgets the others."""
    for word in ("one", "two", "three"):
        world.write(amina, word)
    assert [one["message"]["text"] for one in take(world, offset=-1)] == ["three"]
    assert len(take(world)) == 1


def test_only_allowed_kinds_are_kept(world: World, amina: int) -> None:
    """`allowed_updates` decides from now on; an empty list goes back to the default."""
    take(world, allowed_updates=["callback_query"])
    world.write(amina, "unseen")
    assert take(world) == []
    take(world, allowed_updates=[])
    world.write(amina, "seen")
    assert len(take(world)) == 1


def test_updates_grow_old(world: World, amina: int) -> None:
    """A tap waits 150 seconds for the bot, a message 24 hours."""
    asked: Any = world.call(
        "sendMessage",
        {
            "chat_id": amina,
            "text": "a",
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]},
        },
    )
    world.write(amina, "hello")
    world.tap(amina, asked["message_id"], text="a")
    assert len(take(world)) == 2
    world.advance(150)
    assert [set(one) - {"update_id"} for one in take(world)] == [{"message"}]
    world.advance(24 * 3600)
    assert take(world) == []


def test_ids_are_never_used_again(world: World, amina: int) -> None:
    """After a reset, ids of updates, messages and people go on."""
    message = world.write(amina, "one")
    (update,) = take(world)
    world.reset()
    other = world.add_person("Juma")
    assert other > amina
    assert world.write(other, "two") > message
    assert take(world)[0]["update_id"] > update["update_id"]


def test_a_later_world_has_later_ids() -> None:
    """A simulator that is started again gives ids that a bot with a memory has not seen."""
    earlier, later = World(standing_clock), World(lambda: standing_clock().replace(minute=5))
    for world in (earlier, later):
        world.write(world.add_person("Asha"), "hello")
    assert take(later)[0]["update_id"] > take(earlier)[0]["update_id"]


async def test_a_long_poll_returns_when_something_happens(running: Running, amina: int) -> None:
    """A poll waits for the next update, and no longer."""
    poll = asyncio.create_task(running.bot("getUpdates", timeout=8))
    await asyncio.sleep(0.1)
    assert not poll.done()
    running.world.write(amina, "at last")
    answer = await asyncio.wait_for(poll, 2)
    assert answer["result"][0]["message"]["text"] == "at last"


async def test_a_long_poll_ends(running: Running) -> None:
    """A poll that brings nothing ends after its timeout with an empty list."""
    assert await running.bot("getUpdates", timeout=1) == {"ok": True, "result": []}


async def test_a_closing_simulator_ends_its_polls(world: World, amina: int) -> None:
    """Long polls are answered when the simulator closes, not broken off."""
    simulator = simulator_app(world)
    transport = httpx.ASGITransport(simulator)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        version = world.view(amina)["version"]
        polls = [
            asyncio.create_task(http.get(f"/bot{TOKEN}/getUpdates?timeout=8")),
            asyncio.create_task(http.get(f"/sim/chats/{amina}?after={version}&wait=8")),
        ]
        await asyncio.sleep(0.05)
        await simulator.close()
        answers = await asyncio.wait_for(asyncio.gather(*polls), 2)
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_a_second_poller_ends_the_first(running: Running, amina: int) -> None:
    """The older of two polls is told that another instance runs; the newer one gets the update."""
    first = asyncio.create_task(running.bot("getUpdates", timeout=8))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(running.bot("getUpdates", timeout=8))
    ended = await asyncio.wait_for(first, 2)
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request")
    running.world.write(amina, "hello")
    assert (await asyncio.wait_for(second, 2))["ok"]


async def test_a_webhook_ends_and_forbids_polling(running: Running) -> None:
    """While a webhook is set, getUpdates is a conflict."""
    poll = asyncio.create_task(running.bot("getUpdates", timeout=8))
    await asyncio.sleep(0.1)
    assert (await running.bot("setWebhook", url="http://127.0.0.1:9/"))["ok"]
    ended = await asyncio.wait_for(poll, 2)
    assert ended["description"] == "Conflict: terminated by setWebhook request"
    refused = await running.bot("getUpdates")
    assert refused["error_code"] == 409
    assert "webhook is active" in refused["description"]
    assert (await running.bot("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await running.bot("getUpdates"))["ok"]


async def test_every_way_of_giving_parameters_is_the_same(running: Running, amina: int) -> None:
    """Query string, form, multipart and JSON are read alike; so are methods in any case."""
    path, given = f"/bot{TOKEN}/SENDmessage", {"chat_id": str(amina), "text": "a"}
    answers = [
        await running.http.get(path, params=given),
        await running.http.post(path, data=given),
        await running.http.post(path, files={name: (None, one) for name, one in given.items()}),
        await running.http.post(path, json=given | {"chat_id": amina}),
        await running.http.post(path, params={"chat_id": amina}, json={"text": "a"}),
    ]
    assert all(answer.json()["ok"] for answer in answers)
    assert len(running.world.view(amina)["messages"]) == 6


async def test_a_wrong_token_opens_nothing(running: Running) -> None:
    """A token of another bot is unauthorized, what is no token is not found."""
    for token, code in (("1:other", 401), ("none", 404)):
        answer = await running.http.get(f"/bot{token}/getMe")
        assert answer.status_code == answer.json()["error_code"] == code


async def test_a_body_past_the_limit_is_refused(running: Running, amina: int) -> None:
    """More than 50 MB is answered with 413, whatever it claims to be."""

    async def endless() -> Any:
        for _ in range(60):
            yield b"\0" * 1024 * 1024

    headers = {"content-type": "application/json"}
    path = f"/bot{TOKEN}/sendMessage"
    answer = await running.http.post(path, content=endless(), headers=headers)
    assert answer.json()["error_code"] == 413
    assert amina


def test_a_call_in_process_refuses_likewise(world: World) -> None:
    """The world without HTTP raises what the server would answer."""
    world.call("setWebhook", {"url": "http://localhost/a"})
    with pytest.raises(Refused, match="409 Conflict"):
        world.call("getUpdates")
