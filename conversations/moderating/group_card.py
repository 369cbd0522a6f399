"""A case as a group of moderators sees it: what is doubted and who is at work on it.

No answer and nothing of the reporter: whoever is in the group may read along. The case itself is
laid before whoever takes it, in their own chat.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conversations.moderating.card import WORDS_MAX
from conversations.moderating.dossier import Dossier
from conversations.moderating.veiled import blackened, names_in, quoted_in
from conversations.phrases import Phrase, Speech, phrase, verbatim
from conversations.replies import Block, Button, Buttons
from conversations.reviewing.cases import Case
from conversations.reviewing.words import outcome_named, severity_named

STAMP: Final = "@card"
"""Stamps the buttons under a card; no session's key looks like it."""

TAKE: Final = "take"
PUT_BACK: Final = "back"
DOUBTS_MAX: Final = 6
TOPIC_LENGTH_MAX: Final = 128
"""What Telegram allows; https://core.telegram.org/bots/api#createforumtopic."""


def topic_name(form: str, area: str) -> str:
    """Name the topic of a form's cases, and of an area's where it is known.

    >>> topic_name("Births", "Kibera"), topic_name("Births", "")
    ('Births · Kibera', 'Births')
    """
    return " · ".join(part for part in (form, area) if part)[:TOPIC_LENGTH_MAX]


def group_card(dossier: Dossier, who: str) -> tuple[Block, ...]:
    """Show a case to a group; `who` names whoever is at work on it, or decided."""
    return tuple(_blocks(dossier, who))


def _blocks(dossier: Dossier, who: str) -> Iterator[Block]:
    case = dossier.case
    yield Block(verbatim("{severity} · {code} · {title}", severity=severity_named(case.severity),
                         code=dossier.code, title=dossier.title), "title")  # fmt: skip
    # Translators: to moderators: when a report was sent, and by when it should be looked at.
    when = phrase("Sent {sent_at}, to be looked at by {look_by}",
                  sent_at=dossier.sent_at, look_by=dossier.look_by)  # fmt: skip
    yield Block(when, "item")
    if dossier.area is not None:
        # Translators: to moderators: the area in which a report was made.
        yield Block(phrase("Area: {area}", area=dossier.area), "item")
    quoted, names = quoted_in(dossier.lines), names_in(dossier.lines)
    for doubt in dossier.doubts[:DOUBTS_MAX]:
        words = blackened(doubt.words, quoted, names)[:WORDS_MAX]
        yield Block(verbatim("⚑ {words}", words=words), "item")
    yield Block(_standing(case, who), "hint")


def _standing(case: Case, who: str) -> Speech:
    if case.state == "decided":
        # Translators: under a case in a group of moderators: "approved" by "Amina", say.
        return phrase("✓ {outcome}, by {who}", outcome=outcome_named(case.outcome), who=who)
    if who:
        # Translators: under a case in a group of moderators: who looks at it just now.
        return phrase("{who} is at work on it.", who=who)
    if case.state == "asked":
        # Translators: under a case in a group of moderators.
        return phrase("The reporter was asked; it comes back with the answer.")
    if case.escalated:
        # Translators: to moderators: a report that a moderator did not want to decide alone.
        return phrase("Left to a senior moderator.")
    if case.state == "second":
        # Translators: under a case in a group of moderators: one has decided, another must agree.
        return phrase("One person decided. A second must agree.")
    # Translators: under a case in a group of moderators.
    return phrase("Nobody is at work on it.")


def group_keys(card: int, case: Case, *, held: bool) -> Buttons | None:
    """Return the buttons under a card; none where nothing is to be done."""
    if case.state in {"decided", "asked"}:
        return None
    # Translators: a button under a case in a group: whoever looks at it lets others have it.
    put_back = Button(phrase("Put back"), PUT_BACK)
    # Translators: a button under a case in a group of moderators.
    take = Button(phrase("I take it"), TAKE)
    return Buttons(STAMP, card, ((put_back if held else take,),))


# What the group is told


def linked(severity: Speech, *, topics: bool) -> tuple[Block, ...]:
    """Say that this is the programme's group now."""
    # Translators: in a group of moderators; {severity} is "urgent" or "high", say.
    what = phrase("Cards of cases come here from now on: {severity} and graver. Whoever takes one "
                  "gets it in their own chat with me.", severity=severity)  # fmt: skip
    if topics:
        # Translators: in a group with topics, Telegram's word for its parts.
        where = phrase("Each form has a topic, and each of its areas.")
        return Block(what), Block(where), Block(_how())
    return Block(what), Block(_how())


def _how() -> Phrase:
    # Translators: in a group of moderators; what stands after /here is typed as it is.
    return phrase("“/here high” takes graver doubts in, “/here off” ends it.")


def how_to_link() -> tuple[Block, ...]:
    """Say, in a coordinator's own chat, how a group becomes the programme's."""
    # Translators: to a coordinator who sends /here in the wrong place.
    how = phrase("Take me into the moderators' group and send /here there. As an administrator who "
                 "may manage topics I sort the cases by form and area.")  # fmt: skip
    return (Block(how),)


def unlinked() -> Phrase:
    """Say that no cards come any more."""
    # Translators: in a group of moderators.
    return phrase("No cards come here any more.")


def only_coordinators() -> Phrase:
    """Say who may make a group the programme's."""
    # Translators: in a group: somebody without the role sends /here.
    return phrase("Only a coordinator of the programme can do that.")


def anonymous() -> Phrase:
    """Say that whoever acts in the group's own name cannot be known."""
    # Translators: in a group: an administrator who writes as the group itself sends /here.
    return phrase("I cannot see who you are. Send it as yourself, not as the group.")


def group_lost() -> Phrase:
    """Tell coordinators that the group is gone."""
    # Translators: to coordinators, whose bot was removed from the moderators' group.
    return phrase("I am not in the moderators' group any more, so no cards go there. Take me in "
                  "again and send /here, or let it be.")  # fmt: skip


def taken() -> Phrase:
    """Say to whoever took a case where they find it."""
    # Translators: shown for a moment to a moderator who took a case in a group.
    return phrase("It is yours. I sent it to you in our own chat.")


def gone() -> Phrase:
    """Say that a card is not there any more."""
    # Translators: shown for a moment after a tap on a button of an old message.
    return phrase("This message is an old one.")
