"""What a conversation says, as calls of the Bot API."""

from __future__ import annotations

import pytest

from bot.markup import length_units, telegram_html, visible
from bot.rendering import TEXT_UNITS_MAX, Toast, render, toast
from conversations.phrases import FormText, phrase
from conversations.replies import (
    Acknowledge,
    Block,
    Button,
    Buttons,
    FormMedia,
    Key,
    Keyboard,
    NoKeyboard,
    Revise,
    Send,
)
from locales.locale import locale_of

ENGLISH = locale_of("en")


def blocks(*texts: str) -> tuple[Block, ...]:
    """Return plain blocks of a form's text."""
    return tuple(Block(FormText(text)) for text in texts)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a **b** c", "a <b>b</b> c"),
        ("a __b__ c", "a <b>b</b> c"),
        ("_so_ *much*", "<i>so</i> <i>much</i>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("# Title", "<b>Title</b>"),
        ("1 < 2 & <script>", "1 &lt; 2 &amp; &lt;script&gt;"),
        ('<span style="color:red">red</span>', "red"),
        (r"\*no\*", "*no*"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("** **", "** **"),
    ],
)
def test_form_text_becomes_html(markdown: str, html: str) -> None:
    """ODK's marks become Telegram's; everything else is text, whatever it looks like."""
    assert telegram_html(markdown) == html


def test_long_text_becomes_several_messages_with_the_buttons_under_the_last() -> None:
    """A message longer than Telegram allows is split, and nothing of it is lost."""
    text = " ".join(f"neno{number}" for number in range(1500))
    keys = Buttons("0" * 32, 1, ((Button(phrase("Send"), "send"),),))
    calls = render([Send(blocks(text, "🙂" * 4096), keys, slot="question")], ENGLISH)
    assert all(length_units(call.params["text"]) <= TEXT_UNITS_MAX for call in calls)
    whole = "".join(visible(call.params["text"]) for call in calls)
    assert [word for word in text.split() if word not in whole] == []
    assert whole.count("🙂") == 4096
    assert ["reply_markup" in call.params for call in calls] == [False] * (len(calls) - 1) + [True]
    assert calls[-1].slot == "question"


def test_buttons_carry_session_step_and_action() -> None:
    """A tap can be told from a tap on an older keyboard."""
    keys = Buttons("0123456789abcdef" * 2, 12, ((Button(FormText("Yes"), "c1"),),))
    (call,) = render([Revise("question", None, keys)], ENGLISH)
    assert call.method == "editMessageReplyMarkup"
    assert call.params["reply_markup"]["inline_keyboard"] == [
        [{"text": "Yes", "callback_data": "01234567.12.c1"}]
    ]


def test_reply_keyboards() -> None:
    """A keyboard can ask for the place, and can be taken away."""
    keyboard = Keyboard(((Key(phrase("Here"), shares_place=True), Key(phrase("Skip"))),))
    shown, gone = render([Send(blocks("?"), keyboard), Send(blocks("!"), NoKeyboard())], ENGLISH)
    assert shown.params["reply_markup"]["keyboard"] == [
        [{"text": "Here", "request_location": True}, {"text": "Skip"}]
    ]
    assert gone.params["reply_markup"] == {"remove_keyboard": True}


def test_toast_is_cut_to_what_telegram_shows() -> None:
    """The answer to a tap is never refused for its length."""
    assert toast([], ENGLISH) == Toast()
    assert len(toast([Acknowledge(FormText("x" * 500))], ENGLISH).text) == 200


def test_blocks_are_paragraphs_and_items_lines() -> None:
    """Paragraphs stand apart, items of a list together."""
    items = (Block(FormText("a"), "item"), Block(FormText("b"), "item"))
    (call,) = render([Send((*blocks("Look"), *items, Block(FormText("c"), "hint")))], ENGLISH)
    assert visible(call.params["text"]) == "Look\n\na\nb\n\nc"


def test_an_answer_stands_behind_its_question() -> None:
    """In a list an answer is on its question's line, in bold."""
    line = (Block(FormText("Old?"), "item"), Block(FormText("9"), "answer"))
    (call,) = render([Send((*line, *line))], ENGLISH)
    assert call.params["text"] == "Old? <b>9</b>\nOld? <b>9</b>"


def pictures(count: int) -> tuple[FormMedia, ...]:
    """Make pictures of choices, with their captions."""
    return tuple(
        FormMedia("image", f"{at}.png", phrase(f"{at}. Cow")) for at in range(1, count + 1)
    )


@pytest.mark.parametrize(
    ("count", "sizes"), [(2, [2]), (10, [10]), (11, [5, 6]), (30, [10, 10, 10])]
)
def test_pictures_with_captions_are_albums(count: int, sizes: list[int]) -> None:
    """An album has two to ten; what is more is parted evenly, before the words."""
    *albums, message = render([Send((Block(phrase("Which?")),), media=pictures(count))], ENGLISH)
    assert [call.method for call in albums] == ["sendMediaGroup"] * len(sizes)
    assert [len(call.params["media"]) for call in albums] == sizes
    assert message.method == "sendMessage"


def test_one_picture_with_a_caption_is_a_photo() -> None:
    """An album of one is none."""
    photo, _ = render([Send((Block(phrase("Which?")),), media=pictures(1))], ENGLISH)
    assert photo.method == "sendPhoto"
    assert photo.params["caption"] == "1. Cow"
