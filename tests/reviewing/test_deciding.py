"""Who may do what with a case, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.reviewing.acts import (
    Act,
    AddSource,
    Approve,
    AskReporter,
    Claim,
    EditAnswer,
    Escalate,
    MarkDuplicate,
    NotVerifiable,
    PassOn,
    Reject,
    Release,
    Undo,
    Verify,
)
from conversations.reviewing.cases import NOBODY, Case, ModeratorId, Rules, look_by
from conversations.reviewing.deciding import Acted, Moderator, act, appealed, reopened
from conversations.reviewing.weights import PEOPLE_MAX, Record, weight_of_case, weight_of_person
from conversations.sheets.flags import Severity

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = Case("uuid:1", "birth", "sw", NOW, Severity.MEDIUM, area="mukuru")
AMINA, BARAKA = Moderator(ModeratorId(1)), Moderator(ModeratorId(2))
SENIOR = Moderator(ModeratorId(9), senior=True)
ALONE, TWO = Rules(), Rules(two_persons=True)


def does(case: Case, wanted: Act, by: Moderator = AMINA, rules: Rules = ALONE) -> Case:
    """Do an act that counts; return the case."""
    acted = act(case, wanted, by, case.version, NOW, rules)
    assert isinstance(acted, Acted), acted
    assert acted.case.version == case.version + 1
    return acted.case


def refusal(case: Case, wanted: Act, by: Moderator = AMINA, rules: Rules = ALONE) -> object:
    """Try an act that does not count; return why."""
    refused = act(case, wanted, by, case.version, NOW, rules)
    assert not isinstance(refused, Acted)
    return refused


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        (Approve(), "approved"),
        (Reject("not here"), "rejected"),
        (Reject("", "Seen twice by us"), "rejected"),
        (MarkDuplicate("uuid:2"), "duplicate"),
        (NotVerifiable(), "not verifiable"),
    ],
)
def test_one_tap_decides(ending: Act, outcome: str) -> None:
    """A decision ends the case, frees it, and says who decided when."""
    case = does(CASE, ending)
    assert (case.state, case.outcome, case.decided_by) == ("decided", outcome, AMINA.id)
    assert (case.decided_at, case.holder(NOW)) == (NOW, NOBODY)
    assert refusal(case, Approve()) == "decided already"


def test_nobody_decides_about_their_own_report() -> None:
    """Not even a senior, and not even by claiming it."""
    for by in (AMINA, SENIOR):
        assert refusal(CASE, Claim(), replace(by, own=True)) == "own report"


@pytest.mark.parametrize(
    "serving",
    [
        {"languages": frozenset({"en"})},
        {"areas": frozenset({"narok"})},
        {"forms": frozenset({"x"})},
    ],
)
def test_a_moderator_sees_what_they_serve(serving: dict[str, frozenset[str]]) -> None:
    """Another language, area or form is somebody else's; a senior serves all."""
    assert refusal(CASE, Claim(), replace(AMINA, **serving)) == "not served"  # type: ignore[arg-type]
    does(CASE, Claim(), replace(SENIOR, **serving))  # type: ignore[arg-type]


def test_no_two_people_work_on_one_case() -> None:
    """A claim keeps others out until it runs out or is given back."""
    claimed = does(CASE, Claim())
    assert refusal(claimed, Claim(), BARAKA) == "held by another"
    assert refusal(claimed, Approve(), SENIOR) == "held by another"
    assert does(claimed, Release()).holder(NOW) == NOBODY
    assert does(claimed, PassOn(BARAKA.id)).holder(NOW) == BARAKA.id
    assert does(claimed, PassOn(SENIOR.id), SENIOR).holder(NOW) == SENIOR.id
    late = act(claimed, Claim(), BARAKA, claimed.version, NOW + timedelta(minutes=16), Rules())
    assert isinstance(late, Acted)


def test_what_changed_meanwhile_is_refused() -> None:
    """Of ten who act on what they saw, one counts."""
    case, counted = CASE, 0
    for number in range(10):
        acted = act(case, Claim(), Moderator(ModeratorId(number + 1)), 1, NOW, Rules())
        if isinstance(acted, Acted):
            case, counted = acted.case, counted + 1
        else:
            assert acted == "changed meanwhile"
    assert counted == 1


def test_two_persons_agree() -> None:
    """The second is another person, and the case ends when they agree."""
    waiting = does(CASE, Approve(), rules=TWO)
    assert (waiting.state, waiting.outcome) == ("second", "")
    assert refusal(waiting, Approve(), rules=TWO) == "same person"
    assert does(waiting, Approve(), BARAKA, TWO).outcome == "approved"


def test_two_persons_differ() -> None:
    """Where they differ a senior decides, alone."""
    differing = does(does(CASE, Approve(), rules=TWO), Reject("not here"), BARAKA, TWO)
    assert (differing.state, differing.escalated) == ("open", True)
    assert refusal(differing, Approve(), rules=TWO) == "seniors only"
    assert does(differing, Approve(), SENIOR, TWO).outcome == "approved"


def test_verified_needs_two_sources() -> None:
    """One source is too few, two are enough, and a source says what it is."""
    assert refusal(CASE, AddSource(" ")) == "no words"
    one = does(CASE, AddSource("A nurse of the clinic, by telephone"))
    assert refusal(one, Verify()) == "too few sources"
    assert does(does(one, AddSource("The clinic's register")), Verify()).outcome == "verified"


def test_the_reporter_is_asked_back() -> None:
    """The case waits for the answer, and is open again when it comes."""
    assert refusal(CASE, AskReporter("")) == "no words"
    asked = does(does(CASE, Claim()), AskReporter("Which ward was it?"))
    assert (asked.state, asked.outcome, asked.holder(NOW)) == ("asked", "has issues", NOBODY)
    assert reopened(asked, NOW).state == "open"
    assert does(asked, Approve(), BARAKA).outcome == "approved"


def test_undo() -> None:
    """Whoever decided takes it back for two days; a colleague does not; a senior does."""
    decided = does(CASE, Approve())
    undone = does(decided, Undo())
    assert (undone.state, undone.outcome, undone.holder(NOW)) == ("open", "", AMINA.id)
    assert refusal(decided, Undo(), BARAKA) == "seniors only"
    does(decided, Undo(), SENIOR)
    late = act(decided, Undo(), AMINA, decided.version, NOW + timedelta(hours=49), Rules())
    assert late == "too late"
    assert refusal(CASE, Undo()) == "not decided"


def test_an_appeal_goes_to_another_person_once() -> None:
    """It opens the case again; who decided cannot decide it, and no second appeal is taken."""
    decided = does(CASE, Reject("not here"))
    case = appealed(decided, NOW, Rules())
    assert isinstance(case, Case)
    assert refusal(case, Reject("not here")) == "decided by you"
    again = does(case, Approve(), BARAKA)
    assert again.outcome == "approved"
    assert appealed(again, NOW, Rules()) == "too late"
    assert appealed(decided, NOW + timedelta(days=15), Rules()) == "too late"
    assert appealed(CASE, NOW, Rules()) == "not decided"


def test_escalated_cases_are_for_seniors() -> None:
    """A case that was left to a senior is decided by one; corrections stay open to all."""
    case = does(does(CASE, Claim()), Escalate("I know the family"))
    assert refusal(case, Approve(), BARAKA) == "seniors only"
    does(case, EditAnswer("/data/a", "3"), BARAKA)
    assert does(case, Approve(), SENIOR).outcome == "approved"


def test_a_report_is_no_duplicate_of_itself() -> None:
    """Marking it so is refused."""
    assert refusal(CASE, MarkDuplicate("uuid:1")) == "itself"


def test_the_queue_is_fair() -> None:
    """The gravest first, more doubt sooner, and what waited long before what is new."""
    low, high = replace(CASE, severity=Severity.LOW), replace(CASE, severity=Severity.HIGH)
    assert look_by(high, Rules()) < look_by(CASE, Rules()) < look_by(low, Rules())
    assert look_by(replace(low, weight=4), Rules()) < look_by(low, Rules())
    old = replace(low, opened_at=NOW - timedelta(days=7))
    assert look_by(old, Rules()) < look_by(high, Rules())


def test_a_thousand_flags_of_fresh_accounts_are_one_loud_flag() -> None:
    """They never weigh more than `PEOPLE_MAX`, and liars come to weigh nothing."""
    assert weight_of_case([], [Record()] * 1_000) == PEOPLE_MAX
    assert weight_of_person(Record(0, 50)) == 0
    assert weight_of_person(Record(50, 50)) > weight_of_person(Record(6, 6)) > 1
