"""A live instance handed from turn to turn saves work and changes nothing else."""

from __future__ import annotations

from random import Random

import pytest

from conversations.events import Event
from conversations.programme import Consent
from conversations.scene import Scene, instance_anew
from conversations.turn import Occasion, Person
from tests.dialogue.chat import NOON, Chat, begin, programme_of, survey
from tests.dialogue.english import English
from tests.dialogue.test_anything import FORM, anything

WORKED_OUT = survey("""
| | type | name | label | relevant | calculation | choice_filter | default | constraint |
| | integer | many | How many? | | | | | . < 30 |
| | select_one c | one | One? | | | | | |
| | select_one d | two | Two, of ${one}? | | | of = ${one} | | |
| | begin_repeat | r | Child | | | | | |
| | integer | age | Age? | | | | | |
| | calculate | older | | | ${age} + ${many} | | | |
| | note | told | ${older} of ${sum} | ${age} > 3 | | | | |
| | end_repeat | | | | | | | |
| | calculate | sum | | | sum(${age}) | | | |
| | calculate | first | | | once(${many}) | | | |
| | calculate | today | | | today() | | | |
| | calculate | chance | | | random() | | | |
| | text | why | Why, ${sum} on ${today}? | ${sum} > 5 | | | | |
| | date | day | Which day? | | | | | . <= today() |
| choices |
| | list_name | name | label | of |
| | c | a | A | |
| | c | b | B | |
| | d | a1 | A one | a |
| | d | a2 | A two | a |
| | d | b1 | B one | b |
""")
CLOCK = WORKED_OUT.replace("| today() |", "| now() |")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", [FORM, WORKED_OUT, CLOCK])
def test_turns_with_and_without_a_live_instance_are_the_same(form: str, seed: int) -> None:
    """Whatever a person does and however much time passes, replies and drafts are the same."""
    programme = programme_of(form, languages=("en", "sw"), consent=Consent("1", {"en": "Agree?"}))
    chats = (Chat(programme), Chat(programme, keeps_live=True))
    random = Random(seed)  # noqa: S311 - a repeatable person, not a secret.
    for _ in range(80):
        event, hours = anything(chats[0], random), random.choice((0, 0, 0, 1, 30))
        brought_back, lively = (_met(chat, event, hours) for chat in chats)
        assert lively.replies == brought_back.replies
        assert lively.session == brought_back.session


def _met(chat: Chat, event: Event, hours: int) -> Chat:
    chat.waits(hours=hours)
    chat.does(event)
    return chat


def test_a_live_instance_is_used_while_it_agrees() -> None:
    """The instance of one turn is that of the next, until the day or the language is another."""
    chat = begin(WORKED_OUT)
    chat.keeps_live = True
    chat.writes("3")
    first = chat.live
    chat.taps("A")
    assert chat.live is first
    chat.waits(days=1)
    chat.taps("A one")
    assert chat.live is not first


def test_a_form_that_reads_the_clock_is_brought_back_each_time() -> None:
    """What is worked out from now() is another at each moment, so no instance stays."""
    chat = begin(CLOCK)
    chat.keeps_live = True
    chat.writes("3")
    first = chat.live
    chat.taps("A")
    assert chat.live is not first


SHOWN = survey("""
| | type | name | label | constraint |
| | text | what | What? | |
| | time | hour | At what time? | . <= format-date-time(now(), '%H:%M') |
""")


def test_what_is_shown_of_the_clock_is_worked_out_each_time() -> None:
    """A constraint that reads now() holds for the moment of the answer, also on a live instance."""
    chat = begin(SHOWN)
    chat.keeps_live = True
    chat.writes("a")
    assert chat.writes("13:30")[0].startswith("!")
    chat.waits(hours=2)
    assert not chat.writes("13:30")[0].startswith("!")


def test_an_instance_that_changed_since_is_not_used() -> None:
    """An instance whose turn was not kept does not agree with the draft any more."""
    chat = begin(WORKED_OUT)
    chat.keeps_live = True
    chat.writes("3")
    assert chat.session is not None
    assert chat.live is not None
    chat.live.put("/data/many", "7")
    scene = Scene(chat.programme, Person(), chat.session, Occasion(NOON, "", English, chat.live))
    assert scene.form is not None
    brought_back = instance_anew(scene, scene.form)
    assert chat.live.agrees(scene.form, chat.session.draft, brought_back.surroundings) is False
    assert brought_back.agrees(scene.form, chat.session.draft, brought_back.surroundings)
