"""What stands before a person: some text, and the keys to answer with.

Every message with keys goes into one slot, so that the keys of the one before can be taken away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from conversations.phrases import Locale, Phrase, phrase
from conversations.questions.base import Rows, bare
from conversations.replies import (
    Block,
    Button,
    Buttons,
    FormMedia,
    Key,
    Keyboard,
    NoKeyboard,
    Reply,
    Revise,
    Says,
    Send,
)
from conversations.session import Session

SLOT = "question"
STAMP_SIGNS = 8
"""So many signs of a session's key stamp its buttons: enough for one person's few sessions."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A message that waits for an answer; `before` are messages that go ahead of it."""

    blocks: tuple[Block, ...]
    rows: Rows = ()
    keyboard: Keyboard | None = None
    media: tuple[FormMedia, ...] = ()
    before: tuple[Send, ...] = ()

    def opened_by(self, opening: tuple[Block, ...]) -> Prompt:
        """Return the prompt with something said first, such as a problem."""
        return replace(self, blocks=(*opening, *self.blocks)) if opening else self

    def offers(self, action: str) -> bool:
        """Tell whether one of the buttons does this."""
        return any(button.action == action for row in self.rows for button in row)

    def action_named(self, text: str, locale: Locale) -> str | None:
        """Find what the button does whose label a person typed instead of tapping it."""
        typed = bare(text)
        named = [(button.label, button.action) for row in self.rows for button in row]
        if self.keyboard:
            keys = (key for row in self.keyboard.rows for key in row if key.action)
            named += [(key.label, key.action) for key in keys]
        found = (does for label, does in named if bare(locale.say(label)) == typed)
        return next(found, None) if typed else None

    def action_saying(self, says: Says) -> str | None:
        """Find what the button does that a typed yes or no stands for."""
        buttons = (button for row in self.rows for button in row)
        return next((button.action for button in buttons if button.says == says), None)


def stamp(session: Session) -> str:
    """Return what stamps a session's buttons."""
    return session.key[:STAMP_SIGNS]


def sent(prompt: Prompt, session: Session) -> tuple[Reply, ...]:
    """Send a prompt, stamped with the session's step."""
    keys = _buttons(prompt, session) or prompt.keyboard
    return (*prompt.before, Send(prompt.blocks, keys, prompt.media, SLOT))


def shown_in_place(prompt: Prompt, session: Session) -> tuple[Reply, ...]:
    """Show a prompt in the place of the one that stands."""
    return (Revise(SLOT, prompt.blocks, _buttons(prompt, session)),)


def _buttons(prompt: Prompt, session: Session) -> Buttons | None:
    return Buttons(stamp(session), session.step, prompt.rows) if prompt.rows else None


def taken_away(standing: Prompt, said: Phrase | None = None) -> tuple[Reply, ...]:
    """Take away the keys of the prompt that stands; a reply keyboard needs words to go with."""
    if standing.rows:
        return (Revise(SLOT, None),)
    if standing.keyboard:
        # Translators: a short "yes, I have understood", before something else is said.
        return (Send((Block(said or phrase("All right.")),), NoKeyboard()),)
    return ()


# Keys that stand under questions. What they write is understood wherever it arrives from.


@cache
def back_label() -> Phrase:
    """Name the key that goes one question back."""
    # Translators: a key that goes back to the question before; keep the sign «.
    return phrase("« Back")


@cache
def skip_label() -> Phrase:
    """Name the key that leaves a question without an answer."""
    # Translators: a key that leaves the question without an answer; keep the sign ».
    return phrase("Skip »")


@cache
def clear_label() -> Phrase:
    """Name the key that takes the present answer away."""
    # Translators: a key that takes away the answer given before.
    return phrase("Remove answer")


@cache
def keep_label() -> Phrase:
    """Name the key that leaves the present answer as it is."""
    # Translators: a key that leaves the answer given before as it is.
    return phrase("Keep this answer")


@cache
def help_label() -> Phrase:
    """Name the key that explains the question, after several refused tries."""
    # Translators: a key that explains how to answer.
    return phrase("Help")


@cache
def person_label() -> Phrase:
    """Name the key that says which person may help, after several refused tries."""
    # Translators: a key that shows the address of people who run this.
    return phrase("Reach a person")


def named_key(text: str, locale: Locale) -> str | None:
    """Find the navigation key whose label a person sent: `back`, `skip` or `keep`."""
    labels = (
        (back_label(), "back"),
        (skip_label(), "skip"),
        (clear_label(), "skip"),
        (keep_label(), "keep"),
        (help_label(), "help"),
        (person_label(), "person"),
    )
    written = text.strip()
    return next((action for label, action in labels if locale.say(label) == written), None)


def with_navigation(prompt: Prompt, navigation: tuple[tuple[Phrase, str], ...]) -> Prompt:
    """Put navigation keys on the last row of whichever keyboard a prompt has."""
    if not navigation:
        return prompt
    if prompt.keyboard:
        keys = tuple(Key(label) for label, _ in navigation)
        return replace(prompt, keyboard=Keyboard((*prompt.keyboard.rows, keys)))
    rows = (*prompt.rows, _row(navigation))
    return Prompt(prompt.blocks, rows, None, prompt.media, prompt.before)


def with_rows(prompt: Prompt, rows: Rows) -> Prompt:
    """Put further rows of buttons below whichever keyboard a prompt has."""
    if not prompt.keyboard:
        return replace(prompt, rows=(*prompt.rows, *rows)) if rows else prompt
    keys = tuple(tuple(Key(one.label, action=one.action) for one in row) for row in rows)
    return replace(prompt, keyboard=Keyboard((*prompt.keyboard.rows, *keys)))


def _row(navigation: tuple[tuple[Phrase, str], ...]) -> tuple[Button, ...]:
    return tuple(Button(label, action) for label, action in navigation)
