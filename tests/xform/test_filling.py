"""Forms filled without a person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversations.filling import FillError, fill
from tests.xform.conftest import form, surroundings

FORM = """
    | survey |
    |  | type | name | label | constraint | constraint_message | relevant | required |
    |  | integer | age | Age | . < 99 | Too old | | yes |
    |  | select_multiple s | s | S | | | | |
    |  | geopoint | where | Where | | | ${age} > 9 | |
    |  | image | pic | Pic | | | | |
    |  | begin repeat | child | Child | | | | |
    |  | text | name | Name | | | | |
    |  | end repeat | | | | | | |
    |  | begin group | g | G | | | ${age} > 12 | |
    |  | text | name | Name | | | | |
    |  | end group | | | | | | |
    | choices |
    |  | list_name | name | label |
    |  | s | x | X |
    |  | s | y | Y |
    """


def test_answers_become_a_submission() -> None:
    """Names and paths, repeats on demand, several choices and a file's path are understood."""
    answers = [
        ("age", "30"),
        ("/data/s", "x y"),
        ("where", "-1.29 36.82 0 5"),
        ("/data/child[1]/name", "Sein"),
        ("/data/child[2]/name", "Naserian"),
        ("pic", "photos/a.jpg"),
    ]
    filled = fill(form(FORM), answers, surroundings())
    done = filled.submission
    assert filled.warnings == ()
    assert "<s>x y</s><where>-1.29 36.82 0 5</where><pic>a.jpg</pic>" in done.xml
    assert "<child><name>Sein</name></child><child><name>Naserian</name></child>" in done.xml
    assert done.attachments == ("a.jpg",)


def test_a_repeat_is_answered_with_how_many_there_are() -> None:
    """Its path takes a number, also none; answers after it go into the instances."""
    none = fill(form(FORM), {"age": "1", "/data/child": "0"}, surroundings())
    two = fill(
        form(FORM),
        [("age", "1"), ("/data/child", "3"), ("/data/child", "2"), ("/data/child[2]/name", "Sein")],
        surroundings(),
    )
    assert "<child>" not in none.submission.xml
    assert "<child><name/></child><child><name>Sein</name></child>" in two.submission.xml


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"/data/child": "some"}, "Write 0, 1, 2"),
        ({"/data/child": "1001"}, "Write at most 1000"),
        ({"age": "x"}, "Give a whole number"),
        ({"age": "120"}, "Too old"),
        ({"s": "z"}, "Choose from: x y"),
        ({"name": "a"}, "Give one path: /data/child/name, /data/g/name"),
        ({"agee": "1"}, "Did you mean age"),
        ({"/data/nope": "1"}, "no such question"),
        ({"data/age": "1"}, "Did you mean /data/age"),
        ({"/data/child[0]/name": "1"}, "count from 1"),
        ({"/data/age[2]": "1"}, "not repeated"),
        ({"/data/child[4]/name": "1"}, "Answer them in order"),
        ({"/data/g": "1"}, "takes no answer"),
        ({"/data//": "1"}, "no path"),
        ({}, "Add an answer for it"),
    ],
)
def test_refused_answer_is_named(answers: dict[str, str], said: str) -> None:
    """A refused answer tells its path, its value, why, and what to do."""
    with pytest.raises(FillError, match=said):
        fill(form(FORM), answers, surroundings())


def test_trace_tells_every_node() -> None:
    """After each answer the trace has the state of every node, ready for JSON."""
    seen: list[Any] = []
    fill(form(FORM), {"age": "5", "s": "x"}, surroundings(), trace=seen.append)
    assert [one["path"] for one in json.loads(json.dumps(seen))] == ["/data/age", "/data/s"]
    where = next(node for node in seen[0]["nodes"] if node["path"] == "/data/where")
    assert (where["relevant"], where["required"], where["label"]) == (False, False, "Where")


def test_trace_tells_of_a_refused_answer() -> None:
    """After an answer that is refused the trace says why, with the nodes as they were before."""
    seen: list[Any] = []
    answers = [("age", "120"), ("age", "5"), ("/data/child[2]/name", "Sein")]
    with pytest.raises(FillError):
        fill(form(FORM), answers, surroundings(), trace=seen.append)
    assert [one.get("refused", "") for one in seen] == ["Too old", "", ""]
    ages = [node["value"] for one in seen for node in one["nodes"] if node["path"] == "/data/age"]
    assert ages == ["", "5", "5"]
    assert "/data/child[2]/name" in [node["path"] for node in seen[2]["nodes"]]


def test_all_mistakes_are_told_at_once() -> None:
    """A refused answer does not hide those after it, nor what is missing."""
    with pytest.raises(FillError) as refused:
        fill(form(FORM), [("s", "z"), ("agee", "1"), ("/data/child[3]/name", "x")], surroundings())
    assert [problem.path for problem in refused.value.problems] == [
        "/data/s",
        "agee",
        "/data/child[3]/name",
        "/data/age",
    ]


@pytest.mark.parametrize(
    ("answers", "path", "why"),
    [
        (
            {"age": "5", "where": "-1.29 36.82 0 5"},
            "/data/where",
            "this is not asked, as its relevant does not hold: ${age} > 9",
        ),
        (
            {"age": "5", "/data/g/name": "Sein"},
            "/data/g/name",
            "/data/g is not asked, as its relevant does not hold: ${age} > 12",
        ),
    ],
)
def test_answer_nobody_is_asked_for_is_told(answers: dict[str, str], path: str, why: str) -> None:
    """An answer that the finished form leaves out is a warning with its path and the reason."""
    filled = fill(form(FORM), answers, surroundings())
    (warning,) = filled.warnings
    assert (warning.path, warning.level) == (path, "warning")
    assert why in str(warning)


def test_order_of_answers_decides_nothing_about_relevance() -> None:
    """An answer given before the one it waits for is kept."""
    answers = [("where", "-1.29 36.82 0 5"), ("age", "30")]
    assert fill(form(FORM), answers, surroundings()).warnings == ()
