"""A programme with reports that are doubted, and moderators who look into them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from starlette.applications import Starlette

from bot.aftermath import follow
from bot.console.desk import BASE, COOKIE, Desk
from bot.console.server import console_routes
from bot.kept import Kept
from bot.library import Library
from conversations.areas import Area
from conversations.moderation import Moderation
from conversations.programme import Programme
from conversations.replies import KeepAttachment, KeepSubmission
from conversations.reviewing.cases import Case
from conversations.roles import Role
from conversations.session import Session
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.reader import read_form
from locales.locale import locale_of
from storage import attachments, cases, consents, contacts, entrances, roles, sessions, submissions
from storage.files import Files
from storage.opening import open_store
from storage.store import Store
from storage.workbooks import convert
from tests.dialogue.chat import programme_of
from tests.player.databases import lay

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOKEN = "123456:a-token-of-the-tests"
KEY = b"a key of the tests, not a secret"

WORKBOOK = """
| survey | | | | | | |
| | type | name | label::English (en) | label::Kiswahili (sw) | label::العربية (ar) | body::voice |
| | select_one kind | kind | What did you see? | Umeona nini? | ماذا رأيت؟ | |
| | select_multiple harm | harm | What came of it? | Nini kilitokea? | ماذا نتج عنه؟ | |
| | integer | people | How many people are concerned? | Watu wangapi? | كم عدد الناس؟ | |
| | text | story | Tell us in your words. | Tueleze kwa maneno yako. | أخبرنا بكلماتك. | yes |
| | geopoint | point | Where is it? | Ni wapi? | أين هو؟ | |
| | image | photo | A photo of it | Picha yake | صورة | |
| | audio | voice | Or say it | Au sema | أو قلها | |
| choices | | | | | |
| | list_name | name | label::English (en) | label::Kiswahili (sw) | label::العربية (ar) |
| | kind | drain | A blocked drain | Mtaro umeziba | مجرى مسدود |
| | kind | flood | Flooding | Mafuriko | فيضان |
| | harm | homes | Water in homes | Maji nyumbani | ماء في البيوت |
| | harm | road | The road is closed | Barabara imefungwa | الطريق مغلق |
| settings | | | | | |
| | form_title | form_id | version | default_language | |
| | Drains and floods | drains | 1 | English (en) | |
"""
FLAGS = [
    {
        "name": "many",
        "relevant": "${people} > 100",
        "severity": "high",
        "label::English (en)": "${people} people are many for one place.",
        "label::Kiswahili (sw)": "Watu ${people} ni wengi.",
        "action": "hold",
    },
    {
        "name": "urgent",
        "relevant": "contains(${story}, 'drown')",
        "severity": "urgent",
        "label::English (en)": "Somebody may be in danger.",
        "action": "alert",
    },
]


def square(south: float, west: float, size: float) -> tuple[tuple[float, float], ...]:
    """Return the outline of a square."""
    north, east = south + size, west + size
    return (south, west), (south, east), (north, east), (north, west), (south, west)


AREAS = {
    "mukuru": Area({"": "Mukuru"}, (square(-1.33, 36.86, 0.05),)),
    "kibera": Area({"": "Kibera"}, (square(-1.33, 36.76, 0.05),)),
    "embakasi": Area({"en": "Embakasi"}, (square(-1.33, 36.91, 0.07),)),
}


@cache
def form() -> Form:
    """Read the form."""
    return read_form(
        with_extras(convert(WORKBOOK.encode(), "drains.md").xform.decode(), {"flags": FLAGS})
    )


def programme(**moderation: Any) -> Programme:
    """Return the programme."""
    key = (form().form_id, form().version)
    reasons = {"far": {"en": "It is not from here.", "sw": "Si ya hapa.", "ar": "ليس من هنا."}}
    known = replace(
        programme_of(),
        languages=("en", "sw", "ar"),
        title={"en": "Clear water", "sw": "Maji safi", "ar": "ماء صاف"},
        offered=(key,),
        areas=AREAS,
        moderation=Moderation(**{"reasons": reasons, **moderation}),
    )
    return known.with_forms({key: form()})


def photo() -> bytes:
    """Draw a picture."""
    picture = Image.new("RGB", (480, 320), "#7aa6c2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 200, 480, 320), fill="#8a6b4a")
    pen.ellipse((180, 180, 300, 280), fill="#23313a")
    pen.text((20, 20), "KBX 123A", fill="#ffffff")
    held = io.BytesIO()
    picture.save(held, "JPEG")
    return held.getvalue()


@dataclass(slots=True)
class Place:
    """A store with a programme, its files, and a clock that stands."""

    store: Store
    programme: Programme
    files: Files
    now: datetime = NOW
    url: str = f"http://127.0.0.1{BASE}"

    @property
    def desk(self) -> Desk:
        """Return what makes the pages."""
        library = Library(self.programme)
        return Desk(
            *(self.store, library, self.files, locale_of),
            *(lambda: self.now, TOKEN, self.url),
        )

    def app(self) -> Starlette:
        """Return the console."""
        return Starlette(routes=console_routes(self.desk))

    async def moderator(
        self, chat: int, role: Role = "moderator", name: str = "Amina", language: str = "en"
    ) -> int:
        """Let somebody be a moderator; return the number of their role."""
        invited = f"{chat} {role}"
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat, self.now)
            await contacts.keep_language(unit, contact.id, language)
            until = self.now + timedelta(days=1)
            number = await roles.invite(unit, self.programme.name, role, name, invited, until)
            await roles.take(unit, self.programme.name, invited, contact.id, self.now)
        return number

    async def link(self, role_id: int) -> str:
        """Make a link's token."""
        async with self.store.unit() as unit:
            return await entrances.link(unit, role_id, self.now, 10)

    async def session(self, role_id: int) -> dict[str, str]:
        """Let a moderator in; return the cookie of their browser."""
        async with self.store.unit() as unit:
            return {COOKIE: await entrances.begin(unit, role_id, self.now, 12)}

    async def report(  # noqa: PLR0913 - what was said, by whom, when.
        self,
        number: int,
        answers: Mapping[str, str],
        *,
        chat: int = 9_000,
        pictures: Mapping[str, tuple[bytes, str]] | None = None,
        language: str = "sw",
        minutes_ago: int = 60,
    ) -> str:
        """Keep a report with what it brings; return its instance id."""
        sent_at = self.now - timedelta(minutes=minutes_ago)
        instance_id = f"uuid:00000000-0000-4000-8000-{number:012}"
        instance = Instance.begin(
            form(), Surroundings(sent_at, language, "s", instance_id, sent_at)
        )
        for name, value in answers.items():
            instance.put(f"/data/{name}", value)
        xml, given = instance.finish(sent_at).xml, tuple(pictures or ())
        code = f"{number // 10000 + 3333:04}-{number % 10000:04}"
        sent = KeepSubmission(instance_id, form().form_id, "1", language, code, xml, given)
        reporter = self.store.reporter(self.programme.name, chat)
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat, sent_at)
            name = self.programme.name
            await consents.keep(unit, reporter, name, "v1", language, agreed=True, now=sent_at)
            key = f"{number:032x}"
            await sessions.keep(unit, reporter, name, Session(key, language, "question"), sent_at)
            for file, (_, kind) in (pictures or {}).items():
                expected = KeepAttachment(file, f"source-{number}-{file}", kind, 1)
                await attachments.expect(unit, key, expected, sent_at)
            await submissions.keep(unit, reporter, name, sent, sent_at)
            await attachments.belong(unit, key, instance_id, given)
            await sessions.end(unit, reporter, name)
            about = (self.store, self.programme, contact, reporter, sent, instance)
            locales = {tag: locale_of(tag) for tag in self.programme.languages}
            began_at = sent_at - timedelta(minutes=10)
            await follow(Kept(unit, *about, began_at, sent_at), locales)
        await self._fetch(pictures or {})
        return instance_id

    async def _fetch(self, pictures: Mapping[str, tuple[bytes, str]]) -> None:
        async with self.store.unit() as unit:
            waiting = await attachments.claim(unit, self.now, 99, 30) if pictures else []
        for one in waiting:
            content = pictures[one.name][0]
            sha256 = await self.files.keep(content)
            async with self.store.unit() as unit:
                await attachments.kept(unit, one, sha256, len(content))

    async def case(self, instance_id: str) -> Case:
        """Return a report's case as it stands."""
        async with self.store.reading() as reading:
            found = await cases.of(reading, instance_id)
        assert found is not None
        return found

    async def many(self, count: int) -> list[str]:
        """Keep reports that are doubted for several reasons."""
        return [
            await self.report(
                number,
                {
                    "kind": "flood" if number % 2 else "drain",
                    "harm": "homes road" if number % 3 else "homes",
                    "people": str(20 + number if number % 4 else 400 + number),
                    "story": f"Water since yesterday, call 0712 345 6{number:02}. Story {number}.",
                    "point": f"{-1.30 - number / 2000:.5f} {36.88 + number / 900:.5f} 0 0",
                },
                chat=9_000 + number,
                language=("sw", "en", "ar")[number % 3],
                minutes_ago=30 * number,
            )
            for number in range(1, count + 1)
        ]


async def open_place(folder: Path, url: str = "", **moderation: Any) -> Place:
    """Open an empty place: a file in a folder, or a database of its own."""
    if not url:
        url = f"sqlite:///{folder}/baraza.db"
        lay(url)
    return Place(await open_store(url, KEY), programme(**moderation), Files(folder))
