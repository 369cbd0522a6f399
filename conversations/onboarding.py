"""Before the questions: which language, whether the person agrees, which form.

Prompts and what was meant by an answer to them; `dialogue` decides what follows.
"""

from __future__ import annotations

from itertools import chain

from conversations.events import CommandGiven, Event
from conversations.phrases import FormText, Phrase, Problem, Speech, listed, phrase, verbatim
from conversations.programme import FormKey, Programme, form_mark
from conversations.prompt import Prompt
from conversations.questions.choices.spelling import (
    WORDS_MAX,
    WRITTEN_CHARACTERS_MAX,
    begun,
    index_of,
    near,
    same,
)
from conversations.replies import Block, Button
from conversations.scene import Scene
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.languages import parents_of

LANGUAGES_PER_ROW = 2
FORMS_OFFERED_MAX = 20


# Language


def language_guess(programme: Programme, person: Person) -> str:
    """Guess a person's language: their choice, else the nearest to their app's, else the first."""
    for wanted in (person.language, person.guess):
        if found := language_named(programme, wanted or ""):
            return found
    return programme.languages[0]


def language_named(programme: Programme, tag: str) -> str | None:
    """Find the programme's language for a tag, or the nearest one: `pt` for `pt-BR`, and back."""
    wanted = tag.replace("_", "-").lower()
    offered = {language.lower(): language for language in programme.languages}
    nearest = (offered[form] for form in (wanted, *parents_of(wanted)) if form in offered)
    base = wanted.partition("-")[0]
    kin = (language for form, language in offered.items() if form.partition("-")[0] == base)
    return next(chain(nearest, kin), None) if base else None


def language_meant(scene: Scene, text: str) -> str | None:
    """Find the language of the programme that a person names, in whichever language they write.

    By its tag, by its place among the buttons, or by a name, which may be spelled nearly so; None
    where that could be two.
    """
    tags = languages_in_order(scene)
    number = scene.hearing.number(text)
    if number is not None and number in range(1, len(tags) + 1):
        return tags[int(number) - 1]
    return language_named(scene.programme, text) or _language_called(scene, tags, text)


def _language_called(scene: Scene, tags: tuple[str, ...], text: str) -> str | None:
    if len(text) > WRITTEN_CHARACTERS_MAX:
        return None
    called = [(name, tag) for tag in tags for name in scene.occasion.locale_of(tag).names]
    index = index_of(tuple(name for name, _ in called))
    within = (at for word in text.split()[:WORDS_MAX] for at in same(index, word))
    for places in (same(index, text), begun(index, text), tuple(within), near(index, text)):
        if places:
            meant = {called[at][1] for at in places}
            return meant.pop() if len(meant) == 1 else None
    return None


def languages_in_order(scene: Scene) -> tuple[str, ...]:
    """List the programme's languages, the likeliest first."""
    likeliest = language_guess(scene.programme, scene.person)
    return (likeliest, *(tag for tag in scene.programme.languages if tag != likeliest))


def language_prompt(scene: Scene) -> Prompt:
    """Ask for the language in every language, each button in its own words."""
    occasion, tags = scene.occasion, languages_in_order(scene)
    lines = dict.fromkeys(_please_choose(occasion, tag) for tag in tags)
    buttons = [
        Button(verbatim("{name}", name=occasion.locale_of(tag).autonym), f"l{index}")
        for index, tag in enumerate(tags)
    ]
    rows = (buttons[at : at + LANGUAGES_PER_ROW] for at in range(0, len(tags), LANGUAGES_PER_ROW))
    blocks = tuple(Block(verbatim("{line}", line=line), "item") for line in lines)
    return Prompt(blocks, tuple(map(tuple, rows)))


def _please_choose(occasion: Occasion, tag: str) -> str:
    # Translators: the first thing the bot says, in each language at once; buttons follow.
    return occasion.locale_of(tag).say(phrase("Please choose your language."))


def please_name_language(scene: Scene) -> Problem:
    """Say which languages there are, where what was written is none of them."""
    tags = languages_in_order(scene)
    names = listed(scene.locale, (scene.occasion.locale_of(tag).autonym for tag in tags))
    # Translators: the person named a language that is not there; {languages} are those that are,
    # with commas between them, each as its speakers call it.
    return Problem(
        phrase(
            "I speak these languages: {languages}. Tap yours, or write its name.", languages=names
        )
    )


def language_tapped(scene: Scene, action: str) -> str:
    """Return the language a button stands for."""
    return languages_in_order(scene)[int(action.removeprefix("l"))]


# Consent


def consent_prompt(scene: Scene) -> Prompt:
    """Ask whether a person agrees; what to is said once, not again after each word in passing."""
    blocks = _short_consent() if scene.session.failures else _whole_consent(scene)
    rows = ((Button(_agree(), "agree"),), (Button(_decline(), "decline"),))
    media = () if scene.session.failures else scene.spoken("consent")
    return Prompt(blocks, rows, media=media)


def _agree() -> Phrase:
    # Translators: a button under what a person may agree to before anything is asked.
    return phrase("I agree")


def _decline() -> Phrase:
    # Translators: a button under what a person may agree to; nobody is blamed for tapping it.
    return phrase("I do not agree")


def please_agree_or_not() -> Problem:
    """Ask for a tap or for the very words: a mere yes may be meant for something else."""
    # Translators: {agree} and {decline} are the two buttons under what a person may agree to.
    say = phrase(
        "Please tap one of the buttons, or write “{agree}” or “{decline}”.",
        agree=_agree(),
        decline=_decline(),
    )
    return Problem(say)


def _short_consent() -> tuple[Block, ...]:
    # Translators: the long text above says what a report is kept for.
    question = phrase("Above stands what happens with your report. Do you agree to it?")
    return (Block(question, "question"),)


def _whole_consent(scene: Scene) -> tuple[Block, ...]:
    """Say what this is and what a person agrees to; whoever agreed before hears why it is asked."""
    programme, tags = scene.programme, scene.locale.chain
    texts = (programme.title, programme.about, programme.consent.text)
    title, about, consent = (programme.text(text, *tags) for text in texts)
    # Translators: stands above the text that says what happens with a report.
    changed = phrase("You agreed to an earlier text. It has changed, so please read it again.")
    return (
        *((Block(FormText(title), "title"),) if title else ()),
        *((Block(FormText(about)),) if about and not scene.person.agreed else ()),
        *((Block(changed, "hint"),) if scene.person.agreed else ()),
        Block(FormText(consent)),
    )


def declined() -> Speech:
    """Respect that a person does not agree."""
    # Translators: after the button "I do not agree". Earlier reports of theirs may be kept.
    return phrase("That is all right. Nothing new is kept. If you change your mind, send /start.")


# Form


def forms_offered(programme: Programme) -> tuple[FormKey, ...]:
    """List the forms a person may choose from."""
    return tuple(key for key in programme.offered if key in programme.forms)[:FORMS_OFFERED_MAX]


def may_begin(session: Session | None, event: Event) -> bool:
    """Tell whether a turn may begin a form, and so needs to know how many reports were sent."""
    under_way = session is not None and session.form_id != "" and session.stage != "restart"
    return not under_way or isinstance(event, CommandGiven)


def enough_reports(scene: Scene) -> Phrase | None:
    """Say that a person has sent as many reports as are taken in a day; None while they may."""
    most = scene.programme.limits.reports_a_day
    if not most or scene.person.reports_lately < most:
        return None
    # Translators: the person has sent as many reports as one may send within 24 hours.
    return phrase(
        "I can take no more reports from one person within a day. All that you have sent are kept. "
        "Please go on tomorrow."
    )


def form_prompt(scene: Scene) -> Prompt:
    """Ask which form it shall be."""
    keys = forms_offered(scene.programme)
    rows = tuple(
        (Button(FormText(scene.programme.forms[key].title), f"f{form_mark(key[0])}"),)
        for key in keys
    )
    # Translators: above buttons with the titles of forms.
    return Prompt((Block(phrase("What would you like to tell us about?"), "question"),), rows)


def form_tapped(scene: Scene, action: str) -> FormKey:
    """Return the form a button stands for."""
    keys = forms_offered(scene.programme)
    return next(key for key in keys if f"f{form_mark(key[0])}" == action)


def please_tap() -> Problem:
    """Ask to use the buttons, where nothing else can be an answer."""
    # Translators: the person wrote something where only a button can be an answer.
    return Problem(phrase("Please tap one of the buttons."))
