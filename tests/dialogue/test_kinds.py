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
    ("time", "14:30", "14:30:00.000+03:00"),
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
    ("text", TextWritten("x" * 3_001), "That is 3,001 characters long."),
    ("decimal", TextWritten("5 metres"), "Please write the number alone, without “metres”"),
    ("date", TextWritten("some day"), "I could not read that as a date."),
    ("time", TextWritten("25:00"), "I could not read that as a time."),
    ("dateTime", TextWritten("some day"), "Please write the day and the time"),
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
    assert chat.labels == ["Tomorrow", "Calendar", "Skip »"]
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


def test_a_day_that_does_not_exist_is_met_with_the_nearest() -> None:
    """The last day of the month is a tap away; nothing is kept before."""
    chat = asked("date")
    assert "! There is no such day: February 2026 has 28 days." in chat.writes("31 February 2026")
    assert chat.given == {}
    chat.taps("Sat 28 February")
    assert chat.given == {"/data/q": "2026-02-28"}


def test_what_can_be_two_days_is_asked() -> None:
    """The two are shown, and the calendar for any other."""
    chat = asked("date")
    assert "Which day do you mean?" in chat.writes("Sunday")
    assert chat.labels[:3] == ["Sun 15 November", "Sun 29 November", "Calendar"]
    chat.taps("Sun 15 November")
    assert chat.given == {"/data/q": "2026-11-15"}


def test_the_form_decides_between_two_days() -> None:
    """Of two days the form would refuse one; the other is meant."""
    chat = begin(
        survey("| | type | name | label | constraint |\n| | date | q | When? | . > today() |")
    )
    chat.writes("Sunday")
    assert chat.given == {"/data/q": "2026-11-29"}


def test_a_month_typed_where_a_day_is_asked_opens_the_calendar_there() -> None:
    """Somebody who knows the month is shown its days."""
    chat = asked("date")
    chat.writes("May 2024")
    assert "May 2024" in chat.labels
    chat.taps("31")
    assert chat.given == {"/data/q": "2024-05-31"}


def test_the_calendar_goes_back_years_in_few_taps() -> None:
    """The title leads to the months, and theirs to the years."""
    chat = asked("date")
    for label in ("Calendar", "November 2026", "2026", "◀", "1988", "June 1988", "7"):
        chat.taps(label)
    assert chat.given == {"/data/q": "1988-06-07"}


def test_a_time_is_tapped_hour_by_hour() -> None:
    """The hours come first, then the minutes of the one that was tapped."""
    chat = asked("time")
    for label in ("Clock", "14:00", "14:35"):
        chat.taps(label)
    assert chat.given == {"/data/q": "14:35:00.000+03:00"}


def test_a_time_of_either_half_of_the_day_is_asked() -> None:
    """Eight may be in the morning or the evening."""
    chat = asked("time")
    assert "Which time do you mean?" in chat.writes("8")
    chat.taps("20:00")
    assert chat.given == {"/data/q": "20:00:00.000+03:00"}


def test_a_moment_is_a_day_and_then_its_time() -> None:
    """A day alone, typed or tapped, leads to the hours of that day."""
    typed, tapped = asked("dateTime"), asked("dateTime")
    typed.writes("yesterday")
    tapped.taps("Calendar")
    tapped.taps("21")
    for chat in (typed, tapped):
        assert "00:00" in chat.labels
        chat.taps("06:00")
        chat.taps("06:05")
        assert chat.given == {"/data/q": "2026-11-21T06:05:00.000+03:00"}


def test_a_number_of_a_phone_keeps_its_digits() -> None:
    """Signs between digits go; zeros in front, and a plus, stay."""
    for text, kept in (("0712-345 678", "0712345678"), ("+254 (0)7", "+25407"), ("٠١٢", "012")):
        chat = asked("text", "numbers")
        chat.writes(text)
        assert chat.given == {"/data/q": kept}
    assert asked("text", "numbers").writes("call me")[0].startswith("! Please write digits only")
    assert asked("text", "numbers").writes("1" * 41)[0].startswith("! That is 41 digits long.")


def test_what_is_masked_is_not_said_back() -> None:
    """The summary shows dots; what was written is kept."""
    chat = asked("text", "masked")
    chat.writes("secret")
    assert chat.given == {"/data/q": "secret"}
    assert "1. Well? ••••••" in chat.writes("x")


@pytest.mark.parametrize(
    ("constraint", "text", "said"),
    [
        (". >= 0 and . <= 20", "21", "Write a number from 0 to 20."),
        (". > 0", "0", "That is too little. The smallest number here is 1."),
        (". < 100", "100", "That is too much. The largest number here is 99."),
        (". mod 2 = 0", "3", "That cannot be right here."),
    ],
)
def test_the_bounds_of_a_constraint_are_said(constraint: str, text: str, said: str) -> None:
    """Where the form has no words of its own, plain bounds are told."""
    rows = f"| | type | name | label | constraint |\n| | integer | q | How many? | {constraint} |"
    chat = begin(survey(rows))
    assert chat.writes(text)[0].startswith(f"! {said}")


def test_a_day_out_of_bounds_is_met_with_the_last_one() -> None:
    """The bound moves with the day on which it is asked."""
    rows = "| | type | name | label | constraint |\n| | date | q | When? | . <= today() |"
    chat = begin(survey(rows))
    said = chat.writes("23 November 2026")[0]
    assert said == "! That is too late. The last day I can take here is 22 November 2026."


def test_a_rating_is_given_in_stars() -> None:
    """Each button has its number and a star."""
    chat = asked("range", "rating", "start=1 end=5 step=1")
    assert chat.labels[:5] == ["1 ⭐", "2 ⭐", "3 ⭐", "4 ⭐", "5 ⭐"]
    chat.taps("4")
    assert chat.given == {"/data/q": "4"}


def test_a_picker_turns_its_pages() -> None:
    """Fifteen numbers show at once, and any can be typed."""
    chat = asked("range", "picker", "start=0 end=50 step=0.5")
    assert "1/7" in chat.labels
    chat.taps("▶")
    chat.taps("7.5")
    assert chat.given == {"/data/q": "7.5"}
    typed = asked("range", "picker", "start=0 end=50 step=0.5")
    typed.writes("49.5")
    assert typed.given == {"/data/q": "49.5"}


def test_a_short_range_is_tapped_and_a_long_one_typed() -> None:
    """Few steps are buttons; many are written, between bounds and on a step."""
    short, long = (
        asked("range", "", "start=1 end=5 step=1"),
        asked("range", "", "start=0 end=100 step=5"),
    )
    short.taps("4")
    assert short.given == {"/data/q": "4"}
    assert long.writes("7")[0] == "! Write a number from 0 to 100, in steps of 5."
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
