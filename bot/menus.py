"""The menu of commands: for everybody by the phone's language, and where needed for one chat.

Telegram shows the menu in the phone's language. Who has chosen another one here, or may do more
than others, gets a menu of their own chat, which outranks those for all
(https://core.telegram.org/bots/api#determining-list-of-commands). It is looked after when a
language is chosen and when a command is given, and put only where another one stands; so a menu is
right again with the next command after a role ended or the bot learnt a new command.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from conversations.commands import listed_commands
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.roles import Role
from storage.outbox import Call

Menu: TypeAlias = list[dict[str, str]]

MARK_SIGNS = 16
THIS_CHAT: Mapping[str, Any] = {"type": "chat"}
"""The scope of a menu of one chat; which chat, the outbox does not say."""


def menu_in(programme: Programme, locale: Locale, roles: Collection[Role] = ()) -> Menu:
    """Return the menu for somebody with these roles, as Telegram wants it."""
    return [
        {"command": known.name, "description": locale.say(known.meaning)}
        for known in listed_commands(discreet=programme.is_high_risk, roles=roles)
    ]


def languages_of_menus(programme: Programme) -> tuple[str, ...]:
    """List the two-letter codes for which there is a menu; for all others stands the first."""
    return tuple(sorted({tag[:2] for tag in programme.languages if len(tag.split("-")[0]) == 2}))  # noqa: PLR2004 - ISO 639-1, as Telegram asks.


def own_menu(
    programme: Programme,
    locale_of: Callable[[str], Locale],
    language: str,
    phone: str | None,
    roles: Collection[Role],
) -> Menu:
    """Return the menu that a chat needs of its own; none where the phone's language shows it."""
    code = (phone or "").partition("-")[0]
    known = code in languages_of_menus(programme)
    for_all = menu_in(programme, locale_of(code if known else programme.languages[0]))
    wanted = menu_in(programme, locale_of(language), roles)
    return [] if wanted == for_all else wanted


def menu_mark(menu: Menu) -> str:
    """Return what tells one menu from another; blank for none.

    >>> menu_mark([]), len(menu_mark([{"command": "help", "description": "Help"}]))
    ('', 16)
    """
    if not menu:
        return ""
    written = json.dumps(menu, ensure_ascii=False).encode()
    return hashlib.sha256(written).hexdigest()[:MARK_SIGNS]


def menu_call(menu: Menu) -> Call:
    """Return the call that puts a menu into a chat, or takes its own away where there is none."""
    if not menu:
        return Call("deleteMyCommands", {"scope": THIS_CHAT})
    return Call("setMyCommands", {"commands": menu, "scope": THIS_CHAT})
