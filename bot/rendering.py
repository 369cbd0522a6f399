"""What a conversation says, as calls of Telegram's Bot API. Pure.

A message longer than Telegram allows becomes several, with the buttons under the last. Texts go
out as HTML, in which everything that is not a mark of ours or of the form's is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, TypeVar, assert_never

from bot.markup import clipped, escaped, length_units, telegram_html, visible
from conversations.events import Recalled
from conversations.phrases import FormText, Locale, Speech
from conversations.replies import (
    Acknowledge,
    Block,
    Button,
    Buttons,
    FormMedia,
    Key,
    Keyboard,
    NoKeyboard,
    Recall,
    Reply,
    Revise,
    Send,
    Style,
)
from storage.outbox import Call

TEXT_UNITS_MAX = 4096
"""UTF-16 units a message may have; https://core.telegram.org/bots/api#sendmessage."""

BUTTON_BYTES_MAX = 64
"""Bytes a button may carry; https://core.telegram.org/bots/api#inlinekeyboardbutton."""

TOAST_CHARACTERS_MAX = 200
"""Characters an answered tap may show."""

VOICE_ENDINGS = (".ogg", ".oga", ".opus")
"""Sounds that are sent as voice messages, which play with one tap: Ogg with Opus inside."""

_RIGHT_TO_LEFT_MARK = "\N{RIGHT-TO-LEFT MARK}"
"""Signs alone have no direction, and a line of them would run from left to right."""

_MEDIA_METHODS = {
    "image": ("sendPhoto", "photo"),
    "audio": ("sendAudio", "audio"),
    "video": ("sendVideo", "video"),
}

CAPTION_CHARACTERS_MAX = 200
"""So much of a label stands under a picture; Telegram takes five times as much."""

ALBUM_MAX = 10
"""Pictures an album may have; https://core.telegram.org/bots/api#sendmediagroup."""

FORM_MEDIA = "form-media:"
"""Marks a parameter that names a media file of the programme; the sender puts the file there."""

TEXT_FILE = "text-file:"
"""Marks a parameter that holds a text to be sent as a file: its name, a new line, the text."""

KEPT_FILE = "kept-file:"
"""Marks a parameter that names a file somebody sent: its number, a new line, its name. Rows of
before may hold its SHA-256."""

PLACE_MAP = "place-map:"
"""Marks a parameter that stands for a map of a place: its latitude, a blank, its longitude."""

GROUP_TOPIC = "group-topic:"
"""Marks a parameter that names the slot in which the number of a group's topic is kept."""

WEEKS_PICTURE = "weeks-picture:"
"""Marks a parameter that stands for a drawn calendar: what is on it as JSON (`bot.calendars`)."""

_Sign = TypeVar("_Sign", Button, Key)


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap; sent at once and not kept, since a tap lives for minutes only."""

    text: str = ""
    alert: bool = False


def render(replies: Iterable[Reply], locale: Locale) -> tuple[Call, ...]:
    """Return the calls that show `replies`, in order; what is not shown makes none."""
    return tuple(call for reply in replies for call in _calls(reply, locale))


def toast(replies: Iterable[Reply], locale: Locale) -> Toast:
    """Return how a tap is answered: by the first `Acknowledge`, else silently."""
    for reply in replies:
        if isinstance(reply, Acknowledge):
            text = locale.say(reply.speech) if reply.speech else ""
            return Toast(clipped(text, TOAST_CHARACTERS_MAX), reply.alert)
    return Toast()


def _calls(reply: Reply, locale: Locale) -> Iterator[Call]:
    match reply:
        case Send():
            yield from _media_calls(reply.media, locale)
            if reply.blocks or reply.keys:
                yield from _messages(reply, locale)
        case Revise():
            yield _revision(reply, locale)
        case Recall(shown):
            yield from map(_recalled, shown)
        case _:
            return


def _messages(reply: Send, locale: Locale) -> Iterator[Call]:
    *first, last = _chunks(reply.blocks, locale)
    for text in first:
        yield Call("sendMessage", _text(text))
    yield Call("sendMessage", {**_text(last), **_markup(reply.keys, locale)}, reply.slot)


def _revision(reply: Revise, locale: Locale) -> Call:
    markup = _markup(reply.keys, locale)
    if reply.blocks is None:
        return Call("editMessageReplyMarkup", markup, reply.slot)
    text = _chunks(reply.blocks, locale)[-1]
    return Call("editMessageText", {**_text(text), **markup}, reply.slot)


def _text(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _recalled(one: Recalled) -> Call:
    if one.kind == "place":
        return Call("sendPhoto", {"photo": f"{PLACE_MAP}{one.what}"})
    number, _, name = one.what.partition("/")
    return Call("sendPhoto", {"photo": f"{KEPT_FILE}{number}\n{name}"})


def _media_calls(media: Iterable[FormMedia], locale: Locale) -> Iterator[Call]:
    """Send files one by one, pictures with captions that follow one another as albums."""
    for together, files in groupby(media, _in_album):
        if together:
            yield from _albums([_photo(file, locale) for file in files])
        else:
            yield from (_media_call(file) for file in files)


def _in_album(file: FormMedia) -> bool:
    return file.kind == "image" and file.caption is not None


def _media_call(media: FormMedia) -> Call:
    voice = media.kind == "audio" and media.file_name.lower().endswith(VOICE_ENDINGS)
    method, member = ("sendVoice", "voice") if voice else _MEDIA_METHODS[media.kind]
    return Call(method, {member: FORM_MEDIA + media.file_name})


def _albums(photos: list[dict[str, str]]) -> Iterator[Call]:
    """Send pictures as albums of about the same size; one alone is no album."""
    if len(photos) == 1:
        (photo,) = photos
        yield Call("sendPhoto", {"photo": photo["media"], "caption": photo["caption"]})
        return
    albums = -(-len(photos) // ALBUM_MAX)
    bounds = [len(photos) * number // albums for number in range(albums + 1)]
    for start, end in pairwise(bounds):
        yield Call("sendMediaGroup", {"media": photos[start:end]})


def _photo(media: FormMedia, locale: Locale) -> dict[str, str]:
    caption = locale.say(media.caption) if media.caption else ""
    return {
        "type": "photo",
        "media": FORM_MEDIA + media.file_name,
        "caption": clipped(caption, CAPTION_CHARACTERS_MAX),
    }


def _chunks(blocks: Iterable[Block], locale: Locale) -> list[str]:
    """Join blocks into as few texts as Telegram's limit allows; there is at least one."""
    texts: list[str] = []
    before: Style | None = None
    for block in blocks:
        gap = _gap(before, block.style)
        for piece in _pieces(_marked(block, locale)):
            joined = f"{texts[-1]}{gap}{piece}" if texts else ""
            if joined and _fits(joined):
                texts[-1] = joined
            else:
                texts.append(piece)
        before = block.style
    return texts or ["…"]


def _gap(before: Style | None, style: Style) -> str:
    if style == "answer":
        return " "
    if style == "code":
        return "\n"
    return "\n" if style == "item" and before in {"item", "answer"} else "\n\n"


def _pieces(marked: str) -> Iterator[str]:
    """Cut one block that is too long for a message; its marks are given up for that."""
    if _fits(marked):
        yield marked
        return
    rest = visible(marked)
    while rest:
        cut = _cut(rest)
        yield escaped(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()


def _fits(marked: str) -> bool:
    """Tell whether a text fits into a message: a sign has two units at most, and marks none."""
    return 2 * len(marked) <= TEXT_UNITS_MAX or length_units(marked) <= TEXT_UNITS_MAX


def _cut(text: str) -> int:
    """Return where to cut so that the first part fits: after a space where there is one."""
    end = TEXT_UNITS_MAX // 2 if not text.isascii() else TEXT_UNITS_MAX
    if len(text) <= end:
        return len(text)
    space = text.rfind(" ", end // 2, end)
    return space if space > 0 else end


def _marked(block: Block, locale: Locale) -> str:
    text = spoken(block.speech, locale)
    match block.style:
        case "title" | "answer":
            return f"<b>{text}</b>"
        case "group":
            return f"▪ {text}"
        case "code":
            return f"<code>{text}</code>"
        case "question":
            return text if "<b>" in text else f"<b>{text}</b>"
        case "hint":
            return text if "<i>" in text else f"<i>{text}</i>"
        case "problem":
            return f"⚠️ {text}"
        case "progress":
            return _RIGHT_TO_LEFT_MARK + text if locale.right_to_left else text
        case "item" | "plain":
            return text
    assert_never(block.style)


def spoken(speech: Speech, locale: Locale) -> str:
    """Return a sentence as Telegram's HTML."""
    if isinstance(speech, FormText):
        return telegram_html(locale.typeset(speech.markdown))
    return escaped(locale.say(speech))


def _markup(keys: Buttons | Keyboard | NoKeyboard | None, locale: Locale) -> dict[str, Any]:
    match keys:
        case None:
            return {}
        case Buttons():
            rows = [[_button(keys, one, locale) for one in _read(row, locale)] for row in keys.rows]
            return {"reply_markup": {"inline_keyboard": rows}}
        case Keyboard():
            pad = [[_key(key, locale) for key in _read(row, locale)] for row in keys.rows]
            return {
                "reply_markup": {
                    "keyboard": pad,
                    "resize_keyboard": True,
                    "one_time_keyboard": True,
                }
            }
        case NoKeyboard():
            return {"reply_markup": {"remove_keyboard": True}}
    assert_never(keys)


def _read(row: Sequence[_Sign], locale: Locale) -> Sequence[_Sign]:
    """Return a row as it is read: the first stands on the right where a language begins there.

    Telegram's apps set rows from left to right in every language.
    """
    return row[::-1] if locale.right_to_left else row


def _button(keys: Buttons, button: Button, locale: Locale) -> dict[str, str]:
    data = f"{keys.session_key[:8]}.{keys.step}.{button.action}"
    # Telegram refuses the whole message over one long button: an action that long is our mistake.
    assert len(data.encode()) <= BUTTON_BYTES_MAX, data  # noqa: S101 - see the line above.
    return {"text": locale.say(button.label).strip() or "…", "callback_data": data}


def _key(key: Key, locale: Locale) -> dict[str, Any]:
    text = locale.say(key.label)
    return {"text": text, "request_location": True} if key.shares_place else {"text": text}
