"""What people do: write, share, send, tap, edit, block. Each act is what a Telegram client allows.

An act that no client would allow raises `Impossible` with words that say what to do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from bot.simulator.chats import Account, Chat, Message, Person, as_message
from bot.simulator.entities import CAPTION_UNITS_MAX, TEXT_UNITS_MAX, find_entities, spoken
from bot.simulator.files import FileKind
from bot.simulator.parameters import Arguments, Json, Upload
from bot.simulator.refusals import Impossible, Refused
from bot.simulator.sending import describe, keep_upload, read_place
from bot.simulator.state import State, Tap
from bot.simulator.updates import MESSAGE_LIFE, TAP_LIFE

PEOPLE_MAX = 10_000
EMOJI_LENGTH_MAX = 16
WORDS_LENGTH_MAX = 256
EDIT_LIFE = timedelta(hours=48)


def add_person(state: State, person: Person, *, started: bool) -> Chat:
    """Let a person in; `started` if the bot may write first, as to somebody it knows already."""
    if person.id in state.chats:
        raise Impossible(409, f"There is a person {person.id} already.")
    if len(state.chats) >= PEOPLE_MAX:
        raise Impossible(409, f"At most {PEOPLE_MAX} people fit; POST /sim/reset to begin anew.")
    chat = Chat(person, started=started)
    state.chats[person.id] = chat
    return chat


def write(
    state: State,
    chat_id: int,
    content: Json,
    *,
    forward_of: int | str | None = None,
    reply_to: int | None = None,
) -> Message:
    """Send a message with this content (the members of the Bot API), new or forwarded."""
    chat = open_chat(state, chat_id)
    if reply_to is not None and reply_to not in chat.messages:
        raise Impossible(404, f"There is no message {reply_to} to reply to.")
    forwarded = _forwarded(state, chat, forward_of)
    message = state.new_message(chat, content | forwarded, from_bot=False)
    message.reply_to = reply_to
    chat.started = True
    _use_keyboard(chat, message)
    state.tell(chat, message)
    return message


def text_content(text: str) -> Json:
    """Return the content of a typed message; a reply keyboard's key writes its label like this."""
    kept = text.strip()
    if not kept:
        raise Impossible(400, "text is empty; a Telegram client would not send it.")
    if len(kept) > TEXT_UNITS_MAX:
        words = f"A Telegram client sends at most {TEXT_UNITS_MAX} characters in one message."
        raise Impossible(400, words)
    return spoken(kept)


def place_content(place: Json) -> Json:
    """Return the content of a shared place: latitude, longitude, horizontal_accuracy."""
    return {"location": _as_bot_would(place)}


def venue_content(venue: Json) -> Json:
    """Return the content of a shared venue: title, address and a place."""
    place = _as_bot_would({name: venue.get(name) for name in ("latitude", "longitude")})
    words = {name: _short(venue, name) for name in ("title", "address")}
    return {"venue": {"location": place} | words, "location": place}


def contact_content(contact: Json) -> Json:
    """Return the content of a contact card: phone_number, first_name, last_name, user_id."""
    words = {
        name: _short(contact, name)
        for name in ("phone_number", "first_name", "last_name")
        if name in contact
    }
    if not words.get("phone_number") or not words.get("first_name"):
        raise Impossible(400, "A contact has phone_number and first_name.")
    number = contact.get("user_id")
    return {"contact": words | ({"user_id": number} if isinstance(number, int) else {})}


def sticker_content(state: State, emoji: str) -> Json:
    """Return the content of a sticker that shows an emoji."""
    if not 1 <= len(emoji) <= EMOJI_LENGTH_MAX:
        raise Impossible(400, "A sticker is named by one emoji.")
    picture = Upload("sticker.webp", "image/webp", b"RIFF\0\0\0\0WEBP" + emoji.encode())
    file = keep_upload(state, "sticker", picture)
    shown = describe("sticker", file, Arguments({"width": 512, "height": 512}))
    shown["sticker"]["emoji"] = emoji
    return shown


def media_content(
    state: State, kind: FileKind, upload: Upload, caption: str = "", told: Json | None = None
) -> Json:
    """Return the content of a message with a file; `told` has duration, width and the like."""
    if len(caption) > CAPTION_UNITS_MAX:
        raise Impossible(400, f"A caption has at most {CAPTION_UNITS_MAX} characters.")
    try:
        file = keep_upload(state, kind, upload)
        shown = describe(kind, file, Arguments(told or {}))
    except Refused as refusal:
        raise Impossible(400, _why_not_sent(kind, refusal)) from None
    entities = find_entities(caption)
    words = {"caption": caption} if caption else {}
    return shown | words | ({"caption_entities": entities} if entities else {})


def album_content(album: str) -> Json:
    """Return the member that the parts of one album share."""
    digest = sha256(album.encode()).digest()
    return {"media_group_id": str(int.from_bytes(digest[:7], "big"))} if album else {}


def tap(state: State, chat_id: int, message_id: int, wanted: Json, by: Person | None = None) -> str:
    """Tap a button by its `data` or its `text`; return the id of the callback query.

    `by` says who, in a group.
    """
    chat = open_chat(state, chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise Impossible(409, f"Message {message_id} is not there (any more).")
    data = _data_of(message, wanted)
    now = state.now()
    state.tap_count += 1
    query_id = str(state.began_at.toordinal() * 10**12 + state.tap_count)
    _forget_old_taps(state)
    state.taps[query_id] = Tap(query_id, chat_id, now)
    body = {
        "id": query_id,
        "from": (by or chat.person).as_user(),
        "message": as_message(chat, message, state.account),
        "chat_instance": _chat_instance(state.account, chat),
        "data": data,
    }
    state.updates.push("callback_query", body, ("person", (by or chat.person).id), now + TAP_LIFE)
    state.touch(chat)
    return query_id


def edit(state: State, chat_id: int, message_id: int, text: str) -> Message:
    """Change the text, or the caption, of a message of one's own."""
    chat = open_chat(state, chat_id)
    message = chat.messages.get(message_id)
    if message is None:
        raise Impossible(404, f"There is no message {message_id} in this chat.")
    if message.from_bot or "forward_origin" in message.content:
        raise Impossible(409, "A person edits only messages of their own that are not forwarded.")
    if state.now() - message.date > EDIT_LIFE:
        raise Impossible(409, "A message can be edited for 48 hours.")
    message.content = _reworded(message.content, text)
    message.edited_at, message.reworded = state.now(), True
    state.touch(chat)
    state.tell(chat, message, "edited_message")
    return message


def remove(state: State, chat_id: int, message_id: int) -> None:
    """Delete a message from the chat; the bot is not told, as with Telegram."""
    chat = find_chat(state, chat_id)
    if message_id not in chat.messages:
        raise Impossible(404, f"There is no message {message_id} in this chat.")
    chat.remove(message_id)
    state.touch(chat)


def block(state: State, chat_id: int, *, blocked: bool) -> None:
    """Block the bot, or let it write again; the bot is told by `my_chat_member`."""
    chat = find_chat(state, chat_id)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    member = {"user": state.account.as_user(), "status": "member"}
    kicked = {"user": state.account.as_user(), "status": "kicked", "until_date": 0}
    now = state.now()
    body = {
        "chat": chat.person.as_chat(),
        "from": chat.person.as_user(),
        "date": int(now.timestamp()),
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }
    state.updates.push("my_chat_member", body, ("chat", chat_id), now + MESSAGE_LIFE)
    state.touch(chat)


def rename(state: State, chat_id: int, *, name: str, language_code: str) -> Person:
    """Change a person's name or the language of their phone; a blank one stays."""
    chat = find_chat(state, chat_id)
    chat.person = replace(
        chat.person,
        name=name or chat.person.name,
        language_code=language_code or chat.person.language_code,
    )
    state.touch(chat)
    assert isinstance(chat.person, Person)  # noqa: S101 - groups are not renamed.
    return chat.person


def find_chat(state: State, chat_id: int) -> Chat:
    """Return the chat of a person."""
    if chat_id not in state.chats:
        raise Impossible(404, f"There is no person {chat_id}; POST /sim/people makes one.")
    return state.chats[chat_id]


def open_chat(state: State, chat_id: int) -> Chat:
    """Return the chat of a person who has not blocked the bot."""
    chat = find_chat(state, chat_id)
    if chat.blocked:
        raise Impossible(409, f"This person blocked the bot; POST /sim/chats/{chat_id}/unblock.")
    return chat


def _short(owner: Json, name: str) -> str:
    words = owner.get(name, "")
    if not isinstance(words, str) or len(words) > WORDS_LENGTH_MAX:
        raise Impossible(400, f"{name} is a text of at most {WORDS_LENGTH_MAX} characters.")
    return words


def _use_keyboard(chat: Chat, message: Message) -> None:
    """Put a one-time keyboard away once one of its keys was pressed."""
    keyboard = chat.keyboard()
    if not keyboard or not keyboard.get("one_time_keyboard"):
        return
    keys = [key for row in keyboard["keyboard"] for key in row]
    place, card = "location" in message.content, "contact" in message.content
    chat.keyboard_hidden = any(
        (place and key.get("request_location"))
        or (card and key.get("request_contact"))
        or key["text"].strip() == message.content.get("text")
        for key in keys
    )


def _forwarded(state: State, chat: Chat, forward_of: int | str | None) -> Json:
    now = int(state.now().timestamp())
    match forward_of:
        case None:
            return {}
        case str() as name if not 1 <= len(name) <= WORDS_LENGTH_MAX:
            raise Impossible(400, f"A name has 1 to {WORDS_LENGTH_MAX} characters.")
        case str() as name:
            origin: Json = {"type": "hidden_user", "sender_user_name": name, "date": now}
            return {"forward_origin": origin}
    original = chat.messages.get(forward_of)
    if original is None:
        raise Impossible(404, f"There is no message {forward_of} to forward.")
    sender = state.account.as_user() if original.from_bot else chat.person.as_user()
    date = int(original.date.timestamp())
    origin = {"type": "user", "sender_user": sender, "date": date}
    return original.content | {"forward_origin": origin}


def _data_of(message: Message, wanted: Json) -> str:
    buttons = [button for row in message.inline_rows for button in row]
    for button in buttons:
        by_data = "data" in wanted and button.get("callback_data") == wanted["data"]
        by_text = "data" not in wanted and button["text"] == wanted.get("text")
        if (by_data or by_text) and "callback_data" in button:
            return str(button["callback_data"])
        if by_text:
            raise Impossible(409, f"The button {button['text']!r} tells the bot nothing.")
    there = [button["text"] for button in buttons]
    words = f"There is no such button under message {message.message_id}; there are {there}."
    raise Impossible(409, words)


def _forget_old_taps(state: State) -> None:
    now = state.now()
    for query_id in [one.query_id for one in state.taps.values() if now - one.at > TAP_LIFE]:
        del state.taps[query_id]


def _reworded(content: Json, text: str) -> Json:
    if "text" in content:
        kept = {one: it for one, it in content.items() if one not in {"text", "entities"}}
        return kept | text_content(text)
    if not {"photo", "voice", "audio", "video", "document"} & content.keys():
        raise Impossible(409, "This message has no text and no caption to edit.")
    entities = find_entities(text)
    words = {"caption": text} | ({"caption_entities": entities} if entities else {})
    return {one: it for one, it in content.items() if not one.startswith("caption")} | words


def _as_bot_would(place: Json) -> Json:
    try:
        return read_place(Arguments(place))
    except Refused as refusal:
        raise Impossible(400, f"Not a place: {refusal.description}.") from None


def _chat_instance(account: Account, chat: Chat) -> str:
    digest = sha256(f"{account.id}:{chat.person.id}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))


def _why_not_sent(kind: FileKind, refusal: Refused) -> str:
    hint = " Send it as a document." if kind == "photo" else ""
    return f"A Telegram client would not send this {kind}: {refusal.description}.{hint}"
