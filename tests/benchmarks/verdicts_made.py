"""How right verdicts are on labels made up in the shape of well-known sets.

    python -m tests.benchmarks.verdicts_made [SHAPE …] [--seeds 2]

Shapes are called after what they resemble in the number of tasks, people, classes and labels a
task: pairs of sentences (`rte`), of events (`temporal`), of products that are rarely the same
(`product`), four breeds of dogs (`dog`) and four faces (`faces`) that look alike, sentiment about
the weather (`weather`). `even4` and `even8` have errors that fall anywhere, `sparse` people who
answer once or twice, `skew` nine of ten that are right.

People differ in ability and lean to some classes, some always say the same, most labels come from
few. Tasks differ in how hard they are, and in a hard one most wrong answers fall on one class.
They are no measure of the real sets: they show where rules differ. Printed for each rule is
accuracy over all tasks, and answers for each.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from dataclasses import dataclass
from math import exp, log
from statistics import fmean

from tests.benchmarks.verdicts import Data, Way, by_count, lead_of_three, ours
from tests.benchmarks.verdicts_oracle import by_ours

LEANING = 0.5
SMOOTH = 0.01
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Shape:
    """How a set is made: sizes, ability (mean and spread, as log odds), hardness, alike errors."""

    tasks: int
    each: int
    people: int
    shares: tuple[float, ...]
    ability: float
    spread: float
    hardness: float
    alike: float = 1.0
    same: float = 0.05
    few_do_most: bool = True


HALF, FOUR = (0.5, 0.5), (0.25,) * 4
SHAPES = {
    "rte": Shape(800, 10, 164, HALF, 1.7, 1.0, 1.0, same=0.1),
    "temporal": Shape(462, 10, 76, (0.56, 0.44), 2.0, 0.9, 0.8, same=0.1),
    "product": Shape(2000, 3, 120, (0.88, 0.12), 2.2, 0.9, 1.2),
    "dog": Shape(807, 10, 109, FOUR, 1.6, 0.9, 2.0, alike=0.8),
    "faces": Shape(584, 9, 27, FOUR, 0.9, 0.6, 2.0, alike=0.7),
    "weather": Shape(300, 20, 110, (0.25, 0.3, 0.25, 0.1, 0.1), 2.2, 0.9, 1.5, alike=0.6),
    "even4": Shape(600, 10, 100, FOUR, 1.5, 0.8, 0.5, alike=0.0),
    "even8": Shape(600, 10, 100, (0.125,) * 8, 1.2, 0.8, 0.5, alike=0.0),
    "sparse": Shape(600, 7, 2500, (0.6, 0.4), 1.5, 0.9, 0.8, same=0.1, few_do_most=False),
    "skew": Shape(800, 8, 200, (0.9, 0.1), 1.6, 0.9, 0.6, same=0.15),
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who labels: how able, leaning where, always saying one thing (or None), how busy."""

    ability: float
    leaning: tuple[float, ...]
    always: int | None
    busy: float


def made(name: str, seed: int) -> Data:
    """Make a set; the same name and seed make the same."""
    shape, rng = SHAPES[name], random.Random(f"{name} {seed}")  # noqa: S311
    classes = tuple(f"class {number}" for number in range(len(shape.shares)))
    people = [_somebody(shape, rng) for _ in range(shape.people)]
    labels, truth = [], {}
    for task in range(shape.tasks):
        right = rng.choices(range(len(classes)), shape.shares)[0]
        truth[f"task {task}"] = classes[right]
        hard, draws = rng.gauss(0, shape.hardness), _another(right, len(classes), rng)
        for who in _chosen(shape, people, rng):
            said = _says(people[who], right, hard, draws, shape.alike, rng)
            labels.append((f"task {task}", f"person {who}", classes[said]))
    return Data(labels, truth, classes, classes[0])


def _somebody(shape: Shape, rng: random.Random) -> Somebody:
    size = len(shape.shares)
    return Somebody(
        rng.gauss(shape.ability, shape.spread),
        tuple(rng.gauss(0, LEANING) for _ in range(size)),
        rng.randrange(size) if rng.random() < shape.same else None,
        rng.paretovariate(1.1) if shape.few_do_most else 1.0,
    )


def _chosen(shape: Shape, people: list[Somebody], rng: random.Random) -> list[int]:
    chosen: dict[int, None] = {}
    weights = [one.busy for one in people]
    while len(chosen) < min(shape.each, len(people)):
        chosen[rng.choices(range(len(people)), weights)[0]] = None
    return list(chosen)


def _says(  # noqa: PLR0913, PLR0917 - who, about what, and how errors fall.
    one: Somebody, right: int, hard: float, draws: int, alike: float, rng: random.Random
) -> int:
    if one.always is not None:
        return one.always
    if rng.random() < 1 / (1 + exp(hard - one.ability - one.leaning[right])):
        return right
    return draws if rng.random() < alike else _another(right, len(one.leaning), rng)


def _another(right: int, size: int, rng: random.Random) -> int:
    return (right + rng.randrange(1, size)) % size


def dawid_skene(data: Data) -> float:
    """Return how often the plain model is right, from all labels at once.

    Without prior, clamp or leaving out: what A. P. Dawid and A. M. Skene wrote in 1979.
    """
    classes = range(len(data.classes))
    tasks: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for task, worker, label in data.labels:
        tasks[task].append((worker, data.classes.index(label)))
    likely = {task: [sum(said == one for _, said in labels) / len(labels) for one in classes]
              for task, labels in tasks.items()}  # fmt: skip
    for _ in range(ROUNDS):
        shares, matrices = [SMOOTH for _ in classes], dict[str, list[list[float]]]()
        for task, labels in tasks.items():
            for right in classes:
                shares[right] += likely[task][right]
                for worker, said in labels:
                    fresh = [[SMOOTH for _ in classes] for _ in classes]
                    matrices.setdefault(worker, fresh)[right][said] += likely[task][right]
        logs = {worker: [[log(value / sum(row)) for value in row] for row in rows]
                for worker, rows in matrices.items()}  # fmt: skip
        for task, labels in tasks.items():
            sums = [log(shares[one]) + sum(logs[worker][one][said] for worker, said in labels)
                    for one in classes]  # fmt: skip
            raised = [exp(value - max(sums)) for value in sums]
            likely[task] = [value / sum(raised) for value in raised]
    found = {task: data.classes[values.index(max(values))] for task, values in likely.items()}
    return fmean(found[task] == truth for task, truth in data.truth.items())


def of_all(data: Data) -> float:
    """Return how often our own estimation is right, from all labels at once."""
    found = by_ours(data)
    return fmean(found.get(task) == truth for task, truth in data.truth.items())


WAYS: dict[str, Way] = {
    "majority of all": by_count(lambda _tally: False),
    "lead of 3": by_count(lead_of_three),
    "ours .95": ours(0.95),
    "ours .98": ours(0.98),
}

say = print


def main() -> None:
    """Print a line a shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES))
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args()
    say("| | Dawid-Skene, all | ours, all | " + " | ".join(WAYS) + " |")
    say("|---" * (3 + len(WAYS)) + "|")
    for name in given.shapes:
        sets = [made(name, seed) for seed in range(given.seeds)]
        cells = [f"{fmean(map(dawid_skene, sets)):.3f}", f"{fmean(map(of_all, sets)):.3f}"]
        for way in WAYS.values():
            scores = []
            for seed, data in enumerate(sets):
                rng = random.Random(seed)  # noqa: S311
                stream = rng.sample(data.labels, len(data.labels))
                scores.append(way(data, stream, rng).figures())
            cells.append(f"{fmean(s[0] for s in scores):.3f} / {fmean(s[1] for s in scores):.1f}")
        say(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
