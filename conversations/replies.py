"""What a conversation asks of its host, in the order in which it should be done.

The first three are shown to the person; the others are kept in the same transaction as the
session. `bot.rendering` turns the shown ones into Telegram's messages and keyboards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conversations.events import Recalled
from conversations.phrases import Speech

Style: TypeAlias = Literal[
    "plain", "title", "group", "question", "hint", "problem", "item", "answer", "code", "progress"
]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a message.

    `item` blocks stand on consecutive lines, an `answer` on the line of the item before it. A
    `group` names what the next questions are about, a `code` is copied with a tap, `progress` is a
    line of signs that begins where the language's lines begin.
    """

    speech: Speech
    style: Style = "plain"


Says: TypeAlias = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. `action` is at most 24 ASCII characters without a dot.

    `says` is set where a typed yes or no may stand for a tap on it.
    """

    label: Speech
    action: str
    says: Says | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """Rows of buttons under a message, stamped with the question they belong to."""

    session_key: str
    step: int
    rows: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keyboard that replaces the phone's: it writes its label or shares the place.

    `action` is what its label stands for when it is written, blank where that is an answer.
    """

    label: Speech
    shares_place: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A reply keyboard, gone after one use."""

    rows: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class NoKeyboard:
    """Take the reply keyboard away."""


@dataclass(frozen=True, slots=True)
class FormMedia:
    """A media file that belongs to the form, sent with a message.

    Pictures with a caption that follow one another are shown together, as an album.
    """

    kind: Literal["image", "audio", "video"]
    file_name: str
    caption: Speech | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message; without blocks, only its media.

    `slot` names it so that `Revise` can change it later; the newest wins.
    """

    blocks: tuple[Block, ...]
    keys: Buttons | Keyboard | NoKeyboard | None = None
    media: tuple[FormMedia, ...] = ()
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Revise:
    """Change the newest message in `slot`; `blocks` None keeps its text and changes its buttons."""

    slot: str
    blocks: tuple[Block, ...] | None
    keys: Buttons | None = None


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Answer a tap, with a short text shown on top of the chat where one is given."""

    speech: Speech | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class KeepLanguage:
    """Remember the person's language (BCP 47)."""

    language: str


@dataclass(frozen=True, slots=True)
class KeepLowData:
    """Remember whether the person wants pictures, sounds and films only when they ask."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class KeepConsent:
    """Keep that the person agreed (or took it back), to which text, in which language."""

    text_version: str
    language: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class KeepAttachment:
    """Fetch and keep a file the person sent; `name` is the value of the answer."""

    name: str
    source: str
    media_type: str
    size_bytes: int | None
    caption: str = ""
    """What the person wrote beside it."""


@dataclass(frozen=True, slots=True)
class DropAttachment:
    """Forget a file whose answer was replaced or cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class KeepSubmission:
    """Keep a finished instance: the XML that ODK would send, and the names of its attachments.

    `replaces` is the id of the submission that this one corrects; its attachments of these names go
    with it.
    """

    instance_id: str
    form_id: str
    form_version: str
    language: str
    receipt: str
    xml: str
    attachments: tuple[str, ...]
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class AskLater:
    """Put planned questions again in so many days; without a number, all that were asked."""

    due_id: int
    days: int


@dataclass(frozen=True, slots=True)
class AskNoMore:
    """Ask nothing more about the report of a planned question; without a number, about any."""

    due_id: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """Keep the session that is open until a question is answered that goes before it."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Show places and pictures of a report that the person sent before."""

    shown: tuple[Recalled, ...]


@dataclass(frozen=True, slots=True)
class KeepZone:
    """Remember in which time zone the person is (an IANA name)."""

    zone: str


@dataclass(frozen=True, slots=True)
class KeepPause:
    """Ask the person nothing by oneself for so many days; 0 ends a pause, None means never."""

    days: int | None


Reply: TypeAlias = (
    Send
    | Revise
    | Acknowledge
    | KeepLanguage
    | KeepLowData
    | KeepConsent
    | KeepAttachment
    | DropAttachment
    | KeepSubmission
    | AskLater
    | AskNoMore
    | SetAside
    | Recall
    | KeepZone
    | KeepPause
)
