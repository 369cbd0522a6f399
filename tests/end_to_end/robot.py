"""A robot that fills in any form through the chat, as a person would, and remembers its answers.

It looks into the database only to know which question waits and which values the form would take;
what it answers goes through the phone: labels are tapped, numbers and days written, places shared,
files sent. Now and then it goes back, taps twice, sends nonsense, removes an instance of a repeat
or changes an answer in the summary. What it meant stands in `Memory`, ready for `baraza fill`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Final

from conversations.instances import told_count
from conversations.progress import is_note, is_unopened
from conversations.prompt import back_label, skip_label
from conversations.scene import Scene, instance_of
from conversations.screens import Line, Screen, screen_at
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.form import Question
from conversations.xform.instance import QuestionStop, RepeatStop, Stop
from conversations.xform.values import canonical
from locales.locale import locale_of
from storage import sessions
from tests.end_to_end.answers import TAPS_MAX, WRITES, Answers
from tests.end_to_end.memory import Memory
from tests.end_to_end.phone import Phone
from tests.end_to_end.plausible import FILES, plausible
from tests.end_to_end.standing import Standing, Stuck
from tests.player.stage import Stage

ACTS_MAX: Final = 900
INSTANCES_MAX: Final = 2
CHANGES_MAX: Final = 3

GOES_BACK, ERRS, SKIPS, KEEPS, REMOVES = 0.05, 0.06, 0.15, 0.4, 0.1


@dataclass(slots=True)
class Robot:
    """Somebody with a phone who fills in one form."""

    played: Stage
    phone: Phone
    chance: Random
    memory: Memory = field(default_factory=Memory)
    changes_left: int = CHANGES_MAX
    last: Standing | None = None

    @property
    def answers(self) -> Answers:
        """Return what answers single questions."""
        return Answers(self.phone, self.chance, self._waits)

    async def fill_in(self) -> Standing:
        """Begin, answer all that is asked, and send; return where the robot stood at the end."""
        await self.phone.write("/start")
        for _ in range(ACTS_MAX):
            session = await self._session()
            if session is None:
                return self._last()
            await self._go_on(session)
        raise Stuck(f"not done after {ACTS_MAX} acts")

    async def _session(self) -> Session | None:
        name = self.played.programme.name
        reporter = self.played.store.reporter(name, self.phone.chat)
        async with self.played.store.reading() as reading:
            return await sessions.current(reading, reporter, name)

    def _last(self) -> Standing:
        if self.last is None or self.last.session.stage != "summary":
            raise Stuck("the session ended before the report was sent")
        return self.last

    async def _go_on(self, session: Session) -> None:
        if session.stage not in {"question", "summary"}:
            buttons = await self.phone.buttons()
            agreed = [one for one in buttons if one.action == "agree"]
            await self.phone.tap(self.chance.choice(agreed or buttons))
            return
        here = self._standing(session)
        self.last = here
        if self.chance.random() < GOES_BACK:
            await self._go_back(here)
        elif self.chance.random() < ERRS:
            await self._err(here)
        elif session.stage == "summary":
            await self._finish()
        else:
            await self._at(here, here.stop)

    def _standing(self, session: Session) -> Standing:
        person = Person(session.language, frozenset({self.played.programme.consent.version}))
        occasion = Occasion(self.played.world.now(), "0" * 32, locale_of)
        scene = Scene(self.played.programme, person, session, occasion)
        if scene.form is None:
            raise Stuck("the form is gone")
        return Standing(scene, instance_of(scene, scene.form))

    async def _now(self) -> Standing | None:
        session = await self._session()
        return self._standing(session) if session and session.form_id else None

    async def _at(self, here: Standing, stop: Stop | None) -> None:
        if stop is None:
            raise Stuck(f"{here.session.current} is not there to be answered")
        if screen := screen_at(here.scene, here.instance, stop):
            await self._fill_screen(here, screen)
        elif isinstance(stop, RepeatStop):
            await self._at_repeat(here, stop)
        elif is_note(stop, here.instance):
            await self.answers.tap("on")
        else:
            await self._answer(here, stop)

    # What people do beside answering

    async def _go_back(self, here: Standing) -> None:
        await self.phone.write(self.chance.choice(("/back", here.says(back_label()))))
        if after := await self._now():
            self.memory.keep_only(after.instance)

    async def _err(self, here: Standing) -> None:
        """Send what is no answer; nothing may change."""
        await self.phone.send_sticker()
        after = await self._session()
        same = after is not None and (after.draft, after.current, after.trail) == (
            *(here.session.draft, here.session.current),
            here.session.trail,
        )
        if not same:
            raise Stuck("a sticker changed something")

    async def _finish(self) -> None:
        """Send the report, or change something first."""
        buttons = await self.phone.buttons()
        numbers = [one for one in buttons if one.action.startswith("e")]
        if numbers and self.changes_left and self.chance.random() < 0.5:
            self.changes_left -= 1
            turning = [one for one in buttons if one.action.startswith("p")]
            if turning and self.chance.random() < 0.5:
                await self.phone.tap(turning[-1])
                numbers = [one for one in await self.phone.buttons() if one.action.startswith("e")]
            await self.phone.tap(self.chance.choice(numbers))
            return
        await self.answers.tap("send")

    # Repeats

    async def _at_repeat(self, here: Standing, stop: RepeatStop) -> None:
        told = told_count(here.scene, stop)
        wanted = self.memory.wanted.setdefault(
            stop.reference, self.chance.randint(0, INSTANCES_MAX)
        )
        if here.session.scratch:
            await self.answers.tap("list")
        elif told and self.chance.random() < REMOVES:
            await self._remove(stop, self.chance.randint(1, told))
        elif told < wanted or (not told and here.instance.state(stop.reference).required):
            await self.answers.tap("add")
        else:
            self.memory.counts[stop.reference] = told
            await self.answers.tap("finish")
            await self._expect_gone(here, stop)

    async def _expect_gone(self, here: Standing, stop: RepeatStop) -> None:
        after = await self._now()
        if after and is_unopened(stop, here.session.trail):
            self.memory.keep_only(after.instance)

    async def _remove(self, stop: RepeatStop, index: int) -> None:
        for action in (f"i{index}", "remove", "rm"):
            found = [one for one in await self.phone.buttons() if one.action == action]
            if not found:
                raise Stuck(f"there is no button for {action} at {stop.reference}")
            await self.phone.tap(found[0])
        self.memory.remove(stop.reference, index)
        self.memory.wanted[stop.reference] = self.chance.randint(0, INSTANCES_MAX)

    # Screens

    async def _fill_screen(self, here: Standing, screen: Screen) -> None:
        """Tap an answer to each question that the screen has, also those that come meanwhile."""
        group, done = screen.group, set[str]()
        for _ in range(TAPS_MAX):
            after = await self._now()
            now = after and screen_at(after.scene, after.instance, after.stop)
            if not after or not now or now.group != group:
                return
            waiting = [line for line in now.lines if line.stop.reference not in done]
            if not waiting:
                await self.answers.tap("done")
                return
            line = self.chance.choice(waiting)
            done.add(line.stop.reference)
            await self._tick_line(after, line)
        raise Stuck(f"the screen {here.session.current} does not come to an end")

    async def _tick_line(self, here: Standing, line: Line) -> None:
        reference, state = line.stop.reference, line.asked.state
        value = "" if self.chance.random() < SKIPS and not state.required else None
        value = plausible(self.chance, here.instance, line.stop) if value is None else value
        if value is None:
            raise Stuck(f"no value for {reference}")
        if value != state.value:
            shown = self._label(here, line.stop, value or state.value)
            found = [
                one
                for one in await self.phone.buttons()
                if one.text in {f"{line.number} · {shown}", f"{line.number} ✓ {shown}"}
            ]
            if not found:
                raise Stuck(f"no button {line.number} · {shown} for {reference}")
            await self.phone.tap(found[0], self.answers.times())
        self.memory.answer(reference, value)
        await self._expect(reference, value)

    def _label(self, here: Standing, stop: QuestionStop, value: str) -> str:
        """Return what stands on the button of one value."""
        match stop.question.kind:
            case "range":
                return here.locale.show_number(Decimal(value))
            case _:
                return here.label(stop, here.place(stop, value))

    # Questions

    async def _answer(self, here: Standing, stop: QuestionStop) -> None:
        state = here.instance.state(stop.reference)
        if not state.required and self.chance.random() < SKIPS:
            await self._skip(here, stop)
            return
        if state.value and await self._kept():
            return
        value = plausible(self.chance, here.instance, stop)
        if value is not None:
            await self._give(here, stop, value)
        elif not state.required:
            await self._skip(here, stop)
        else:
            raise Stuck(f"no value found for {stop.reference}")

    async def _skip(self, here: Standing, stop: QuestionStop) -> None:
        had = here.instance.state(stop.reference).value
        said = "/skip" if had or self.chance.random() < 0.5 else here.says(skip_label())
        await self.phone.write(said)
        self.memory.answer(stop.reference, "")
        await self._expect(stop.reference, "")

    async def _kept(self) -> bool:
        keep = [one for one in await self.phone.buttons() if one.action == "keep"]
        if not keep or self.chance.random() > KEEPS:
            return False
        await self.phone.tap(keep[0], self.answers.times())
        return True

    async def _give(self, here: Standing, stop: QuestionStop, value: str) -> None:
        """Answer as a person would who means this value; whatever is asked back is answered."""
        kind = stop.question.kind
        if kind in FILES:
            await self.phone.send_file(kind)
        elif stop.question.takes_voice and self.chance.random() < WRITES:
            await self.phone.send_file("audio")
        else:
            await self.answers.say(here, stop, value)
            self.memory.answer(stop.reference, value)
            await self._expect(stop.reference, value)
            return
        after = await self._now()
        name = dict(after.session.draft).get(stop.reference, "") if after else ""
        if not name:
            raise Stuck(f"the file for {stop.reference} was not taken")
        self.memory.answer(stop.reference, name)

    async def _expect(self, reference: str, value: str) -> None:
        """See that the answer is kept, as far as it is still there."""
        after = await self._now()
        if after is None or reference not in after.instance.references():
            return
        kept, element = after.instance.state(reference), after.instance.element(reference)
        if isinstance(element, Question) and value:
            value = canonical(element.kind, value, after.scene.now) or value
        if kept.relevant and kept.value != value and not kept.readonly:
            raise Stuck(f"{reference}: meant {value!r}, kept {kept.value!r}")
        self.memory.keep_only(after.instance)

    async def _waits(self, stop: QuestionStop) -> bool:
        session = await self._session()
        return session is not None and session.current == stop.reference
