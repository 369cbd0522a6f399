"""A year of many people under a clock that misbehaves, with the real bot on a real database.

People in several time zones report pregnancies; the bot comes back. They answer, put off, answer
nothing, stop; the process is away for days, the clock jumps back and on. What went out unasked is
written down, and `wrong` says what should not have happened: a question twice, one in the night of
its person, more than the caps allow, a chain that does not end.

    python -m tests.followups.year --people 10000 --seed 1

People live in worlds of some hundreds, each with its own bot, so that a long run says early how it
goes, and several processes can share it. So that the processor does what is looked at: the database
is in memory, and of reports, of which only the first of each kind is made in the chat, the others
are kept like it and handed to what a report brings with it; all questions and answers go the whole
way.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from bot.aftermath import follow
from bot.asked import change_zone
from bot.coming import Coming
from bot.dispatch import Dispatch
from bot.kept import Kept
from bot.library import Library
from conversations.courtesy import Courtesy, wall_of
from conversations.receipts import receipt
from conversations.replies import KeepSubmission
from conversations.xform.editing import read_submission
from conversations.xform.instance import Surroundings
from locales.locale import locale_of
from storage import consents, contacts, due, reach, submissions
from storage.moments import from_kept
from storage.store import Store
from storage.submissions import Submission
from tests.followups.forms import programme
from tests.followups.in_memory import in_memory

BEGINNING = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
"""The year after is a leap year, and the last chains end in it."""
YEAR = timedelta(days=365)
LATEST = timedelta(days=3 * 365)
ZONES = (
    *("Africa/Nairobi", "America/Bogota", "America/Santiago", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "Pacific/Kiritimati"),
)


@dataclass(slots=True)
class Somebody:
    """A person: where they are, how they take being asked."""

    chat: int
    zone: str
    reports: list[datetime]
    diligence: float
    heard: list[datetime] = field(default_factory=list)
    """The moments at which something came unasked."""


@dataclass(slots=True)
class Year:
    """The world of one run."""

    store: Store
    people: dict[int, Somebody]
    chance: random.Random
    now: datetime = BEGINNING
    updates: int = 0
    keys: int = 0
    asked: Counter[tuple[int, datetime]] = field(default_factory=Counter)
    put_off: set[int] = field(default_factory=set)
    answered: bool = False
    """Set while answers to what people wrote still lie in the outbox."""
    told: dict[str, tuple[Submission, date]] = field(default_factory=dict)
    """A report of each kind, as the chat kept it, and the day it names."""
    dispatch: Dispatch = field(init=False)

    def __post_init__(self) -> None:
        """Set up the bot."""
        library = Library(programme())
        self.dispatch = Dispatch(self.store, library, locale_of, lambda: self.now, self._key)

    def _key(self) -> str:
        self.keys += 1
        return f"{self.keys:032x}"

    async def settle_in(self) -> None:
        """Let everybody agree and say where they are."""
        name = self.dispatch.programme.name
        for one in self.people.values():
            who = self.store.reporter(name, one.chat)
            async with self.store.unit() as unit:
                met = await contacts.meet(unit, one.chat, self.now)
                await contacts.keep_language(unit, met.id, "en")
                await consents.keep(unit, who, name, "v1", "en", agreed=True, now=self.now)
                await reach.meet(unit, self.store, who, name, met.id, "en", self.now)
                await change_zone(unit, who, one.zone)

    async def pass_by(self) -> None:
        """Let the time pass until nothing is due any more."""
        todo = sorted((at, one.chat) for one in self.people.values() for at in one.reports)
        while self.now < BEGINNING + LATEST:
            while todo and todo[0][0] <= self.now:
                await self.report(todo.pop(0)[1])
            async with self.store.reading() as reading:
                next_at = await due.next_at(reading)
            coming = min((at for at in (next_at, todo[0][0] if todo else None) if at), default=None)
            if coming is None:
                return
            self.now = max(self.now, coming) + self._lateness()
            await self.look()
            if self.chance.random() < 0.01:
                self.now -= timedelta(minutes=self.chance.randint(1, 120))

    def _lateness(self) -> timedelta:
        drawn = self.chance.random()
        if drawn < 0.005:
            return timedelta(days=self.chance.randint(1, 10))
        return timedelta(seconds=self.chance.randint(0, 180))

    async def look(self) -> None:
        """Let the bot look for what is due, and people do something about it."""
        if self.answered:
            await self._sent()
        if not await Coming(self.dispatch, "year").round():
            return
        for chat, texts in (await self._sent()).items():
            self.people[chat].heard.append(self.now)
            await self.react(chat, texts)

    async def react(self, chat: int, texts: list[str]) -> None:
        """Answer, put off, stop, or do nothing."""
        one, drawn = self.people[chat], self.chance.random()
        if drawn > one.diligence:
            return None
        if drawn < 0.03 * one.diligence:
            return await self.write(chat, "Tomorrow", "Ask no more about this")
        if any("How is it?" in text for text in texts):
            if self.chance.random() < 0.3:
                day = (self.now + timedelta(days=self.chance.randint(-5, 60))).date()
                return await self.write(chat, "Still", day.isoformat(), "Send ✓")
            return await self.write(chat, "Born", "Send ✓")
        await self.write(chat, "Nothing new", "Send ✓")
        return None

    async def report(self, chat: int) -> None:
        """Tell of a pregnancy: the first of each kind in the chat, the others like it."""
        due_on: date = (self.now + timedelta(days=self.chance.randint(-10, 250))).date()
        yes = self.chance.choice(["Yes", "Yes", "Yes", "No"])
        if yes not in self.told:
            await self.write(
                chat, "/cancel", "/cancel", "/start", due_on.isoformat(), yes, "Send ✓"
            )
            self.told[yes] = (await self._newest(chat), due_on)
        else:
            await self._tell_like(chat, self.told[yes], due_on)

    async def _newest(self, chat: int) -> Submission:
        name = self.dispatch.programme.name
        async with self.store.reading() as reading:
            (standing,) = await submissions.recent(
                reading, self.store.reporter(name, chat), name, 1
            )
        return standing.submission

    async def _tell_like(self, chat: int, like: tuple[Submission, date], due_on: date) -> None:
        """Keep a report as the chat kept one like it, and all that it brings with it."""
        known, day = like
        programme, key = self.dispatch.programme, self._key()
        xml = known.xml.replace(day.isoformat(), due_on.isoformat())
        about = (known.form_id, known.form_version, "en", receipt(key))
        sent = KeepSubmission(
            f"uuid:{key}", *about, xml.replace(known.instance_id, f"uuid:{key}"), ()
        )
        spoken = Surroundings(self.now, "en", "", "", self.now)
        instance = read_submission(programme.forms[about[:2]], sent.xml, spoken)
        reporter = self.store.reporter(programme.name, chat)
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat, self.now)
            await submissions.keep(unit, reporter, programme.name, sent, self.now)
            what = (self.store, programme, contact, reporter, sent, instance, self.now, self.now)
            await follow(Kept(unit, *what), {"en": locale_of("en")})
        self.answered = True

    async def write(self, chat: int, *texts: str) -> None:
        """Write some messages; what is answered to them is not unasked."""
        for text in texts:
            self.updates += 1
            await self.dispatch.take(_message(self.updates, chat, text))
        self.answered = True

    async def _sent(self) -> dict[int, list[str]]:
        """Take what waits to be sent, by chat."""
        found = defaultdict[int, list[str]](list)
        self.answered = False
        async with self.store.unit() as unit:
            rows = await unit.rows(
                "SELECT o.params, o.method, c.chat_id FROM outbox AS o "
                "JOIN contacts AS c ON c.id = o.contact_id ORDER BY o.id"
            )
            await unit.run("DELETE FROM outbox")
        for row in rows:
            if row["method"] == "sendMessage":
                found[row["chat_id"]].append(row["params"])
        return found


def _message(number: int, chat: int, text: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "X", "language_code": "en"}
    about = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}
    entity = {"type": "bot_command", "offset": 0, "length": len(text)}
    entities = {"entities": [entity]} if text.startswith("/") else {}
    message = {**about, "from": person, "text": text, **entities}
    return {"update_id": number, "message": message}


def crowd(number: int, chance: random.Random) -> dict[int, Somebody]:
    """Make people up."""
    people = (
        Somebody(
            chat=1_000 + at,
            zone=chance.choice(ZONES),
            reports=sorted(
                BEGINNING + chance.random() * YEAR for _ in range(chance.choice([1, 1, 2, 4]))
            ),
            diligence=chance.choice([0.0, 0.5, 0.8, 1.0]),
        )
        for at in range(number)
    )
    return {one.chat: one for one in people}


async def wrong(year: Year) -> list[str]:
    """Say all that should not have happened."""
    courtesy = year.dispatch.programme.courtesy
    found = [line for one in year.people.values() for line in _impolite(one, courtesy)]
    async with year.store.reading() as reading:
        rows = await reading.rows(
            "SELECT dedupe FROM due "
            "WHERE state = 'waiting' OR (state = 'asked' AND kind = 'followup')"
        )
        waiting = [row["dedupe"] for row in rows]
        twice = await reading.rows(
            "SELECT subject, name, asked_at FROM due WHERE kind = 'followup' AND asked_at > 0 "
            "GROUP BY subject, name, asked_at HAVING count(*) > 1"
        )
    found += [f"{dedupe} never ends" for dedupe in waiting]
    found += [f"{row['name']} twice at {from_kept(row['asked_at'])}" for row in twice]
    return found


def _impolite(one: Somebody, courtesy: Courtesy) -> Iterator[str]:
    for at in one.heard:
        wall = wall_of(at, ZoneInfo(one.zone))
        if wall.time() not in courtesy.hours:
            yield f"{one.chat} was written to at {wall} in {one.zone}"
    for span, most in (
        (timedelta(days=1), courtesy.per_day),
        (timedelta(days=7), courtesy.per_week),
    ):
        for at in one.heard:
            lately = [other for other in one.heard if at - span < other <= at]
            if len(lately) > most:
                yield f"{one.chat} was written to {len(lately)} times within {span} at {at}"


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of a year: how much was said, by the bot unasked and by people, and what was wrong.

    `seconds` are those of the processor.
    """

    people: int
    heard: int
    updates: int
    seconds: float
    wrong: tuple[str, ...]

    def __add__(self, other: Lived) -> Lived:
        """Take two worlds together."""
        counts = (self.people + other.people, self.heard + other.heard)
        more = (self.updates + other.updates, self.seconds + other.seconds)
        return Lived(*counts, *more, self.wrong + other.wrong)

    def __str__(self) -> str:
        """Say it in a line, and each thing that went wrong in another."""
        said = f"{self.people} people, {self.heard} messages unasked, {self.updates} of theirs"
        found = "\n".join(self.wrong) or "nothing went wrong"
        return f"{said}, {self.seconds:.0f} s of CPU: {found}"


async def simulate(number: int, seed: int) -> Lived:
    """Live through a year of so many people."""
    began, chance = process_time(), random.Random(seed)  # noqa: S311 - no secret is made of it.
    store = await in_memory()
    try:
        year = Year(store, crowd(number, chance), chance)
        await year.settle_in()
        await year.pass_by()
        heard = sum(len(one.heard) for one in year.people.values())
        found = tuple(await wrong(year))
        return Lived(number, heard, year.updates, process_time() - began, found)
    finally:
        await store.close()


def worlds(people: int, together: int, seed: int) -> Iterator[tuple[int, int]]:
    """Part people into worlds of so many that meet each other, each with a seed of its own."""
    for number, first in enumerate(range(0, people, together)):
        yield min(together, people - first), seed + number


def live(world: tuple[int, int]) -> Lived:
    """Live through the year of one world."""
    return asyncio.run(simulate(*world))


def main() -> None:
    """Live through a year, world by world, and print what went wrong."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--people", type=int, default=1_000)
    reading.add_argument("--together", type=int, default=500, help="people in one world")
    reading.add_argument("--processes", type=int, default=1)
    reading.add_argument("--seed", type=int, default=1)
    given = reading.parse_args()
    whole = Lived(0, 0, 0, 0.0, ())
    programme()  # Read once for all processes, which are made of this one.
    alike = get_context("fork")
    with ProcessPoolExecutor(given.processes, alike) as pool:
        for lived in pool.map(live, worlds(given.people, given.together, given.seed)):
            whole += lived
            print(whole, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
