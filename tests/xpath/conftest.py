"""A small household form to run expressions over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.xpath import Node, Scope, World, compile_expression, document


def element(name: str, *children: Node, text: str = "") -> Node:
    """Make an element with children."""
    node = Node(name, text)
    for child in children:
        node.append(child)
    return node


def child(name: str, age: str, *toys: str) -> Node:
    """Make one instance of the repeat `child`, with its nested repeat `toy`."""
    node = element("child", element("name", text=name), element("age", text=age))
    for toy in toys:
        node.append(element("toy", element("what", text=toy))).repeated = True
    node.repeated = True
    return node


def choices(*rows: dict[str, str]) -> Node:
    """Make a secondary instance from rows."""
    items = [element("item", *[element(k, text=v) for k, v in row.items()]) for row in rows]
    return document(element("root", *items))


@pytest.fixture
def home() -> Node:
    """Give the document of a form with two children who have toys."""
    return document(
        element(
            "data",
            element("region", text="north"),
            element("blank"),
            element("sources", text="well river"),
            element("day", text="2026-03-01"),
            child("Amina", "4", "ball", "doll"),
            child("Baraka", "9", "drum"),
            element("group", element("a", text="1"), element("b", text="2")),
        )
    )


@pytest.fixture
def world(home: Node) -> World:
    """Give the world around the form: Nairobi, an afternoon of 2026."""
    towns = choices(
        {"name": "a", "region": "north", "label": "Alpha"},
        {"name": "b", "region": "south", "label": "Beta"},
        {"name": "c", "region": "north", "label": "Gamma"},
    )
    return World(
        root=home,
        now=datetime(2026, 11, 22, 16, 30, 15, 250_000, tzinfo=ZoneInfo("Africa/Nairobi")),
        instance={"towns": towns}.get,
        itext=lambda text_id: f"<{text_id}>",
        choice_label=lambda value, path, _node: f"{path}:{value}",
        month_name=lambda month: f"m{month}",
        day_name=lambda day: f"d{day}",
        random=iter([0.1, 0.9, 0.3, 0.7] * 50).__next__,
        version="7",
    )


@pytest.fixture
def ask(world: World) -> Callable[..., float | str | bool | list[str]]:
    """Give a function that evaluates an expression, seen from a node (the root element if none)."""

    def evaluate(text: str, node: Node | None = None) -> float | str | bool | list[str]:
        at = world.root.children[0] if node is None else node
        value = compile_expression(text).value(Scope(world, at))
        return [found.text for found in value] if isinstance(value, list) else value

    return evaluate


@pytest.fixture(scope="module")
def scope() -> Scope:
    """Give a scope at a question of a small form, for tests that draw their own examples."""
    age = element("age", text="4")
    root = document(element("data", element("name", text="Amina"), age, element("a-b")))
    return Scope(World(root, datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Africa/Nairobi"))), age)
