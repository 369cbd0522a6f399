"""What the gallery shows: for each kind of question the rows that make it, and a short chat.

`before` leads up to the picture, `after` to the report; both in the notation of transcripts. What
a form needs besides its survey (the sheet settings) is added when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Acts = tuple[str, ...]
Row = tuple[str, ...]

_LOCATION = "(location -1.2921, 36.8219, 9)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture: `survey` and `choices` are rows, the first with the columns' names."""

    name: str
    title: str
    about: str
    survey: tuple[Row, ...]
    after: Acts
    before: Acts = ()
    choices: tuple[Row, ...] = ()

    def form(self) -> str:
        """Write the rows as the Markdown tables of an XLSForm."""
        return "\n".join((*_sheet("survey", self.survey), *_sheet("choices", self.choices)))


def _sheet(name: str, rows: tuple[Row, ...]) -> Iterator[str]:
    if rows:
        yield f"| {name} |"
    for row in rows:
        yield f"| | {' | '.join(row)} |"


def _row(type_: str, name: str, label: str, **columns: str) -> tuple[Row, ...]:
    """Write a survey of one question, with the columns it needs."""
    return (("type", "name", "label", *columns), (type_, name, label, *columns.values()))


def _list(name: str, *labels: str) -> tuple[Row, ...]:
    named = ((name, label.split()[0].lower().strip(","), label) for label in labels)
    return (("list_name", "name", "label"), *named)


_WATER = _list("source", "Spring", "Borehole", "River", "Rain", "Tap")
_SCALE = _list("scale", "Never", "Rarely", "Often", "Always")
_NEEDS = _list("need", "Water", "Roads", "Nurses", "Medicine", "None of these")
_WARDS = _list(
    "ward",
    *("Maji Moto", "Ololulung'a", "Narosura", "Keekonyokie", "Siana", "Naikarra", "Melelo"),
    *("Loita", "Melili", "Ilkerin", "Mogondo", "Kapsasian", "Ildamat", "Suswa", "Mosiro", "Mara"),
)
_ANIMALS = (
    ("list_name", "name", "label", "media::image"),
    ("animal", "cow", "Cow", "cow.png"),
    ("animal", "goat", "Goat", "goat.png"),
    ("animal", "camel", "Camel", "camel.png"),
)

ENTRIES = (
    Entry(
        "text",
        "Text",
        "Typed, up to 3,000 characters, and kept as it was written. A constraint of the form, and "
        "the message it gives, hold in the chat as in ODK.",
        _row("text", "what", "What happened at the spring?"),
        after=("The pump is broken.",),
    ),
    Entry(
        "numbers",
        "Text with the appearance `numbers`",
        "Digits that nobody counts with, such as a phone number: space and signs between them go, "
        "a plus and zeros before them stay.",
        _row("text", "phone", "Which number may we call?", appearance="numbers"),
        after=("+254 700-000 000",),
    ),
    Entry(
        "spoken",
        "Text that may be spoken",
        "With `yes` in the column `body::voice`: typed, or said as a voice message, which is kept "
        "as an attachment.",
        _row("text", "story", "What happened?", **{"body::voice": "yes"}),
        after=("(voice)",),
    ),
    Entry(
        "integer",
        "Whole number",
        "In the person's own digits, separators or words, alone or with its measure.",
        _row("integer", "cows", "How many cows do you have?", constraint=". < 1000"),
        after=("twelve",),
    ),
    Entry(
        "decimal",
        "Decimal number",
        "With the decimal sign of the person's language.",
        _row("decimal", "distance", "How far is it to the clinic, in kilometres?"),
        after=("12.5 km",),
    ),
    Entry(
        "range",
        "Range of few steps",
        "Up to fifteen steps are buttons; more are typed between bounds that are said.",
        _row("range", "months", "How many months?", parameters="start=1 end=9 step=1"),
        after=("[7]",),
    ),
    Entry(
        "rating",
        "Range with the appearance `rating`",
        "Stars.",
        _row(
            "range",
            "care",
            "How was the care at the clinic?",
            appearance="rating",
            parameters="start=1 end=5 step=1",
        ),
        after=("[4 ⭐]",),
    ),
    Entry(
        "picker",
        "Range with the appearance `picker`",
        "Pages of numbers to turn; writing the number is as good.",
        _row(
            "range",
            "minutes",
            "How many minutes was the way?",
            appearance="picker",
            parameters="start=0 end=120 step=5",
        ),
        after=("45",),
    ),
    Entry(
        "date",
        "Date",
        "Today and yesterday are one tap; anything else is typed as people here write it, or found "
        "in the calendar. A day the form would refuse has no button.",
        _row("date", "birth", "On which day was the child born?", constraint=". <= today()"),
        after=("last Friday",),
    ),
    Entry(
        "calendar",
        "Date: the calendar",
        "Opened in place; a tap on its title shows the months, another one the years.",
        _row("date", "birth", "On which day was the child born?", constraint=". <= today()"),
        before=("[Calendar]",),
        after=("[1]",),
    ),
    Entry(
        "month",
        "Date with the appearance `month-year`",
        "Kept as the first day of the month.",
        _row("date", "due", "In which month is the baby due?", appearance="month-year"),
        after=("May 2026",),
    ),
    Entry(
        "year",
        "Date with the appearance `year`",
        "Kept as the first day of the year.",
        _row("date", "built", "In which year was the well built?", appearance="year"),
        after=("2019",),
    ),
    Entry(
        "time",
        "Time",
        "Now, typed, or found on the clock: first the hour, then the minutes.",
        _row("time", "clock", "At what time did it begin?"),
        before=("[Clock]",),
        after=("[2:00\u202fpm]", "[2:15\u202fpm]"),
    ),
    Entry(
        "moment",
        "Date and time",
        "Typed together, or the day first and then the time.",
        _row("dateTime", "when", "When did the water stop?"),
        after=("yesterday 4:30 pm",),
    ),
    Entry(
        "select_one",
        "One of a list",
        "Buttons; what is typed is matched to a label, forgiving spelling and accents.",
        _row("select_one source", "water", "Where does your water come from?"),
        choices=_WATER,
        after=("[Spring]",),
    ),
    Entry(
        "columns",
        "One of a list with the appearance `columns`",
        "As many buttons side by side as their labels have room for.",
        _row(
            "select_one source",
            "water",
            "Where does your water come from?",
            appearance="columns",
        ),
        choices=_WATER,
        after=("[River]",),
    ),
    Entry(
        "likert",
        "One of a list with the appearance `likert`",
        "A scale in one row; where a label has no room there, numbers stand for the labels.",
        _row("select_one scale", "dry", "Does the well run dry?", appearance="likert"),
        choices=_SCALE,
        after=("[Often]",),
    ),
    Entry(
        "long_list",
        "One of a long list",
        "Pages to turn; writing some letters finds what is meant, misspelled too.",
        _row("select_one ward", "ward", "In which ward is it?"),
        choices=_WARDS,
        after=("mellelo", "[Melelo]"),
    ),
    Entry(
        "minimal",
        "One of a long list with the appearance `minimal` or `autocomplete`",
        "The list is searched first.",
        _row("select_one ward", "ward", "In which ward is it?", appearance="minimal"),
        choices=_WARDS,
        after=("narosura",),
    ),
    Entry(
        "found",
        "One of a long list: did you mean",
        "What is only like a choice is offered and never taken by itself.",
        _row("select_one ward", "ward", "In which ward is it?", appearance="autocomplete"),
        choices=_WARDS,
        before=("Naikara",),
        after=("[Naikarra]",),
    ),
    Entry(
        "pictures",
        "One of a list with pictures",
        "Choices with `media::image` come as an album; the numbers stand on the buttons.",
        _row("select_one animal", "animal", "Which animal was taken?"),
        choices=_ANIMALS,
        after=("[2. Goat]",),
    ),
    Entry(
        "or_other",
        "One of a list with `or_other`",
        "Another choice, in the person's language, and a question that says what it is.",
        _row("select_one source or_other", "water", "Where does your water come from?"),
        choices=_WATER,
        after=("[Other]", "a neighbour's tank"),
    ),
    Entry(
        "select_multiple",
        "Several of a list",
        "Ticks are set and taken away, then Done. Where the constraint says that a choice stands "
        "alone, it clears the others.",
        _row(
            "select_multiple need",
            "needs",
            "What is missing here?",
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
        ),
        choices=_NEEDS,
        before=("[Water]", "[Nurses]"),
        after=("[Done »]",),
    ),
    Entry(
        "rank",
        "Ranking",
        "Tapped in order; the last one left takes the last place by itself.",
        _row("rank need", "order", "What matters most?"),
        choices=_NEEDS[:-1],
        before=("[Water]", "[Nurses]"),
        after=("[Roads]",),
    ),
    Entry(
        "acknowledge",
        "Acknowledgement",
        "One button, for what is to be read.",
        _row("acknowledge", "read", "Your name is not written down. You may stop at any time."),
        after=("[OK, I have read this]",),
    ),
    Entry(
        "geopoint",
        "Place",
        "Shared with the key or the paper clip, typed, or a map's link. Its accuracy is kept.",
        _row("geopoint", "where", "Where is the spring?"),
        after=(_LOCATION,),
    ),
    Entry(
        "geotrace",
        "Line",
        "Points shared one after the other.",
        _row("geotrace", "path", "Along which way do you fetch water?"),
        before=(_LOCATION, "(location -1.3, 36.83, 9)"),
        after=("Done »",),
    ),
    Entry(
        "geoshape",
        "Area",
        "Its corners, one after the other; it is closed by itself.",
        _row("geoshape", "field", "Where is the field?"),
        before=(_LOCATION, "(location -1.3, 36.83, 9)", "(location -1.31, 36.82, 9)"),
        after=("Done »",),
    ),
    Entry(
        "image",
        "Picture",
        "A photo, or a picture sent as a file, which keeps all its points. Words beside it are "
        "kept.",
        _row("image", "photo", "Please send a picture of the pump."),
        after=("(photo)",),
    ),
    Entry(
        "audio",
        "Sound",
        "A voice message of one's own; a forwarded one is not taken.",
        _row("audio", "voice", "Please tell us what happened."),
        after=("(voice)",),
    ),
    Entry(
        "video",
        "Film",
        "Up to 20 MB, which is what a bot may fetch.",
        _row("video", "film", "Please send a film of the road."),
        after=("(video)",),
    ),
    Entry(
        "file",
        "File",
        "Any file, or the kinds that the form names.",
        _row("file", "paper", "Please send the letter of the court."),
        after=("(document)",),
    ),
    Entry(
        "barcode",
        "Barcode",
        "The number or letters at it, typed.",
        _row("barcode", "code", "Which code stands on the box?"),
        after=("5901234123457",),
    ),
    Entry(
        "note",
        "Note",
        "Stands ahead of the next question in the same message; alone at the end it has a button.",
        (
            ("type", "name", "label"),
            ("note", "about", "The next questions are about **water**."),
            ("select_one source", "water", "Where does your water come from?"),
        ),
        choices=_WATER,
        after=("[Tap]",),
    ),
    Entry(
        "repeat",
        "Repeat",
        "Asked for one by one; each can be looked at, changed or removed. `required_message` and "
        "`constraint_message` on its row ask in the form's own words.",
        (
            ("type", "name", "label", "required_message", "constraint_message"),
            ("begin_repeat", "child", "Child", "Do you have a child?", "Another child?"),
            ("text", "name", "What is its name?", "", ""),
            ("integer", "age", "How old is it?", "", ""),
            ("end_repeat", "", "", "", ""),
        ),
        before=("[Yes, add one]", "Amina", "7", "[Yes, add one]", "Juma", "3"),
        after=("[No, go on]",),
    ),
    Entry(
        "field_list",
        "Group with the appearance `field-list`",
        "One message where every question is answered with a tap on one of a few short choices; "
        "else question by question.",
        (
            ("type", "name", "label", "appearance", "parameters"),
            ("begin_group", "week", "In the last week", "field-list", ""),
            ("select_one scale", "dry", "Did the well run dry?", "", ""),
            ("select_one scale", "ill", "Was somebody ill from the water?", "", ""),
            ("range", "days", "On how many days was it dry?", "", "start=0 end=7 step=1"),
            ("end_group", "", "", "", ""),
        ),
        choices=_SCALE,
        before=("[1 · Rarely]",),
        after=("[2 · Never]", "[3 · 6]", "[Done »]"),
    ),
    Entry(
        "summary",
        "The summary",
        "Ends every form: all answers, each to be changed with a tap on its number, and what "
        "follows from a change is asked.",
        (
            ("type", "name", "label"),
            ("select_one source", "water", "Where does your water come from?"),
            ("integer", "minutes", "How many minutes is it to there?"),
            ("text", "more", "What else should we know?"),
        ),
        choices=_WATER,
        before=("[Spring]", "25", "It is dry in August."),
        after=(),
    ),
)
