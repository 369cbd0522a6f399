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
    |  | begin group | g | G | | | | |
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
    done = fill(form(FORM), answers, surroundings())
    assert "<s>x y</s><where>-1.29 36.82 0 5</where><pic>a.jpg</pic>" in done.xml
    assert "<child><name>Sein</name></child><child><name>Naserian</name></child>" in done.xml
    assert done.attachments == ("a.jpg",)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"age": "x"}, "Give a whole number"),
        ({"age": "120"}, "Too old"),
        ({"s": "z"}, "Choose from: x y"),
        ({"name": "a"}, "Give one path: /data/child/name, /data/g/name"),
        ({"agee": "1"}, "Did you mean age"),
        ({"/data/nope": "1"}, "no such question"),
        ({"data/age": "1"}, "no such question"),
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
