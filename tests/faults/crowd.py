"""People who answer a form again and again, remember what they said, and notice what is amiss.

Each acts on the first message that asks for something, once, and then waits for what follows. The
course of a report is known, so whoever hears something that is neither what follows nor a
repetition with an excuse (a crash, an answer of Telegram's that was lost, an act of their own that
asks again) says so at once.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from bisect import bisect
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.simulator.parameters import Json, Upload
from bot.simulator.refusals import Impossible
from bot.simulator.updates import TAP_LIFE, Pending
from tests.faults.telegram import UnwellWorld
from tests.player.acts import PICTURE

THINKING_SECONDS_MAX = 0.05
TAPS_TWICE = 0.15
TAPS_LATE = 0.1
SENDS_A_STICKER = 0.03
SIDES = ("left", "right")
SKIPS = 0.7
LEAVES_OFF = 8
"""One of so many people leaves the last report open."""

HISTORY_SHOWN = 16

ON_THE_WAY_SECONDS = 1.0
"""How long a call may be on its way whose sender is dead by then."""

COURSE = ("agree", "q1", "q2", "q3", "q4", "q5", "review", "thanks")
NOTHING = -2
FIRST, PICTURED, LAST = COURSE.index("q1"), COURSE.index("q4"), COURSE.index("thanks")

PROGRAMME = """
name = "springs"
languages = ["en"]
time_zone = "UTC"
safety = "normal"
offered = ["springs"]
responder = "crew@springs.example"
retention_days = 365
edit_hours = 0
attachment_megabytes_max = 2

[limits]
updates_a_minute = 0
reports_a_day = 0

[title]
en = "Springs"

[consent]
version = "1"
text = { en = "Do you agree?" }
"""

FORM = """
| survey |
| | type | name | label::English (en) | required |
| | text | q1 | Question 1? | yes |
| | select_one side | q2 | Question 2? | yes |
| | text | q3 | Question 3? | yes |
| | image | q4 | Question 4? | |
| | text | q5 | Question 5? | yes |
| choices |
| | list_name | name | label::English (en) |
| | side | left | Left |
| | side | right | Right |
| settings |
| | form_id | version | default_language |
| | springs | 1 | English (en) |
"""

_ASKS = re.compile(r"Question (\d)\?")


class Amiss(Exception):
    """Something a person would complain about."""


def write_programme(folder: Path) -> Path:
    """Write a programme with one form; return its folder."""
    (folder / "forms").mkdir(parents=True)
    (folder / "programme.toml").write_text(PROGRAMME, "utf-8")
    (folder / "forms" / "springs.md").write_text(FORM, "utf-8")
    return folder


@dataclass(slots=True)
class Crowd:
    """All people together; `crashes` are the moments at which what was under way was cut off.

    Each excuses one repetition of what was under way. `wanting` tells whether people who sent a
    report begin another one.
    """

    world: UnwellWorld
    members: dict[int, Member] = field(default_factory=dict)
    crashes: list[float] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    wanting: bool = True
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def come(self, people: int, seed: int) -> None:
        """Let so many people come."""
        for number in range(people):
            chance = random.Random(f"{seed} {number}")  # noqa: S311 - who does what, not secrets.
            chat = self.world.add_person(f"Person {number}", "en")
            self.members[chat] = member = Member(self, chance, number, chat)
            member.soon(member.begin)

    def crashed(self) -> None:
        """Note that something happened after which what was under way may be said again."""
        self.crashes.append(time.monotonic())
        self.repeated.append(0)

    def crashes_before(self) -> int:
        """Count the crashes after which nothing of the dead can come any more."""
        return bisect(self.crashes, time.monotonic() - ON_THE_WAY_SECONDS)

    def told(self, chat: int, message: Json) -> None:
        """Let a person hear a message."""
        member = self.members[chat]
        self.watched(member, partial(member.hear, message))

    def watched(self, member: Member, act: Callable[[], None]) -> None:
        """Let a person act, and write down what is amiss."""
        try:
            act()
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it.
            self.amiss.append(f"person {member.number}: {error!r}\n{self.history(member)}")
        self.look_around()

    def lapsed(self, tap: Pending) -> None:
        """Let a person see that a tap was never taken: its little clock has stopped by itself."""
        member = self.members[tap.body["from"]["id"]]
        self.watched(member, partial(member.tap_lapsed, tap.body["data"]))

    def look_around(self) -> None:
        """Note whether everybody is done, or something is amiss."""
        if self.amiss or (not self.wanting and all(m.rests for m in self.members.values())):
            self.done.set()

    def history(self, member: Member) -> str:
        """Return what came into a person's chat last, and what they made of it."""
        calls = [
            f"  {call['at'][14:23]} {call['method']} {call.get('description', '')}"
            f" {str(call['parameters'].get('text', ''))[:60]!r}"
            for call in self.world.calls()
            if str(call["parameters"].get("chat_id")) == str(member.chat)
        ]
        return "\n".join([*calls[-HISTORY_SHOWN:], f"  {' '.join(member.course)}"])

    @property
    def unfinished(self) -> list[Member]:
        """Return those who still wait."""
        return [member for member in self.members.values() if not member.rests]


@dataclass(slots=True)
class Report:
    """What somebody told in one report, by question, and the picture that goes with it."""

    answers: dict[str, str] = field(default_factory=dict)
    picture_sha256: str = ""


@dataclass(slots=True)
class Member:
    """One person; `place` is how far in the course they have come, -1 at the beginning.

    `course` is what they heard last, `asks_again` what they did that is answered by asking again,
    `crashes_used` how many crashes cannot excuse a repetition of what they heard last, and `acted`
    tells whether they have acted on it: until then nothing can follow, and what looks as if it did
    is a message of an earlier report that Telegram delivers late.
    """

    crowd: Crowd
    chance: random.Random
    number: int
    chat: int
    place: int = -1
    rests: bool = False
    sent: list[Report] = field(default_factory=list)
    telling: Report = field(default_factory=Report)
    asks_again: int = 0
    crashes_used: int = 0
    course: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    tapped: str = ""
    begun: bool = False
    acted: bool = True
    asked: Json = field(default_factory=dict)
    last_tap: dict[str, Any] | None = None

    def soon(self, act: Callable[[], None]) -> None:
        """Act after a moment's thought."""
        seconds = self.chance.uniform(0.0, THINKING_SECONDS_MAX)
        asyncio.get_running_loop().call_later(seconds, self.crowd.watched, self, act)

    # What they hear

    def hear(self, message: Json) -> None:
        """Take a message; act if it is what follows, complain if it is neither that nor excused."""
        place = self._place_of(message)
        if place == self._next() and self.acted:
            self._go_to(place, message)
        elif place == self.place and self._is_excused(message):
            self._look_again(message)
        elif not self._is_late():
            text = message.get("text")
            raise Amiss(f"heard {text!r} after {' '.join(self.course)}")
        self.course.append(COURSE[place])

    def _go_to(self, place: int, message: Json) -> None:
        self.place, self.asked, self.tapped, self.acted = place, message, "", False
        self.crashes_used = self.crowd.crashes_before()
        if place == LAST:
            self.sent.append(self.telling)
            self.begun = False
            self.telling, self.last_tap = Report(), None
        self.soon(self.act)

    def _look_again(self, message: Json) -> None:
        """Take the newer of two like messages; its buttons may be the ones that count."""
        self.asked = message
        if self.tapped:
            self.soon(partial(self._tap_data, _button(message, self.tapped)))

    def _is_excused(self, message: Json) -> bool:
        """Tell whether there is a reason to hear this: a crash, or an act that is answered by it.

        Each time a question is put its buttons have another stamp, so the same stamp is the same
        message sent twice. Each crash since it was first heard, or while it was on its way, may
        have cut off one who had sent it and not noted it: so often it may come again.
        """
        again = _rows(message) == _rows(self.asked)
        if again and len(self.crowd.crashes) > self.crashes_used:
            self.crashes_used += 1
            self.crowd.repeated[-1] += 1
            return True
        if again and _rows(message):
            return False
        self.crashes_used = self.crowd.crashes_before()
        self.asks_again -= 1
        return self.asks_again >= 0

    def _is_late(self) -> bool:
        """Tell whether this is a message of which Telegram did not say in time that it was sent."""
        doubts = self.crowd.world.doubts
        doubts[self.chat] -= 1
        return doubts[self.chat] >= 0

    def _next(self) -> int:
        """Return what follows; after the last nothing does before a report is begun."""
        after_all = FIRST if self.begun else NOTHING
        return after_all if self.place == LAST else self.place + 1

    def _where(self) -> str:
        return COURSE[self.place] if self.place >= 0 else "nothing"

    def _place_of(self, message: Json) -> int:
        text = str(message.get("text", ""))
        if asks := _ASKS.search(text):
            return COURSE.index("review" if _button(message, ".send") else f"q{asks[1]}")
        for words, place in (("Do you agree", "agree"), ("Thank you", "thanks")):
            if words in text:
                return COURSE.index(place)
        if _button(message, ".send"):
            return COURSE.index("review")
        raise Amiss(f"heard {text!r}, which belongs nowhere, after {self._where()}")

    # What they do

    def begin(self) -> None:
        """Begin a report."""
        self.begun = True
        self.crowd.world.write(self.chat, "/start")

    def act(self) -> None:
        """Do what the last message asks for, now and then with some confusion."""
        self.course.append("(acts)")
        self.acted = True
        self._be_confused()
        if self.place == LAST:
            self._go_on()
        elif self._leaves_off():
            self._rest()
        elif COURSE[self.place] in {"agree", "review"}:
            self._tap(".agree" if COURSE[self.place] == "agree" else ".send")
        elif COURSE[self.place] == "q2":
            self.telling.answers["q2"] = side = self.chance.choice(SIDES)
            self._tap(f".c{SIDES.index(side)}")
        elif self.place == PICTURED:
            self._send_picture()
        else:
            words = f"p{self.number}r{len(self.sent)}{COURSE[self.place]}"
            self.telling.answers[COURSE[self.place]] = words
            self.crowd.world.write(self.chat, words)

    def _go_on(self) -> None:
        if self.crowd.wanting or self._is_quitter():
            self.begin()
        else:
            self._rest()

    def _is_quitter(self) -> bool:
        return self.number % LEAVES_OFF == 0

    def _leaves_off(self) -> bool:
        """Tell whether this is somebody's last report, and where it stays open."""
        done = not self.crowd.wanting and self._is_quitter()
        return done and self.place == COURSE.index("q5")

    def _rest(self) -> None:
        self.rests = True
        self.crowd.look_around()

    def _send_picture(self) -> None:
        if self.chance.random() < SKIPS:
            self._tap(".skip")
            return
        content = PICTURE + f"p{self.number}r{len(self.sent)}".encode()
        self.telling.picture_sha256 = sha256(content).hexdigest()
        upload = Upload("photo.jpg", "image/jpeg", content)
        self.crowd.world.send_media(self.chat, "photo", upload)

    def _be_confused(self) -> None:
        world, course = self.crowd.world, COURSE[self.place]
        if course in {"q3", "q5"} and self.chance.random() < SENDS_A_STICKER:
            self.asks_again += 1
            world.send_sticker(self.chat)
        if course == "q5" and self.last_tap and self.chance.random() < TAPS_LATE:
            self.asks_again += 1
            world.queue.push("callback_query", **self.last_tap, expires_at=world.now() + TAP_LIFE)

    def _tap(self, action: str) -> None:
        self.tapped = action
        self._tap_data(_button(self.asked, action))

    def _tap_data(self, data: str) -> None:
        """Tap, and perhaps once more; whatever comes too late is answered by asking again."""
        world, message_id = self.crowd.world, int(self.asked["message_id"])
        with suppress(Impossible):  # Asked again meanwhile, and these buttons are gone.
            world.tap(self.chat, message_id, data=data)
            tap = next(reversed(world.queue.pending.values()))
            again = {"body": tap.body, "queue": tap.queue}
            if COURSE[self.place] == "q2":
                self.last_tap = again
            self.asks_again += 1
            if self.chance.random() < TAPS_TWICE:
                self.asks_again += 1
                world.queue.push("callback_query", **again, expires_at=tap.expires_at)

    def tap_lapsed(self, data: str) -> None:
        """Tap again, unless something else has been heard since."""
        if self.tapped and data == _button(self.asked, self.tapped):
            self.soon(partial(self._tap_data, data))


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _button(message: Json, action: str) -> str:
    """Return the data of the button that does an action; blank where none does."""
    data = (str(one.get("callback_data", "")) for row in _rows(message) for one in row)
    return next((one for one in data if one.endswith(action)), "")
