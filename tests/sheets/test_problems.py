"""Every mistake in a row is told: where it is, what is wrong, what to do; all of them at once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from conversations.sheets import read_sheets
from tests.sheets.making import form_with, said_of

FLAG = {
    "name": "old",
    "relevant": "${age} > 49",
    "label::English (en)": "Old",
    "label::Kiswahili (sw)": "Mzee",
}
FOLLOW = {"name": "after_due", "form": "again", "anchor": "${due_date}", "offset": "14 days"}
ALERT = {
    "name": "bar",
    "alert": "case worker",
    "anchor": "${due_date}",
    "before": "3 months",
    "message::English (en)": "Soon",
    "message::Kiswahili (sw)": "Karibu",
}
ASK = {
    "name": "near",
    "question::English (en)": "Was it so?",
    "question::Kiswahili (sw)": "Ni kweli?",
    "consent": "${follow_ok}",
}

COUNT = {
    "name": "born",
    "source": "count",
    "question::English (en)": "For ${place} in ${month} we counted ${count}. Is that right?",
    "question::Kiswahili (sw)": "Kwa ${place} mwezi wa ${month} tulihesabu ${count}. Ni sawa?",
    "audience": "place ${topic}",
    "date": "${due_date}",
}

CASES: list[tuple[str, Mapping[str, str], list[str]]] = [
    ("flags", FLAG, []),
    ("flags", {**FLAG, "relevant": "${aeg} > 49"}, ["no question aeg. Did you mean 'age'?"]),
    ("flags", {**FLAG, "relevant": "${age} > "}, ["The relevant cannot be used: "]),
    ("flags", {**FLAG, "relevant": "age > 49"}, []),
    ("flags", {**FLAG, "relevant": "born_on = ''"}, ["without its sign. Write ${born_on}."]),
    ("flags", {**FLAG, "relevant": "${topic} = servce"}, ["servce is no question of the form."]),
    ("flags", {**FLAG, "relevant": "${topic} = 'servce'"}, ["none of its choices. Did you mean"]),
    ("flags", {**FLAG, "relevant": "${topic}"}, ["holds whatever is chosen at topic."]),
    ("flags", {**FLAG, "relevant": "${age} + 1"}, ["gives a number, not yes or no."]),
    ("flags", {**FLAG, "relevant": ""}, ["This flag is never raised"]),
    ("flags", {**FLAG, "relevant": "${answer.x} = 1"}, ["worked out before there is an answer"]),
    ("flags", {**FLAG, "severity": "grave"}, ["The severity 'grave' is not known."]),
    ("flags", {**FLAG, "action": "hol"}, ["The action 'hol' is not known. Did you mean 'hold'?"]),
    ("flags", {**FLAG, "severty": "low"}, ["row 1: There is no column 'severty'", "'severity'?"]),
    ("flags", {**FLAG, "notes": "agreed in May"}, []),
    ("flags", {**FLAG, "name": ""}, ["This row has no name."]),
    ("flags", {**FLAG, "name": "too old"}, ["The name 'too old' cannot be used."]),
    ("flags", {**FLAG, "label::Kiswahili (sw)": ""}, ["warning", "missing in Kiswahili (sw)"]),
    ("flags", {**FLAG, "label::Deutsch (de)": "Alt"}, ["does not speak Deutsch (de)"]),
    ("flags", {**FLAG, "label::English (en)": "${aeg}"}, ["The label asks for ${aeg}"]),
    ("flags", {**FLAG, "label::English (en)": "${born_on}"}, ["a repeat may have several"]),
    ("flags", {**FLAG, "label::English (en)": "Old ${"}, ["has a '${' without its '}'"]),
    ("followups", FOLLOW, []),
    ("followups", {**FOLLOW, "anchor": ""}, []),
    ("followups", {**FOLLOW, "anchor": "${expected_on}"}, []),
    ("followups", {**FOLLOW, "anchor": "${due_date} + 14"}, []),
    ("followups", {**FOLLOW, "anchor": "'2027-01-31'"}, []),
    ("followups", {**FOLLOW, "anchor": "${age}"}, ["the answer to age, a integer, not a date."]),
    ("followups", {**FOLLOW, "anchor": "${due_date} > today()"}, ["gives yes or no, not a date."]),
    ("followups", {**FOLLOW, "anchor": "14"}, ["gives a number, not a date."]),
    ("followups", {**FOLLOW, "anchor": "'soon'"}, ["is the text 'soon', not a date."]),
    ("followups", {**FOLLOW, "anchor": "${born_on}"}, ["stands in a repeat (born_on)"]),
    ("followups", {**ALERT, "until": "${answer.stage} = 'closed'"}, []),
    ("followups", {**ALERT, "until": "6 times"}, ["A row with alert ends by an answer alone."]),
    ("followups", {**FOLLOW, "show": "${point}"}, []),
    ("followups", {**FOLLOW, "show": "${point} ${age}"}, ["age, which is no place or picture"]),
    ("followups", {**FOLLOW, "show": "${pont}"}, ["no question pont. Did you mean 'point'?"]),
    ("followups", {**FOLLOW, "show": "point", "neutral": "yes"}, ["shows something of the"]),
    ("followups", {**FOLLOW, "offset": "14"}, ["The offset cannot be used: '14' is no duration."]),
    ("followups", {**FOLLOW, "form": ""}, ["This row asks no form."]),
    ("followups", {**FOLLOW, "repeat": "2 weeks"}, ["repeats and never ends: until is blank."]),
    ("followups", {**FOLLOW, "repeat": "2 weeks", "until": "6 times"}, []),
    ("followups", {**FOLLOW, "repeat": "2 hours", "until": "twice"}, ["2 hours is too short"]),
    ("followups", {**FOLLOW, "until": "0 times"}, ["The until '0 times' cannot be used."]),
    ("followups", {**FOLLOW, "until": "6 times; ${answer.status} = 'born; or so'"}, []),
    ("followups", {**FOLLOW, "until": "${due_date}; ${due_date} + 1"}, ["two dates"]),
    ("followups", {**FOLLOW, "until": "${age}"}, ["the answer to age, a integer, not a date."]),
    ("followups", {**FOLLOW, "send_window": "8:00-18:00"}, []),
    ("followups", {**FOLLOW, "send_window": "18:00-8:00"}, ["The send_window '18:00-8:00' cannot"]),
    ("followups", {**FOLLOW, "send_window": "25:00-26:00"}, ["The send_window '25:00-26:00'"]),
    ("followups", {**FOLLOW, "reminders": "7 days, 3 days"}, ["do not come one after the other"]),
    ("followups", {**FOLLOW, "on_no_answer": "stop"}, ["Write end, flag or keep."]),
    ("followups", {**FOLLOW, "consent": "${topic}"}, ["topic has no choice that says yes."]),
    ("followups", {**FOLLOW, "consent": "folow_ok"}, ["Did you mean 'follow_ok'?"]),
    ("followups", {**FOLLOW, "withdraw": "${answer.a} = 1"}, ["consent is blank. Fill consent."]),
    ("followups", {**FOLLOW, "reschedules": "2"}, ["Nothing moves the anchor"]),
    ("followups", {**FOLLOW, "new_anchor": "${answer.d}", "reschedules": "1.5"}, ["is not whole"]),
    ("followups", {**FOLLOW, "neutral": "maybe"}, ["Write yes or no."]),
    ("followups", {**FOLLOW, "before": "1 day"}, ["Only a row with alert has before."]),
    (
        "followups",
        {**FOLLOW, "neutral": "yes", "message::English (en)": "${topic}?"},
        ["A neutral message quotes answers (topic)."],
    ),
    ("followups", ALERT, []),
    ("followups", {**ALERT, "form": "again"}, ["asks a form and alerts somebody"]),
    ("followups", {**ALERT, "repeat": "1 week"}, ["A row with alert has no repeat."]),
    ("followups", {**ALERT, "before": "-1 day"}, ["cannot be below nought"]),
    ("validations", ASK, []),
    ("validations", COUNT, []),
    ("validations", {**COUNT, "question::English (en)": "${count} of them?"}, []),
    ("validations", {**COUNT, "question::English (en)": "Births?"}, ["does not say the number"]),
    ("validations", {**COUNT, "question::English (en)": "${count} ${age}"}, ["cannot say ${age}"]),
    ("validations", {**COUNT, "question::English (en)": "${count} ${mnth}"}, ["mean 'month'?"]),
    ("validations", {**COUNT, "audience": "area"}, []),
    ("validations", {**COUNT, "audience": "area, language"}, ["of which place the count is"]),
    ("validations", {**COUNT, "audience": ""}, ["of which place the count is"]),
    ("validations", {**COUNT, "date": "${age}"}, ["is the answer to age, a integer, not a date"]),
    ("validations", {**COUNT, "date": "${born_on}"}, ["stands in a repeat"]),
    ("validations", {**COUNT, "min": "2"}, ["Write a number from 3 to 200."]),
    ("validations", {**COUNT, "min": "9", "max": "4"}, ["At least 9 answers are asked for"]),
    ("validations", {**COUNT, "expires": "0 days"}, ["The expires is no time at all."]),
    ("validations", {**COUNT, "consent": "${follow_ok}"}, ["The consent is not for counts"]),
    ("validations", {**COUNT, "never": "${age} > 1"}, ["The never is not for counts"]),
    ("validations", {**COUNT, "relevant": "${topic}"}, ["holds whatever is chosen at topic."]),
    ("validations", {**COUNT, "name": ""}, ["This row has no name."]),
    ("validations", {**ASK, "date": "${due_date}"}, ["The date is for counts."]),
    ("validations", {**ASK, "consent": ""}, ["warning", "consent is blank"]),
    ("validations", {**ASK, "question::English (en)": ""}, ["missing in English (en)"]),
    ("validations", {**ASK, "question::English (en)": "${facility}?"}, ["may tell who reported"]),
    ("validations", {**ASK, "question::English (en)": "${facility}?", "reveal": "facility"}, []),
    ("validations", {**ASK, "min": "5", "max": "3"}, ["At least 5 answers are asked for"]),
    ("validations", {**ASK, "min": "many"}, ["Write a number from 1 to 200."]),
    ("validations", {**ASK, "stop": "95%"}, []),
    ("validations", {**ASK, "stop": "2"}, ["Write a number from 0.5 to 0.999."]),
    ("validations", {**ASK, "choices": "yesno"}, ["The form has no list yesno."]),
    ("validations", {**ASK, "audience": "area, language, role Health Worker"}, []),
    ("validations", {**ASK, "audience": "place ${topic}, 5 km of ${point}"}, []),
    ("validations", {**ASK, "audience": "5 km of ${topic}"}, ["topic, a select_one, not a place."]),
    ("validations", {**ASK, "audience": "9000 km of ${point}"}, ["a distance up to 500 km"]),
    ("validations", {**ASK, "audience": "everybody"}, ["The audience 'everybody' is not known."]),
    ("validations", {**ASK, "expires": "0 days"}, ["The expires is no time at all."]),
    ("validations", {**ASK, "never": "${topic}"}, ["holds whatever is chosen at topic."]),
]


@pytest.mark.parametrize(("sheet", "row", "told"), CASES)
def test_a_row_says_what_is_wrong_with_it(
    sheet: str, row: Mapping[str, str], told: list[str]
) -> None:
    """Each mistake is named with its sheet and row; a row without one has nothing to say."""
    said = said_of(sheet, row)
    assert all(any(part in line for line in said) for part in told), said
    assert bool(said) == bool(told), said
    assert all(f"sheet {sheet}, row " in line for line in said)


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    """One slip hides no other."""
    row = {"name": "", "form": "again", "anchor": "${x}", "offset": "1", "neutral": "?"}
    assert len(said_of("followups", row)) == 4


def test_a_row_with_a_mistake_is_left_out_and_no_other() -> None:
    """What an old version says rightly still holds."""
    sheets, problems = read_sheets(form_with(flags=[FLAG, {**FLAG, "name": "b", "relevant": "("}]))
    assert [flag.name for flag in sheets.flags] == ["old"]
    assert len(problems) == 1


def test_two_rows_of_one_name_are_told() -> None:
    """What is due for a row is found by its name."""
    (told,) = said_of("flags", FLAG, FLAG)
    assert "row 3, old: Another row of this sheet has the same name." in told
