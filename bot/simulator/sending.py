"""The methods that send: texts, files, albums, places, contacts, "typing".

Each checks what it was given before it changes anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.simulator.chats import Chat, Message, as_message
from bot.simulator.entities import read_caption, read_text
from bot.simulator.files import UPLOAD_BYTES_MAX, FileKind, StoredFile, check_picture
from bot.simulator.keyboards import read_markup
from bot.simulator.parameters import Arguments, Json, Upload, member, only
from bot.simulator.refusals import Refused, bad_request
from bot.simulator.state import State

TYPING_LIFE = timedelta(seconds=5)
ALBUM_MAX = 10
SECONDS_MAX = 2**31 - 1

SEND_OPTIONS = frozenset(
    {
        *("chat_id", "reply_markup", "reply_parameters", "disable_notification"),
        *("protect_content", "allow_paid_broadcast", "message_effect_id"),
        *("business_connection_id", "message_thread_id", "direct_messages_topic_id"),
    }
)
CAPTION_OPTIONS = frozenset({"caption", "parse_mode", "caption_entities"})
_NOT_HERE = {
    "business_connection_id": "business connection not found",
    "direct_messages_topic_id": "direct messages topic not found",
    "message_effect_id": "EFFECT_ID_INVALID",
}
"""What a private chat of an ordinary bot does not have, and how Telegram says so."""

_REPLY_FIELDS = frozenset({"message_id", "chat_id", "allow_sending_without_reply"})
_ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location"),
        *("record_video_note", "upload_video_note", "cancel"),
    }
)
_PREVIEW_FIELDS = frozenset(
    {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
)
_ALBUM_FIELDS = frozenset(
    {
        *("type", "media", "width", "height", "duration", "performer", "title"),
        *("disable_content_type_detection", "supports_streaming", "has_spoiler"),
        *("show_caption_above_media", *CAPTION_OPTIONS),
    }
)


def send_message(state: State, given: Arguments) -> Json:
    """Send a text."""
    return _send(state, given, read_text(given) | read_preview(given))


def send_photo(state: State, given: Arguments) -> Json:
    """Send a picture."""
    return _send_media(state, given, "photo")


def send_voice(state: State, given: Arguments) -> Json:
    """Send a spoken note."""
    return _send_media(state, given, "voice")


def send_audio(state: State, given: Arguments) -> Json:
    """Send a sound file."""
    return _send_media(state, given, "audio")


def send_video(state: State, given: Arguments) -> Json:
    """Send a film."""
    return _send_media(state, given, "video")


def send_document(state: State, given: Arguments) -> Json:
    """Send a file of any kind."""
    return _send_media(state, given, "document")


def send_animation(state: State, given: Arguments) -> Json:
    """Send a silent film; Telegram tells it as a document too."""
    return _send_media(state, given, "animation")


def send_media_group(state: State, given: Arguments) -> list[Json]:
    """Send an album of two to ten pictures, films, sounds or files."""
    _check_options(given)
    chat = state.chat_for_bot(given.text("chat_id"))
    topic = _topic(chat, given)
    reply_to = _reply_to(chat, given)
    items = given.array("media") or []
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > ALBUM_MAX:
        raise bad_request("too many messages to send as an album")
    contents = [_album_item(state, given, item) for item in items]
    state.group_count += 1
    group = str(state.began_at.year * 10**13 + state.group_count)
    messages = [
        _put(state, chat, content | {"media_group_id": group}, reply_to, topic)
        for content in contents
    ]
    return [as_message(chat, message, state.account) for message in messages]


def send_location(state: State, given: Arguments) -> Json:
    """Send a place."""
    return _send(state, given, {"location": read_place(given)})


def send_venue(state: State, given: Arguments) -> Json:
    """Send a place with a name and an address."""
    place = read_place(given)
    title, address = given.text("title").strip(), given.text("address").strip()
    if not title or not address:
        raise bad_request("title is empty" if not title else "address is empty")
    names = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    extras = {name: given.text(name) for name in names if given.text(name)}
    venue = {"location": place, "title": title, "address": address} | extras
    return _send(state, given, {"venue": venue, "location": place})


def send_contact(state: State, given: Arguments) -> Json:
    """Send a contact card."""
    card = {name: given.text(name) for name in ("phone_number", "first_name", "last_name")}
    if not card["phone_number"]:
        raise bad_request("phone number is empty")
    if not card["first_name"]:
        raise bad_request("first name is empty")
    return _send(state, given, {"contact": {name: text for name, text in card.items() if text}})


def send_chat_action(state: State, given: Arguments) -> bool:
    """Show for five seconds, or until the next message, what the bot is doing."""
    chat = state.chat_for_bot(given.text("chat_id"))
    _check_absent(given)
    _topic(chat, given)
    action = given.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = "" if action == "cancel" else action
    chat.typing_until = state.now() + TYPING_LIFE if chat.action else None
    state.touch(chat)
    return True


def read_place(given: Arguments) -> Json:
    """Return a Location from its parameters, in degrees and metres."""
    latitude, longitude = given.maybe_number("latitude"), given.maybe_number("longitude")
    if latitude is None or longitude is None:
        raise bad_request("latitude is empty" if latitude is None else "longitude is empty")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees of the globe
        raise bad_request("wrong location specified")
    accuracy = given.maybe_number("horizontal_accuracy")
    if accuracy is not None and not 0 <= accuracy <= 1500:  # noqa: PLR2004 - the limit of the Bot API
        raise bad_request("wrong horizontal accuracy specified")
    place = {"latitude": latitude, "longitude": longitude}
    return place | ({"horizontal_accuracy": accuracy} if accuracy else {})


def describe(kind: FileKind, file: StoredFile, told: Arguments) -> Json:
    """Return the member of a message that shows a file, such as `photo` or `voice`.

    `told` may say duration, width, height, performer and title, as a client does.
    """
    seconds = told.integer("duration")
    if not 0 <= seconds <= SECONDS_MAX:
        raise bad_request("wrong duration specified")
    width = told.integer("width", file.width)
    size = {"width": width, "height": told.integer("height", file.height)}
    name = {"file_name": file.file_name} if file.file_name else {}
    mime = {"mime_type": file.media_type}
    match kind:
        case "photo":
            return {"photo": [file.identity() | {"width": file.width, "height": file.height}]}
        case "voice":
            return {"voice": file.identity() | {"duration": seconds} | mime}
        case "audio":
            words = {one: told.text(one) for one in ("performer", "title") if told.text(one)}
            return {"audio": file.identity() | {"duration": seconds} | words | name | mime}
        case "video":
            return {"video": file.identity() | size | {"duration": seconds} | name | mime}
        case "animation":
            document = file.identity() | name | mime
            film = file.identity() | size | {"duration": seconds} | name | mime
            return {"animation": film, "document": document}
        case "video_note":
            return {"video_note": file.identity() | {"length": width, "duration": seconds}}
        case "sticker":
            traits = {"type": "regular", "is_animated": False, "is_video": False}
            return {"sticker": file.identity() | traits | size}
        case "document":
            return {"document": file.identity() | name | mime}


def _send(state: State, given: Arguments, content: Json) -> Json:
    _check_options(given)
    markup = read_markup(given)
    chat = state.chat_for_bot(given.text("chat_id"))
    topic = _topic(chat, given)
    reply_to = _reply_to(chat, given)
    protected = {"has_protected_content": True} if given.truth("protect_content") else {}
    message = _put(state, chat, content | protected, reply_to, topic)
    message.markup = markup
    _raise_keyboard(chat, message)
    return as_message(chat, message, state.account)


def _put(state: State, chat: Chat, content: Json, reply_to: int | None, topic: int) -> Message:
    message = state.new_message(chat, content, from_bot=True)
    message.reply_to, message.topic = reply_to, topic
    chat.typing_until, chat.action = None, ""
    return message


def _raise_keyboard(chat: Chat, message: Message) -> None:
    markup = message.markup or {}
    if "keyboard" in markup:
        chat.keyboard_message, chat.keyboard_hidden = message.message_id, False
    elif "remove_keyboard" in markup or "force_reply" in markup:
        chat.keyboard_message = None


def _topic(chat: Chat, given: Arguments) -> int:
    """Return the topic a message goes to; 0 for none, which in a group with topics is General."""
    topic = given.integer("message_thread_id")
    if topic and topic not in chat.topics:
        raise bad_request("message thread not found")
    return topic


def _check_options(given: Arguments) -> None:
    _check_absent(given)
    for name in ("disable_notification", "protect_content", "allow_paid_broadcast"):
        given.truth(name)


def _check_absent(given: Arguments) -> None:
    for name, refusal in _NOT_HERE.items():
        if given.text(name) not in {"", "0"}:
            raise bad_request(refusal)


def _reply_to(chat: Chat, given: Arguments) -> int | None:
    wanted = given.record("reply_parameters")
    if not wanted:
        return None
    only(wanted, _REPLY_FIELDS, "ReplyParameters")
    message_id = member(wanted, "message_id", int, needed=True)
    if message_id in chat.messages:
        return int(message_id)
    if member(wanted, "allow_sending_without_reply", bool):
        return None
    raise bad_request("message to be replied not found")


def read_preview(given: Arguments) -> Json:
    """Return the member that says how a link in the text is previewed, checked."""
    options = given.record("link_preview_options")
    if not options:
        return {}
    only(options, _PREVIEW_FIELDS, "LinkPreviewOptions")
    for name in _PREVIEW_FIELDS - {"url"}:
        member(options, name, bool)
    return {"link_preview_options": options}


def _send_media(state: State, given: Arguments, kind: FileKind) -> Json:
    caption = read_caption(given)
    extras = {
        shown: True
        for name, shown in (
            ("has_spoiler", "has_media_spoiler"),
            ("show_caption_above_media", "show_caption_above_media"),
        )
        if given.truth(name)
    }
    for name in ("supports_streaming", "disable_content_type_detection"):
        given.truth(name)
    state.chat_for_bot(given.text("chat_id"))
    file = _file(state, given, kind, given.text(kind) if kind in given.values else "")
    return _send(state, given, describe(kind, file, given) | caption | extras)


def _file(state: State, given: Arguments, kind: FileKind, value: str) -> StoredFile:
    """Return the file a parameter means: uploaded, attached, or known by its id."""
    name = value.removeprefix("attach://") if value.startswith("attach://") else kind
    if value.startswith("attach://") and name not in given.uploads:
        raise bad_request("attached file is not found")
    upload = given.uploads.get(name)
    if upload is not None and (not value or value.startswith("attach://")):
        return keep_upload(state, kind, upload)
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    return state.files.find(kind, value)


def keep_upload(state: State, kind: FileKind, upload: Upload) -> StoredFile:
    """Keep an uploaded file if Telegram would take it as this kind."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_BYTES_MAX:
        raise Refused(413, "Request Entity Too Large")
    if kind == "photo":
        check_picture(upload.content)
    return state.files.keep(kind, upload)


def _album_item(state: State, given: Arguments, item: Any) -> Json:  # noqa: ANN401 - a JSON value
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    only(item, _ALBUM_FIELDS, "InputMedia")
    kind = _album_kind(member(item, "type", str, needed=True))
    values = Arguments(item, given.uploads)
    file = _file(state, values, kind, member(item, "media", str, needed=True))
    return describe(kind, file, values) | read_caption(values)


def _album_kind(name: str) -> FileKind:
    match name:
        case "photo" | "video" | "audio" | "document":
            return name
    raise bad_request(f"can't parse InputMedia: type \"{name}\" can't be used in an album")
