"""The control API: what people do, what they see, and what goes wrong on order."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from bot.simulator.server import TOKEN
from tests.simulator.running import Running, png

KEYS = {"keyboard": [["Ndiyo", {"text": "Mahali", "request_location": True}]]}


async def view(running: Running, chat: int, query: str = "") -> dict[str, object]:
    """Return the chat as its person sees it."""
    return dict((await running.http.get(f"/sim/chats/{chat}{query}")).json())


async def test_a_person_comes_in_and_writes(running: Running) -> None:
    """A person gets an id, which is their chat's; the first text makes them known to the bot."""
    chat = (await running.sim("people", name="Amina Wanjiru", language_code="sw"))["id"]
    message = (await running.sim(f"chats/{chat}/messages", text="/start KE-7"))["message_id"]
    seen = await view(running, chat)
    assert seen["messages"] == [
        {
            "message_id": message,
            "from": "person",
            "date": 1767268800,
            "edited": False,
            "text": "/start KE-7",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        }
    ]
    everybody = (await running.http.get("/sim/people")).json()["people"]
    assert [one["name"] for one in everybody] == ["Amina Wanjiru"]
    assert everybody[0]["started"]


async def test_a_person_may_come_back_under_their_id(running: Running) -> None:
    """After a restart of the simulator somebody can be let in again as who they were."""
    back = await running.sim("people", name="Amina", id=77, started=True)
    assert back == {"id": 77}
    assert (await running.bot("sendMessage", chat_id=77, text="Welcome back"))["ok"]
    again = await running.http.post("/sim/people", json={"name": "Amina", "id": 77})
    assert again.status_code == 409


async def test_a_reply_keyboard_stays_until_it_is_used_or_replaced(
    running: Running, amina: int
) -> None:
    """A one-time keyboard goes once a key is pressed, another only when the bot takes it away."""
    await running.bot("sendMessage", chat_id=amina, text="?", reply_markup=KEYS)
    running.world.write(amina, "Ndiyo")
    seen = await view(running, amina)
    assert seen["reply_keyboard"] == [
        [{"text": "Ndiyo"}, {"text": "Mahali", "request_location": True}]
    ]
    once = KEYS | {"one_time_keyboard": True}
    await running.bot("sendMessage", chat_id=amina, text="?", reply_markup=once)
    running.world.write(amina, "Something else")
    assert (await view(running, amina))["reply_keyboard"]
    await running.sim(f"chats/{amina}/messages", location={"latitude": -1.3, "longitude": 36.8})
    assert (await view(running, amina))["reply_keyboard"] is None
    await running.bot("sendMessage", chat_id=amina, text="?", reply_markup=KEYS)
    gone = {"remove_keyboard": True}
    await running.bot("sendMessage", chat_id=amina, text="ok", reply_markup=gone)
    assert (await view(running, amina))["reply_keyboard"] is None


async def test_files_show_with_an_address(running: Running, amina: int) -> None:
    """A file is shown with its kind, size and an address under which a page can fetch it."""
    answer = await running.http.post(
        f"/sim/chats/{amina}/messages",
        files={"photo": ("a.png", png(30, 20), "image/png")},
        data={"caption": "the drain"},
    )
    assert answer.status_code == 200
    seen = running.world.view(amina)["messages"][-1]
    assert seen["caption"] == "the drain"
    assert (seen["photo"]["width"], seen["photo"]["height"]) == (30, 20)
    shown = await running.http.get(seen["photo"]["url"])
    assert shown.content == png(30, 20)
    assert shown.headers["content-type"] == "image/png"
    page = await running.http.post(
        f"/sim/chats/{amina}/messages", files={"document": ("a.html", b"<script>", "text/html")}
    )
    assert page.status_code == 200
    url = running.world.view(amina)["messages"][-1]["document"]["url"]
    risky = await running.http.get(url)
    assert risky.headers["content-disposition"] == "attachment"
    assert risky.headers["content-type"] == "application/octet-stream"


async def test_the_parts_of_an_album_belong_together(running: Running, amina: int) -> None:
    """Pictures sent with the same album name share a media group."""
    for album in ("a", "a", "b"):
        answer = await running.http.post(
            f"/sim/chats/{amina}/messages",
            files={"photo": ("a.png", png(), "image/png")},
            data={"album": album},
        )
        assert answer.status_code == 200
    groups = [one["media_group_id"] for one in running.world.view(amina)["messages"][-3:]]
    assert groups[0] == groups[1] != groups[2]


async def test_a_page_waits_for_changes(running: Running, amina: int) -> None:
    """With `after` and `wait` the view comes as soon as it differs, also by the mere clock."""
    version = running.world.view(amina)["version"]
    waiting = asyncio.create_task(view(running, amina, f"?after={version}&wait=8"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await running.bot("sendChatAction", chat_id=amina, action="typing")
    seen = await asyncio.wait_for(waiting, 2)
    assert seen["typing"] is True
    waiting = asyncio.create_task(view(running, amina, f"?after={seen['version']}&wait=8"))
    await asyncio.sleep(0.05)
    await running.sim("clock", advance_seconds=6)
    assert (await asyncio.wait_for(waiting, 2))["typing"] is False


async def test_deletions_and_edits_show(running: Running, amina: int) -> None:
    """The bot's edits and deletions, and the person's own, are applied in the view."""
    first = (await running.bot("sendMessage", chat_id=amina, text="a"))["result"]["message_id"]
    second = running.world.write(amina, "b")
    await running.bot("editMessageText", chat_id=amina, message_id=first, text="A")
    path = f"/sim/chats/{amina}/messages/{second}"
    assert (await running.http.patch(path, json={"text": "B"})).status_code == 200
    last = running.world.view(amina)["messages"][-2:]
    assert [(one["text"], one["edited"]) for one in last] == [("A", True), ("B", True)]
    await running.bot("deleteMessage", chat_id=amina, message_id=first)
    assert (await running.http.delete(path)).status_code == 200
    assert [one["text"] for one in running.world.view(amina)["messages"]] == ["/start"]


async def test_taps_need_a_button(running: Running, amina: int) -> None:
    """A button that is not there any more cannot be tapped; the answer says what is there."""
    buttons = {"inline_keyboard": [[{"text": "Ndiyo", "callback_data": "yes"}]]}
    sent = await running.bot("sendMessage", chat_id=amina, text="?", reply_markup=buttons)
    message = sent["result"]["message_id"]
    tapped = await running.sim(f"chats/{amina}/taps", message_id=message, data="yes")
    assert tapped["callback_query_id"]
    assert running.world.view(amina)["taps_waiting"] == 1
    wrong = await running.sim(f"chats/{amina}/taps", message_id=message, text="Hapana")
    assert wrong["error"] == (
        f"There is no such button under message {message}; there are ['Ndiyo']."
    )
    await running.bot("editMessageReplyMarkup", chat_id=amina, message_id=message)
    late = await running.http.post(
        f"/sim/chats/{amina}/taps", json={"message_id": message, "text": "Ndiyo"}
    )
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("POST people", {}, 400),
        ("POST people", {"name": " "}, 400),
        ("POST people", {"name": "a", "age": 3}, 400),
        ("POST people", [], 400),
        ("GET chats/1", None, 404),
        ("POST chats/1/messages", {"text": "a"}, 404),
        ("POST chats/{}/messages", {}, 400),
        ("POST chats/{}/messages", {"text": " "}, 400),
        ("POST chats/{}/messages", {"text": "a" * 4097}, 400),
        ("POST chats/{}/messages", {"text": 5}, 400),
        ("POST chats/{}/messages", {"location": {"latitude": 91, "longitude": 0}}, 400),
        ("POST chats/{}/messages", {"contact": {}}, 400),
        ("POST chats/{}/messages", {"edit": 1, "text": "a"}, 404),
        ("POST chats/{}/messages", {"forward_of": 1}, 404),
        ("POST chats/{}/taps", {"message_id": 1, "text": "a"}, 409),
        ("POST chats/{}/taps", {"message_id": 1}, 400),
        ("POST faults", {}, 400),
        ("POST faults", {"drop": "sideways"}, 400),
        ("POST faults", {"delay_seconds": -1}, 400),
        ("POST faults", {"error": {"description": "x"}}, 400),
        ("POST clock", {"now": "tomorrow"}, 400),
        ("POST clock", {}, 400),
        ("GET files/none", None, 404),
        ("GET nowhere", None, 404),
    ],
)
async def test_errors_say_what_to_do(
    running: Running, amina: int, route: str, body: object, status: int
) -> None:
    """What cannot be done is answered with a status and words, and changes nothing."""
    method, path = route.split()
    answer = await running.http.request(method, f"/sim/{path.format(amina)}", json=body)
    assert answer.status_code == status
    assert len(answer.json()["error"]) > 10


async def test_a_blocked_bot_hears_nothing(running: Running, amina: int) -> None:
    """Whoever blocked the bot cannot write to it before unblocking."""
    await running.sim(f"chats/{amina}/block")
    answer = await running.http.post(f"/sim/chats/{amina}/messages", json={"text": "a"})
    assert answer.status_code == 409
    await running.sim(f"chats/{amina}/unblock")
    assert (await running.sim(f"chats/{amina}/messages", text="a"))["message_id"]


async def test_errors_on_order(running: Running, amina: int) -> None:
    """The next calls of a method fail as ordered, then all is well again."""
    wish = {"error_code": 429, "retry_after": 3}
    await running.sim("faults", method="sendMessage", count=2, error=wish)
    for _ in range(2):
        failed = await running.bot("sendMessage", chat_id=amina, text="a")
        assert failed["description"] == "Too Many Requests: retry after 3"
        assert failed["parameters"] == {"retry_after": 3}
    assert (await running.bot("sendMessage", chat_id=amina, text="a"))["ok"]
    assert (await running.http.get("/sim/faults")).json() == {"faults": [], "limits": False}
    assert [one["ok"] for one in (await running.http.get("/sim/calls")).json()["calls"]][-3:] == [
        False,
        False,
        True,
    ]


async def test_a_fault_for_one_chat(running: Running, amina: int) -> None:
    """A fault may concern one chat only."""
    other = running.world.add_person("Juma", started=True)
    gone = {"error_code": 403, "description": "Forbidden: user is deactivated"}
    await running.sim("faults", chat_id=other, error=gone)
    assert (await running.bot("sendMessage", chat_id=amina, text="a"))["ok"]
    failed = await running.bot("sendMessage", chat_id=other, text="a")
    assert failed["description"] == "Forbidden: user is deactivated"


async def test_connections_break_on_order(served: Running, amina: int) -> None:
    """A dropped call was not done, or, ordered so, was done and only its answer got lost."""
    count = len(served.world.view(amina)["messages"])
    for drop, added in ((True, 0), ("after", 1)):
        await served.sim("faults", method="sendMessage", drop=drop)
        with pytest.raises(httpx.TransportError):
            await served.bot("sendMessage", chat_id=amina, text="a")
        assert len(served.world.view(amina)["messages"]) == count + added


async def test_calls_wait_on_order(running: Running) -> None:
    """A delayed call is done after its delay."""
    await running.sim("faults", method="getMe", delay_seconds=0.2)
    began = time.monotonic()
    assert (await running.bot("getMe"))["ok"]
    assert time.monotonic() - began >= 0.2


async def test_limits_once_switched_on(running: Running, amina: int) -> None:
    """One message a second to a chat, after a small burst; then 429 until the clock moves on."""
    await running.sim("faults", limits=True)
    for _ in range(5):
        assert (await running.bot("sendMessage", chat_id=amina, text="a"))["ok"]
    refused = await running.bot("sendMessage", chat_id=amina, text="a")
    assert refused["parameters"]["retry_after"] >= 1
    await running.sim("clock", advance_seconds=refused["parameters"]["retry_after"])
    assert (await running.bot("sendMessage", chat_id=amina, text="a"))["ok"]
    await running.http.delete("/sim/faults")
    for _ in range(9):
        assert (await running.bot("sendMessage", chat_id=amina, text="a"))["ok"]


async def test_the_clock_can_be_moved(running: Running, amina: int) -> None:
    """The clock is set or moved on, and dates follow it."""
    moved = await running.sim("clock", now="2026-03-01T09:30:00+03:00")
    assert moved == {"now": "2026-03-01T06:30:00+00:00"}
    await running.sim("clock", advance_seconds=90)
    running.world.write(amina, "later")
    assert running.world.view(amina)["messages"][-1]["date"] == 1772346690


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    ],
)
async def test_pages_from_elsewhere_are_turned_away(
    running: Running, headers: dict[str, str]
) -> None:
    """A web page that is not the simulator's own can neither drive people nor the bot."""
    for path in ("/sim/people", f"/bot{TOKEN}/getMe"):
        answer = await running.http.post(path, json={"name": "Eve"}, headers=headers)
        assert answer.status_code == 403
    assert running.world.people() == []


async def test_the_simulators_own_page_is_welcome(running: Running) -> None:
    """A request whose origin is the simulator itself is answered, and so is a link to the page."""
    own = {"origin": running.address, "sec-fetch-site": "same-origin"}
    answer = await running.http.post("/sim/people", json={"name": "Asha"}, headers=own)
    assert answer.status_code == 200
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert (await running.http.get("/", headers=link)).status_code in {200, 404}


async def test_groups_are_listed_and_waited_for(running: Running, amina: int) -> None:
    """A page finds the groups there are, waits for what is said, and taps by a button's data."""
    group = (await running.sim("groups", title="Moderators", members=[amina]))["id"]
    listed = (await running.http.get("/sim/groups")).json()["groups"]
    told = {"id": group, "title": "Moderators", "is_forum": False, "members": [amina]}
    assert listed == [told]
    seen = (await running.http.get(f"/sim/groups/{group}")).json()
    later = f"/sim/groups/{group}?after={seen['version']}&wait=20"
    waiting = asyncio.create_task(running.http.get(later))
    keys = {"inline_keyboard": [[{"text": "Take", "callback_data": "t"}]]}
    await running.bot("sendMessage", chat_id=group, text="a card", reply_markup=keys)
    card = (await waiting).json()["messages"][-1]
    await running.sim(f"groups/{group}", by=amina, tap=card["message_id"], data="t")
    assert (await running.http.get(f"/sim/groups/{group}")).json()["taps_waiting"] == 1
