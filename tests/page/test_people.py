"""Several people side by side, what the page remembers, and a simulator that goes away."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Route, expect

from tests.page.browsing import NARROW, WIDE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def add_person(stage: Stage, name: str, language: str) -> Locator:
    """Add a person by the page's own dialog and return their phone."""
    await stage.page.get_by_role("button", name="Add a person").click()
    await stage.page.get_by_label("Phone\u2019s language").select_option(language)
    await stage.page.get_by_label("Name").fill(name)
    await stage.page.get_by_role("button", name="Add", exact=True).click()
    phone = stage.page.get_by_role("region", name=f"{name}\u2019s phone")
    await expect(phone).to_be_visible()
    return phone


async def test_two_people_talk_side_by_side(stage: Stage) -> None:
    """Each phone shows its own chat; what one writes the other does not see."""
    await stage.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    await stage.begin()
    phone = await add_person(stage, "Lucía", "es")
    await expect(phone.get_by_role("button", name="Start", exact=True)).to_be_focused()
    await stage.page.keyboard.press("Enter")
    message = (await stage.heard())["message"]
    assert message["from"]["first_name"] == "Lucía"
    assert message["from"]["language_code"] == "es"
    await stage.says(message["chat"]["id"], "Buenos días")
    await expect(phone.locator(".message[data-from=bot]")).to_have_count(1)
    await expect(stage.page.locator(".message[data-from=bot]")).to_have_count(1)
    boxes = [await one.bounding_box() for one in await stage.page.locator(".phone").all()]
    first, second = (box for box in boxes if box is not None)
    assert first["x"] + first["width"] <= second["x"]
    assert second["x"] + second["width"] <= WIDE[0]


async def test_the_arrows_go_from_phone_to_phone(stage: Stage) -> None:
    """Ctrl and an arrow in the empty box go to the phone beside."""
    await stage.begin()
    phone = await add_person(stage, "Lucía", "es")
    await phone.get_by_role("button", name="Start", exact=True).click()
    await expect(phone.get_by_role("textbox")).to_be_focused()
    await stage.page.keyboard.press("Control+ArrowLeft")
    assert "Lucía" not in await stage.focused()
    await stage.page.keyboard.press("Control+ArrowRight")
    assert "Lucía" in await stage.focused()


async def test_people_are_there_again_after_a_reload(stage: Stage) -> None:
    """The phones that lay open lie open again, with their chats; a closed one stays closed."""
    await stage.begin()
    phone = await add_person(stage, "Lucía", "es")
    await add_person(stage, "Fatou", "fr")
    await phone.get_by_role("button", name="More about").click()
    await stage.page.get_by_role("menuitem", name="Put this phone away").click()
    await expect(stage.page.locator(".phone")).to_have_count(2)
    await stage.page.reload()
    await expect(stage.page.locator(".phone")).to_have_count(2)
    await expect(stage.page.locator(".message .text")).to_have_text(["/start"])
    assert len(stage.world.people()) == 3
    await stage.page.get_by_role("button", name="People").click()
    await stage.page.get_by_role("menuitem", name="Lucía").click()
    await expect(stage.page.locator(".phone")).to_have_count(3)


async def test_a_narrow_screen_shows_one_phone_at_a_time(stage: Stage) -> None:
    """On 360 pixels a phone fills the screen and names lead from one to the other."""
    await stage.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    await stage.begin()
    await add_person(stage, "Lucía", "es")
    tabs = stage.page.get_by_role("navigation", name="Phones").get_by_role("button")
    await expect(tabs).to_have_count(2)
    await tabs.first.click()
    await expect(stage.page.locator(".phone").first).to_be_in_viewport(ratio=0.95)
    await expect(stage.page.locator(".phone").last).not_to_be_in_viewport(ratio=0.1)
    assert await stage.page.evaluate("document.documentElement.scrollWidth") == NARROW[0]


async def test_blocking_the_bot_closes_the_box_until_it_is_undone(stage: Stage) -> None:
    """A person who blocked the bot can let it write again from the same place."""
    await stage.begin()
    await stage.page.get_by_role("button", name="More about").click()
    await stage.page.get_by_role("menuitem", name="Block the bot").click()
    assert (await stage.heard())["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await expect(stage.page.get_by_role("textbox")).to_have_count(0)
    await stage.page.get_by_role("button", name="Let it write again").click()
    await expect(stage.page.get_by_role("textbox")).to_be_visible()


async def test_a_name_from_right_to_left_leaves_the_sentence_about_it_alone(stage: Stage) -> None:
    """An Arabic name stands at the beginning of an English sentence, not at its end."""
    await stage.page.goto(stage.address)
    phone = await add_person(stage, "ليلى", "ar")
    sentence = phone.locator(".welcome p")
    await expect(sentence).to_have_text("ليلى has not written to the bot yet.")
    name, whole = await sentence.locator("bdi").bounding_box(), await sentence.bounding_box()
    assert name is not None
    assert whole is not None
    assert name["x"] < whole["x"] + whole["width"] / 2


async def test_a_lost_connection_is_told_and_mended(stage: Stage) -> None:
    """While the simulator does not answer a banner says so, and unsent words stay in the box."""
    await stage.begin()
    await stage.page.context.set_offline(True)
    await stage.page.get_by_role("textbox").fill("are you there?")
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.locator("#connection")).to_contain_text("does not answer")
    await expect(stage.page.get_by_role("textbox")).to_have_value("are you there?")
    await stage.page.context.set_offline(False)
    await stage.page.get_by_role("button", name="Try now").click()
    await expect(stage.page.get_by_text("Connected again.")).to_be_visible()
    await stage.page.get_by_role("textbox").press("Enter")
    assert (await stage.heard())["message"]["text"] == "are you there?"


async def test_people_come_back_to_a_simulator_started_again(stage: Stage) -> None:
    """After a restart a reloaded page has the same people, who go on with the bot by Start."""
    amina = await stage.begin()
    lucia = await add_person(stage, "Lucía", "es")
    await add_person(stage, "Fatou", "fr")
    await lucia.get_by_role("button", name="More about").click()
    await stage.page.get_by_role("menuitem", name="Put this phone away").click()
    before = [dict(one) for one in stage.world.people()]
    await stage.page.goto("about:blank")
    stage.world.reset()
    await stage.page.goto(stage.address)
    await expect(stage.page.locator(".phone")).to_have_count(2)
    assert stage.world.people() == before
    await expect(stage.page.locator(".again:visible")).to_contain_text("started again")
    await expect(stage.page.locator(".again:visible")).to_have_count(1)
    await stage.says(amina, "Where were we?")
    await expect(stage.page.locator(".message .text")).to_have_text(["Where were we?"])
    await expect(stage.page.locator(".again:visible")).to_have_count(0)


async def test_start_after_a_restart_comes_from_the_same_person(stage: Stage) -> None:
    """Start stands in a chat whose messages are gone, and the bot hears whom it knows."""
    old = await stage.begin()
    await stage.page.goto("about:blank")
    stage.world.reset()
    await stage.page.goto(stage.address)
    await stage.page.get_by_role("button", name="Start", exact=True).click()
    message = (await stage.heard())["message"]
    assert (message["chat"]["id"], message["text"]) == (old, "/start")


async def test_a_page_left_open_over_a_restart_keeps_person_and_words(stage: Stage) -> None:
    """Words typed before a restart go out after it, from the same person."""
    old = await stage.begin()
    await stage.page.get_by_role("textbox").fill("half a sentence")
    stage.world.reset()
    await expect(stage.page.locator(".again")).to_be_visible()
    await expect(stage.page.locator(".message")).to_have_count(0)
    assert [one["id"] for one in stage.world.people()] == [old]
    await stage.page.get_by_role("textbox").press("Enter")
    message = (await stage.heard())["message"]
    assert (message["chat"]["id"], message["text"]) == (old, "half a sentence")


@pytest.mark.parametrize("kept", ['[{"id": -5, "name": "Amina", "started": true}]', "[null]", "{"])
async def test_whom_the_simulator_refuses_a_new_person_replaces(stage: Stage, kept: str) -> None:
    """A remembered person who cannot come back is forgotten; a first person begins."""
    await stage.page.goto(f"{stage.address}/page/mark.svg")
    await stage.page.evaluate("kept => localStorage.setItem('baraza.people', kept)", kept)
    new = await stage.begin()
    assert [one["id"] for one in stage.world.people()] == [new]
    remembered = await stage.page.evaluate("JSON.parse(localStorage.getItem('baraza.people'))")
    assert [one["id"] for one in remembered] == [new]


async def test_six_phones_do_not_hold_up_what_is_sent(stage: Stage) -> None:
    """However many phones wait for news, a message goes out at once."""
    for name in ("Amina", "Baraka", "Neema", "Juma", "Lucía", "Fatou"):
        stage.world.write(stage.world.add_person(name, "sw"), "/start")
        await stage.heard()
    await stage.page.goto(stage.address)
    for name in ("Juma", "Lucía", "Fatou"):
        await stage.page.get_by_role("button", name="People").click()
        await stage.page.get_by_role("menuitem", name=name).click()
    await expect(stage.page.locator(".message")).to_have_count(6)
    box = stage.page.get_by_label("Message from Fatou")
    await box.fill("quick")
    await box.press("Enter")
    assert (await stage.heard())["message"]["text"] == "quick"
    await expect(stage.page.locator(".message")).to_have_count(7)


async def test_an_answer_cut_off_half_way_does_not_stop_a_chat(stage: Stage) -> None:
    """A broken answer counts as none: the page says so, tries again, and the chat goes on."""
    chat = await stage.begin()
    pattern = f"**/sim/chats/{chat}*"

    async def cut_off(route: Route) -> None:
        await route.fulfill(status=200, content_type="application/json", body='{"messages": [')

    await stage.page.route(pattern, cut_off, times=1)
    await stage.says(chat, "One")
    await expect(stage.page.locator("#connection")).to_contain_text("does not answer")
    await stage.says(chat, "Two")
    await expect(stage.page.locator(".message .text")).to_have_text(["/start", "One", "Two"])
    await expect(stage.page.get_by_text("Connected again.")).to_be_visible()
