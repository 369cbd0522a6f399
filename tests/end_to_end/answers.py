"""How somebody answers a question who means a value: each kind in a way people do it.

Labels are tapped, page after page, or written; numbers, days and times are written as the language
writes them; places are shared. What the bot asks back is answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from conversations.questions.base import done_label
from conversations.xform.instance import QuestionStop
from tests.end_to_end.phone import Button, Phone
from tests.end_to_end.standing import Standing, Stuck

TAPS_MAX: Final = 80
"""So many taps at one question, turned pages among them."""

WRITES: Final = 0.35
"""How often a choice is written and not tapped."""

TAPS_TWICE: Final = 0.08
BY_CALENDAR: Final = 0.25
CALENDAR_TAPS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers questions on a phone; `waits` tells whether a question still waits."""

    phone: Phone
    chance: Random
    waits: Callable[[QuestionStop], Awaitable[bool]]

    async def tap(self, action: str) -> None:
        """Tap the button that does this; now and then twice, for fingers tremble."""
        found = [one for one in await self.phone.buttons() if one.action == action]
        if not found:
            raise Stuck(f"there is no button for {action}")
        await self.phone.tap(found[0], self.times())

    def times(self) -> int:
        """Draw how often a button is tapped."""
        return 2 if self.chance.random() < TAPS_TWICE else 1

    async def say(self, here: Standing, stop: QuestionStop, value: str) -> None:
        """Answer a question with a value."""
        match stop.question.kind:
            case "select_one":
                await self._choose(here, stop, value)
            case "select_multiple":
                await self._tick(here, stop, value.split())
            case "rank":
                await self._rank(here, stop, value.split())
            case "acknowledge" | "boolean":
                await self.tap("ok" if value == "OK" else value)
            case "range":
                await self._range(here, value)
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

    # Choices

    async def _choose(self, here: Standing, stop: QuestionStop, value: str) -> None:
        place = here.place(stop, value)
        label = here.label(stop, place)
        if label and self.chance.random() < WRITES:
            await self.phone.write(label)
            if not await self.waits(stop):
                return
        await self._shown_list()
        await self.phone.tap(await self._find(place, label), self.times())

    async def _shown_list(self) -> None:
        buttons = await self.phone.buttons()
        if not any(one.action.startswith(("c", "+", "-")) for one in buttons):
            await self.tap("p0")

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
        places = [here.place(stop, name) for name in names]
        wanted = {place: here.label(stop, place) for place in places}
        if await self._written(here, stop, list(wanted.values())):
            return
        await self._untick(wanted)
        for place, label in wanted.items():
            button = await self._find(place, label)
            if not button.ticked:
                await self.phone.tap(button, self.times())
        await self._untick(wanted)
        await self.tap("done")

    async def _written(self, here: Standing, stop: QuestionStop, labels: list[str]) -> bool:
        """Write the choices in one message, where nothing is ticked yet; tell if that answered."""
        plain = all(labels) and not any(sign in label for label in labels for sign in ",;&+\n،؛、")
        begun = here.session.scratch or here.instance.state(stop.reference).value
        if begun or not plain or self.chance.random() > WRITES:
            return False
        await self.phone.write(", ".join(labels))
        return not await self.waits(stop)

    async def _untick(self, wanted: Mapping[int, str]) -> None:
        """Take away, on all pages, what is ticked and not wanted."""
        for _ in range(TAPS_MAX):
            buttons = await self.phone.buttons()
            stray = [
                one
                for one in buttons
                if one.ticked and not any(_stands_for(one, *choice) for choice in wanted.items())
            ]
            turning = [one for one in buttons if one.action.startswith("p")]
            if stray:
                await self.phone.tap(stray[0])
            elif turning and turning[-1].action != "p0":
                await self.phone.tap(turning[-1])
            else:
                return

    async def _rank(self, here: Standing, stop: QuestionStop, names: list[str]) -> None:
        for one in await self.phone.buttons():
            if one.action == "none":
                await self.phone.tap(one)
        for name in names[:-1] or names:
            place = here.place(stop, name)
            await self.phone.tap(await self._find(place, here.label(stop, place)))

    # Numbers, days and places

    async def _range(self, here: Standing, value: str) -> None:
        label = here.locale.show_number(Decimal(value))
        buttons = await self.phone.buttons()
        found = [one for one in buttons if one.label.removesuffix(" ⭐") == label]
        found = [one for one in found if one.action.startswith("r")]
        if found and self.chance.random() > WRITES:
            await self.phone.tap(found[0], self.times())
        else:
            await self.phone.write(label)

    async def _moment(self, here: Standing, stop: QuestionStop, value: str) -> None:
        if self.chance.random() < BY_CALENDAR and await self._by_calendar(value):
            return
        said = _said(here, stop, value)
        await self.phone.write(self.chance.choice(said))
        if not await self.waits(stop):
            return
        wanted = (value[:10], value[:16], f"T{value[:5]}")
        found = [one for one in await self.phone.buttons() if one.data.endswith(wanted)]
        if not found:
            raise Stuck(f"{value} was not understood: {said}")
        await self.phone.tap(found[0])

    async def _by_calendar(self, value: str) -> bool:
        """Look for a day or a time in the calendar or the clock; tell whether it was found."""
        for _ in range(CALENDAR_TAPS_MAX):
            buttons = await self.phone.buttons()
            actions = [one.action for one in buttons]
            if value in actions:
                await self.tap(value)
                return True
            towards = [one for one in actions if one in _ways_to(value)]
            turning = [one for one in actions if one.startswith("m")][:2]
            if towards:
                await self.tap(towards[0])
                if towards[0] == f"t{value[:2]}{value[3:5]}":
                    return True
            elif turning:
                await self.tap(turning[0] if f"m{value[:7]}" <= turning[0] else turning[-1])
            else:
                return False
        return False

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
    if button.action[1:] != str(place):
        return False
    shown, number = button.label, str(place + 1)
    badge, _, rest = shown.partition(" ")
    ranked = badge.endswith("\ufe0f\u20e3") or (badge.startswith("(") and badge.endswith(")"))
    shown = rest if ranked and rest else shown
    return shown in {label, f"{number}. {label}", number} or label.startswith(shown)


def _ways_to(value: str) -> tuple[str, ...]:
    """Return what leads to a day or a time in the calendar and the clock."""
    hour, minute = value[:2], value[3:5]
    return ("open", "t", f"t{hour}", f"t{hour}{minute}")


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
