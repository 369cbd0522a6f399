"""Roles: who may do what beyond reporting.

A role is given by an invitation and belongs to a contact, never to a reporter. What a role may do
stands in one table here; every act asks `may` on this side of the button, each time anew, so that
a role taken away ends with the next thing its holder does.

To add a role: its name in `Role`, its rights in `RIGHTS`, its words in `titled`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from conversations.phrases import Phrase, phrase

Role: TypeAlias = Literal[
    "coordinator", "moderator", "senior moderator", "case worker", "record keeper"
]
Right: TypeAlias = Literal[
    "write forms",
    "run the programme",
    "look into cases",
    "decide cases",
    "oversee cases",
    "look into records",
]
Refusal: TypeAlias = Literal["unknown", "expired", "used", "used by you", "held already"]
"""Why an invitation does not count."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)

RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    "coordinator": frozenset({"write forms", "run the programme"}),
    "moderator": frozenset({"look into cases", "decide cases"}),
    "senior moderator": frozenset({"look into cases", "decide cases", "oversee cases"}),
    "case worker": frozenset({"look into cases"}),
    "record keeper": frozenset({"look into records"}),
}

REVIEWING: Final[tuple[Role, ...]] = ("senior moderator", "moderator", "case worker")
"""The roles of those who look into cases, the one with most rights first."""

INVITATION: Final = "invite-"
"""Opens the word after /start that an invitation's deep link carries."""


def may(roles: Iterable[Role], right: Right) -> bool:
    """Tell whether one of the roles gives a right.

    >>> may({"coordinator"}, "write forms"), may((), "write forms")
    (True, False)
    """
    return any(right in RIGHTS[role] for role in roles)


def titled(role: Role) -> Phrase:
    """Name a role in the person's language."""
    match role:
        case "coordinator":
            # Translators: a role: who runs a programme and writes its forms.
            return phrase("coordinator")
        case "moderator":
            # Translators: a role: who looks at reports that are doubted and decides about them.
            return phrase("moderator")
        case "senior moderator":
            # Translators: a role: a moderator to whom the others turn.
            return phrase("senior moderator")
        case "case worker":
            # Translators: a role: who looks into single reports and asks back, without deciding.
            return phrase("case worker")
        case "record keeper":
            # Translators: a role: a health promoter, say, who can look something up in a register.
            return phrase("record keeper")


@dataclass(frozen=True, slots=True)
class Serves:
    """Whose reports somebody sees: of which languages, areas and forms; nothing named means all."""

    languages: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


ALL: Final = Serves()


def role_named(written: str) -> Role | None:
    """Find a role as it is written on a command line; None where there is no such.

    >>> role_named("senior-moderator"), role_named("king")
    ('senior moderator', None)
    """
    plain = " ".join(written.lower().replace("-", " ").split())
    return next((role for role in ROLES if role == plain), None)


def token_of(argument: str) -> str | None:
    """Return the token of an invitation from the word after /start; None if it carries none.

    >>> token_of("invite-abc"), token_of("KE-7")
    ('abc', None)
    """
    return argument.removeprefix(INVITATION) if argument.startswith(INVITATION) else None


def welcome(role: Role, programme: str) -> tuple[Phrase, ...]:
    """Greet whoever has taken a role, and say what they can do now."""
    # Translators: after somebody opened an invitation; {role} is "coordinator", say.
    greeting = phrase(
        "You are now {role} of “{programme}”.", role=titled(role), programme=programme
    )
    match role:
        case "coordinator":
            # Translators: to a new coordinator; .xlsx is the kind of file.
            begin = phrase(
                "Send me a form as a workbook (.xlsx): I check it, you try it, then you publish "
                "it. /programme shows all forms."
            )
            return greeting, begin
        case "moderator" | "senior moderator" | "case worker":
            # Translators: to a new moderator; /queue is a command and stays as it is.
            begin = phrase("/queue shows the report that should be looked at next.")
            # Translators: to a new moderator; /train is a command and stays as it is.
            practise = phrase("/train gives you decided reports to practise on first.")
            return greeting, begin, practise
        case "record keeper":
            # Translators: to somebody who can look things up in a register of a clinic, say.
            begin = phrase(
                "Now and then I ask you to look up in your register whether what somebody told us "
                "is right. To begin, send /start and read what you agree to."
            )
            return greeting, begin


def refused(why: Refusal) -> Phrase:
    """Say why an invitation does not count, and what to do."""
    match why:
        case "unknown":
            # Translators: somebody opened a link that should make them coordinator, say.
            return phrase("This invitation is not valid. Please ask for a new one.")
        case "expired":
            # Translators: somebody opened a link that makes them a coordinator, too late.
            return phrase("This invitation has expired. Please ask for a new one.")
        case "used":
            # Translators: somebody opened a link that makes one person a coordinator; it works
            # once.
            return phrase("This invitation was used already. Please ask for one of your own.")
        case "used by you":
            # Translators: somebody opened the invitation again that gave them their role.
            return phrase("You have this role already.")
        case "held already":
            # Translators: somebody opened an invitation to what they are already.
            return phrase("You have this role already. The invitation can go to somebody else.")
