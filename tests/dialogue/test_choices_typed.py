"""Choices typed, and not quite right: what is meant, asked about, or suggested."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import Chat, begin, survey
from tests.dialogue.lists import of_list

MEANT = [
    (("Bogotá", "Cali"), "bogota", "a"),
    (("Bogotá", "Cali"), "BOGOTÁ", "a"),
    (("Ng'ombe", "Mbuzi"), "ng\N{RIGHT SINGLE QUOTATION MARK}ombe", "a"),
    (("أحمد", "مكة"), "احمد", "a"),
    (("مَكّة", "جدة"), "مكه", "a"),
    (("Yes", "No"), "n", "b"),
    (("Yes", "No"), "٢", "b"),
    (("Yes", "No"), "2.", "b"),
    (("1-4 km", "5-9 km"), "5", "b"),
    (("5-9", "10-14"), "10", "b"),
    (("Mother and child", "Road"), "mother and child", "a"),
    (("👍", "👎"), "👎", "b"),
    (("Mas", "Más"), "más", "b"),
    (("**Red** one", "Blue"), "red one", "a"),
]


@pytest.mark.parametrize(("labels", "written", "name"), MEANT)
def test_what_can_mean_only_one_choice_is_taken(
    labels: tuple[str, ...], written: str, name: str
) -> None:
    """Capitals, accents, points, digits of any script and unfinished words are forgiven."""
    chat = of_list(*labels)
    chat.writes(written)
    assert chat.given["/data/q"] == name


ASKED = [
    (("Kisumu", "Narok"), "kisumo", ["Kisumu"]),
    (("Majimoto", "Narok"), "mahimoto", ["Majimoto"]),
    (("Maji Moto", "Narok"), "majimoto", ["Maji Moto"]),
    (("The water pipe", "The road"), "water", ["The water pipe"]),
    (("Narok Town", "Narok North", "Kisii"), "narok", ["Narok Town", "Narok North"]),
    (("Narok Town", "South Narok"), "narok", ["Narok Town", "South Narok"]),
    (("I have no water", "A road"), "water", ["I have no water"]),
    (("1-4 km", "10 km"), "2", ["10 km"]),
    (("Under 5", "5-9", "10+"), "3", ["Under 5"]),
    (("Under 5", "5-9", "10+"), "5", ["Under 5", "5-9"]),
    (("<5", "5-9", "≥10"), "70", ["≥10"]),
    (("60+", "20-59", "below 20"), "٣٠", ["20-59"]),
    (("Not more than 2", "3 or more"), "1", ["Not more than 2"]),
    (("1,000-4,999", "5,000-9,999"), "1500", ["1,000-4,999"]),
    (("0.5-1.5 km", "1.5-3 km"), "1", ["0.5-1.5 km"]),
    (("5-9", "1-4"), "1", ["1-4"]),
    (("Mas", "Más"), "mäs", ["Mas", "Más"]),
    (("Ndiyo", "Hapana"), "ndio", ["Ndiyo"]),
]


@pytest.mark.parametrize(("labels", "written", "candidates"), ASKED)
def test_what_may_mean_another_choice_is_asked_about(
    labels: tuple[str, ...], written: str, candidates: list[str]
) -> None:
    """Nothing is guessed: who typed sees what is near, and the whole list one tap away."""
    chat = of_list(*labels)
    chat.writes(written)
    assert "/data/q" not in chat.given
    assert [label for label in chat.labels if label in labels] == candidates
    chat.taps("Show all")
    assert [label for label in chat.labels if label in labels] == list(labels)


NO_SCALE = [
    (("Ward 3 (2400 people)", "Ward 4 (1800 people)"), "700"),
    (("8:00-12:00", "12:00-16:00"), "700"),
    (("1/2-3/4", "3/4-5/4"), "700"),
    (("Form A1-B9", "Form B10-C40"), "7"),
    (("5 goats", "60 goats"), "30"),
    (("20-24", "All others"), "22"),
    (("10-14", "15-19"), "12 km"),
    (("10-14", "15-19"), "40"),
]


@pytest.mark.parametrize(("labels", "written"), NO_SCALE)
def test_a_number_is_looked_for_in_a_scale_alone(labels: tuple[str, ...], written: str) -> None:
    """Numbers in no order, times, parts, numbers of letters and other measures are no steps."""
    chat = of_list(*labels)
    assert chat.writes(written)[0].startswith("! That is not one of the choices.")


@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_a_number_says_which_of_those_found_is_meant(kind: str) -> None:
    """Whoever is asked "which of these" may count them."""
    chat = of_list("Road", "Narok Town", "Narok North", "Kisii", kind=kind)
    chat.writes("narok")
    chat.writes("2")
    assert chat.given["/data/q"] == "c"


@pytest.mark.parametrize("written", ["pipe", "water", "22"])
def test_what_is_written_again_is_meant(written: str) -> None:
    """Whoever is asked "did you mean" need not know that yes is a word for it."""
    chat = of_list("Ages 20 to 24, the water pipe", "Ages 25 to 29")
    chat.writes(written)
    assert "/data/q" not in chat.given
    chat.writes(written)
    assert chat.given["/data/q"] == "a"


def test_a_number_found_by_its_place_that_is_a_label_too_is_asked_about() -> None:
    """Counting gives way to what a label says."""
    chat = of_list("Plot 2, left", "Plot 1, left", "Plot 3")
    chat.writes("left")
    chat.writes("2")
    assert "/data/q" not in chat.given
    assert {"Plot 2, left", "Plot 1, left"} <= set(chat.labels)
    assert "Plot 3" not in chat.labels


def test_a_suggestion_is_taken_by_tapping_it() -> None:
    """One near spelling is asked about by name."""
    chat = of_list("Kisumu", "Narok")
    assert "Did you mean “Kisumu”?" in chat.writes("kisumo")
    chat.taps("Kisumu")
    assert chat.given["/data/q"] == "a"


def test_a_number_that_may_be_a_name_is_asked_about() -> None:
    """Where no numbers show, a number may be a place in the list or the name of another choice."""
    table = (
        "| | type | name | label |\n| | select_one l | q | Which? |\n| choices |\n"
        "| | list_name | name | label |\n| | l | 2 | Red |\n| | l | 1 | Blue |"
    )
    chat = begin(survey(table))
    chat.writes("1")
    assert chat.given == {}
    assert {"Red", "Blue"} <= set(chat.labels)


def test_several_are_typed_with_commas_or_and() -> None:
    """Known ones are ticked; the doubtful one is asked about; the unknown one refuses all."""
    known = of_list("Road", "Water", "Power", kind="select_multiple")
    known.writes("water and road")
    assert known.given["/data/q"] == "a b"
    spaced = of_list("Road", "Water", "Power", kind="select_multiple")
    spaced.writes("1 3")
    assert spaced.given["/data/q"] == "a c"
    doubtful = of_list("Road", "Water", "Power", kind="select_multiple")
    doubtful.writes("road, watr")
    assert "Water" in doubtful.labels
    assert "Power" not in doubtful.labels
    doubtful.taps("Water")
    doubtful.taps("Done")
    assert doubtful.given["/data/q"] == "a b"
    unknown = of_list("Road", "Water", "Power", kind="select_multiple")
    assert unknown.writes("road, xyz")[0].startswith("! That is not one")


def villages() -> Chat:
    """Stand before a list of ten thousand villages."""
    rows = "\n".join(f"| | v | n{at} | {_village(at)} |" for at in range(10_000))
    table = (
        f"| | type | name | label |\n| | select_one v | q | Which village? |\n"
        f"| choices |\n| | list_name | name | label |\n{rows}"
    )
    return begin(survey(table))


def _village(at: int) -> str:
    syllables = ("ka", "na", "ro", "ki", "su", "mu", "le", "lo", "to", "ma")
    return "".join(syllables[int(digit)] for digit in f"{at:04}").title()


def test_a_village_among_ten_thousand_is_found_by_its_name() -> None:
    """A wrong letter finds a few to tap; the message stays within Telegram's limits."""
    chat = villages()
    said = chat.writes("kanarokx")
    assert "Kanaroki" in chat.labels
    assert len(chat.labels) < 20
    assert sum(map(len, said)) < 4096
    chat.taps("Kanaroki")
    assert chat.given == {"/data/q": "n123"}


ROLES = """| survey |
| | type | name | label | required |
| | select_one role | role | Who are you? | yes |
| choices |
| | list_name | name | label |
| | role | mother | Mimi ndiye mama |
| | role | family | Mtu wa familia |
| settings |
| | form_id | version |
| | roles | 1 |
"""


def test_a_guess_that_was_wrong_makes_way_for_the_whole_list() -> None:
    """After "Did you mean …?" and another word that is no choice, all choices stand there again."""
    chat = begin(ROLES)
    assert chat.writes("mama")[-2:] == ["[Mimi ndiye mama]", "[Show all]"]
    said = chat.writes("kuzaliwa")
    assert not any("Did you mean" in line for line in said)
    assert said[-2:] == ["[Mimi ndiye mama]", "[Mtu wa familia]"]


def test_a_yes_that_is_spelled_like_the_choice_is_a_yes() -> None:
    """What would only bring the same question again takes the choice that was asked about."""
    chat = begin(ROLES.replace("Mimi ndiye mama", "Red eyes"))
    assert chat.writes("yes")[-2:] == ["[Red eyes]", "[Show all]"]
    assert chat.given == {}
    chat.writes("yes")
    assert chat.given == {"/data/role": "mother"}
