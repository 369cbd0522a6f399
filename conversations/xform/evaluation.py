"""Expressions and texts of one instance: evaluated where they stand, in the current language.

An expression without a value for these answers (a digest of an unknown kind, a list too long to
search) counts as blank, so that a chat goes on; `troubles` then says so for the form's author.
Random draws are drawn from the seed, the node and what is worked out there, so that the same
answers always lead to the same instance.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from conversations.xform import or_other
from conversations.xform.form import (
    Computed,
    Element,
    FixedChoice,
    Form,
    Itemset,
    Piece,
    Plain,
    Question,
    TextForms,
    Translated,
    TranslatedBy,
    Wording,
)
from conversations.xform.preloads import property_of
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.sources import blank as blank_source
from conversations.xform.sources import one_row
from conversations.xform.standing import NO_CHOICES, Choice, Choices, Media, Surroundings
from conversations.xform.tree import nodes_of
from conversations.xform.values import from_number
from conversations.xform.xml import parse, read_nodes
from conversations.xpath import (
    VISITS_MAX,
    Expression,
    Node,
    Scope,
    Value,
    World,
    path_of,
)
from conversations.xpath.errors import EvaluationError
from conversations.xpath.values import text_from_number

_T = TypeVar("_T")
_MISSING = "-"


class Evaluator:
    """Evaluate the expressions of one instance over its tree."""

    def __init__(self, form: Form, top: Node, surroundings: Surroundings) -> None:
        """Stand on the document node of an instance."""
        self._form, self._top = form, top
        self.troubles: dict[str, FormProblem] = {}
        self.visits = 0
        self._draws: random.Random | None = None
        self._drawn_at, self._drawn_for = top, ""
        self._last_saved: Node | None = None
        self._beside: dict[str, Node] = {}
        self._chain: tuple[str, ...] = ()
        self.world = World(
            root=top,
            now=surroundings.now,
            instance=self._instance,
            itext=self._text_by_id,
            choice_label=self._choice_label,
            random=self._draw,
            version=form.version,
            property=self._property,
        )
        self.surroundings = surroundings

    @property
    def surroundings(self) -> Surroundings:
        """Return what is known of the world."""
        return self._surroundings

    @surroundings.setter
    def surroundings(self, surroundings: Surroundings) -> None:
        chain = (surroundings.language, *surroundings.stand_ins)
        if chain != self._chain:
            self._chain, self._languages = chain, self._form.spoken(*chain)
        self._surroundings = surroundings
        self._beside.clear()
        self.world.now = surroundings.now
        if surroundings.month_names:
            self.world.month_name = lambda month: surroundings.month_names[month - 1]
        if surroundings.day_names:
            self.world.day_name = lambda day: surroundings.day_names[day]

    def let_go(self) -> None:
        """Ask nothing any more: the world that expressions see leads back here."""
        del self.world

    def boolean(self, expression: Expression, node: Node) -> bool:
        """Evaluate a condition at a node; False where it has no value."""
        return self._guarded(expression.boolean, expression, node, otherwise=False)

    def number(self, expression: Expression, node: Node) -> float:
        """Evaluate a number at a node; NaN where it has no value."""
        return self._guarded(expression.number, expression, node, otherwise=math.nan)

    def nodes(self, expression: Expression, node: Node) -> list[Node]:
        """Evaluate a node-set at a node; none where it has no value."""
        return self._guarded(expression.nodes, expression, node, otherwise=[])

    def string(self, expression: Expression, node: Node) -> str:
        """Evaluate a text at a node; blank where it has no value."""
        return self._guarded(expression.string, expression, node, otherwise="")

    def written(self, expression: Expression, node: Node, type_: str, occasion: str = "") -> str:
        """Evaluate at a node what will be kept there, in the lexical form of its bind type.

        `occasion` tells two draws of chance at the same node apart.
        """
        self._drawn_for = occasion
        blank: Value = ""
        value = self._guarded(expression.value, expression, node, otherwise=blank)
        match value:
            case str():
                return value
            case bool():
                return "true" if value else "false"
            case float():
                text = from_number(type_, value)
                return text_from_number(value) if text is None else text
            case _:
                return value[0].string() if value else ""

    def _guarded(
        self,
        evaluate: Callable[[Scope], _T],
        expression: Expression,
        node: Node,
        *,
        otherwise: _T,
    ) -> _T:
        self._draws, self._drawn_at = None, node
        scope = Scope(self.world, node)
        try:
            return evaluate(scope)
        except EvaluationError as error:
            what = f"“{expression.text[:200]}” has no value: {error}."
            self.troubles.setdefault(what, FormProblem(what, "", "survey", None, node.name))
            return otherwise
        finally:
            self.visits += VISITS_MAX - max(scope.left, 0)

    def _property(self, name: str) -> str:
        return property_of(name, self._surroundings) or ""

    def _draw(self) -> float:
        if self._draws is None:
            place = path_of(self._drawn_at)
            key = f"{self._surroundings.seed} {place} {self._drawn_for}"
            self._draws = random.Random(key)  # noqa: S311 - repeatable on purpose, guards nothing.
        return self._draws.random()

    def _instance(self, instance_id: str) -> Node | None:
        row = self._surroundings.beside.get(instance_id)
        if row is not None:
            return self._beside.setdefault(instance_id, one_row(row))
        if instance_id not in self._form.last_saved:
            return self._form.instances.get(instance_id)
        if self._last_saved is None:
            self._last_saved = _read_last_saved(self._surroundings.last_saved)
        return self._last_saved

    # Texts

    def text(self, wording: Wording | None, node: Node, form: str = "long") -> str | None:
        """Return a text at a node in the current language, outputs filled in; None for none."""
        match wording:
            case None:
                return None
            case Plain(pieces):
                return self._joined(pieces, node) if form == "long" else None
            case Computed(expression):
                return self.string(expression, node) if form == "long" else None
            case Translated(text_id):
                pieces_found = self._pieces(text_id, form)
            case TranslatedBy(expression):
                pieces_found = self._pieces(self.string(expression, node), form)
        return None if pieces_found is None else self._joined(pieces_found, node)

    def bare_text(self, wording: Wording | None) -> str | None:
        """Return a text with nothing where outputs stand, such as "Child" of "Child ${name}"."""
        match wording:
            case Plain(pieces):
                own: tuple[Piece, ...] | None = pieces
            case Translated(text_id):
                own = self._pieces(text_id, "long")
            case _:
                own = None
        if own is None:
            return None
        return "".join(piece for piece in own if isinstance(piece, str)).strip()

    def media(self, wording: Wording | None, node: Node) -> Media:
        """Return the names of the files that go with a text."""
        match wording:
            case Translated(text_id):
                own = text_id
            case TranslatedBy(expression):
                own = self.string(expression, node)
            case _:
                return _NO_MEDIA
        if not self._has_files(own):
            return _NO_MEDIA  # Nearly all texts, without asking for each kind of file.
        return Media(
            image=self._file(wording, node, "image"),
            big_image=self._file(wording, node, "big-image"),
            audio=self._file(wording, node, "audio"),
            video=self._file(wording, node, "video"),
        )

    def _has_files(self, text_id: str) -> bool:
        """Tell whether a text has other forms than the words themselves."""
        return any(self._forms(one, text_id).keys() - _WORDS for one in self._languages)

    def _file(self, wording: Wording, node: Node, form: str) -> str:
        return (self.text(wording, node, form) or "").rpartition("/")[2]

    def _joined(self, pieces: tuple[Piece, ...], node: Node) -> str:
        if len(pieces) == 1 and isinstance(pieces[0], str):
            return pieces[0].strip()
        parts = (piece if isinstance(piece, str) else self.string(piece, node) for piece in pieces)
        # pyxform puts blanks around every text with outputs.
        return "".join(parts).strip()

    def _pieces(self, text_id: str, form: str) -> tuple[Piece, ...] | None:
        """Find a text in the first language that has it; the form's default language is the last.

        pyxform writes a dash where a translation is missing.
        """
        for language in self._languages:
            said = self._forms(language, text_id).get(form)
            if said is not None and said != (_MISSING,):
                return said
        return self._forms(self._languages[0], text_id).get(form)

    def _forms(self, language: str, text_id: str) -> TextForms:
        return self._form.texts.get(language, _NO_TEXTS).get(text_id, _NO_FORMS)

    def _text_by_id(self, text_id: str) -> str:
        pieces = self._pieces(text_id, "long")
        return "" if pieces is None else self._joined(pieces, self._top.children[0])

    # Choices

    def choices(self, question: Question, node: Node) -> Choices:
        """Return the choices a question offers at its node, in order."""
        match question.choices:
            case None:
                return NO_CHOICES
            case Itemset(nodes, name, label) as itemset:
                items = self.nodes(nodes, node)
                return Choices(
                    len(items),
                    lambda at: self._choice(
                        question, self.string(name, items[at]), label, items[at]
                    ),
                    lambda: tuple(self._item_names(name, items)),
                    lambda: tuple(self._item_labels(question, itemset, items)),
                )
            case fixed:
                return Choices(
                    len(fixed),
                    lambda at: self._choice(question, fixed[at].name, fixed[at].label, node),
                    lambda: tuple(one.name for one in fixed),
                    lambda: tuple(
                        self._label(question, one.name, one.label, node) for one in fixed
                    ),
                )

    def _choice(self, question: Question, name: str, label: Wording | None, node: Node) -> Choice:
        shown = self._label(question, name, label, node)
        return Choice(name, shown, self.media(label, node))

    def names(self, question: Question, node: Node) -> frozenset[str]:
        """Return the names of the choices a question offers at its node."""
        match question.choices:
            case None:
                return frozenset()
            case Itemset() as itemset:
                items = self.nodes(itemset.nodes, node)
                return frozenset(self._item_names(itemset.name, items))
            case fixed:
                return frozenset(one.name for one in fixed)

    def _item_names(self, name: Expression, items: list[Node]) -> list[str]:
        column = _column_of(name)
        if column is not None:  # The usual case, spelled out for lists of thousands.
            return [_cell(item, column) for item in items]
        return [self.string(name, item) for item in items]

    def _item_labels(self, question: Question, itemset: Itemset, items: list[Node]) -> list[str]:
        names = self._item_names(itemset.name, items)
        match itemset.label:
            case Computed(expression) if column := _column_of(expression):
                texts = [_cell(item, column) for item in items]
            case TranslatedBy(expression) if column := _column_of(expression):
                ids = [_cell(item, column) for item in items]
                pieces = [self._pieces(text_id, "long") or () for text_id in ids]
                found = zip(pieces, items, strict=True)
                texts = [self._joined(some, item) for some, item in found]
            case label:
                texts = [self.text(label, item) or "" for item in items]
        if or_other.NAME not in names[-1:]:
            return texts
        return [*texts[:-1], self._worded(question, names[-1], texts[-1])]

    def _label(self, question: Question, name: str, wording: Wording | None, node: Node) -> str:
        return self._worded(question, name, self.text(wording, node) or "")

    def _worded(self, question: Question, name: str, text: str) -> str:
        """Put the person's word for the last choice in its place, where `or_other` wrote it."""
        if name == or_other.NAME and text == or_other.LABEL:
            own = or_other.adds_other(self._form, question)
            return (own and self._surroundings.other) or text
        return text

    def label(self, element: Element, node: Node) -> str | None:
        """Return the label of an element at its node; None for none."""
        if or_other.asks_what_else(element) and self._surroundings.specify_other:
            return self._surroundings.specify_other
        return self.text(element.label, node)

    def _choice_label(self, value: str, path: str, node: Node) -> str:
        for question, place in self._asked_at(path, node):
            for name, wording, item in self._items(question, place):
                if name == value:
                    return self._label(question, name, wording, item)
        return value

    def _asked_at(self, path: str, node: Node) -> Iterator[tuple[Question, Node]]:
        question = self._form.elements.get(path)
        if isinstance(question, Question):
            yield question, nearest(self._form, node, path)

    def _items(self, question: Question, node: Node) -> Iterator[tuple[str, Wording | None, Node]]:
        match question.choices:
            case Itemset() as itemset:
                for item in self.nodes(itemset.nodes, node):
                    yield self.string(itemset.name, item), itemset.label, item
            case tuple() as fixed:
                for one in fixed:
                    assert isinstance(one, FixedChoice)  # noqa: S101 - the union's other part.
                    yield one.name, one.label, node
            case None:
                return


def _column_of(expression: Expression) -> str | None:
    """Return the column an expression reads from a row, if it is the name of one and no more."""
    return expression.text if expression.text.isidentifier() else None


def _cell(row: Node, column: str) -> str:
    found = row.named.get(column)
    return found[0].string() if found else ""


_NO_MEDIA = Media()
_WORDS = frozenset({"long", "short", "guidance"})
_NO_TEXTS: Mapping[str, TextForms] = {}
_NO_FORMS: TextForms = {}


def nearest(form: Form, node: Node, path: str) -> Node:
    """Return the node of a path nearest to another: in the same repeat instances as that one."""
    names = form.plan.places[path].names
    lineage = _lineage(node)
    at = 0
    while at < min(len(names), len(lineage)) and lineage[at].name == names[at]:
        at += 1
    found = nodes_of(lineage[at - 1], names[at:]) if at else []
    return found[0] if found else node


def _lineage(node: Node) -> list[Node]:
    line = []
    current: Node | None = node
    while current is not None and current.parent is not None:
        line.append(current)
        current = current.parent
    return line[::-1]


def _read_last_saved(xml: str | None) -> Node:
    if not xml:
        return blank_source()
    try:
        return read_nodes(parse(xml, "The last submission"))
    except FormError:
        return blank_source()
