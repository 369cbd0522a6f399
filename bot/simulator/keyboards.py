"""Keyboards under messages and instead of the phone's: what the Bot API accepts.

An inline keyboard belongs to its message and may change; a reply keyboard belongs to the chat
until another replaces or removes it.
"""

from __future__ import annotations

from bot.simulator.parameters import Arguments, Json, member, only
from bot.simulator.refusals import Refused, bad_request

INLINE_BUTTONS_MAX = 100
REPLY_KEYS_MAX = 300
CALLBACK_BYTES_MAX = 64
PLACEHOLDER_LENGTH_MAX = 64
COPY_TEXT_LENGTH_MAX = 256

_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
_TEXT_ACTS = frozenset(
    {"url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat"}
)
_OBJECT_ACTS = frozenset(
    {"copy_text", "web_app", "login_url", "switch_inline_query_chosen_chat", "callback_game"}
)
_KEY_OBJECTS = frozenset({"request_users", "request_chat", "request_poll", "web_app"})
_KEY_TRUTHS = frozenset({"request_location", "request_contact"})
_STYLES = frozenset({"danger", "success", "primary"})
_REPLY_TRUTHS = frozenset({"is_persistent", "resize_keyboard", "one_time_keyboard", "selective"})


def read_markup(given: Arguments) -> Json | None:
    """Return the checked `reply_markup` of a message to send; None where there is none."""
    markup = given.record("reply_markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return _reply(markup)
    if "remove_keyboard" in markup:
        only(markup, frozenset({"remove_keyboard", "selective"}), "ReplyKeyboardRemove")
        return markup if member(markup, "remove_keyboard", bool) else None
    if "force_reply" in markup:
        known = frozenset({"force_reply", "input_field_placeholder", "selective"})
        only(markup, known, "ForceReply")
        return markup if member(markup, "force_reply", bool) else None
    raise bad_request("object expected as reply markup")


def read_inline_markup(given: Arguments) -> Json | None:
    """Return the checked `reply_markup` of an edited message, which can only be inline."""
    markup = read_markup(given)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _inline(markup: Json) -> Json | None:
    only(markup, frozenset({"inline_keyboard"}), "InlineKeyboardMarkup")
    rows = _rows(markup, "inline_keyboard", "InlineKeyboardMarkup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > INLINE_BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _rows(markup: Json, name: str, what: str) -> list[list[object]]:
    rows = markup[name]
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" of the {what} must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" of the {what} must be an Array of Arrays')
    return rows


def _check_button(button: object) -> None:
    if not isinstance(button, dict):
        raise _wrong_button("InlineKeyboardButton must be an Object")
    only(button, _LOOKS | _TEXT_ACTS | _OBJECT_ACTS | {"pay"}, "InlineKeyboardButton")
    _check_looks(button)
    acts = (_TEXT_ACTS | _OBJECT_ACTS | {"pay"}) & button.keys()
    if not acts:
        raise _wrong_button("Text buttons are unallowed in the inline keyboard")
    if len(acts) > 1:
        raise _wrong_button("exactly one type of the button must be used")
    _check_act(button)


def _check_looks(button: Json) -> None:
    if not member(button, "text", str, needed=True).strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    style = member(button, "style", str)
    if style is not None and style not in _STYLES:
        raise bad_request("invalid button style specified")


def _check_act(button: Json) -> None:
    for name in _TEXT_ACTS & button.keys():
        member(button, name, str)
    for name in _OBJECT_ACTS & button.keys():
        member(button, name, dict)
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_BYTES_MAX:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )
    copied = (button.get("copy_text") or {"text": "-"}).get("text")
    if not isinstance(copied, str) or not 1 <= len(copied) <= COPY_TEXT_LENGTH_MAX:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _reply(markup: Json) -> Json | None:
    only(markup, _REPLY_TRUTHS | {"keyboard", "input_field_placeholder"}, "ReplyKeyboardMarkup")
    for name in _REPLY_TRUTHS & markup.keys():
        member(markup, name, bool)
    placeholder = member(markup, "input_field_placeholder", str)
    if placeholder is not None and len(placeholder) > PLACEHOLDER_LENGTH_MAX:
        raise bad_request("input field placeholder is too long")
    rows = [[_key(key) for key in row] for row in _rows(markup, "keyboard", "ReplyKeyboardMarkup")]
    if sum(len(row) for row in rows) > REPLY_KEYS_MAX:
        raise bad_request("reply markup is too long")
    kept = [row for row in rows if row]
    return markup | {"keyboard": kept} if kept else None


def _key(key: object) -> Json:
    if isinstance(key, str):
        key = {"text": key}
    if not isinstance(key, dict):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    only(key, _LOOKS | _KEY_TRUTHS | _KEY_OBJECTS, "KeyboardButton")
    _check_looks(key)
    for name in _KEY_TRUTHS & key.keys():
        member(key, name, bool)
    for name in _KEY_OBJECTS & key.keys():
        member(key, name, dict)
    return key


def _wrong_button(text: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {text}")
