"""What the bot says of itself: getMe, its names, descriptions, commands and menu button."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.parameters import Arguments, Json, member, only
from bot.simulator.refusals import bad_request
from bot.simulator.state import State

COMMANDS_MAX = 100
NAME_LENGTH_MAX = 64
DESCRIPTION_LENGTH_MAX = 512
SHORT_DESCRIPTION_LENGTH_MAX = 120
COMMAND_DESCRIPTION_LENGTH_MAX = 256

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat"}
)
_NO_ACCESS: Json = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "supports_guest_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_join_request_queries": False,
}


def get_me(state: State, _given: Arguments) -> Json:
    """Return the bot itself."""
    return state.account.as_user() | _NO_ACCESS


def get_chat(state: State, given: Arguments) -> Json:
    """Return what the bot may know of a chat."""
    chat = state.chat_for_bot(given.text("chat_id"))
    return chat.person.as_chat() | {
        "accent_color_id": chat.person.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def set_my_commands(state: State, given: Arguments) -> bool:
    """Set the commands of a scope and language; an empty list takes them away."""
    where = _where(state, given)
    commands = [_command(one) for one in given.array("commands") or []]
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    state.profile.commands.pop(where, None)
    if commands:
        state.profile.commands[where] = commands
    _touch_all(state)
    return True


def get_my_commands(state: State, given: Arguments) -> list[Json]:
    """Return the commands of exactly this scope and language."""
    return state.profile.commands.get(_where(state, given), [])


def delete_my_commands(state: State, given: Arguments) -> bool:
    """Take the commands of a scope and language away."""
    state.profile.commands.pop(_where(state, given), None)
    _touch_all(state)
    return True


def commands_for(state: State, chat_id: int, language: str) -> list[Json]:
    """Return the commands one person sees, by Telegram's order of scopes and languages."""
    scopes = (f"chat:{chat_id}", "all_private_chats", "default")
    for scope in scopes:
        for tag in (language.partition("-")[0], ""):
            if (scope, tag) in state.profile.commands:
                return state.profile.commands[scope, tag]
    return []


def set_my_name(state: State, given: Arguments) -> bool:
    """Set the bot's name in a language; a blank one goes back to the default."""
    _set(state, state.profile.names, given, "name", NAME_LENGTH_MAX)
    return True


def set_my_description(state: State, given: Arguments) -> bool:
    """Set what an empty chat with the bot says, in a language."""
    _set(state, state.profile.descriptions, given, "description", DESCRIPTION_LENGTH_MAX)
    return True


def set_my_short_description(state: State, given: Arguments) -> bool:
    """Set what the bot's profile page says, in a language."""
    texts = state.profile.short_descriptions
    _set(state, texts, given, "short_description", SHORT_DESCRIPTION_LENGTH_MAX)
    return True


def get_my_name(state: State, given: Arguments) -> Json:
    """Return the bot's name in a language."""
    names = state.profile.names
    return {"name": _in_language(names, _language(given)) or state.account.first_name}


def get_my_description(state: State, given: Arguments) -> Json:
    """Return the bot's description in a language."""
    return {"description": _in_language(state.profile.descriptions, _language(given))}


def get_my_short_description(state: State, given: Arguments) -> Json:
    """Return the bot's short description in a language."""
    return {"short_description": _in_language(state.profile.short_descriptions, _language(given))}


def set_chat_menu_button(state: State, given: Arguments) -> bool:
    """Set the button beside the input, of one chat or of all."""
    button = given.record("menu_button")
    if button is not None:
        only(button, frozenset({"type", "text", "web_app"}), "MenuButton")
        if member(button, "type", str, needed=True) not in {"commands", "default", "web_app"}:
            raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if given.text("chat_id"):
        state.chat_for_bot(given.text("chat_id")).menu_button = button
    else:
        state.profile.menu_button = button
    return True


def get_chat_menu_button(state: State, given: Arguments) -> Json:
    """Return the button beside the input, of one chat or of all."""
    button = None
    if given.text("chat_id"):
        button = state.chat_for_bot(given.text("chat_id")).menu_button
    return button or state.profile.menu_button or {"type": "commands"}


def about(state: State, language: str) -> Json:
    """Return name and descriptions of the bot as a person of a language sees them."""
    tag = language.partition("-")[0]
    profile = state.profile
    return {
        "name": _in_language(profile.names, tag) or state.account.first_name,
        "username": state.account.username,
        "description": _in_language(profile.descriptions, tag),
        "short_description": _in_language(profile.short_descriptions, tag),
    }


def _where(state: State, given: Arguments) -> tuple[str, str]:
    scope = given.record("scope") or {"type": "default"}
    only(scope, frozenset({"type", "chat_id", "user_id"}), "BotCommandScope")
    kind = member(scope, "type", str, needed=True)
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if kind == "chat":
        chat = state.chat_for_bot(str(scope.get("chat_id", "")))
        return f"chat:{chat.person.id}", _language(given)
    return kind, _language(given)


def _language(given: Arguments) -> str:
    language = given.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("BOT_COMMAND_LANGCODE_INVALID" if language else "invalid language code")
    return language


def _command(one: Any) -> Json:  # noqa: ANN401 - a JSON value
    if not isinstance(one, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    only(one, frozenset({"command", "description"}), "BotCommand")
    name = member(one, "command", str, needed=True).removeprefix("/")
    description = member(one, "description", str, needed=True)
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= COMMAND_DESCRIPTION_LENGTH_MAX:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _set(state: State, texts: dict[str, str], given: Arguments, name: str, longest: int) -> None:
    language, text = _language(given), given.text(name)
    if len(text) > longest:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts.pop(language, None)
    if text:
        texts[language] = text
    _touch_all(state)


def _in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("", "")


def _touch_all(state: State) -> None:
    for chat in state.chats.values():
        state.touch(chat)
