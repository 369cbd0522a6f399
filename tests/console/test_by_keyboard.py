"""The console in a real browser: twenty cases reviewed without a pointer, and how it looks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.console.desk import BASE
from storage import clarifications, second_looks, submissions
from tests.console.seeding import Place, open_place, photo
from tests.page.browsing import PATIENCE_MILLISECONDS, browsing
from tests.simulator.running import serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

AMINA, BAKARI = 7_001, 7_002
CASES = 20
SIZES = {"phone": (360, 740), "desk": (1280, 900)}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Run the browser while these tests last."""
    async with browsing() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Lend an empty place."""
    opened = await open_place(tmp_path)
    yield opened
    await opened.store.close()


@asynccontextmanager
async def entered(
    browser: Browser, place: Place, role: int, size: str = "desk", scheme: str = "light"
) -> AsyncIterator[Page]:
    """Open the console by a link; whatever the policy stops, or a script trips over, fails."""
    async with serving(place.app()) as address:
        width, height = SIZES[size]
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # One of two words.
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if _is_refused(said.text) else None)
        await page.goto(f"{address}{BASE}/enter?token={await place.link(role)}")
        await expect(page.locator("button.strong")).to_be_focused()
        await press(page, "Enter")
        await page.wait_for_url(f"**{BASE}/")
        yield page
        await context.close()
        assert not wrong, wrong


def _is_refused(said: str) -> bool:
    return "Content Security Policy" in said or "Refused to" in said


async def current(page: Page) -> str:
    """Return the instance id of the case that is shown."""
    await expect(page).to_have_url(re.compile(rf"{BASE}/cases/"))
    await page.wait_for_load_state()
    return page.url.rpartition("/")[2].partition("?")[0]


async def press(page: Page, key: str) -> None:
    """Press a key once the page that is shown has its script."""
    await page.wait_for_load_state()
    await page.keyboard.press(key)


async def choose(page: Page, key: str, *, words: str = "") -> None:
    """Open a panel by its key, write into the box that has the focus if need be, and send it."""
    await press(page, key)
    if words:
        await page.locator("details[open] :is(textarea, input[name=words])").first.focus()
        await page.keyboard.type(words)
    button = page.locator("details[open] form button.strong")
    await button.focus()
    await press(page, "Enter")


async def test_twenty_cases_are_reviewed_by_keyboard(browser: Browser, place: Place) -> None:
    """From the link to an empty queue no pointer is touched, and each decision is kept."""
    seeded = await place.many(CASES)
    role = await place.moderator(AMINA)
    outcomes: dict[str, str] = {}
    keys = ["a", "r", "t", "a", "d"]
    async with entered(browser, place, role) as page:
        await expect(page.locator(".cases li")).to_have_count(CASES)
        await press(page, "n")
        for number in range(CASES):
            instance_id = await current(page)
            assert instance_id not in outcomes
            key = keys[number % len(keys)]
            match key:
                case "a":
                    await press(page, "a")
                case "r":
                    await choose(page, "r")
                case "t":
                    await choose(page, "t", words="Nobody there could tell.")
                case _:
                    other = next(one for one in seeded if one != instance_id)
                    await press(page, "d")
                    await page.locator("details[open] input[name=of]").fill(_code(other))
                    await press(page, "Enter")
            outcomes[instance_id] = key
            await page.wait_for_url(lambda url, seen=instance_id: seen not in url)
        await expect(page.get_by_text("Nothing waits here.").first).to_be_visible()
    meant = {"a": "approved", "r": "rejected", "t": "not verifiable", "d": "duplicate"}
    assert set(outcomes) == set(seeded)
    for instance_id, key in outcomes.items():
        assert (await place.case(instance_id)).outcome == meant[key]


def _code(instance_id: str) -> str:
    number = int(instance_id[-12:])
    return f"{number // 10000 + 3333:04}-{number % 10000:04}"


async def test_every_action_has_a_key_and_the_overlay_names_it(
    browser: Browser, place: Place
) -> None:
    """What `?` lists is what the page can do; each button of the case has a key of its own."""
    await place.many(2)
    role = await place.moderator(AMINA)
    await place.moderator(BAKARI, name="Bakari")
    async with entered(browser, place, role) as page:
        await press(page, "j")
        await press(page, "Enter")
        await current(page)
        await press(page, "?")
        listed = await page.locator("#keys dl div").all_inner_texts()
        keys = [one.split()[0] for one in listed]
        assert len(keys) == len(set(keys)), keys
        assert {*"acrdtishpnjkeyqw2?/"} <= set(keys)
        await press(page, "Escape")
        await expect(page.locator("#keys")).to_be_hidden()


async def test_an_answer_is_corrected_and_blacked_out_by_keyboard(
    browser: Browser, place: Place
) -> None:
    """The original stands beside the correction; marked words are black in all that is kept."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with entered(browser, place, role) as page:
        await press(page, "Enter")
        await current(page)
        for _ in range(3):
            await press(page, "j")
        await press(page, "e")
        await press(page, "Control+A")
        await page.keyboard.type("22")
        await press(page, "Enter")
        await expect(page.locator(".diff").first).to_contain_text("22")
        select = """() => {
            const all = [...document.querySelectorAll('.words')];
            const words = all.find(e => /0712/.test(e.textContent));
            const at = words.firstChild.data.indexOf('0712');
            getSelection().setBaseAndExtent(words.firstChild, at, words.firstChild, at + 11);
        }"""
        await page.wait_for_load_state()
        await page.evaluate(select)
        await expect(page.locator(".redact button:not([hidden])")).to_be_visible()
        await press(page, "y")
        await expect(page.locator(".words", has_text="█████")).to_be_visible()
    async with place.store.reading() as reading:
        standing = await submissions.standing_of(reading, instance_id)
    assert standing is not None
    assert "<people>22</people>" in standing.submission.xml
    assert "0712" not in standing.submission.xml


async def test_parts_of_a_photo_are_blacked_out_by_keyboard(browser: Browser, place: Place) -> None:
    """A part is moved and made larger with the arrows, a second one added, and both are black."""
    answers = {"kind": "flood", "people": "500", "photo": "a.jpg"}
    await place.report(77, answers, pictures={"a.jpg": (photo(), "image/jpeg")})
    async with entered(browser, place, await place.moderator(AMINA)) as page:
        await press(page, "Enter")
        await current(page)
        for _ in range(3):
            await press(page, "j")
        await press(page, "e")
        await expect(page.locator(".veil:focus")).to_be_visible()
        for key in (*["ArrowLeft"] * 40, *["Shift+ArrowDown"] * 3):
            await page.keyboard.press(key)
        await page.locator(".another").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowRight")
        edges = [await box.input_value() for box in await page.locator(".part input").all()]
        assert edges == ["0.0", "30.0", "40.0", "73.0", "31.0", "30.0", "71.0", "70.0"]
        await page.locator(".blacken button.strong").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("A part of this picture is blacked out.")).to_be_visible()


async def test_the_reporter_is_asked_and_the_case_waits(browser: Browser, place: Place) -> None:
    """A question goes out, and the next case comes up."""
    first, _ = await place.many(2)
    role = await place.moderator(AMINA)
    async with entered(browser, place, role) as page:
        await press(page, "n")
        asked = await current(page)
        await choose(page, "i", words="Which street is it?")
        await page.wait_for_url(lambda url: asked not in url)
    assert (await place.case(asked)).state == "asked"
    async with place.store.reading() as reading:
        (kept,) = await clarifications.of_report(reading, asked)
    assert (kept.words, kept.answer) == ("Which street is it?", "")
    assert first


async def test_what_changed_meanwhile_is_told(browser: Browser, place: Place) -> None:
    """A decision about a case that a colleague decided is refused, with what they did."""
    instance_id = (await place.many(1))[0]
    amina, bakari = await place.moderator(AMINA), await place.moderator(BAKARI, name="Bakari")
    async with entered(browser, place, amina) as page:
        await press(page, "Enter")
        await current(page)
        async with entered(browser, place, bakari) as other:
            await other.keyboard.press("Enter")
            await current(other)
            await other.keyboard.press("a")
            await other.wait_for_url(f"**{BASE}/?*")
        await choose(page, "r")
        await expect(page.get_by_role("alert")).to_contain_text("Bakari")
    case = await place.case(instance_id)
    assert (case.outcome, case.decided_by) == ("approved", bakari)


async def test_a_second_look_is_blind(
    browser: Browser, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks again sees neither the decision nor the history, and changes nothing."""
    monkeypatch.setattr(second_looks, "is_sampled", lambda *_: True)
    instance_id = (await place.many(1))[0]
    amina, bakari = await place.moderator(AMINA), await place.moderator(BAKARI, name="Bakari")
    async with entered(browser, place, amina) as page:
        await press(page, "n")
        await current(page)
        await choose(page, "r", words="Not from here")
        await page.wait_for_url(f"**{BASE}/?*")
        await press(page, "2")
        await expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    async with entered(browser, place, bakari) as page:
        await press(page, "2")
        await expect(page.locator(".case")).to_be_visible()
        await page.wait_for_load_state()
        shown = await page.locator("body").inner_text()
        assert "Not from here" not in shown
        assert "Amina" not in shown
        await press(page, "a")
        await expect(page.get_by_text("Nothing waits here.")).to_be_visible()
        await press(page, "w")
        await expect(page.get_by_text(re.compile("Amina .* Bakari"))).to_be_visible()
    assert (await place.case(instance_id)).outcome == "rejected"


OVERHANG = "() => document.documentElement.scrollWidth - innerWidth"
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_pages_fit_and_can_be_read(
    browser: Browser, place: Place, size: str, scheme: str, language: str
) -> None:
    """On 360 pixels and on a desk, light and dark, both ways of writing: nothing is cut or pale."""
    await place.many(5)
    answers = {"kind": "flood", "people": "500", "story": "They drown! " * 9, "photo": "a.jpg",
               "point": "-1.31 36.88 0 0"}  # fmt: skip
    pictured = await place.report(77, answers, pictures={"a.jpg": (photo(), "image/jpeg")})
    role = await place.moderator(AMINA, "senior moderator", language=language)
    async with entered(browser, place, role, size, scheme) as page:
        start = page.url
        for path in ("", f"cases/{pictured}", "work", "audit"):
            await page.goto(start + path)
            wide = (
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert await page.evaluate(wide) <= 0, path
            assert await page.evaluate(CONTRAST) == [], path
            direction = await page.evaluate("() => document.documentElement.dir")
            assert direction == ("rtl" if language == "ar" else "ltr")
