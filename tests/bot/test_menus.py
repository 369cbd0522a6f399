"""The menu of commands in a chat: in the language chosen there, with what one's roles allow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.introduction import introduction_calls
from bot.menus import menu_in, own_menu
from bot.programmes import SHIPPED, programme_folder
from locales.locale import locale_of
from storage.programmes import load_programme
from tests.player.notation import Entry
from tests.player.stage import Stage, stage

START = {"en": "Begin or go on", "sw": "Anza au endelea"}
PROGRAMME = load_programme(programme_folder(SHIPPED[0]))
"""In English and Swahili."""


@pytest.mark.parametrize(
    ("language", "phone", "shown"),
    [
        ("sw", "sw", ""),
        ("sw", "sw-KE", ""),
        ("sw", "en", "sw"),
        ("en", "sw", "en"),
        ("en", "uk", ""),
        ("en", None, ""),
        ("sw", None, "sw"),
    ],
)
def test_own_menu_only_where_the_phone_shows_another(
    language: str, phone: str | None, shown: str
) -> None:
    """A phone in a language without a menu shows that of the programme's first language."""
    menu = own_menu(PROGRAMME, locale_of, language, phone, ())
    found = [one["description"] for one in menu if one["command"] == "start"]
    assert found == ([START[shown]] if shown else [])


def test_what_is_dangerous_is_in_no_menu() -> None:
    """In a programme of high risk nobody's menu says that reports can be looked at."""
    names = [one["command"] for one in menu_in(PROGRAMME, locale_of("en"))]
    risky = replace(PROGRAMME, safety="high-risk")
    assert [one["command"] for one in menu_in(risky, locale_of("en"))] == [
        name for name in names if name != "reports"
    ]
    assert "reports" in names
    assert "programme" not in names


@dataclass(slots=True)
class Chat:
    """Amina's chat on a stage."""

    stage: Stage

    async def does(self, *acts: str) -> list[str]:
        """Do acts, one after the other; return what the bot answers to the last."""
        heard: list[str] = []
        for said in acts:
            who = "" if said.startswith("amina is") else "amina"
            heard = await self.stage.act(Entry(1, [said], who, said))
        return heard

    @property
    def menu(self) -> dict[str, str]:
        """Return the commands that Amina sees."""
        commands = self.stage.world.view(self.stage.people["amina"])["commands"]
        return {one["command"]: one["description"] for one in commands}

    @property
    def times_put(self) -> int:
        """Count the calls that were made about the chat's own menu."""
        methods = [call["method"] for call in self.stage.world.calls() if _is_own(call)]
        return len(methods)


def _is_own(call: dict[str, object]) -> bool:
    about = call["parameters"]
    return str(call["method"]).endswith("MyCommands") and "scope" in dict(about)  # type: ignore[call-overload]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Open a chat with a phone in English, after the bot has introduced itself."""
    async with stage(PROGRAMME, tmp_path) as played:
        for method, parameters in introduction_calls(PROGRAMME, locale_of):
            played.world.call(method, parameters)
        yield Chat(played)


async def test_the_menu_speaks_the_chosen_language(chat: Chat) -> None:
    """It changes with the language, once, and goes back to the phone's own when that is chosen."""
    await chat.does("/start", "[Kiswahili]")
    assert chat.menu["start"] == START["sw"]
    await chat.does("/help", "/back", "/help")
    assert chat.times_put == 1
    await chat.does("/language en")
    assert chat.menu["start"] == START["en"]
    await chat.does("/help")
    assert chat.times_put == 2


async def test_nobody_gets_a_menu_of_their_own_without_need(chat: Chat) -> None:
    """Where the phone shows the right one, no call is made."""
    await chat.does("/start", "[English]", "/help")
    assert chat.menu["start"] == START["en"]
    assert chat.times_put == 0


async def test_coordinators_see_their_command(chat: Chat) -> None:
    """It comes with the first command after the role, and goes with the first after it ended."""
    await chat.does("/start", "[English]", "amina is coordinator", "/help")
    assert "programme" in chat.menu
    await chat.does("amina is coordinator no more", "/help")
    assert "programme" not in chat.menu
    assert chat.times_put == 2


@pytest.mark.parametrize("code", [400, 429, 500])
async def test_a_refused_menu_holds_up_nothing(chat: Chat, code: int) -> None:
    """Whatever Telegram says to a menu, the messages go on; the next command tries again."""
    error = {"error_code": code, "description": "No", "retry_after": 7_200}
    chat.stage.world.order_fault({"method": "setMyCommands", "error": error})
    await chat.does("/start", "[Kiswahili]")
    assert chat.menu["start"] == START["en"]
    assert (await chat.does("/help"))[0].startswith("  bot: ")
    assert chat.menu["start"] == START["sw"]
