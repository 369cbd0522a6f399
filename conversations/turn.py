"""What goes into a turn and what comes out: the values around `dialogue.advance`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from conversations.events import Asked
from conversations.phrases import Locale
from conversations.replies import Reply
from conversations.roles import Role
from conversations.session import Session
from conversations.xform.instance import Instance


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it stands: its newest submission; `sent_at` is when it was first sent."""

    instance_id: str
    form_id: str
    form_version: str
    code: str
    sent_at: datetime
    xml: str = field(repr=False)
    review: str = "received"
    """Its review state, in ODK Central's words."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the host knows of whoever writes.

    `language` is the one they chose (BCP 47; None before they did), `agreed` holds the versions
    of the consent texts that now stand, `guess` is the language code of their app. `reports` are
    their newest reports, the newest first, where `amending.looks_at_reports` asks for them.
    `low_data` is set where pictures, sounds and films come only on request. `roles` are what they
    hold in the programme: help tells more to a coordinator. `reports_lately`
    counts what they sent within 24 hours, where `onboarding.may_begin` asks for it;
    `attachment_bytes_left` is how much the programme takes of them today, None for any amount.
    `waiting` are the questions that were put to them and wait, where `coming_back.looks_at_waiting`
    asks for them; `zone` is the time zone they are in, blank for the programme's. `aside` counts
    their reports set aside, where the programme lets several be open.
    """

    language: str | None = None
    agreed: frozenset[str] = frozenset()
    guess: str | None = None
    reports: tuple[Report, ...] = ()
    low_data: bool = False
    roles: frozenset[Role] = frozenset()
    reports_lately: int = 0
    attachment_bytes_left: int | None = None
    waiting: tuple[Asked, ...] = ()
    zone: str = ""
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a turn happens, and what a pure function cannot make for itself.

    `now` is aware UTC, `fresh_key` is 32 hexadecimal digits for a session that may begin,
    `locale_of` finds how a language (BCP 47) speaks. `live` is what the session's last turn handed
    out so, if the host still has it: it saves work and changes nothing else. It is given away,
    for the turn may change it.
    """

    now: datetime
    fresh_key: str
    locale_of: Callable[[str], Locale]
    live: Instance | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the person stands afterwards (None: no session is open), and what the host must do.

    `troubles` are what could not be worked out in the form for these answers (an expression without
    a value, too much work), in words for the form's author; nothing a person wrote stands in them.
    `live` is the session's instance, for the next turn's occasion once this turn is kept.
    """

    session: Session | None
    replies: tuple[Reply, ...] = ()
    troubles: tuple[str, ...] = ()
    live: Instance | None = field(default=None, repr=False, compare=False)
