"""What a campaign sends: texts by language, a picture, a form to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conversations.phrases import Phrase, phrase, verbatim
from conversations.programme import Programme, Texts, form_mark
from conversations.replies import Block, Button, Buttons, Send

STAMP: Final = "@to"
"""Stamps the buttons under what was sent to many; the step is the campaign's number."""

OPEN: Final = "open"
WRONG: Final = "wrong/"
"""Opens the action of the button by which somebody says that a published figure is wrong."""

NO_MORE: Final = "enough"

TEXT_MAX: Final = 3_500
"""Characters of a text alone: one message of Telegram's, with room for what may need escaping."""

CAPTION_MAX: Final = 1_000
"""Characters of a text under a picture."""

TITLE_MAX: Final = 24


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `picture` is the handle of a photo, `form_id` a form that a button opens.

    `by_area` are texts for people of one area, by its code, in the place of `texts`. Where it tells
    the results of a month, `period` names that, such as 2026-03, and `figures` are the counts it
    tells, by area (blank: all places) and form: None for too few to show, and
    `figure_words.WITHDRAWN` for one that was taken back. `revised` are earlier figures that changed
    since, by area: period, form and count; `opinions` is what people said of numbers, by area.
    """

    texts: Texts = field(default_factory=dict)
    picture: str = ""
    form_id: str = ""
    by_area: Mapping[str, Texts] = field(default_factory=dict)
    period: str = ""
    figures: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    revised: Mapping[str, Sequence[tuple[str, str, int | None]]] = field(default_factory=dict)
    opinions: Mapping[str, Sequence[Texts]] = field(default_factory=dict)

    @property
    def text_max(self) -> int:
        """Return how many characters a text may have."""
        return CAPTION_MAX if self.picture else TEXT_MAX

    @property
    def title(self) -> str:
        """Return what the campaign is called among others: its first words."""
        first = " ".join(next(iter(self.texts.values()), "").split())
        return first if len(first) <= TITLE_MAX else first[: TITLE_MAX - 1].rstrip() + "…"


def spoken_in(message: Message, programme: Programme, *chain: str, area: str = "") -> str:
    """Return the text somebody reads whose languages are `chain`, the nearest there is."""
    return programme.text(message.by_area.get(area, message.texts), *chain)


def letter(message: Message, number: int, text: str, area: str = "") -> Send:
    """Show a message as people of an area get it; the picture is put there by the host."""
    rows = _rows(message, area if area in message.figures else "")
    return Send((Block(verbatim("{text}", text=text)),), Buttons(STAMP, number, rows))


def _rows(message: Message, area: str) -> tuple[tuple[Button, ...], ...]:
    # Translators: a button under news from the programme; the person wants no more of them.
    enough = (Button(phrase("No more of these"), NO_MORE),)
    if message.figures:
        # Translators: a small button under published numbers, such as "Births: 12 reports".
        wrong = Button(phrase("Something is wrong here"), WRONG + form_mark(area))
        return (wrong,), enough
    if not message.form_id:
        return (enough,)
    # Translators: a button under news from the programme; it begins the form they are about.
    return (Button(phrase("Fill in now"), OPEN + form_mark(message.form_id)),), enough


def no_more() -> Phrase:
    """Answer whoever wants no more news."""
    # Translators: {command} is a command such as /news; the person wants no more such messages.
    return phrase("All right. {command} brings them back.", command=verbatim("/news"))


def finish_first() -> Phrase:
    """Ask whoever is in the middle of a report to finish it before they begin another."""
    # Translators: the person taps a button that begins a form, in the middle of another report.
    return phrase("Please finish or cancel the report that is open, then tap here again.")


def closed() -> Phrase:
    """Say that the form is not open any more."""
    # Translators: the person taps a button that begins a form, which was closed meanwhile.
    return phrase("This form is closed at present.")
