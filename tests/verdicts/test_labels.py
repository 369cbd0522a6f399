"""Sets of labels in the wild, as the benchmark of verdicts reads them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.benchmarks.verdicts import ATTACKS, Data, ours, read, rows_of

LABELS = [("t1", "Ñandú 王", "dk"), ("t1", "w2", "yes"), ("t2", "w2", "dk"), ("t9", "w2", "yes")]
TRUTH = "task,truth\nt1,yes\nt2,dk\nt3,yes\n"

SHAPES = {
    "as said": "task,worker,label\n" + "\n".join(",".join(row) for row in LABELS),
    "line ends of Windows, a mark, an empty line": "\ufefftask,worker,label\r\n\r\n"
    + "\r\n".join(",".join(row) for row in LABELS),
    "other names, other order": "Worker_ID;answer;Question\n"
    + "\n".join(f"{worker};{label};{task}" for task, worker, label in LABELS),
    "tabs and no names": "\n".join("\t".join(row) for row in LABELS),
    "spaces, more columns": "item , annotator , label , seconds\n"
    + "\n".join(" , ".join((*row, "3")) for row in LABELS),
    "one labelled twice": "task,worker,label\nt1,w2,dk\n"
    + "\n".join(",".join(row) for row in LABELS),
}


def written(folder: Path, name: str, text: str) -> Path:
    """Write a file as it stands."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_labels_are_read_as_they_come(tmp_path: Path, shape: str) -> None:
    """Whatever the line ends, names, signs and order; tasks without a truth are left out."""
    data = read(written(tmp_path, "l.csv", shape), written(tmp_path, "t.csv", TRUTH), None)
    assert sorted(data.labels) == sorted(LABELS[:3])
    assert (data.truth, data.classes) == ({"t1": "yes", "t2": "dk"}, ("dk", "yes"))


@pytest.mark.parametrize("text", ["", "task,label\nt1,yes\n", "task,worker,label\nt1,w1\n"])
def test_what_is_no_set_of_labels_is_refused(tmp_path: Path, text: str) -> None:
    """With words, not with a fault."""
    with pytest.raises(ValueError, match=r"is empty|must name|too few columns"):
        rows_of(written(tmp_path, "l.csv", text), "task", "worker", "label")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("classes", [2, 6])
def test_odd_sets_are_decided(attack: str, classes: int) -> None:
    """Few workers, workers with one label, tasks with one label, a class nobody chose."""
    names = tuple(f"klasse {number} ü" for number in range(classes))
    labels = [(f"t{task}", f"w{task % 3}", names[task % 2]) for task in range(20)]
    labels += [(f"t{task}", f"once {task}", names[0]) for task in range(0, 20, 2)]
    data = Data(labels, {f"t{task}": names[task % 2] for task in range(20)}, names, names[0])
    rng = random.Random(1)  # noqa: S311
    stream = data.labels + ATTACKS[attack](data, rng)
    for probation in (False, True):
        score = ours(0.95, controls=True, probation=probation)(data, stream, rng)
        assert len(score.right) == 18
        assert 0 <= score.figures()[0] <= 1
