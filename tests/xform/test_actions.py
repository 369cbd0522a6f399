"""What a form does by itself: actions, dynamic defaults, preloads, entities, counted repeats."""

from __future__ import annotations

import pytest

from conversations.xform.instance import Instance
from conversations.xform.reader import read_form
from tests.xform.conftest import NOW, begin, form, surroundings
from tests.xform.test_hostile import xform


def values(instance: Instance, *names: str) -> list[str]:
    """Return values by the names of nodes below the root."""
    return [instance.state(f"/data/{name}").value for name in names]


_CHANGED = '<setvalue event="xforms-value-changed" ref="/data/{}"{}'.format
ACTIONS = {
    "an expression": (_CHANGED("b", ' value="concat(/data/a, 1 + 1)"/>'), "", "x2"),
    "a text": (_CHANGED("b", ">said</setvalue>"), "", "said"),
    "nothing, which clears": (_CHANGED("b", "/>"), "", ""),
    "a number in its type": (
        _CHANGED("b", ' value="1.0"/>'),
        '<bind nodeset="/data/b" type="int"/>',
        "1",
    ),
    "a read-only question": (
        _CHANGED("b", ">said</setvalue>"),
        '<bind nodeset="/data/b" readonly="true()"/>',
        "said",
    ),
    "a question that is not relevant": (
        _CHANGED("b", ">said</setvalue>"),
        '<bind nodeset="/data/b" relevant="false()"/>',
        "said",
    ),
}


@pytest.mark.parametrize(("action", "bind", "set_"), ACTIONS.values(), ids=ACTIONS.keys())
def test_an_action_follows_a_change(action: str, bind: str, set_: str) -> None:
    """A changed answer sets what its action says, once for a change, and again for the next."""
    body = f'<input ref="/data/a"><label>A</label>{action}</input>'
    instance = Instance.begin(read_form(xform("<a/><b>old</b>", bind, body)), surroundings())
    assert values(instance, "b") == ["old"]
    instance.answer("/data/a", "x")
    assert values(instance, "b") == [set_]
    instance.put("/data/b", "mine")
    instance.answer("/data/a", "x")
    assert values(instance, "b") == ["mine"]
    instance.answer("/data/a", "")
    assert values(instance, "b") != ["mine"]


def test_an_action_of_two_events_happens_at_both() -> None:
    """What is set at the first load and at each change is set at both, and not when resumed."""
    action = (
        '<setvalue event="odk-instance-first-load xforms-value-changed" ref="/data/b"'
        " value=\"concat(/data/b, 'x')\"/>"
    )
    body = f'<input ref="/data/a"><label>A</label>{action}</input>'
    instance = Instance.begin(read_form(xform("<a/><b/>", "", body)), surroundings())
    assert values(instance, "b") == ["x"]
    instance.answer("/data/a", "1")
    assert values(instance, "b") == ["xx"]
    resumed = Instance.resume(instance.form, instance.draft(), surroundings())
    assert values(resumed, "b") == ["xx"]


def test_a_dynamic_default_is_each_instances_own() -> None:
    """A new instance of a repeat gets the default of its moment and place; older ones keep theirs.

    So do instances of a repeat within it, and those that a count makes.
    """
    instance = begin(
        """
        | survey |
        |  | type | name | label | default | repeat_count |
        |  | text | boss | Boss | | |
        |  | begin repeat | r | R | | |
        |  | text | n | N | concat(${boss}, position(..)) | |
        |  | begin repeat | s | S | | 2 |
        |  | text | m | M | concat(position(..), ' of ', ${n}) | |
        |  | end repeat | | | | |
        |  | end repeat | | | | |
        """
    )
    assert values(instance, "r[1]/n", "r[1]/s[2]/m") == ["1", "2 of 1"]
    instance.answer("/data/boss", "B")
    instance.add_repeat("/data/r")
    instance.answer("/data/boss", "C")
    assert values(instance, "r[1]/n", "r[2]/n", "r[2]/s[2]/m") == ["1", "B2", "2 of B2"]
    resumed = Instance.resume(instance.form, instance.draft(), surroundings())
    assert resumed.draft() == instance.draft()


def test_counts_of_repeats_in_repeats_are_each_instances_own() -> None:
    """A count that reads its own instance and another that counts a sibling repeat follow both."""
    instance = begin(
        """
        | survey |
        |  | type         | name | label | repeat_count         |
        |  | integer      | a    | A     |                      |
        |  | begin repeat | r    | R     | ${a}                 |
        |  | integer      | b    | B     |                      |
        |  | begin repeat | s    | S     | ${b} + position(..)  |
        |  | text         | t    | T     |                      |
        |  | begin repeat | q    | Q     | count(${s})          |
        |  | text         | z    | Z     |                      |
        |  | end repeat   |      |       |                      |
        |  | end repeat   |      |       |                      |
        |  | end repeat   |      |       |                      |
        """
    )
    instance.answer("/data/a", "2")
    assert values(instance, "r", "r[1]/s", "r[2]/s") == ["2", "0", "0"]
    instance.answer("/data/r[2]/b", "1")
    assert values(instance, "r[1]/s", "r[2]/s", "r[2]/s[1]/q", "r[2]/s[3]/q") == ["0", *"333"]
    instance.answer("/data/r[2]/b", "0")
    assert values(instance, "r[2]/s", "r[2]/s[2]/q") == ["2", "2"]
    instance.answer("/data/a", "1")
    assert values(instance, "r") == ["1"]


def test_a_trigger_inside_a_repeat_sets_its_own_instance() -> None:
    """An answer in one instance sets what it triggers there, and one outside sets it everywhere."""
    instance = begin(
        """
        | survey |
        |  | type         | name | label | calculation            | trigger |
        |  | text         | a    | A     |                        |         |
        |  | begin repeat | r    | R     |                        |         |
        |  | text         | x    | X     |                        |         |
        |  | text         | n    | N     | concat(${x}, '-', ${a}) | ${x}   |
        |  | text         | all  | All   | ${a}                   | ${a}    |
        |  | end repeat   |      |       |                        |         |
        """
    )
    instance.add_repeat("/data/r")
    instance.answer("/data/a", "A")
    instance.answer("/data/r[2]/x", "two")
    assert values(instance, "r[1]/n", "r[2]/n", "r[1]/all", "r[2]/all") == ["", "two-A", "A", "A"]


def test_preloads_are_what_the_host_says() -> None:
    """Times, the day, the device and the person are there from the beginning, the end at the end.

    What a chat does not know stays blank and is sent as a blank node.
    """
    names = [
        "start",
        "end",
        "today",
        "deviceid",
        "phonenumber",
        "username",
        "email",
        "simserial",
        "subscriberid",
    ]
    rows = "\n".join(f"| | {name} | {name} | |" for name in names)
    known = {"deviceid": "d1", "phonenumber": "+254", "username": "amina", "email": "a@b.example"}
    instance = begin(
        f"| survey |\n| | type | name | label |\n{rows}\n| | text | q | Q |", properties=known
    )
    moment = NOW.isoformat(timespec="milliseconds")
    assert values(instance, *names) == [moment, "", "2026-11-22", *known.values(), "", ""]
    xml = instance.finish(NOW).xml
    assert f"<end>{moment}</end>" in xml
    assert "<simserial/>" in xml


def test_the_version_of_the_form_is_read_in_an_expression() -> None:
    """version() gives the version the form says it has."""
    whole = xform("<a/>", '<bind nodeset="/data/a" calculate="version()"/>')
    versioned = whole.replace('<data id="t">', '<data id="t" version="7">')
    assert values(Instance.begin(read_form(versioned), surroundings()), "a") == ["7"]


def test_a_property_is_read_in_an_expression() -> None:
    """property() gives what a preload of that name would hold, and is blank for others."""
    bind = '<bind nodeset="/data/{}" calculate="property(\'{}\')"/>'.format
    whole = xform("<a/><b/>", bind("a", "deviceid") + bind("b", "simserial"))
    properties = {"deviceid": "d1"}
    instance = Instance.begin(read_form(whole), surroundings(properties=properties))
    assert values(instance, "a", "b") == ["d1", ""]


ENTITY = """
    | survey |
    |  | type                           | name  | label | save_to       |
    |  | select_one_from_file trees.csv | tree  | Tree  |               |
    |  | integer                        | girth | Girth | circumference |
    | entities |
    |  | list_name | entity_id | create_if    | update_if     | label                    |
    |  | trees     | ${tree}   | ${girth} < 5 | ${girth} >= 5 | concat('Tree ', ${girth}) |
    """
TREES = b"name,label,__version,__trunkVersion,__branchId\nt1,Oak,3,2,b1\n"


@pytest.mark.parametrize(
    ("girth", "create", "update"), [("2", "true", "false"), ("12", "false", "true")]
)
def test_an_entity_is_made_or_changed(girth: str, create: str, update: str) -> None:
    """An entity's node tells its list, its id, what is to be done, and the version it builds on."""
    instance = Instance.begin(form(ENTITY, {"trees.csv": TREES}), surroundings())
    instance.answer("/data/tree", "t1")
    instance.answer("/data/girth", girth)
    assert (
        f'<meta><entity dataset="trees" create="{create}" update="{update}" baseVersion="3"'
        f' trunkVersion="2" branchId="b1" id="t1"><label>Tree {girth}</label></entity>'
    ) in instance.finish(NOW).xml.replace("orx:", "")


def test_what_is_sent_is_in_the_forms_order_and_relevant() -> None:
    """The XML keeps the form's order and prefixes; what is not relevant is left out whole."""
    model = (
        '<z/><x:own xmlns:x="urn:own"><a/></x:own><g><h/></g><r jr:template=""><i/></r>'
        '<r><i>1</i></r><orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID/>'
        "</orx:meta>"
    )
    binds = '<bind nodeset="/data/g" relevant="/data/z = 1"/>'
    body = (
        '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/i"/></repeat></group>'
    )
    instance = Instance.begin(read_form(xform(model, binds, body)), surroundings())
    instance.add_repeat("/data/r")
    xml = instance.finish(NOW).xml
    inner = xml[xml.index("<z") :]
    assert "<h/>" not in xml
    assert inner.count("<r>") == 2
    order = [inner.index(mark) for mark in ("<z", "own", "<r>", "meta>", "uuid:0f1e")]
    assert order == sorted(order)
    instance.answer("/data/z", "1")
    assert "<g><h/></g>" in instance.finish(NOW).xml
