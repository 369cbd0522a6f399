"""Groups: people in one chat with the bot, with or without topics, and what they do there.

As Telegram does it: a topic's number is that of the message that made it; a bot that is no
administrator hears commands and answers to itself alone; a group that becomes a supergroup is
another chat from then on; that a topic was deleted is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.simulator.chats import Chat, Group, Message, Person, Topic
from bot.simulator.parameters import Arguments, Json
from bot.simulator.people import tap, text_content
from bot.simulator.refusals import Impossible, bad_request
from bot.simulator.state import State
from bot.simulator.updates import MESSAGE_LIFE

SUPERGROUPS_FROM = -1_000_000_000_000
TITLE_LENGTH_MAX = 128
TOPIC_COLOUR = 7322096
TOPICS_MAX = 1_000


def add_group(  # noqa: PLR0913 - all that makes a group.
    state: State, title: str, members: Iterable[int], *, topics: bool, basic: bool, manages: bool
) -> Chat:
    """Make a group of people with the bot in it; `manages` lets the bot make topics."""
    if not 1 <= len(title.strip()) <= TITLE_LENGTH_MAX:
        raise Impossible(400, f"A title has 1 to {TITLE_LENGTH_MAX} characters.")
    if basic and topics:
        raise Impossible(400, "Only a supergroup has topics.")
    people = frozenset(members)
    for number in people:
        _person(state, number)
    state.next_group_id += 1
    number = -state.next_group_id if basic else SUPERGROUPS_FROM - state.next_group_id
    group = Group(number, title.strip(), is_forum=topics, manages=manages, members=people)
    chat = Chat(group, started=True)
    state.chats[number] = chat
    _tell_membership(state, chat, "left", _status(group))
    return chat


def group_chat(state: State, chat_id: int) -> tuple[Chat, Group]:
    """Return the chat of a group."""
    chat = state.chats.get(chat_id)
    if chat is None or not isinstance(chat.person, Group):
        raise Impossible(404, f"There is no group {chat_id}.")
    return chat, chat.person


def say(state: State, chat_id: int, who: int, text: str, topic: int = 0) -> Message:
    """Write into a group, or into a topic of it."""
    chat, group = group_chat(state, chat_id)
    person = _member(state, group, who)
    if group.moved_to:
        raise Impossible(409, f"This group is the supergroup {group.moved_to} now.")
    if topic and topic not in chat.topics:
        raise Impossible(404, f"There is no topic {topic} in this group.")
    message = state.new_message(chat, text_content(text), from_bot=False)
    message.sender, message.topic = person, topic
    heard = group.manages or message.content.get("text", "").startswith("/")
    if heard and not chat.blocked:
        state.tell(chat, message)
    return message


def tap_in(state: State, chat_id: int, who: int, message_id: int, wanted: Json) -> str:
    """Tap a button under a message in a group."""
    _, group = group_chat(state, chat_id)
    return tap(state, chat_id, message_id, wanted, by=_member(state, group, who))


def remove_bot(state: State, chat_id: int) -> None:
    """Take the bot out of a group; it is told by `my_chat_member`."""
    chat, group = group_chat(state, chat_id)
    if not chat.blocked:
        chat.blocked = True
        _tell_membership(state, chat, _status(group), "kicked")
        state.touch(chat)


def add_bot(state: State, chat_id: int) -> None:
    """Take the bot into a group again."""
    chat, group = group_chat(state, chat_id)
    if chat.blocked:
        chat.blocked = False
        _tell_membership(state, chat, "kicked", _status(group))
        state.touch(chat)


def upgrade(state: State, chat_id: int) -> Chat:
    """Make a supergroup of a group: another chat, in which nothing was said yet."""
    chat, group = group_chat(state, chat_id)
    if chat_id < SUPERGROUPS_FROM or group.moved_to:
        raise Impossible(409, "Only a basic group becomes a supergroup, once.")
    number = SUPERGROUPS_FROM + chat_id
    fresh = Chat(replace(group, id=number), started=True, blocked=chat.blocked)
    state.chats[number] = fresh
    for there, content in (
        (chat, {"migrate_to_chat_id": number}),
        (fresh, {"migrate_from_chat_id": chat_id}),
    ):
        message = state.new_message(there, content, from_bot=False)
        if not chat.blocked:
            state.tell(there, message)
    chat.person = replace(group, moved_to=number)
    return fresh


def delete_topic(state: State, chat_id: int, topic: int) -> None:
    """Delete a topic with all that stands in it; the bot is not told."""
    chat, _ = group_chat(state, chat_id)
    if topic not in chat.topics:
        raise Impossible(404, f"There is no topic {topic} in this group.")
    del chat.topics[topic]
    for message in [one for one in chat.messages.values() if one.topic == topic]:
        chat.remove(message.message_id)
    state.touch(chat)


def create_forum_topic(state: State, given: Arguments) -> Json:
    """Make a topic in a group that has topics, where the bot may."""
    chat = state.chat_for_bot(given.text("chat_id"))
    name = given.text("name").strip()
    if not isinstance(chat.person, Group) or not chat.person.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.person.manages:
        raise bad_request("not enough rights to create a topic")
    if not 1 <= len(name) <= TITLE_LENGTH_MAX or len(chat.topics) >= TOPICS_MAX:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
    colour = given.integer("icon_color", TOPIC_COLOUR)
    made = {"name": name, "icon_color": colour}
    message = state.new_message(chat, {"forum_topic_created": made}, from_bot=True)
    message.topic = message.message_id
    chat.topics[message.message_id] = Topic(message.message_id, name)
    return {"message_thread_id": message.message_id} | made


def _status(group: Group) -> str:
    return "administrator" if group.manages else "member"


def _tell_membership(state: State, chat: Chat, before: str, after: str) -> None:
    now, bot = state.now(), state.account.as_user()
    assert isinstance(chat.person, Group)  # noqa: S101 - only groups come here.
    someone = next(iter(sorted(chat.person.members)), None)
    by = state.chats[someone].person.as_user() if someone else bot
    body = {
        "chat": chat.person.as_chat(),
        "from": by,
        "date": int(now.timestamp()),
        "old_chat_member": {"user": bot, "status": before},
        "new_chat_member": {"user": bot, "status": after},
    }
    queue = ("chat", chat.person.id)
    state.updates.push("my_chat_member", body, queue, now + MESSAGE_LIFE)


def _person(state: State, number: int) -> Person:
    chat = state.chats.get(number)
    if chat is None or not isinstance(chat.person, Person):
        raise Impossible(404, f"There is no person {number}; POST /sim/people makes one.")
    return chat.person


def _member(state: State, group: Group, number: int) -> Person:
    if number not in group.members:
        raise Impossible(409, f"{number} is not in this group.")
    return _person(state, number)
