"""Questions asked several times."""

from __future__ import annotations

from conversations.questions.repeats import INSTANCES_MAX
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
    for name in names:
        chat.taps("Yes, add one")
        chat.writes(name)
        chat.sends("image")
    return chat


def test_each_instance_says_its_number() -> None:
    """The first question of an instance is headed by the repeat's label and its place."""
    chat = with_children("Ada")
    assert chat.labels == ["Yes, add one", "No, go on", "1", "« Back"]
    assert chat.taps("Yes, add one")[:2] == ["Child 2", "Its name?"]


def test_nobody_has_to_tell_of_one() -> None:
    """Whoever has none to tell of says so before the first, which then is not sent."""
    chat = begin(CHILDREN)
    assert chat.taps("No, go on")[0] == "All?"
    said = chat.writes("yes")
    assert "2. Child: 0" in said or "1. Child: 0" in said
    chat.taps("Send")
    assert "<name" not in chat.submissions[-1].xml


def test_no_more_instances_goes_on() -> None:
    """After the last instance the form goes on, and the summary groups by instance."""
    chat = with_children("Ada", "Ben")
    assert chat.taps("No, go on")[0] == "All?"
    said = chat.writes("yes")
    assert said[1:4] == ["Child 1", "1. Its name? Ada", "2. A picture? a photo"]
    assert said[4:6] == ["Child 2", "3. Its name? Ben"]
    assert "5. Child: 2" in said


def test_the_list_names_each_by_its_first_answers() -> None:
    """Above the question for another one stand those that were told."""
    chat = with_children("Ada", "Ben")
    chat.writes("/help")
    assert chat.writes("/start")
    assert chat.taps("Yes, go on")[:3] == ["Child", "1. Ada, a photo", "2. Ben, a photo"]


def test_removing_an_instance_asks_once_and_takes_its_files() -> None:
    """The instance goes with its files; those behind it move up and stay answered."""
    chat = with_children("Ada", "Ben", "Cleo")
    chat.taps("2")
    chat.taps("Remove this one")
    assert chat.taps("Yes, remove it")[:2] == ["Removed: Ben, a photo", "Child"]
    assert [value for path, value in chat.given.items() if path.endswith("name")] == ["Ada", "Cleo"]
    assert len(chat.attachments) == 2
    assert chat.taps("No, go on")[0] == "All?"


def test_an_edited_message_finds_its_instance_after_a_removal() -> None:
    """What moved up is still what the message answered."""
    chat = with_children("Ada", "Ben", "Cleo")
    for label in ("1", "Remove this one", "Yes, remove it"):
        chat.taps(label)
    chat.edits(5, "Cleopatra")
    assert [value for path, value in chat.given.items() if path.endswith("name")] == [
        "Ben",
        "Cleopatra",
    ]
    assert "do not know" in chat.edits(1, "Ida")[0]


def test_removing_can_be_thought_better_of() -> None:
    """Keeping the instance leads back to it, and from there to the list."""
    chat = with_children("Ada")
    chat.taps("1")
    chat.taps("Remove this one")
    assert "~ [Remove this one]" in chat.taps("No, keep it")
    assert "~ [Yes, add one] [No, go on]" in chat.taps("« Back")


def test_all_instances_may_go() -> None:
    """With the last instance removed, the question is whether there is one to tell about."""
    chat = with_children("Ada")
    chat.taps("1")
    chat.taps("Remove this one")
    assert "Is there one to tell about?" in chat.taps("Yes, remove it")
    chat.taps("No, go on")
    chat.writes("x")
    assert chat.taps("Send")[0].startswith("Thank you")


def test_what_depends_on_an_instance_is_told_when_it_goes() -> None:
    """A sum over the instances that the person has read is told again when one goes."""
    chat = begin(
        survey("""
| | type | name | label | calculation |
| | begin_repeat | field | Field | |
| | integer | sacks | Sacks? | |
| | end_repeat | | | |
| | calculate | all | | sum(${sacks}) |
| | note | sum | That is ${all} sacks. | |
| | text | end | All? | |
""")
    )
    for sacks in ("4", "3"):
        chat.taps("Yes, add one")
        chat.writes(sacks)
    chat.taps("No, go on")
    chat.writes("yes")
    for label in ("3", "1", "Remove this one"):
        chat.taps(label)
    assert chat.taps("Yes, remove it")[:3] == [
        "Removed: 4",
        "Worked out again:",
        "• That is 3 sacks.",
    ]


def test_an_instance_is_added_from_the_summary() -> None:
    """The line that counts the instances opens the list of them."""
    chat = with_children("Ada")
    chat.taps("No, go on")
    chat.writes("yes")
    assert chat.taps("3")[:3] == ["Child", "1. Ada, a photo", "Is there another one?"]
    chat.taps("Yes, add one")
    chat.writes("Ben")
    chat.sends("image")
    assert "Please look over your answers." in chat.taps("No, go on")


def test_going_back_takes_back_an_instance_that_is_empty() -> None:
    """One that was added by mistake leaves nothing behind, be it the first or a later one."""
    chat = begin(CHILDREN)
    chat.taps("Yes, add one")
    assert "Is there one to tell about?" in chat.taps("« Back")
    chat.taps("Yes, add one")
    chat.writes("Ada")
    chat.sends("image")
    chat.taps("Yes, add one")
    assert "1. Ada, a photo" in chat.taps("« Back")
    chat.taps("No, go on")
    assert "3. Child: 1" in chat.writes("yes")


def test_there_is_room_for_so_many() -> None:
    """At the limit there is no button for one more, and it is said why."""
    rows = "| | type | name | label |\n| | begin_repeat | c | C |\n| | text | n | N? |\n"
    chat = begin(survey(rows + "| | end_repeat | | |\n"))
    for number in range(INSTANCES_MAX):
        chat.taps("Yes, add one")
        said = chat.writes(str(number))
    assert "That is as many as I can take: 50." in said
    assert "Yes, add one" not in chat.labels
    chat.taps("Go on")
    assert chat.taps("Send")[0].startswith("Thank you")


def test_a_file_that_is_not_taken_leaves_no_instance_behind() -> None:
    """A voice message where pictures are asked for adds nothing."""
    chat = begin(
        survey("""
| | type | name | label |
| | begin_repeat | p | P |
| | image | pic | Picture? |
| | end_repeat | | |
""")
    )
    chat.sends("image")
    assert "2. no answer" not in chat.sends("audio")


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
