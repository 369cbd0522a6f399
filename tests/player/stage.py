"""Plays a transcript with the real bot: simulator, HTTP, dispatch, SQLite on disk, sender.

Between any two turns everything goes through the database and back, for that is how the bot works.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

from bot.app import simulator
from bot.asking import Asking
from bot.billboard import Billboard
from bot.broadcasts import Broadcasts
from bot.coming import Coming
from bot.digests import Digests
from bot.dispatch import Dispatch
from bot.errata import Errata
from bot.fetcher import Fetcher
from bot.floods import Floods
from bot.intake import answers_sent, take_all
from bot.library import Library, open_library
from bot.results import Results
from bot.returning import ask_again, away_since, beat
from bot.sender import Sender
from bot.simulator.refusals import Impossible
from bot.simulator.server import TOKEN
from bot.simulator.world import World
from bot.telegram.client import Telegram
from bot.updates import ALLOWED_UPDATES
from bot.workshop import Workshop
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.roles import ROLES, role_named, token_of
from locales.locale import locales_of
from storage import benches, consents, contacts, desks, due, lessons, reach, roles, submissions
from storage.files import Files
from storage.opening import open_store
from storage.store import Store
from tests.player import others
from tests.player.acts import Acts, CannotDo
from tests.player.databases import lay
from tests.player.lines import call_lines, saved_line
from tests.player.notation import Entry
from tests.player.programmes import changed

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IMPOSSIBLE = "  impossible:"
"""Opens the line that answers an act nobody can do; a transcript with one never passes."""

KEY = bytes(range(32))
CACHE = Path(tempfile.gettempdir()) / "baraza-transcripts"
"""Workbooks converted before: a check starts a process, which takes a second."""

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of the test's own is made in it.
"""Where files need not reach a disk; a chat waits for one at every turn, and loses nothing here."""

LOOKS_MAX = 1_000
"""So many moments at which something is due lie in one stretch of time at most."""

_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_PASSED = re.compile(
    r"(?P<away>the bot is away for )?(\d+) (minute|hour|day|week)s?(?(away)| later)"
)
_AGREED = re.compile(r"(\w+) has agreed, in ([\w-]+)")
_ROLES = "|".join(ROLES)
_INVITES = re.compile(rf'"([\w-]+)" invites a ({_ROLES})')
_HOLDS = re.compile(rf"(\w+) is ({_ROLES})( no more)?")
_LIVES = re.compile(r"([\w, ]+?) lives? in (\w+)")
_REPORT = re.compile(r"(?:(\d+) (?:people report|person reports)|(\w+) reports): (.+)")
_GROUPED = re.compile(r"([\w, ]+?) (?:are|is) in a (small group|group)(?: with topics)?"
                      r"(?: that the bot may not manage)?")  # fmt: skip
_TOPIC_DELETED = re.compile(r"the topic (.+) is deleted")
_BLOCKS = re.compile(r"(\w+) blocks the bot")
_PHONE = re.compile(r"(\w+)'s phone speaks ([\w-]+)")


LocalesOf: TypeAlias = Callable[[Mapping[str, tuple[str, ...]]], Callable[[str], Locale]]


@dataclass(slots=True)
class Stage:
    """A bot with its world and people; `act` does what an entry says and returns the answer.

    `address` is where its simulator is served; who acts there lets the bot have its `turn`.
    """

    library: Library
    folder: Path
    world: World
    telegram: Telegram
    store: Store
    acts: Acts
    address: str = ""
    people: dict[str, int] = field(default_factory=dict)
    group: int = 0
    last_updates: list[dict[str, Any]] = field(default_factory=list)
    saved_ids: set[str] = field(default_factory=set)
    offset: int | None = None
    heard: int = 0
    keys_made: int = 0
    locales: LocalesOf = locales_of
    floods: Floods = field(default_factory=Floods)

    async def act(self, entry: Entry) -> list[str]:
        """Do one entry and return the lines that answer it."""
        if entry.who:
            try:
                who = self._person(entry.who)
                self.acts.do(who, entry.said, self.group)
            except (CannotDo, Impossible) as why:
                return [f"{IMPOSSIBLE} {why}"]
            return await self.turn(entry.who)
        await self._direct(entry.said)
        return await self._heard(entry.who)

    async def turn(self, who: str) -> list[str]:
        """Let the bot take what people have done, and return the lines that answer `who`."""
        await self._take(await self._updates())
        return await self._heard(who)

    async def _heard(self, who: str) -> list[str]:
        return [*self._bot_lines(who), *await self._saved_lines()]

    async def _direct(self, said: str) -> None:
        if said == "restart":
            await self.store.close()
            self.store = await open_store(self._url, KEY)
            await self._open_library(self.programme)
            await self._take([])
        elif said == "again":
            await self._take(self.last_updates)
        elif passed := _PASSED.fullmatch(said):
            seconds = int(passed.group(2)) * _UNITS[passed.group(3)]
            await (self._away(seconds) if passed.group("away") else self._later(seconds))
        elif agreed := _AGREED.fullmatch(said):
            await self._agree(*agreed.groups())
        elif phone := _PHONE.fullmatch(said):
            self.world.rename(self._person(phone.group(1)), language_code=phone.group(2))
        elif programme := changed(self.programme, said):
            await self._open_library(programme)
        elif blocked := _BLOCKS.fullmatch(said):
            self.world.block(self._person(blocked.group(1)))
        elif invited := _INVITES.fullmatch(said):
            await self._invite(*invited.groups())
        elif role := _HOLDS.fullmatch(said):
            await self._appoint(*role.groups())
        else:
            await self._of_a_community(said)

    async def _of_a_community(self, said: str) -> None:
        if lives := _LIVES.fullmatch(said):
            for who in re.findall(r"\w+", lives[1].replace(" and ", " ")):
                await self._settle(who, lives[2])
        elif told := _REPORT.fullmatch(said):
            number, who, answers = told.groups()
            for _ in range(int(number or 1)):
                chat = self._person(who or f"somebody{len(self.people)}")
                about = (self.store, self.programme, self._locale_of, chat, answers)
                self.saved_ids.add(await others.report(*about, self.world.now()))
        elif self._of_a_group(said):
            await self._take(await self._updates())
        else:
            raise AssertionError(f"no such directive: {said}")

    def _of_a_group(self, said: str) -> bool:
        """Do what a directive says about the group; False where it says nothing of one."""
        if grouped := _GROUPED.fullmatch(said):
            who = [
                self._person(one) for one in re.findall(r"\w+", grouped[1].replace(" and ", " "))
            ]
            basic, topics, manages = "small" in grouped[2], "with topics" in said, "not" not in said
            self.group = self.world.add_group(
                "Moderators", who, topics=topics, basic=basic, manages=manages
            )
        elif said == "the group becomes a supergroup":
            self.group = self.world.upgrade_group(self.group)
        elif said == "the bot is removed from the group":
            self.world.remove_bot(self.group)
        elif said == "the bot is in the group again":
            self.world.add_bot(self.group)
        elif deleted := _TOPIC_DELETED.fullmatch(said):
            topics = self.world.group_view(self.group)["topics"]
            number = next(one["id"] for one in topics if one["name"] == deleted[1])
            self.world.delete_topic(self.group, number)
        else:
            return False
        return True

    async def _open_library(self, programme: Programme) -> None:
        """Let the bot begin anew, as after a start with this folder."""
        self.library = await open_library(self.store, programme, self.world.now())

    async def _invite(self, word: str, role: str) -> None:
        token, until = token_of(word) or "", self.world.now() + timedelta(days=7)
        async with self.store.unit() as unit:
            given = role_named(role) or "coordinator"
            await roles.invite(unit, self.programme.name, given, "", token, until)

    async def _appoint(self, who: str, role: str, no_more: str) -> None:
        name, now = self.programme.name, self.world.now()
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, self._person(who), now)
            if no_more:
                for given in await roles.held_by(unit, name, contact.id):
                    await roles.revoke(unit, name, given.id)
                await desks.clear_abandoned(unit, name)
                await benches.clear_abandoned(unit, name)
                await lessons.clear_abandoned(unit, name)
                return
            until, token = now + timedelta(days=7), f"token of {who}, {role}"
            given = role_named(role) or "coordinator"
            await roles.invite(unit, name, given, who.title(), token, until)
            await roles.take(unit, name, token, contact.id, now)
            if given == "record keeper":
                keeper = self.store.reporter(name, self._person(who))
                await reach.meet(unit, self.store, keeper, name, contact.id, "en", now)

    async def _settle(self, who: str, area: str) -> None:
        """Let somebody have been known for a month, and be registered for an area."""
        chat, met_at = self._person(who), self.world.now() - timedelta(days=30)
        await self._agree(who, "en")
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, chat, met_at)
            reporter = self.store.reporter(self.programme.name, chat)
            about = (unit, self.store, reporter, self.programme.name, contact.id, "en", met_at)
            await reach.meet(*about)
            await reach.keep_place(unit, reporter, area, "")

    async def _later(self, seconds: int) -> None:
        """Let time pass while the bot runs: what falls due on the way is put when it does."""
        until = self.world.now() + timedelta(seconds=seconds)
        for _ in range(LOOKS_MAX):
            async with self.store.reading() as reading:
                next_at = await due.next_at(reading)
            if next_at is None or next_at > until:
                break
            self.world.advance(max(0.0, (next_at - self.world.now()).total_seconds()))
            await self._take([])
        self.world.advance((until - self.world.now()).total_seconds())
        await self._take([])

    async def _away(self, seconds: int) -> None:
        """Let time pass in which nobody listens, then start as `bot.app` does."""
        await beat(self.store, self.world.now())
        self.world.advance(seconds)
        back_at = self.world.now()
        since = await away_since(self.store, back_at)
        await self._take(await self._updates(), comes=False)
        dispatch = self._dispatch()
        if since is not None:
            await ask_again(dispatch, since, back_at, asyncio.Event())
        await self._take([])

    async def _agree(self, who: str, language: str) -> None:
        now, name = self.world.now(), self.programme.name
        reporter = self.store.reporter(name, self._person(who))
        version = self.programme.consent.version
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, self._person(who), now)
            await contacts.keep_language(unit, contact.id, language)
            await consents.keep(unit, reporter, name, version, language, True, now)  # noqa: FBT003

    def _person(self, who: str) -> int:
        if who not in self.people:
            self.people[who] = self.world.add_person(who.title(), "en", started=True)
        return self.people[who]

    async def _updates(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.telegram.call(
            "getUpdates",
            {"offset": self.offset or 0, "timeout": 0, "allowed_updates": list(ALLOWED_UPDATES)},
        )
        self.offset = max((update["update_id"] + 1 for update in found), default=self.offset)
        self.last_updates = found or self.last_updates
        return found

    async def _take(self, found: list[dict[str, Any]], *, comes: bool = True) -> None:
        now = self.world.now
        dispatch = self._dispatch()
        await take_all(self.telegram, dispatch, found)
        await answers_sent()
        if comes:
            asking = Asking(dispatch)
            await asking.look_after()
            await Coming(dispatch, "stage", asking.puts()).round()
        await Results(self.store, self.library, self._locale_of, now).plan()
        await Errata(self.store, self.library, self._locale_of, now).plan()
        await Broadcasts(self.store, self.library, self._locale_of, now).tick()
        await Billboard(self.store, self.library, self._locale_of, now).round()
        await Digests(self.store, self.library, self._locale_of, now).round()
        await self._sender().drain()
        workshop = Workshop(
            self.store, self.library, self.telegram, self._locale_of, now, self._fresh_key, CACHE
        )
        if await workshop.check_waiting() + await workshop.take_over():
            await self._sender().drain()
        await Fetcher(
            self.store, Files(self.folder), self.telegram, now, self.programme
        ).fetch_waiting()

    def _sender(self) -> Sender:
        files = Files(self.folder)
        return Sender(self.store, self.telegram, self.programme, self.world.now, "stage", files)

    def _dispatch(self) -> Dispatch:
        now, key = self.world.now, self._fresh_key
        rooms = (self.store, self.library, self._locale_of, now, key)
        name = self.world.state.account.username
        return Dispatch(*rooms, floods=self.floods, username=name)

    def _locale_of(self, tag: str) -> Locale:
        return self.locales(self.programme.fallback)(tag)

    def _fresh_key(self) -> str:
        """Make keys that are the same each time a chat is played, and with them the receipts."""
        self.keys_made += 1
        return md5(str(self.keys_made).encode(), usedforsecurity=False).hexdigest()

    @property
    def programme(self) -> Programme:
        """Return the programme as the bot knows it."""
        return self.library.programme

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder / 'baraza.db'}"

    def _bot_lines(self, who: str) -> Iterator[str]:
        calls = [call for call in self.world.calls() if call["number"] > self.heard]
        self.heard = max((call["number"] for call in calls), default=self.heard)
        for call in _as_people_came(calls):
            yield from call_lines(call, self._to(who, call["parameters"]))

    def _to(self, who: str, params: dict[str, Any]) -> str:
        names = {str(chat): name for name, chat in self.people.items()}
        if self.group and str(params.get("chat_id")) == str(self.group):
            topics = self.world.group_view(self.group)["topics"]
            thread = params.get("message_thread_id")
            topic = next((one["name"] for one in topics if str(one["id"]) == str(thread)), "")
            return f"  bot to the group, {topic}: " if topic else "  bot to the group: "
        name = names.get(str(params.get("chat_id")), who)
        return "  bot: " if name == who or len(names) == 1 else f"  bot to {name}: "

    async def _saved_lines(self) -> list[str]:
        async with self.store.reading() as reading:
            found = await submissions.of_programme(reading, self.programme.name)
        fresh = [one for one in found if one.instance_id not in self.saved_ids]
        self.saved_ids |= {one.instance_id for one in fresh}
        return [saved_line(one.form_id, one.xml) for one in fresh]


def _as_people_came(calls: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield calls in their order, but the same words to several people as these came into the chat.

    Whom of them the bot writes to first depends on random ids.
    """

    def words(call: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return call["method"], {**call["parameters"], "chat_id": None}

    for _, alike in groupby(calls, words):
        yield from sorted(alike, key=lambda call: str(call["parameters"].get("chat_id")))


def quick_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for one chat, in memory where there is such a place."""
    return tempfile.TemporaryDirectory(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None)


@asynccontextmanager
async def stage(
    programme: Programme, folder: Path, workbooks: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """Set a stage for one chat, with nobody in it."""
    async with AsyncExitStack() as stack:
        world = World(lambda: BEGINNING)
        page = await stack.enter_async_context(simulator(world, 0))
        telegram = await stack.enter_async_context(Telegram(TOKEN, page))
        url = f"sqlite:///{folder / 'baraza.db'}"
        lay(url)
        store = await open_store(url, KEY)
        # Time stands still here, and a chat may go on for long: only who asks for it is too fast.
        programme = replace(programme, limits=replace(programme.limits, updates_a_minute=0))
        library = await open_library(store, programme, world.now())
        acts = Acts(world, workbooks=dict(workbooks or {}))
        played = Stage(library, folder, world, telegram, store, acts, page)
        try:
            yield played
        finally:
            await played.store.close()
