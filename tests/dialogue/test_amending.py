"""Reports changed after they were sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.amending import looks_at_reports
from conversations.events import ButtonTapped, CommandGiven, MessageEdited, TextWritten
from conversations.turn import Report
from tests.dialogue.chat import NOON, Chat, programme_of, survey

FORM = survey("""
| | type         | name  | label        | required | calculation |
| | start        | start |              |          |             |
| | text         | who   | Who are you? | yes      |             |
| | begin_repeat | child | Child        |          |             |
| | text         | name  | Its name?    |          |             |
| | end_repeat   |       |              |          |             |
| | calculate    | all   |              |          | count(${child}) |
""")


@pytest.fixture
def chat() -> Chat:
    """Send a report with one child; it may be changed for a day."""
    chat = Chat(programme_of(FORM, edit_hours=24), language="en")
    chat.writes("/start")
    chat.writes("Amina")
    chat.taps("Yes, add one")
    chat.writes("Ada")
    chat.taps("No, go on")
    chat.taps("Send")
    chat.reports = (report_of(chat),)
    return chat


def report_of(chat: Chat) -> Report:
    """Return what the host would know of the last submission."""
    kept = chat.submissions[-1]
    return Report(
        kept.instance_id, kept.form_id, kept.form_version, kept.receipt, chat.now, kept.xml
    )


def test_an_edit_keeps_code_and_names_what_it_replaces(chat: Chat) -> None:
    """The edit has an id of its own, the original's id beside it, and the same code."""
    original = chat.submissions[0]
    assert chat.taps("Change or add something")[0].startswith("Here is your report")
    assert chat.taps("1")[0] == "Who are you?"
    chat.writes("Amina Juma")
    assert chat.taps("Send")[0] == "Thank you. Your report is changed."
    edit = chat.submissions[1]
    assert (edit.replaces, edit.receipt) == (original.instance_id, original.receipt)
    assert edit.instance_id != original.instance_id
    assert chat.sent["deprecatedID"] == original.instance_id
    assert (chat.sent["who"], chat.sent["name"], chat.sent["all"]) == ("Amina Juma", "Ada", "1")


def test_something_is_added(chat: Chat) -> None:
    """One more instance of a repeat is told of where the summary counts them."""
    chat.taps("Change or add something")
    assert "1. Ada" in chat.taps("3")
    chat.taps("Yes, add one")
    chat.writes("Ben")
    chat.taps("No, go on")
    chat.taps("Send")
    assert chat.sent["all"] == "2"


@pytest.mark.parametrize(("hours", "opens"), [(24, True), (25, False)])
def test_for_so_long(chat: Chat, hours: int, opens: bool) -> None:  # noqa: FBT001 - a table.
    """A report may be opened up to the hour, not after."""
    tap = chat.button("Change or add something")
    chat.waits(hours=hours)
    chat.does(tap)
    assert (chat.session is not None) == opens


def test_a_forged_tap_opens_nothing(chat: Chat) -> None:
    """A button of a report that is not the person's own is answered."""
    said = chat.does(ButtonTapped("00000000", 0, "change-AAAA-AAAA"))
    assert "cannot be changed" in said[0]
    assert chat.session is None


def test_a_form_that_is_gone(chat: Chat) -> None:
    """A report of a form that is no longer kept is not opened, and it is said why."""
    tap = chat.button("Change or add something")
    chat.programme = programme_of(
        survey("| | type | name | label |\n| | text | a | A |", "form_id | version\n | other | 1"),
        edit_hours=24,
    )
    assert "no longer in use" in chat.does(tap)[0]


def test_never_where_the_programme_says_so() -> None:
    """With 0 hours there is no button, and a tap from before is answered."""
    chat = Chat(programme_of(FORM, edit_hours=0), language="en")
    report = Report("uuid:1", "birth", "1", "4T7K-9WXM", NOON - timedelta(hours=1), "<data/>")
    chat.reports = (report,)
    assert chat.writes("/reports")[1].startswith("4T7K-9WXM")
    assert chat.labels == []
    assert "cannot be changed" in chat.does(ButtonTapped("", 0, "change-4T7K-9WXM"))[0]


def test_stopping_leaves_the_report_as_it_was(chat: Chat) -> None:
    """/cancel speaks of changes, and nothing is sent."""
    chat.taps("Change or add something")
    assert "The report stays as you sent it." in chat.writes("/cancel")[0]
    assert "stays as you sent it" in chat.taps("Yes")[0]
    assert len(chat.submissions) == 1


def test_the_host_looks_reports_up_only_where_they_matter(chat: Chat) -> None:
    """An ordinary turn costs no look at what was sent before."""
    assert looks_at_reports(None, CommandGiven("reports"))
    assert looks_at_reports(None, MessageEdited("1", None))
    assert not looks_at_reports(None, TextWritten("hello"))
    chat.taps("Change or add something")
    assert not looks_at_reports(chat.session, MessageEdited("1", None))
