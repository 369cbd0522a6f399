"""The sheets of all forms of a programme are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from storage.programmes import check, check_workbook, load_programme
from tests.programmes.test_folder import TOML

BARE = TOML.replace('offered = ["springs"]\n', "")


def form(form_id: str, followups: Sequence[str] = (), *, rows: str = "", more: str = "") -> str:
    """Write a form with a date and a status, and follow-ups of (name | form | until | moved)."""
    beside = "".join(f"| | {row} |\n" for row in followups)
    sheet = f"| followups |\n| | name | form | until | new_anchor |\n{beside}" if beside else ""
    return f"""
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) |
| | date | day | Which day? | Siku gani? |
| | text | status | How is it? | Hali ikoje? |
{rows}
| settings |
| | form_id | version | default_language |
| | {form_id} | 1 | English (en) |
{sheet}{more}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a programme's folder without forms."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "programme.toml").write_text(BARE, "utf-8")
    return tmp_path


def said(folder: Path, **forms: str) -> list[str]:
    """Write forms into the folder and return what is wrong with them."""
    for name, text in forms.items():
        (folder / "forms" / f"{name}.md").write_text(text, "utf-8")
    return [str(problem) for problem in check(folder)]


def test_a_form_that_is_only_asked_is_not_offered(folder: Path) -> None:
    """People choose the report; the follow-up comes to them."""
    assert said(folder, a=form("report", ["later | again | |"]), b=form("again")) == []
    programme = load_programme(folder)
    assert programme.offered == (("report", "1"),)
    assert programme.asked == (("again", "1"),)
    assert programme.sheets["report", "1"].forms == ("again",)
    (folder / "programme.toml").write_text(f'offered = ["again"]\n{BARE}', "utf-8")
    assert load_programme(folder).offered == (("again", "1"),)


def test_a_form_that_is_not_there_is_told(folder: Path) -> None:
    """A slip in the form_id is found before anybody waits for the follow-up."""
    (told,) = said(folder, a=form("report", ["later | agian | |"]), b=form("again"))
    assert "forms/a.md, sheet followups, row " in told
    assert "The programme has no form agian. Did you mean 'again'?" in told


def test_answers_that_a_form_does_not_have_are_told(folder: Path) -> None:
    """What a row reads of the answers, the form it asks must ask."""
    rows = ["later | again | ${answer.statos} = 'x' | ${answer.day}"]
    (told,) = said(folder, a=form("report", rows), b=form("again"))
    assert "The until asks again for statos, which it does not have. Did you mean 'stat" in told


def test_reports_that_a_form_does_not_follow_are_told(folder: Path) -> None:
    """What a follow-up reads of the report, the report must have."""
    rows = "| | note | seen | You said ${parent.dya}, code ${parent.receipt}. | ${parent.day} |"
    (told,) = said(folder, a=form("report", ["later | again | |"]), b=form("again", rows=rows))
    assert "The calculation asks the report for dya, which report does not have." in told
    assert "Did you mean 'day'?" in told


@pytest.mark.parametrize(
    ("until", "problems"), [("", 1), ("${day}", 1), ("3 times", 0), ("once; ${day}", 0)]
)
def test_forms_that_lead_back_to_themselves_need_a_count(
    folder: Path, until: str, problems: int
) -> None:
    """A circle without an end is refused and named, through several forms too."""
    forms = {
        "a": form("report", ["later | second | |"]),
        "b": form("second", [f"then | third | {until} |"]),
        "c": form("third", ["back | second | |"]),
        "d": form("alone", [f"again | alone | {until} |"]),
    }
    told = said(folder, **forms)
    assert len(told) == 2 * problems
    if told:
        assert any("never end: second → third → second." in line for line in told)
        assert any("never end: alone → alone." in line for line in told)


def test_a_programme_that_nobody_can_begin_is_told(folder: Path) -> None:
    """Forms that only follow one another leave nothing to choose."""
    rows = ["x | b | once |"], ["x | a | |"]
    (told,) = said(folder, a=form("a", rows[0]), b=form("b", rows[1]))
    assert "nobody can begin" in told


VALIDATION = """
| validations |
| | name | question::English (en) | question::Kiswahili (sw) | high_risk |
| | near | Was it so? | Ni kweli? | {allowed} |
"""


def test_a_high_risk_programme_asks_others_only_where_it_has_decided_so(folder: Path) -> None:
    """A question to others can give somebody away."""
    risky = BARE.replace('"normal"', '"high-risk"')
    (folder / "programme.toml").write_text(risky, "utf-8")
    told = said(folder, a=form("a", more=VALIDATION.format(allowed="")))
    assert any("The programme is high-risk" in line for line in told)
    told = said(folder, a=form("a", more=VALIDATION.format(allowed="yes")))
    assert not any("The programme is high-risk" in line for line in told)


def test_a_workbook_that_joins_a_programme_is_looked_at_among_its_forms(folder: Path) -> None:
    """Whoever publishes in the chat is told what the folder's author would be."""
    assert said(folder, a=form("report", ["later | again | |"]), b=form("again")) == []
    programme = load_programme(folder)
    good = form("report", ["later | again | ${answer.status} = 'x' |"]).encode()
    assert check_workbook(good, "a.md", programme).form is not None
    bad = form("report", ["later | agin | |"]).encode()
    found = check_workbook(bad, "a.md", programme)
    assert found.form is None
    assert [one.what for one in found.problems] == ["The programme has no form agin."]


ATTACK = """
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) |
| | date | event_date | When was it? | Lini? |
| | select_one yn | follow_ok | May we ask about the case? | Tuulize? |
| | integer | years | Time-barred after how many years? | Miaka? |
| choices |
| | list_name | name | label::English (en) | label::Kiswahili (sw) |
| | yn | yes | Yes | Ndiyo |
| | yn | no | No | Hapana |
| settings |
| | form_id | version | default_language |
| | attack | 1 | English (en) |
| followups |
| | name | form | anchor | offset | repeat | until | relevant | consent | withdraw | neutral | alert | before | message::English (en) | message::Kiswahili (sw) |
| | stages | judicial | | 8 weeks | 8 weeks | 60 times; ${answer.stage} = 'final' or ${answer.stage} = 'barred' | | ${follow_ok} | ${answer.keep} = 'no' | yes | | | You have a question. | Una swali. |
| | bar_20 | | ${event_date} | 20 years | | | ${years} = 20 | | | | case worker | 24 months, 12 months, 3 months | Time-barred soon. | Karibu. |
| | bar_30 | | ${event_date} | 30 years | | | ${years} = 30 | | | | case worker | 24 months, 12 months, 3 months | Time-barred soon. | Karibu. |
"""  # noqa: E501 - a table is read as it stands.
JUDICIAL = """
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) |
| | select_one yn | ok | Case ${parent.receipt}: is it safe to answer now? | Kesi ${parent.receipt}: ni salama? |
| | select_one yn | new_attack | Has there been a new attack? | Shambulio jipya? |
| | select_one stage | stage | At what stage is the case? | Hatua gani? |
| | select_one yn | keep | Shall we ask again? | Tuulize tena? |
| choices |
| | list_name | name | label::English (en) | label::Kiswahili (sw) |
| | yn | yes | Yes | Ndiyo |
| | yn | no | No | Hapana |
| | stage | trial | Trial | Kesi |
| | stage | final | Final judgment | Hukumu |
| | stage | barred | Time-barred | Imepitwa |
| settings |
| | form_id | version | default_language |
| | judicial | 1 | English (en) |
| followups |
| | name | form | offset | repeat | until | relevant | neutral | message::English (en) | message::Kiswahili (sw) |
| | not_now | judicial | 7 days | | 3 times | ${ok} = 'no' | yes | You have a question. | Una swali. |
| | yearly | judicial | 1 year | 1 year | 10 times | ${stage} = 'final' | yes | You have a question. | Una swali. |
| | again | attack | | | 5 times | ${new_attack} = 'yes' | yes | You have a question. | Una swali. |
"""  # noqa: E501 - as above.


def test_a_case_is_followed_through_the_courts(folder: Path) -> None:
    """Every eight weeks, later where it is not safe, yearly at the end, warned before its bar."""
    (folder / "programme.toml").write_text(f'offered = ["attack"]\n{BARE}', "utf-8")
    assert said(folder, attack=ATTACK, judicial=JUDICIAL) == []
    programme = load_programme(folder)
    report, follow = (programme.sheets[form_id, "1"] for form_id in ("attack", "judicial"))
    assert [row.name for row in report.followups] == ["stages"]
    assert [row.name for row in report.deadlines] == ["bar_20", "bar_30"]
    assert [row.until.times for row in follow.followups] == [3, 10, 5]
    assert (programme.offered, programme.asked) == ((("attack", "1"),), (("judicial", "1"),))


def test_a_workbook_that_would_break_another_form_is_refused(folder: Path) -> None:
    """A question that the report's sheet reads in the answers cannot go unseen."""
    rows = ["later | again | ${answer.status} = 'x' |"]
    assert said(folder, a=form("report", rows), b=form("again")) == []
    changed = form("again").replace("status", "condition").encode()
    found = check_workbook(changed, "b.md", load_programme(folder))
    assert found.form is None
    assert "It would break the form report: The until asks again for status" in str(
        found.problems[0]
    )
