"""Pictures, sounds, films and files a person sends.

The bytes never pass through here: an answer is the name under which the host keeps the file. A
picture sent as a file is a picture too, and keeps all its points, where Telegram makes a photo
smaller; so `max-pixels` needs nothing done. Sending another file replaces the one before.

What is forwarded is somebody else's. A forwarded voice is never taken. A forwarded picture or film
is, for it may be the evidence itself, except where the form asks for one taken now (appearances
`new` and `new-front`). A drawing or a signature is sent as a photo of one.
"""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal

from conversations.events import Event, MediaKind, MediaSent
from conversations.phrases import Phrase, Problem, Speech, phrase
from conversations.questions.base import Asked, Given, Kind, Offer, Reading
from conversations.replies import Block, KeepAttachment

DOWNLOAD_BYTES_MAX = 20_000_000
"""What a bot may fetch; https://core.telegram.org/bots/api#getfile."""

BYTES_IN_MEGABYTE = 1_000_000

OWN = frozenset({"new", "new-front", "new-rear"})
"""Appearances that want a picture taken now: https://docs.getodk.org/form-question-types/#image."""

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/x-wav": "wav",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
}
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,5})$")


def ending_of(media: MediaSent) -> str:
    """Return the ending of a file's name, from its type or else from the name it came with."""
    if known := _ENDINGS.get(media.media_type.partition(";")[0].strip().lower()):
        return known
    match = _ENDING.search(media.file_name)
    return match[1].lower() if match else "bin"


def _wanted(kind: str) -> MediaKind:
    match kind:
        case "image" | "audio" | "video":
            return kind
        case _:
            return "file"


def _please_send(wanted: MediaKind) -> Phrase:
    match wanted:
        case "image":
            # Translators: something else came where a photo is asked for.
            return phrase("Please send a photo.")
        case "audio":
            # Translators: something else came where a recorded voice is asked for.
            return phrase("Please send a voice message.")
        case "video":
            # Translators: something else came where a film is asked for.
            return phrase("Please send a video.")
        case "file":
            # Translators: something else came where any file is asked for.
            return phrase("Please send a file.")


def _how_to(wanted: MediaKind) -> Phrase:
    match wanted:
        case "image":
            # Translators: the paper clip and the camera are signs below the chat in Telegram.
            return phrase("Take a photo or choose one: tap the paper clip or the camera.")
        case "audio":
            # Translators: the microphone is a sign below the chat in Telegram.
            return phrase("Hold the microphone and speak.")
        case "video":
            # Translators: the paper clip is a sign below the chat in Telegram.
            return phrase("Record a video or choose one: tap the paper clip.")
        case "file":
            # Translators: the paper clip is a sign below the chat in Telegram.
            return phrase("Send a file: tap the paper clip.")


def _ask(asked: Asked) -> Offer:
    return Offer((Block(_how_to(_wanted(asked.question.kind)), "hint"),))


def _read(asked: Asked, event: Event) -> Reading:
    wanted = _wanted(asked.question.kind)
    if not isinstance(event, MediaSent) or wanted not in {event.kind, "file"}:
        return Problem(_please_send(wanted))
    if event.forwarded and (problem := _not_own(asked, event)):
        return Problem(problem)
    if kinds := _other_kinds(asked, event):
        # Translators: {kinds} lists endings of file names, such as .pdf, .docx
        return Problem(phrase("I can take only these kinds of files here: {kinds}", kinds=kinds))
    return taken(asked, event)


def taken(asked: Asked, media: MediaSent) -> Reading:
    """Take a file as the answer, unless it is too large, or the last of too many."""
    bytes_max = min(asked.attachment_bytes_max, DOWNLOAD_BYTES_MAX)
    if media.size_bytes is not None and media.size_bytes > bytes_max:
        return Problem(_too_large(media.size_bytes, bytes_max))
    left = asked.attachment_bytes_left
    if left is not None and (media.size_bytes or bytes_max) > left:
        return Problem(_enough_today(left))
    name = f"{asked.attachment}.{ending_of(media)}"
    return Given(
        name, KeepAttachment(name, media.source, media.media_type, media.size_bytes, media.caption)
    )


def _not_own(asked: Asked, media: MediaSent) -> Phrase | None:
    """Say why a forwarded file is not taken; None where it may be somebody else's."""
    if media.kind == "audio":
        return forwarded_voice()
    if OWN & asked.question.appearance:
        # Translators: the person forwarded a picture; the form wants one taken now.
        return phrase("That was forwarded. Please take the picture yourself, here and now.")
    return None


def forwarded_voice() -> Phrase:
    """Ask for the person's own voice."""
    # Translators: the person forwarded a voice message of somebody else.
    return phrase("That was forwarded. Please say it yourself: hold the microphone and speak.")


def _other_kinds(asked: Asked, media: MediaSent) -> str:
    """Return the kinds of files the form accepts (`body::accept`) where this is none of them."""
    accepted = asked.question.parameters.get("accept", "")
    kinds = [kind.strip().lower() for kind in accepted.split(",") if kind.strip()]
    ending, media_type = f".{ending_of(media)}", media.media_type.lower()
    family = f"{media_type.partition('/')[0]}/*"
    return ", ".join(kinds) if kinds and not {ending, media_type, family} & set(kinds) else ""


def _too_large(size_bytes: int, bytes_max: int) -> Phrase:
    # Translators: MB is megabytes.
    return phrase(
        "That file has {size} MB. I can take at most {limit} MB. Please send a smaller one.",
        size=_megabytes(size_bytes),
        limit=_megabytes(bytes_max),
    )


def _enough_today(left: int) -> Phrase:
    if left >= BYTES_IN_MEGABYTE:
        # Translators: {left} is what remains of what one person may send in a day. MB is megabytes.
        return phrase(
            "Today I can take {left} MB more of files from you. Please send a smaller one, or this "
            "one tomorrow.",
            left=left // BYTES_IN_MEGABYTE,
        )
    # Translators: the person sent very many files today; the question stays open until they answer.
    return phrase(
        "You have sent so many files today that I cannot take more. Please send this one tomorrow; "
        "your answers stay."
    )


def _megabytes(size_bytes: int) -> Decimal:
    return (Decimal(size_bytes) / BYTES_IN_MEGABYTE).quantize(
        Decimal("0.1"), ROUND_UP
    ).normalize() + 0


def _show(asked: Asked, _value: str) -> Speech:
    match _wanted(asked.question.kind):
        case "image":
            # Translators: stands in the list of answers for what the person sent.
            return phrase("a photo")
        case "audio":
            # Translators: stands in the list of answers for what the person sent.
            return phrase("a voice message")
        case "video":
            # Translators: stands in the list of answers for what the person sent.
            return phrase("a video")
        case "file":
            # Translators: stands in the list of answers for what the person sent.
            return phrase("a file")


MEDIA = Kind(_ask, _read, _show)
