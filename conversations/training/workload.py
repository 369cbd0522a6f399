"""What coordinators see of moderators: how much each did, what they hold, how they fare at samples.

Figures of people at work, for those who run the programme; no report and no reporter is in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.replies import Block, Send
from conversations.reviewing.acts import (
    Approve,
    AskReporter,
    MarkDuplicate,
    NotVerifiable,
    Reject,
    Verify,
)
from conversations.reviewing.weights import ModeratorRecord, second_look_share
from conversations.reviewing.words import severity_named
from conversations.sheets.flags import Severity
from conversations.verdicts.agreement import Agreement

MODERATORS_MAX: Final = 30
PAIRS_MIN: Final = 5
"""Of fewer second looks no agreement is told."""

ENDINGS: Final = frozenset(
    one.__name__ for one in (Approve, Verify, Reject, MarkDuplicate, NotVerifiable)
)


@dataclass(frozen=True, slots=True)
class AtWork:
    """One moderator: what they did by act, how many cases they hold, samples judged and alike."""

    name: str
    done: Mapping[str, int]
    holds: int = 0
    samples: int = 0
    alike: int = 0
    record: ModeratorRecord = field(default_factory=ModeratorRecord)
    """How their decisions fared once somebody else looked."""


@dataclass(frozen=True, slots=True)
class Workload:
    """How moderation went over some days; `waiting` counts open cases by severity."""

    days: int
    waiting: Mapping[Severity, int]
    asked: int
    moderators: Sequence[AtWork]
    together: Agreement


def workload_message(found: Workload) -> Send:
    """Show how much waits and who did what."""
    return Send(tuple(_blocks(found)))


def _blocks(found: Workload) -> Iterator[Block]:
    # Translators: a coordinator sees how much moderators did.
    yield Block(phrase("Moderation, in the last {days} days", days=found.days), "title")
    yield from _waiting(found)
    for one in found.moderators[:MODERATORS_MAX]:
        yield Block(verbatim("{name}", name=one.name), "group")
        yield Block(_done(one), "item")
        yield from _samples(one)
        yield from _borne_out(one)
    if not found.moderators:
        # Translators: to a coordinator; the words after "run" are a command of the machine.
        yield Block(phrase("Nobody is a moderator yet."))
    if any(one.record.summed.decided for one in found.moderators):
        # Translators: to a coordinator, below a list of moderators with numbers.
        how = phrase(
            "Borne out is what somebody else decided alike: at second looks, after an objection, "
            "at samples. Of whoever is borne out often, fewer decisions are looked at again, and "
            "what they leave to a senior comes sooner."
        )
        yield Block(how, "hint")
    if found.together.cases >= PAIRS_MIN:
        # Translators: to a coordinator: reports that two moderators judged, one without knowing
        # what the other had said.
        told = phrase("Judged twice: {cases}, alike: {agreed}",
                      cases=found.together.cases, agreed=found.together.agreed)  # fmt: skip
        yield Block(told)
        if found.together.kappa is not None:
            kappa = f"{found.together.kappa:.2f}"
            # Translators: a measure of agreement, 1 is full and 0 is chance; leave "kappa".
            yield Block(phrase("Beyond chance (Cohen's kappa): {kappa}", kappa=kappa), "item")


def _waiting(found: Workload) -> Iterator[Block]:
    if not any(found.waiting.values()):
        # Translators: to a coordinator: no report has to be looked at.
        yield Block(phrase("No report waits for a moderator."))
    else:
        # Translators: to a coordinator; a list of numbers by how grave the doubt is follows.
        yield Block(phrase("Waiting reports:"))
    for severity in sorted(found.waiting, reverse=True):
        if count := found.waiting[severity]:
            named = severity_named(severity)
            yield Block(verbatim("{severity}: {count}", severity=named, count=count), "item")
    if found.asked:
        # Translators: to a coordinator: reports whose reporter was asked something.
        yield Block(phrase_of_many("{count} waits for its reporter.", "{count} wait for their "
                                   "reporters.", found.asked), "item")  # fmt: skip


def _done(one: AtWork) -> Phrase:
    # Translators: to a coordinator, under a moderator's name: numbers of reports.
    return phrase(
        "decided: {decided}, asked back: {asked}, at work on: {holds}",
        decided=sum(count for act, count in one.done.items() if act in ENDINGS),
        asked=one.done.get(AskReporter.__name__, 0),
        holds=one.holds,
    )


def _borne_out(one: AtWork) -> Iterator[Block]:
    tested = one.record.summed
    if tested.decided:
        # Translators: to a coordinator, under a moderator's name: how many of their decisions
        # others found right; one in so many is judged again.
        told = phrase("borne out: {right} of {count}, looked at again: one in {share}",
                      right=tested.right, count=tested.decided,
                      share=round(1 / second_look_share(one.record)))  # fmt: skip
        yield Block(told, "item")


def _samples(one: AtWork) -> Iterator[Block]:
    if one.samples:
        # Translators: to a coordinator, under a moderator's name: samples they practised on.
        told = phrase("samples: {samples}, decided alike: {alike}",
                      samples=one.samples, alike=one.alike)  # fmt: skip
        yield Block(told, "item")
