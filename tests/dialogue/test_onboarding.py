"""Before the questions: language, consent, form."""

from __future__ import annotations

import pytest

from conversations.programme import Consent
from tests.dialogue.chat import Chat, programme_of, survey

FORM = survey("| | type | name | label |\n| | text | who | Who? |\n| | text | why | Why? |")
OTHER = survey("| | type | name | label |\n| | text | x | X? |", "form_id | version\n | other | 1")
CONSENT = Consent("v1", {"en": "May we keep this?", "sw": "Tuhifadhi?"})


@pytest.fixture
def chat() -> Chat:
    """Somebody new whose phone speaks Swahili."""
    return Chat(programme_of(FORM, languages=("en", "sw"), consent=CONSENT), guess="sw-ke")


def test_languages_are_named_by_themselves_the_likeliest_first(chat: Chat) -> None:
    """The first message offers each language in its own words, the phone's language first."""
    assert chat.writes("/start")[-1] == "[Kiswahili] [English]"


def test_a_first_word_greets_whoever_is_new(chat: Chat) -> None:
    """Somebody who just says hello is asked for the language, too."""
    assert chat.writes("hello")[-1] == "[Kiswahili] [English]"


@pytest.mark.parametrize("way", ["English", "en", "english", "2", "englsh", "I speak English"])
def test_a_language_may_be_typed(chat: Chat, way: str) -> None:
    """A language is taken by its name, also nearly spelled, by its tag or by its place."""
    chat.writes("/start")
    chat.writes(way)
    assert chat.language == "en"
    assert chat.session is not None
    assert chat.session.stage == "consent"


def test_consent_stands_before_the_first_answer(chat: Chat) -> None:
    """Agreeing is kept with the text's version and the language it was read in."""
    chat.writes("/start")
    assert "Tuhifadhi?" in chat.taps("Kiswahili")
    assert chat.session is not None
    assert chat.session.draft == ()
    assert chat.taps("I agree")[0] == "Who?"
    assert [(kept.text_version, kept.language) for kept in chat.consents] == [("v1", "sw")]


def test_declining_is_respected(chat: Chat) -> None:
    """Whoever does not agree is let go in peace, and nothing is kept."""
    chat.writes("/start")
    chat.taps("English")
    said = chat.taps("I do not agree")
    assert said[-1].startswith("That is all right.")
    assert chat.session is None
    assert chat.consents == []


def test_no_answer_is_kept_when_the_consent_falls(chat: Chat) -> None:
    """A consent taken back, or a new text, is asked for before the next answer is taken."""
    chat.writes("/start")
    chat.taps("English")
    chat.taps("I agree")
    chat.agreed.clear()
    assert "May we keep this?" in chat.writes("Amina")
    assert chat.given == {}
    assert chat.taps("I agree")[-2:] == ["Who?", "[Skip »]"]


def test_a_known_person_is_not_asked_again() -> None:
    """Language and consent that stand are not asked for; one form needs no choice."""
    chat = Chat(programme_of(FORM, languages=("en", "sw"), consent=CONSENT))
    chat.language, chat.agreed = "en", {"v1"}
    assert chat.writes("/start")[0] == "Who?"


def test_several_forms_are_offered() -> None:
    """Where a programme has several forms, a person chooses by title."""
    chat = Chat(programme_of(FORM, OTHER), language="en")
    assert chat.writes("/start") == [
        "What would you like to tell us about?",
        "[birth]",
        "[other]",
    ]
    assert chat.taps("other")[-2] == "X?"


def test_a_programme_without_forms_says_so() -> None:
    """Where nothing is on offer, the person hears it instead of silence."""
    chat = Chat(programme_of(FORM, offered=()), language="en")
    assert chat.writes("/start")[-1].startswith("There is nothing to fill in")
    assert chat.session is None


def test_nobody_is_asked_to_agree_where_nothing_can_be_filled_in(chat: Chat) -> None:
    """Where all forms are closed, a new person hears so after the language, before the consent."""
    chat.programme = programme_of(FORM, languages=("en", "sw"), consent=CONSENT, offered=())
    chat.writes("/start")
    said = chat.taps("English")
    assert said == ["There is nothing to fill in at present. Please come back later."]
    assert chat.session is None


def test_a_form_that_is_gone_ends_the_session_with_words() -> None:
    """A session whose form version is no longer kept is ended, not lost in silence."""
    chat = Chat(programme_of(FORM), language="en")
    chat.writes("/start")
    chat.programme = programme_of(OTHER)
    assert chat.writes("Amina")[0].startswith("This form is no longer in use")
    assert chat.session is None


def test_a_spoken_consent_can_be_asked_for() -> None:
    """Where data is dear the consent's voice waits for a tap, which neither agrees nor declines."""
    consent = Consent("1", {"en": "Your report is kept."})
    media = {"consent.en.ogg": b"x" * 9_000}
    form = survey("| | type | name | label |\n| | text | a | A? |")
    chat = Chat(programme_of(form, consent=consent, media=media), language="en", low_data=True)
    assert "[🔊 Play the sound (9 kB)]" in chat.writes("/start")
    assert chat.taps("Play the sound")[0] == "<consent.en.ogg>"
    assert chat.consents == []
    assert "<consent.en.ogg>" in chat.writes("/data")
