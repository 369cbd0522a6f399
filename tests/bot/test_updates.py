"""A table of Telegram's updates and what each means to a conversation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.updates import (
    Arrival,
    ContactLeft,
    GroupLeft,
    GroupMoved,
    GroupSaid,
    Incoming,
    Nothing,
    UnreadableUpdate,
    read_update,
)
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

CHAT = {"id": 7, "type": "private", "first_name": "Amina"}
AMINA = {"id": 7, "is_bot": False, "first_name": "Amina", "language_code": "sw"}
COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]
SIZES = [{"file_id": "small", "file_size": 10}, {"file_id": "large", "file_size": 900}]
VOICE = {"file_id": "v", "mime_type": "audio/ogg", "file_size": 5, "duration": 3}
PLACE = {"latitude": -1.29, "longitude": 36.82}


def message(**members: Any) -> dict[str, Any]:
    """Return a message as Telegram sends it."""
    return {"message_id": 3, "date": 1, "chat": CHAT, "from": AMINA, **members}


MEANINGS: list[tuple[dict[str, Any], Event]] = [
    (message(text="maji"), TextWritten("maji")),
    (message(text="maji", forward_origin={"type": "user"}), TextWritten("maji", forwarded=True)),
    (message(text="/start", entities=COMMAND), CommandGiven("start")),
    (message(text="/Start@baraza_bot abc ", entities=COMMAND), CommandGiven("start", "abc")),
    (message(text="a/b"), TextWritten("a/b")),
    (message(location=PLACE), PlaceShared(-1.29, 36.82)),
    (
        message(location=PLACE | {"horizontal_accuracy": 12.5}),
        PlaceShared(-1.29, 36.82, 12.5),
    ),
    (
        message(venue={"location": PLACE, "title": "Clinic", "address": "x"}, location=PLACE),
        PlaceShared(-1.29, 36.82, None, "Clinic"),
    ),
    (message(photo=SIZES), MediaSent("image", "large", "image/jpeg", 900)),
    (message(voice=VOICE), MediaSent("audio", "v", "audio/ogg", 5)),
    (
        message(
            document={"file_id": "d", "file_name": "a.png", "mime_type": "image/png"},
            caption="look",
            media_group_id="g",
        ),
        MediaSent("image", "d", "image/png", None, "a.png", "look", "g"),
    ),
    (
        message(document={"file_id": "d"}),
        MediaSent("file", "d", "application/octet-stream"),
    ),
    (message(sticker={"file_id": "s", "emoji": "🙂"}), OtherSent("sticker")),
    (message(contact={"phone_number": "1", "first_name": "x"}), OtherSent("contact")),
    (message(poll={"id": "1"}), OtherSent("poll")),
]


@pytest.mark.parametrize(("raw", "event"), MEANINGS, ids=[str(event) for _, event in MEANINGS])
def test_message_means(raw: dict[str, Any], event: Event) -> None:
    """A message in a private chat is one fact, in the conversation's own words."""
    if isinstance(event, TextWritten | PlaceShared | MediaSent):
        event = replace(event, message_key="3")
    assert read_update({"update_id": 1, "message": raw}) == Incoming(1, 7, event, "sw")


EDITED: list[tuple[dict[str, Any], TextWritten | MediaSent | None]] = [
    (message(text="maziwa"), TextWritten("maziwa", message_key="3")),
    (message(photo=SIZES), MediaSent("image", "large", "image/jpeg", 900, message_key="3")),
    (message(text="/back", entities=COMMAND), None),
    (message(poll={"id": "1"}), None),
]


@pytest.mark.parametrize(("raw", "became"), EDITED)
def test_edited_message_means_edited(raw: dict[str, Any], became: TextWritten | None) -> None:
    """A changed message names the message, and what it says now if that can be an answer."""
    arrival = read_update({"update_id": 1, "edited_message": raw})
    assert arrival == Incoming(1, 7, MessageEdited("3", became), "sw")


def test_a_live_location_that_moves_asks_nothing() -> None:
    """Of a live location the first point counts; Telegram sends the next ones as edits."""
    moved = message(location=PLACE | {"live_period": 900})
    assert read_update({"update_id": 1, "message": moved}) == Incoming(
        1, 7, PlaceShared(-1.29, 36.82, message_key="3"), "sw"
    )
    assert read_update({"update_id": 2, "edited_message": moved}) == Nothing(2)


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ("abcdef01.12.c3", ButtonTapped("abcdef01", 12, "c3")),
        ("whatever", ButtonTapped("", 0, "")),
        ("", ButtonTapped("", 0, "")),
        ("a.b.c", ButtonTapped("", 0, "")),
        ("a.²", ButtonTapped("", 0, "")),
    ],
)
def test_tap_says_under_which_question_it_was(data: str, event: ButtonTapped) -> None:
    """A tap names session, step and action; a button that is not ours names nothing."""
    tap = {"id": "t", "from": AMINA, "data": data, "message": message(text="?")}
    arrival = read_update({"update_id": 1, "callback_query": tap})
    assert arrival == Incoming(1, 7, event, "sw", "t")


def test_leaving_and_unknown_kinds() -> None:
    """Blocking the bot is leaving; talk in groups and unknown kinds ask nothing of us."""
    kicked = {"chat": CHAT, "new_chat_member": {"status": "kicked"}}
    assert read_update({"update_id": 1, "my_chat_member": kicked}) == ContactLeft(1, 7)
    group = message(text="hi", chat={"id": -5, "type": "supergroup"})
    assert read_update({"update_id": 2, "message": group}) == Nothing(2)
    assert read_update({"update_id": 3, "brand_new_kind": {}}) == Nothing(3)


GROUP = {"id": -1005, "type": "supergroup", "title": "Moderators", "is_forum": True}
HERE = [{"type": "bot_command", "offset": 0, "length": 5}]
TAP = {"id": "t", "from": AMINA, "data": "@card.7.take"}

IN_GROUPS: list[tuple[dict[str, Any], Arrival]] = [
    (
        {"message": message(text="/here high", entities=HERE, chat=GROUP, message_thread_id=12)},
        GroupSaid(1, -1005, 7, CommandGiven("here", "high"), is_forum=True, topic=12),
    ),
    (
        {"message": message(text="/here@other_bot", entities=HERE, chat=GROUP)},
        GroupSaid(1, -1005, 7, CommandGiven("here"), is_forum=True, addressed="other_bot"),
    ),
    (
        {"message": message(text="/here", entities=HERE, chat=GROUP, sender_chat=GROUP)},
        GroupSaid(1, -1005, 0, CommandGiven("here"), is_forum=True),
    ),
    (
        {"message": message(text="/here", entities=HERE, chat=GROUP, forward_origin={"type": "u"})},
        Nothing(1),
    ),
    ({"edited_message": message(text="/here", entities=HERE, chat=GROUP)}, Nothing(1)),
    (
        {"callback_query": TAP | {"message": message(text="?", chat=GROUP)}},
        GroupSaid(1, -1005, 7, ButtonTapped("@card", 7, "take"), is_forum=True, tap_id="t"),
    ),
    (
        {"message": message(chat={"id": -5, "type": "group"}, migrate_to_chat_id=-1005)},
        GroupMoved(1, -5, -1005),
    ),
    ({"message": message(chat=GROUP, migrate_from_chat_id=-5)}, Nothing(1)),
    (
        {"my_chat_member": {"chat": GROUP, "new_chat_member": {"status": "left"}}},
        GroupLeft(1, -1005),
    ),
    (
        {"my_chat_member": {"chat": GROUP, "new_chat_member": {"status": "member"}}},
        Nothing(1),
    ),
]


@pytest.mark.parametrize(("raw", "arrival"), IN_GROUPS)
def test_what_concerns_us_of_a_group(raw: dict[str, Any], arrival: Arrival) -> None:
    """Commands and taps, who gave them where Telegram says so; that it moved, that we are out."""
    assert read_update({"update_id": 1, **raw}) == arrival


@pytest.mark.parametrize("raw", [{}, {"update_id": "x"}, {"update_id": 1, "message": {"text": 5}}])
def test_unreadable_update_is_refused_by_name(raw: dict[str, Any]) -> None:
    """What is not as Telegram documents it is named, not guessed at."""
    with pytest.raises(UnreadableUpdate):
        read_update(raw)
