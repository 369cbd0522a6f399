"""What an author should mend in a form that works: warnings, each with a name to find its row by.

Nothing here refuses a form. The rules:

    translations    a text that one language has and another lacks, counted by language
    buttons         a choice whose label does not fit on a button of a small phone
    offers          a choice list no question uses; a choice its list's filter never lets through
    conditions      an answer is compared with a choice that its question does not have, or a
                    default is none of them
    names           a question, list or column that the form does not have (`unknowns`)
    types           a comparison or a default that does not fit its question (`mismatches`)
    contradictions  a constraint that no answer meets, a range without steps (`contradictions`)
    reach           a question that nobody is ever asked (`reach`)

Where a rule cannot be sure, it says nothing.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from conversations.xform.contradictions import contradictions
from conversations.xform.form import (
    Form,
    Itemset,
    ModelNode,
    Plain,
    Question,
    Translated,
    TranslatedBy,
    Wording,
)
from conversations.xform.languages import NO_LANGUAGE
from conversations.xform.mismatches import mismatches
from conversations.xform.offered import cell, items_of, names_offered
from conversations.xform.problems import FormProblem
from conversations.xform.reach import unreachable
from conversations.xform.unknowns import unknown_names
from conversations.xpath import Expression

BUTTON_CHARACTERS_MAX: Final = 40
"""About two lines of a button on a small phone."""
SAME_ADVICE_MAX: Final = 10
"""Of one kind for one list or language; an author mends a column, not a hundred cells."""
LIST_LENGTH_MAX: Final = 500
"""A longer list is searched by typing, never shown as buttons at once."""

_EQUALS: Final = re.compile(
    r"(?<![\w/\]])(/[\w./\-]+|\.\./[\w./\-]+)\s*!?=\s*(?:'([^']*)'|\"([^\"]*)\")"
)
_SELECTED: Final = re.compile(
    r"selected\(\s*(/[\w./\-]+|\.\./[\w./\-]+)\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)"
)
_COLUMN_IS_ANSWER: Final = re.compile(r"^([\w\-]+)\s*=\s*(/[\w./\-]+|current\(\)/\.\./[\w./\-]+)$")


def advise(form: Form, *, whole: bool = True) -> tuple[FormProblem, ...]:
    """Return what an author should mend, in the order of the rules above.

    A form that is not `whole` lacks what could not be read, which may be what uses a list.
    """
    return (
        *_missing_translations(form),
        *_long_labels(form),
        *(_unused_lists(form) if whole else ()),
        *_choices_never_offered(form),
        *_conditions(form),
        *_defaults(form, form.model),
        *unknown_names(form),
        *mismatches(form),
        *contradictions(form),
        *unreachable(form),
    )


def _warn(what: str, mend: str, name: str = "") -> FormProblem:
    return FormProblem(what, mend, name=name or None, level="warning")


def _warn_of_choice(what: str, mend: str, list_name: str, name: str = "") -> FormProblem:
    named = f"{list_name}/{name}" if name else list_name
    sheet = None if list_name.startswith("/") else "choices"
    return FormProblem(what, mend, sheet=sheet, name=named, level="warning")


# Translations


def _missing_translations(form: Form) -> Iterator[FormProblem]:
    """Count per language the texts that some other language has; `-` is what pyxform puts there.

    Texts without a language are none to translate into: they are what some other lacks.
    """
    wanted = {
        (text_id, kind): None
        for texts in form.texts.values()
        for text_id, forms in texts.items()
        for kind, pieces in forms.items()
        if _says_something(pieces)
    }
    for language, texts in form.texts.items():
        if language == NO_LANGUAGE:
            continue
        missing = [
            (text_id, kind)
            for text_id, kind in wanted
            if not _says_something(texts.get(text_id, {}).get(kind, ()))
        ]
        if missing:
            what = f"Not translated into {language}: {len(missing)} of {len(wanted)} texts, first"
            mend = f"Fill in the columns that end in ::{language}."
            yield _untranslated(form, missing[0][0], what, mend)


def _says_something(pieces: Sequence[object]) -> bool:
    return any(not isinstance(piece, str) or piece.strip() not in {"", "-"} for piece in pieces)


def _untranslated(form: Form, text_id: str, what: str, mend: str) -> FormProblem:
    """Tell which question or choice a text belongs to, by the id pyxform gives it."""
    if text_id.startswith("/"):
        path, _, part = text_id.rpartition(":")
        part = part.removeprefix("jr:").replace("Msg", " message")
        return _warn(f"{what} the {part} of {path.rpartition('/')[2]}.", mend, path)
    list_name = text_id.rpartition("-")[0]
    item = next((one for one in items_of(form, list_name) if cell(one, "itextId") == text_id), None)
    name = cell(item, "name") if item is not None else ""
    label = f"the label of the choice {name}" if name else f"the label of a choice of {list_name}"
    return _warn_of_choice(f"{what} {label}.", mend, list_name, name)


# Buttons


def _long_labels(form: Form) -> Iterator[FormProblem]:
    for list_name, labels in _labels_by_list(form).items():
        long = [(name, label) for name, label in labels if len(label) > BUTTON_CHARACTERS_MAX]
        if long and len(labels) <= LIST_LENGTH_MAX:
            name, label = long[0]
            others = f" (and {len(long) - 1} more of this list)" if len(long) > 1 else ""
            what = f"This label is long for a button of a small phone: '{label}'{others}."
            mend = f"Say it in at most {BUTTON_CHARACTERS_MAX} characters."
            yield _warn_of_choice(what, mend, list_name, name)


def _labels_by_list(form: Form) -> dict[str, list[tuple[str, str]]]:
    """Return the names and labels of all choices that are asked, in every language."""
    found: dict[str, list[tuple[str, str]]] = {}
    for question in _selects(form):
        match question.choices:
            case Itemset(nodes=nodes) as itemset:
                for list_name in nodes.instances - found.keys():
                    found[list_name] = _item_labels(form, itemset, list_name)
            case tuple() as choices:
                found[question.path] = [
                    (choice.name, label)
                    for choice in choices
                    for label in _wordings(form, choice.label)
                ]
            case None:
                pass
    return found


def _selects(form: Form) -> Iterator[Question]:
    for element in form.elements.values():
        if isinstance(element, Question) and element.choices is not None:
            yield element


def _item_labels(form: Form, itemset: Itemset, list_name: str) -> list[tuple[str, str]]:
    translated = isinstance(itemset.label, TranslatedBy)
    return [
        (cell(item, "name"), label)
        for item in items_of(form, list_name)
        for label in (
            _translations(form, cell(item, "itextId")) if translated else (cell(item, "label"),)
        )
    ]


def _wordings(form: Form, wording: Wording | None) -> Iterator[str]:
    match wording:
        case Plain(pieces=pieces):
            yield "".join(piece for piece in pieces if isinstance(piece, str))
        case Translated(text_id=text_id):
            yield from _translations(form, text_id)
        case _:
            pass


def _translations(form: Form, text_id: str) -> Iterator[str]:
    for texts in form.texts.values():
        pieces = texts.get(text_id, {}).get("long", ())
        yield "".join(piece for piece in pieces if isinstance(piece, str))


# Offers


def _unused_lists(form: Form) -> Iterator[FormProblem]:
    used = {name for expression in _expressions(form) for name in expression.instances}
    used |= {row.get("choices", "") for row in form.extras.get("validations", ())}
    for list_name in form.instances:
        if list_name not in used and items_of(form, list_name):
            yield _warn_of_choice(
                "No question uses this list.", "Ask it, or take it out.", list_name
            )


def _expressions(form: Form) -> Iterator[Expression]:
    for bind in form.binds.values():
        properties = (bind.relevant, bind.required, bind.readonly, bind.constraint, bind.calculate)
        yield from (expression for expression in properties if expression is not None)
    for set_value in form.set_values:
        if set_value.value is not None:
            yield set_value.value
    for question in _selects(form):
        if isinstance(question.choices, Itemset):
            yield question.choices.nodes
    for texts in form.texts.values():
        for forms in texts.values():
            for pieces in forms.values():
                yield from (piece for piece in pieces if not isinstance(piece, str))


def _choices_never_offered(form: Form) -> Iterator[FormProblem]:
    """Look at filters of the form `column = answer`, the answer being one of a known list."""
    for question in _selects(form):
        if not isinstance(question.choices, Itemset) or len(question.choices.nodes.instances) != 1:
            continue
        (list_name,) = question.choices.nodes.instances
        found = _COLUMN_IS_ANSWER.match(_only_filter(question.choices.nodes.text))
        known = names_offered(form, _absolute(found[2], question.path)) if found else None
        if found and known and any(found[1] in item.named for item in items_of(form, list_name)):
            lost = [item for item in items_of(form, list_name) if cell(item, found[1]) not in known]
            for item in lost[:SAME_ADVICE_MAX]:
                name, value = cell(item, "name"), cell(item, found[1])
                what = f"The choice '{name}' is never offered: {found[1]} is '{value}'."
                mend = _did_you_mean(value, known, f"Write one of the choices of {found[2]}.")
                yield _warn_of_choice(what, mend, list_name, name)


def _only_filter(nodes: str) -> str:
    found = re.fullmatch(r"instance\('[^']*'\)/root/item\[([^\[\]]*)\]", nodes.strip())
    return found[1].strip() if found else ""


def _absolute(path: str, question: str) -> str:
    steps = path.removeprefix("current()/").split("/")
    if steps[0] == "":
        return path
    base = question.split("/")
    while steps and steps[0] == "..":
        base.pop()
        steps.pop(0)
    return "/".join((*base, *steps))


def _did_you_mean(word: str, known: Sequence[str], otherwise: str) -> str:
    near = difflib.get_close_matches(word[:60], known[:LIST_LENGTH_MAX], n=1)
    return f"Did you mean '{near[0]}'?" if near else otherwise


# Conditions


def _conditions(form: Form) -> Iterator[FormProblem]:
    for path, bind in form.binds.items():
        columns: Mapping[str, Expression | None] = {
            "relevant": bind.relevant,
            "constraint": bind.constraint,
            "required": bind.required,
            "calculation": bind.calculate,
        }
        for column, expression in columns.items():
            if expression is not None:
                yield from unknown_choices(form, path, column, expression.text)


def unknown_choices(form: Form, path: str, column: str, text: str) -> Iterator[FormProblem]:
    """Yield where an expression at a path compares an answer with what it cannot be."""
    for found in (*_EQUALS.finditer(text), *_SELECTED.finditer(text)):
        asked = _absolute(found[1].rstrip("/"), path)
        written = found[2] if found[2] is not None else found[3]
        known = names_offered(form, asked)
        if known is not None and written and written not in known:
            name = asked.rpartition("/")[2]
            what = f"{column} compares {name} with '{written}', which is none of its choices."
            yield _warn(what, _did_you_mean(written, known, "Write a choice's name."), path)


def _defaults(form: Form, node: ModelNode) -> Iterator[FormProblem]:
    """Look at the defaults of selects that are written out, not worked out."""
    known = names_offered(form, node.path) or ()
    for name in node.text.split() if known else ():
        if name not in known:
            what = f"The default '{name}' is none of the choices."
            yield _warn(what, _did_you_mean(name, known, "Write a choice's name."), node.path)
    for child in node.children:
        yield from _defaults(form, child)


# Questions


def asks_nothing(form: Form) -> FormProblem | None:
    """Say that a form has no question; a warning where it has at least something to read."""
    kinds = {one.kind for one in form.elements.values() if isinstance(one, Question)}
    if kinds - {"note"}:
        return None
    if kinds:
        what = "Nobody is asked anything: there are only notes."
        return FormProblem(what, "Add a question, such as a row of type text.", level="warning")
    what = "This form has no question."
    return FormProblem(what, "Write one on the sheet survey: a type, a name and a label.", "survey")
