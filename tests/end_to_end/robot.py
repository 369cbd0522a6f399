"""A robot that fills in any form through the chat, as a person would, and remembers its answers.

It looks into the database only to know which question waits and which values the form would take;
what it answers goes through the phone: labels are tapped, numbers and days written, places shared,
files sent. Now and then it goes back, taps twice, sends nonsense, removes an instance of a repeat
or changes an answer in the summary. What it meant stands in `Memory`, ready for `baraza fill`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Final

from bot.markup import visible
from conversations.instances import told_count
from conversations.phrases import FormText, Locale, Speech
from conversations.progress import is_note, is_unopened, stop_at
from conversations.prompt import back_label, skip_label
from conversations.questions.base import done_label
from conversations.questions.ranges import steps_of
from conversations.questions.typed import lexical
from conversations.scene import Scene, instance_of
from conversations.screens import Line, Screen, screen_at
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.form import Question
from conversations.xform.instance import Instance, QuestionStop, RepeatStop, Stop
from conversations.xform.values import canonical
from locales.locale import locale_of
from storage import sessions
from tests.end_to_end.memory import Memory
from tests.end_to_end.phone import Button, Phone
from tests.end_to_end.plausible import FILES, plausible
from tests.player.stage import Stage

ACTS_MAX: Final = 900
TAPS_MAX: Final = 80
"""So many taps at one question, turned pages among them."""

INSTANCES_MAX: Final = 2
CHANGES_MAX: Final = 3

GOES_BACK, ERRS, TAPS_TWICE, SKIPS, KEEPS, REMOVES = 0.05, 0.06, 0.08, 0.15, 0.4, 0.1
WRITES: Final = 0.35
"""How often a choice is written and not tapped."""


class Stuck(Exception):
    """The robot did what a person would, and the conversation did not go on as it should."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the robot knows of where it stands."""

    scene: Scene
    instance: Instance

    @property
    def session(self) -> Session:
        """Return the session as it was kept."""
        return self.scene.session

    @property
    def locale(self) -> Locale:
        """Return how the person's language speaks."""
        return self.scene.locale

    @property
    def stop(self) -> Stop | None:
        """Return what waits for an answer."""
        return stop_at(self.instance, self.session.current)

    def says(self, speech: Speech) -> str:
        """Return a sentence as the phone shows it."""
        return visible(self.locale.say(speech)).strip()


@dataclass(slots=True)
class Robot:
    """Somebody with a phone who fills in one form."""

    played: Stage
    phone: Phone
    chance: Random
    memory: Memory = field(default_factory=Memory)
    changes_left: int = CHANGES_MAX
    last: Standing | None = None

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
            await self._tap("on")
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
                numbers = [
                    one for one in await self.phone.buttons() if one.action.startswith("e")
                ]
            await self.phone.tap(self.chance.choice(numbers))
            return
        await self._tap("send")

    async def _tap(self, action: str) -> None:
        found = [one for one in await self.phone.buttons() if one.action == action]
        if not found:
            raise Stuck(f"there is no button for {action}")
        await self.phone.tap(found[0], self._times())

    def _times(self) -> int:
        return 2 if self.chance.random() < TAPS_TWICE else 1

    # Repeats

    async def _at_repeat(self, here: Standing, stop: RepeatStop) -> None:
        told = told_count(here.scene, stop)
        wanted = self.memory.wanted.setdefault(
            stop.reference, self.chance.randint(0, INSTANCES_MAX)
        )
        if here.session.scratch:
            await self._tap("list")
        elif told and self.chance.random() < REMOVES:
            await self._remove(stop, self.chance.randint(1, told))
        elif told < wanted or (not told and here.instance.state(stop.reference).required):
            await self._tap("add")
        else:
            self.memory.counts[stop.reference] = told
            await self._tap("finish")
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
                await self._tap("done")
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
            await self.phone.tap(found[0], self._times())
        self.memory.answer(reference, value)
        await self._expect(reference, value)

    def _label(self, here: Standing, stop: QuestionStop, value: str) -> str:
        """Return what stands on the button of one value."""
        match stop.question.kind:
            case "range":
                return here.locale.show_number(Decimal(value))
            case _:
                choices = here.instance.state(stop.reference).choices
                return here.says(FormText(choices[choices.names().index(value)].label))

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
        await self.phone.tap(keep[0], self._times())
        return True

    async def _give(self, here: Standing, stop: QuestionStop, value: str) -> None:
        """Answer as a person would who means this value; whatever is asked back is answered."""
        kind = stop.question.kind
        if kind in FILES:
            await self.phone.send_file(kind)
        elif stop.question.takes_voice and self.chance.random() < WRITES:
            await self.phone.send_file("audio")
        else:
            await self._say(here, stop, value)
            self.memory.answer(stop.reference, value)
            await self._expect(stop.reference, value)
            return
        after = await self._now()
        name = dict(after.session.draft).get(stop.reference, "") if after else ""
        if not name:
            raise Stuck(f"the file for {stop.reference} was not taken")
        self.memory.answer(stop.reference, name)

    async def _say(self, here: Standing, stop: QuestionStop, value: str) -> None:
        match stop.question.kind:
            case "select_one":
                await self._choose(here, stop, value)
            case "select_multiple":
                await self._tick(here, stop, value.split())
            case "rank":
                await self._rank(here, stop, value.split())
            case "acknowledge" | "boolean":
                await self._tap("ok" if value == "OK" else value)
            case "range":
                await self._range(here, stop, value)
            case "integer" | "decimal":
                await self.phone.write(here.locale.show_number(Decimal(value)))
            case "date" | "time" | "dateTime":
                await self._moment(here, stop, value)
            case "geopoint":
                await self._place(value)
            case "geotrace" | "geoshape":
                await self._places(here, value)
            case _:
                await self.phone.write(value)

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

    # Choices

    async def _choose(self, here: Standing, stop: QuestionStop, value: str) -> None:
        choices = here.instance.state(stop.reference).choices
        place = choices.names().index(value)
        label = here.says(FormText(choices[place].label))
        if label and self.chance.random() < WRITES:
            await self.phone.write(label)
            if not await self._waits(stop):
                return
        await self._shown_list()
        await self.phone.tap(await self._find(place, label), self._times())

    async def _waits(self, stop: QuestionStop) -> bool:
        session = await self._session()
        return session is not None and session.current == stop.reference

    async def _shown_list(self) -> None:
        buttons = await self.phone.buttons()
        if not any(one.action.startswith(("c", "+", "-")) for one in buttons):
            await self._tap("p0")

    async def _find(self, place: int, label: str) -> Button:
        """Find the button of a choice, page after page."""
        for _ in range(TAPS_MAX):
            buttons = await self.phone.buttons()
            found = [one for one in buttons if _stands_for(one, place, label)]
            if found:
                return found[0]
            turning = [one for one in buttons if one.action.startswith("p")]
            if not turning:
                break
            await self.phone.tap(turning[-1])
        raise Stuck(f"no button for “{label}”, number {place + 1}")

    async def _tick(self, here: Standing, stop: QuestionStop, names: list[str]) -> None:
        """Set and take away ticks, page after page, and tap Done."""
        choices = here.instance.state(stop.reference).choices
        labels = [here.says(FormText(choice.label)) for choice in choices]
        wanted = [choices.names().index(name) for name in names]
        await self._untick(wanted, labels)
        for place in wanted:
            button = await self._find(place, labels[place])
            if not button.ticked:
                await self.phone.tap(button, self._times())
        await self._untick(wanted, labels)
        await self._tap("done")

    async def _untick(self, wanted: list[int], labels: list[str]) -> None:
        """Take away, on all pages, what is ticked and not wanted."""
        for _ in range(TAPS_MAX):
            buttons = await self.phone.buttons()
            stray = [
                one
                for one in buttons
                if one.ticked and not any(_stands_for(one, at, labels[at]) for at in wanted)
            ]
            turning = [one for one in buttons if one.action.startswith("p")]
            if stray:
                await self.phone.tap(stray[0])
            elif turning and turning[-1].action != "p0":
                await self.phone.tap(turning[-1])
            else:
                return

    async def _rank(self, here: Standing, stop: QuestionStop, names: list[str]) -> None:
        choices = here.instance.state(stop.reference).choices
        for one in await self.phone.buttons():
            if one.action == "none":
                await self.phone.tap(one)
        for name in names[:-1] or names:
            place = choices.names().index(name)
            label = here.says(FormText(choices[place].label))
            await self.phone.tap(await self._find(place, label))

    # Numbers, days and places

    async def _range(self, here: Standing, stop: QuestionStop, value: str) -> None:
        label = here.locale.show_number(Decimal(value))
        buttons = await self.phone.buttons()
        found = [one for one in buttons if one.label.removesuffix(" ⭐") == label]
        found = [one for one in found if one.action.startswith("r")]
        if found and self.chance.random() > WRITES:
            await self.phone.tap(found[0], self._times())
        else:
            await self.phone.write(label)

    async def _moment(self, here: Standing, stop: QuestionStop, value: str) -> None:
        said = _said(here, stop, value)
        await self.phone.write(self.chance.choice(said))
        if not await self._waits(stop):
            return
        wanted = (value[:10], value[:16], f"T{value[:5]}")
        found = [one for one in await self.phone.buttons() if one.data.endswith(wanted)]
        if not found:
            raise Stuck(f"{value} was not understood: {said}")
        await self.phone.tap(found[0])

    async def _place(self, value: str) -> None:
        latitude, longitude, _, accuracy = (float(number) for number in value.split())
        await self.phone.share(latitude, longitude, accuracy)

    async def _places(self, here: Standing, value: str) -> None:
        for _ in filter(None, here.session.scratch.split(";")):
            await self.phone.write((await self.phone.keys())[1][1])
        for point in value.split(";"):
            await self._place(point)
        await self.phone.write(here.says(done_label()))


def _stands_for(button: Button, place: int, label: str) -> bool:
    """Tell whether a button is that of a choice: by its label, its number, or its place badge."""
    if not button.action.startswith(("c", "+", "-")):
        return False
    shown, number = button.label, str(place + 1)
    badge, _, rest = shown.partition(" ")
    ranked = badge.endswith("\ufe0f\u20e3") or (badge.startswith("(") and badge.endswith(")"))
    shown = rest if ranked and rest else shown
    if button.action[1:] != str(place):
        return False
    return shown in {label, f"{number}. {label}", number} or label.startswith(shown)


def _said(here: Standing, stop: QuestionStop, value: str) -> list[str]:
    """Return some ways to write a day, a time, or both."""
    match stop.question.kind:
        case "time":
            return [value[:5]]
        case "dateTime":
            return [value[:16].replace("T", " ")]
        case _:
            day = date.fromisoformat(value)
            return [value, here.locale.show_date(day)]
