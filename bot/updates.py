"""Telegram's updates as facts of a conversation. Pure: raw JSON in, frozen values out.

The models below hold the few members we read and ignore all others, so an update kind that
Telegram invents tomorrow is passed over instead of stopping the bot. What should be readable and
is not raises `UnreadableUpdate`; intake then sets the update aside and goes on.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    MediaKind,
    MediaSent,
    MessageEdited,
    OtherSent,
    PlaceShared,
    TextWritten,
)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The update kinds asked of Telegram; all others never reach us."""


class UnreadableUpdate(Exception):
    """An update is not as Telegram documents it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something a person did in a private chat; `tap_id` is set when a tap waits for an answer."""

    update_id: int
    chat_id: int
    event: Event
    language_code: str | None = None
    tap_id: str = ""


@dataclass(frozen=True, slots=True)
class ContactLeft:
    """The person blocked the bot or deleted the chat."""

    update_id: int
    chat_id: int


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """A command or a tap in a group.

    `sender_id` is also the id of the sender's private chat; 0 where Telegram hides who it was (an
    administrator who writes as the group). `addressed` is the bot that the command names, if any.
    """

    update_id: int
    chat_id: int
    sender_id: int
    event: CommandGiven | ButtonTapped
    is_forum: bool = False
    topic: int = 0
    addressed: str = ""
    tap_id: str = ""


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """A group became a supergroup, which is another chat."""

    update_id: int
    chat_id: int
    new_chat_id: int


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """The bot was taken out of a group."""

    update_id: int
    chat_id: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """An update that asks nothing of us: what people say in a group, an unknown kind."""

    update_id: int


Arrival: TypeAlias = Incoming | ContactLeft | GroupSaid | GroupMoved | GroupLeft | Nothing

GROUPS = frozenset({"group", "supergroup"})


def _without_zeros(text: str) -> str:
    return text.replace("\x00", "")


_Text = Annotated[str, AfterValidator(_without_zeros)]
"""What somebody wrote or named, without a character that not every database can keep."""


_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A number as a database holds it; Telegram's have 52 bits at most."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _User(_Model):
    id: _Id
    language_code: _Text | None = None


class _Chat(_Model):
    id: _Id
    type: str
    is_forum: bool = False


class _Entity(_Model):
    type: str
    offset: int


class _File(_Model):
    file_id: _Text
    file_size: _Id | None = None
    mime_type: _Text = ""
    file_name: _Text = ""


class _Location(_Model):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None


class _Venue(_Model):
    location: _Location
    title: _Text = ""


class _Message(_Model):
    message_id: _Id
    chat: _Chat
    sender_chat: _Chat | None = None
    message_thread_id: _Id = 0
    migrate_to_chat_id: _Id = 0
    sender: _User | None = Field(None, alias="from")
    text: _Text | None = None
    caption: _Text = ""
    entities: tuple[_Entity, ...] = ()
    media_group_id: _Text = ""
    forward_origin: dict[str, Any] | None = None
    location: _Location | None = None
    venue: _Venue | None = None
    photo: tuple[_File, ...] = ()
    voice: _File | None = None
    audio: _File | None = None
    video: _File | None = None
    video_note: _File | None = None
    animation: _File | None = None
    document: _File | None = None


class _Tapped(_Model):
    chat: _Chat
    message_thread_id: _Id = 0


class _Tap(_Model):
    id: str
    sender: _User = Field(alias="from")
    message: _Tapped | None = None
    data: _Text = ""


class _Member(_Model):
    status: str


class _Membership(_Model):
    chat: _Chat
    new_chat_member: _Member


class _Update(_Model):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Tap | None = None
    my_chat_member: _Membership | None = None


def read_update(raw: Mapping[str, Any]) -> Arrival:
    """Read one update as Telegram sent it (a decoded JSON object).

    Raise `UnreadableUpdate` when it is not as https://core.telegram.org/bots/api#update says.
    """
    try:
        update = _Update.model_validate(raw)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
        raise UnreadableUpdate(places) from None
    return _arrival(update, raw)


def _arrival(update: _Update, raw: Mapping[str, Any]) -> Arrival:
    if update.message and update.message.chat.type == "private":
        return _incoming(update, update.message, _message_event(update.message, raw["message"]))
    if update.edited_message and update.edited_message.chat.type == "private":
        return _edited(update, update.edited_message, raw["edited_message"])
    if update.callback_query:
        return _tap(update.update_id, update.callback_query)
    if update.message and update.message.chat.type in GROUPS:
        return _in_group(update.update_id, update.message)
    if update.my_chat_member:
        return _membership(update.update_id, update.my_chat_member)
    return Nothing(update.update_id)


def _membership(update_id: int, told: _Membership) -> Arrival:
    status = told.new_chat_member.status
    if told.chat.type in GROUPS:
        left = status in {"left", "kicked"}
        return GroupLeft(update_id, told.chat.id) if left else Nothing(update_id)
    return ContactLeft(update_id, told.chat.id) if status == "kicked" else Nothing(update_id)


def _in_group(update_id: int, message: _Message) -> Arrival:
    """Read what concerns us of a group's message: a command, or that it is another chat now."""
    if message.migrate_to_chat_id:
        return GroupMoved(update_id, message.chat.id, message.migrate_to_chat_id)
    if message.text is None or message.forward_origin is not None:
        return Nothing(update_id)
    said = _text_event(message, message.text)
    if not isinstance(said, CommandGiven):
        return Nothing(update_id)
    known = message.sender_chat is None and message.sender is not None
    return GroupSaid(
        *(update_id, message.chat.id, message.sender.id if known and message.sender else 0, said),
        *(message.chat.is_forum, message.message_thread_id),
        addressed=message.text.split()[0].partition("@")[2],
    )


def _edited(update: _Update, message: _Message, raw: Mapping[str, Any]) -> Arrival:
    """Read an edited message; a place is only ever edited by a phone that shares where it is."""
    if message.location:
        return Nothing(update.update_id)
    became = _message_event(message, raw)
    answers = became if isinstance(became, TextWritten | MediaSent) else None
    return _incoming(update, message, MessageEdited(_key(message), answers))


def _key(message: _Message) -> str:
    return str(message.message_id)


def _incoming(update: _Update, message: _Message, event: Event) -> Incoming:
    language_code = message.sender.language_code if message.sender else None
    return Incoming(update.update_id, message.chat.id, event, language_code)


def _tap(update_id: int, tap: _Tap) -> Arrival:
    if tap.message is not None and tap.message.chat.type in GROUPS:
        chat, topic = tap.message.chat, tap.message.message_thread_id
        about = (chat.id, tap.sender.id, _button(tap.data), chat.is_forum, topic)
        return GroupSaid(update_id, *about, tap_id=tap.id)
    if tap.message is None or tap.message.chat.type != "private":
        return Nothing(update_id)
    return Incoming(
        update_id, tap.message.chat.id, _button(tap.data), tap.sender.language_code, tap.id
    )


def _button(data: str) -> ButtonTapped:
    key, _, rest = data.partition(".")
    step, _, action = rest.partition(".")
    return ButtonTapped(key, int(step), action) if step.isdecimal() else ButtonTapped("", 0, "")


def _message_event(message: _Message, raw: Mapping[str, Any]) -> Event:
    if message.text is not None:
        return _text_event(message, message.text)
    if place := message.venue or message.location:
        return _place_event(place, _key(message))
    return _media_event(message) or OtherSent(_kind(raw))


def _text_event(message: _Message, text: str) -> TextWritten | CommandGiven:
    if any(entity.type == "bot_command" and entity.offset == 0 for entity in message.entities):
        name, _, argument = text[1:].partition(" ")
        return CommandGiven(name.partition("@")[0].lower(), argument.strip())
    return TextWritten(text, message.forward_origin is not None, _key(message))


def _place_event(place: _Venue | _Location, key: str) -> PlaceShared:
    location, title = (place.location, place.title) if isinstance(place, _Venue) else (place, "")
    accuracy = location.horizontal_accuracy
    return PlaceShared(location.latitude, location.longitude, accuracy, title, key)


def _media_event(message: _Message) -> MediaSent | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.file_size or 0)
        return _media(message, largest, "image", "image/jpeg")
    if message.voice:
        return _media(message, message.voice, "audio", "audio/ogg")
    if message.audio:
        return _media(message, message.audio, "audio", "audio/mpeg")
    if film := message.video or message.video_note or message.animation:
        return _media(message, film, "video", "video/mp4")
    if message.document:
        return _media(message, message.document, _kind_of(message.document), "")
    return None


def _kind_of(file: _File) -> MediaKind:
    """Tell what a file is from its type, or from its name where an app sent no type."""
    media_type = file.mime_type or mimetypes.guess_type(file.file_name)[0] or ""
    match media_type.partition("/")[0]:
        case "image":
            return "image"
        case "audio":
            return "audio"
        case "video":
            return "video"
        case _:
            return "file"


def _media(message: _Message, file: _File, kind: MediaKind, media_type: str) -> MediaSent:
    return MediaSent(
        kind,
        file.file_id,
        file.mime_type or media_type or "application/octet-stream",
        file.file_size,
        file.file_name,
        message.caption,
        message.media_group_id,
        forwarded=message.forward_origin is not None,
        message_key=_key(message),
    )


_ENVELOPE = frozenset({"message_id", "from", "chat", "date", "sender_chat", "reply_to_message"})


def _kind(raw: Mapping[str, Any]) -> str:
    """Name what was sent by the member Telegram added: `sticker`, `contact`, `poll`."""
    return next((name for name in raw if name not in _ENVELOPE), "message")
