"""A refused try at the summary: the answers stand just above, and are not all said once more."""

from __future__ import annotations

from conversations.entries import PAGE_ENTRIES
from tests.dialogue.chat import Chat, begin, survey

ROWS = "\n".join(f"| | text | q{number} | Question {number}? |" for number in range(20))
REFUSED = "! Please tap Send, or tap the number of an answer to change it."


def at_summary() -> Chat:
    """Answer all questions, more than stand on one page."""
    chat = begin(survey(f"| | type | name | label |\n{ROWS}"))
    for number in range(20):
        chat.writes(f"answer {number}")
    assert PAGE_ENTRIES < 20
    return chat


def test_a_refused_try_brings_the_keys_alone() -> None:
    """What would do is said, with the same keys; help brings the answers again."""
    amina = at_summary()
    keys = amina.labels
    said = amina.writes("hm")
    assert [line for line in said if not line.startswith("[")] == [REFUSED]
    assert amina.labels == keys
    assert "Please look over your answers." in amina.writes("/help")


def test_a_changed_answer_is_seen_whichever_page_it_stands_on() -> None:
    """The summary comes first with its first page, and after a change with the page of that."""
    amina = at_summary()
    amina.taps("▶")
    amina.taps("18")
    said = amina.writes("something else")
    assert any("Question 17? something else" in line for line in said)
    amina.taps("◀")
    amina.taps("2")
    assert any("Question 1? again" in line for line in amina.writes("again"))


def test_a_page_is_turned_whole_after_a_refused_try() -> None:
    """The next page shows its answers in the place of the refusal; the report is sent as ever."""
    amina = at_summary()
    amina.writes("hm")
    said = amina.taps("▶")
    assert said[0] == "~ Please look over your answers."
    assert any("Question 19?" in line for line in said)
    amina.taps("Send")
    assert amina.sent["q19"] == "answer 19"
