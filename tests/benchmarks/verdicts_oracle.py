"""Our estimation beside crowd-kit's Dawid-Skene, on labels that people really gave.

    python -m tests.benchmarks.verdicts_oracle LABELS TRUTH

crowd-kit takes 775 MB with all it needs and is no dependency: run this in an environment of its own
(`pip install crowd-kit`). The two are not meant to give the same: ours has a prior, leaves each
person's own answer out and clamps. Printed is how often each is right with all answers, and how
often they say the same; a share far below the other's is a fault.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from conversations.verdicts.answers import Answer, Validator
from conversations.verdicts.estimation import reestimate
from conversations.verdicts.weighing import weigh
from tests.benchmarks.verdicts import START, Data, read, rule_for

say = print


def by_crowdkit(data: Data) -> dict[str, str]:
    """Return the labels that crowd-kit's Dawid-Skene gives."""
    import pandas as pd  # noqa: PLC0415
    from crowdkit.aggregation import DawidSkene  # noqa: PLC0415

    frame = pd.DataFrame(data.labels, columns=["task", "worker", "label"])
    return dict(DawidSkene(n_iter=100).fit_predict(frame).items())


def by_ours(data: Data) -> dict[str, str]:
    """Return the class that leads in each task by our own estimation, from all answers."""
    rule = rule_for(data.classes)
    cases: dict[str, list[Answer]] = defaultdict(list)
    for task, worker, label in data.labels:
        cases[task].append(Answer(Validator(worker), label, START))
    known = reestimate(cases, {}, cases, rule)
    leaders = {task: weigh(answers, known, rule).leader for task, answers in cases.items()}
    return {task: rule.classes[at] for task, at in leaders.items() if at is not None}


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("truth", type=Path)
    given = parser.parse_args()
    data = read(given.labels, given.truth, None)
    ours, theirs = by_ours(data), by_crowdkit(data)
    for name, found in (("ours", ours), ("crowd-kit", theirs)):
        right = sum(found.get(task) == truth for task, truth in data.truth.items())
        say(f"{name:10} {right / len(data.truth):.3f} right")
    same = sum(ours.get(task) == found for task, found in theirs.items())
    say(f"the same   {same / len(theirs):.3f}")


if __name__ == "__main__":
    main()
