"""Messages edited after they answered, and what a changed answer changes beside itself."""

from __future__ import annotations

import pytest

from conversations.corrections import HEARD_MAX
from conversations.differences import LINES_MAX
from conversations.events import MediaSent, MessageEdited, TextWritten
from conversations.replies import DropAttachment, KeepAttachment
from conversations.session import Session
from tests.dialogue.chat import Chat, begin, survey

FORM = survey("""
| | type             | name | label          | required | relevant    | constraint |
| | text             | who  | Who are you?   | yes      |             |            |
| | integer          | age  | How old?       | yes      |             | . < 120    |
| | select_one yn    | wed  | Married?       |          | ${age} > 17 |            |
| | image            | pic  | A picture?     |          |             |            |
| | geotrace         | way  | The way?       |          |             |            |
| | text             | end  | Anything else? |          |             |            |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
""")


@pytest.fixture
def chat() -> Chat:
    """Answer up to the picture: message 1 is the name, 2 the age, 3 whether married."""
    chat = begin(FORM)
    for text in ("Amina", "24", "yes"):
        chat.writes(text)
    return chat


def test_a_typed_label_of_a_button_is_remembered(chat: Chat) -> None:
    """An answer typed instead of tapped may be edited, too."""
    assert chat.edits(3, "No")[1] == "Married? No"
    assert chat.given["/data/wed"] == "n"


def test_what_fell_away_is_told(chat: Chat) -> None:
    """An edit that makes another question irrelevant names the answer that goes with it."""
    said = chat.edits(2, "12")
    assert said[:2] == ["Your answer is changed:", "How old? 12"]
    assert said[2:4] == ["No longer asked, so these answers fell away:", "• Married? Yes"]
    assert "fell away" not in " ".join(chat.edits(2, "13"))


def test_an_edit_that_does_not_fit_changes_nothing(chat: Chat) -> None:
    """The old answer stays, and the question that waits keeps its keys."""
    before = chat.session
    said = chat.edits(2, "200")
    assert said[0].startswith("! ")
    assert said[-1] == "Your answer stays as it was: 24"
    assert chat.session == before


def test_a_required_answer_cannot_be_edited_away(chat: Chat) -> None:
    """Leaving out by an edit is refused as it is at the question."""
    assert chat.edits(1, "Skip »")[1:] == ["Who are you?", "Your answer stays as it was: Amina"]


def test_an_answer_may_be_left_out_by_an_edit(chat: Chat) -> None:
    """The words of the key that leaves a question out mean that in an edit, too."""
    assert chat.edits(3, "Remove answer")[1] == "Married?"
    assert "/data/wed" not in chat.given


def test_a_question_no_longer_asked(chat: Chat) -> None:
    """Editing the answer to a question that fell away is answered and changes nothing."""
    chat.edits(2, "12")
    before = chat.session
    assert "no longer asked" in chat.edits(3, "No")[0]
    assert chat.session == before


def test_a_replaced_picture_takes_the_place_of_the_first(chat: Chat) -> None:
    """Media replaced in its message is fetched anew, and the file before is forgotten."""
    chat.sends("image")
    (first,) = chat.attachments
    changed = MediaSent("image", "file-2", "image/png", message_key="4")
    chat.does(MessageEdited("4", changed))
    kinds = [type(reply) for reply in chat.replies]
    assert KeepAttachment in kinds
    assert DropAttachment in kinds
    assert chat.attachments != [first]
    assert list(chat.attachments) == [chat.given["/data/pic"]]


def test_half_an_answer_opens_its_question_again(chat: Chat) -> None:
    """What cannot be a whole answer in one message, such as a line, goes on at its question."""
    chat.sends("image")
    chat.writes("-1.2, 36.8")
    chat.writes("-1.3, 36.8")
    chat.writes("Done")
    assert "The way?" in chat.edits(5, "-1.4, 36.8")


def test_an_edit_at_the_summary_shows_it_anew(chat: Chat) -> None:
    """The list of answers comes again, with the new answer in it."""
    chat.sends("image")
    chat.writes("Skip »")
    chat.writes("no")
    assert "1. Who are you? Fatuma" in chat.edits(1, "Fatuma")


def test_an_edit_ends_the_question_whether_to_stop(chat: Chat) -> None:
    """Whoever corrects an answer wants to go on."""
    chat.writes("/cancel")
    assert "A picture?" in chat.edits(1, "Fatuma")


def test_only_so_many_messages_are_remembered() -> None:
    """The oldest messages are forgotten; editing one of them is answered."""
    chat = begin(FORM)
    chat.writes("Amina")
    for number in range(HEARD_MAX):
        chat.writes(f"not a number {number}")
    assert chat.session is not None
    assert len(chat.session.heard) == HEARD_MAX
    assert "/back" in chat.edits(1, "Fatuma")[0]


def test_a_session_of_before_still_loads() -> None:
    """A session stored before messages were remembered knows none."""
    stored = Session("0" * 32, "en", "question").to_json().replace(',"heard":[]', "")
    assert Session.from_json(stored).heard == ()


def test_many_changes_are_cut_short() -> None:
    """A change that takes many answers away names some of them and says how many more."""
    rows = "".join(f"| | text | q{n} | Q{n}? | ${{on}} = 1 |\n" for n in range(LINES_MAX + 3))
    chat = begin(
        survey("| | type | name | label | relevant |\n| | integer | on | On? | |\n" + rows)
    )
    chat.writes("1")
    for _ in range(LINES_MAX + 3):
        chat.writes("x")
    assert "and 3 more" in chat.edits(1, "2")


def test_an_edited_command_is_no_answer(chat: Chat) -> None:
    """What an edit turned into something that is no answer leaves the answer as it was."""
    said = chat.does(MessageEdited("1", None))
    assert said[-1] == "Your answer stays as it was: Amina"
    assert chat.does(MessageEdited("1", TextWritten("", message_key="1")))
