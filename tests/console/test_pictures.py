"""Photos that are blacked out in part: wherever they are shown, exported or attacked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot.app import simulator
from bot.asked import asked_of
from bot.console.desk import BASE
from bot.delivery import kept_content
from bot.mending import NewPicture
from bot.rendering import render
from bot.reviews import Reviews
from bot.sender import Sender
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.telegram.errors import Refused
from conversations.phrases import Problem, phrase
from conversations.replies import Block, Recall, Send
from conversations.reviewing.acts import Box, RedactPicture
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Moderator
from conversations.roles import Role
from conversations.xform.extras import with_extras
from conversations.xform.reader import read_form
from locales.locale import locale_of
from storage import attachments, audit, cases, contacts, due, outbox, sealing, submissions
from storage.exports import export
from storage.workbooks import convert
from tests.console.seeding import FLAGS, WORKBOOK, Place, photo
from tests.console.test_attacks import AMINA, BAKARI, browser, place, post, proof_of

__all__ = ["place"]  # A fixture.

PLATE = {"left": 0, "top": 0, "right": 50, "bottom": 25}
SKY = {"left": "60", "top": "0", "right": "100", "bottom": "10.5"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A moderator before a case with a photo."""

    place: Place
    client: httpx.AsyncClient
    case_id: str

    async def page(self) -> str:
        """Return the case's page."""
        return (await self.client.get(f"{BASE}/cases/{self.case_id}")).text

    async def photo(self) -> bytes:
        """Return the photo as the page shows it."""
        link = re.search(r'<img src="([^"]*/files/\d+)"', await self.page())
        assert link
        return (await self.client.get(link[1])).content

    async def acts(self, act: str, reference: str = "/data/photo", **fields: object) -> int:
        """Send a form of the page; return the status that comes."""
        proof = await proof_of(self.client, f"/cases/{self.case_id}")
        seen = (await self.place.case(self.case_id)).version
        sent = {"proof": proof, "seen": seen, "act": act, "reference": reference, **fields}
        return (await post(self.client, f"/cases/{self.case_id}", **sent)).status_code


async def shown(
    place: Place, role: Role = "moderator", chat: int = AMINA, reporter: int = 9_000
) -> Shown:
    """Let a moderator come before a report with a photo."""
    answers = {"kind": "flood", "people": "300", "photo": "a.jpg"}
    pictures = {"a.jpg": (photo(), "image/jpeg")}
    case_id = await place.report(1, answers, chat=reporter, pictures=pictures)
    number = await place.moderator(chat, role)
    return Shown(place, browser(place, await place.session(number)), case_id)


async def as_senior(shown_: Shown) -> Shown:
    """Let a senior moderator come before the same report."""
    place = shown_.place
    number = await place.moderator(BAKARI, "senior moderator", "Bakari")
    client = browser(place, await place.session(number))
    async with place.store.unit() as unit:
        case = await cases.hold(unit, shown_.case_id)
        assert case
    place.now += timedelta(minutes=20)
    return Shown(place, client, shown_.case_id)


def dark(content: bytes, x: int, y: int) -> bool:
    """Tell whether a point of a picture is black."""
    with Image.open(BytesIO(content)) as picture:
        point = picture.convert("RGB").getpixel((x, y))
    assert isinstance(point, tuple)
    return max(point) < 16


async def sealed_of(place: Place, case_id: str) -> list[bytes]:
    """Return what is sealed of a report's pictures, opened with the key."""
    async with place.store.reading() as reading:
        rows = await sealing.files_of(reading, case_id)
    contents = [await place.files.read(row.sealed) for row in rows]
    assert all(photo()[:64] not in content for content in contents)
    return [sealing.unseal_bytes(place.store, content) for content in contents]


async def test_a_part_is_black_wherever_the_photo_is(place: Place, tmp_path: Path) -> None:
    """On the page, in the export and in every version; the original is sealed, its file swept."""
    before = await shown(place)
    assert await before.acts("edit", "/data/people", value="20") == 303
    two = {edge: [PLATE[edge], SKY[edge]] for edge in PLATE}
    assert await before.acts("blacken", **two) == 303
    after = await before.photo()
    assert dark(after, 30, 25)
    assert dark(after, 460, 10)
    assert not dark(after, 460, 60)
    async with place.store.reading() as reading:
        chain = await submissions.chain_of(reading, before.case_id)
        rows = [row for sent in chain
                for row in await attachments.of_submission(reading, sent.instance_id)]  # fmt: skip
        (picture,) = {row.sha256 for row in rows}
        assert len(rows) == 2
        assert picture is not None
        assert await place.files.read(picture) == after
        exported = await export(place.store, place.programme, place.files, tmp_path / "out")
    assert exported.missing == 0
    assert (tmp_path / "out" / "drains" / "media" / "a.jpg").read_bytes() == after
    await place.files.sweep(place.store, datetime.now(UTC) + timedelta(hours=2))
    everything = [path.read_bytes() for path in place.files.folder.glob("??/*")]
    assert photo() not in everything
    assert await sealed_of(place, before.case_id) == [photo()]
    page = await before.page()
    assert "A part of this picture is blacked out." in page
    assert 'value="restore"' not in page


async def test_a_senior_shows_it_whole_again(place: Place) -> None:
    """A moderator may not; painted twice, the reporter's own comes back. All is written down."""
    amina = await shown(place)
    assert await amina.acts("blacken", **PLATE) == 303
    assert await amina.acts("blacken", **SKY) == 303
    assert dark(await amina.photo(), 30, 25)
    assert await sealed_of(place, amina.case_id) == [photo()]
    assert await amina.acts("restore") == 409
    bakari = await as_senior(amina)
    assert "Show the picture whole again" in await bakari.page()
    assert await bakari.acts("restore") == 303
    assert await bakari.photo() == photo()
    assert await sealed_of(place, amina.case_id) == []
    assert await bakari.acts("restore") == 409
    async with place.store.reading() as reading:
        acts = [one.act for one in await audit.newest(reading, 99, amina.case_id)]
        assert (await audit.verify(reading, place.store)).broken is None
        history = [one.act for one in await cases.history(reading, place.store, amina.case_id)]
    assert acts.count("RedactPicture") == 2
    assert acts.count("RestorePicture") == 1
    assert history == ["RedactPicture", "RedactPicture", "RestorePicture"]


ATTACKS: tuple[dict[str, object], ...] = (
    {**PLATE, "right": 101},
    {**PLATE, "left": -1},
    {**PLATE, "left": 60},
    {**PLATE, "left": "nan"},
    {**PLATE, "right": "inf"},
    {**PLATE, "top": "1e999"},
    {**PLATE, "top": "0x1"},
    {**PLATE, "top": [0, 0]},
    {edge: [value] * 41 for edge, value in PLATE.items()},
    {"left": 0},
    {},
    {**PLATE, "reference": "/data/people"},
    {**PLATE, "reference": "/data/voice"},
    {**PLATE, "reference": "/data/nothing"},
    {**PLATE, "reference": "../../key"},
)


async def test_what_is_no_part_of_a_photo_is_refused(place: Place) -> None:
    """Outside, turned over, no number, too many, another answer: nothing is changed."""
    before = await shown(place)
    for fields in ATTACKS:
        assert await before.acts("blacken", **fields) in {400, 409}, fields  # type: ignore[arg-type]  # `reference` is a text.
    assert await before.photo() == photo()
    assert (await place.case(before.case_id)).version == 1


async def test_a_photo_that_cannot_be_painted_stays(place: Place) -> None:
    """A bomb, or a file that says it is a picture, is refused in words."""
    answers = {"kind": "flood", "people": "300", "photo": "a.jpg"}
    case_id = await place.report(1, answers, pictures={"a.jpg": (b"no picture", "image/jpeg")})
    client = browser(place, await place.session(await place.moderator(AMINA)))
    before = Shown(place, client, case_id)
    assert await before.acts("blacken", **PLATE) == 409
    assert await before.photo() == b"no picture"


async def test_who_may_not_decide_paints_nothing(place: Place) -> None:
    """A case worker, and whoever saw an earlier version: not even a file is made."""
    worker = await shown(place, "case worker")
    held = len(list(place.files.folder.glob("??/*")))
    assert await worker.acts("blacken", **PLATE) == 409
    bakari = await as_senior(worker)
    assert await bakari.acts("claim") == 303
    proof = await proof_of(bakari.client, f"/cases/{worker.case_id}")
    late = {"proof": proof, "seen": 1, "act": "blacken", "reference": "/data/photo", **PLATE}
    assert (await post(bakari.client, f"/cases/{worker.case_id}", **late)).status_code == 409
    assert len(list(place.files.folder.glob("??/*"))) == held
    assert await bakari.photo() == photo()


async def test_a_photo_that_changed_meanwhile_is_not_replaced(place: Place) -> None:
    """What was painted from another picture than the one that stands is not taken."""
    before = await shown(place)
    wanted = RedactPicture("/data/photo", (Box(0, 0, 1, 1),))
    stale = NewPicture("ab" * 32, "cd" * 32, 5, "ef" * 32)
    async with place.store.unit() as unit:
        by, now = Moderator(ModeratorId(7)), place.now
        reviews = Reviews(place.store, place.programme, locale_of)
        for picture in (stale, None):
            done = await reviews.act(unit, by, before.case_id, 1, wanted, now, picture)
            assert isinstance(done, Problem)
    assert await before.photo() == photo()


async def test_words_beside_a_photo_are_blacked_out(place: Place, tmp_path: Path) -> None:
    """What somebody wrote beside a photo goes from all versions and the export, and is sealed."""
    before = await shown(place)
    said = "Mama Amina's house, 0712 345 678"
    async with place.store.unit() as unit:
        await attachments.recaption(unit, before.case_id, "a.jpg", said)
    assert await before.acts("edit", "/data/people", value="20") == 303
    page = await before.page()
    assert said.replace("'", "&#39;") in page
    assert 'class="redact"' in page
    assert await before.acts("redact", start=0, end=4_000) == 303
    async with place.store.reading() as reading:
        chain = await submissions.chain_of(reading, before.case_id)
        rows = [row for sent in chain
                for row in await attachments.of_submission(reading, sent.instance_id)]  # fmt: skip
    assert {row.caption for row in rows} == {"█" * len(said)}
    assert len(rows) == 2
    async with place.store.reading() as reading:
        kept = await sealing.of_report(reading, place.store, before.case_id)
        await export(place.store, place.programme, place.files, tmp_path / "out")
    assert said in dict(kept).values()
    assert "Mama" not in (tmp_path / "out" / "drains" / "captions.csv").read_text()
    assert await before.acts("redact", start=2, end=2) != 303, "nothing is marked"


async def test_a_card_that_waits_shows_the_photo_as_it_is(place: Place) -> None:
    """What lies in the outbox names the file, not its bytes: a card sent later shows it painted."""
    before = await shown(place)
    async with place.store.reading() as reading:
        (file,) = await attachments.of_submission(reading, before.case_id)
    assert file.sha256 is not None
    store, kept = place.store, place.files
    assert await kept_content(store, kept, str(file.id)) == photo()
    assert await kept_content(store, kept, file.sha256) == photo()
    assert await before.acts("blacken", **PLATE) == 303
    assert dark(await kept_content(store, kept, str(file.id)), 30, 25)
    with pytest.raises(Refused):
        await kept_content(store, kept, file.sha256)


AGAIN = {
    "name": "again",
    "form": "drains",
    "offset": "2 weeks",
    "until": "once",
    "show": "${photo}",
    "message::English (en)": "You told us of water.",
}


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever sent the report, before a real sender."""

    place: Place
    world: World
    sender: Sender
    chat: int

    async def is_asked(self) -> None:
        """Put the follow-up about the report into the outbox, with what helps to remember."""
        place, english = self.place, locale_of("en")
        who = place.store.reporter(place.programme.name, self.chat)
        async with place.store.unit() as unit:
            (row,) = await due.of_reporter(unit, who, "waiting", 9)
            asked = await asked_of(unit, place.programme, row, english, place.now)
            contact = await contacts.by_chat(unit, self.chat)
            assert asked
            assert contact
            said = (Recall(asked.recalled), Send((Block(phrase("How is it?")),)))
            await outbox.put(unit, contact.id, render(said, english), self.world.now())

    async def sees(self) -> list[bytes | str]:
        """Return the photos and texts that come now."""
        before = len(self.world.view(self.chat)["messages"])
        await self.sender.drain()
        return [
            self.world.file(one["photo"]["file_id"]).content if "photo" in one else one["text"]
            for one in self.world.view(self.chat)["messages"][before:]
        ]


@pytest.fixture
async def reporter(place: Place) -> AsyncIterator[Reporter]:
    """Lend somebody who reports by a form that is asked again, with the photo."""
    sheets = {"flags": FLAGS, "followups": [AGAIN]}
    xform = convert(WORKBOOK.encode(), "drains.md").xform.decode()
    form = read_form(with_extras(xform, sheets))
    place.programme = place.programme.with_forms({(form.form_id, form.version): form})
    world = World(lambda: place.now)
    async with simulator(world, 0) as page, Telegram(TOKEN, page) as telegram:
        about = (place.store, telegram, place.programme, world.now, "one", place.files)
        chat = world.add_person("Juma", "en", started=True)
        yield Reporter(place, world, Sender(*about), chat)


async def test_a_question_brings_the_photo_as_it_is(place: Place, reporter: Reporter) -> None:
    """A photo that helps to remember comes painted, also where the question waited meanwhile."""
    before = await shown(place, reporter=reporter.chat)
    await reporter.is_asked()
    assert await before.acts("blacken", **PLATE) == 303
    picture, question = await reporter.sees()
    assert isinstance(picture, bytes)
    assert dark(picture, 30, 25)
    assert question == "How is it?"


async def test_a_photo_that_is_gone_holds_up_no_question(place: Place, reporter: Reporter) -> None:
    """The question comes without what should help to remember it."""
    await shown(place, reporter=reporter.chat)
    await reporter.is_asked()
    for path in place.files.folder.rglob("*"):
        if path.is_file() and path.read_bytes() == photo():
            path.unlink()
    assert await reporter.sees() == ["How is it?"]
