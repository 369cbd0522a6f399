"""How fast forms load and answers are taken, beside ODK's own web engine.

    python tests/benchmarks/forms.py [--alone] [--peer-seconds N]

Forms of 50, 500 and 2,000 questions (`forms_made`) are loaded, begun, answered and resumed; the
bars stand beside the figures. Where Node is present, ODK's `@getodk/xforms-engine` plays the same
answers into the same forms in the same run (`--alone` leaves it out; above 500 questions it takes
minutes), so that the ratio holds on a noisy machine. Both must end with the same values.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[2]))

from conversations.xform.form import Form
from conversations.xform.instance import Instance, Refusal, Surroundings
from conversations.xform.reader import read_form
from conversations.xform.submission import to_xml
from tests.benchmarks import forms_peer
from tests.benchmarks.forms_made import answers_of, form_of, repeats_of

SIZES = (50, 500, 2_000)
ROUNDS = 5
READY_BAR_MS = 500
ANSWER_BAR_MS = 5
PEER_SECONDS = 600

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AROUND = Surroundings(NOW, "", "seed", "uuid:made", NOW)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one form took: times in ms, memory in MB (of the form; of an answered instance)."""

    load: float
    begin: float
    resume: float
    stops: float
    answer_p50: float
    answer_p99: float
    form_mb: float
    instance_mb: float
    xml: str


def measure(questions: int) -> Figures:
    """Measure our engine on a form of a number of questions; the best of a few rounds."""
    xform = form_of(questions).encode()
    load, form = _best(lambda: read_form(xform))
    begin, _ = _best(lambda: Instance.begin(form, AROUND))
    runs = [_answered(form, questions) for _ in range(ROUNDS)]
    instance = runs[-1][1]
    draft = instance.draft()
    resume, resumed = _best(lambda: Instance.resume(form, draft, AROUND))
    return Figures(
        load=load,
        begin=begin,
        resume=resume,
        stops=_timed(resumed.stops)[0],
        answer_p50=min(statistics.median(took) for took, _ in runs),
        answer_p99=min(_hundredth(took) for took, _ in runs),
        form_mb=_memory(lambda: read_form(xform)),
        instance_mb=_memory(lambda: Instance.resume(form, draft, AROUND)),
        xml=to_xml(form, instance.top.children[0]),
    )


def _answered(form: Form, questions: int) -> tuple[list[float], Instance]:
    instance = Instance.begin(form, AROUND)
    for reference in repeats_of(questions):
        instance.add_repeat(reference)
    took = []
    for reference, value in answers_of(questions):
        milliseconds, outcome = _timed(lambda: instance.answer(reference, value))  # noqa: B023
        assert not isinstance(outcome, Refusal), (reference, value, outcome)
        took.append(milliseconds)
    return took, instance


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1000, found


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    return min((_timed(work) for _ in range(ROUNDS)), key=lambda one: one[0])


def _hundredth(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]


def _memory(work: Callable[[], Any]) -> float:
    gc.collect()
    tracemalloc.start()
    kept = work()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size / 1_000_000


# Telling


def _rows(questions: int, own: Figures, peer: Mapping[str, Any] | str) -> list[str]:
    big = questions == SIZES[-1]
    ready_bar, answer_bar = (f"{READY_BAR_MS:g}", f"{ANSWER_BAR_MS:g}") if big else ("", "")
    theirs = {} if isinstance(peer, str) else _their_figures(peer)
    return [
        f"\n{questions} questions",
        f"  {'':<28}{'ours':>10}{'bar':>8}{'ODK web':>12}{'ratio':>9}",
        _row("load and begin, ms", own.load + own.begin, theirs.get("load"), ready_bar),
        _row("  of it, begin", own.begin),
        _row("answer p50, ms", own.answer_p50, theirs.get("p50")),
        _row("answer p99, ms", own.answer_p99, theirs.get("p99"), answer_bar),
        _row("resume a full draft, ms", own.resume),
        _row("list what to visit, ms", own.stops),
        _row("memory of the form, MB", own.form_mb),
        _row("memory of an instance, MB", own.instance_mb),
        *([f"  ODK web: {peer}"] if isinstance(peer, str) and peer else []),
        *([f"  same values in the end: {_same(own, peer)}"] if theirs else []),
    ]


def _row(name: str, own: float, theirs: float | None = None, bar: str = "") -> str:
    row = f"  {name:<28}{own:>10.2f}{bar:>8}"
    return row if theirs is None else f"{row}{theirs:>12.2f}{theirs / own:>8.0f}x"


def _their_figures(peer: Mapping[str, Any]) -> dict[str, float]:
    took = peer["took"]
    return {"load": peer["load"], "p50": statistics.median(took), "p99": _hundredth(took)}


def _same(own: Figures, peer: Any) -> str:
    ours, theirs = _values(own.xml), _values(peer["xml"])
    if ours == theirs:
        return f"yes, {len(ours)}"
    first = next(pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1])
    return f"no, {len(ours)} and {len(theirs)}; first ours, then theirs: {first}"


def _values(xml: str) -> list[tuple[str, str]]:
    leaves = [one for one in etree.fromstring(xml.encode()).iter() if not len(one)]
    named = ((etree.QName(one).localname, one.text or "") for one in leaves)
    return [(name, text) for name, text in named if name != "instanceID"]


def main() -> None:
    """Measure all sizes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alone", action="store_true", help="leave ODK's engine out")
    parser.add_argument("--peer-seconds", type=int, default=PEER_SECONDS, help="its time a form")
    given = parser.parse_args()
    say = print
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        missing = "left out" if given.alone else forms_peer.install(folder)
        measured = []
        for questions in SIZES:
            own = measure(questions)
            measured.append(own)
            peer: Mapping[str, Any] | str = missing or forms_peer.play(
                folder,
                form_of(questions),
                repeats_of(questions),
                list(answers_of(questions)),
                given.peer_seconds,
            )
            say("\n".join(_rows(questions, own, peer)), flush=True)
    say(f"\ngrowth from {SIZES[0]} to {SIZES[-1]} questions ({SIZES[-1] // SIZES[0]}x)")
    first, last = measured[0], measured[-1]
    for name in ("load", "begin", "resume", "answer_p50", "answer_p99", "form_mb", "instance_mb"):
        say(f"  {name:<28}{getattr(last, name) / getattr(first, name):>9.1f}x")


if __name__ == "__main__":
    main()
