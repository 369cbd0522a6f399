"""Whatever a person does, in whatever order, the conversation holds its promises."""

from __future__ import annotations

import json
from random import Random

import pytest

from conversations.events import (
    ButtonTapped,
    CommandGiven,
    Event,
    MediaSent,
    MessageEdited,
    OtherSent,
    PlaceShared,
    TextWritten,
)
from conversations.programme import Consent
from conversations.replies import Buttons, Send
from tests.dialogue.chat import Chat, programme_of, survey

FORM = survey("""
| | type | name | label | required | relevant | constraint | appearance |
| | note | n | Hello | | | | |
| | select_one c | one | One? | yes | | | |
| | select_multiple c | many | Many? | | | | |
| | integer | i | Whole? | | ${one} = 'a' | . < 20 | |
| | date | d | When? | | | . <= today() | |
| | date | m | Month? | | | | month-year |
| | geopoint | g | Where? | | | | |
| | begin_repeat | r | Child | | | | |
| | image | pic | Picture? | | | | |
| | time | t | At? | | | | |
| | begin_repeat | dose | Dose | | | | |
| | rank c | k | Rank? | | | | |
| | end_repeat | | | | | | |
| | end_repeat | | | | | | |
| | range | x | Range? | yes | | | |
| | acknowledge | ok | OK? | | | | |
| | note | bye | Bye | | | | |
| choices |
| | list_name | name | label |
| | c | a | A |
| | c | b | B |
| | c | c | A label that is far too long for any button on a phone |
""")
WORDS = (
    "",
    "1",
    "12",
    "b",
    "« Back",
    "Skip »",
    "Done",
    "today",
    "1, 2",
    "{x}",
    "-1.2, 36.8",
    "14:30",
)
COMMANDS = ("help", "language", "back", "skip", "cancel", "start", "nonsense")


def anything(chat: Chat, random: Random) -> Event:
    """Do anything: mostly tap what stands, sometimes what stood, sometimes something else."""
    standing = chat.keys if isinstance(chat.keys, Buttons) else None
    if standing and random.random() < 0.7:
        return tap(standing, random)
    others: list[Event] = [
        TextWritten(random.choice(WORDS)),
        TextWritten("🦛" * random.choice((1, 4096)), forwarded=random.random() < 0.3),
        CommandGiven(random.choice(COMMANDS)),
        MediaSent("image", "f", "image/jpeg", random.choice((None, 10, 10**9)), group="g"),
        MediaSent("audio", "f", "audio/ogg"),
        PlaceShared(random.choice((1.5, 91)), 2),
        MessageEdited("1", TextWritten("x")),
        OtherSent("sticker"),
    ]
    if chat.past:
        others.append(tap(random.choice(chat.past), random))
    return random.choice(others)


def tap(keys: Buttons, random: Random) -> ButtonTapped:
    """Tap any of the buttons."""
    button = random.choice([button for row in keys.rows for button in row])
    return ButtonTapped(keys.session_key, keys.step, button.action)


def check_buttons(chat: Chat) -> None:
    """Check what the contract says of buttons and messages."""
    for reply in chat.replies:
        if isinstance(reply, Send):
            assert any(chat.locale.say(block.speech).strip() for block in reply.blocks)
            mine = reply.slot == "question" or not isinstance(reply.keys, Buttons)
            assert mine or reply.keys.step == 0
    if isinstance(chat.keys, Buttons):
        actions = [button.action for row in chat.keys.rows for button in row]
        assert all(len(action) <= 24 and action.isascii() for action in actions)
        assert not any("." in action for action in actions)
        assert len(chat.keys.session_key) == 8


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_there_is_an_answer_and_nothing_breaks(seed: int) -> None:
    """No order of events raises, leaves buttons out of bounds or keeps an answer too many."""
    random = Random(seed)  # noqa: S311 - a repeatable person, not a secret.
    chat = Chat(programme_of(FORM, languages=("en", "sw"), consent=Consent("1", {"en": "Agree?"})))
    for _ in range(150):
        event = anything(chat, random)
        before = chat.session
        chat.does(event)
        check_buttons(chat)
        if chat.session:
            assert json.loads(chat.session.to_json())["step"] >= 0
            assert "1" in chat.agreed or not chat.given
        if isinstance(event, OtherSent | MessageEdited) and before and chat.session:
            assert chat.session.draft == before.draft
    held = {value for value in chat.given.values() if value.endswith((".jpg", ".ogg"))}
    sent = {name for kept in chat.submissions for name in kept.attachments}
    assert set(chat.attachments) == held | sent


@pytest.mark.parametrize("seed", range(3))
def test_the_same_turn_gives_the_same_result(seed: int) -> None:
    """The conversation reads no clock and no chance: twice the same events, twice the same."""
    said = []
    for _ in range(2):
        random = Random(seed)  # noqa: S311 - a repeatable person, not a secret.
        chat = Chat(programme_of(FORM), language="en")
        said.append([chat.does(anything(chat, random)) for _ in range(40)])
    assert said[0] == said[1]
