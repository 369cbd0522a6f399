"""The commands a person can give: their names, and what menu and help say of each.

A new command is one line here and one in `commanded`, which says what it does.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name without the slash; `listed` where everybody's menu and help name it."""

    name: str
    meaning: Phrase
    listed: bool = True


COMMANDS = (
    # Translators: what /back does, in the menu of commands and in the answer to /help.
    Command("back", phrase("Go back one question")),
    # Translators: what /skip does, in the menu of commands and in the answer to /help.
    Command("skip", phrase("Leave this question out")),
    # Translators: what /language does, in the menu of commands and in the answer to /help.
    Command("language", phrase("Choose another language")),
    # Translators: what /data does, in the menu of commands and in the answer to /help.
    Command("data", phrase("Little data: pictures and sounds only when I ask")),
    # Translators: what /cancel does, in the menu of commands and in the answer to /help.
    Command("cancel", phrase("Stop and throw away this report")),
    # Translators: what /start does, in the menu of commands and in the answer to /help.
    Command("start", phrase("Begin or go on")),
    # Translators: what /reports does, in the menu of commands and in the answer to /help.
    Command("reports", phrase("See what you have sent, and change it")),
    # Translators: what /help does, in the menu of commands.
    Command("help", phrase("What this is and how it works")),
    # Translators: what /programme does, for coordinators.
    Command("programme", phrase("The forms, and how they stand"), listed=False),
)
"""All commands, in the order of the menu and of help."""


def listed_commands() -> tuple[Command, ...]:
    """Return the commands that everybody is told of."""
    return tuple(command for command in COMMANDS if command.listed)
