"""How the bot introduces itself: the menu of commands, and what an empty chat shows.

Both are said once at the start, in each of the programme's languages. Telegram knows two-letter
language codes only, and goes by the phone's language; people whose language is not among them see
the programme's first one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.markup import clipped, telegram_html, visible
from bot.menus import languages_of_menus, menu_in
from conversations.phrases import Locale
from conversations.programme import Programme

DESCRIPTION_CHARACTERS_MAX = 512
SHORT_DESCRIPTION_CHARACTERS_MAX = 120
"""What Telegram takes; https://core.telegram.org/bots/api#setmydescription."""


def introduction_calls(
    programme: Programme, locale_of: Callable[[str], Locale]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the Bot API calls that introduce the bot: for everyone, then for each language."""
    yield from _calls_in(programme, locale_of(programme.languages[0]), {})
    for code in languages_of_menus(programme):
        yield from _calls_in(programme, locale_of(code), {"language_code": code})


def _calls_in(
    programme: Programme, locale: Locale, whom: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "setMyCommands", {"commands": menu_in(programme, locale), **whom}
    about = _plain(programme.text(programme.about, *locale.chain), DESCRIPTION_CHARACTERS_MAX)
    yield "setMyDescription", {"description": about, **whom}
    title = _plain(programme.text(programme.title, *locale.chain), SHORT_DESCRIPTION_CHARACTERS_MAX)
    yield "setMyShortDescription", {"short_description": title, **whom}


def _plain(markdown: str, characters_max: int) -> str:
    return clipped(visible(telegram_html(markdown)).strip(), characters_max)
