"""Two clients that know nothing of each other go through the same chat over real HTTP.

Everything the simulator sends, and everything the clients send to it, is held against aiogram's
models of the Bot API.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.simulator.parameters import Upload
from tests.simulator.clients import Client, open_client
from tests.simulator.models import check_call, check_update
from tests.simulator.running import Running, png

BUTTONS = {"inline_keyboard": [[{"text": "Ndiyo", "callback_data": "yes"}]]}


@pytest.fixture(params=["python-telegram-bot", "aiogram"])
async def client(request: pytest.FixtureRequest, served: Running) -> AsyncIterator[Client]:
    """Open one client after the other."""
    async with open_client(request.param, served.address) as client:
        yield client


@pytest.fixture(autouse=True)
def _all_known(served: Running) -> Iterator[None]:
    """Hold every call of a test, and every update it brought, against the models."""
    yield
    for call in served.world.calls():
        check_call(call)
        if call["method"] == "getUpdates" and call["ok"]:
            for update in call["result"]:
                check_update(update)


async def test_a_chat_with_buttons(client: Client, served: Running, amina: int) -> None:
    """A text arrives, a question with buttons goes out, a tap comes back and edits it in place."""
    served.world.write(amina, "Habari")
    (update,) = await client.call("getUpdates", timeout=1)
    assert update["message"]["text"] == "Habari"
    sent = await client.call("sendMessage", chat_id=amina, text="Sawa?", reply_markup=BUTTONS)
    served.world.tap(amina, sent["message_id"], text="Ndiyo")
    (tapped,) = await client.call("getUpdates", offset=update["update_id"] + 1)
    query = tapped["callback_query"]
    assert query["data"] == "yes"
    assert query["message"]["message_id"] == sent["message_id"]
    assert await client.call("answerCallbackQuery", callback_query_id=query["id"], text="Asante")
    await client.call(
        "editMessageText", chat_id=amina, message_id=sent["message_id"], text="Sawa: ndiyo"
    )
    seen = served.world.view(amina)
    assert seen["messages"][-1]["text"] == "Sawa: ndiyo"
    assert "inline_keyboard" not in seen["messages"][-1]
    assert seen["toast"]["text"] == "Asante"


@pytest.mark.parametrize("kind", ["photo", "voice", "audio", "video", "document", "animation"])
async def test_files_go_both_ways(client: Client, amina: int, kind: str) -> None:
    """A file sent by either side can be fetched again, byte for byte, and sent on by its id."""
    content = png()
    method = f"send{kind.capitalize()}"
    sent = await client.call(
        method, chat_id=amina, caption="<b>a</b>", parse_mode="HTML", **{kind: content}
    )
    file_id = (sent[kind][-1] if kind == "photo" else sent[kind])["file_id"]
    assert await client.download(file_id) == content
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    again = await client.call(method, chat_id=amina, **{kind: file_id})
    assert kind in again


async def test_a_persons_photo_reaches_the_bot(client: Client, served: Running, amina: int) -> None:
    """A person's picture comes with its size and caption, and can be fetched."""
    served.world.send_media(amina, "photo", Upload("a.png", "image/png", png(20, 10)), "drain")
    (update,) = await client.call("getUpdates")
    photo = update["message"]["photo"][-1]
    assert (photo["width"], photo["height"]) == (20, 10)
    assert update["message"]["caption"] == "drain"
    assert await client.download(photo["file_id"]) == png(20, 10)


async def test_every_kind_of_person_message_is_a_known_update(
    client: Client, served: Running, amina: int
) -> None:
    """Places, cards, stickers, forwards, replies, edits, blocking: all are updates of the API."""
    world, send = served.world, served.sim
    messages = f"chats/{amina}/messages"
    first = world.write(amina, "see /help, @someone and https://example.org/a. #tag a@b.org")
    await send(messages, location={"latitude": -1.29, "longitude": 36.82, "horizontal_accuracy": 9})
    await send(messages, venue={"latitude": 1, "longitude": 2, "title": "Clinic", "address": "A 1"})
    await send(messages, contact={"phone_number": "+254700", "first_name": "Zawadi"})
    await send(messages, sticker="👍")
    await send(messages, text="news", forward_of="Somebody")
    await send(messages, forward_of=first)
    await send(messages, text="yes", reply_to=first)
    await send(messages, edit=first, text="changed")
    for kind in ("voice", "audio", "video", "document", "animation", "video_note"):
        answer = await served.http.post(
            f"/sim/{messages}", files={kind: ("a.bin", b"OggS123")}, data={"duration": "3"}
        )
        assert answer.status_code == 200, answer.text
    world.block(amina)
    world.unblock(amina)
    updates = await client.call("getUpdates")
    assert len(updates) == 17
    found = [next(iter(update.keys() - {"update_id"})) for update in updates]
    assert found[-2:] == ["my_chat_member", "my_chat_member"]
    entities = [one["type"] for one in updates[0]["message"]["entities"]]
    assert entities == ["bot_command", "mention", "url", "hashtag", "email"]


async def test_everything_else_the_bot_may_send(
    client: Client, served: Running, amina: int
) -> None:
    """Albums, places, cards, typing, deletions and the profile work through both libraries."""
    first = await client.call("sendDocument", chat_id=amina, document=b"a,b\n1,2\n")
    media = client.album(first["document"]["file_id"], b"second")
    album = await client.call("sendMediaGroup", chat_id=amina, media=media)
    assert len({message["media_group_id"] for message in album}) == 1
    await client.call("sendLocation", chat_id=amina, latitude=-1.29, longitude=36.8)
    await client.call(
        "sendVenue", chat_id=amina, latitude=1, longitude=2, title="Clinic", address="A 1"
    )
    await client.call("sendContact", chat_id=amina, phone_number="+254700", first_name="Zawadi")
    assert await client.call("sendChatAction", chat_id=amina, action="typing")
    assert served.world.view(amina)["typing"]
    await client.call(
        "editMessageCaption", chat_id=amina, message_id=first["message_id"], caption="a table"
    )
    await client.call(
        "editMessageReplyMarkup",
        chat_id=amina,
        message_id=first["message_id"],
        reply_markup=BUTTONS,
    )
    assert await client.call("deleteMessage", chat_id=amina, message_id=first["message_id"])
    assert await client.call(
        "deleteMessages", chat_id=amina, message_ids=[one["message_id"] for one in album]
    )
    await client.call("getMe")
    assert (await client.call("getChat", chat_id=amina))["first_name"] == "Amina"
    await client.call(
        "setMyCommands", commands=client.commands("help", "Msaada"), language_code="sw"
    )
    assert served.world.view(amina)["commands"][0]["command"] == "help"
    await client.call("getMyCommands", language_code="sw")
    await client.call("deleteMyCommands", language_code="sw")
    for part in ("Description", "ShortDescription", "Name"):
        name = {"ShortDescription": "short_description"}.get(part, part.lower())
        await client.call(f"setMy{part}", **{name: "Baraza"})
        assert await client.call(f"getMy{part}") == {name: "Baraza"}
    await client.call("setChatMenuButton", chat_id=amina)
    await client.call("getChatMenuButton", chat_id=amina)
    assert (await client.call("getWebhookInfo"))["url"] == ""


async def test_refusals_reach_the_bot_in_words(client: Client, served: Running, amina: int) -> None:
    """Both libraries understand the envelope of a refusal."""
    assert "essage text is empty" in await client.refusal("sendMessage", chat_id=amina, text=" ")
    assert "hat not found" in await client.refusal("sendMessage", chat_id=1, text="a")
    served.world.block(amina)
    assert "blocked by the user" in await client.refusal("sendMessage", chat_id=amina, text="a")
    served.world.order_fault({"error": {"error_code": 429, "retry_after": 7}})
    assert "7" in await client.refusal("getMe")
