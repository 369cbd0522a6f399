"""The methods that change what was said: edits, deletions, answers to taps, and getFile."""

from __future__ import annotations

from datetime import timedelta

from bot.simulator.chats import Chat, Message, Toast, as_message
from bot.simulator.entities import read_caption, read_text
from bot.simulator.files import DOWNLOAD_BYTES_MAX
from bot.simulator.keyboards import read_inline_markup
from bot.simulator.parameters import Arguments, Json
from bot.simulator.refusals import Refused, bad_request
from bot.simulator.sending import read_preview
from bot.simulator.state import State
from bot.simulator.updates import TAP_LIFE

DELETE_LIFE = timedelta(hours=48)
DELETE_MAX = 100
TOAST_LENGTH_MAX = 200

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TAP_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_PARTS = (
    *("text", "entities", "link_preview_options"),
    *("caption", "caption_entities", "show_caption_above_media"),
)
_INLINE_ONLY = ("inline_message_id", "business_connection_id")


def edit_message_text(state: State, given: Arguments) -> Json:
    """Change the text of a message of the bot's; without `reply_markup` its buttons go."""
    chat, message = _editable(state, given)
    content = read_text(given) | read_preview(given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(state, chat, message, content, read_inline_markup(given))


def edit_message_caption(state: State, given: Arguments) -> Json:
    """Change the caption of a message with media; without `reply_markup` its buttons go."""
    chat, message = _editable(state, given)
    above = given.truth("show_caption_above_media")
    content = read_caption(given) | ({"show_caption_above_media": True} if above else {})
    if not _captioned(message):
        raise bad_request("there is no caption in the message to edit")
    return _edit(state, chat, message, content, read_inline_markup(given))


def edit_message_reply_markup(state: State, given: Arguments) -> Json:
    """Change the buttons under a message; without `reply_markup` they go."""
    chat, message = _editable(state, given)
    content = {name: message.content[name] for name in _PARTS if name in message.content}
    return _edit(state, chat, message, content, read_inline_markup(given))


def delete_message(state: State, given: Arguments) -> bool:
    """Delete a message for both sides, up to 48 hours after it was sent."""
    chat = state.chat_for_bot(given.text("chat_id"))
    message = chat.messages.get(_message_id(given))
    if message is None:
        raise bad_request("message to delete not found")
    if state.now() - message.date > DELETE_LIFE:
        raise bad_request("message can't be deleted for everyone")
    chat.remove(message.message_id)
    state.touch(chat)
    return True


def delete_messages(state: State, given: Arguments) -> bool:
    """Delete up to 100 messages; those that are not there are passed over."""
    chat = state.chat_for_bot(given.text("chat_id"))
    wanted = given.array("message_ids") or []
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > DELETE_MAX:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in wanted):
        raise bad_request('field "message_ids" must be an Array of Numbers')
    for message_id in wanted:
        message = chat.messages.get(message_id)
        if message is not None and state.now() - message.date <= DELETE_LIFE:
            chat.remove(message_id)
    state.touch(chat)
    return True


def answer_callback_query(state: State, given: Arguments) -> bool:
    """Answer a tap once, within 150 seconds, with or without words shown on top of the chat."""
    text = given.text("text")
    if len(text) > TOAST_LENGTH_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    if given.text("url"):
        raise bad_request("URL_INVALID")
    alert = given.truth("show_alert")
    given.integer("cache_time")
    tap = state.taps.get(given.text("callback_query_id"))
    if tap is None or state.now() - tap.at > TAP_LIFE:
        raise bad_request(TAP_TOO_OLD)
    del state.taps[tap.query_id]
    chat = state.chats[tap.chat_id]
    if text:
        number = chat.toast.number + 1 if chat.toast else 1
        chat.toast = Toast(text, alert, number)
    state.touch(chat)
    return True


def get_file(state: State, given: Arguments) -> Json:
    """Return where a file can be fetched; files over 20 MB cannot."""
    file = state.files.by_id.get(given.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES_MAX:
        raise bad_request("file is too big")
    return file.identity() | {"file_path": file.path}


def _message_id(given: Arguments) -> int:
    message_id = given.integer("message_id")
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    return message_id


def _editable(state: State, given: Arguments) -> tuple[Chat, Message]:
    for name in _INLINE_ONLY:
        if given.text(name):
            raise bad_request("MESSAGE_ID_INVALID")
    chat = state.chat_for_bot(given.text("chat_id"))
    message = chat.messages.get(_message_id(given))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or (message.markup and not message.inline_rows):
        raise bad_request("message can't be edited")
    return chat, message


def _captioned(message: Message) -> bool:
    kinds = {"photo", "voice", "audio", "video", "document", "animation"}
    return bool(kinds & message.content.keys())


def _edit(state: State, chat: Chat, message: Message, content: Json, markup: Json | None) -> Json:
    kept = {name: value for name, value in message.content.items() if name not in _PARTS}
    if message.content == kept | content and message.markup == markup:
        raise _not_modified()
    message.reworded = message.reworded or message.content != kept | content
    message.content = kept | content
    message.markup = markup
    message.edited_at = state.now()
    state.touch(chat)
    return as_message(chat, message, state.account)


def _not_modified() -> Refused:
    return bad_request(NOT_MODIFIED)
