"""/news: what people want to hear unasked, chosen and taken back by a tap.

A button says what it leads to, yes or no, so that a tap that comes twice does what it does once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from conversations.campaigning.audience import NEWS, RESULTS
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.phrases import Locale, Phrase, phrase, verbatim
from conversations.programme import Programme, form_mark
from conversations.replies import Acknowledge, Block, Button, Buttons, Reply, Revise, Send

COMMAND: Final = "news"
STAMP: Final = "@news"
SLOT: Final = "news"
PLACES_SHOWN: Final = 30
EVERYWHERE: Final = "all"

YES: Final = "1"
NO: Final = "0"
"""Follow a topic's letter in the action of its button: what the tap makes of it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody said about topics: the area where yes (blank: all places), None where no."""

    programme: Programme
    locale: Locale
    said: Mapping[str, str | None]

    def area(self, topic: str) -> str | None:
        """Return for which area a topic is wanted; None where it is not."""
        return self.said.get(topic, "" if topic == NEWS else None)


def is_about_topics(event: Event) -> bool:
    """Tell whether an event is about what somebody wants to hear."""
    match event:
        case CommandGiven(name):
            return name == COMMAND
        case ButtonTapped(session_key=key):
            return key == STAMP
        case _:
            return False


def changed(wishes: Wishes, event: Event) -> tuple[str, str | None] | None:
    """Return the topic a tap changes, and for which area it is wanted now; None for no change."""
    if not isinstance(event, ButtonTapped):
        return None
    what, which = event.action[:1], event.action[1:]
    places = {form_mark(code): code for code in wishes.programme.areas}
    match what:
        case "n" if which in {YES, NO}:
            return NEWS, "" if which == YES else None
        case "r" if which == NO:
            return RESULTS, None
        case "r" if which == YES and not places:
            return RESULTS, ""
        case "a" if which == EVERYWHERE or which in places:
            return RESULTS, places.get(which, "")
        case _:
            return None


def shown(wishes: Wishes, event: Event, *, after_change: bool) -> tuple[Reply, ...]:
    """Show the choices, or the places to choose among."""
    if not isinstance(event, ButtonTapped):
        blocks, keys = _choices(wishes)
        return Revise(SLOT, None), Send(blocks, keys, slot=SLOT)
    places = not after_change and event.action[:1] in {"r", "p"}
    page = int(event.action[1:] or 0) if event.action[:1] == "p" else 0
    blocks, keys = _places(wishes, page) if places else _choices(wishes)
    return Acknowledge(), Revise(SLOT, blocks, keys)


def _choices(wishes: Wishes) -> tuple[tuple[Block, ...], Buttons]:
    # Translators: asked after /news; below stand buttons for news and for monthly results.
    asked = Block(phrase("What do you want to hear from us?"), "question")
    # Translators: below the question what the person wants to hear from the programme.
    hint = Block(phrase("Tap what you want to hear, or not."), "hint")
    # Translators: a choice of what people hear from the programme.
    news = _switch(phrase("News"), "n", on=wishes.area(NEWS) is not None)
    results = _switch(_results(wishes), "r", on=wishes.area(RESULTS) is not None)
    return (asked, hint), Buttons(STAMP, 0, ((news,), (results,)))


def _results(wishes: Wishes) -> Phrase:
    area = wishes.area(RESULTS)
    if area:
        # Translators: a choice of what people hear from the programme; {area} is a place.
        return phrase("Monthly results: {area}", area=place_name(wishes, area))
    # Translators: a choice of what people hear from the programme.
    return phrase("Monthly results")


def _switch(label: Phrase, topic: str, *, on: bool) -> Button:
    """Return the button that shows how a topic stands, and turns it round."""
    shown = verbatim("{sign} {label}", sign="✓" if on else "○", label=label)
    return Button(shown, topic + (NO if on else YES))


def place_name(wishes: Wishes, code: str) -> str:
    """Return what an area is called in the person's language."""
    return name_in(wishes.programme, wishes.locale, code)


def name_in(programme: Programme, locale: Locale, code: str) -> str:
    """Return what an area is called in a language, or its code."""
    area = programme.areas.get(code)
    tags = (*locale.chain, "", *(area.names if area else ()))
    return next((area.names[tag] for tag in tags if area and area.names.get(tag)), code)


def _places(wishes: Wishes, page: int) -> tuple[tuple[Block, ...], Buttons]:
    # Translators: a person chooses the place whose monthly results they want to hear.
    asked = Block(phrase("For which place?"), "question")
    return (asked,), Buttons(STAMP, 0, tuple(_place_rows(wishes, page)))


def _place_rows(wishes: Wishes, page: int) -> Iterator[tuple[Button, ...]]:
    codes = list(wishes.programme.areas)
    for code in codes[page * PLACES_SHOWN : (page + 1) * PLACES_SHOWN]:
        label = verbatim("{area}", area=place_name(wishes, code))
        yield (Button(label, f"a{form_mark(code)}"),)
    # Translators: a choice of a place: the whole programme.
    yield (Button(phrase("all places"), f"a{EVERYWHERE}"),)
    pages = -(-len(codes) // PLACES_SHOWN)
    turns = tuple(
        Button(verbatim("{sign}", sign=sign), f"p{to}")
        for to, sign in ((page - 1, "«"), (page + 1, "»"))
        if 0 <= to < pages
    )
    yield (*turns, Button(phrase("« Back"), "b"))
