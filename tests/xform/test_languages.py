"""Which of a form's languages a tag means, and the words that a form leaves to others."""

from __future__ import annotations

import pytest

from tests.xform.conftest import begin, form

NAMED = """
    | survey |
    |  | type | name | label::English | label::Kiswahili | label::Français (fr) | label::Other |
    |  | text | a    | A              | B                | C                    | D            |
    """


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sw", "Kiswahili"),
        ("sw-KE", "Kiswahili"),
        ("Swahili", "Kiswahili"),
        ("EN", "English"),
        ("fr-CD", "Français (fr)"),
        ("Other", "Other"),
        ("xx", "English"),
    ],
)
def test_language_is_found_by_tag_and_by_name(tag: str, name: str) -> None:
    """A tag finds a plain name in English or in the language itself; else the default speaks."""
    assert form(NAMED).language(tag) == name


def test_tags_of_plain_names() -> None:
    """Plain names have the tags that people's clients speak of."""
    assert form(NAMED).tags == ("en", "sw", "fr", "other")


OR_OTHER = """
    | survey |
    |  | type | name | label::English (en) | label::Kiswahili (sw) | calculation |
    |  | select_one s or_other | s | Sign | Ishara | |
    |  | calculate | name | | | jr:choice-name(${s}, '/data/s') |
    | choices |
    |  | list_name | name | label::English (en) | label::Kiswahili (sw) |
    |  | s | smoke | Smoke | Moshi |
    """


def test_what_or_other_adds_speaks_the_persons_language() -> None:
    """The choice, its question and its name elsewhere are in the words that surround the form."""
    instance = begin(OR_OTHER, "sw", other="Nyingine", specify_other="Taja.")
    instance.answer("/data/s", "other")
    assert [choice.label for choice in instance.state("/data/s").choices] == ["Moshi", "Nyingine"]
    assert instance.state("/data/s_other").label == "Taja."
    assert instance.state("/data/name").value == "Nyingine"


def test_a_choice_named_other_that_the_author_wrote_is_left_alone() -> None:
    """Only what `or_other` adds is translated."""
    written = """
        | survey |
        |  | type | name | label |
        |  | select_one s | s | Sign |
        | choices |
        |  | list_name | name | label |
        |  | s | other | Other |
        """
    instance = begin(written, "sw", other="Nyingine", specify_other="Taja.")
    assert instance.state("/data/s").choices[0].label == "Other"
