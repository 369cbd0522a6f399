"""Every transition of a campaign that is being written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from conversations.campaigning.audience import Audience, Reported
from conversations.campaigning.board import SLOT, About, people, shown
from conversations.campaigning.draft import STAMP, WHEN, Draft
from conversations.campaigning.message import CAPTION_MAX, Message
from conversations.campaigning.moments import moment_written
from conversations.events import ButtonTapped, CommandGiven, Event, MediaSent, TextWritten
from conversations.phrases import Phrase, phrase, verbatim
from conversations.programme import form_mark
from conversations.replies import Acknowledge, Block, Reply, Revise, Send

COMMAND: Final = "campaign"


@dataclass(frozen=True, slots=True)
class ShowLetter:
    """Show the message as people get it, in a language."""

    tag: str


@dataclass(frozen=True, slots=True)
class Launch:
    """Let the draft go on its way; there is no draft any more."""

    draft: Draft


Asked: TypeAlias = ShowLetter | Launch | Reply
Step: TypeAlias = tuple[Draft | None, tuple[Asked, ...]]


def compose(draft: Draft | None, about: About, event: Event) -> Step | None:
    """Take an event to the draft of a coordinator; None where it is not meant for it."""
    match event:
        case CommandGiven(name) if name == COMMAND:
            return _opened(draft, about)
        case ButtonTapped(session_key=key) if key == STAMP:
            return _tapped(draft, about, event)
        case TextWritten(text) if draft is not None and draft.asking:
            return _written(draft, about, text)
        case MediaSent(kind=kind) if kind != "file" and draft and draft.asking not in {"", WHEN}:
            return _pictured(draft, about, event)
        case _:
            return None


def left(draft: Draft) -> Draft:
    """Stop asking: the person has gone on to something else."""
    return replace(draft, asking="")


def audience_after(draft: Draft | None, about: About, event: Event) -> Audience | None:
    """Return the audience whose size the answer to an event shows; None where it shows none."""
    step = compose(draft, about, event)
    return step[0].audience if step and step[0] else None


# What it says


def _opened(draft: Draft | None, about: About) -> Step:
    away = (Revise(SLOT, None),) if draft is not None else ()
    fresh = draft or Draft()
    if not fresh.message.texts:
        fresh = replace(fresh, asking=_own(about))
    return _board(replace(fresh, page=""), about, *away)


def _own(about: About) -> str:
    languages = about.programme.languages
    return about.locale.tag if about.locale.tag in languages else languages[0]


def _counted(draft: Draft, about: About) -> Draft:
    known = about.counted.get(draft.audience)
    return draft if known is None else replace(draft, count=known[0], about=known[1])


def _board(draft: Draft, about: About, *ahead: Asked) -> Step:
    """Show the board in a new message."""
    stepped = _counted(replace(draft, step=draft.step + 1), about)
    blocks, keys = shown(stepped, about)
    return stepped, (*ahead, Send(blocks, keys, slot=SLOT))


def _again(draft: Draft, about: About) -> Step:
    """Show the board where it stands, after a tap."""
    stepped = _counted(replace(draft, step=draft.step + 1), about)
    blocks, keys = shown(stepped, about)
    return stepped, (Acknowledge(), Revise(SLOT, blocks, keys))


def _refused(draft: Draft, about: About, why: Phrase) -> Step:
    away = (Revise(SLOT, None), Send((Block(why, "problem"),)))
    return _board(draft, about, *away)


# Texts and pictures


def _written(draft: Draft, about: About, text: str) -> Step:
    if draft.asking == WHEN:
        return _timed(draft, about, text)
    if problem := _too_long(draft.message, text):
        return _refused(draft, about, problem)
    message = replace(draft.message, texts={**draft.message.texts, draft.asking: text.strip()})
    return _board(replace(draft, message=message, asking=""), about, Revise(SLOT, None))


def _too_long(message: Message, text: str) -> Phrase | None:
    return _over(long, message.text_max) if (long := units(text)) > message.text_max else None


def units(text: str) -> int:
    """Count a text as Telegram does: signs beyond the common ones count twice.

    >>> units("Habari 👶")
    9
    """
    return len(text.encode("utf-16-le")) // 2


def _over(has: int, may_have: int) -> Phrase:
    # Translators: to a coordinator who wrote a message to many people.
    return phrase(
        "This text has {number} characters; it may have {most}. Please write a shorter one.",
        number=has,
        most=may_have,
    )


def _pictured(draft: Draft, about: About, sent: MediaSent) -> Step:
    if sent.kind != "image":
        # Translators: a coordinator sent another kind of file for a message to many people.
        return _refused(draft, about, phrase("Please send a photo, or write the text."))
    caption = sent.caption.strip()
    texts = {**draft.message.texts, **({draft.asking: caption} if caption else {})}
    longest = max(map(units, texts.values()), default=0)
    if longest > CAPTION_MAX:
        return _refused(draft, about, _over(longest, CAPTION_MAX))
    message = replace(draft.message, picture=sent.source, texts=texts)
    asking = "" if caption or draft.asking in texts else draft.asking
    return _board(replace(draft, message=message, asking=asking), about, Revise(SLOT, None))


def _timed(draft: Draft, about: About, text: str) -> Step:
    at = moment_written(text, about.locale, about.programme.zone, about.now)
    if isinstance(at, Phrase):
        return _refused(draft, about, at)
    timed = replace(draft, start_at=at, asking="", page="")
    return _board(timed, about, Revise(SLOT, None))


# Buttons


def _tapped(draft: Draft | None, about: About, tap: ButtonTapped) -> Step:
    if draft is None or tap.step != draft.step:
        return draft, (Acknowledge(phrase("This message is an old one.")),)
    plain = _PLAIN.get(tap.action)
    return plain(draft, about) if plain else _chosen(draft, about, tap.action)


def _dropped(_draft: Draft, _about: About) -> Step:
    return None, (Acknowledge(), Revise(SLOT, None), _gone())


def _when(draft: Draft, about: About) -> Step:
    return _again(replace(draft, page="when", asking=WHEN), about)


def _at_once(draft: Draft, about: About) -> Step:
    return _again(replace(draft, page="", asking="", start_at=None), about)


def _bare(draft: Draft, about: About) -> Step:
    return _again(replace(draft, message=replace(draft.message, picture="")), about)


def _chosen(draft: Draft, about: About, action: str) -> Step:
    """Take a tap that names what was chosen behind its first letter."""
    what, which = action[:1], action[1:]
    match what:
        case "p":
            return _again(replace(draft, page=which[1:], asking=""), about)
        case "t":
            asking = about.programme.languages[int(which)]
            return _again(replace(draft, page="", asking=asking), about)
        case "n":
            return _again(replace(draft, page="", per_second=int(which)), about)
        case "f":
            return _again(_with_form(draft, about, which), about)
        case _:
            audience = _narrowed(draft.audience, about, what, which)
            return _again(replace(draft, audience=audience), about)


def _with_form(draft: Draft, about: About, mark: str) -> Draft:
    offered = (form_id for form_id, _ in about.programme.offered if form_mark(form_id) == mark)
    chosen = next(offered, "")
    form_id = "" if chosen == draft.message.form_id else chosen
    return replace(draft, page="", message=replace(draft.message, form_id=form_id))


def _narrowed(audience: Audience, about: About, what: str, which: str) -> Audience:
    """Choose a condition of an audience, or take it away where it was chosen."""
    match what:
        case "l":
            tag = about.programme.languages[int(which)]
            return replace(audience, languages=_toggled(audience.languages, tag))
        case "a":
            codes = [code for code in about.programme.areas if form_mark(code) == which]
            return replace(audience, areas=_toggled(audience.areas, *codes))
        case "r":
            return replace(audience, role="" if audience.role == which else which)
        case "s":
            reported, _, days = which.partition(":")
            if (audience.reported, audience.days) == (reported, int(days)):
                return replace(audience, reported="", days=0)
            kept: Reported = "yes" if reported == "yes" else "no"
            return replace(audience, reported=kept, days=int(days))
        case _:
            return replace(audience, agreed="any" if audience.agreed == "current" else "current")


def _toggled(chosen: tuple[str, ...], *these: str) -> tuple[str, ...]:
    kept = tuple(one for one in chosen if one not in these)
    return kept if len(kept) < len(chosen) else (*chosen, *these)


# It is looked at, and goes


def _preview(draft: Draft, about: About) -> Step:
    if not draft.message.texts:
        return draft, (Acknowledge(_no_text()),)
    shown_ = [
        one
        for tag in about.programme.languages
        if tag in draft.message.texts
        for one in (_heading(about, tag), ShowLetter(tag))
    ]
    return _board(draft, about, Acknowledge(), Revise(SLOT, None), *shown_)


def _heading(about: About, tag: str) -> Send:
    label = verbatim("🔎 {language}", language=about.autonyms.get(tag, tag))
    return Send((Block(label, "hint"),))


def _test(draft: Draft, about: About) -> Step:
    if not draft.message.texts:
        return draft, (Acknowledge(_no_text()),)
    letter = ShowLetter(about.locale.tag)
    return _board(draft, about, Acknowledge(), Revise(SLOT, None), letter)


def _no_text() -> Phrase:
    # Translators: a message to many people has no text yet.
    return phrase("There is no text yet.")


def _gone() -> Send:
    # Translators: a coordinator threw away a message to many people that was not sent.
    return Send((Block(phrase("It is thrown away. Nobody has got it.")),))


def _hindered(draft: Draft, about: About) -> Phrase | None:
    if not draft.message.texts:
        return _no_text()
    if not draft.count:
        # Translators: a coordinator's choice of who gets a message leaves nobody.
        return phrase("Nobody fits that. Choose other people.")
    if draft.start_at is not None and draft.start_at <= about.now:
        return phrase("That is in the past. Please write a time to come.")
    return None


def _asked_once_more(draft: Draft, about: About) -> Step:
    counted = _counted(draft, about)
    if why := _hindered(counted, about):
        return counted, (Acknowledge(why, alert=True),)
    return _again(replace(counted, page="go", asking=""), about)


def _launched(draft: Draft, about: About) -> Step:
    counted = _counted(draft, about)
    if why := _hindered(counted, about):
        return counted, (Acknowledge(why, alert=True),)
    told = Send((Block(_on_its_way(counted, about)), Block(_where_to_look(), "hint")))
    return None, (Acknowledge(), Revise(SLOT, None), Launch(counted), told)


def _on_its_way(draft: Draft, about: About) -> Phrase:
    whom = people(draft.count or 0, about=draft.about)
    if draft.start_at is None:
        # Translators: a message goes to many now; {people} is "132 people", say.
        return phrase("It is on its way to {people}.", people=whom)
    # Translators: a message will go to many; {people} is "132 people", say.
    return phrase("It will go to {people}: {when}", people=whom, when=about.wall(draft.start_at))


def _where_to_look() -> Phrase:
    # Translators: after a message was sent to many people.
    return phrase("/campaigns shows how it goes, and stops it.")


_PLAIN: Final[Mapping[str, Callable[[Draft, About], Step]]] = {
    "look": _preview,
    "test": _test,
    "drop": _dropped,
    "go": _launched,
    "p:go": _asked_once_more,
    "p:when": _when,
    "now": _at_once,
    "bare": _bare,
}
