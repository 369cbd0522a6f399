"""Which nodes a path means: repeats, relevance, other instances; and what an expression reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversations.xpath import (
    Node,
    Path,
    Scope,
    World,
    compile_expression,
    document,
    path_of,
    position_of,
)

Answer = float | str | bool | list[str]
"""A value with its nodes told by their texts."""

Ask = Callable[..., Answer]


def second_child(home: Node) -> Node:
    """Give `/data/child[2]/name`."""
    return home.children[0].named["child"][1].named["name"][0]


def test_absolute_path_inside_a_repeat_means_this_instance(ask: Ask, home: Node) -> None:
    """An absolute path seen from the second instance of a repeat reads that instance."""
    here = second_child(home)
    assert ask("/data/child/age", here) == ["9"]
    assert ask("/data/child/toy/what", here) == ["drum"]
    assert ask("/data/child/age") == ["4", "9"]


def test_path_to_the_repeat_itself_means_all_instances(ask: Ask, home: Node) -> None:
    """Counting a repeat from inside it counts every instance, absolute or relative."""
    here = second_child(home)
    assert ask("count(/data/child)", here) == 2
    assert ask("count(../../child)", here) == 2
    assert ask("sum(../../child/age)", here) == 13


def test_predicate_frees_a_step_from_the_context(ask: Ask, home: Node) -> None:
    """A repeat with a condition is not bound to the context's own instance."""
    here = second_child(home)
    assert ask("/data/child[position() < 2]/name", here) == ["Amina"]
    assert ask("/data/child[1]/age", here) == ["4"]
    assert ask("/data/child[name = 'Amina']/age", here) == ["4"]
    assert ask("/data/child[age > current()/../age - 9]/name", here) == ["Amina", "Baraka"]


def test_irrelevant_nodes_are_outside_node_sets(ask: Ask, home: Node) -> None:
    """A node that is not relevant is not counted, reads blank and equals the blank text."""
    amina = home.children[0].named["child"][0]
    for node in (amina, *amina.descendants()):
        node.relevant = False
    assert ask("count(/data/child)") == 1
    assert ask("sum(/data/child/age)") == 9
    age = amina.named["age"][0]
    assert ask(". = ''", age) is True
    assert ask("../../region", age) == ["north"]


def test_missing_node_compares_as_blank(ask: Ask) -> None:
    """A path without nodes equals '' and differs from any other text, as in JavaRosa."""
    assert ask("/data/nowhere = ''") is True
    assert ask("/data/nowhere != 'x'") is True
    assert ask("/data/nowhere > 0") is False


def test_blank_question_is_a_false_condition(ask: Ask, home: Node) -> None:
    """A question as a condition counts by its value; as a predicate, by whether it is there."""
    assert ask("boolean(/data/blank)") is False
    assert ask("if(/data/region, 'yes', 'no')") == "yes"
    assert ask("count(/data[blank])") == 1
    flag = home.children[0].named["blank"][0]
    flag.text, flag.typed = "false", "boolean"
    assert ask("boolean(/data/blank)") is False
    flag.text, flag.typed = "0", "number"
    assert ask("boolean(/data/blank)") is False
    flag.typed = "text"
    assert ask("boolean(/data/blank)") is True


def test_plain_xpath_is_to_the_letter(ask: Ask, world: World) -> None:
    """Plain XPath takes a node for true, no nodes for unequal to all, a date for no number."""
    world.plain = True
    assert ask("boolean(/data/blank)") is True
    assert ask("/data/nowhere = ''") is False
    assert ask("/data/nowhere != 'x'") is False
    assert ask("/data/day > 0") is False


def test_absolute_path_in_a_filter_means_the_primary_instance(ask: Ask, home: Node) -> None:
    """Inside a predicate over choices `/data/…` is the form, and this instance of its repeat."""
    assert ask("instance('towns')/root/item[region = /data/region]/label") == ["Alpha", "Gamma"]
    name = second_child(home)
    name.text = "b"
    found = "instance('towns')/root/item[name = /data/child/name]/label"
    assert ask(found, name) == ["Beta"]
    assert ask(found.replace("/data/child", "current()/.."), name) == ["Beta"]


def test_indexed_repeat_picks_instances(ask: Ask, home: Node) -> None:
    """indexed-repeat reads one question in the chosen instance; below 1 means the first."""
    assert ask("string(indexed-repeat(/data/child/name, /data/child, 2))") == "Baraka"
    assert ask("string(indexed-repeat(/data/child/name, /data/child, 0))") == "Amina"
    assert ask("string(indexed-repeat(/data/child/name, /data/child, 3))") == ""
    nested = "indexed-repeat(/data/child/toy/what, /data/child, 1, /data/child/toy, 2)"
    assert ask(f"string({nested})") == "doll"
    here = second_child(home)
    assert ask("string(indexed-repeat(../name, .., 1))", here) == "Amina"


def test_position_of_a_repeat_instance(ask: Ask, home: Node) -> None:
    """position(..) is the place of the instance among its own kind, whatever stands before it."""
    assert ask("position(..)", second_child(home)) == 2
    assert ask("position(/data/nowhere)") == 0


def test_nodes_keep_children_named_and_in_order(home: Node) -> None:
    """Inserting and removing instances keeps order, places and the paths shown to people."""
    data = home.children[0]
    first, second = data.named["child"]
    new = Node("child")
    new.repeated = True
    data.insert(data.children.index(second), new)
    assert data.named["child"] == [first, new, second]
    assert path_of(second) == "/data/child[3]"
    data.remove(first)
    assert (position_of(second), first.parent) == (2, None)
    with pytest.raises(ValueError, match="not among"):
        data.remove(first)


def test_union_is_in_document_order(ask: Ask) -> None:
    """A union yields each node once, as they stand in the document."""
    assert ask("/data/group/b | /data/region | //b | /data/group/a") == ["north", "1", "2"]


def paths(text: str) -> list[tuple[str, int, str]]:
    """Give start, hops and names of what an expression reads."""
    return [
        (path.start, path.parents, "/".join(path.names)) for path in compile_expression(text).paths
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/data/a + ../b", [("root", 0, "data/a"), ("context", 1, "b")]),
        (". > 3", [("context", 0, "")]),
        ("../../g/./x/../y", [("context", 2, "g/y")]),
        (
            "/data/child[age > ../limit]/name",
            [
                ("root", 0, "data/child/age"),
                ("root", 0, "data/limit"),
                ("root", 0, "data/child/name"),
            ],
        ),
        (
            "instance('t')/root/item[r = current()/../r]/label",
            [
                ("instance", 0, "root/item/r"),
                ("current", 1, "r"),
                ("instance", 0, "root/item/label"),
            ],
        ),
        ("//x", [("root", 0, "**/x")]),
        ("/data/@id", [("root", 0, "data/@id")]),
        ("once(random())", []),
        ("string-length() > 2", [("context", 0, "")]),
        ("randomize(instance('t')/root/item, 3)", [("instance", 0, "root/item")]),
        ("current()/../x", [("current", 1, "x")]),
    ],
)
def test_expression_tells_what_it_reads(text: str, expected: list[tuple[str, int, str]]) -> None:
    """Every path of an expression is told, those in predicates from where their outer begins."""
    assert paths(text) == expected


def test_expression_tells_presence_and_filters() -> None:
    """Counting reads presence only; a filtered step is marked."""
    count, *_ = compile_expression("count(/data/child)").paths
    assert count == Path("root", names=("data", "child"), filtered=(False, False), presence=True)
    *_, filtered = compile_expression("/data/child[name='x']/age").paths
    assert filtered.filtered == (False, True, False)


def test_expression_tells_instances_and_texts() -> None:
    """Instances, choice questions and texts named in quotes are told."""
    text = "concat(jr:choice-name(/d/a, ' /d/a '), jr:itext('hi'), pulldata('t', 'a', 'b', 'c'))"
    expression = compile_expression(text)
    assert expression.instances == {"t"}
    assert expression.choice_questions == {"/d/a"}
    assert expression.text_ids == {"hi"}
    assert expression.functions == {"concat", "jr:choice-name", "jr:itext", "pulldata"}


def test_scope_serves_again(world: World) -> None:
    """One scope evaluates many expressions, each with a fresh budget."""
    scope = Scope(world, world.root.children[0])
    expression = compile_expression("count(//*)")
    assert {expression.number(scope) for _ in range(3)} == {expression.number(scope)}


@pytest.fixture(scope="module")
def many_rows() -> Node:
    """Give a secondary instance of 50,000 rows."""
    root = Node("root")
    for number in range(50_000):
        item = root.append(Node("item"))
        item.append(Node("name", f"v{number}"))
        item.append(Node("ward", f"w{number % 500}"))
        if number % 2:
            item.append(Node("even", "no"))
    return document(root)


@pytest.fixture
def villages(world: World, many_rows: Node) -> Scope:
    """Give a scope with a large secondary instance at hand."""
    world.instance = {"villages": many_rows}.get
    return Scope(world, world.root.children[0])


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("[ward = 'w7']", 100),
        ("[ward = /data/region]", 0),
        ("[ward = 'w7' and name = 'v507']", 1),
        ("[ward = 'w7'][2]", 1),
        ("[ward = current()/region]", 0),
        ("[even = '']", 25_000),
        ("['w8' = ward and even = '']", 100),
        ("[name = 'v49999']", 1),
    ],
)
def test_rows_are_found_among_very_many(villages: Scope, condition: str, count: int) -> None:
    """Rows of a large secondary instance are found by a column within the budget."""
    expression = compile_expression(f"count(instance('villages')/root/item{condition})")
    assert expression.number(villages) == count


@pytest.mark.parametrize("region", ["w7", "", "x"])
@pytest.mark.parametrize(
    "condition",
    [
        "[ward = {}]",
        "[{} = even and ward != 'w9']",
        "[ward = {}][position() > 1]",
        "[even = {}][last()]",
    ],
)
def test_looking_up_equals_looking_at_each_row(world: World, condition: str, region: str) -> None:
    """A lookup finds the rows, in the order, that comparing every row finds."""
    root = Node("root")
    for number in range(60):
        item = root.append(Node("item"))
        item.append(Node("ward", f"w{number % 10}"))
        for _ in range(number % 3):
            item.append(Node("even", ("", "w7", "x")[number % 4 % 3]))
    world.instance = {"t": document(root)}.get
    world.root.children[0].named["region"][0].text = region
    scope = Scope(world, world.root.children[0])
    found = [
        compile_expression(f"instance('t')/root/item{condition.format(value)}").nodes(scope)
        for value in ("/data/region", "concat(/data/region, '')")
    ]
    assert found[0] == found[1]


def test_primary_instance_is_never_indexed(world: World, home: Node) -> None:
    """A form that names its own instance sees its answers as they change."""
    world.instance = {"form": home}.get
    scope = Scope(world, home.children[0])
    expression = compile_expression("string(instance('form')/data/child[name = 'Zuri']/age)")
    assert expression.string(scope) == ""
    home.children[0].named["child"][0].named["name"][0].text = "Zuri"
    assert expression.string(scope) == "4"
