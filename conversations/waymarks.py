"""A thin line of dots, one more of them filled every few questions: how far a person has come.

Dots are read by people who read little. The line stands at the head of a question, and only where
a dot more is filled than at the question before, so that most questions come without it. It goes
by the form's order and guesses nothing: what turns out not to be asked lets it leap ahead.

None stands in a short form, where an answer is changed from the summary, where a question comes
again after a refused try, and above the words of a note: some are words of sorrow. With
`progress = false` in programme.toml none stands at all.
"""

from __future__ import annotations

import re

from conversations.phrases import verbatim
from conversations.replies import Block
from conversations.scene import Scene
from conversations.xform.form import Form
from conversations.xform.instance import Stop

PLACES_MIN = 6
"""The end of a form of fewer questions is in sight anyway."""

PLACES_PER_DOT_MIN = 2
DOTS_MAX = 8
"""More than can be told apart at a glance."""

_POSITION = re.compile(r"\[\d+\]")


def way_come(scene: Scene, form: Form, stop: Stop) -> tuple[Block, ...]:
    """Show how far a person has come, where it is farther than at the question before."""
    session = scene.session
    busy = session.failures or session.from_summary or session.notes
    if busy or not scene.programme.progress:
        return ()
    trail = session.trail
    earlier = trail[: trail.index(stop.reference)] if stop.reference in trail else trail
    before = dots_filled(form, earlier[-1]) if earlier else 0
    filled, dots = dots_filled(form, stop.reference), _dots(form)
    if filled <= before:
        return ()
    return (Block(verbatim("●" * filled + "○" * (dots - filled)), "progress"),)


def dots_filled(form: Form, reference: str) -> int:
    """Return how many dots the questions before a reference fill; never all of them."""
    place = form.order.places.get(_POSITION.sub("", reference), 0)
    return _dots(form) * place // max(1, form.order.count)


def _dots(form: Form) -> int:
    places = form.order.count
    return 0 if places < PLACES_MIN else min(DOTS_MAX, places // PLACES_PER_DOT_MIN)
