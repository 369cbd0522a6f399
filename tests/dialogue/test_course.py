"""The way through a form: forward, back, round, to the summary and out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from conversations.events import ButtonTapped
from conversations.receipts import ALPHABET, receipt
from conversations.replies import Acknowledge, Revise
from tests.dialogue.chat import Chat, begin, programme_of, survey

BIRTH = survey("""
| | type | name | label | hint | guidance_hint | required | relevant | constraint | calculation |
| | note | hello | Welcome. | | | | | | |
| | text | who | Who are you? | In full | Any name will do. | yes | | string-length(.) > 2 | |
| | integer | age | How old? | | | | | . < 120 | |
| | select_one yn | married | Married? | | | yes | ${age} > 17 | | |
| | calculate | twice | | | | | | | ${age} * 2 |
| | begin_group | more | A little more | | | | | | | |
| | text | why | Why, at ${twice}? | | | | | | | |
| | end_group | | | | | | | | | |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
""")


@pytest.fixture
def chat() -> Chat:
    """Somebody at the first question."""
    return begin(BIRTH)


def filled(chat: Chat) -> list[str]:
    """Answer everything; return what the summary says."""
    chat.writes("Amina")
    chat.writes("30")
    chat.taps("No")
    return chat.writes("Because")


def test_a_note_opens_the_question_after_it() -> None:
    """A short note and the next question are one message."""
    chat = Chat(programme_of(BIRTH), language="en")
    assert chat.writes("/start") == ["Welcome.", "Who are you?", "In full"]
    assert len([reply for reply in chat.replies if not isinstance(reply, Acknowledge)]) == 1


def test_a_form_is_answered_to_the_end(chat: Chat) -> None:
    """Each answer is kept and followed by the next relevant question; the summary ends them."""
    assert chat.writes("Amina") == ["How old?", "[« Back] [Skip »]"]
    assert chat.writes("30") == ["Married?", "[Yes] [No]", "[« Back]"]
    assert chat.taps("No") == [
        "~ Married?",
        "~ ✓ No",
        "A little more",
        "Why, at 60?",
        "[« Back] [Skip »]",
    ]
    assert chat.writes("Because")[:5] == [
        "Please look over your answers.",
        "1. Who are you? Amina",
        "2. How old? 30",
        "3. Married? No",
        "A little more",
    ]


def test_sending_gives_a_receipt_to_read_out(chat: Chat) -> None:
    """The report is kept with its instance id, and the person gets a code for it."""
    filled(chat)
    key = chat.session.key if chat.session else ""
    said = chat.taps("Send")
    assert chat.session is None
    assert receipt(key) in said
    assert chat.submissions[0].receipt == receipt(key)
    assert chat.submissions[0].instance_id == f"uuid:{UUID(key)}"
    assert (chat.sent["who"], chat.sent["twice"]) == ("Amina", "60")


def test_a_receipt_has_no_signs_that_look_alike() -> None:
    """Eight signs in two groups, none of which is taken for another."""
    assert not set("01258BILOSUVZ") & set(ALPHABET)
    codes = {receipt(f"{number:032x}") for number in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 9 and code[4] == "-" for code in codes)


def test_a_refused_answer_is_told_in_the_forms_words(chat: Chat) -> None:
    """A constraint's message heads the same question; without one, a sentence of the bot's does."""
    rows = """
| | type | name | label | constraint | constraint_message |
| | text | who | Who? | string-length(.) > 2 | That is too short. |
"""
    worded = begin(survey(rows))
    assert worded.writes("Al")[:2] == ["! That is too short.", "Who?"]
    assert worded.given == {}
    assert chat.writes("Al") == [
        "! That cannot be right here. Please check it and answer again.",
        "Who are you?",
        "In full",
    ]


def test_three_failures_point_to_the_way_out(chat: Chat) -> None:
    """After three refused tries help is offered, and to skip where it is allowed."""
    chat.writes("Amina")
    for _ in range(2):
        assert not any("tap Help" in line for line in chat.writes("old"))
    assert any("tap Skip" in line and "tap Help" in line for line in chat.writes("old"))


def test_a_required_question_cannot_be_skipped(chat: Chat) -> None:
    """Skipping what is required is refused, saying so; the hint names help alone."""
    assert chat.writes("/skip")[0] == "! This question needs an answer."
    chat.writes("/skip")
    hints = [line for line in chat.writes("/skip") if "tap Help" in line]
    assert hints == ["If this is difficult, tap Help."]


def test_a_person_is_offered_where_the_programme_names_one() -> None:
    """After three refused tries the programme's contact is a tap away; the question stays."""
    rows = "| | type | name | label |\n| | integer | age | How old? |"
    chat = begin(survey(rows), responder="team@example.org")
    for _ in range(3):
        chat.writes("old")
    assert "[Help] [Reach a person]" in chat.writes("very old")
    said = chat.taps("Reach a person")
    assert said[0] == "This is how to reach a person: team@example.org"
    assert "How old?" in said
    chat.writes("30")
    assert chat.given == {"/data/age": "30"}


def test_skipping_goes_on_without_an_answer(chat: Chat) -> None:
    """A skipped question has no answer, and what depended on it is not asked."""
    chat.writes("Amina")
    assert chat.taps("Skip")[-2].startswith("Why, at")
    said = chat.writes("/skip")
    assert said.index("2. How old?") > said.index("Not answered:")


def test_going_back_shows_the_present_answer(chat: Chat) -> None:
    """/back puts the question before with its answer, to be kept or changed."""
    chat.writes("Amina")
    chat.writes("30")
    assert chat.writes("/back") == [
        "How old?",
        "Your answer now: 30",
        "[« Back] [Keep this answer] [Remove answer]",
    ]
    assert chat.taps("Back")[0] == "Who are you?"
    assert chat.taps("Keep")[2] == "Married?"
    assert chat.given["/data/who"] == "Amina"


def test_going_back_ends_at_the_first_question(chat: Chat) -> None:
    """There is no question before the first one, and the person hears so."""
    assert chat.writes("/back")[0] == "! This is the first question."


def test_a_key_may_be_typed(chat: Chat) -> None:
    """The label of a navigation key does what the key does, wherever it comes from."""
    chat.writes("Amina")
    assert chat.writes("« Back")[0] == "Who are you?"
    assert chat.given == {"/data/who": "Amina"}


def test_a_changed_answer_changes_what_depended_on_it(chat: Chat) -> None:
    """A tap in the summary opens an answer; what becomes irrelevant leaves the report."""
    filled(chat)
    assert chat.taps("2")[0] == "How old?"
    summary = chat.writes("12")
    assert summary[:2] == ["No longer asked, so these answers fell away:", "• Married? No"]
    assert summary[3:6] == ["1. Who are you? Amina", "2. How old? 12", "A little more"]
    assert summary[6] == "3. Why, at 24? Because"
    chat.taps("Send")
    assert "married" not in chat.sent


def test_what_a_change_makes_necessary_is_asked_before_the_summary(chat: Chat) -> None:
    """A question that becomes relevant by a change is asked, then the summary comes back."""
    chat.writes("Amina")
    chat.writes("12")
    chat.writes("Because")
    chat.taps("2")
    assert chat.writes("40")[0] == "Married?"
    assert chat.taps("Yes")[2] == "Please look over your answers."


def test_leaving_a_change_comes_back_to_the_summary(chat: Chat) -> None:
    """Back from an answer opened in the summary is the summary, with nothing changed."""
    filled(chat)
    chat.writes("2")
    assert chat.taps("Back")[0] == "Please look over your answers."
    assert chat.given["/data/age"] == "30"


def test_back_from_the_summary_is_the_last_question(chat: Chat) -> None:
    """One can walk back from the summary as from any question."""
    filled(chat)
    assert chat.taps("Back")[:2] == ["A little more", "Why, at 60?"]


def test_the_summary_takes_no_other_words(chat: Chat) -> None:
    """Words at the summary, or a number that is not in it, change nothing."""
    filled(chat)
    for words in ("yes!", "99", "0", "2.5e9"):
        assert "! Please tap Send, or tap the number of an answer to change it." in chat.writes(
            words
        )
    assert chat.session is not None


def test_an_answer_that_no_longer_holds_is_asked_before_the_summary() -> None:
    """A later change that breaks an earlier answer's constraint brings that question back."""
    rows = """
| | type    | name  | label  | constraint    | constraint_message |
| | integer | least | Least? |               |                    |
| | integer | most  | Most?  | . >= ${least} | Most is less than least. |
"""
    chat = begin(survey(rows))
    chat.writes("1")
    chat.writes("5")
    chat.taps("1")
    assert chat.writes("9")[:2] == ["! Most is less than least.", "Most?"]
    assert chat.writes("12")[0] == "Please look over your answers."


def test_a_choice_that_is_filtered_away_is_asked_again() -> None:
    """Changing a region asks for the town again: it was one of the other region."""
    rows = """
| | type | name | label | choice_filter |
| | select_one region | region | Region? | |
| | select_one town | town | Town? | region = ${region} |
| | text | end | Anything else? | |
| choices |
| | list_name | name | label | region |
| | region | n | North | |
| | region | s | South | |
| | town | na | Arusha | n |
| | town | sb | Busia | s |
"""
    chat = begin(survey(rows))
    chat.taps("North")
    chat.taps("Arusha")
    chat.writes("No")
    chat.taps("1")
    said = chat.taps("South")
    assert said[2:4] == ["To be answered again, because of that:", "• Town? Arusha"]
    assert said[4:6] == ["Town?", "[Busia]"]
    assert chat.taps("Busia")[2] == "Please look over your answers."


def test_a_long_summary_has_pages() -> None:
    """Many answers are shown page by page, and each can be opened."""
    rows = "\n".join(f"| | text | q{n} | Question {n}? |" for n in range(1, 21))
    chat = begin(survey("| | type | name | label |\n" + rows))
    for number in range(20):
        said = chat.writes(f"answer {number}")
    assert "15. Question 15? answer 14" in said
    assert "[◀] [1/2] [▶]" in said
    assert "~ 20. Question 20? answer 19" in chat.taps("▶")
    assert chat.taps("20")[0] == "Question 20?"


def test_typing_takes_the_buttons_of_the_question_away(chat: Chat) -> None:
    """The keys of an answered question go before the next question comes."""
    chat.writes("Amina")
    chat.writes("30")
    assert chat.replies[0] == Revise("question", None)


def test_days_later_the_same_question_waits(chat: Chat) -> None:
    """After days away an answer still counts, and /start offers to go on."""
    chat.writes("Amina")
    chat.now += timedelta(days=3)
    assert chat.writes("/start")[1:] == ["[Yes, go on]", "[No, delete it and begin again]"]
    assert chat.taps("go on")[0] == "How old?"
    chat.now += timedelta(days=3)
    assert chat.writes("30")[0] == "Married?"


def test_beginning_again_drops_the_draft(chat: Chat) -> None:
    """Whoever begins again has a new session with nothing in it."""
    chat.writes("Amina")
    key = chat.session.key if chat.session else ""
    chat.writes("/start")
    assert "Who are you?" in chat.taps("No, delete")
    assert chat.session is not None
    assert chat.session.key != key
    assert chat.given == {}


def test_a_tap_from_days_ago_on_the_waiting_question_counts(chat: Chat) -> None:
    """A tap is as good as an answer, however late, while its question waits."""
    chat.writes("Amina")
    chat.writes("30")
    chat.now += timedelta(days=9)
    chat.taps("No")
    assert chat.given["/data/married"] == "no"


def test_help_explains_and_puts_the_question_again(chat: Chat) -> None:
    """/help in a form says the form's guidance, the programme's help and the commands."""
    said = chat.writes("/help")
    assert said[:2] == ["Any name will do.", "Ask us anything."]
    assert "/back: Go back one question" in said
    assert said[-2:] == ["Who are you?", "In full"]


def test_a_stray_button_of_no_session_is_acknowledged(chat: Chat) -> None:
    """A button that is not ours, or of a session that is over, does nothing."""
    assert chat.does(ButtonTapped("", 0, "")) == []
    filled(chat)
    again = chat.button("Send")
    chat.taps("Send")
    assert chat.does(again) == ["(That is finished. To make another report, send /start.)"]
    assert len(chat.submissions) == 1
