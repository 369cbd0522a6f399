"""What holds of verdicts whatever people answer and whatever is known of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.verdicts.answers import Answer, Choice, choices_of, counted
from conversations.verdicts.deciding import verdict
from conversations.verdicts.reliability import HARD, PRIORS, Reliabilities, Reliability
from conversations.verdicts.rule import Rule
from conversations.verdicts.weighing import weigh
from tests.verdicts.said import RULE, START, STRICT, TWO, knowing, said

COUNTS = st.floats(0, 200)
ROW = st.tuples(COUNTS, COUNTS)
PEOPLE = st.builds(
    Reliability,
    st.tuples(ROW, ROW),
    st.just(TWO),
    borne_out=st.integers(0, 4),
    contradicted=st.integers(0, 4),
)
NAMES = st.sampled_from([f"v{n}" for n in range(12)])
KNOWN = st.dictionaries(NAMES, PEOPLE, max_size=12).map(knowing)
EITHER = KNOWN | st.just(Reliabilities(RULE.classes))
CHOICES = st.lists(st.sampled_from([c.name for c in RULE.choices]), max_size=10)
RULES = st.builds(
    Rule,
    st.just(RULE.choices),
    answers_min=st.integers(2, 3),
    answers_max=st.integers(3, 10),
    stop=st.floats(0.6, 0.999),
    probation=st.booleans(),
)


@given(CHOICES, EITHER, RULES, st.sampled_from(["yes", "no"]))
def test_an_answer_never_counts_against_itself(
    choices: list[str], known: Reliabilities, rule: Rule, choice: str
) -> None:
    """One more "yes" never makes yes less likely, whoever says it."""
    before = weigh(said(*choices), known, rule)
    after = weigh(said(*choices, choice), known, rule)
    place = rule.classes.index(choice)
    assert after.amounts[place] >= before.amounts[place] - 1e-12


FOUR = Rule(choices_of("abcd"), "a")
OF_FOUR = st.dictionaries(
    NAMES,
    st.builds(
        Reliability,
        st.tuples(*[st.tuples(*[COUNTS] * 4)] * 4),
        st.just(PRIORS["resident"].rows(4)),
    ),
    max_size=8,
).map(lambda people: knowing(people, FOUR.classes))


@given(
    st.lists(st.sampled_from("abcd"), max_size=8),
    OF_FOUR,
    st.sampled_from("abcd"),
    st.randoms(use_true_random=False),
)
def test_nor_does_it_with_more_classes(
    choices: list[str], known: Reliabilities, choice: str, shuffled: random.Random
) -> None:
    """Where cases may be hard, and those who err alike, it holds too; so does any order."""
    answers = list(said(*choices))
    before = weigh(answers, known, FOUR)
    after = weigh(said(*choices, choice), known, FOUR)
    place = FOUR.classes.index(choice)
    assert after.amounts[place] >= before.amounts[place] - 1e-12
    shuffled.shuffle(answers)
    assert weigh(answers, known, FOUR) == before


def by_the_formula(answers: Sequence[Answer], known: Reliabilities, rule: Rule) -> list[float]:
    """Work out shares in 60 digits: over easy and hard cases, and each class that may draw."""
    size = len(rule.classes)
    kinds = ((Decimal(1 - HARD), 0), (Decimal(HARD), size))

    def product(right: int, drawing: int, place: int) -> Decimal:
        found = Decimal(1)
        for answer in answers:
            worth = known.known[answer.validator].ways[said_by := rule.places[answer.choice][0]]
            near = 2 * size if said_by == drawing else 0
            found *= Decimal(worth[near + place + right]).exp()
        return found

    with localcontext(prec=60):
        wholes = [
            sum(
                share * product(right, drawing, place)
                for share, place in kinds
                for drawing in range(size)
                if drawing != right
            )
            for right in range(size)
        ]
        return [float(one / sum(wholes)) for one in wholes]


@given(st.integers(3, 6), st.integers(0, 9), st.randoms(use_true_random=False))
def test_shares_are_what_the_formula_says(size: int, number: int, lot: random.Random) -> None:
    """With more than two classes, shares are those of the sum over all ways a case may be."""
    names = "abcdef"[:size]
    rule, row = Rule(choices_of(names), "a"), range(size)
    people = {
        f"v{one}": Reliability(
            tuple(tuple(lot.uniform(0, 200) ** 2 / 200 for _ in row) for _ in row),
            PRIORS["resident"].rows(size),
        )
        for one in range(number)
    }
    known = knowing(people, rule.classes)
    answers = said(*[lot.choice(names) for _ in range(number)])
    amounts = weigh(answers, known, rule).amounts
    assert amounts == pytest.approx(by_the_formula(answers, known, rule), abs=1e-9)


def test_shares_of_many_answers() -> None:
    """Two hundred answers of people who are known very well are weighed without an overflow."""
    rule = Rule(choices_of("abc"), "a", answers_max=200)
    sure = ((9e9, 0.0, 0.0), (0.0, 9e9, 0.0), (0.0, 9e9, 9e9))
    people = {f"v{one}": Reliability(sure, PRIORS["resident"].rows(3)) for one in range(200)}
    known = knowing(people, rule.classes)
    answers = said(*["a"] * 101, *["b"] * 99)
    amounts = weigh(answers, known, rule).amounts
    assert amounts == pytest.approx(by_the_formula(answers, known, rule), abs=1e-9)


@given(CHOICES, EITHER, RULES, st.randoms(use_true_random=False))
def test_the_order_of_answers_makes_no_difference(
    choices: list[str], known: Reliabilities, rule: Rule, shuffled: object
) -> None:
    """The same answers give the same verdict in whatever order they came."""
    answers = said(*choices)
    mixed = list(answers)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    assert verdict(mixed, known, rule) == verdict(answers, known, rule)


@given(CHOICES, KNOWN, RULES)
def test_yes_and_no_are_alike(choices: list[str], known: Reliabilities, rule: Rule) -> None:
    """Where all that said yes had said no, and the other way, the verdict is turned round."""
    plain = [name for name in choices if name in {"yes", "no"}]
    other = {"yes": "no", "no": "yes"}
    turned = {
        name: replace(one, counts=tuple(row[::-1] for row in one.counts[::-1]))
        for name, one in known.known.items()
    }
    found = verdict(said(*plain), known, rule)
    mirror = verdict(said(*[other[name] for name in plain]), knowing(turned), rule)
    assert mirror.state == found.state
    assert mirror.says == (other[found.says] if found.says else None)


@given(CHOICES, EITHER, RULES, st.sampled_from(["yes", "no", None]))
def test_nobody_is_asked_beyond_the_greatest_number(
    choices: list[str], known: Reliabilities, rule: Rule, stood: str | None
) -> None:
    """Answers given and answers wanted never exceed `max`; an open case always wants one."""
    answers = said(*choices)
    found = verdict(answers, known, rule, stood=stood)
    assert found.wanted == 0 or len(answers) + found.wanted <= rule.answers_max
    assert (found.state == "open") == (found.wanted > 0)
    assert found.to_ask(waiting=found.wanted) == 0


@given(CHOICES, EITHER, RULES)
def test_nothing_is_decided_below_the_least_number(
    choices: list[str], known: Reliabilities, rule: Rule
) -> None:
    """A decision rests on the least number of people who saw for themselves."""
    found = verdict(said(*choices), known, rule)
    if found.state == "decided":
        assert choices.count("yes") + choices.count("no") >= rule.least


@given(st.lists(st.sampled_from(["yes", "no", "heard"]), max_size=10), EITHER)
def test_who_is_on_probation_has_no_weight(choices: list[str], known: Reliabilities) -> None:
    """Under probation the answers of the unproven change no amount."""
    answers = said(*choices)
    proven = [a for a in answers if (p := known.known.get(a.validator)) and p.proven]
    assert weigh(answers, known, STRICT).amounts == weigh(proven, known, STRICT).amounts


@given(CHOICES, EITHER, RULES)
def test_a_decision_holds_what_it_rests_on(
    choices: list[str], known: Reliabilities, rule: Rule
) -> None:
    """Worked out again from the same answers, a decided case stays decided the same way."""
    found = verdict(said(*choices), known, rule)
    if found.state == "decided":
        again = verdict(said(*choices), known, rule, stood=found.says)
        assert (again.state, again.says) == ("decided", found.says)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["yes", "no"]), st.integers(0, 50)), max_size=20))
def test_each_validator_counts_once(rows: list[tuple[str, str, int]]) -> None:
    """Whoever answers again, or twice at once, counts once; the order of arrival is nothing."""
    answers = [Answer(v, choice, START.replace(minute=minute)) for v, choice, minute in rows]  # type: ignore[arg-type]
    found = counted(answers)
    assert len({answer.validator for answer in found}) == len(found)
    assert found == counted(reversed(answers))


@given(st.permutations(["a", "b", "c", "d"]), st.lists(st.sampled_from("abcd"), max_size=10))
def test_names_of_classes_mean_nothing(names: list[str], choices: list[str]) -> None:
    """Called otherwise, and in another order, the same classes decide the same."""
    renamed = dict(zip("abcd", names, strict=True))
    rule, other = Rule(choices_of("abcd"), "a"), Rule(choices_of(names), "a")
    one = verdict(said(*choices), knowing({}, rule.classes), rule)
    two = verdict(said(*[renamed[c] for c in choices]), knowing({}, other.classes), other)
    assert two.says == (renamed[one.says] if one.says else None)
    assert two.state == one.state


def test_the_choices_of_a_rule_may_speak_twice_for_a_class() -> None:
    """Two choices may say the same; the class is there once."""
    rule = Rule((Choice("wet", "yes"), Choice("flooded", "yes"), Choice("dry", "no")))
    assert rule.classes == ("yes", "no")
