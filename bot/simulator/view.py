"""The chat as one person sees it now: edits and deletions applied, one keyboard up or none.

The shape is the contract of `GET /sim/chats/{id}`; README.md describes it.
"""

from __future__ import annotations

from bot.simulator.chats import Chat, Group, Message
from bot.simulator.files import KINDS, FileKind
from bot.simulator.parameters import Json
from bot.simulator.profile import about, commands_for
from bot.simulator.state import State
from bot.simulator.updates import TAP_LIFE

_AS_IS = ("location", "venue", "contact", "forward_origin", "media_group_id")
_ACTS = ("url", "copy_text", "style", "web_app")


def chat_view(state: State, chat: Chat) -> Json:
    """Return the chat as its person sees it."""
    settle(state, chat)
    person = chat.person
    return {
        "version": chat.version,
        "person": person_view(chat),
        "bot": about(state, person.language_code),
        "commands": commands_for(state, person.id, person.language_code),
        "messages": [message_view(chat, message) for message in chat.messages.values()],
        "reply_keyboard": _reply_keyboard(chat),
        "reply_keyboard_options": _reply_options(chat),
        "typing": chat.typing_until is not None,
        "action": chat.action,
        "taps_waiting": _taps_waiting(state, person.id),
        "toast": _toast(chat),
        "blocked": chat.blocked,
    }


def person_view(chat: Chat) -> Json:
    """Return a person in the list of people."""
    person = chat.person
    return {
        "id": person.id,
        "name": person.name,
        "language_code": person.language_code,
        "username": person.username,
        "started": chat.started,
        "blocked": chat.blocked,
    }


def group_told(group: Group) -> Json:
    """Return a group in the list of groups."""
    members = sorted(group.members)
    return {"id": group.id, "title": group.name, "is_forum": group.is_forum, "members": members}


def group_view(state: State, chat: Chat) -> Json:
    """Return a group as its members see it."""
    assert isinstance(chat.person, Group)  # noqa: S101 - whoever asks has looked.
    group, topics = chat.person, [{"id": one.id, "name": one.name} for one in chat.topics.values()]
    return {
        "version": chat.version,
        "group": {"id": group.id, "title": group.name, "is_forum": group.is_forum},
        "members": sorted(group.members),
        "topics": topics,
        "commands": commands_for(state, group.id, ""),
        "messages": [message_view(chat, message) for message in chat.messages.values()],
        "taps_waiting": _taps_waiting(state, group.id),
        "toast": _toast(chat),
        "bot": not chat.blocked,
    }


def settle(state: State, chat: Chat) -> None:
    """Take away what has run out by the clock."""
    if chat.typing_until is not None and state.now() >= chat.typing_until:
        chat.typing_until, chat.action = None, ""
        state.touch(chat)


def seconds_until_change(state: State, chat: Chat) -> float | None:
    """Return when the chat will look different by itself, in seconds; None if it will not."""
    if chat.typing_until is None:
        return None
    return max((chat.typing_until - state.now()).total_seconds(), 0.0)


def message_view(chat: Chat, message: Message) -> Json:
    """Return one message as a person sees it."""
    seen: Json = {
        "message_id": message.message_id,
        "from": "bot" if message.from_bot else "person",
        "date": int(message.date.timestamp()),
        "edited": message.reworded,
        **_in_group(message),
    }
    for words, marks in (("text", "entities"), ("caption", "caption_entities")):
        if words in message.content:
            seen[words] = message.content[words]
            seen["entities"] = message.content.get(marks, [])
    for kind in KINDS:
        if kind in message.content:
            seen[kind] = _file_view(kind, message.content[kind])
    for name in _AS_IS:
        if name in message.content:
            seen[name] = message.content[name]
    if message.reply_to in chat.messages:
        seen["reply_to"] = message.reply_to
    if message.inline_rows:
        seen["inline_keyboard"] = [
            [_button_view(button) for button in row] for row in message.inline_rows
        ]
    return seen


def _in_group(message: Message) -> Json:
    topic = {"topic": message.topic} if message.topic else {}
    sender = message.sender
    return topic | ({"sender": {"id": sender.id, "name": sender.name}} if sender else {})


def _taps_waiting(state: State, chat_id: int) -> int:
    young = state.now() - TAP_LIFE
    return sum(1 for tap in state.taps.values() if tap.chat_id == chat_id and tap.at >= young)


def _toast(chat: Chat) -> Json | None:
    toast = chat.toast
    if toast is None:
        return None
    return {"text": toast.text, "show_alert": toast.alert, "number": toast.number}


def _button_view(button: Json) -> Json:
    data = {"data": button["callback_data"]} if "callback_data" in button else {}
    return {"text": button["text"]} | data | {one: button[one] for one in _ACTS if one in button}


def _file_view(kind: FileKind, told: Json | list[Json]) -> Json:
    shown = told[-1] if isinstance(told, list) else told
    kept = {name: value for name, value in shown.items() if name != "file_unique_id"}
    return {"kind": kind, "url": f"/sim/files/{shown['file_id']}"} | kept


def _reply_keyboard(chat: Chat) -> list[list[Json]] | None:
    keyboard = chat.keyboard()
    return [[dict(key) for key in row] for row in keyboard["keyboard"]] if keyboard else None


def _reply_options(chat: Chat) -> Json | None:
    keyboard = chat.keyboard()
    if keyboard is None:
        return None
    return {
        "one_time": bool(keyboard.get("one_time_keyboard")),
        "resize": bool(keyboard.get("resize_keyboard")),
        "persistent": bool(keyboard.get("is_persistent")),
        "placeholder": keyboard.get("input_field_placeholder", ""),
    }
