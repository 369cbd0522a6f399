"""A birth reported in Swahili by hand, in a real browser, to the bot that would serve Telegram."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from babel.dates import format_date
from playwright.async_api import expect

from tests.end_to_end.hand import Hand
from tests.end_to_end.process import exported, running
from tests.page.browsing import PHONE, browsing

BORN: date = datetime.now(UTC).date() - timedelta(days=10)
BORN_IN_WORDS = format_date(BORN, "d MMMM y", locale="sw")

BEFORE_THE_BIRTH = {
    "Wewe ni nani": "[Mimi ndiye mama]",
    "Unataka kutuambia": "[Kuzaliwa kwa mtoto]",
    "inahusu kata gani": "[Maji Moto (mfano)]",
    "Ni kijiji au mahali gani": "[Kijiji cha mlimani (mfano)]",
    "Mama ana umri gani": "[Miaka 20 hadi 24]",
}
AFTER_THE_BIRTH = {
    "Kwa nini kituo cha afya hakikutumika": "[Ni mbali sana]",
    "Gusa yote yanayohusika": "[Nimemaliza »]",
    "Mama anaendeleaje": "[Anaendelea vizuri]",
    "Mtoto anaendeleaje": "[Anaendelea vizuri]",
    "ndani ya siku mbili": "[Ndiyo]",
    "kumesajiliwa": "[Hapana]",
    "anaweza kuangalia kama kitabu": "[Ndiyo]",
    "Ni takriban kilomita ngapi": "12.5",
    "huchukua dakika ngapi": "90",
    "watu husafiri vipi": "[Kwa pikipiki]",
    "ujumbe wa sauti": "[Ruka »]",
    "jambo lingine": "Asante kwa kutusikiliza.",
    "ofisi ya taifa ya takwimu": "[Ndiyo]",
}
"""What Amina answers to the question that has these words, in the order in which she is asked."""


async def test_a_birth_is_reported_in_swahili_by_clicking_and_typing(tmp_path: Path) -> None:
    """Amina mends a date, changes language twice and an answer once; her report is exported."""
    with running(tmp_path) as (client, _):
        async with browsing() as browser:
            page = await browser.new_page(
                viewport={"width": PHONE[0], "height": PHONE[1]}, locale="sw-KE"
            )
            await page.goto(str(client.base_url))
            amina = Hand.of(page, "Amina")
            await agrees(amina)
            await tells_of_the_birth(amina)
            await changes_the_place(amina)
            await sends(amina)
            await page.reload()
            await amina.reads("Ripoti yako imehifadhiwa")
    _, (row,) = exported(tmp_path)
    assert row["report-topic"] == "birth"
    assert row["birth-birth_date"] == BORN.isoformat()
    assert row["birth-attendant"].split() == ["tba", "rel"]
    assert row["birth-birth_place"] == "hosp"
    assert row["birth-why_not_fac"] == "", "asked of births outside a facility only"
    assert row["birth-sba"] == "0"
    assert float(row["journey-dist_km"]) == 12.5
    assert row["closing-comment"] == "Asante kwa kutusikiliza."


async def agrees(amina: Hand) -> None:
    """Start, choose Swahili, and agree to what will be kept."""
    await amina.begin()
    await amina.answers("Tafadhali chagua lugha yako", "[Kiswahili]")
    await amina.answers("Je, unakubali tuhifadhi ripoti yako", "[Nakubali]")


async def tells_of_the_birth(amina: Hand) -> None:
    """Answer all questions, with a wrong date and a look at the English words on the way."""
    for question, act in BEFORE_THE_BIRTH.items():
        await amina.answers(question, act)
    await amina.answers("Kujifungua kulikuwa tarehe gani", "12 Machi 2030")
    await amina.reads("ndani ya miaka miwili iliyopita, isiyozidi leo", "Kujifungua kulikuwa")
    await amina.writes(BORN_IN_WORDS)
    await amina.answers("Je, hii ni tarehe kamili", "[Ndiyo, tarehe kamili]")
    await amina.answers("Uzazi ulikwendaje", "[Mtoto mmoja, alizaliwa hai]")
    await amina.answers("Mtoto alizaliwa wapi", "[Nyumbani]")
    await amina.answers("Nani alisaidia", "[Mkunga wa jadi]")
    await amina.offered("✅ Mkunga wa jadi")
    await reads_a_while_in_english(amina)
    await amina.answers("Nani alisaidia", "[Ndugu au rafiki]")
    await amina.offered("✅ Ndugu au rafiki")
    await amina.taps("Nimemaliza »")
    for question, act in AFTER_THE_BIRTH.items():
        await amina.answers(question, act)


async def reads_a_while_in_english(amina: Hand) -> None:
    """Go to English and back in the middle of a question: the tick is there in both."""
    await amina.writes("/language")
    await amina.answers("Please choose your language", "[English]")
    await amina.reads("Who helped at the birth?")
    await amina.offered("✅ Traditional birth companion")
    await amina.writes("/language")
    await amina.answers("Please choose your language", "[Kiswahili]")
    await amina.reads("Nani alisaidia")
    await amina.offered("✅ Mkunga wa jadi")


async def changes_the_place(amina: Hand) -> None:
    """In the summary, say that it was the hospital: reasons go, the hospital's place is asked."""
    await amina.reads("Tafadhali pitia majibu yako", BORN_IN_WORDS, "Ni mbali sana")
    await amina.taps(await numbered(amina, "Mtoto alizaliwa wapi?"))
    await amina.answers("Mtoto alizaliwa wapi", "[Hospitali]")
    await amina.answers("mahali kilipo kituo cha afya", "[Ruka »]")
    await amina.reads("Tafadhali pitia majibu yako", "mahali kilipo kituo cha afya")
    await amina.taps("◀")
    await amina.reads("Tafadhali pitia majibu yako", "Hospitali")
    await expect(amina.message).not_to_contain_text("Ni mbali sana")


async def numbered(amina: Hand, question: str) -> str:
    """Return the number that stands before a question in the summary."""
    found = re.search(rf"(\d+)\. {re.escape(question)}", await amina.message.inner_text())
    assert found, await amina.message.inner_text()
    return found.group(1)


async def sends(amina: Hand) -> None:
    """Send the report; thanks come with a code to read out, and a button to change it."""
    await amina.taps("Tuma ✓")
    await amina.reads("Ripoti yako imehifadhiwa", re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}"))
    await expect(amina.phone.locator(".key")).to_have_text(["Badilisha au ongeza kitu"])
