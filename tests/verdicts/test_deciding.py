"""What the answers of validators add up to, case by case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.sheets.validations import usual_choices
from conversations.verdicts.answers import DEFAULT_CHOICES, choices_of, counted
from conversations.verdicts.deciding import verdict
from conversations.verdicts.grades import graded, worded
from conversations.verdicts.reasons import reasons, worths
from conversations.verdicts.reliability import PRIORS, Reliability
from conversations.verdicts.rule import Rule
from conversations.verdicts.weighing import weigh
from tests.verdicts.said import NOTHING, RULE, START, STRICT, TWO, knowing, person, said

KNOWN = knowing({})


@pytest.mark.parametrize(
    ("choices", "state", "says", "wanted"),
    [
        ("", "open", None, 3),
        ("yes", "open", None, 2),
        ("yes yes", "open", None, 1),
        ("yes yes yes", "decided", "yes", 0),
        ("no no no", "decided", "no", 0),
        ("yes no", "open", None, 3),
        ("yes no yes yes", "open", None, 1),
        ("yes no yes yes yes", "decided", "yes", 0),
        ("yes no yes no yes no yes", "for a moderator", None, 0),
        ("cannot_tell rather_not cannot_tell cannot_tell cannot_tell", "open", None, 2),
        ("yes yes" + " cannot_tell" * 5, "for a moderator", None, 0),
    ],
)
@pytest.mark.parametrize("known", [NOTHING, KNOWN], ids=["by lead", "by likelihood"])
def test_strangers_decide_by_a_lead_of_three(known, choices, state, says, wanted) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Strangers decide by a lead of three, whether they are counted or weighed."""
    found = verdict(said(*choices.split()), known, RULE)
    assert (found.state, found.says, found.wanted) == (state, says, wanted)


def test_two_who_are_often_right_are_enough() -> None:
    """Two people who are mostly right decide; a single one never does."""
    known = knowing({"v0": person(40, 1, 40, 1), "v1": person(40, 1, 40, 1)})
    assert verdict(said("yes"), known, RULE).state == "open"
    assert verdict(said("yes", "yes"), known, RULE).says == "yes"


def test_who_always_says_yes_says_nothing() -> None:
    """However many always say yes, two people who look decide that it is not so."""
    always = {f"v{n}": person(50, 0, 0, 50) for n in range(4)}
    known = knowing(always | {f"v{n}": person(40, 2, 40, 2) for n in (4, 5)})
    assert verdict(said("yes", "yes", "yes", "yes"), known, RULE).state == "open"
    assert verdict(said("yes", "yes", "yes", "yes", "no", "no"), known, RULE).says == "no"


def test_who_is_always_wrong_is_not_turned_round() -> None:
    """From people who are always wrong nothing is concluded, and least of all the contrary."""
    known = knowing({f"v{n}": person(0, 50, 0, 50) for n in range(5)})
    found = verdict(said("yes", "yes", "yes", "yes", "yes"), known, RULE)
    assert (found.state, found.says) == ("open", None)


def test_hearsay_counts_half_and_at_most_like_one() -> None:
    """Any number who only heard of it count together like one stranger who saw it."""
    assert verdict(said("yes", "yes", "heard"), NOTHING, RULE).state == "open"
    assert verdict(said("yes", "yes", "heard", "heard"), NOTHING, RULE).says == "yes"
    assert verdict(said(*["heard"] * 6), KNOWN, RULE).state == "open"


def test_probation_counts_nobody_unproven() -> None:
    """Under probation only those count whom moderators bore out twice."""
    proven = Reliability(((0, 0), (0, 0)), TWO, borne_out=2, contradicted=1)
    always = Reliability(((0, 0), (0, 0)), TWO, borne_out=2, contradicted=2)
    assert proven.proven
    assert not always.proven
    answers = said("yes", "yes", "yes")
    assert verdict(answers, KNOWN, STRICT).tally.unproven == 3
    assert verdict(answers, KNOWN, STRICT).state == "open"
    assert verdict(answers, knowing({f"v{n}": always for n in range(3)}), STRICT).state == "open"
    assert verdict(answers, knowing({f"v{n}": proven for n in range(3)}), STRICT).says == "yes"


def test_a_decided_case_opens_again_on_later_contrary_answers() -> None:
    """One late contrary answer does not undo a decision, two do."""
    three, four, five = (said("yes", "yes", "yes", *["no"] * n) for n in range(3))
    for known in (NOTHING, KNOWN):
        assert verdict(three, known, RULE).says == "yes"
        assert verdict(four, known, RULE).says is None
        assert verdict(four, known, RULE, stood="yes").why == "holds"
        found = verdict(five, known, RULE, stood="yes")
        assert (found.state, found.why, found.wanted) == ("open", "reopened", 2)


def test_an_erased_validator_leaves_the_verdict() -> None:
    """Where a validator is erased, the case is worked out again from the others' answers."""
    assert verdict(said("yes", "yes", "yes"), NOTHING, RULE).says == "yes"
    assert verdict(said("yes", "yes", "yes")[1:], NOTHING, RULE).state == "open"


def test_a_record_is_a_source_of_its_own_kind() -> None:
    """A record decides nothing alone, helps residents, and takes a contradiction to a moderator."""
    record = said("yes", first=10, source="record")
    assert verdict(record, KNOWN, RULE).state == "open"
    assert verdict(said("yes") + record, KNOWN, RULE).says == "yes"
    against = verdict(said("no", "no", "no") + record, KNOWN, RULE)
    assert (against.state, against.why) == ("for a moderator", "record")
    assert graded(verdict(said("yes") + record, KNOWN, RULE), RULE).yes == 1


def test_a_moderator_decides_and_residents_may_disagree() -> None:
    """A moderator's decision stands; that residents clearly say otherwise is told."""
    found = verdict(said("no", "no", "no"), NOTHING, RULE, moderator="yes")
    assert (found.state, found.says, found.disagrees) == ("decided", "yes", True)
    assert not verdict(said("no", "no"), NOTHING, RULE, moderator="yes").disagrees


def test_the_last_answer_of_each_counts_until_the_case_is_decided() -> None:
    """Who answers twice counts once, by the last word; after the verdict, by the last before."""
    first, second = said("yes", "no")
    changed = said("no", first=0)[0]
    later = type(changed)(first.validator, "no", START + timedelta(hours=1))
    assert [answer.choice for answer in counted([first, second, later])] == ["no", "no"]
    decided_at = START + timedelta(minutes=30)
    assert [a.choice for a in counted([later, second, first], decided_at)] == ["yes", "no"]
    late = type(changed)(said("yes", first=9)[0].validator, "no", START + timedelta(hours=1))
    assert late in counted([first, late], decided_at)


FOUR = Rule(choices_of(["a", "b", "c", "d", "dk"]), "a")


def test_more_than_two_classes_decide_later() -> None:
    """Two who say the same of four kinds are not enough; three are who are often right."""
    good = Reliability(tuple(tuple(12.0 * (r == s) for s in range(4)) for r in range(4)),
                       PRIORS["resident"].rows(4))  # fmt: skip
    known = knowing({f"v{n}": good for n in range(3)}, FOUR.classes)
    strangers = knowing({}, FOUR.classes)
    assert verdict(said("b", "b"), known, FOUR).state == "open"
    assert verdict(said("b", "b", "b", "dk"), known, FOUR).says == "b"
    assert verdict(said("b", "b", "b", "dk"), strangers, FOUR).wanted == 1
    assert verdict(said("b", "b", "b", "b"), strangers, FOUR).says == "b"


def test_who_errs_with_others_is_believed_less() -> None:
    """Of four kinds, two alike and two others each alone make a hard case, not a clear one."""
    strangers = knowing({}, FOUR.classes)
    alone = weigh(said("a", "a", "b"), strangers, FOUR).amounts[0]
    among_many = weigh(said("a", "a", "b", "c", "d"), strangers, FOUR).amounts[0]
    assert among_many < alone < FOUR.threshold


@pytest.mark.parametrize(
    ("choices", "moderator", "words"),
    [
        ("yes yes no", None, "Not confirmed yet"),
        ("yes yes yes", None, "Confirmed by residents (yes: {yes}, no: {no})"),
        ("no no no", None, "Disputed (yes: {yes}, no: {no})"),
        ("yes no yes no yes no yes", None, "Disputed (yes: {yes}, no: {no})"),
        ("no no no", "yes", "Confirmed by a moderator"),
        ("yes yes yes", "no", "Rejected by a moderator"),
    ],
)
def test_people_see_a_grade_and_counts(choices: str, moderator: str | None, words: str) -> None:
    """People read grades and counts; residents never reject, and nobody reads a percentage."""
    found = graded(verdict(said(*choices.split()), NOTHING, RULE, moderator=moderator), RULE)
    assert worded(found).text == words
    assert (found.yes, found.no) == (choices.count("yes"), choices.count("no"))


def test_a_verdict_says_its_reasons() -> None:
    """A moderator reads what was said, how it was weighed, and what came of it."""
    found = verdict(said("yes", "heard", "no", "cannot_tell"), KNOWN, STRICT)
    assert [reason.text.split(":")[0] for reason in reasons(found, STRICT)] == [
        "Residents",
        "Only heard of it",
        "Could not tell, or would rather not say",
        "Do not count yet",
        "Each answer counts by how often its author was right before.",
        "Fewer than {count} answers count",
    ]


def test_each_answer_shows_its_worth() -> None:
    """What each answer was worth is there to check: more for who is often right, 0 for a liar."""
    known = knowing({"v0": person(40, 2, 40, 2), "v1": person(0, 40, 0, 40)})
    good, liar, stranger = worths(said("yes", "yes", "yes", "heard"), known, RULE)
    assert good.worth > stranger.worth == pytest.approx(1.0986, abs=1e-4)
    assert liar.worth == 0


def test_the_usual_choices_are_those_of_the_sheet() -> None:
    """Where the sheet names no list, its usual choices are the ones that verdicts know."""
    assert [choice.name for choice in DEFAULT_CHOICES] == [c.name for c in usual_choices()]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"choices": choices_of(["a", "dk"])}, "choices"),
        ({"confirming": "maybe"}, "confirming"),
        ({"answers_min": 1}, "min"),
        ({"answers_max": 201}, "max"),
        ({"stop": 1.0}, "stop"),
        ({"control_share": 0.9}, "control_share"),
    ],
)
def test_a_rule_keeps_its_bounds(changes, column) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A rule out of bounds is refused, and the column named."""
    with pytest.raises(ValueError, match=f"{column}:"):
        Rule(**changes)
