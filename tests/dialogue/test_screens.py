"""A field-list group as one message: what becomes one, and that no tap goes astray."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import begin, survey

CHOICES = """
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
| | long | a | A choice whose label is far too long for a key |
| | long | b | B |
"""


def group(*rows: str, appearance: str = "field-list") -> str:
    """Write a form that is one group."""
    inner = "\n".join(f"| | {row} |" for row in rows)
    columns = "| | type | name | label | required | relevant | appearance |"
    around = f"{columns}\n| | begin_group | g | All | | | {appearance} |\n{inner}\n| | end_group |"
    return survey(f"{around} | | | | |\n{CHOICES.strip()}")


YES_NO = tuple(f"select_one yn | q{n} | Q{n}? | yes | |" for n in range(1, 4))


@pytest.mark.parametrize(
    ("rows", "together"),
    [
        (YES_NO, True),
        (YES_NO[:1], False),
        ((*YES_NO, "note | n | Read this | | |"), True),
        ((*YES_NO, "text | t | Why? | | |"), False),
        ((*YES_NO, "text | t | Why? | | ${q1} = 'n' |"), False),
        ((*YES_NO, "integer | i | How many? | | |"), False),
        ((*YES_NO, "select_multiple yn | m | Which? | | |"), False),
        ((*YES_NO, "select_one long | l | Which? | | |"), False),
        (tuple(f"select_one yn | q{n} | Q{n}? | | |" for n in range(11)), False),
        ((*YES_NO, f"select_one yn | l | {'long ' * 600} | | |"), False),
    ],
)
def test_short_groups_are_one_message(rows: tuple[str, ...], together: bool) -> None:  # noqa: FBT001 - a table.
    """Few questions with few short choices stand in one message; all others one by one."""
    chat = begin(group(*rows))
    assert ("Done »" in chat.labels) == together


def test_a_group_that_is_no_field_list_goes_question_by_question() -> None:
    """The author says what may stand on one screen."""
    assert begin(group(*YES_NO, appearance="")).labels == ["Yes", "No"]


def test_a_tap_on_keys_that_are_gone_changes_nothing() -> None:
    """When a question appears above, a late tap does not answer another question than it meant."""
    rows = (
        "select_one yn | q1 | Q1? | yes | |",
        "select_one yn | q2 | Q2? | | ${q1} = 'y' |",
        "select_one yn | q3 | Q3? | | |",
    )
    chat = begin(group(*rows))
    meant_for_q3 = chat.button("2 · No")
    chat.taps("1 · Yes")
    chat.does(meant_for_q3)
    assert chat.given == {"/data/g/q1": "y"}
    chat.taps("3 · No")
    assert chat.given == {"/data/g/q1": "y", "/data/g/q3": "n"}


def test_a_doubled_tap_neither_sets_nor_clears_twice() -> None:
    """Setting a tick and taking it away are different keys."""
    chat = begin(group(*(row.replace("| yes |", "| |") for row in YES_NO)))
    tap = chat.button("1 · Yes")
    chat.does(tap)
    chat.does(tap)
    assert chat.given == {"/data/g/q1": "y"}
    chat.taps("1 ✓ Yes")
    assert chat.given == {}


def test_a_question_of_the_group_that_becomes_relevant_later_is_asked_alone() -> None:
    """After Done, only what is new is asked, not the whole group again."""
    rows = (
        *YES_NO[:2],
        "select_one yn | q3 | Q3? | | ${later} = 'y' |",
    )
    form = group(*rows).replace(
        "| | end_group | | | | |",
        "| | end_group | | | | | |\n| | select_one yn | later | Later? | yes | | |",
    )
    chat = begin(form)
    chat.writes("yes, no")
    chat.taps("Done")
    said = chat.taps("Yes")
    assert "Q3?" in said
    assert "1. Q1?" not in said


def test_skipping_leaves_the_whole_screen_where_nothing_is_required() -> None:
    """/skip is Done; what is required is named."""
    optional = begin(group(*(row.replace("| yes |", "| |") for row in YES_NO)))
    assert "Please look over your answers." in optional.writes("/skip")
    required = begin(group(*YES_NO))
    assert "~ ! Please answer these too: 1, 2, 3." in required.writes("/skip")
