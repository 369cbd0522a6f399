"""A group on the page: made by hand, its topics as tabs, and its members speaking one by one."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.page.browsing import WIDE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_group_with_topics(stage: Stage) -> None:
    """Members write and tap in their own names, in the topic that is shown; others bear a dot."""
    page = stage.page
    amina, zawadi = (stage.world.add_person(name, "en") for name in ("Amina", "Zawadi"))
    stage.world.add_person("Otieno", "en")
    await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    await page.goto(stage.address)
    await page.get_by_role("button", name="People", exact=True).click()
    await page.get_by_role("menuitem", name="Make a group").click()
    await page.get_by_role("checkbox", name="Otieno").uncheck()
    await page.get_by_role("button", name="Make it").click()
    group = page.get_by_role("region", name="Group Moderators")
    await group.get_by_role("combobox").select_option(label="Zawadi")
    box = group.get_by_role("textbox")
    await box.fill("/here")
    await box.press("Enter")
    said = await stage.heard()
    while "message" not in said:
        said = await stage.heard()
    message = said["message"]
    assert (message["from"]["id"], message["text"]) == (zawadi, "/here")
    chat = message["chat"]["id"]
    await expect(group.locator(".sender")).to_have_text("Zawadi")
    topic = (await stage.bot("createForumTopic", chat_id=chat, name="Births"))["result"]
    keys = {"inline_keyboard": [[{"text": "I take it", "callback_data": "take"}]]}
    where = {"message_thread_id": topic["message_thread_id"], "reply_markup": keys}
    await stage.says(chat, "a card", **where)
    tab = group.get_by_role("button", name="Births, something new")
    await tab.click()
    await expect(group.get_by_role("button", name="Births", exact=True)).to_be_visible()
    await expect(group.get_by_text("/here")).to_have_count(0)
    await group.get_by_role("combobox").select_option(label="Amina")
    await group.get_by_role("button", name="I take it").click()
    tapped = (await stage.heard())["callback_query"]
    assert (tapped["from"]["id"], tapped["data"]) == (amina, "take")
    answer = {"callback_query_id": tapped["id"], "text": "It is yours."}
    await stage.bot("answerCallbackQuery", **answer)
    await expect(group.get_by_text("It is yours.")).to_be_visible()
    await page.reload()
    await expect(group.get_by_text("/here")).to_be_visible()
