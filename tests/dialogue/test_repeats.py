"""Questions asked several times."""

from __future__ import annotations

from tests.dialogue.chat import Chat, begin, survey

CHILDREN = survey("""
| | type         | name  | label      |
| | begin_repeat | child | Child      |
| | text         | name  | Its name?  |
| | image        | pic   | A picture? |
| | end_repeat   |       |            |
| | text         | end   | All?       |
""")


def with_children(*names: str) -> Chat:
    """Tell of some children, with a picture of each; the question for another one stands."""
    chat = begin(CHILDREN)
    for number, name in enumerate(names):
        if number:
            chat.taps("Yes, add one")
        chat.writes(name)
        chat.sends("image")
    return chat


def test_each_instance_says_its_number() -> None:
    """The first question of an instance is headed by the repeat's label and its place."""
    chat = with_children("Ada")
    assert chat.labels == ["Yes, add one", "No, go on", "Remove one", "« Back"]
    assert chat.taps("Yes, add one")[:2] == ["Child 2", "Its name?"]


def test_no_more_instances_goes_on() -> None:
    """After the last instance the form goes on, and the summary groups by instance."""
    chat = with_children("Ada", "Ben")
    assert chat.taps("No, go on")[0] == "All?"
    said = chat.writes("yes")
    assert said[1:4] == ["Child 1", "1. Its name? Ada", "2. A picture? a photo"]
    assert said[4:6] == ["Child 2", "3. Its name? Ben"]
    assert "5. Child: 2" in said


def test_removing_an_instance_takes_two_taps_and_its_files() -> None:
    """The instance goes with its files; those behind it move up and stay answered."""
    chat = with_children("Ada", "Ben", "Cleo")
    chat.taps("Remove one")
    assert chat.taps("Child 2")[0] == "Child: is there another one?"
    assert [value for path, value in chat.given.items() if path.endswith("name")] == ["Ada", "Cleo"]
    assert len(chat.attachments) == 2
    assert chat.taps("No, go on")[0] == "All?"


def test_removing_can_be_thought_better_of() -> None:
    """Keeping them all goes back to the question whether there is another one."""
    chat = with_children("Ada")
    chat.taps("Remove one")
    assert "~ [Yes, add one] [No, go on]" in chat.taps("Keep them all")


def test_all_instances_may_go() -> None:
    """With the last instance removed, the question is whether there is one to tell about."""
    chat = with_children("Ada")
    chat.taps("Remove one")
    assert chat.taps("Child 1")[0] == "Child: is there one to tell about?"
    chat.taps("No, go on")
    chat.writes("x")
    assert chat.taps("Send")[0].startswith("Thank you")


def test_an_instance_is_added_from_the_summary() -> None:
    """The line that counts the instances opens the question for another one."""
    chat = with_children("Ada")
    chat.taps("No, go on")
    chat.writes("yes")
    assert chat.taps("3")[0] == "Child: is there another one?"
    chat.taps("Yes, add one")
    chat.writes("Ben")
    chat.sends("image")
    assert "Please look over your answers." in chat.taps("No, go on")


def test_a_counted_repeat_asks_as_often_as_the_form_says() -> None:
    """Where the form counts, nobody is asked for another one."""
    chat = begin(
        survey("""
| | type | name | label | repeat_count |
| | integer | many | How many? | |
| | begin_repeat | child | Child | ${many} |
| | text | name | Its name? | |
| | end_repeat | | | |
""")
    )
    chat.writes("2")
    assert chat.writes("Ada")[:2] == ["Child 2 of 2", "Its name?"]
    assert chat.writes("Ben")[0] == "Please look over your answers."
