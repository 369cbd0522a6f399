"""What each kind of question takes, refuses and tells back."""

from __future__ import annotations

import pytest

from conversations.events import Event, MediaSent, OtherSent, PlaceShared, TextWritten
from tests.dialogue.chat import Chat, begin, survey
from tests.dialogue.one_question import asked


def photo(**members: object) -> Event:
    """Send a picture."""
    return MediaSent("image", "f", "image/jpeg", **members)  # type: ignore[arg-type] # by the caller.


TYPED = [
    ("text", "Maji Moto ", "Maji Moto"),
    ("text", "a\nb", "a\nb"),
    ("barcode", "4006381333931", "4006381333931"),
    ("integer", "12", "12"),
    ("integer", "1,200", "1200"),
    ("integer", "-3", "-3"),
    ("integer", "4.0", "4"),
    ("decimal", "2.50", "2.5"),
    ("decimal", "1e2", "100"),
    ("date", "22 November 2026", "2026-11-22"),
    ("date", "yesterday", "2026-11-21"),
    ("time", "14:30", "14:30:00.000"),
    ("dateTime", "22 November 2026 14:30", "2026-11-22T14:30:00.000+03:00"),
    ("geopoint", "-1.2921, 36.8219", "-1.2921 36.8219 0 0"),
    ("geopoint", "4,711 N 74,072 W", "4.711 -74.072 0 0"),
    ("select_one c", "red", "red"),
    ("select_one c", "BLUE", "blue"),
    ("select_one c", "2", "blue"),
    ("select_one c", "7", "7"),
    ("select_one c", "reddish", "7"),
    ("select_multiple c", "Blue, red", "red blue"),
    ("select_multiple c", "1", "red"),
    ("rank c", "3, 1", "7 red blue"),
]


@pytest.mark.parametrize(("kind", "text", "value"), TYPED)
def test_typed_answers_become_values(kind: str, text: str, value: str) -> None:
    """What a person types becomes the string XForms writes."""
    chat = asked(kind)
    chat.writes(text)
    assert chat.given == {"/data/q": value}


REFUSED = [
    ("integer", TextWritten("two"), "I could not read that as a number."),
    ("integer", TextWritten("2.5"), "Please write a whole number"),
    ("integer", TextWritten("99999999999"), "That number is too large."),
    ("decimal", TextWritten("1e400"), "That number is too long."),
    ("decimal", TextWritten("NaN"), "I could not read that as a number."),
    ("decimal", photo(), "Please write a number."),
    ("text", TextWritten("\x00 "), "Please write your answer"),
    ("text", PlaceShared(1, 1), "Please write your answer"),
    ("barcode", photo(), "Please write the number or letters"),
    ("date", TextWritten("31 February 2026"), "I could not read that as a date."),
    ("time", TextWritten("25:00"), "I could not read that as a time."),
    ("dateTime", TextWritten("22 November 2026"), "Please write the day and the time"),
    ("geopoint", TextWritten("91, 0"), "There is no such place."),
    ("geopoint", TextWritten("near the school"), "I could not read that as a place."),
    ("select_one c", TextWritten("green"), "That is not one of the choices."),
    ("select_one c", TextWritten("rx"), "That is not one of the choices."),
    ("select_one c", TextWritten("4"), "That is not one of the choices."),
    ("select_multiple c", TextWritten("red, green"), "That is not one of the choices."),
    ("image", MediaSent("audio", "f", "audio/ogg"), "Please send a photo."),
    ("audio", MediaSent("audio", "f", "audio/ogg", forwarded=True), "That was forwarded."),
    ("audio", TextWritten("la la"), "Please send a voice message."),
    ("video", photo(), "Please send a video."),
    ("file", OtherSent("sticker"), "Please send a file."),
    ("acknowledge", TextWritten("hm"), "Please tap the button"),
    ("rank c", TextWritten("green"), "That is not one of the choices."),
]


@pytest.mark.parametrize(("kind", "event", "said"), REFUSED)
def test_what_does_not_fit_is_refused_with_what_would(kind: str, event: Event, said: str) -> None:
    """Each kind says what is wrong and keeps nothing."""
    chat = asked(kind)
    assert chat.does(event)[0].startswith(f"! {said}")
    assert chat.given == {}


SHOWN = [
    ("integer", "1200", "1,200"),
    ("decimal", "2.5", "2.5"),
    ("date", "22 November 2026", "22 November 2026"),
    ("time", "14:30", "14:30"),
    ("dateTime", "22 November 2026 14:30", "22 November 2026 14:30"),
    ("select_one c", "blue", "Blue"),
    ("select_multiple c", "red, blue", "Red, Blue"),
    ("geopoint", "-1.2921, 36.8219", "-1.2921, 36.8219"),
    ("text", "x" * 300, "x" * 99 + "…"),
]


@pytest.mark.parametrize(("kind", "text", "told"), SHOWN)
def test_answers_are_told_back_in_words(kind: str, text: str, told: str) -> None:
    """The summary shows an answer as people write it, and not at endless length."""
    chat = asked(kind)
    chat.writes(text)
    assert f"1. Well? {told}" in chat.writes("x")


def test_a_calendar_opens_in_place() -> None:
    """The calendar turns its months in the same message and answers with a day."""
    chat = asked("date")
    assert "~ [◀] [November 2026] [▶]" in chat.taps("Calendar")
    assert "~ [◀] [October 2026] [▶]" in chat.taps("◀")
    chat.taps("31")
    assert chat.given == {"/data/q": "2026-10-31"}


def test_days_the_form_refuses_are_not_offered() -> None:
    """Neither a quick pick nor the calendar offers a day the constraint forbids."""
    chat = begin(
        survey("| | type | name | label | constraint |\n| | date | q | When? | . > today() |")
    )
    assert chat.labels == ["Calendar", "Skip »"]
    chat.taps("Calendar")
    assert [label for label in chat.labels if label.isdecimal()] == [
        str(day) for day in range(23, 31)
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("3/2026", "2026-03-01"), ("2026-3", "2026-03-01"), ("May 2026", "2026-05-01")],
)
def test_a_month_is_typed_or_tapped(text: str, value: str) -> None:
    """A month is kept as its first day."""
    chat = asked("date", "month-year")
    if text == "May 2026":
        chat.taps(text)
    else:
        chat.writes(text)
    assert chat.given == {"/data/q": value}


def test_a_year_is_typed_or_tapped() -> None:
    """A year is kept as its first day."""
    tapped, typed = asked("date", "year"), asked("date", "year")
    tapped.taps("2024")
    typed.writes("1987")
    assert tapped.given == {"/data/q": "2024-01-01"}
    assert typed.given == {"/data/q": "1987-01-01"}
    assert asked("date", "year").writes("87")[0].startswith("! Please write the year")


def test_a_short_range_is_tapped_and_a_long_one_typed() -> None:
    """Few steps are buttons; many are written, between bounds and on a step."""
    short, long = (
        asked("range", "", "start=1 end=5 step=1"),
        asked("range", "", "start=0 end=100 step=5"),
    )
    short.taps("4")
    assert short.given == {"/data/q": "4"}
    assert long.writes("7")[0] == "! Write a number from 0 to 100."
    long.writes("35")
    assert long.given == {"/data/q": "35"}


def test_a_shared_place_carries_its_accuracy() -> None:
    """A place is latitude, longitude, altitude (not known in a chat) and accuracy."""
    chat = asked("geopoint")
    chat.shares(-1.2921, 36.8219)
    assert chat.given == {"/data/q": "-1.2921 36.8219 0 12"}


def test_a_line_is_shared_point_by_point() -> None:
    """Points are shared one after the other; an area is closed by its first one."""
    line, area = asked("geotrace"), asked("geoshape")
    for chat in (line, area):
        chat.shares(1, 1)
        assert chat.writes("Done")[0].startswith("! This needs at least")
        chat.shares(1, 2)
        chat.shares(2, 2)
        chat.writes("Done")
    assert line.given == {"/data/q": "1 1 0 12; 1 2 0 12; 2 2 0 12"}
    assert area.given["/data/q"].split("; ")[-1] == "1 1 0 12"


@pytest.mark.parametrize(
    ("kind", "sent", "ending"),
    [
        ("image", {"media_type": "image/jpeg"}, "jpg"),
        ("image", {"media_type": "image/x-new", "file_name": "a.TIFF"}, "tiff"),
        ("audio", {"media_type": "audio/ogg"}, "ogg"),
        ("video", {"media_type": "video/mp4"}, "mp4"),
        ("file", {"media_type": "application/x", "file_name": "../../etc/passwd"}, "bin"),
    ],
)
def test_a_file_gets_a_name_of_ours(kind: str, sent: dict[str, str], ending: str) -> None:
    """The name is made of session and step; only a harmless ending is taken from outside."""
    chat = asked(kind)
    chat.sends(kind, **sent)  # type: ignore[arg-type] # one of the kinds.
    assert chat.attachments == [chat.given["/data/q"]]
    assert chat.attachments[0].endswith(f"-1.{ending}")
    assert "/" not in chat.attachments[0]


def test_a_default_is_shown_to_be_kept() -> None:
    """A question with a default asks whether it is right."""
    chat = begin(survey("| | type | name | label | default |\n| | integer | q | How many? | 3 |"))
    assert "Filled in already: 3" in begin(
        survey("| | type | name | label | default |\n| | integer | q | How many? | 3 |")
    ).writes("/help")
    chat.taps("Keep")
    assert chat.given == {"/data/q": "3"}
    assert chat.session is not None
    assert chat.session.stage == "summary"


def test_a_readonly_question_is_only_read() -> None:
    """What must not be changed is shown like a note, with its value."""
    rows = """
| | type | name | label | default | readonly |
| | text | fixed | The village | Maji Moto | yes |
| | text | q | Who? | | |
"""
    chat = Chat(begin(survey(rows)).programme, language="en")
    assert chat.writes("/start")[:3] == ["The village", "Maji Moto", "Who?"]
    assert "2." not in " ".join(chat.writes("Amina"))
