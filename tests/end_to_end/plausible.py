"""Values that a question would take, by chance: as XForms writes them, and as the form allows.

Constraints are not understood but tried: what is drawn is put to the form until it takes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Final

from conversations.xform.form import Question
from conversations.xform.instance import Instance, NodeState, QuestionStop

TRIES_MAX: Final = 1_000
CHOICES_MAX: Final = 4
STEPS_MAX: Final = 300
FILES: Final = frozenset({"image", "audio", "video", "file"})

_WORDS: Final = (
    *("Naserian", "Sein", "the road is cut off", "Nuño's field", "maji, na barabara", "a < b & c"),
    *("عين الماء", "12 cows", "Amina Wanjirũ", "x" * 200, "two\nlines", "me@example.org"),
)


def plausible(chance: Random, instance: Instance, stop: QuestionStop) -> str | None:
    """Draw a value that the form takes at a question now; None where no draw was taken.

    Of a file only that there is one is drawn; its name is the bot's.
    """
    question, state = stop.question, instance.state(stop.reference)
    if question.kind in FILES:
        return "a file"
    draws = _draws(chance, question, state, instance.surroundings.now)
    if question.kind == "text":
        codes = [value for _, value in instance.draft() if value.isdecimal()]
        draws = (_behind(chance, codes, one) for one in draws)
    tried = islice(draws, TRIES_MAX)
    taken = (one for one in tried if not instance.check(stop.reference, one))
    return next(taken, None)


def _draws(chance: Random, question: Question, state: NodeState, now: datetime) -> Iterator[str]:
    draw = _DRAWS.get(question.kind)
    if question.kind in {"select_one", "select_multiple", "rank"} and not state.choices:
        return
    while True:
        yield _chosen(chance, question, state) if draw is None else draw(chance, question, now)


def _behind(chance: Random, codes: list[str], drawn: str) -> str:
    """Now and then go on from a code that was given before, as the codes of places do."""
    if not codes or chance.random() > 0.2:
        return drawn
    return chance.choice(codes) + "".join(chance.choices("0123456789", k=chance.randint(1, 4)))


def _chosen(chance: Random, question: Question, state: NodeState) -> str:
    names = list(dict.fromkeys(state.choices.names()))
    match question.kind:
        case "select_one":
            return chance.choice(names)
        case "rank":
            return " ".join(chance.sample(names, len(names)))
        case _:
            several = chance.sample(names, chance.randint(1, min(CHOICES_MAX, len(names))))
            return " ".join(sorted(several, key=names.index))


def _text(chance: Random, question: Question, _now: datetime) -> str:
    if "numbers" in question.appearance or chance.random() < 0.3:
        digits = "".join(chance.choices("0123456789", k=chance.randint(1, 13)))
        return chance.choice(("", "", "+", "07")) + digits
    return chance.choice(_WORDS)


def _integer(chance: Random, _question: Question, _now: datetime) -> str:
    ceiling = chance.choice((4, 10, 60, 120, 3000, 10**6))
    return str(chance.randint(0 if chance.random() < 0.9 else -ceiling, ceiling))


def _decimal(chance: Random, question: Question, now: datetime) -> str:
    whole = Decimal(_integer(chance, question, now))
    number = whole + Decimal(chance.choice((0, 0, 1, 5, 25))) / chance.choice((10, 100))
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _step(chance: Random, question: Question, _now: datetime) -> str:
    given = question.parameters
    low, high, step = (
        Decimal(given.get(name, default))
        for name, default in (("start", "0"), ("end", "10"), ("step", "1"))
    )
    steps = min(int(abs(high - low) / abs(step)), STEPS_MAX)
    return _plain(min(low, high) + chance.randint(0, steps) * abs(step))


def _day(chance: Random, question: Question, now: datetime) -> str:
    ago = chance.randint(0, chance.choice((1, 30, 300, 3000, 20000)))
    day = now.date() - timedelta(days=ago if chance.random() < 0.7 else -min(ago, 3000))
    if "month-year" in question.appearance:
        return day.replace(day=1).isoformat()
    return (day.replace(month=1, day=1) if "year" in question.appearance else day).isoformat()


def _moment(chance: Random, question: Question, now: datetime) -> str:
    day = datetime.fromisoformat(_day(chance, question, now)).date()
    clock = time(chance.randint(0, 23), chance.randint(0, 59))
    return datetime.combine(day, clock, now.tzinfo).isoformat(timespec="milliseconds")


def _clock(chance: Random, question: Question, now: datetime) -> str:
    moment = datetime.fromisoformat(_moment(chance, question, now))
    today = datetime.combine(now.date(), moment.time(), now.tzinfo)
    return today.isoformat(timespec="milliseconds").partition("T")[2]


def _point(chance: Random, _question: Question, _now: datetime) -> str:
    latitude = round(chance.uniform(-60, 60), chance.randint(0, 6))
    longitude = round(chance.uniform(-179, 179), chance.randint(0, 6))
    numbers = (latitude, longitude, 0, chance.randint(1, 60))
    return " ".join(_plain(Decimal(str(number))) for number in numbers)


def _points(count: int) -> Callable[[Random, Question, datetime], str]:
    def draw(chance: Random, question: Question, now: datetime) -> str:
        many = chance.randint(count, count + 2)
        return "; ".join(_point(chance, question, now) for _ in range(many))

    return draw


def _one_of(*values: str) -> Callable[[Random, Question, datetime], str]:
    return lambda chance, _question, _now: chance.choice(values)


_DRAWS: Final = {
    "text": _text,
    "barcode": _text,
    "integer": _integer,
    "decimal": _decimal,
    "range": _step,
    "date": _day,
    "time": _clock,
    "dateTime": _moment,
    "boolean": _one_of("true", "false"),
    "acknowledge": _one_of("OK"),
    "geopoint": _point,
    "geotrace": _points(2),
    "geoshape": _points(3),
}
