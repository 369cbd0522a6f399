"""What the simulator refuses, and Telegram's words for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.simulator.parameters import Upload
from bot.simulator.refusals import Refused
from bot.simulator.world import World
from tests.simulator.running import png

ME = "<the chat>"
TEXT = {"chat_id": ME, "text": "a"}


def inline(**button: Any) -> dict[str, Any]:
    """Return an inline keyboard of one button."""
    return {"inline_keyboard": [[button]]}


TABLE: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, "404 Not Found"),
    ("sendMessage", {"text": "a"}, "400 Bad Request: chat_id is empty"),
    ("sendMessage", {"chat_id": 5, "text": "a"}, "400 Bad Request: chat not found"),
    ("sendMessage", {"chat_id": "@x", "text": "a"}, "400 Bad Request: chat not found"),
    ("sendMessage", {"chat_id": ME}, "400 Bad Request: message text is empty"),
    ("sendMessage", TEXT | {"text": " \n "}, "400 Bad Request: message text is empty"),
    ("sendMessage", TEXT | {"text": "😀" * 2049}, "400 Bad Request: message is too long"),
    ("sendMessage", TEXT | {"text": {}}, '400 Bad Request: field "text" must be of type String'),
    ("sendMessage", TEXT | {"colour": 1}, "400 Bad Request: unknown parameter colour"),
    ("sendMessage", TEXT | {"parse_mode": "TeX"}, "400 Bad Request: unsupported parse_mode"),
    (
        "sendMessage",
        TEXT | {"disable_notification": "perhaps"},
        '400 Bad Request: field "disable_notification" must be of type Boolean',
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": "{"},
        "400 Bad Request: can't parse reply markup JSON object",
    ),
    ("sendMessage", TEXT | {"reply_markup": {"a": 1}}, "400 Bad Request: object expected as reply"),
    (
        "sendMessage",
        TEXT | {"reply_markup": inline(text="a", callback_data="x" * 65)},
        "400 Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": inline(text="a", callback_data="é" * 33)},
        "400 Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": inline(text="a")},
        "400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": inline(callback_data="a")},
        '400 Bad Request: can\'t find field "text"',
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": inline(text="a", callback_data="a", colour="red")},
        '400 Bad Request: InlineKeyboardButton has an unknown field "colour"',
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}},
        "400 Bad Request: reply markup is too long",
    ),
    (
        "sendMessage",
        TEXT | {"reply_markup": {"keyboard": "a"}},
        '400 Bad Request: field "keyboard" of the ReplyKeyboardMarkup must be an Array',
    ),
    (
        "sendMessage",
        TEXT | {"reply_parameters": {"message_id": 1}},
        "400 Bad Request: message to be replied not found",
    ),
    (
        "sendMessage",
        TEXT | {"entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "400 Bad Request: entity beginning at UTF-16 offset 0 ends in a middle",
    ),
    (
        "sendMessage",
        TEXT | {"entities": [{"type": "loud", "offset": 0, "length": 1}]},
        "400 Bad Request: can't parse MessageEntity: unsupported type",
    ),
    ("sendMessage", TEXT | {"message_thread_id": 3}, "400 Bad Request: message thread not found"),
    ("sendPhoto", {"chat_id": ME}, "400 Bad Request: there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": ME, "photo": "AgAC"},
        "400 Bad Request: wrong file identifier/HTTP URL specified",
    ),
    (
        "sendPhoto",
        {"chat_id": ME, "photo": "https://example.org/a.png"},
        "400 Bad Request: failed to get HTTP URL content",
    ),
    (
        "sendPhoto",
        {"chat_id": ME, "photo": "a", "caption": "a" * 1025},
        "400 Bad Request: message caption is too long",
    ),
    ("sendMediaGroup", {"chat_id": ME, "media": []}, "400 Bad Request: there are no messages"),
    ("sendLocation", {"chat_id": ME, "latitude": 1}, "400 Bad Request: longitude is empty"),
    (
        "sendLocation",
        {"chat_id": ME, "latitude": "north", "longitude": 1},
        '400 Bad Request: field "latitude" must be of type Number',
    ),
    (
        "sendChatAction",
        {"chat_id": ME, "action": "sleep"},
        "400 Bad Request: wrong parameter action in request",
    ),
    (
        "editMessageText",
        {"chat_id": ME, "text": "a"},
        "400 Bad Request: message identifier is not specified",
    ),
    (
        "editMessageText",
        {"chat_id": ME, "message_id": 1, "text": "a"},
        "400 Bad Request: message to edit not found",
    ),
    (
        "deleteMessage",
        {"chat_id": ME, "message_id": 1},
        "400 Bad Request: message to delete not found",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "400 Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1", "text": "a" * 201},
        "400 Bad Request: MESSAGE_TOO_LONG",
    ),
    ("getFile", {"file_id": "a"}, "400 Bad Request: wrong file_id or the file is temporarily"),
    (
        "setMyCommands",
        {"commands": [{"command": "Ä", "description": "a"}]},
        "400 Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "a", "description": ""}]},
        "400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("setMyCommands", {"language_code": "swa"}, "400 Bad Request: BOT_COMMAND_LANGCODE_INVALID"),
    ("setWebhook", {"url": "http://example.org"}, "400 Bad Request: bad webhook: An HTTPS URL"),
    (
        "setWebhook",
        {"url": "https://localhost/a", "secret_token": "a b"},
        "400 Bad Request: secret token contains unallowed characters",
    ),
    ("getUpdates", {"offset": "x"}, '400 Bad Request: field "offset" must be of type Number'),
    ("close", {}, "429 Too Many Requests: retry after 600"),
]


@pytest.mark.parametrize(("method", "parameters", "words"), TABLE)
def test_refused_in_telegrams_words(
    world: World, amina: int, method: str, parameters: dict[str, Any], words: str
) -> None:
    """A wrong call is answered with Telegram's code and text, and changes nothing."""
    before = world.view(amina)
    given = {name: amina if value == ME else value for name, value in parameters.items()}
    assert refusal(world, method, **given).startswith(words)
    assert world.view(amina) == before
    assert world.calls()[-1]["ok"] is False


HTML: list[tuple[str, str]] = [
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
    ("a < b", 'Unsupported start tag "" at byte offset 2'),
    ("a <b", "Unclosed start tag at byte offset 2"),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href>a</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
    ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
]


@pytest.mark.parametrize(("html", "words"), HTML)
def test_bad_html_is_refused(world: World, amina: int, html: str, words: str) -> None:
    """What is wrong with a text's HTML is said with its byte offset."""
    told = refusal(world, "sendMessage", chat_id=amina, text=html, parse_mode="HTML")
    assert told.startswith(f"400 Bad Request: can't parse entities: {words}")


def test_edits_that_cannot_be(world: World, amina: int) -> None:
    """An edit must change something, of a message of the bot's that can be edited."""
    asked = sent(world, amina, text="a", reply_markup=inline(text="a", callback_data="a"))
    same = {"chat_id": amina, "message_id": asked, "text": "a"}
    markup = {"reply_markup": inline(text="a", callback_data="a")}
    assert "message is not modified" in refusal(world, "editMessageText", **same, **markup)
    world.call("editMessageText", same)
    keyboard = {"keyboard": [["a"]]}
    with_keys = sent(world, amina, text="b", reply_markup=keyboard)
    told = refusal(world, "editMessageText", chat_id=amina, message_id=with_keys, text="c")
    assert told == "400 Bad Request: message can't be edited"
    told = refusal(world, "editMessageText", **same | {"text": "c"}, reply_markup=keyboard)
    assert told == "400 Bad Request: inline keyboard expected"
    told = refusal(world, "editMessageCaption", chat_id=amina, message_id=asked, caption="c")
    assert told == "400 Bad Request: there is no caption in the message to edit"
    hers = world.write(amina, "mine")
    told = refusal(world, "editMessageText", chat_id=amina, message_id=hers, text="c")
    assert told == "400 Bad Request: message can't be edited"


def test_a_tap_is_answered_once_and_in_time(world: World, amina: int) -> None:
    """A tap can be answered once, for 150 seconds by the world's clock."""
    asked = sent(world, amina, text="a", reply_markup=inline(text="a", callback_data="a"))
    first, second = world.tap(amina, asked, text="a"), world.tap(amina, asked, data="a")
    world.call("answerCallbackQuery", {"callback_query_id": first})
    assert "too old" in refusal(world, "answerCallbackQuery", callback_query_id=first)
    world.advance(151)
    assert "too old" in refusal(world, "answerCallbackQuery", callback_query_id=second)


def test_a_bot_does_not_write_first(world: World) -> None:
    """Somebody who has not written yet is unknown to the bot, unless let in as known."""
    stranger, known = world.add_person("Asha"), world.add_person("Juma", started=True)
    assert "chat not found" in refusal(world, "sendMessage", chat_id=stranger, text="a")
    assert world.call("sendMessage", {"chat_id": known, "text": "a"})


def test_a_blocked_bot_is_told_so(world: World, amina: int) -> None:
    """Every way of reaching somebody who blocked the bot ends in 403."""
    world.block(amina)
    for method in ("sendMessage", "sendChatAction"):
        told = (
            refusal(world, method, chat_id=amina, text="a")
            if method == "sendMessage"
            else (refusal(world, method, chat_id=amina, action="typing"))
        )
        assert told == "403 Forbidden: bot was blocked by the user"
    world.unblock(amina)
    world.call("sendMessage", {"chat_id": amina, "text": "a"})


def test_files_have_limits(world: World, amina: int) -> None:
    """A photo is a picture of sane size; over 20 MB nothing can be fetched; a file has one kind."""
    for content, words in (
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (png(9_999, 2), "PHOTO_INVALID_DIMENSIONS"),
        (png(2, 99), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
    ):
        upload = {"photo": Upload("a.png", "image/png", content)}
        with pytest.raises(Refused, match=words):
            world.call("sendPhoto", {"chat_id": amina}, upload)
    large = Upload("a.bin", "", b"\0" * (20 * 1024 * 1024 + 1))
    message: Any = world.call("sendDocument", {"chat_id": amina}, {"document": large})
    file_id = message["document"]["file_id"]
    assert refusal(world, "getFile", file_id=file_id) == "400 Bad Request: file is too big"
    told = refusal(world, "sendVoice", chat_id=amina, voice=file_id)
    assert told == "400 Bad Request: type of file mismatch"


def test_old_messages_stay(world: World, amina: int) -> None:
    """After 48 hours a message cannot be deleted for both sides any more."""
    asked = sent(world, amina, text="a")
    world.advance(timedelta(hours=49).total_seconds())
    told = refusal(world, "deleteMessage", chat_id=amina, message_id=asked)
    assert told == "400 Bad Request: message can't be deleted for everyone"


def test_a_bot_that_logged_out_is_refused(world: World, amina: int) -> None:
    """After logOut every call is refused until the world is reset."""
    world.call("logOut")
    assert refusal(world, "getMe") == "400 Bad Request: Logged out"
    world.reset()
    assert world.call("getMe")
    assert world.people() == []
    assert amina


def refusal(world: World, method: str, /, **parameters: object) -> str:
    """Return code and words of a refusal, or nothing where the call was done."""
    try:
        world.call(method, parameters)
    except Refused as refused:
        return str(refused)
    return ""


def sent(world: World, chat_id: int, **parameters: object) -> int:
    """Send a message and return its id."""
    message: Any = world.call("sendMessage", {"chat_id": chat_id, **parameters})
    return int(message["message_id"])
