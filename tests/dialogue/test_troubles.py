"""What a form's author should know of the expressions while people answer."""

from __future__ import annotations

from dataclasses import replace

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


HUNGRY = survey("""
| | type         | name  | label     | repeat_count | calculation        |
| | image        | face  | Photo?    |              |                    |
| | integer      | many  | How many? |              |                    |
| | begin_repeat | child | Child     | ${many}      |                    |
| | calculate    | mine  |           |              | 1                  |
| | calculate    | all   |           |              | sum(${mine}) + count(../../child) |
| | end_repeat   |       |           |              |                    |
| | text         | more  | And?      |              |                    |
""")


def test_a_form_that_asks_for_too_much_keeps_the_session() -> None:
    """An answer that cannot be worked out changes nothing, is told of in words, and may be mended.

    The form's author is told which form it is, and what in it.
    """
    chat = begin(HUNGRY)
    chat.sends("image")
    before = chat.session
    assert chat.writes("2000")[0].startswith("This form asks me to work out too much at once")
    assert chat.session == before
    assert "And?" in chat.writes("2")[-2:]

    occasion = Occasion(NOON, "0" * 32, English)
    turn = advance(programme_of(HUNGRY), Person("en"), before, TextWritten("2000"), occasion)
    assert turn.troubles == ("The form “birth” looks at too much to work out all.",)


def test_a_report_that_cannot_be_opened_can_be_left() -> None:
    """Where even opening the draft asks for too much, /cancel ends the session and its files."""
    chat = begin(HUNGRY)
    chat.sends("image")
    assert chat.session
    draft = (*chat.session.draft, ("/data/many", "2000"))
    chat.session = replace(chat.session, draft=draft)
    assert chat.writes("2")[0].startswith("This form asks me to work out too much at once")
    assert chat.session
    assert chat.attachments
    chat.writes("/cancel")
    assert chat.session is None
    assert not chat.attachments
