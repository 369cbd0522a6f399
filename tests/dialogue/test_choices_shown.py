"""How choices are shown: in rows, by number, on pages, with pictures."""

from __future__ import annotations

import pytest

from conversations.replies import FormMedia
from tests.dialogue.chat import Chat, begin, survey
from tests.dialogue.lists import of_list
from tests.dialogue.one_question import HEAD


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


def rows_of(chat: Chat) -> list[int]:
    """Return how many choices stand in each row."""
    assert chat.keys is not None
    return [len(row) for row in chat.keys.rows[:-1]]


LOOKS = [
    ("", ("Yes", "No", "So"), [3]),
    ("", ("Red apple", "Blue", "Green"), [2, 1]),
    ("columns-3", ("Red apple", "Blue", "Green"), [3]),
    ("columns-2", ("Yes", "No", "So"), [2, 1]),
    ("columns-4", ("A fairly long label", "Blue", "Green"), [1, 1, 1]),
    ("columns-1", ("Yes", "No"), [1, 1]),
    ("columns-pack", ("1", "2", "3", "4", "5", "6"), [6]),
    ("horizontal-compact", ("Yes", "No"), [2]),
    ("quick", ("Yes", "No"), [2]),
    ("likert", ("1", "2", "3", "4", "5"), [5]),
    ("likert", ("Very bad indeed", "Bad", "So", "Good", "Very good indeed"), [5]),
    ("likert", tuple(str(number) for number in range(11)), [6, 5]),
]


@pytest.mark.parametrize(("appearance", "labels", "rows"), LOOKS)
def test_an_appearance_sets_the_rows(
    appearance: str, labels: tuple[str, ...], rows: list[int]
) -> None:
    """As many choices stand in a row as are asked for and have room there."""
    assert rows_of(of_list(*labels, appearance=appearance)) == rows


def test_a_scale_lists_what_its_buttons_cannot_say() -> None:
    """Numbers of its own stand on the buttons; only the ends have more to say."""
    labels = ("0 - not at all", *map(str, range(1, 10)), "10 - always and everywhere")
    chat = of_list(*labels, appearance="likert")
    said = chat.writes("/help")
    assert "0 - not at all" in said
    assert "10 - always and everywhere" in said
    assert "5" not in said
    assert [label for label in chat.labels if label.isdecimal()] == [str(n) for n in range(11)]


def test_choices_with_pictures_come_with_an_album() -> None:
    """Pictures go ahead with their numbers; after a refused try they are not sent again."""
    table = (
        "| | type | name | label |\n| | select_one l | q | Which? |\n| choices |\n"
        "| | list_name | name | label | media::image |\n"
        "| | l | a | Cow | cow.png |\n| | l | b | Goat | goat.png |"
    )
    chat = begin(survey(table))
    media = [file for reply in chat.replies for file in getattr(reply, "media", ())]
    assert [(file.file_name, chat.locale.say(file.caption)) for file in media] == [
        ("cow.png", "1. Cow"),
        ("goat.png", "2. Goat"),
    ]
    assert all(isinstance(file, FormMedia) for file in media)
    chat.writes("zebra")
    assert not any(getattr(reply, "media", ()) for reply in chat.replies)
