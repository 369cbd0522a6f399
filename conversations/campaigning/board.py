"""A draft as it stands, with its pages of choices: what a coordinator sees while they write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from conversations.campaigning.audience import Audience
from conversations.campaigning.draft import STAMP, Draft
from conversations.phrases import Locale, Phrase, Speech, phrase, phrase_of_many, verbatim
from conversations.programme import Programme, form_mark
from conversations.replies import Block, Button, Buttons
from conversations.roles import ROLES, titled

SLOT: Final = "campaign"
SHOWN_CHARACTERS: Final = 200
AREAS_SHOWN: Final = 30
REPORTED: Final = (("yes", 30), ("no", 30), ("no", 90), ("no", 0))
PACES: Final = (1, 5, 10, 20)

Counted: TypeAlias = tuple[int, bool]
"""How many people, and whether that is an estimate."""

Rows: TypeAlias = Iterator[tuple[Button, ...]]


@dataclass(frozen=True, slots=True)
class About:
    """What a draft's turn happens in; `counted` says of which audiences the size is known."""

    programme: Programme
    locale: Locale
    now: datetime
    counted: dict[Audience, Counted] = field(default_factory=dict)
    autonyms: dict[str, str] = field(default_factory=dict)
    """What each of the programme's languages is called by its speakers, by tag."""

    def wall(self, moment: datetime) -> datetime:
        """Return a moment as clocks show it in the programme's zone."""
        return moment.astimezone(self.programme.zone).replace(tzinfo=None)


def shown(draft: Draft, about: About) -> tuple[tuple[Block, ...], Buttons]:
    """Return the board's text and buttons."""
    kind, _, rest = draft.page.partition(":")
    match kind:
        case "whom":
            rows = _whom_rows(draft, about)
        case "area":
            rows = _area_rows(draft, about, int(rest or 0))
        case "form":
            rows = _form_rows(draft, about)
        case "pace":
            rows = _pace_rows(draft)
        case "when":
            rows = _when_rows()
        case "go":
            rows = _go_rows()
        case _:
            rows = _main_rows(draft, about)
    return tuple(_blocks(draft, about)), Buttons(STAMP, draft.step, tuple(rows))


def _blocks(draft: Draft, about: About) -> Iterator[Block]:
    # Translators: above a message that a coordinator writes to many people, with its settings.
    yield Block(phrase("A message to many people"), "title")
    for line in (*_texts(draft, about), *_settings(draft, about)):
        yield Block(line, "item")
    if asked := _asked(draft, about):
        yield Block(asked, "question")


def _texts(draft: Draft, about: About) -> Iterator[Speech]:
    texts = draft.message.texts
    for tag in about.programme.languages:
        language = about.autonyms.get(tag, tag)
        if tag in texts:
            text = " ".join(texts[tag].split())
            short = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
            yield verbatim("• {language}: {text}", language=language, text=short)
        elif texts:
            read = about.programme.language_of(texts, tag)
            # Translators: a coordinator has not written a text in {language}; its speakers will
            # get the text in the other language.
            yield phrase(
                "• {language}: missing; they will read it in {other}",
                language=language,
                other=about.autonyms.get(read, read),
            )


def _settings(draft: Draft, about: About) -> Iterator[Speech]:
    if draft.message.picture:
        # Translators: in the settings of a message to many people.
        yield phrase("• With a picture")
    if draft.message.form_id:
        title = form_title(about.programme, draft.message.form_id)
        # Translators: in the settings of a message to many people: a button opens this form.
        yield phrase("• With a button for: {form}", form=title)
    # Translators: in the settings of a message to many people: who gets it.
    yield phrase("• To: {whom}", whom=_whom(draft.audience, about))
    if draft.count is not None:
        yield verbatim("• {people}", people=people(draft.count, about=draft.about))
    if draft.start_at:
        when: Phrase = verbatim("{at}", at=about.wall(draft.start_at))
    else:
        # Translators: when a message to many people is sent: at once.
        when = phrase("at once")
    # Translators: in the settings of a message to many people: when it is sent, and how fast.
    yield phrase("• When: {when}, {number} a second", when=when, number=draft.per_second)


def people(count: int, *, about: bool) -> Phrase:
    """Say how many people that is."""
    if about:
        # Translators: an estimate.
        return phrase_of_many("about {count} person", "about {count} people", count)
    # Translators: how many people a message is for.
    return phrase_of_many("{count} person", "{count} people", count)


def form_title(programme: Programme, form_id: str) -> str:
    """Return the title of a form that is offered, or its id."""
    titles = (programme.forms[key].title for key in programme.offered if key[0] == form_id)
    return next(titles, form_id)


def _asked(draft: Draft, about: About) -> Phrase | None:
    if draft.page == "go":
        count = people(draft.count or 0, about=draft.about)
        # Translators: asked before a message goes to many; {people} is "132 people", say.
        return phrase("Shall this go to {people}?", people=count)
    if draft.asking == "when":
        # Translators: a coordinator plans when a message shall be sent to many people.
        return phrase("When shall it go? Write the day and the time, in the programme's time.")
    if draft.asking:
        language = about.autonyms.get(draft.asking, draft.asking)
        # Translators: to a coordinator who writes a message to many people.
        return phrase("Write the text in {language}, or send a photo with it.", language=language)
    return None


# To whom


def _whom(audience: Audience, about: About) -> Phrase:
    """Describe an audience: its conditions, one behind the other."""
    said = list(_conditions(audience, about))
    if not said:
        # Translators: who gets a message: all people.
        return phrase("everybody")
    whole = said[0]
    for one in said[1:]:
        whole = verbatim("{first}; {then}", first=whole, then=one)
    return whole


def _conditions(audience: Audience, about: About) -> Iterator[Phrase]:
    if audience.languages:
        yield _listed(about.autonyms.get(tag, tag) for tag in audience.languages)
    if audience.areas:
        yield _listed(area_name(about, code) for code in audience.areas)
    if audience.role:
        yield _role(audience.role)
    if audience.reported:
        yield _reported(audience.reported, audience.days)
    if audience.agreed == "any":
        yield _earlier()


def _listed(names: Iterable[str]) -> Phrase:
    return verbatim("{names}", names=", ".join(names))


def _role(role: str) -> Phrase:
    return next((titled(known) for known in ROLES if known == role), verbatim("{r}", r=role))


def area_name(about: About, code: str) -> str:
    """Return what an area is called in the coordinator's language."""
    area = about.programme.areas.get(code)
    if area is None:
        return code
    chain = (*about.locale.chain, "", *area.names)
    return next((area.names[tag] for tag in chain if area.names.get(tag)), code)


def _reported(reported: str, days: int) -> Phrase:
    if not days:
        # Translators: a choice of who gets a message: people without any report.
        return phrase("never reported")
    if reported == "yes":
        # Translators: a choice of who gets a message; a button, at most 30 characters.
        return phrase_of_many("report in {count} day", "report in {count} days", days)
    # Translators: a choice of who gets a message; a button, at most 30 characters.
    return phrase_of_many("no report in {count} day", "no report in {count} days", days)


def _earlier() -> Phrase:
    # Translators: a choice of who gets a message: also those who agreed to an earlier consent text.
    return phrase("also earlier consent")


# Buttons


def _main_rows(draft: Draft, about: About) -> Rows:
    for number, tag in enumerate(about.programme.languages):
        language = about.autonyms.get(tag, tag)
        # Translators: a button; a coordinator writes the text of a message in this language.
        yield (Button(phrase("Text: {language}", language=language), f"t{number}"),)
    if draft.message.picture:
        # Translators: a button; the picture is taken out of a message.
        yield (Button(phrase("Without the picture"), "bare"),)
    yield (
        # Translators: a button; a coordinator chooses who gets a message.
        Button(phrase("To whom"), "p:whom"),
        # Translators: a button; a coordinator chooses which form a message opens.
        Button(phrase("Form"), "p:form"),
    )
    yield (
        # Translators: a button; a coordinator chooses when a message goes.
        Button(phrase("When"), "p:when"),
        # Translators: a button; a coordinator chooses how fast a message goes to many people.
        Button(phrase("Pace"), "p:pace"),
    )
    yield (
        # Translators: a button; shows a message as people will see it, in each language.
        Button(phrase("Preview"), "look"),
        # Translators: a button; sends a message to oneself, to try it.
        Button(phrase("Send it to me"), "test"),
    )
    # Translators: a button; sends a message to many people, after one more question.
    yield (Button(phrase("Send"), "p:go"),)
    yield (Button(phrase("Throw it away"), "drop"),)


def _back() -> tuple[Button, ...]:
    return (Button(phrase("« Back"), "p:"),)


def ticked(label: Phrase, *, on: bool) -> Phrase:
    """Mark a choice that is chosen."""
    return verbatim("✓ {label}", label=label) if on else label


def _whom_rows(draft: Draft, about: About) -> Rows:
    audience = draft.audience
    for number, tag in enumerate(about.programme.languages):
        label = verbatim("{language}", language=about.autonyms.get(tag, tag))
        yield (Button(ticked(label, on=tag in audience.languages), f"l{number}"),)
    if about.programme.areas:
        # Translators: a button; a coordinator chooses areas.
        yield (Button(phrase("Areas"), "p:area:0"),)
    for role in ROLES:
        yield (Button(ticked(titled(role), on=role == audience.role), f"r{role}"[:24]),)
    for reported, days in REPORTED:
        on = (reported, days) == (audience.reported, audience.days)
        yield (Button(ticked(_reported(reported, days), on=on), f"s{reported}:{days}"),)
    yield (Button(ticked(_earlier(), on=audience.agreed == "any"), "c"),)
    yield _back()


def _area_rows(draft: Draft, about: About, page: int) -> Rows:
    codes = list(about.programme.areas)
    for code in codes[page * AREAS_SHOWN : (page + 1) * AREAS_SHOWN]:
        label = verbatim("{area}", area=area_name(about, code))
        yield (Button(ticked(label, on=code in draft.audience.areas), f"a{form_mark(code)}"),)
    turns = [(page - 1, "«"), (page + 1, "»")]
    pages = -(-len(codes) // AREAS_SHOWN)
    if pages > 1:
        yield tuple(
            Button(verbatim("{sign}", sign=sign), f"p:area:{to}")
            for to, sign in turns
            if 0 <= to < pages
        )
    yield (Button(phrase("« Back"), "p:whom"),)


def _form_rows(draft: Draft, about: About) -> Rows:
    for form_id, _ in about.programme.offered:
        label = verbatim("{title}", title=form_title(about.programme, form_id))
        on = form_id == draft.message.form_id
        yield (Button(ticked(label, on=on), f"f{form_mark(form_id)}"),)
    yield _back()


def _pace_rows(draft: Draft) -> Rows:
    for pace in PACES:
        # Translators: a button: how many people a message is sent to in a second.
        label = phrase("{number} a second", number=pace)
        yield (Button(ticked(label, on=pace == draft.per_second), f"n{pace}"),)
    yield _back()


def _when_rows() -> Rows:
    yield (Button(phrase("Now"), "now"),)
    yield _back()


def _go_rows() -> Rows:
    # Translators: a button; a message goes to many people.
    yield (Button(phrase("Yes, send it"), "go"),)
    yield _back()
