"""The programme that ships: the Kenya mother-and-child report, by the paths people take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.programmes import SHIPPED, NoSuchProgramme, programme_folder
from conversations.programme import Programme
from conversations.sheets import Sheets, due_of, holds_for, may_be_asked, raised
from conversations.xform.form import Form, Question
from conversations.xform.instance import Instance, QuestionStop, Refusal, Surroundings
from storage.programmes import check, load_programme

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Africa/Nairobi"))

QUESTIONS_MAX = 25
"""Longer than this, people on a small phone leave."""

BY_THE_MOTHER = {"role": "mother", "ward": "maji_moto", "village": "mm_hill", "age_grp": "a20_24"}
BIRTH = BY_THE_MOTHER | {
    "topic": "birth",
    "birth_date": "2026-11-01",
    "outcome": "live1",
    "birth_place": "hosp",
    "attendant": "nurse",
}


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Return the shipped programme."""
    return load_programme(programme_folder(SHIPPED[0]))


@pytest.fixture(scope="module")
def form(programme: Programme) -> Form:
    """Return the report's form."""
    return programme.forms[programme.offered[0]]


def begin(form: Form, language: str = "sw") -> Instance:
    """Begin a report."""
    return Instance.begin(form, Surroundings(NOW, language, "seed", "uuid:1", NOW))


def stops(report: Instance) -> Iterator[QuestionStop]:
    """Yield the questions as a person meets them now."""
    return (stop for stop in report.stops() if isinstance(stop, QuestionStop))


def fill(form: Form, answers: dict[str, str]) -> tuple[Instance, list[str]]:
    """Answer in the order in which the questions come, and return the names of those met."""
    report = begin(form)
    met: list[str] = []
    while stop := next((one for one in stops(report) if one.question.name not in met), None):
        name = stop.question.name
        met.append(name)
        if name in answers:
            change = report.answer(stop.reference, answers[name])
            assert not isinstance(change, Refusal), (name, change)
    return report, met


def value(report: Instance, name: str) -> str:
    """Return what stands in a node, blank where it is not relevant."""
    (reference,) = [one for one in report.references() if one.rpartition("/")[2] == name]
    state = report.state(reference)
    return state.value if state.relevant else ""


def test_nothing_to_mend() -> None:
    """The shipped programme has no errors, and nothing an author would be warned of."""
    assert check(programme_folder(SHIPPED[0])) == []


def test_declared_in_two_languages(programme: Programme) -> None:
    """All of the programme's own texts are there in English and Swahili, and they differ."""
    assert programme.languages == ("en", "sw")
    assert (programme.zone.key, programme.safety) == ("Africa/Nairobi", "sensitive")
    for texts in (programme.title, programme.about, programme.help, programme.consent.text):
        assert set(texts) == {"en", "sw"}
        assert len(set(texts.values())) == 2


def test_no_such_programme() -> None:
    """A name that is neither shipped nor a folder is refused, naming those that ship."""
    with pytest.raises(NoSuchProgramme, match=SHIPPED[0]):
        programme_folder("nowhere/at/all")


def test_every_text_in_both_languages(form: Form) -> None:
    """Each text of the form exists in English and Swahili; only names of places may be the same."""
    english, swahili = (form.texts[name] for name in ("English (en)", "Kiswahili (sw)"))
    assert english.keys() == swahili.keys()
    same = [text_id for text_id, forms in english.items() if forms == swahili[text_id]]
    assert same == []


def test_the_usual_types_occur(form: Form) -> None:
    """The report uses every type of question a first version must understand."""
    kinds = {one.kind for one in form.elements.values() if isinstance(one, Question)}
    assert kinds >= {"text", "integer", "decimal", "date", "select_one", "select_multiple"}
    assert kinds >= {"geopoint", "image", "audio", "note"}


def test_a_birth_in_hospital(form: Form) -> None:
    """A live birth with a nurse counts as attended by skilled personnel."""
    report, met = fill(form, BIRTH)
    assert (value(report, "births_live"), value(report, "sba")) == ("1", "1")
    assert "why_not_fac" not in met
    assert "facility_point" in met
    assert report.failures() == ()


@pytest.mark.parametrize(
    ("attendant", "sba"),
    [
        ("doctor", "1"),
        ("tba nurse", "1"),
        ("tba", "0"),
        ("chp", "0"),
        ("tba chp rel", "0"),
        ("clinoff", "0"),
        ("none", "0"),
        ("dk", ""),
        ("na", ""),
    ],
)
def test_who_counts_as_skilled(form: Form, attendant: str, sba: str) -> None:
    """Birth companions and health promoters never count; what nobody knows stays blank."""
    report, _ = fill(form, BIRTH | {"attendant": attendant})
    assert value(report, "sba") == sba


@pytest.mark.parametrize("attendant", ["none nurse", "dk tba", "doctor na"])
def test_nobody_stands_alone(form: Form, attendant: str) -> None:
    """Nobody, not knowing and not saying cannot be chosen beside a helper, and Swahili says so."""
    report, _ = fill(form, {key: answer for key, answer in BIRTH.items() if key != "attendant"})
    refused = report.answer("/data/birth/attendant", attendant)
    assert isinstance(refused, Refusal)
    assert refused.kind == "constraint"
    assert "usichague jibu lingine" in str(refused.message)


def test_a_birth_at_home(form: Form) -> None:
    """A birth at home is asked for its reasons, and never for the place of the home."""
    _, met = fill(form, BIRTH | {"birth_place": "home", "attendant": "tba"})
    assert "why_not_fac" in met
    assert "facility_point" not in met


def test_a_loss_is_met_with_kindness(form: Form) -> None:
    """After a baby was not born alive, a kind sentence comes next and nothing about the baby."""
    report, met = fill(form, BIRTH | {"outcome": "notlive"})
    after = met[met.index("outcome") + 1 :]
    assert after == ["sorry_birth", "mother_state", "voice", "comment", "share_nso"]
    assert (value(report, "births_live"), value(report, "sba")) == ("0", "")


def test_a_mothers_death_ends_the_questions(form: Form) -> None:
    """After a mother's death, only what people may add by themselves is left."""
    _, met = fill(form, BIRTH | {"role": "family", "third_ok": "yes", "mother_state": "died"})
    assert met[met.index("mother_state") + 1 :] == ["sorry_mother", "voice", "comment", "share_nso"]


def test_a_babys_death_ends_the_questions(form: Form) -> None:
    """After a baby's death, nothing more is asked about the baby."""
    _, met = fill(form, BIRTH | {"baby_state": "died"})
    assert met[met.index("baby_state") + 1 :] == ["sorry_baby", "voice", "comment", "share_nso"]


def test_danger_is_answered_at_once(form: Form) -> None:
    """Where mother or baby is not well, the next thing said is to go for help."""
    _, met = fill(form, BIRTH | {"baby_state": "ill"})
    assert met[met.index("baby_state") + 1] == "go_for_help"


@pytest.mark.parametrize("answer", ["no", "not_asked"])
def test_without_her_agreement_nothing_is_asked(form: Form, answer: str) -> None:
    """Somebody else's birth is not reported without her yes."""
    report, met = fill(form, BIRTH | {"role": "neighbour", "third_ok": answer})
    assert met == ["no_names", "role", "topic", "third_ok", "ask_her_first"]
    assert report.failures() == ()


@pytest.mark.parametrize(
    ("answers", "expected_on", "follow_date"),
    [
        ({"due_how": "date", "due_date": "2027-02-20"}, "2027-02-20", "2027-03-06"),
        ({"due_how": "month", "due_month": "2027-02-01"}, "2027-02-28", "2027-03-14"),
        ({"due_how": "month", "due_month": "2026-12-17"}, "2026-12-31", "2027-01-14"),
        ({"due_how": "months", "preg_months": "8"}, "2026-12-29", "2027-01-12"),
        ({"due_how": "dk"}, "", ""),
    ],
)
def test_when_to_ask_again(
    form: Form, answers: dict[str, str], expected_on: str, follow_date: str
) -> None:
    """The follow-up falls two weeks after the expected day, a month's last, or 9.2 months."""
    asked = BY_THE_MOTHER | {"topic": "pregnancy", "follow_ok": "yes"} | answers
    report, _ = fill(form, asked)
    assert (value(report, "expected_on"), value(report, "follow_date")) == (
        expected_on,
        follow_date,
    )


def test_nobody_is_asked_again_without_a_yes(form: Form) -> None:
    """Leaving the question out means no."""
    answers = {"topic": "pregnancy", "due_how": "date", "due_date": "2027-02-20"}
    report, _ = fill(form, BY_THE_MOTHER | answers)
    assert value(report, "follow_date") == ""


def test_a_problem_at_a_facility(form: Form) -> None:
    """A problem at a facility is reported without questions about any mother."""
    answers = BY_THE_MOTHER | {
        "topic": "service",
        "facility": "Zahanati ya Maji Moto",
        "svc_date": "2026-11-20",
        "svc_problem": "closed nosupply",
    }
    report, met = fill(form, answers | {"role": "chp"})
    assert not {"third_ok", "age_grp", "outcome", "dist_km"} & set(met)
    assert {"svc_photo", "facility_point", "valid_ok", "voice"} <= set(met)
    assert report.failures() == ()


def test_villages_of_the_ward(form: Form) -> None:
    """Only the villages of the chosen ward are offered, and another place."""
    report = begin(form)
    for name, answer in {"report/role": "mother", "report/topic": "birth"}.items():
        report.answer(f"/data/{name}", answer)
    report.answer("/data/where/ward", "second")
    offered = [choice.name for choice in report.state("/data/where/village").choices]
    assert offered == ["s_river", "s_market", "other"]


@pytest.mark.parametrize(
    "answers",
    [
        BIRTH | {"role": "chp", "third_ok": "yes", "village": "other", "place_other": "Oloirien"},
        BIRTH | {"role": "chp", "third_ok": "yes", "birth_place": "way", "village": "other"},
        BY_THE_MOTHER | {"role": "tba", "third_ok": "yes", "topic": "pregnancy", "due_how": "date"},
    ],
)
def test_no_path_is_long(form: Form, answers: dict[str, str]) -> None:
    """No way through the report has more than twenty-five questions."""
    report, met = fill(form, answers)
    questions = [stop for stop in stops(report) if stop.question.kind != "note"]
    assert len(questions) <= QUESTIONS_MAX, met


def follow_up(programme: Programme, name: str, answers: dict[str, str]) -> Instance:
    """Answer one of the forms that are asked after a report."""
    (key,) = [key for key in programme.asked if key[0] == name]
    return fill(programme.forms[key], answers)[0]


def rows_after(programme: Programme, name: str) -> Sheets:
    """Return what stands beside a form."""
    return next(sheets for key, sheets in programme.sheets.items() if key[0] == name)


def test_only_the_report_is_offered(programme: Programme) -> None:
    """What follows a pregnancy comes to people; nobody chooses it."""
    assert [key[0] for key in programme.offered] == ["ke_mch_report"]
    assert [key[0] for key in programme.asked] == [
        *("pregnancy_followup", "birth_record", "birth_followup"),
    ]


def test_a_pregnancy_is_followed_to_six_weeks_after_the_birth(programme: Programme) -> None:
    """Two weeks after the day; again where it has moved; 42 days after the birth; then no more."""
    (after_due,) = rows_after(programme, "ke_mch_report").followups
    told = {"topic": "pregnancy", "due_how": "date", "due_date": "2026-12-20", "follow_ok": "yes"}
    report, _ = fill(programme.forms[programme.offered[0]], BY_THE_MOTHER | told)
    assert holds_for(after_due, report)
    assert due_of(after_due, report, NOW) == date(2027, 1, 3)
    still = {"status": "still", "new_due": "2027-01-10"}
    beside = {"answer": still}
    report.surroundings = replace(report.surroundings, beside=beside)
    assert after_due.new_anchor is not None
    assert report.worked_out(after_due.new_anchor) == "2027-01-10"
    assert after_due.reschedules == 2
    (six_weeks,) = rows_after(programme, after_due.form).followups
    born = {"status": "born", "birth_date": "2026-11-20", "outcome": "live1", "again42": "yes"}
    birth = follow_up(programme, "pregnancy_followup", BIRTH | born | {"mother_state": "well"})
    assert holds_for(six_weeks, birth)
    assert due_of(six_weeks, birth, NOW) == date(2027, 1, 1)
    assert not rows_after(programme, six_weeks.form).followups


@pytest.mark.parametrize(
    ("answers", "flag"),
    [
        ({"status": "lost"}, "loss"),
        ({"status": "born", "outcome": "notlive"}, "loss"),
        ({"status": "born", "outcome": "live1", "mother_state": "died"}, "mother_died"),
        ({"status": "born", "outcome": "live1", "baby_state": "died"}, "loss"),
    ],
)
def test_a_loss_ends_the_chain(programme: Programme, answers: dict[str, str], flag: str) -> None:
    """Somebody is alerted, and nothing is asked any more."""
    kept = {key: BIRTH[key] for key in ("birth_place", "attendant")} | {"birth_date": "2026-11-20"}
    told = follow_up(programme, "pregnancy_followup", kept | {"again42": "yes"} | answers)
    sheets = rows_after(programme, "pregnancy_followup")
    (found,) = raised(sheets.flags, told)
    assert (found.name, found.stops) == (flag, True)
    assert not any(holds_for(row, told) for row in sheets.followups)


def test_only_problems_at_a_facility_are_put_to_others(programme: Programme) -> None:
    """Never a birth, which is looked up at most; and only with the reporter's yes."""
    form = programme.forms[programme.offered[0]]
    service = BY_THE_MOTHER | {
        "topic": "service",
        "facility": "Maji Moto",
        "svc_date": "2026-11-20",
        "svc_problem": "closed",
    }
    validations = rows_after(programme, "ke_mch_report").validations
    assert may_be_asked(validations, fill(form, service | {"valid_ok": "yes"})[0])
    assert not may_be_asked(validations, fill(form, service)[0])
    assert not may_be_asked(validations, fill(form, BIRTH)[0])
    birth = BIRTH | {"outcome": "live1", "record_ok": "yes"}
    (looked_up,) = may_be_asked(validations, fill(form, birth)[0])
    assert looked_up.lookup is not None
    loss = BIRTH | {"outcome": "notlive"}
    assert not may_be_asked(validations, fill(form, loss)[0])
