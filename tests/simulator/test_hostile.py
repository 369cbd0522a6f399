"""Whatever is thrown at the simulator is answered; nothing breaks it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.methods import METHODS
from bot.simulator.parameters import Upload
from bot.simulator.refusals import Impossible, Refused
from bot.simulator.server import TOKEN, simulator_app
from bot.simulator.world import World, standing_clock
from tests.simulator.models import check_call
from tests.simulator.running import Running, png

WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "HTML", "\ud83d", "attach://a", "{", "[]", "/start", "9" * 5000, "-1"]),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.sampled_from([1, 77, 10**400])
)
PICTURE = Upload("a.png", "", png(2, 2))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["text", "type", "callback_data", "inline_keyboard", "keyboard", "media", "offset"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a method and values for some of its parameters; the chat is mostly a real one."""
    method = draw(st.sampled_from(METHODS))
    names = st.sampled_from(sorted(method.parameters) or ["none"])
    values = draw(st.dictionaries(names, VALUES, max_size=5))
    if "chat_id" in method.parameters and draw(st.booleans()):
        values["chat_id"] = 77
    return method.name, values


@settings(max_examples=300)
@given(st.lists(calls(), max_size=4))
def test_any_call_is_done_or_refused(drawn: list[tuple[str, dict[str, Any]]]) -> None:
    """A call raises nothing but `Refused`, and what is done fits the models of the Bot API."""
    world = World(standing_clock)
    world.write(world.add_person("Amina", person_id=77), "hello")
    for method, values in drawn:
        attached = {"a": PICTURE} if "attach://a" in str(values) else {}
        with suppress(Refused):
            world.call(method, values, attached)
    assert world.state.logged_out or world.call("getMe")
    assert world.view(77)
    for call in world.calls():
        if call["method"] in {"sendMessage", "getUpdates", "sendLocation", "sendVenue"}:
            check_call(call)


@settings(max_examples=100)
@given(
    st.sampled_from(["text", "location", "contact", "sticker", "venue", "forward_of", "edit"]),
    VALUES,
)
async def test_any_act_of_a_person_is_done_or_refused(name: str, value: Any) -> None:
    """The control API answers 200, 400, 404 or 409, never 500."""
    world = World(standing_clock)
    world.add_person("Amina", person_id=77)
    transport = httpx.ASGITransport(simulator_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        for path in ("chats/77/messages", "chats/77/taps", "people", "faults", "clock"):
            key = {"clock": "advance_seconds", "faults": "chat_id", "people": "id"}.get(path, name)
            try:
                body = httpx.Request("POST", "http://localhost", json={key: value}).content
            except ValueError:
                return
            answer = await http.post(f"/sim/{path}", content=body)
            assert answer.status_code in {200, 400, 404, 409}, answer.text
        assert (await http.get("/sim/chats/77")).status_code == 200


async def test_broken_bodies_are_refused(running: Running) -> None:
    """What is no JSON and no form is refused in the envelope of whom it was sent to."""
    for kind, body in (
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
    ):
        headers = {"content-type": kind}
        path = f"/bot{TOKEN}/sendMessage"
        answer = await running.http.post(path, content=body, headers=headers)
        assert answer.json()["ok"] is False, (kind, body)
        answer = await running.http.post("/sim/people", content=body, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]


async def test_a_client_that_leaves_is_forgotten(
    served: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that ends in the middle of a request leaves no trace."""
    host, _, port = served.address.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /sim/people HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.close()
    await asyncio.sleep(0.05)
    assert served.world.people() == []
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_the_clock_has_ends(world: World) -> None:
    """The clock is not moved where dates end."""
    for seconds in (1e18, -1e18, float("inf"), float("nan")):
        with pytest.raises(Impossible, match="clock"):
            world.advance(seconds)
    assert world.now() == standing_clock()
