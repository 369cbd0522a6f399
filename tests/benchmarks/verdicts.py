"""How right verdicts are, and with how many answers, on a set of labels that people really gave.

    python -m tests.benchmarks.verdicts LABELS TRUTH [--seeds 8] [--yes CLASS]

LABELS is a csv file `task,worker,label`, TRUTH one `task,truth`; labels may be any strings, and
columns may be called otherwise (`NAMED`). The
labels arrive in random order; a task takes them until its rule decides, and the rest is not asked
for. Tasks that end undecided count with the class that leads, a tie in parts. Printed is the mean
over the seeds: the share of all tasks that are right, answers for each task, the share of tasks
that were decided, and the share of these that are right.

Attacks add a quarter more answers, in between: by ten accounts that always say the same (`--yes`),
by ten that are always wrong, in the same way, and by accounts that answer once, wrongly. With
controls, a tenth of the tasks were decided by moderators before; they are asked as controls and
not scored. Ours estimates reliabilities as the bot does, from what was asked for so far.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any, TypeAlias

from conversations.verdicts.answers import Answer, Choice, Validator, choices_of, counted
from conversations.verdicts.deciding import verdict
from conversations.verdicts.estimation import due, reestimate
from conversations.verdicts.reliability import Reliabilities
from conversations.verdicts.rule import ANSWERS_MAX, Rule
from conversations.verdicts.weighing import weigh

START = datetime(2026, 1, 1, tzinfo=UTC)
EXTRA = 0.25
ACCOUNTS = 10
CONTROLS = 0.1
YES = ("yes", "1", "true", "True")

Label: TypeAlias = "tuple[str, str, str]"
"""Task, worker, label."""


@dataclass(frozen=True, slots=True)
class Data:
    """A set of labels."""

    labels: list[Label]
    truth: dict[str, str]
    classes: tuple[str, ...]
    yes: str


@dataclass(slots=True)
class Score:
    """What a run came to, task by task."""

    right: list[float] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    decided: list[float] = field(default_factory=list)

    def add(self, leaders: Sequence[str], truth: str, answers: int, *, decided: bool) -> None:
        """Score one task by the classes that lead."""
        right = (truth in leaders) / len(leaders) if leaders else 0.0
        self.right.append(right)
        self.answers.append(answers)
        if decided:
            self.decided.append(right)

    def figures(self) -> tuple[float, float, float, float]:
        """Return accuracy, answers a task, share decided, accuracy of these."""
        share = len(self.decided) / len(self.right)
        accuracy = fmean(self.decided) if self.decided else float("nan")
        return fmean(self.right), fmean(self.answers), share, accuracy


Way: TypeAlias = "Callable[[Data, list[Label], random.Random], Score]"
Stop: TypeAlias = "Callable[[Counter[str]], bool]"


NAMED: dict[str, tuple[str, ...]] = {
    "task": ("task", "question", "item", "object", "example", "unit", "image"),
    "worker": ("worker", "annotator", "user", "performer", "rater", "coder", "labeler", "labeller"),
    "label": ("label", "answer", "response", "vote", "annotation", "judgment", "judgement"),
    "truth": ("truth", "gold", "gt", "true", "correct", "label", "answer"),
}
"""What sets of labels call their columns, also with an ending such as `_id`."""


def rows_of(path: Path, *wanted: str) -> list[tuple[str, ...]]:
    """Read columns of a csv by their names in the first row; where it names none, by position.

    Any line ends, a byte order mark, spaces around values, commas, semicolons and tabs are taken;
    empty lines and rows with a blank value are left out. Raises ValueError with what is wrong.
    """
    text = path.read_text("utf-8-sig")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [[value.strip() for value in line] for line in lines if line]
    if not rows:
        raise ValueError(f"{path} is empty.")
    places = [_place(rows[0], one) for one in wanted]
    if any(place is None for place in places):
        if any(_place(rows[0], one) is not None for one in wanted):
            raise ValueError(f"{path}: the first row must name {', '.join(wanted)}.")
        numbers, body = list(range(len(wanted))), rows
    else:
        numbers, body = [place for place in places if place is not None], rows[1:]
    if short := next((row for row in body if len(row) <= max(numbers)), None):
        raise ValueError(f"{path}: a row has too few columns: {short}")
    found = [tuple(row[number] for number in numbers) for row in body]
    return [row for row in found if all(row)]


def _place(header: Sequence[str], wanted: str) -> int | None:
    """Find the column of a name, that which is called so exactly before one that begins so."""
    names = [name.lower() for name in header]
    for alias in NAMED[wanted]:
        if alias in names:
            return names.index(alias)
    begun = (place for alias in NAMED[wanted] for place, name in enumerate(names)
             if name.startswith((f"{alias}_", f"{alias} ", f"{alias}id", f"{alias}s")))  # fmt: skip
    return next(begun, None)


def read(labels: Path, truth: Path, yes: str | None) -> Data:
    """Read the two files; labels of tasks without a truth are left out.

    Who labels a task twice is heard once, by the last label.
    """
    known = dict(rows_of(truth, "task", "truth"))
    last = {(task, worker): label for task, worker, label in rows_of(
        labels, "task", "worker", "label") if task in known}  # fmt: skip
    rows = [(task, worker, label) for (task, worker), label in last.items()]
    answered = {task for task, _, _ in rows}
    known = {task: value for task, value in known.items() if task in answered}
    classes = tuple(sorted({label for _, _, label in rows} | set(known.values())))
    if len(classes) < len(("yes", "no")):
        raise ValueError(
            "The labels of the tasks whose truth is known hold fewer than two classes."
        )
    common = Counter(known.values()).most_common(1)[0][0]
    return Data(rows, known, classes, yes or next((c for c in YES if c in classes), common))


def rule_for(classes: Sequence[str], **more: Any) -> Rule:
    """Return a rule in which every label is a class, also one called "unsure"."""
    return Rule(tuple(Choice(name, name) for name in classes), classes[0], **more)


def leaders(tally: Counter[str]) -> list[str]:
    """Return the classes that nothing exceeds."""
    return [label for label, count in tally.items() if count == max(tally.values())]


def by_count(stops: Stop) -> Way:
    """Decide by the plain count, once `stops` says so."""

    def run(data: Data, stream: list[Label], _: random.Random) -> Score:
        tallies: dict[str, Counter[str]] = defaultdict(Counter)
        for task, _worker, label in stream:
            if not stops(tallies[task]):
                tallies[task][label] += 1
        score = Score()
        for task, truth in data.truth.items():
            tally = tallies[task]
            score.add(leaders(tally), truth, tally.total(), decided=stops(tally))
        return score

    return run


def first(number: int) -> Stop:
    """Stop at so many answers."""
    return lambda tally: tally.total() >= number


def two_thirds(tally: Counter[str]) -> bool:
    """Stop as iNaturalist does: two or more, and more than two of three."""
    return tally.total() > 1 and max(tally.values()) * 3 > tally.total() * 2


def lead_of_three(tally: Counter[str]) -> bool:
    """Stop at a lead of three over the second."""
    (_, one), (_, two) = [*tally.most_common(2), ("", 0), ("", 0)][:2]
    return one - two >= 3


@dataclass(slots=True)
class Office:
    """The bot's part: takes answers while a case is open, estimates, and works out verdicts."""

    rule: Rule
    truths: dict[str, str]
    reliabilities: Reliabilities
    cases: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    stood: dict[str, str | None] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    controls: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    estimated: int = 0

    def take(self, task: str, worker: str, label: str) -> None:
        """Take an answer, where the bot would have asked for it."""
        if task in self.closed or not self._asks(task, worker):
            return
        self.taken += 1
        at = START + timedelta(seconds=self.taken)
        self.cases[task].append(Answer(Validator(worker), label, at))
        if task not in self.truths:
            self.judge(task)
        if due(self.taken, self.estimated, probation=self.rule.probation):
            self.estimate()

    def _asks(self, task: str, worker: str) -> bool:
        """Tell whether this worker would be asked: controls only by their share."""
        if task not in self.truths:
            self.asked[worker] += 1
            return True
        known = self.reliabilities.known.get(Validator(worker))
        unproven = self.rule.probation and not (known and known.proven)
        share = 1.0 if unproven else CONTROLS
        if self.controls[worker] > share * self.asked[worker]:
            return False
        self.controls[worker] += 1
        return True

    def judge(self, task: str) -> None:
        """Work out the verdict of a task."""
        answers = counted(self.cases[task])
        found = verdict(answers, self.reliabilities, self.rule, stood=self.stood.get(task))
        self.stood[task] = found.says or self.stood.get(task)
        (self.closed.discard if found.state == "open" else self.closed.add)(task)

    def estimate(self) -> None:
        """Estimate reliabilities anew, and every verdict with them."""
        self.reliabilities = reestimate(self.cases, self.truths, self.closed, self.rule)
        self.estimated = self.taken
        for task in list(self.stood):
            self.judge(task)


def ours(
    stop: float, *, controls: bool = False, probation: bool = False, limit: int = ANSWERS_MAX
) -> Way:
    """Decide as the bot does."""

    def run(data: Data, stream: list[Label], rng: random.Random) -> Score:
        rule = rule_for(data.classes, answers_max=limit, stop=stop, probation=probation)
        number = round(CONTROLS * len(data.truth)) if controls else 0
        truths = {task: data.truth[task] for task in rng.sample(sorted(data.truth), number)}
        office = Office(rule, truths, Reliabilities(rule.classes))
        for label in stream:
            office.take(*label)
        return _score(data, office)

    return run


def _score(data: Data, office: Office) -> Score:
    score, rule = Score(), office.rule
    for task, truth in data.truth.items():
        if task not in office.truths:
            answers = counted(office.cases[task])
            amounts = weigh(answers, office.reliabilities, rule).amounts
            best = [c for c, v in zip(rule.classes, amounts, strict=True) if v == max(amounts)]
            found = verdict(answers, office.reliabilities, rule, stood=office.stood.get(task))
            score.add(best, truth, len(answers), decided=found.state == "decided")
    return score


def nobody(_data: Data, _rng: random.Random) -> list[Label]:
    """Attack by nobody."""
    return []


def by_few(data: Data, rng: random.Random, says: Callable[[str], str]) -> list[Label]:
    """Attack by ten accounts, each at most once in a task."""
    pairs = [(task, f"attacker {n}") for task in data.truth for n in range(ACCOUNTS)]
    number = min(len(pairs), round(EXTRA * len(data.labels)))
    return [(task, account, says(task)) for task, account in rng.sample(pairs, number)]


def always_yes(data: Data, rng: random.Random) -> list[Label]:
    """Attack by ten accounts that say yes to everything."""
    return by_few(data, rng, lambda _task: data.yes)


def wrong(data: Data, task: str) -> str:
    """Return the wrong class on which liars agree."""
    return data.classes[(data.classes.index(data.truth[task]) + 1) % len(data.classes)]


def always_wrong(data: Data, rng: random.Random) -> list[Label]:
    """Attack by ten accounts that know the truth and say otherwise."""
    return by_few(data, rng, lambda task: wrong(data, task))


def one_answer(data: Data, rng: random.Random) -> list[Label]:
    """Attack by accounts that answer once, wrongly."""
    tasks = rng.choices(sorted(data.truth), k=round(EXTRA * len(data.labels)))
    return [(task, f"account {n}", wrong(data, task)) for n, task in enumerate(tasks)]


PLAIN: dict[str, Way] = {
    "all answers, majority": by_count(lambda _tally: False),
    "majority of 3": by_count(first(3)),
    "majority of 5": by_count(first(5)),
    "iNaturalist": by_count(two_thirds),
    "lead of 3": by_count(lead_of_three),
    "ours .95": ours(0.95),
    "ours .98": ours(0.98),
    "ours .95, at most 7": ours(0.95, limit=7),
}
GUARDED: dict[str, Way] = {
    "ours .95, controls": ours(0.95, controls=True),
    "ours .95, probation": ours(0.95, controls=True, probation=True),
}
ATTACKS = {
    "honest": nobody,
    "ten accounts always yes": always_yes,
    "ten accounts always wrong": always_wrong,
    "accounts with one answer, wrong": one_answer,
}


def runs(data: Data, seeds: int) -> Iterator[tuple[str, str, tuple[float, ...], float]]:
    """Run every way under every attack; yield means, and seconds of CPU for each seed."""
    for attack_name, attack in ATTACKS.items():
        for name, way in (PLAIN | GUARDED).items():
            began = time.process_time()
            figures = []
            for seed in range(seeds):
                rng = random.Random(seed)  # noqa: S311
                stream = data.labels + attack(data, rng)
                rng.shuffle(stream)
                figures.append(way(data, stream, rng).figures())
            seconds = (time.process_time() - began) / seeds
            yield attack_name, name, tuple(map(fmean, zip(*figures, strict=True))), seconds


say = print


def costs(size: int = 100_000, reports: int = 10_000, people: int = 2_000) -> None:
    """Print what a verdict and an estimation cost, in CPU time."""
    rng, rule = random.Random(0), Rule()  # noqa: S311
    skills = [rng.uniform(0.6, 0.95) for _ in range(people)]
    cases: dict[str, list[Answer]] = {}
    for report in range(reports):
        said = []
        for person in rng.sample(range(people), size // reports):
            choice = "saw" if rng.random() < skills[person] else "no"
            said.append(Answer(Validator(str(person)), choice, START))
        cases[str(report)] = said
    began = time.process_time()
    reliabilities = reestimate(cases, {}, cases, rule)
    say(f"estimation of {size:,} answers: {time.process_time() - began:.2f} s of CPU")
    few = [case[:7] for case in cases.values()]
    say(f"a verdict from 7 answers: {_each(few, reliabilities, rule):.0f} µs of CPU")
    for number in (3, 4, 8, 20):
        say(f"the same with {number} classes: {_of_classes(number):.0f} µs of CPU")


def _of_classes(number: int, reports: int = 1_500, people: int = 300) -> float:
    """Return microseconds of CPU for a verdict from 7 answers with so many classes."""
    rng, names = random.Random(number), [f"c{one}" for one in range(number)]  # noqa: S311
    rule = Rule(choices_of(names), confirming="c0")
    skills = [rng.uniform(0.55, 0.95) for _ in range(people)]
    cases: dict[str, list[Answer]] = {}
    for report in range(reports):
        right = rng.choice(names)
        cases[str(report)] = [
            Answer(
                Validator(str(one)),
                right if rng.random() < skills[one] else rng.choice(names),
                START,
            )
            for one in rng.sample(range(people), 7)
        ]
    return _each(list(cases.values()), reestimate(cases, {}, cases, rule), rule)


def _each(cases: list[list[Answer]], reliabilities: Reliabilities, rule: Rule) -> float:
    """Return microseconds of CPU for a verdict, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for case in cases:
            verdict(counted(case), reliabilities, rule)
        best = min(best, time.process_time() - began)
    return best / len(cases) * 1e6


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--yes", help="the class that the attackers always say")
    given = parser.parse_args()
    data = read(given.labels, given.truth, given.yes)
    say(f"{len(data.labels)} labels, {len(data.truth)} tasks, classes {', '.join(data.classes)}")
    last = ""
    for attack, name, (right, answers, decided, of_these), seconds in runs(data, given.seeds):
        if attack != last:
            say(f"\n{attack:32} accuracy  answers  decided  right of these  CPU s")
        last = attack
        say(
            f"  {name:30} {right:8.3f} {answers:8.1f} {decided:8.2f} {of_these:11.3f}"
            f" {seconds:10.2f}"
        )
    say()
    costs()


if __name__ == "__main__":
    main()
