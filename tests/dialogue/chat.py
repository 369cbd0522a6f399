"""One person in a conversation, without Telegram: the driver of these tests.

`Chat` keeps what the host would keep, and takes the session through its stored form and back
before every turn; the live instance goes on only where `keeps_live` says so. What the bot says is
a list of lines; buttons stand in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from pyxform.xls2xform import convert  # type: ignore[import-untyped] # pyxform ships no types.

from conversations.dialogue import advance
from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    MediaKind,
    MediaSent,
    MessageEdited,
    OtherSent,
    PlaceShared,
    TextWritten,
)
from conversations.programme import Consent, Programme
from conversations.replies import (
    Acknowledge,
    Block,
    Buttons,
    DropAttachment,
    KeepAttachment,
    KeepConsent,
    KeepLanguage,
    KeepLowData,
    KeepSubmission,
    Keyboard,
    NoKeyboard,
    Reply,
    Revise,
    Send,
)
from conversations.session import Session
from conversations.turn import Occasion, Person, Report
from conversations.xform.form import Form
from conversations.xform.instance import Instance
from conversations.xform.reader import read_form
from tests.dialogue.english import English

NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@cache
def form_of(markdown: str) -> Form:
    """Make a form of the Markdown tables of a workbook."""
    return read_form(convert(markdown, file_type=".md").xform)


def survey(rows: str, settings: str = "form_id | version\n | birth | 1") -> str:
    """Write a workbook around the rows of a survey sheet (and what follows it)."""
    named, _, valued = settings.partition("\n")
    return f"| survey |\n{rows.strip()}\n| settings |\n| | {named} |\n| {valued.strip()} |\n"


def programme_of(*markdown: str, **changes: Any) -> Programme:
    """Make a programme that offers forms; without a consent text unless `changes` say so."""
    forms = [form_of(table) for table in markdown]
    keys = {(form.form_id, form.version): form for form in forms}
    members: dict[str, Any] = {
        "name": "test",
        "title": {"en": "Births"},
        "about": {"en": "We collect reports."},
        "help": {"en": "Ask us anything."},
        "languages": ("en",),
        "zone": ZoneInfo("Africa/Nairobi"),
        "safety": "normal",
        "consent": Consent("1", {}),
        "edit_hours": 0,
        "offered": tuple(keys),
        "forms": keys,
    }
    return Programme(**(members | changes))


@dataclass
class Chat:
    """A person and what the host keeps for them."""

    programme: Programme
    guess: str | None = "en"
    low_data: bool = False
    language: str | None = None
    agreed: set[str] = field(default_factory=set)
    now: datetime = NOON
    session: Session | None = None
    keys: Buttons | Keyboard | None = None
    past: list[Buttons] = field(default_factory=list)
    replies: tuple[Reply, ...] = ()
    attachments: list[str] = field(default_factory=list)
    submissions: list[KeepSubmission] = field(default_factory=list)
    consents: list[KeepConsent] = field(default_factory=list)
    turns: int = 0
    messages: int = 0
    reports: tuple[Report, ...] = ()
    keeps_live: bool = False
    live: Instance | None = None

    # What a person can do; each returns what the bot says

    def writes(self, text: str) -> list[str]:
        """Write a message; a slash begins a command."""
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return self.does(CommandGiven(name, argument))
        return self.does(TextWritten(text, message_key=self._message_key()))

    def edits(self, number: int, text: str) -> list[str]:
        """Change the text of the message with a number, counted from 1 over what was sent."""
        key = str(number)
        return self.does(MessageEdited(key, TextWritten(text, message_key=key)))

    def taps(self, label: str) -> list[str]:
        """Tap the button with a label (a word in it will do) under the newest keyboard."""
        return self.does(self.button(label))

    def sends(self, kind: MediaKind, **members: Any) -> list[str]:
        """Send a file."""
        types = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4"}
        members.setdefault("media_type", types.get(kind, "application/pdf"))
        members.setdefault("message_key", self._message_key())
        return self.does(MediaSent(kind, "file-1", **members))

    def shares(self, latitude: float, longitude: float) -> list[str]:
        """Share a place."""
        return self.does(PlaceShared(latitude, longitude, 12.0))

    def sends_other(self, kind: str) -> list[str]:
        """Send what no question asks for."""
        return self.does(OtherSent(kind))

    def waits(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def button(self, label: str) -> ButtonTapped:
        """Find a button under the newest keyboard."""
        assert isinstance(self.keys, Buttons), f"no buttons stand: {self.keys}"
        for row in self.keys.rows:
            for button in row:
                if label in self.locale.say(button.label):
                    return ButtonTapped(self.keys.session_key, self.keys.step, button.action)
        raise AssertionError(f"no button {label!r} among {self.labels}")

    def _message_key(self) -> str:
        self.messages += 1
        return str(self.messages)

    # What the host does

    def does(self, event: Event) -> list[str]:
        """Take an event through a turn and keep what the turn says."""
        stored = Session.from_json(self.session.to_json()) if self.session else None
        self.turns += 1
        agreed = frozenset(self.agreed)
        person = Person(self.language, agreed, self.guess, self.reports, self.low_data)
        occasion = Occasion(self.now, f"{self.turns:08x}" * 4, English, self.live)
        turn = advance(self.programme, person, stored, event, occasion)
        self.session, self.replies = turn.session, turn.replies
        self.live = turn.live if self.keeps_live else None
        if isinstance(event, ButtonTapped):
            assert sum(isinstance(reply, Acknowledge) for reply in turn.replies) == 1
        return [line for reply in turn.replies for line in self._kept(reply)]

    def _kept(self, reply: Reply) -> Iterator[str]:
        match reply:
            case KeepLanguage(language):
                self.language = language
            case KeepLowData(wanted):
                self.low_data = wanted
            case KeepConsent(version, _, agreed):
                self.consents.append(reply)
                (self.agreed.add if agreed else self.agreed.discard)(version)
            case KeepAttachment(name):
                self.attachments.append(name)
            case DropAttachment(name):
                self.attachments.remove(name)
            case KeepSubmission():
                self.submissions.append(reply)
            case Acknowledge(speech) if speech:
                yield f"({self.locale.say(speech)})"
            case Send(blocks, keys, media):
                yield from (f"<{file.file_name}>" for file in media)
                yield from self._shown(blocks)
                self._changed(keys)
                yield from self._rows(keys)
            case Revise(_, blocks, keys):
                self.keys = keys
                yield from (f"~ {line}" for line in self._shown(blocks or ()))
                yield from (f"~ {line}" for line in self._rows(keys))

    def _changed(self, keys: Buttons | Keyboard | NoKeyboard | None) -> None:
        if isinstance(keys, Buttons):
            self.past.append(keys)
        if keys is not None:
            self.keys = None if isinstance(keys, NoKeyboard) else keys

    def _shown(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        lines: list[str] = []
        for block in blocks:
            said = self.locale.say(block.speech)
            if block.style == "answer":
                lines[-1] += f" {said}"
            else:
                lines.append(f"! {said}" if block.style == "problem" else said)
        return iter(lines)

    def _rows(self, keys: Buttons | Keyboard | NoKeyboard | None) -> Iterator[str]:
        if isinstance(keys, Buttons | Keyboard):
            for row in keys.rows:
                yield " ".join(f"[{self.locale.say(key.label)}]" for key in row)

    # What can be seen

    @property
    def locale(self) -> English:
        """Return how the person's language speaks."""
        return English(self.session.language if self.session else self.language or "en")

    @property
    def labels(self) -> list[str]:
        """List the labels of the keys that stand."""
        rows = self.keys.rows if self.keys else ()
        return [self.locale.say(key.label) for row in rows for key in row]

    @property
    def given(self) -> dict[str, str]:
        """Return the answers of the draft that are not blank."""
        return {path: value for path, value in self.session.draft if value} if self.session else {}

    @property
    def sent(self) -> dict[str, str]:
        """Return the leaves of the last submission by name."""
        root = ET.fromstring(self.submissions[-1].xml)  # noqa: S314 - our own XML.
        leaves = (node for node in root.iter() if not len(node))
        return {leaf.tag.rpartition("}")[2]: leaf.text or "" for leaf in leaves}


def begin(*markdown: str, **changes: Any) -> Chat:
    """Begin a chat at the first question of a form."""
    chat = Chat(programme_of(*markdown, **changes), language="en")
    chat.writes("/start")
    return chat
