"""Choosing one, several, in order: ticks set and taken away, what goes together, going back."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import Chat, begin, survey
from tests.dialogue.lists import of_list
from tests.dialogue.one_question import HEAD, asked


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


def test_choices_are_ranked_by_tapping_them_in_order() -> None:
    """The last choice takes the last place by itself."""
    chat = asked("rank c")
    assert "~ [1️⃣ Blue]" in chat.taps("Blue")
    chat.taps("Reddish")
    assert chat.given == {"/data/q": "blue 7 red"}


def test_reading_is_acknowledged() -> None:
    """An acknowledgement is kept as OK and shown as read."""
    chat = asked("acknowledge")
    chat.taps("OK")
    assert chat.given == {"/data/q": "OK"}
    assert "1. Well? read" in chat.writes("x")


# What goes together

NONE_ALONE = "count-selected(.) = 1 or not(selected(., 'c'))"


def test_none_of_these_clears_the_others_and_they_clear_it() -> None:
    """A choice that the constraint takes alone, and with no other, never stands beside one."""
    chat = of_list("Road", "Water", "None", kind="select_multiple", more=NONE_ALONE)
    chat.taps("Road")
    chat.taps("Water")
    chat.taps("None")
    assert {"Road", "Water", "✅ None"} <= set(chat.labels)
    chat.taps("Road")
    assert {"✅ Road", "Water", "None"} <= set(chat.labels)
    chat.taps("Done")
    assert chat.given["/data/q"] == "a"


def test_at_most_one_of_several_changes_over() -> None:
    """Where the form takes one only, the newest tick is the answer."""
    more = "count-selected(.) <= 1"
    chat = of_list("Road", "Water", kind="select_multiple", more=more)
    chat.taps("Road")
    chat.taps("Water")
    assert {"Road", "✅ Water"} <= set(chat.labels)


@pytest.mark.parametrize("more", ["count-selected(.) <= 2", "count-selected(.) >= 4"])
def test_too_many_and_too_few_keep_their_ticks(more: str) -> None:
    """A bound is no reason to clear ticks: the form's message tells, and the person unticks."""
    chat = of_list("A", "B", "C", "D", kind="select_multiple", more=more)
    for label in "ABC":
        chat.taps(label)
    assert {"✅ A", "✅ B", "✅ C"} <= set(chat.labels)
    assert chat.taps("Done")[0].startswith("! ")
    assert {"✅ A", "✅ B", "✅ C"} <= set(chat.labels)


# Going back


def test_ticks_stay_when_one_goes_back() -> None:
    """Ticks that were not yet given with Done are there when the question comes again."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.taps("Water")
    chat.writes("/back")
    assert chat.given == {"/data/before": "x"}
    chat.writes("y")
    assert "✅ Water" in chat.labels
    chat.taps("Done")
    assert chat.given["/data/q"] == "b"


def test_ticks_changed_behind_an_answer_come_again() -> None:
    """Who changes ticks of a question answered before and goes back meets that question again."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.writes("road")
    chat.writes("/back")
    chat.taps("Water")
    chat.writes("/back")
    chat.writes("y")
    assert {"✅ Road", "✅ Water"} <= set(chat.labels)
    assert chat.given["/data/q"] == "a"


def test_back_from_the_summary_changes_nothing() -> None:
    """Ticks set while an answer is changed from the summary go when the change is called off."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.writes("road")
    chat.writes("z")
    chat.taps("2")
    chat.taps("Water")
    chat.taps("Back")
    assert chat.given["/data/q"] == "a"
    chat.taps("2")
    assert {"✅ Road", "Water"} <= set(chat.labels)


# Ranking


def test_the_last_place_given_is_taken_back_once() -> None:
    """Undo takes one mark away, and a second tap that comes late takes no more."""
    chat = of_list("A", "B", "C", "D", kind="rank")
    chat.taps("C")
    chat.taps("A")
    undo = chat.button("Undo")
    chat.does(undo)
    assert chat.does(undo) == []
    chat.writes("b")
    chat.writes("1")
    assert chat.given["/data/q"] == "c b a d"
