"""Where each question stands in the form's order, worked out once a form.

A repeat is one place however often it is asked, with all that is in it. Notes, and the headings of
tables, are none: nobody has to do anything there. What is relevant plays no part, since the answers
that decide about it are not there yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from conversations.xform.form import Element, Group, Order, Question, Repeat


def order_of(body: Iterable[Element]) -> Order:
    """Find the places of a form's questions."""
    shared = tuple(_places(body))
    places = {path: place for place, paths in enumerate(shared) for path in paths}
    return Order(places, len(shared))


def _places(elements: Iterable[Element]) -> Iterator[tuple[str, ...]]:
    """Yield the paths that share a place, place by place."""
    for element in elements:
        match element:
            case Question() if is_asked(element):
                yield (element.path,)
            case Group():
                yield from _places(element.children)
            case Repeat():
                yield (element.path, *chain.from_iterable(_places(element.children)))
            case Question():
                pass


def is_asked(question: Question) -> bool:
    """Tell whether a question waits for an answer: a note does not, nor what heads a table."""
    return question.kind != "note" and not heads_columns(question)


def heads_columns(question: Question) -> bool:
    """Tell whether a question only heads the columns of a table, as `table-list` groups have it."""
    return "label" in question.appearance and question.control in {"select", "select1"}
