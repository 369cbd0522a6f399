"""How the page looks to those who see it, and what it says to those who listen."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.page.browsing import WIDE, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOTHS = 6
CONTRAST_MIN = 4.5

_FAINT = """
(minimum) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const own = rgba(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(node.parentElement));
  };
  const light = (colour) => colour
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const seen = node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (!walker.currentNode.data.trim() || !seen || node.closest(".spoken")) continue;
    const under = ground(node);
    const [one, other] = [light(over(rgba(getComputedStyle(node).color), under)), light(under)];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < minimum) faint.push([walker.currentNode.data.trim(), ratio.toFixed(2)]);
  }
  return faint;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_its_ground(stage: Stage, scheme: str) -> None:
    """In light and dark, in every cloth's colours, text keeps a contrast of 4.5 to 1 (WCAG AA)."""
    await stage.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    await stage.page.set_viewport_size({"width": 3000, "height": WIDE[1]})
    for place in range(CLOTHS):
        person = stage.world.add_person(f"Person {place}", "sw")
        stage.world.write(person, "/start https://example.org")
        markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
        words = "<b>Where?</b> <code>x</code> <a href='https://example.org'>link</a> /back #tag"
        await stage.says(person, words, parse_mode="HTML", reply_markup=markup)
        stage.world.share_place(person, -1.29, 36.82)
    await stage.page.goto(stage.address)
    for place in range(3, CLOTHS):
        await stage.page.get_by_role("button", name="People").click()
        await stage.page.get_by_role("menuitem", name=f"Person {place}").click()
    await expect(stage.page.locator(".message")).to_have_count(3 * CLOTHS)
    await stage.page.get_by_role("textbox").last.fill("/")
    assert await stage.page.evaluate(_FAINT, CONTRAST_MIN) == []


async def test_dark_and_light_are_chosen_and_kept(stage: Stage) -> None:
    """The system's choice holds until the person makes one, which a reload keeps."""
    await stage.page.emulate_media(color_scheme="dark")
    await stage.page.goto(stage.address)
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = await stage.page.evaluate(ground)
    await stage.page.get_by_role("button", name="Use light colours").click()
    light = await stage.page.evaluate(ground)
    assert light != dark
    await stage.page.reload()
    await expect(stage.page.get_by_role("button", name="Use dark colours")).to_be_visible()
    assert await stage.page.evaluate(ground) == light


async def test_new_messages_are_told_to_those_who_listen(stage: Stage) -> None:
    """The chat is a polite live log named after its person; each message says whose it is."""
    chat = await stage.begin()
    log = stage.page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("lang", "sw")
    await stage.says(chat, "Karibu")
    await expect(stage.page.get_by_role("article").last).to_contain_text("Bot: Karibu")


async def test_every_control_has_a_name(stage: Stage) -> None:
    """No button, field or link is left without words for those who listen."""
    chat = await stage.begin()
    await stage.says(chat, "Karibu")
    tree = await stage.page.locator("body").aria_snapshot()
    nameless = [line for line in tree.splitlines() if line.strip(" -:") in {"button", "textbox"}]
    assert nameless == []


async def test_nothing_moves_for_those_who_asked_for_calm(stage: Stage) -> None:
    """With reduced motion nothing is animated."""
    await stage.page.emulate_media(reduced_motion="reduce")
    chat = await stage.begin()
    await stage.bot("sendChatAction", chat_id=chat, action="typing")
    await expect(stage.page.locator(".typing")).to_be_visible()
    assert await stage.page.evaluate("document.getAnimations().length") == 0


async def test_everything_comes_from_the_simulator(stage: Stage) -> None:
    """The page asks no other server for anything and breaks no rule of its content policy."""
    asked: list[str] = []
    refused: list[str] = []
    stage.page.on("request", lambda request: asked.append(request.url))
    stage.page.on("console", lambda told: refused.append(told.text))
    chat = await stage.begin()
    stage.world.share_place(chat, 4.711, -74.0721)
    await expect(stage.page.locator(".place")).to_be_visible()
    assert [url for url in asked if not url.startswith(stage.address)] == []
    assert [words for words in refused if "Content Security Policy" in words] == []
