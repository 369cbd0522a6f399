"""The commands people see in Telegram's menu, in each of the programme's languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from conversations.phrases import Locale, phrase

COMMANDS = (
    # Translators: menu entry for /start
    ("start", phrase("Begin or go on")),
    # Translators: menu entry for /help
    ("help", phrase("What this is and how it works")),
    # Translators: menu entry for /language
    ("language", phrase("Choose another language")),
    # Translators: menu entry for /back
    ("back", phrase("Go back one question")),
    # Translators: menu entry for /skip
    ("skip", phrase("Leave this question out")),
    # Translators: menu entry for /cancel
    ("cancel", phrase("Stop and throw away this report")),
)
"""Names and descriptions, in the order of the menu."""


def menu_calls(
    languages: Sequence[str], locale_of: Callable[[str], Locale]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Bot API calls that set the menu: for everyone, then for each language.

    Telegram knows two-letter language codes only; people of other languages see the programme's
    first one.
    """
    yield "setMyCommands", {"commands": _menu(locale_of(languages[0]))}
    for code in sorted({tag.partition("-")[0] for tag in languages}):
        if len(code) == 2:  # noqa: PLR2004 - ISO 639-1, as Telegram asks.
            menu = _menu(locale_of(code))
            yield "setMyCommands", {"commands": menu, "language_code": code}


def _menu(locale: Locale) -> list[dict[str, str]]:
    return [
        {"command": name, "description": locale.say(description)} for name, description in COMMANDS
    ]
