"""Which of a form's languages a tag means."""

from __future__ import annotations

import pytest

from tests.xform.conftest import form

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
