"""The conversation in a terminal: `baraza chat FORM`.

The same conversation that Telegram would show, without a database: an author hears how a form
sounds before anybody else does. `[2` taps the second button, `@photo.jpg` sends a file, everything
else is typed as on a phone.
"""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.markup import visible
from bot.rendering import spoken
from conversations.dialogue import advance
from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    MediaKind,
    MediaSent,
    TextWritten,
)
from conversations.phrases import Locale
from conversations.programme import Consent, Programme
from conversations.replies import (
    Acknowledge,
    Block,
    Button,
    Buttons,
    KeepSubmission,
    Keyboard,
    Reply,
    Revise,
    Send,
)
from conversations.session import Session
from conversations.turn import Occasion, Person, Turn
from conversations.xform.form import Form
from conversations.xform.languages import is_tag

LEAVE = frozenset({"exit", "quit"})

_KINDS: dict[str, MediaKind] = {"image": "image", "audio": "audio", "video": "video"}


def programme_around(form: Form) -> Programme:
    """Put a programme around one form, for a conversation that keeps nothing."""
    key = (form.form_id, form.version)
    # Texts without a language stand under one that is called `default`, which is no tag.
    languages = tuple(tag for tag in form.tags if is_tag(tag)) or ("en",)
    alone = Programme(
        name=form.form_id,
        title={languages[0]: form.title},
        about={},
        help={},
        languages=languages,
        zone=ZoneInfo("UTC"),
        safety="normal",
        consent=Consent("terminal", {}),
        edit_hours=0,  # Nothing is kept here that could be changed later.
        offered=(key,),
        forms={},
    )
    return alone.with_forms({key: form})


@dataclass(slots=True)
class Terminal:
    """One person at a terminal. `say` writes a line, `hear` reads one (EOFError ends the chat)."""

    programme: Programme
    language: str
    locale_of: Callable[[str], Locale]
    say: Callable[[str], None]
    hear: Callable[[], str]
    session: Session | None = None
    buttons: list[tuple[Buttons, Button]] = field(default_factory=list)

    def talk(self) -> str | None:
        """Hold the conversation; return the finished instance's XML, or None if left before."""
        xml = self._turn(CommandGiven("start"))
        while xml is None and self.session is not None:
            try:
                line = self.hear()
            except EOFError:
                return None
            if line.strip() in LEAVE:
                return None
            event = self._event(line)
            xml = self._turn(event) if event is not None else None
        return xml

    def _turn(self, event: Event) -> str | None:
        person = Person(self.language, frozenset({self.programme.consent.version}), None)
        occasion = Occasion(datetime.now(UTC), secrets.token_hex(16), self.locale_of)
        turn = advance(self.programme, person, self.session, event, occasion)
        self.session = turn.session
        if turn.session is not None:
            self.language = turn.session.language
        return self._show(turn)

    def _show(self, turn: Turn) -> str | None:
        locale = self.locale_of(self.language)
        for reply in turn.replies:
            for line in self._lines(reply, locale):
                self.say(line)
        kept = [reply.xml for reply in turn.replies if isinstance(reply, KeepSubmission)]
        return kept[0] if kept else None

    def _lines(self, reply: Reply, locale: Locale) -> Iterator[str]:
        match reply:
            case Send(blocks, keys) | Revise(_, blocks, keys) if blocks:
                yield ""
                yield from self._texts(blocks, locale)
                yield from self._key_lines(keys, locale)
            case Acknowledge(speech) if speech:
                yield f"({locale.say(speech)})"
            case _:
                return

    def _texts(self, blocks: Iterable[Block], locale: Locale) -> Iterator[str]:
        """Say each paragraph on its own line, an answer on that of its question."""
        lines: list[str] = []
        for block in blocks:
            said = visible(spoken(block.speech, locale))
            if block.style == "answer":
                lines[-1] += f" {said}"
            else:
                lines.append(said)
        return iter(lines)

    def _key_lines(self, keys: object, locale: Locale) -> Iterator[str]:
        match keys:
            case Buttons():
                self.buttons = [(keys, button) for row in keys.rows for button in row]
                for number, (_, button) in enumerate(self.buttons, 1):
                    yield f"  [{number}] {locale.say(button.label)}"
            case Keyboard():
                yield "  " + "  ".join(
                    f"<{locale.say(key.label)}>" for row in keys.rows for key in row
                )
            case _:
                return

    def _event(self, line: str) -> Event | None:
        text = line.strip()
        if text.startswith("["):
            return self._tap(text.strip("[] "))
        if text.startswith("@"):
            return self._file(Path(text[1:].strip()).expanduser())
        if text.startswith("/") and len(text) > 1:
            name, _, argument = text[1:].partition(" ")
            return CommandGiven(name.lower(), argument.strip())
        return TextWritten(line)

    def _tap(self, number: str) -> Event | None:
        if not number.isdecimal() or not 1 <= int(number) <= len(self.buttons):
            self.say(f"(There is no button {number}; they are numbered 1 to {len(self.buttons)}.)")
            return None
        keys, button = self.buttons[int(number) - 1]
        return ButtonTapped(keys.session_key[:8], keys.step, button.action)

    def _file(self, path: Path) -> Event | None:
        if not path.is_file():
            self.say(f"(There is no file {path}.)")
            return None
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kind = _KINDS.get(media_type.partition("/")[0], "file")
        return MediaSent(kind, str(path), media_type, path.stat().st_size, path.name)
