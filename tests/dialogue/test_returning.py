"""The bot comes back after a time in which nobody was answered."""

from __future__ import annotations

from conversations.events import BotReturned
from tests.dialogue.chat import Chat, begin, survey

FORM = """
| | type | name | label |
| | acknowledge | read | Read this |
| | text | who | Who? |
"""
AWAY = "I was away for a while. Here is where we were."


def chat() -> Chat:
    """Begin a form."""
    return begin(survey(FORM))


def test_the_question_is_put_once_more() -> None:
    """Whoever was left in the middle sees where they were, once until they go on."""
    amina = chat()
    assert amina.does(BotReturned())[0] == AWAY
    assert amina.does(BotReturned()) == []
    amina.taps("OK")
    assert amina.does(BotReturned())[:2] == [AWAY, "Who?"]


def test_a_tap_on_the_message_from_before_loses_nothing() -> None:
    """The old buttons answer the question as the new ones do, until it is answered."""
    amina = chat()
    before = amina.button("OK")
    amina.does(BotReturned())
    again = amina.button("OK")
    amina.does(before)
    assert amina.given == {"/data/read": "OK"}
    assert amina.does(again) == ["(That is answered already.)"]


def test_who_has_no_report_open_hears_nothing() -> None:
    """Nobody is spoken to who was not in the middle of something."""
    amina = chat()
    amina.session = None
    assert amina.does(BotReturned()) == []
