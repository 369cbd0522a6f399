"""What can happen to a conversation: facts that reached it, told without Telegram's words.

A `message_key` names the message that an event came in, for the case that it is edited later. It
is opaque, and means nothing outside of its chat.

`bot.updates` makes these from Telegram's updates, a test or the terminal makes them by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

MediaKind: TypeAlias = Literal["image", "audio", "video", "file"]


@dataclass(frozen=True, slots=True)
class TextWritten:
    """The person wrote a text, or pressed a key of the reply keyboard, which writes its label."""

    text: str
    forwarded: bool = False
    message_key: str = ""


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """The person gave a command: `name` in lower case without slash, `argument` may be empty."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class ButtonTapped:
    """The person tapped a button under a message.

    `session_key` and `step` say under which question the button stood, so that a tap on an old
    keyboard is answered and not applied. All three are blank for a button that is not ours.
    """

    session_key: str
    step: int
    action: str


@dataclass(frozen=True, slots=True)
class PlaceShared:
    """The person shared a place: degrees, metres (accuracy is the radius around the point)."""

    latitude: float
    longitude: float
    accuracy_metres: float | None = None
    title: str = ""
    message_key: str = ""


@dataclass(frozen=True, slots=True)
class MediaSent:
    """The person sent a picture, sound, film or file.

    `source` is the handle by which the host fetches the bytes (Telegram's file_id); the bytes
    themselves never pass through a conversation. `group` is shared by the parts of one album.
    """

    kind: MediaKind
    source: str
    media_type: str
    size_bytes: int | None = None
    file_name: str = ""
    caption: str = ""
    group: str = ""
    forwarded: bool = False
    message_key: str = ""


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The person changed an earlier message.

    `became` is what it says now; None for what is no answer, such as a command.
    """

    message_key: str
    became: TextWritten | MediaSent | None


@dataclass(frozen=True, slots=True)
class OtherSent:
    """The person sent something no question asks for; `kind` is a plain word such as `sticker`."""

    kind: str


@dataclass(frozen=True, slots=True)
class BotReturned:
    """The bot is back after a time in which nobody was answered."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something of a report that helps to remember it.

    `what` says where it is: a place's latitude, a blank, its longitude; the number by which the
    host knows a picture, a slash, its name. By its number it is shown as it is when it goes out.
    """

    kind: Literal["place", "picture"]
    what: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that is asked after a report.

    `due_id` is the host's number for it, `parent` what the report told (`parents.told_of`),
    `opening` what is said first, in the person's language, `about` what the report is called among
    others, blank where nothing may be said of it.
    """

    due_id: int
    form_id: str
    form_version: str
    parent: tuple[tuple[str, str], ...] = ()
    opening: str = ""
    about: str = ""
    recalled: tuple[Recalled, ...] = ()
    """What is shown of the report, to help remember."""


@dataclass(frozen=True, slots=True)
class QuestionsCame:
    """The time has come to ask something; `again` where it was asked before, without an answer."""

    asked: tuple[Asked, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class QuestionLetGo:
    """Nobody answered what was asked, and it is given up; `due_id` is the host's number for it."""

    due_id: int


@dataclass(frozen=True, slots=True)
class ReportWaits:
    """What a person had begun and not finished waits for them.

    `after_another` where they had put it aside for a question, else they have been away.
    """

    after_another: bool = False


@dataclass(frozen=True, slots=True)
class TimeRanOut:
    """A report was begun and not sent for as long as the programme lets it wait."""

    hand_in: bool = False
    """Whether it is kept as far as it goes, or else thrown away."""


Event: TypeAlias = (
    TextWritten
    | CommandGiven
    | ButtonTapped
    | PlaceShared
    | MediaSent
    | MessageEdited
    | OtherSent
    | BotReturned
    | QuestionsCame
    | QuestionLetGo
    | ReportWaits
    | TimeRanOut
)
