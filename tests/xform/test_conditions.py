"""Conditions nobody can meet are named to their author; where that is not sure, nothing is said."""

from __future__ import annotations

import pytest

from conversations.xform.advice import advise
from conversations.xform.reader import read_form
from tests.xform.conftest import form
from tests.xform.test_hostile import xform

FORM = """
    | survey |
    |  | type              | name   | label | constraint | relevant | parameters           |
    |  | integer           | age    | Age   | {age}      |          |                      |
    |  | decimal           | weight | W     | {weight}   |          |                      |
    |  | range             | stars  | S     | {stars}    |          | start=1 end=5 step=1 |
    |  | date              | day    | D     | {day}      |          |                      |
    |  | text              | name   | N     | {name}     |          |                      |
    |  | select_one l      | one    | O     | {one}      |          |                      |
    |  | select_multiple l | some   | M     | {some}     |          |                      |
    |  | text              | why    | Why   |            | {why}    |                      |
    |  | begin repeat      | child  | C     |            |          |                      |
    |  | integer           | months | Mo    |            |          |                      |
    |  | end repeat        |        |       |            |          |                      |
    | choices |
    |  | list_name | name | label |
    |  | l         | a    | A     |
    |  | l         | b    | B     |
    |  | l         | none | None  |
    """
NAMES = ("age", "weight", "stars", "day", "name", "one", "some", "why")

IMPOSSIBLE = [
    ("age", ". > 5 and . < 3"),
    ("age", ". > 5 and . < 6"),
    ("age", "(. < 0 or . > 120) and (. >= 0 and . <= 120)"),
    ("age", "not(. > 5) and . = 7"),
    ("age", ". >= 18 and ${name} = 'x' and . < 18"),
    ("age", "false()"),
    ("age", ". = ''"),
    ("weight", ". > 5 and not(. > 5)"),
    ("weight", "5 < . and 5 >= ."),
    ("stars", ". > 5"),
    ("stars", ". = 2.5"),
    ("day", ". > today() and . < today()"),
    ("day", ". > '2026-12-31' and . < date('2026-01-01')"),
    ("day", ". > today() + 7 and . <= today()"),
    ("name", ". = 'x' and . = 'y'"),
    ("one", ". != 'a' and . != 'b' and . != 'none'"),
    ("one", "selected(., 'a') and selected(., 'b')"),
    ("one", "count-selected(.) > 1"),
    ("some", "selected(., 'a') and not(selected(., 'a'))"),
    ("some", "count-selected(.) > 3"),
    ("some", "count-selected(.) < 1"),
    ("why", "${age} > 5 and ${age} < 3"),
    ("why", "${one} = 'a' and ${one} = 'b'"),
    ("why", "${name} != '' and ${name} = ''"),
    ("why", "${day} < today() and ${age} > 1 and ${day} > today() + 1"),
]
POSSIBLE = [
    ("age", ". > 5 and . < 7"),
    ("age", ". > 5 or . < 3"),
    ("age", ". > 5 and . < ${weight}"),
    ("age", ". mod 2 = 0 and . mod 2 = 1"),  # Not decided.
    ("weight", ". > 5 and . < 6"),
    ("stars", ". >= 5"),
    ("day", ". <= today() and . > '2020-01-01'"),
    ("day", ". > today() and . < '2020-01-01'"),  # True in some year.
    ("day", ". >= today() and . <= now()"),
    ("day", ". != ''"),
    ("name", "regex(., '[a-z]+') and string-length(.) < 3"),
    ("name", ". != 'x' and . != 'y'"),
    ("name", "selected(., 'a') and selected(., 'b')"),
    ("one", ". = 'a' or . = 'b'"),
    ("some", "not(selected(., 'none') and count-selected(.) > 1)"),
    ("some", "count-selected(.) = 3"),
    ("some", ". = 'b a'"),
    ("why", "not(${age} > 5) and not(${age} <= 5)"),  # No answer is one, too.
    ("why", "${some} = ''"),
    ("why", "${months} > 5 and ${months} < 3"),  # One child may be older, another younger.
]


def said_of(name: str, condition: str) -> list[str]:
    """Return what the author of a form with one such condition is told of impossible things."""
    read = form(FORM.format(**{**dict.fromkeys(NAMES, ""), name: condition}))
    told = [problem.what for problem in advise(read) if problem.name == f"/data/{name}"]
    return [what for what in told if what.startswith(("No answer meets", "Nobody will be"))]


@pytest.mark.parametrize(("name", "condition"), IMPOSSIBLE)
def test_what_nobody_can_answer_is_told(name: str, condition: str) -> None:
    """A constraint that no answer meets, and a relevant that never holds, are warnings."""
    assert len(said_of(name, condition)) == 1


@pytest.mark.parametrize(("name", "condition"), POSSIBLE)
def test_what_somebody_may_answer_is_not_doubted(name: str, condition: str) -> None:
    """Of a condition that may hold nothing is said, nor of one that is not plain."""
    assert said_of(name, condition) == []


def test_a_relevant_and_the_constraint_of_what_it_reads_are_one() -> None:
    """A question that waits for an answer that another's constraint refuses is never asked."""
    given = {**dict.fromkeys(NAMES, ""), "age": ". <= 5", "why": "${age} > 5"}
    told = [problem.what for problem in advise(form(FORM.format(**given)))]
    assert told == ["Nobody will be asked this: no answer to age meets /data/age  > 5."]


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ('start="0" end="10" step="2"', None),
        ('start="10" end="0" step="1"', "This range goes down, from 10 to 0."),
        ('start="0" end="10" step="0"', "The step of this range is 0."),
        ('start="0" end="10" step="3"', "Steps of 3 do not lead from 0 to 10"),
        ('start="0" end="1" step="0.1"', None),
        ('start="3" end="3" step="1"', "This range has one number only, 3."),
        ('start="a" end="3" step="1"', "The start, end or step of this range is no number."),
    ],
)
def test_a_range_that_comes_out_wrong_is_told(bounds: str, said: str | None) -> None:
    """A range with no step, or whose steps do not lead to its end, or going down, is a warning."""
    read = read_form(xform("<a/>", "", f'<range ref="/data/a" {bounds}><label>A</label></range>'))
    told = [problem.what for problem in advise(read)]
    assert len(told) == (said is not None)
    assert said is None or told[0].startswith(said)
