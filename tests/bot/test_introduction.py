"""The bot introduces itself before anybody has said a word."""

from __future__ import annotations

from bot.introduction import introduction_calls
from bot.programmes import SHIPPED, programme_folder
from bot.simulator.world import World
from locales.locale import locale_of
from storage.programmes import load_programme


def test_an_empty_chat_says_what_this_is_in_the_phones_language() -> None:
    """Before Start, Amina reads in Swahili what the bot is for, and finds its commands."""
    world = World()
    programme = load_programme(programme_folder(SHIPPED[0]))
    for method, parameters in introduction_calls(programme, locale_of):
        assert world.call(method, parameters)
    amina = world.view(world.add_person("Amina", "sw"))
    assert amina["bot"]["description"].startswith("Hapa watu wa jamii yetu")
    assert amina["bot"]["short_description"] == programme.title["sw"]
    assert {"command": "start", "description": "Anza au endelea"} in amina["commands"]
    stranger = world.view(world.add_person("Olga", "uk"))
    assert stranger["bot"]["description"].startswith("Here people of our community")
