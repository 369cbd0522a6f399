"""Whatever a person does, and in whatever order, the instance is what its final answers make it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.xform.instance import Instance, RepeatStop
from conversations.xform.reader import read_form
from conversations.xform.submission import to_xml
from tests.xform.conftest import begin, surroundings
from tests.xform.generated import Made, forms

CASCADE = """
    | survey |
    |  | type | name | label | relevant | calculation | choice_filter | repeat_count | constraint |
    |  | select_one yn | go | Go | | | | | |
    |  | select_one a | a | A | ${go} != 'no' | | | | |
    |  | select_one b | b | B | | | up = ${a} | | |
    |  | select_multiple c | c | C | ${go} = 'yes' | | up = ${b} | | |
    |  | begin group | g | G | ${b} != '' | | | | |
    |  | integer | n | N | | | | | . < 5 |
    |  | calculate | twice | | | ${n} * 2 + count-selected(${c}) | | | |
    |  | end group | | | | | | | |
    |  | begin repeat | child | Child | | | | | |
    |  | integer | age | Age | ${go} != 'no' | | | | |
    |  | calculate | rank | | | position(..) + ${twice} | | | |
    |  | calculate | older | | | ${age} + ${n} | | | |
    |  | begin repeat | dose | Dose | | | | ${age} | |
    |  | text | what | What | ../../age > 1 | | | | |
    |  | end repeat | | | | | | | |
    |  | end repeat | | | | | | | |
    |  | calculate | all | | | sum(${age}) + count(${child}) | | | |
    |  | text | last | Last | ${all} > 3 | | | | |
    | choices |
    |  | list_name | name | label | up |
    |  | yn | yes | Yes | |
    |  | yn | no | No | |
    |  | a | a1 | A1 | |
    |  | a | a2 | A2 | |
    |  | b | b1 | B1 | a1 |
    |  | b | b2 | B2 | a2 |
    |  | b | b3 | B3 | a2 |
    |  | c | c1 | C1 | b1 |
    |  | c | c2 | C2 | b2 |
    |  | c | c3 | C3 | b2 |
    """

_VALUES = {
    "go": ["yes", "no", ""],
    "a": ["a1", "a2", ""],
    "b": ["b1", "b2", "b3", ""],
    "c": ["c1", "c2", "c2 c3", "c3 c2", ""],
    "g/n": ["0", "3", "9", ""],
    "last": ["x", ""],
    "child[1]/age": ["0", "1", "2", "3", ""],
    "child[2]/age": ["1", "4", ""],
    "child[1]/dose[1]/what": ["BCG", ""],
    "child[1]/dose[2]/what": ["OPV", ""],
}
Act = tuple[str, str]


def _acts() -> st.SearchStrategy[list[Act]]:
    answers = st.one_of(
        [st.tuples(st.just(name), st.sampled_from(values)) for name, values in _VALUES.items()]
    )
    repeats = st.sampled_from([("+", "child"), ("-", "1"), ("-", "2")])
    return st.lists(st.one_of(answers, answers, repeats), max_size=25)


def _play(instance: Instance, acts: Iterable[Act]) -> Instance:
    for what, value in acts:
        try:
            _act(instance, what, value)
        except KeyError:
            continue
    return instance


def _act(instance: Instance, what: str, value: str) -> None:
    match what:
        case "+":
            instance.add_repeat(f"/data/{value}")
        case "-":
            instance.remove_repeat("/data/child", int(value))
        case name:
            instance.answer(f"/data/{name}", value)


def _whole(instance: Instance) -> str:
    return to_xml(instance.form, instance.top.children[0])


def _states(instance: Instance) -> list[object]:
    return [instance.state(reference) for reference in instance.references()]


@settings(max_examples=60)
@given(_acts())
def test_incremental_equals_full_recomputation(acts: list[Act]) -> None:
    """Working out everything again after any acts changes nothing."""
    instance = _play(begin(CASCADE), acts)
    before = _states(instance)
    instance.recompute()
    assert _states(instance) == before


@settings(max_examples=60)
@given(_acts())
def test_resuming_changes_nothing(acts: list[Act]) -> None:
    """A draft brings back the instance, hidden values and all."""
    instance = _play(begin(CASCADE), acts)
    back = Instance.resume(instance.form, instance.draft(), surroundings())
    assert _states(back) == _states(instance)
    assert back.draft() == instance.draft()
    assert back.stops() == instance.stops()


@settings(max_examples=60)
@given(_acts(), st.randoms(use_true_random=False))
def test_order_of_answers_does_not_matter(acts: list[Act], chance: object) -> None:
    """Final values given afresh, in any order, end in the same submission."""
    instance = _play(begin(CASCADE), acts)
    final = [pair for pair in instance.draft() if pair[1]]
    counts = [pair for pair in final if pair[0] == "/data/child"]
    values = [pair for pair in final if not pair[0].endswith(("child", "dose"))]
    chance.shuffle(values)  # type: ignore[attr-defined] # hypothesis gives a random.Random.
    again = begin(CASCADE)
    for _, number in counts:
        for _ in range(int(number) - 1):
            again.add_repeat("/data/child")
        if number == "0":
            again.remove_repeat("/data/child", 1)
    # What an answer needs may come after it, so the answers are given until all are kept.
    for _ in range(4):
        for reference, value in values:
            _play(again, [(reference.removeprefix("/data/"), value)])
    if not any(int(number) == 0 for _, number in counts):
        assert _relevant_values(again) == _relevant_values(instance)
    assert _whole(again).count("<child>") == _whole(instance).count("<child>")


def _relevant_values(instance: Instance) -> list[tuple[str, str]]:
    states = (instance.state(reference) for reference in instance.references())
    return [(state.reference, state.value) for state in states if state.relevant]


# Forms that are made up as well

_KINDS = ("set", "set", "set", "add", "remove")
_INSTANCES = 3
Deed = tuple[str, int, int]


def _deeds() -> st.SearchStrategy[list[Deed]]:
    number = st.integers(0, 30)
    return st.lists(st.tuples(st.sampled_from(_KINDS), number, number), max_size=20)


def _done(made: Made, deeds: Iterable[Deed]) -> Instance:
    instance = Instance.begin(read_form(made.xform), surroundings())
    for what, which, value in deeds:
        if what == "set":
            _put_one(instance, made, which, value)
        else:
            _grow_or_shrink(instance, what, which, value)
    return instance


def _put_one(instance: Instance, made: Made, which: int, value: int) -> None:
    asked = [one for one in instance.references() if _path(one) in made.values]
    if asked:
        reference = asked[which % len(asked)]
        values = made.values[_path(reference)]
        instance.put(reference, values[value % len(values)])


def _grow_or_shrink(instance: Instance, what: str, which: int, value: int) -> None:
    stops = [stop for stop in instance.stops() if isinstance(stop, RepeatStop)]
    if not stops:
        return
    stop = stops[which % len(stops)]
    if what == "add" and stop.count < _INSTANCES:
        instance.add_repeat(stop.reference)
    elif what == "remove" and stop.count:
        instance.remove_repeat(stop.reference, value % stop.count + 1)


def _path(reference: str) -> str:
    return re.sub(r"\[\d+\]", "", reference)


@settings(max_examples=120)
@given(forms(), _deeds())
def test_any_form_is_what_a_full_recomputation_makes_it(made: Made, deeds: list[Deed]) -> None:
    """Working out everything again, and resuming from the draft, change no state of any form."""
    instance = _done(made, deeds)
    before, whole = _states(instance), _whole(instance)
    instance.recompute()
    assert _states(instance) == before
    back = Instance.resume(instance.form, instance.draft(), surroundings())
    assert (_states(back), _whole(back)) == (before, whole)
    assert back.draft() == instance.draft()


@settings(max_examples=120)
@given(forms(), _deeds())
def test_any_form_ends_where_its_final_values_lead(made: Made, deeds: list[Deed]) -> None:
    """Edits and repeat changes leave what answering the final values afresh gives."""
    instance = _done(made, deeds)
    draft = instance.draft()
    again = Instance.begin(instance.form, surroundings())
    for _ in range(6):  # What an answer needs may come after it.
        for reference, value in draft:
            if _path(reference) in made.values:
                _if_there(again.put, reference, value)
            elif _path(reference) in made.repeats and not reference.endswith("]"):
                _if_there(_sized, again, reference, int(value))
    assert _relevant_values(again) == _relevant_values(instance)


def _if_there(act: Callable[..., object], *arguments: object) -> None:
    with suppress(KeyError):
        act(*arguments)


def _sized(instance: Instance, reference: str, wanted: int) -> None:
    present = int(instance.state(reference).value)
    for _ in range(wanted - present):
        instance.add_repeat(reference)
    for index in range(present, wanted, -1):
        instance.remove_repeat(reference, index)
