"""The commands a person can give: their names, and what menu and help say of each.

A new command is one line here and one in `commanded`, which says what it does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from conversations.phrases import Phrase, phrase
from conversations.roles import Right, Role, may


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name without the slash, and who is told of it by menu and help."""

    name: str
    meaning: Phrase
    words: Phrase | None = None
    """What people type instead of it, in one text with ";" between the words."""
    right: Right | None = None
    """What somebody must be allowed to be told of it; None where everybody is."""
    discreet: bool = True
    """Unset where even its name says too much on a phone that is searched."""


# Translators: words people type instead of /back; separate them with ";". Not shown.
_BACK = phrase("back; go back; previous")
# Translators: words people type instead of /skip; separate them with ";". Not shown.
_SKIP = phrase("skip; skip this; next")
# Translators: words people type to choose another language; separate them with ";". Not shown.
_LANGUAGE = phrase("language; other language; change language")
# Translators: words people type to stop for good; separate them with ";". Not shown.
_CANCEL = phrase("stop; cancel; quit; exit")
# Translators: words people type to begin a report; separate them with ";". Not shown.
_START = phrase("start; begin; start again")
# Translators: words people type to be helped; separate them with ";". Not shown.
_HELP = phrase("help; help me")
# Translators: words people type to be asked nothing for a while; separate them with ";". Not shown.
_PAUSE = phrase("pause; take a break")
# Translators: words people type to be written to no more; separate them with ";". Not shown. Words
# for "stop" alone belong to /cancel.
_STOP = phrase("unsubscribe; stop asking; do not ask me")

COMMANDS = (
    # Translators: what /back does, in the menu of commands and in the answer to /help.
    Command("back", phrase("Go back one question"), _BACK),
    # Translators: what /skip does, in the menu of commands and in the answer to /help.
    Command("skip", phrase("Leave this question out"), _SKIP),
    # Translators: what /language does, in the menu of commands and in the answer to /help.
    Command("language", phrase("Choose another language"), _LANGUAGE),
    # Translators: what /data does, in the menu of commands and in the answer to /help.
    Command("data", phrase("Little data: pictures and sounds only when I ask")),
    # Translators: what /cancel does, in the menu of commands and in the answer to /help. A button,
    # too.
    Command("cancel", phrase("Stop and delete this report"), _CANCEL),
    # Translators: what /start does, in the menu of commands and in the answer to /help.
    Command("start", phrase("Begin or go on"), _START),
    # Translators: what /reports does, in the menu of commands and in the answer to /help.
    Command("reports", phrase("See what you have sent, and change it"), discreet=False),
    # Translators: what /pause does, in the menu of commands and in the answer to /help.
    Command("pause", phrase("Ask me nothing for a while"), _PAUSE),
    # Translators: what /stop does, in the menu of commands and in the answer to /help.
    Command("stop", phrase("Never write to me by yourself"), _STOP),
    # Translators: what /time does, in the menu of commands and in the answer to /help.
    Command("time", phrase("Which time it is at my place")),
    # Translators: what /forget does, in the menu of commands and in the answer to /help.
    Command("forget", phrase("Delete a report, or all about me")),
    # Translators: what /help does, in the menu of commands.
    Command("help", phrase("What this is and how it works"), _HELP),
    # Translators: what /queue does, for moderators.
    Command("queue", phrase("The report to be looked at next"), right="look into cases"),
    # Translators: what /train does, for moderators.
    Command("train", phrase("Practise on decided reports"), right="look into cases"),
    # Translators: what /digest does, for moderators.
    Command("digest", phrase("Hear at your hour what waits"), right="look into cases"),
    # Translators: what /console does, for moderators.
    Command("console", phrase("Look into reports on a web page"), right="look into cases"),
    # Translators: what /place does, in the menu of commands and in the answer to /help.
    Command("place", phrase("Say which place you know")),
    # Translators: what /invite does, in the menu of commands and in the answer to /help.
    Command("invite", phrase("Bring other people")),
    # Translators: what /validations does, for coordinators.
    Command("validations", phrase("What others say about reports"), right="run the programme"),
    # Translators: what /workload does, for coordinators.
    Command("workload", phrase("What moderators do, what waits"), right="run the programme"),
    # Translators: what /here does, for coordinators; it is sent in a group of moderators.
    Command("here", phrase("Cases come into this group"), right="run the programme"),
    # Translators: what /programme does, for coordinators.
    Command("programme", phrase("The forms, and how they stand"), right="run the programme"),
    # Translators: what /schedule does, for coordinators.
    Command("schedule", phrase("What goes out in the next days"), right="run the programme"),
    # Translators: what /news does, in the menu of commands and in the answer to /help.
    Command("news", phrase("Hear from the programme, or not")),
    # Translators: what /campaign does, for coordinators.
    Command("campaign", phrase("Write to many people"), right="run the programme"),
    # Translators: what /campaigns does, for coordinators.
    Command("campaigns", phrase("Messages to many, and how they go"), right="run the programme"),
)
"""All commands, in the order of the menu and of help."""


def listed_commands(*, discreet: bool, roles: Collection[Role] = ()) -> tuple[Command, ...]:
    """Return the commands that somebody with these roles is told of.

    `discreet` leaves out those whose name says too much on a phone that is searched.
    """
    return tuple(
        command
        for command in COMMANDS
        if (command.right is None or may(roles, command.right))
        and (command.discreet or not discreet)
    )


def command_named(name: str) -> Command | None:
    """Find a command by its name."""
    return next((command for command in COMMANDS if command.name == name), None)
