"""What should change nothing, and what works in the middle of everything."""

from __future__ import annotations

import pytest

from conversations.events import MediaSent, MessageEdited, TextWritten
from conversations.programme import Consent
from conversations.replies import Acknowledge
from tests.dialogue.chat import Chat, begin, programme_of, survey

FORM = (
    survey("""
| | type      | name  | label      | label::Kiswahili (sw) | required |
| | text      | who   | Who?       | Nani?                 | yes      |
| | select_one yn | ok | All well?  | Salama?               |          |
| | image     | pic   | A picture? | Picha?                |          |
| | geopoint  | where | Where?     | Wapi?                 |          |
| | text      | why   | Why?       | Kwa nini?             |          |
| choices |
| | list_name | name | label | label::Kiswahili (sw) |
| | yn        | yes  | Yes   | Ndiyo |
| | yn        | no   | No    | Hapana |
""")
    .replace("| label      |", "| label::English (en) |")
    .replace("| label |", "| label::English (en) |")
)


@pytest.fixture
def chat() -> Chat:
    """Somebody at the second question of a form in two languages."""
    chat = begin(FORM, languages=("en", "sw"))
    chat.writes("Amina")
    return chat


def at_the_picture(chat: Chat) -> Chat:
    """Go on to the picture."""
    chat.taps("Yes")
    return chat


def at_the_place(chat: Chat) -> Chat:
    """Go on to the place, with a picture given."""
    at_the_picture(chat).sends("image")
    return chat


def test_the_second_of_two_taps_at_once_does_nothing(chat: Chat) -> None:
    """A second tap on the same keyboard is acknowledged; the first one stands."""
    yes, no = chat.button("Yes"), chat.button("No")
    chat.does(yes)
    before = chat.session
    assert chat.does(no) == ["(That is answered already.)"]
    assert chat.session == before


def test_a_tap_on_an_old_keyboard_puts_the_question_again(chat: Chat) -> None:
    """A tap far up in the chat changes no answer; the question that waits comes into sight."""
    old = chat.button("Yes")
    at_the_place(chat)
    assert chat.does(old)[:2] == [
        "(That question is an old one. This one is waiting now.)",
        "Where?",
    ]
    assert chat.given["/data/ok"] == "yes"


def test_who_sees_copies_of_a_question_late_answers_with_any_of_them(chat: Chat) -> None:
    """Where messages go out slowly, taps on copies already overtaken do not bring new ones forever.

    Somebody tapped an old keyboard twice, so the question was put three times; they see the first.
    """
    old = chat.button("Yes")
    at_the_place(chat).writes("/skip")
    chat.writes("Because")
    first_copy = chat.button("Send")
    chat.does(old)
    chat.does(old)
    chat.does(first_copy)
    assert len(chat.submissions) == 1


def test_a_tap_on_another_sessions_keyboard_counts_for_nothing(chat: Chat) -> None:
    """The keyboard of a session that was thrown away answers no question of the next one."""
    old = chat.button("Yes")
    chat.writes("/start")
    chat.taps("No, delete")
    chat.writes("Juma")
    assert "All well?" in chat.does(old)
    assert "/data/ok" not in chat.given


@pytest.mark.parametrize("kind", ["sticker", "contact", "poll", "dice"])
def test_what_no_question_asks_for_is_told_what_would_fit(chat: Chat, kind: str) -> None:
    """Stickers, contact cards and the like get a fitting answer and change nothing."""
    draft = chat.session.draft if chat.session else ()
    assert chat.sends_other(kind)[:2] == ["! Please tap one of the buttons.", "All well?"]
    assert chat.session is not None
    assert chat.session.draft == draft


def test_the_chats_own_messages_are_passed_over(chat: Chat) -> None:
    """A pinned message is nothing a person said."""
    assert chat.sends_other("pinned_message") == []


def test_an_unknown_message_edited_changes_nothing(chat: Chat) -> None:
    """An edit of a message that answered nothing is answered with the way to correct."""
    assert "/back" in chat.does(MessageEdited("77", TextWritten("Fatuma")))[0]
    assert chat.given == {"/data/who": "Amina"}


def test_a_forwarded_message_is_no_answer() -> None:
    """Words or files of somebody else are not taken for the person's own."""
    chat = begin(FORM)
    assert chat.does(TextWritten("Fatuma", forwarded=True))[0].startswith("! That was forwarded.")
    assert chat.given == {}


def test_4096_emoji_are_too_long() -> None:
    """A text above the limit is refused, naming the limit."""
    chat = begin(FORM)
    assert chat.writes("🦛" * 4096)[0] == (
        "! That is 4,096 characters long. Please use at most 3,000 characters."
    )
    assert chat.given == {}


def test_what_xml_cannot_hold_is_dropped_from_a_text() -> None:
    """Control characters do not reach the instance."""
    chat = begin(FORM)
    chat.writes(" A\x00m\x0bina ")
    assert chat.given == {"/data/who": "Amina"}


def test_a_language_chosen_in_the_middle_asks_the_question_again_in_it(chat: Chat) -> None:
    """/language changes the language of everything, and the answers stay."""
    chat.writes("/language")
    assert chat.taps("Kiswahili") == ["Salama?", "[Ndiyo] [Hapana]", "[« Back] [Skip »]"]
    assert chat.given == {"/data/who": "Amina"}
    assert chat.language == "sw"


def test_a_language_may_be_named_with_the_command(chat: Chat) -> None:
    """/language sw needs no further tap."""
    assert chat.writes("/language sw")[0] == "Salama?"


def test_a_language_chosen_without_a_report_opens_none() -> None:
    """Outside of a report a change of language is just that."""
    chat = Chat(programme_of(FORM, languages=("en", "sw")), language="en")
    chat.writes("/language")
    assert chat.taps("Kiswahili")[0] == "From now on we speak Kiswahili."
    assert chat.session is None
    assert chat.language == "sw"


def test_cancelling_asks_before_it_throws_away(chat: Chat) -> None:
    """/cancel asks; no goes on at the same question, yes drops answers and files."""
    at_the_place(chat)
    chat.writes("/cancel")
    assert chat.taps("No, go on")[0] == "Where?"
    assert len(chat.attachments) == 1
    chat.writes("/cancel")
    assert chat.taps("Yes, throw")[-1].startswith("Your answers are thrown away.")
    assert chat.session is None
    assert chat.attachments == []


def test_cancelling_before_any_answer_needs_no_question() -> None:
    """Where nothing has been answered, /cancel just ends."""
    chat = begin(FORM)
    assert chat.writes("/cancel") == ["All right, we stop here. Send /start at any time."]
    assert chat.session is None


@pytest.mark.parametrize("command", ["/help", "/cancel", "/language", "/start", "/back", "/skip"])
def test_commands_outrank_answers(command: str) -> None:
    """No command is taken for the answer to a text question."""
    chat = begin(FORM)
    chat.writes(command)
    assert chat.given == {}


def test_an_unknown_command_is_no_answer_either() -> None:
    """A command nobody knows points to /help."""
    chat = begin(FORM)
    assert "/help" in chat.writes("/nonsense")[0]
    assert chat.given == {}


@pytest.mark.parametrize("command", ["/back", "/skip", "/cancel", "hello"])
def test_without_a_report_the_way_in_is_named(command: str) -> None:
    """Where no report is open, anything but /start, /help and /language points to /start."""
    chat = Chat(programme_of(FORM), language="en")
    assert chat.writes(command) == ["No report is open. To make one, send /start."]


def test_help_works_without_a_report() -> None:
    """/help works for everyone, at any time."""
    chat = Chat(programme_of(FORM))
    assert chat.writes("/help")[0] == "Ask us anything."


# Files


def test_a_photo_sent_again_replaces_the_first(chat: Chat) -> None:
    """A replaced file is forgotten by the host, and the new one has a name of its own."""
    at_the_place(chat)
    first = chat.attachments[0]
    chat.writes("/back")
    chat.sends("image", media_type="image/png")
    assert chat.attachments != [first]
    assert len(chat.attachments) == 1
    assert chat.attachments[0].endswith(".png")


def test_a_removed_answer_takes_its_file_along(chat: Chat) -> None:
    """Removing the answer forgets the file."""
    at_the_place(chat)
    chat.writes("/back")
    chat.taps("Remove answer")
    assert chat.attachments == []


@pytest.mark.parametrize("bytes_max", [5_000_000, 100_000_000])
def test_a_file_too_large_is_refused_with_the_figure(bytes_max: int) -> None:
    """A programme's limit, or else Telegram's 20 MB, is named, and nothing is kept."""
    chat = begin(FORM, attachment_bytes_max=bytes_max)
    chat.writes("Amina")
    chat.taps("Yes")
    said = chat.sends("image", size_bytes=20_000_001)
    assert f"at most {min(bytes_max, 20_000_000) // 1_000_000} MB" in said[0]
    assert chat.attachments == []


def test_of_an_album_the_first_is_taken(chat: Chat) -> None:
    """One picture answers; the others of its album are declined once and answer nothing else."""
    at_the_picture(chat)
    assert "Where?" in chat.sends("image", group="g1")
    assert chat.sends("image", group="g1") == [
        "I took the first of these. Please send one at a time."
    ]
    assert chat.sends("image", group="g1") == []
    assert len(chat.attachments) == 1


def test_submitted_attachments_are_named(chat: Chat) -> None:
    """The submission lists the files that belong to it."""
    at_the_place(chat).shares(-1.29, 36.82)
    chat.writes("Because")
    chat.taps("Send")
    assert list(chat.submissions[0].attachments) == chat.attachments


# The keyboard that shares a place


def test_the_keyboard_of_a_place_goes_with_its_answer(chat: Chat) -> None:
    """A shared place is confirmed in the message that takes the keyboard away."""
    at_the_place(chat)
    assert chat.labels == ["Share my place", "« Back", "Skip »"]
    assert chat.shares(-1.29, 36.82) == ["✓ -1.29, 36.82 (±12 m)", "Why?", "[« Back] [Skip »]"]


def test_a_key_of_the_keyboard_writes_its_label(chat: Chat) -> None:
    """Skip and Back under a place arrive as text and do what they say."""
    at_the_place(chat)
    assert chat.writes("« Back")[:2] == ["All right.", "A picture?"]
    chat.taps("Keep")
    assert chat.writes("Skip »")[-2] == "Why?"


def test_a_consent_asked_in_the_middle_takes_no_keyboard_along(chat: Chat) -> None:
    """Whatever interrupts a place takes its keyboard away."""
    at_the_place(chat)
    chat.programme = programme_of(FORM, consent=Consent("2", {"en": "New words"}))
    said = chat.shares(1, 1)
    assert said[0] == "All right."
    assert "New words" in said


def test_each_tap_is_acknowledged_once(chat: Chat) -> None:
    """A tap's answer is one acknowledgement, the first thing that happens."""
    chat.taps("Yes")
    assert isinstance(chat.replies[0], Acknowledge)


def test_a_picture_at_a_text_question_is_no_answer() -> None:
    """A file where words are asked for is declined, and not kept."""
    chat = begin(FORM)
    assert chat.does(MediaSent("image", "f", "image/jpeg"))[0] == (
        "! Please write your answer as a message."
    )
    assert chat.attachments == []
