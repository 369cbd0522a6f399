"""An update as every room sees it: who came, in which unit, and what they are to hear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.rendering import Toast, render, toast
from conversations.authoring.exchange import Count
from conversations.campaigning.audience import Audience
from conversations.campaigning.board import Counted
from conversations.followups.outlook import Outlook
from conversations.onboarding import language_guess
from conversations.phrases import Locale
from conversations.programme import FormKey, Programme
from conversations.replies import KeepLanguage, Reply
from conversations.reviewing.published import Figure, Recount
from conversations.roles import Role
from conversations.session import Session
from conversations.turn import Occasion, Person
from storage import roles
from storage.contacts import Contact
from storage.known import Known
from storage.outbox import Call
from storage.store import Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """How many reports there are and how many are under way, by form and version."""

    reports: Mapping[FormKey, int] = field(default_factory=dict)
    under_way: Mapping[FormKey, int] = field(default_factory=dict)
    outlook: Outlook | None = None
    """What is planned, where a coordinator asks for that."""
    sizes: Mapping[Audience, Counted] = field(default_factory=dict)
    """How many people an audience has, where a message to many shows it."""
    recounts: Mapping[Figure, Recount] = field(default_factory=dict)
    """What published figures come to now, where a moderator looks at one that is doubted."""

    def counts(self, standing: Mapping[str, str]) -> Mapping[str, Count]:
        """Sum up the versions of each form, `standing` saying which is offered."""
        return {
            form_id: Count(
                sum(number for (known, _), number in self.reports.items() if known == form_id),
                sum(number for (known, _), number in self.under_way.items() if known == form_id),
                sum(
                    number
                    for (known, earlier), number in self.under_way.items()
                    if known == form_id and earlier != version
                ),
            )
            for form_id, version in standing.items()
        }


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's update, in its unit. `session` is that of their report, `guess` their app's."""

    unit: Unit
    contact: Contact
    session: Session | None
    occasion: Occasion
    guess: str | None = None
    figures: Figures = field(default_factory=Figures)
    known: Known | None = None
    """What was known of them when the unit began; None where something may have changed since."""

    def language(self, programme: Programme) -> str:
        """Return the language they are spoken to in: what they chose, else what is likely."""
        return language_guess(programme, Person(self.contact.language or None, guess=self.guess))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be said to somebody."""

    calls: tuple[Call, ...]
    toast: Toast = field(default_factory=Toast)
    chosen: str = ""
    """The language that was chosen just now."""

    @classmethod
    def of(cls, replies: Sequence[Reply], locale: Locale) -> Outcome:
        """Return what replies say in a language, as messages and as a tap's toast."""
        return cls(render(replies, locale), toast(replies, locale))


async def roles_of(visit: Visit, programme: str) -> frozenset[Role]:
    """Return the roles that a visitor holds."""
    if visit.known is not None:
        return visit.known.roles
    return await roles.held(visit.unit, programme, visit.contact.id)


def language_chosen(replies: Iterable[Reply]) -> str:
    """Return the language that replies ask to keep; blank where they ask for none."""
    return next((one.language for one in replies if isinstance(one, KeepLanguage)), "")
