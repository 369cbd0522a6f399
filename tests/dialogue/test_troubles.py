"""What a form's author should know of the expressions while people answer."""

from __future__ import annotations

from conversations.dialogue import advance
from conversations.events import TextWritten
from conversations.turn import Occasion, Person
from tests.dialogue.chat import NOON, begin, programme_of, survey
from tests.dialogue.english import English

FORM = survey("""
| | type      | name  | label   | calculation                |
| | text      | way   | Which?  |                            |
| | calculate | mark  |         | digest('a', ${way}, 'hex') |
| | text      | more  | And?    |                            |
""")


def test_troubles_of_expressions_quote_no_answer() -> None:
    """A turn tells of an expression without a value, in the author's words alone."""
    chat = begin(FORM)
    occasion = Occasion(NOON, "0" * 32, English)
    event = TextWritten("secret words")
    turn = advance(programme_of(FORM), Person("en"), chat.session, event, occasion)
    assert len(turn.troubles) == 1
    assert "digest('a'" in turn.troubles[0]
    assert "secret" not in turn.troubles[0]
