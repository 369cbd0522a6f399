"""A report that was sent, opened again: what it holds, what is worked out anew, what happens."""

from __future__ import annotations

import pytest

from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from tests.xform.conftest import NOW, begin, form, surroundings
from tests.xform.test_hostile import xform

LATER = surroundings(now=NOW.replace(day=25), started_at=NOW.replace(day=25), instance_id="beef")


def reopened(instance: Instance) -> Instance:
    """Send an instance and open it three days later."""
    return read_submission(instance.form, instance.finish(NOW).xml, LATER)


def values(instance: Instance, *names: str) -> list[str]:
    """Return values by the names of nodes below the root."""
    return [instance.state(f"/data/{name}").value for name in names]


KEPT = """
    | survey |
    |  | type      | name   | label | default | calculation      | relevant    |
    |  | start     | start  |       |         |                  |             |
    |  | today     | today  |       |         |                  |             |
    |  | integer   | a      | A     | 1       |                  |             |
    |  | date      | day    | Day   | today() |                  |             |
    |  | text      | hidden | H     | plain   |                  | ${a} = 2    |
    |  | text      | blank  | B     | plain   |                  |             |
    |  | calculate | sum    |       |         | ${a} + 1         |             |
    |  | calculate | first  |       |         | once(today())    |             |
    |  | calculate | each   |       |         | today()          |             |
    """


def test_what_was_given_is_kept_and_the_rest_worked_out() -> None:
    """Answers, preloads, dynamic defaults and once() stay; other calculations are of now."""
    instance = begin(KEPT)
    instance.answer("/data/blank", "")
    edit = reopened(instance)
    assert values(edit, "start") == values(instance, "start")
    assert values(edit, "today", "day", "first", "each") == [*["2026-11-22"] * 3, "2026-11-25"]
    assert values(edit, "a", "blank", "sum") == ["1", "", "2"]


def test_what_was_left_out_has_its_default_when_it_is_asked() -> None:
    """A question that was not relevant has the form's default once it is, also from a draft."""
    edit = reopened(begin(KEPT))
    assert not edit.state("/data/hidden").relevant
    edit.answer("/data/a", "2")
    assert edit.state("/data/hidden").relevant
    assert values(edit, "hidden") == ["plain"]
    back = Instance.resume(edit.form, edit.draft(), LATER)
    assert values(back, "hidden") == ["plain"]


def test_actions_of_each_opening_happen_again() -> None:
    """What odk-instance-load sets is set at each opening, what the first load sets is not."""
    set_value = '<setvalue event="{}" ref="/data/{}" value="concat(/data/{}, \'x\')"/>'.format
    actions = set_value("odk-instance-load", "a", "a")
    actions += set_value("odk-instance-first-load", "b", "b")
    actions += set_value("odk-instance-first-load odk-instance-load", "c", "c")
    body = '<input ref="/data/a"><label>A</label></input>'
    instance = Instance.begin(read_form(xform("<a/><b/><c/>", actions, body)), surroundings())
    assert values(instance, "a", "b", "c") == ["x", "x", "xx"]
    edit = reopened(instance)
    assert values(edit, "a", "b", "c") == ["xx", "x", "xxx"]
    back = Instance.resume(edit.form, edit.draft(), LATER)
    assert values(back, "a", "b", "c") == ["xx", "x", "xxx"]


def test_an_entity_keeps_its_id() -> None:
    """The edit speaks of the entity that the report made, not of another or of none."""
    made = begin(
        """
        | survey |
        |  | type | name | label | save_to |
        |  | text | kind | Kind  | kind    |
        | entities |
        |  | list_name | label   |
        |  | trees     | ${kind} |
        """
    )
    made.answer("/data/kind", "oak")
    edit = reopened(made)
    edit.answer("/data/kind", "elm")
    assert values(edit, "meta/entity/@id") == values(made, "meta/entity/@id") != [""]
    assert "<label>elm</label>" in edit.finish(NOW).xml.replace("orx:", "")


def test_repeats_are_as_many_as_were_sent() -> None:
    """Added instances, none where all were taken away, and those in others, with their answers."""
    instance = begin(
        """
        | survey |
        |  | type         | name | label | default |
        |  | begin repeat | r    | R     |         |
        |  | text         | n    | N     | plain   |
        |  | begin repeat | s    | S     |         |
        |  | text         | m    | M     |         |
        |  | end repeat   |      |       |         |
        |  | end repeat   |      |       |         |
        """
    )
    instance.add_repeat("/data/r")
    instance.add_repeat("/data/r[2]/s")
    instance.add_repeat("/data/r[2]/s")
    instance.answer("/data/r[2]/s[2]/m", "two")
    instance.remove_repeat("/data/r[1]/s", 1)
    edit = reopened(instance)
    assert values(edit, "r", "r[1]/s", "r[2]/s", "r[2]/s[2]/m") == ["2", "0", "2", "two"]
    edit.add_repeat("/data/r")
    assert values(edit, "r[3]/n") == ["plain"]


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<data id='other'/>", "belongs to another form"),
        ("<root id='data'/>", "belongs to another form"),
        ("<data id='data'", "The submission"),
    ],
)
def test_another_forms_report_is_refused(xml: str, said: str) -> None:
    """A broken report, or another form's, is refused by name."""
    read = form("| survey |\n| | type | name | label |\n| | text | a | A |")
    with pytest.raises(FormError, match=said):
        read_submission(read, xml, LATER)


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Bytes that a calculation decodes, and that are no text, keep no report from being sent."""
    decoded = "base64-decode('{}')".format
    texts = {"a": "AGEAYgBj", "b": "AQID", "c": "YQtiDGM=", "d": "77+/eA==", "e": "7aCAeA=="}
    binds = "".join(
        f'<bind nodeset="/data/{name}" calculate="{decoded(text)}"/>'
        for name, text in texts.items()
    )
    binds += '<bind nodeset="/data/f/@g" calculate="concat(/data/b, /data/a)"/>'
    model = "".join(f"<{name}/>" for name in texts) + '<f g=""/>'
    instance = Instance.begin(read_form(xform(model, binds)), surroundings())
    kept = values(instance, *texts, "f/@g")
    assert kept == ["abc", "", "a\nb\nc", "x", "\ufffd\ufffd\ufffdx", "abc"]
    assert values(reopened(instance), *texts, "f/@g") == kept
