"""/campaigns: those that wait, run and ran, with what became of them; paused and ended by a tap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from conversations.campaigning.board import people
from conversations.campaigning.standing import ACTS, Act, Campaign, State
from conversations.events import ButtonTapped
from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Button, Buttons, Reply, Revise, Send

STAMP: Final = "@camps"
SLOT: Final = "campaigns"
COMMAND: Final = "campaigns"
SHOWN_MAX: Final = 8

Deed: TypeAlias = "tuple[int, Act]"
"""Which campaign, and what shall be done about it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at: the newest campaigns first, at a moment."""

    programme: Programme
    campaigns: Sequence[Campaign]


def deed_of(tap: ButtonTapped) -> Deed | None:
    """Return what a tap in the list asks for; None where it only looks again."""
    acts: dict[str, Act] = {"p": "pause", "r": "resume", "c": "cancel"}
    act = acts.get(tap.action[:1])
    return (int(tap.action[1:]), act) if act and tap.action[1:].isdecimal() else None


def listed(looked: Looked, *, in_place: bool) -> tuple[Reply, ...]:
    """Show the list, in a new message or in the place of the one that stands."""
    blocks = tuple(_blocks(looked))
    keys = Buttons(STAMP, 0, tuple(_rows(looked)))
    if in_place:
        return Acknowledge(), Revise(SLOT, blocks, keys)
    return Revise(SLOT, None), Send(blocks, keys, slot=SLOT)


def told_of_end(campaign: Campaign) -> Send:
    """Tell whoever sent a campaign that it has come to its end, and with what result."""
    # Translators: a message to many people has reached all it could; {title} is its first words.
    head = phrase("“{title}” is finished.", title=campaign.title)
    return Send((Block(head, "title"), *_figures(campaign)))


def _blocks(looked: Looked) -> Iterator[Block]:
    # Translators: above a list of messages to many people.
    yield Block(phrase("Messages to many people"), "title")
    if not looked.campaigns:
        # Translators: there is no message to many people yet; /campaign is a command.
        yield Block(phrase("None yet. /campaign writes one."))
    for campaign in looked.campaigns[:SHOWN_MAX]:
        yield Block(verbatim("{title}", title=campaign.title), "title")
        yield Block(_state(campaign, _wall(looked, campaign.start_at)), "item")
        yield from _figures(campaign)


def _wall(looked: Looked, moment: datetime) -> datetime:
    return moment.astimezone(looked.programme.zone).replace(tzinfo=None)


def _state(campaign: Campaign, start_at: datetime) -> Phrase:
    state: State = campaign.state
    match state:
        case "scheduled":
            # Translators: when a message to many people will be sent.
            return phrase("planned for {when}", when=start_at)
        case "running":
            # Translators: a message is being sent to many people.
            return phrase("being sent")
        case "paused" if campaign.reason:
            # Translators: a message to many people is held back.
            return phrase("paused: its sender is no coordinator any more")
        case "paused":
            # Translators: a message to many people is held back.
            return phrase("paused")
        case "done":
            # Translators: a message to many people has reached all it could.
            return phrase("finished")
        case "cancelled":
            # Translators: a message to many people was stopped for good.
            return phrase("cancelled")


def _figures(campaign: Campaign) -> Iterator[Block]:
    figures = campaign.figures
    if campaign.state in {"scheduled", "running"} and figures.counted:
        # Translators: in a list of messages to many people; {people} is "132 people", say.
        whom = people(figures.counted, about=False)
        yield Block(phrase("for {people}", people=whom), "item")
    if campaign.state != "scheduled":
        # Translators: how many people got a message.
        yield Block(phrase_of_many("{count} sent", "{count} sent", figures.sent), "item")
    waiting = figures.waiting + figures.put - figures.sent - figures.blocked - figures.failed
    if waiting and campaign.state in {"running", "paused"}:
        # Translators: how many people have not got a message yet, whose turn or hour has to come.
        yield Block(phrase_of_many("{count} waiting", "{count} waiting", waiting), "item")
    for count, said in _rest(campaign):
        if count:
            yield Block(said, "item")


def _rest(campaign: Campaign) -> Iterator[tuple[int, Phrase]]:
    figures = campaign.figures
    # Translators: how many people could not get a message because they blocked the bot.
    blocked = phrase_of_many("{count} blocked me", "{count} blocked me", figures.blocked)
    yield figures.blocked, blocked
    # Translators: how many people a message could not be sent to.
    yield figures.failed, phrase_of_many("{count} failed", "{count} failed", figures.failed)
    # Translators: how many people were left out of a message after all.
    yield figures.left_out, phrase_of_many("{count} left out", "{count} left out", figures.left_out)
    # Translators: how many people opened the form of a message.
    yield figures.opened, phrase_of_many("{count} opened", "{count} opened", figures.opened)
    # Translators: how many people sent a report after a message asked them to.
    answered = phrase_of_many("{count} answered", "{count} answered", figures.answered)
    yield figures.answered, answered


def _rows(looked: Looked) -> Iterator[tuple[Button, ...]]:
    for campaign in looked.campaigns[:SHOWN_MAX]:
        for act in ACTS[campaign.state]:
            yield (Button(_label(act, campaign.title), f"{act[0]}{campaign.id}"),)
    if looked.campaigns:
        # Translators: a button; shows a list as it is now.
        yield (Button(phrase("Look again"), "look"),)


def _label(act: Act, title: str) -> Phrase:
    match act:
        case "pause":
            # Translators: a button; a message to many people is held back for now.
            return phrase("Pause: {title}", title=title)
        case "resume":
            # Translators: a button; a message to many people goes on.
            return phrase("Go on: {title}", title=title)
        case "cancel":
            # Translators: a button; a message to many people is stopped for good.
            return phrase("Cancel: {title}", title=title)
