"""What a person sees of a message: its formatting, its direction, its files, its changes."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import FilePayload, expect

from bot.simulator.server import TOKEN
from tests.page.browsing import PHONE, Stage
from tests.simulator.running import png

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_new_chat_sends_nothing_before_start_is_pressed(stage: Stage) -> None:
    """The first visit makes one person, whose phone waits with a Start button."""
    await stage.page.goto(stage.address)
    start = stage.page.get_by_role("button", name="Start", exact=True)
    await expect(start).to_be_focused()
    assert [one["started"] for one in stage.world.people()] == [False]
    await expect(stage.page.get_by_role("textbox")).to_have_count(0)
    await stage.page.keyboard.press("Enter")
    assert (await stage.heard())["message"]["text"] == "/start"
    await expect(stage.page.get_by_role("textbox")).to_be_focused()


async def test_formatting_is_shown_and_counts_utf16_units(stage: Stage) -> None:
    """Entities nest, begin after an emoji where Telegram says, and keep the text whole."""
    chat = await stage.begin()
    text = "🌍 <b>bold <i>both</i></b> <code>x = 1</code> <s>gone</s> <u>under</u>"
    await stage.says(chat, text, parse_mode="HTML")
    words = stage.page.locator(".message .text").last
    await expect(words).to_have_text("🌍 bold both x = 1 gone under")
    await expect(words.locator("strong")).to_have_text("bold both")
    await expect(words.locator("strong em")).to_have_text("both")
    await expect(words.locator("code")).to_have_text("x = 1")
    await expect(words.locator("s")).to_have_text("gone")
    await expect(words.locator("u")).to_have_text("under")


async def test_quotes_code_and_spoilers_stand_apart(stage: Stage) -> None:
    """A quote and a block of code are blocks; hidden text shows when pressed."""
    chat = await stage.begin()
    text = "<blockquote>one\ntwo</blockquote>\n<pre>a\n  b</pre>\n<tg-spoiler>secret</tg-spoiler>"
    await stage.says(chat, text, parse_mode="HTML")
    words = stage.page.locator(".message .text").last
    await expect(words.locator("blockquote")).to_have_text("one two")
    assert await words.locator("pre").text_content() == "a\n  b"
    await words.get_by_role("button", name="Hidden text").click()
    await expect(words.get_by_text("secret")).to_be_visible()


async def test_only_safe_links_can_be_opened(stage: Stage) -> None:
    """Web addresses become links that tell the other side nothing; others stay words."""
    chat = await stage.begin()
    text = "plain https://example.org and here and there"
    at, bad = text.index("here"), text.index("there")
    entities = [
        {"type": "text_link", "offset": at, "length": 4, "url": "https://example.org/a"},
        {"type": "text_link", "offset": bad, "length": 5, "url": "https://example.org/b"},
    ]
    message = await stage.says(chat, text, entities=json.dumps(entities))
    stage.world.state.chats[chat].messages[message].content["entities"][-1]["url"] = (
        "javascript:alert(1)"
    )
    stage.world.write(chat, "look again")
    words = stage.page.locator(".message[data-from=bot] .text").last
    await expect(words.get_by_role("link", name="there")).to_have_count(0)
    link = words.get_by_role("link", name="here", exact=True)
    await expect(link).to_have_attribute("href", "https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(words.get_by_role("link")).to_have_count(2)


async def test_markup_in_a_message_stays_text(stage: Stage) -> None:
    """What looks like markup, from either side, is shown letter by letter."""
    chat = await stage.begin()
    nasty = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"
    await stage.says(chat, nasty, reply_markup={"keyboard": [[{"text": nasty}]]})
    stage.world.write(chat, nasty)
    await expect(stage.page.locator(".message .text", has_text=nasty)).to_have_count(2)
    await expect(stage.page.locator(".reply .key .words")).to_have_text(nasty)
    await expect(stage.page.locator(".messages img, .messages script, .reply img")).to_have_count(0)
    assert await stage.page.title() == "Baraza simulator"


async def test_an_edited_message_changes_in_its_place(stage: Stage) -> None:
    """An edit keeps the message where it stands and marks it."""
    chat = await stage.begin()
    first = await stage.says(chat, "One moment")
    await stage.says(chat, "And another")
    await expect(stage.page.locator(".message")).to_have_count(3)
    await stage.bot("editMessageText", chat_id=chat, message_id=first, text="Done")
    middle = stage.page.locator(".message").nth(1)
    await expect(middle.locator(".text")).to_have_text("Done")
    await expect(middle.locator(".edited")).to_be_visible()
    await stage.bot("deleteMessage", chat_id=chat, message_id=first)
    await expect(stage.page.locator(".message .text")).to_have_text(["/start", "And another"])


async def test_arabic_runs_from_right_to_left(stage: Stage) -> None:
    """Each message has its own direction, whatever stands around it."""
    chat = await stage.begin()
    await stage.says(chat, "أين ولد الطفل؟")
    await stage.says(chat, "Where was the child born?")
    texts = stage.page.locator(".message[data-from=bot] .text")
    directions = "all => all.map(one => getComputedStyle(one).direction)"
    await expect(texts).to_have_count(2)
    assert await texts.evaluate_all(directions) == ["rtl", "ltr"]


async def test_an_english_line_under_an_arabic_one_begins_at_the_left(stage: Stage) -> None:
    """Each line has its own direction, so the full stop of the English one stands at its end."""
    chat = await stage.begin()
    await stage.says(chat, "من فضلكم اختاروا لغتكم قبل أن نبدأ.\nPlease choose.")
    from_the_left = """(words) => {
        const line = document.createRange(), text = words.firstChild;
        line.setStart(text, text.data.indexOf("Please"));
        line.setEnd(text, text.data.length);
        return line.getBoundingClientRect().left - words.getBoundingClientRect().left;
    }"""
    words = stage.page.locator(".message[data-from=bot] .text")
    assert await words.evaluate(from_the_left) < 1


async def test_a_photo_is_sent_with_its_words(stage: Stage) -> None:
    """A picked photo waits above the box; Enter sends it, the box's words are its caption."""
    await stage.begin()
    async with stage.page.expect_file_chooser() as chooser:
        await stage.page.get_by_role("button", name="Add a photo").click()
        await stage.page.get_by_role("menuitem", name="Photo or film").click()
    picture: FilePayload = {"name": "road.png", "mimeType": "image/png", "buffer": png()}
    await (await chooser.value).set_files(picture)
    await expect(stage.page.locator(".outgoing")).to_contain_text("road.png")
    await stage.page.keyboard.type("the road")
    await stage.page.keyboard.press("Enter")
    message = (await stage.heard())["message"]
    assert message["caption"] == "the road"
    assert message["photo"][-1]["width"] == 640
    shown = stage.page.get_by_role("img", name="Photo")
    await expect(shown).to_be_visible()
    await stage.page.wait_for_function("document.querySelector('.photo img').naturalWidth === 640")


async def test_a_file_from_the_bot_can_be_kept(stage: Stage) -> None:
    """A document shows its name and is offered for download."""
    chat = await stage.begin()
    file = {"document": ("report.csv", b"a,b\n1,2\n", "text/csv")}
    await stage.http.post(f"/bot{TOKEN}/sendDocument", data={"chat_id": str(chat)}, files=file)
    link = stage.page.get_by_role("link", name="report.csv")
    async with stage.page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "report.csv"


async def test_a_voice_message_is_recorded(stage: Stage) -> None:
    """The microphone records until sent; the recording is a voice message."""
    await stage.begin()
    await stage.page.get_by_role("button", name="Record a voice message").click()
    await expect(stage.page.get_by_role("timer")).to_be_visible()
    await stage.page.wait_for_timeout(400)
    await stage.page.get_by_role("button", name="Send this recording").click()
    assert "voice" in (await stage.heard())["message"]
    await expect(stage.page.get_by_label("Voice message", exact=True)).to_be_visible()


async def test_the_bot_is_seen_typing(stage: Stage) -> None:
    """Three dots show while the bot is at it and go with its message."""
    chat = await stage.begin()
    await stage.bot("sendChatAction", chat_id=chat, action="typing")
    await expect(stage.page.locator(".typing")).to_be_visible()
    await stage.says(chat, "Here")
    await expect(stage.page.locator(".typing")).to_be_hidden()


async def test_long_words_wrap(stage: Stage) -> None:
    """A text without a space stays inside the narrowest phone."""
    chat = await stage.begin()
    await stage.page.set_viewport_size({"width": 360, "height": PHONE[1]})
    await stage.says(chat, "m" * 900)
    await expect(stage.page.locator(".message")).to_have_count(2)
    log = stage.page.get_by_role("log")
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")


async def test_days_are_set_apart_when_time_passes(stage: Stage) -> None:
    """Letting a day pass moves the simulator's clock; the next message stands under a new day."""
    chat = await stage.begin()
    await expect(stage.page.locator(".day")).to_have_count(1)
    before = stage.world.now()
    await stage.page.get_by_role("button", name="Let time pass").click()
    await stage.page.get_by_role("button", name="1 day").click()
    await expect(stage.page.get_by_text("1 day went by.")).to_be_visible()
    assert (stage.world.now() - before).total_seconds() >= 86_400
    await stage.says(chat, "Good morning")
    await expect(stage.page.locator(".day")).to_have_count(2)
