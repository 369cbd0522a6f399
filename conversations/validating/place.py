"""Where somebody is at home: registered once, so that they can be asked about what happens there.

One chooses an area of the programme, or shares a place, of which only the area and a cell of 11 km
are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from conversations.phrases import FormText, Phrase, phrase
from conversations.replies import Block, Button, Buttons, Key, Keyboard, NoKeyboard, Reply, Send

STAMP: Final = "~place"
AREAS_MAX: Final = 40
IN_A_ROW: Final = 2
FORGET: Final = "forget"
MARK_SIGNS: Final = 12


def wanted(areas: Mapping[str, str], *, at_rest: bool, learnt: str = "") -> tuple[Reply, ...]:
    """Ask which place somebody knows; `areas` are names by code, in the person's language.

    `learnt` is the name of the one that a report of theirs told of, where they said none.
    Sharing a place is offered where no question waits that would take it for an answer.
    """
    # Translators: after /place.
    why = phrase(
        "Which place do you know? Now and then I ask people of a place whether what others report "
        "from there is right. You may leave every question out."
    )
    # Translators: after /place; {place} is a place that the person named in a report.
    told = phrase("From a report of yours I take it that you know {place}.", place=FormText(learnt))
    # Translators: a button: do not keep where I live.
    forget = Button(phrase("Forget my place"), FORGET)
    buttons = [Button(FormText(name), _mark(code)) for code, name in _shown(areas)]
    rows = [tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)]
    said = (Block(why), Block(told)) if learnt else (Block(why),)
    asked = Send(said, Buttons(STAMP, 0, (*rows, (forget,))))
    return (asked, _share()) if at_rest else (asked,)


def chosen(areas: Mapping[str, str], action: str) -> str:
    """Return the code of the area that a button stands for; blank for none."""
    return next((code for code in areas if _mark(code) == action), "")


def kept(name: str) -> Send:
    """Say which place is kept; a blank name is only somewhere near."""
    if name:
        # Translators: somebody registered for a place; {place} is its name.
        said = phrase("Kept: {place}. To change it, send /place.", place=FormText(name))
    else:
        # Translators: somebody shared where they live, which lies in no known area.
        said = phrase("Kept, and only roughly where. To change it, send /place.")
    return Send((Block(said),), NoKeyboard())


def forgotten() -> Phrase:
    """Say that no place is kept."""
    # Translators: somebody does not want to be registered for a place any more.
    return phrase("Your place is forgotten. I ask you about no place any more.")


def agree_first() -> Phrase:
    """Ask for consent before anything is kept."""
    # Translators: somebody wants to register for a place before they agreed to anything.
    return phrase("Please send /start first, and read what you agree to.")


def _share() -> Send:
    # Translators: below a list of places.
    said = phrase(
        "Or share where you are. Only the area is kept, about 11 km wide, never the exact place."
    )
    # Translators: a key that shares the phone's location.
    key = Key(phrase("📍 Share my place"), shares_place=True)
    return Send((Block(said),), Keyboard(((key,),)))


def _shown(areas: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    return sorted(areas.items(), key=lambda area: area[1])[:AREAS_MAX]


def _mark(code: str) -> str:
    """Name an area in a button, whatever its code is made of."""
    return hashlib.sha256(code.encode()).hexdigest()[:MARK_SIGNS]
