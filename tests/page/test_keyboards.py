"""Buttons under messages, keys in place of the phone's, and a keyboard of keys in one's hands."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.page.browsing import NARROW, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


def inline(*rows: str) -> dict[str, object]:
    """Return an inline keyboard; a row is its labels, set apart by bars."""
    made = [[{"text": text, "callback_data": text} for text in row.split("|")] for row in rows]
    return {"inline_keyboard": made}


async def test_a_tap_reaches_the_bot_and_its_answer_shows(stage: Stage) -> None:
    """A tapped button is a callback query; the bot's answer comes up over the phone."""
    chat = await stage.begin()
    await stage.says(chat, "Where?", reply_markup=inline("Hospital", "Home"))
    await stage.page.get_by_role("button", name="Home").click()
    query = (await stage.heard())["callback_query"]
    assert query["data"] == "Home"
    await expect(stage.page.get_by_role("button", name="Home")).to_have_attribute(
        "aria-busy", "true"
    )
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"], text="Noted")
    await expect(stage.page.locator(".toast")).to_have_text("Noted")
    await expect(stage.page.locator("[aria-busy=true]")).to_have_count(0)


async def test_an_alert_waits_to_be_read(stage: Stage) -> None:
    """An answer that is an alert stays until it is acknowledged."""
    chat = await stage.begin()
    await stage.says(chat, "Where?", reply_markup=inline("Home"))
    await stage.page.get_by_role("button", name="Home").click()
    query = (await stage.heard())["callback_query"]
    told = {"callback_query_id": query["id"], "text": "Too late", "show_alert": True}
    await stage.bot("answerCallbackQuery", **told)
    await expect(stage.page.get_by_role("dialog")).to_contain_text("Too late")
    await stage.page.get_by_role("button", name="OK").click()
    await expect(stage.page.get_by_role("dialog")).to_have_count(0)


async def test_a_button_can_open_a_page(stage: Stage) -> None:
    """A button with an address is a link."""
    chat = await stage.begin()
    markup = {"inline_keyboard": [[{"text": "Read", "url": "https://example.org/"}]]}
    await stage.says(chat, "More", reply_markup=markup)
    await expect(stage.page.get_by_role("link", name="Read")).to_have_attribute(
        "href", "https://example.org/"
    )


async def test_a_week_of_days_fits_a_narrow_phone(stage: Stage) -> None:
    """Seven keys in a row keep the two digits of a day on one line on 360 pixels."""
    await stage.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    chat = await stage.begin()
    await stage.says(chat, "When?", reply_markup=inline("1|2|3|4|5|6|7", "22|23|24|25|26|27|28"))
    await expect(stage.page.locator(".key")).to_have_count(14)
    heights = "all => all.map(key => Math.round(key.getBoundingClientRect().height))"
    assert len(set(await stage.page.locator(".key").evaluate_all(heights))) == 1


async def test_a_reply_key_writes_its_label_and_goes(stage: Stage) -> None:
    """A key of the reply keyboard writes its label; a one-time keyboard is gone after it."""
    chat = await stage.begin()
    markup = {"keyboard": [[{"text": "Skip"}, {"text": "Back"}]], "one_time_keyboard": True}
    await stage.says(chat, "Where?", reply_markup=markup)
    await stage.page.get_by_role("button", name="Skip").click()
    assert (await stage.heard())["message"]["text"] == "Skip"
    await expect(stage.page.locator(".reply .key")).to_have_count(0)


async def test_a_place_is_shared_from_the_reply_keyboard(stage: Stage) -> None:
    """The share-location key opens a small dialog; an example fills it, Share sends it."""
    chat = await stage.begin()
    markup = {"keyboard": [[{"text": "Share my place", "request_location": True}]]}
    await stage.says(chat, "Where?", reply_markup=markup)
    await stage.page.get_by_role("button", name="Share my place").click()
    await stage.page.get_by_role("button", name="Nairobi").click()
    await expect(stage.page.get_by_label("Latitude")).to_have_value("-1.2921")
    await stage.page.get_by_role("button", name="Share", exact=True).click()
    place = (await stage.heard())["message"]["location"]
    assert (place["latitude"], place["longitude"]) == pytest.approx((-1.2921, 36.8219), abs=1e-4)
    await expect(stage.page.locator(".place figcaption")).to_contain_text("1.2921° S, 36.8219° E")


async def test_a_place_outside_the_world_is_not_shared(stage: Stage) -> None:
    """Degrees that no place has keep the dialog open."""
    await stage.begin()
    await stage.page.get_by_role("button", name="Add a photo").click()
    await stage.page.get_by_role("menuitem", name="Place").click()
    await stage.page.get_by_label("Latitude").fill("91")
    await stage.page.get_by_label("Longitude").fill("36")
    await stage.page.get_by_role("button", name="Share", exact=True).click()
    await expect(stage.page.get_by_role("dialog")).to_be_visible()
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.get_by_role("dialog")).to_have_count(0)
    await expect(stage.page.locator(".place")).to_have_count(0)


async def test_a_form_is_filled_with_keys_alone(stage: Stage) -> None:
    """From Start to the last answer no pointer is needed, and the focus goes with the talk."""
    await stage.page.goto(stage.address)
    await expect(stage.page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    await stage.page.keyboard.press("Enter")
    chat = (await stage.heard())["message"]["chat"]["id"]
    first = await stage.says(chat, "Language?", reply_markup=inline("Kiswahili|English", "Español"))
    await expect(stage.page.get_by_role("button", name="Español")).to_be_visible()
    await expect(stage.page.get_by_role("textbox")).to_be_focused()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("ArrowRight")
    assert await stage.focused() == "English"
    await stage.page.keyboard.press("ArrowDown")
    assert await stage.focused() == "Español"
    await stage.page.keyboard.press("1")
    query = (await stage.heard())["callback_query"]
    assert query["data"] == "Kiswahili"
    await stage.bot("answerCallbackQuery", callback_query_id=query["id"])
    await stage.bot("editMessageReplyMarkup", chat_id=chat, message_id=first)
    await stage.says(chat, "Jina?")
    await expect(stage.page.get_by_role("textbox")).to_be_focused()
    await stage.page.keyboard.type("Amina")
    await stage.page.keyboard.press("Shift+Enter")
    await stage.page.keyboard.type("Wanjiru")
    await stage.page.keyboard.press("Enter")
    assert (await stage.heard())["message"]["text"] == "Amina\nWanjiru"


async def test_several_choices_keep_the_focus_while_the_message_changes(stage: Stage) -> None:
    """A button stays in hand though every tap redraws the message it stands under."""
    chat = await stage.begin()
    asked = await stage.says(chat, "Who helped?", reply_markup=inline("Nurse", "Doctor", "Done"))
    await expect(stage.page.get_by_role("button", name="Doctor")).to_be_visible()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("ArrowDown")
    assert await stage.focused() == "Doctor"
    await stage.page.keyboard.press("Enter")
    assert (await stage.heard())["callback_query"]["data"] == "Doctor"
    marked = inline("Nurse", "✓ Doctor", "Done")
    await stage.bot("editMessageReplyMarkup", chat_id=chat, message_id=asked, reply_markup=marked)
    await expect(stage.page.get_by_role("button", name="✓ Doctor")).to_be_focused()
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.get_by_role("textbox")).to_be_focused()


async def test_alt_and_a_digit_press_a_button_from_the_box(stage: Stage) -> None:
    """A digit alone stays an answer to type; with Alt it presses the button of that number."""
    chat = await stage.begin()
    await stage.says(chat, "How many?", reply_markup=inline("Skip|Back"))
    key = stage.page.get_by_role("button", name="Back", exact=True)
    await expect(key).to_have_attribute("data-digit", "2")
    await stage.page.keyboard.press("2")
    await expect(stage.page.get_by_role("textbox")).to_have_value("2")
    await stage.page.keyboard.press("Alt+2")
    assert (await stage.heard())["callback_query"]["data"] == "Back"


async def test_writing_on_a_button_goes_to_the_box(stage: Stage) -> None:
    """Who begins to write while a button has the focus writes in the box."""
    chat = await stage.begin()
    await stage.says(chat, "Who?", reply_markup=inline("Skip"))
    await expect(stage.page.get_by_role("button", name="Skip")).to_be_visible()
    await stage.page.keyboard.press("ArrowDown")
    assert await stage.focused() == "Skip"
    await stage.page.keyboard.type("Amina")
    await expect(stage.page.get_by_role("textbox")).to_have_value("Amina")


async def test_only_the_newest_buttons_are_a_stop_for_tab(stage: Stage) -> None:
    """Old keyboards do not lengthen the way; the up arrow still climbs to them."""
    chat = await stage.begin()
    for place in range(4):
        await stage.says(chat, f"Question {place}", reply_markup=inline(f"A{place}|B{place}"))
    await expect(stage.page.locator(".key")).to_have_count(8)
    assert await stage.page.locator(".key[tabindex='0']").count() == 1
    await stage.page.get_by_role("textbox").focus()
    await stage.page.keyboard.press("ArrowDown")
    assert await stage.focused() == "A3"
    await stage.page.keyboard.press("ArrowUp")
    assert await stage.focused() == "A2"


async def test_commands_are_offered_after_a_slash(stage: Stage) -> None:
    """A slash opens the bot's commands, arrows choose, Enter gives the command."""
    await stage.begin()
    told = [
        {"command": "help", "description": "Msaada"},
        {"command": "back", "description": "Rudi"},
    ]
    await stage.bot("setMyCommands", commands=told)
    await stage.page.get_by_role("textbox").fill("")
    await expect(stage.page.locator(".message")).to_have_count(1)
    await stage.page.wait_for_timeout(300)
    await stage.page.keyboard.type("/")
    options = stage.page.get_by_role("option")
    await expect(options).to_have_text(["/help Msaada", "/back Rudi"])
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("Enter")
    assert (await stage.heard())["message"]["text"] == "/back"
    await expect(options).to_have_count(0)


async def test_a_menu_of_ones_own_outranks_the_one_for_all(stage: Stage) -> None:
    """A chat with a menu of its own offers that, until it is taken away."""
    chat = await stage.begin()
    scope = {"type": "chat", "chat_id": chat}
    for text, whom in (("Help", {}), ("Msaada", {"scope": scope})):
        told = [{"command": "help", "description": text}]
        await stage.bot("setMyCommands", commands=told, **whom)
    box, options = stage.page.get_by_role("textbox"), stage.page.get_by_role("option")
    await _offers(stage, "/help Msaada")
    await stage.bot("deleteMyCommands", scope=scope)
    await _offers(stage, "/help Help")
    await box.fill("")
    await expect(options).to_have_count(0)


async def _offers(stage: Stage, command: str) -> None:
    """Wait until this is what a slash offers, as a person does who types it again."""
    box, options = stage.page.get_by_role("textbox"), stage.page.get_by_role("option")
    for _ in range(20):
        await box.fill("")
        await box.press_sequentially("/")
        if await options.all_inner_texts() == [command]:
            break
        await stage.page.wait_for_timeout(100)
    await expect(options).to_have_text([command])


async def test_the_last_own_message_is_changed_with_the_up_arrow(stage: Stage) -> None:
    """Up in the empty box takes the last own message back into the box; Enter sends the edit."""
    chat = await stage.begin()
    stage.world.write(chat, "twelv")
    assert (await stage.heard())["message"]["text"] == "twelv"
    await expect(stage.page.locator(".message")).to_have_count(2)
    await stage.page.get_by_role("textbox").focus()
    await stage.page.keyboard.press("ArrowUp")
    await expect(stage.page.get_by_role("textbox")).to_have_value("twelv")
    await stage.page.keyboard.type("e")
    await stage.page.keyboard.press("Enter")
    assert (await stage.heard())["edited_message"]["text"] == "twelve"
    await expect(stage.page.locator(".message").last.locator(".text")).to_have_text("twelve")
    await expect(stage.page.get_by_role("textbox")).to_have_value("")
