"""Makes the README's pictures: `python -m tests.end_to_end.pictures` in the checkout's root.

The real bot runs in a folder that is thrown away, people talk with it in a real browser, and what
stands on the page then is kept in `.github/pictures`. Run by hand, when the page or the
conversation looks different; look at the pictures before keeping them.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, FloatRect, Locator, Page

from tests.end_to_end.hand import Hand
from tests.end_to_end.process import ROOT, running
from tests.page.browsing import browsing

PICTURES = ROOT / ".github" / "pictures"
COLOURS, BYTES_MAX = 256, 250_000
MARGIN = 20
SETTLED_MILLISECONDS = 800
SHARPNESS = 2
"""How many points of the picture make one of the page's."""

BIRTH_IN_SWAHILI = {
    "Tafadhali chagua lugha yako": "[Kiswahili]",
    "Je, unakubali": "[Nakubali]",
    "Wewe ni nani": "[Mimi ndiye mama]",
    "Unataka kutuambia": "[Kuzaliwa kwa mtoto]",
    "kata gani": "[Maji Moto (mfano)]",
    "kijiji": "[Kijiji cha mlimani (mfano)]",
    "umri gani": "[Miaka 20 hadi 24]",
}
PREGNANCY_IN_ENGLISH = {
    "Please choose your language": "[English]",
    "Do you agree": "[I agree]",
    "Who are you": "[Community health promoter]",
    "What do you want": "[A pregnancy]",
    "does she agree": "[Yes, she agrees]",
    "Which ward": "[Maji Moto (example)]",
    "Which village": "[Maji Moto centre (example)]",
    "How old": "[25 to 34 years]",
    "when the baby is expected": "[I know the months of pregnancy]",
    "How many months": "7",
    "clinic visits": "3",
    "Where is the birth planned": "[Hospital]",
    "ask you once more": "[Yes]",
    "how many kilometres": "18.5",
    "How many minutes": "45",
    "usually make that journey": "[By motorcycle]",
    "voice message": "[Skip »]",
    "anything else": "The road is cut off when it rains.",
    "statistics office": "[Yes]",
}
"""What is answered to the question that has these words, in the order of the questions."""


async def main() -> None:
    """Make all pictures anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with browsing() as browser:
        await taken(browser, report_in_swahili)
        await taken(browser, two_people)


async def taken(browser: Browser, picture: Callable[[Browser, str], Awaitable[None]]) -> None:
    """Run a fresh bot for one picture."""
    with TemporaryDirectory() as folder, running(Path(folder)) as (client, _):
        await picture(browser, str(client.base_url))


async def report_in_swahili(browser: Browser, address: str) -> None:
    """One phone, light: Amina wrote a day that cannot be, is told so and asked again."""
    page = await opened(browser, address, (760, 812), "light")
    amina = Hand.of(page, "Amina")
    await amina.begin()
    await tell(amina, BIRTH_IN_SWAHILI)
    await amina.answers("Kujifungua kulikuwa", "12 Machi 2030")
    await amina.reads("isiyozidi leo")
    await keep(page, "report-sw.png", amina.phone)
    await page.close()


async def two_people(browser: Browser, address: str) -> None:
    """Two phones, dark: Amina looks for a day in the calendar, Grace has sent her report."""
    page = await opened(browser, address, (920, 900), "dark")
    amina = Hand.of(page, "Amina")
    await amina.begin()
    await tell(amina, BIRTH_IN_SWAHILI)
    await amina.reads("Kujifungua kulikuwa")
    await amina.taps("Kalenda")
    await amina.offered("◀")
    grace = await beside(page, "Grace", "en")
    await grace.begin()
    await tell(grace, PREGNANCY_IN_ENGLISH)
    await grace.reads("Is all of this right")
    await grace.taps("Send ✓")
    await grace.reads("Your report is kept")
    await keep(page, "two-people-dark.png")
    await page.close()


async def opened(
    browser: Browser,
    address: str,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    locale: str = "sw-KE",
) -> Page:
    """Open the chat page in a window of that size, in points of the page."""
    page = await browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=SHARPNESS,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale=locale,
        timezone_id="Africa/Nairobi",
    )
    await page.goto(address)
    return page


async def tell(hand: Hand, answers: dict[str, str]) -> None:
    """Answer question after question."""
    for question, act in answers.items():
        await hand.answers(question, act)


async def beside(page: Page, name: str, language: str) -> Hand:
    """Add a person and return the hand that holds their phone."""
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("Phone\u2019s language").select_option(language)
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Add", exact=True).click()
    return Hand.of(page, name)


async def keep(page: Page, name: str, one: Locator | None = None) -> None:
    """Keep the page as it stands, or one phone of it, with no trace of focus and pointer."""
    await page.get_by_role("heading", level=1).click()
    await page.wait_for_timeout(SETTLED_MILLISECONDS)
    part = None if one is None else await around(one)
    whole = Image.open(io.BytesIO(await page.screenshot(clip=part)))
    few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / name, optimize=True)
    size = (PICTURES / name).stat().st_size
    assert size <= BYTES_MAX, f"{name} has {size} bytes."


async def around(phone: Locator) -> FloatRect:
    """Return the part of the page that shows a phone and a little of the table it lies on."""
    box = await phone.bounding_box()
    assert box is not None
    return {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN / 2,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + MARGIN,
    }


if __name__ == "__main__":
    asyncio.run(main())
