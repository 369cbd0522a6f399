"""What each kind of question takes, refuses and tells back."""

from __future__ import annotations

import pytest

from conversations.events import Event, MediaSent, OtherSent, PlaceShared, TextWritten
from tests.dialogue.chat import Chat, begin, survey

CHOICES = """
| choices |
| | list_name | name | label |
| | c | red | Red |
| | c | blue | Blue |
| | c | 7 | Reddish blue |
"""
HEAD = "| | type | name | label | appearance | parameters | required |\n"


def asked(kind: str, appearance: str = "", parameters: str = "", required: str = "") -> Chat:
    """Ask one question of a kind, and another text after it."""
    row = f"| | {kind} | q | Well? | {appearance} | {parameters} | {required} |\n"
    after = "| | text | after | And? | | | |"
    return begin(survey(HEAD + row + after + CHOICES))


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
    ("select_one c", "bl", "blue"),
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
    ("select_one c", TextWritten("re"), "That is not one of the choices."),
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


def test_ticks_are_set_and_taken_away_in_place() -> None:
    """Ticks show in the same message; Done takes them in the list's order."""
    chat = asked("select_multiple c")
    chat.taps("Reddish")
    assert ["~", "[Red]", "[✅", "Blue]"][1] in chat.taps("Blue")[2]
    chat.taps("✅ Blue")
    chat.taps("Red")
    chat.taps("Done")
    assert chat.given == {"/data/q": "red 7"}


def test_a_tick_delivered_twice_stays_a_tick() -> None:
    """The same tap again sets the same tick; it does not take it away."""
    chat = asked("select_multiple c")
    tap = chat.button("Blue")
    chat.does(tap)
    assert chat.does(tap) == []
    chat.taps("Done")
    assert chat.given == {"/data/q": "blue"}


def test_what_is_typed_beside_ticks_is_ticked_too() -> None:
    """The list stays with its ticks, and only Done answers; typing a ticked one keeps its tick."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    said = chat.writes("red")
    assert said[0] == "Well?"
    assert {"✅ Red", "✅ Blue", "Done »"} <= set(chat.labels)
    chat.writes("Blue, Red")
    assert {"✅ Red", "✅ Blue", "Reddish blue"} <= set(chat.labels)
    assert chat.given == {}
    chat.taps("Done")
    assert chat.given == {"/data/q": "red blue"}


def test_what_is_unknown_beside_ticks_leaves_them() -> None:
    """A word that is no choice is refused, and the ticks stand."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    assert chat.writes("green")[0].startswith("! That is not one of the choices.")
    chat.taps("Done")
    assert chat.given == {"/data/q": "blue"}


def test_typing_answers_once_no_tick_is_left() -> None:
    """A tick set and taken away again leaves nothing to add to."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    chat.taps("✅ Blue")
    chat.writes("red")
    assert chat.given == {"/data/q": "red"}


def test_typing_takes_the_place_of_an_answer_that_was_kept() -> None:
    """An earlier answer shows as ticks, but only ticks that are touched are added to."""
    replaced, added = asked("select_multiple c"), asked("select_multiple c")
    for chat in (replaced, added):
        chat.writes("red")
        chat.writes("/back")
        assert "✅ Red" in chat.labels
    replaced.writes("blue")
    assert replaced.given == {"/data/q": "blue"}
    added.taps("Reddish")
    added.writes("blue")
    added.taps("Done")
    assert added.given == {"/data/q": "red blue 7"}


def long_list() -> Chat:
    """Ask for several of twenty-five places."""
    choices = "\n".join(f"| | l | n{number} | Place {number} |" for number in range(1, 26))
    return begin(
        survey(
            f"{HEAD}| | select_multiple l | q | Where? | | | |\n| | text | after | And? | | | |\n"
            f"| choices |\n| | list_name | name | label |\n{choices}"
        )
    )


def test_turning_the_page_touches_no_tick() -> None:
    """A kept answer that was only looked through is replaced by what is typed."""
    chat = long_list()
    chat.writes("place 3")
    chat.writes("/back")
    chat.taps("▶")
    chat.writes("place 20")
    assert chat.given == {"/data/q": "n20"}


def test_a_tick_that_was_typed_can_be_seen() -> None:
    """The list turns to the page of what was typed, and stays where that shows already."""
    chat = long_list()
    chat.taps("Place 2")
    chat.writes("place 20")
    assert {"✅ Place 20", "2/3"} <= set(chat.labels)
    chat.writes("place 3, place 15")
    assert {"✅ Place 15", "2/3"} <= set(chat.labels)
    chat.taps("Done")
    assert chat.given == {"/data/q": "n2 n3 n15 n20"}


@pytest.mark.parametrize("kind", ["select_one c", "select_multiple c"])
def test_a_choice_typed_by_its_name_is_told_back_by_its_label(kind: str) -> None:
    """A name that is kept as it was typed still shows as its label."""
    chat = asked(kind)
    assert chat.writes("7")[:2] == ["~ Well?", "~ ✓ Reddish blue"]
    assert chat.given == {"/data/q": "7"}


def test_labels_typed_as_they_stand_are_not_told_back() -> None:
    """The chat shows them already, just below the question."""
    chat = asked("select_multiple c")
    assert chat.writes("Red, Blue")[0] == "And?"
    assert chat.given == {"/data/q": "red blue"}


def test_nothing_ticked_is_no_answer() -> None:
    """Done without a tick leaves an optional question blank and refuses a required one."""
    optional, required = asked("select_multiple c"), asked("select_multiple c", required="yes")
    assert optional.taps("Done")[-2] == "And?"
    assert required.taps("Done")[0] == "! Please choose at least one."


def test_a_long_list_has_pages() -> None:
    """Ten choices show at once; the others are a tap away, and can be typed from any page."""
    choices = "\n".join(f"| | l | n{number} | Place {number} |" for number in range(1, 26))
    form = survey(
        f"{HEAD}| | select_one l | q | Where? | | | |\n| choices |\n"
        f"| | list_name | name | label |\n{choices}"
    )
    chat = begin(form)
    assert "[◀] [1/3] [▶]" in " ".join(f"[{label}]" for label in chat.labels)
    chat.taps("▶")
    chat.taps("Place 20")
    assert chat.given == {"/data/q": "n20"}
    typed = begin(form)
    typed.writes("place 25")
    assert typed.given == {"/data/q": "n25"}


def test_long_labels_are_listed_and_tapped_by_number() -> None:
    """Labels that fit no button stand in the message, numbered."""
    long = "Somebody else from the village or from another place nearby"
    form = survey(
        f"{HEAD}| | select_one l | q | Who? | | | |\n| choices |\n"
        f"| | list_name | name | label |\n| | l | a | The mother |\n| | l | b | {long} |"
    )
    chat = begin(form)
    assert chat.labels[:2] == ["1", "2"]
    assert chat.taps("2")[1] == f"~ ✓ {long}"


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


def test_choices_are_ranked_by_tapping_them_in_order() -> None:
    """The last choice takes the last place by itself."""
    chat = asked("rank c")
    assert "~ [1. Blue]" in chat.taps("Blue")
    chat.taps("Reddish")
    assert chat.given == {"/data/q": "blue 7 red"}


def test_reading_is_acknowledged() -> None:
    """An acknowledgement is kept as OK and shown as read."""
    chat = asked("acknowledge")
    chat.taps("OK")
    assert chat.given == {"/data/q": "OK"}
    assert "1. Well? read" in chat.writes("x")


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
