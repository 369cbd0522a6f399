"""Groups behave as Telegram's: topics, rights, another chat after an upgrade, taps by whoever."""

from __future__ import annotations

from typing import Any

import pytest

from bot.simulator.refusals import Impossible, Refused
from bot.simulator.world import World
from tests.simulator.running import Running


def take(world: World) -> list[dict[str, Any]]:
    """Return all updates that wait, without confirming them."""
    return world.call("getUpdates", {})  # type: ignore[return-value] # A list.


def test_a_topic_and_what_stands_in_it(world: World, amina: int) -> None:
    """A topic has the number of the message that made it, and goes with all that was said there."""
    group = world.add_group("Moderators", [amina], topics=True)
    topic: Any = world.call("createForumTopic", {"chat_id": group, "name": "Births"})
    number = topic["message_thread_id"]
    sent: Any = world.call(
        "sendMessage", {"chat_id": group, "text": "a card", "message_thread_id": number}
    )
    assert (sent["message_thread_id"], sent["chat"]["is_forum"]) == (number, True)
    assert world.group_view(group)["messages"][-1]["topic"] == number
    world.delete_topic(group, number)
    assert world.group_view(group)["messages"] == []
    with pytest.raises(Refused, match="message thread not found"):
        world.call("sendMessage", {"chat_id": group, "text": "x", "message_thread_id": number})


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"topics": False}, "the chat is not a forum"),
        ({"topics": True, "manages": False}, "not enough rights to create a topic"),
    ],
)
def test_no_topic_where_there_may_be_none(
    world: World, amina: int, shape: dict[str, bool], words: str
) -> None:
    """Where the group has no topics, or the bot may not make any, Telegram says so."""
    group = world.add_group("Moderators", [amina], **shape)
    with pytest.raises(Refused, match=words):
        world.call("createForumTopic", {"chat_id": group, "name": "Births"})


def test_what_a_bot_hears(world: World, amina: int) -> None:
    """One that is no administrator hears commands alone; a tap tells who it was."""
    group = world.add_group("Moderators", [amina], manages=False)
    world.say(group, amina, "good morning")
    world.say(group, amina, "/here")
    keys = {"inline_keyboard": [[{"text": "I take it", "callback_data": "@card.1.take"}]]}
    card: Any = world.call("sendMessage", {"chat_id": group, "text": "c", "reply_markup": keys})
    world.tap_in(group, amina, card["message_id"], text="I take it")
    member, said, tapped = take(world)
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (said["message"]["text"], said["message"]["from"]["id"]) == ("/here", amina)
    assert tapped["callback_query"]["from"]["id"] == amina
    assert tapped["callback_query"]["message"]["chat"]["id"] == group
    with pytest.raises(Impossible, match="not in this group"):
        world.say(group, world.add_person("Juma"), "hello")


def test_an_upgrade_and_a_removal(world: World, amina: int) -> None:
    """The old chat names the new one; who was removed is told so with 403."""
    group = world.add_group("Moderators", [amina], basic=True)
    fresh = world.upgrade_group(group)
    *_, there, here = take(world)
    assert there["message"]["migrate_to_chat_id"] == fresh
    assert here["message"]["migrate_from_chat_id"] == group
    with pytest.raises(Refused, match="upgraded to a supergroup") as refusal:
        world.call("sendMessage", {"chat_id": group, "text": "x"})
    assert refusal.value.parameters == {"migrate_to_chat_id": fresh}
    world.call("sendMessage", {"chat_id": fresh, "text": "x"})
    world.remove_bot(fresh)
    with pytest.raises(Refused, match="bot was kicked"):
        world.call("sendMessage", {"chat_id": fresh, "text": "x"})


async def test_over_http(running: Running, amina: int) -> None:
    """A program can make a group, speak and tap in it, and take the bot out."""
    made = await running.sim("groups", title="Moderators", members=[amina], topics=True)
    path = f"groups/{made['id']}"
    await running.sim(path, by=amina, text="/here")
    await running.sim(path, bot=False)
    assert (await running.bot("sendMessage", chat_id=made["id"], text="x"))["error_code"] == 403
