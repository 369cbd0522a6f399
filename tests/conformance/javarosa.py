"""What JavaRosa (ODK Collect) gives where the recorded engine gives something else.

Nothing here is the engine under test: paths are rewritten as JavaRosa's source rewrites them, and
libxml2 works out the rest over the recorded XML. What this cannot work out excuses nothing.

Four rules, with where they stand in getodk/javarosa (src/main/java/org/javarosa/…):

- *A path means this instance*: `contextualize` of core/model/instance/TreeReference.java gives the
  steps that an absolute path shares with the context the context's own positions.
- *A blank index means the first instance*: `indexedRepeat` of xpath/expr/XPathFuncExpr.java takes
  every index below 1 for 1, and `intValue()` of NaN is 0.
- *A sum of nothing is 0*: `sum` of XPathFuncExpr.java begins at 0 and passes over NaN.
- *A bare blank node is false*: `eval` of xpath/XPathConditional.java is `toBoolean` of the unpacked
  value, and a blank node unpacks to "".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml import etree

from conversations.xform.form import Form

Lineage: TypeAlias = tuple[tuple[str, int], ...]

_BARE_PATH = re.compile(r"\s*[\w./:-]+\s*")
_NAME = r"(?:[\w.-]+:)?[\w.-]+"
_PART = re.compile(
    rf"""(?P<text>"[^"]*"|'[^']*')
      | (?P<indexed>indexed-repeat\s*\()
      | (?P<own>(?<![\w.-])(?:sum|if)\s*\()
      | (?P<absolute>(?<![\w\]).*])(?:/{_NAME})+)
      | (?P<other>[\w.-]+|.)""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = "urn:javarosa"


@dataclass(frozen=True)
class Rules:
    """The paths of a form to which a rule may apply, with their expressions.

    `calculations` read their own repeat by an absolute path, call indexed-repeat() or sum();
    `conditions` are a bare path as `relevant`.
    """

    calculations: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)


def rules_of(form: Form) -> Rules:
    """Find the paths of a form to which a rule may apply."""
    return Rules(
        {
            path: bind.calculate.text
            for path, bind in form.binds.items()
            if bind.calculate is not None
            and (
                bind.calculate.functions & {"indexed-repeat", "sum"}
                or any(
                    location.absolute and _into_own_repeat(form, path, location.names)
                    for location in bind.calculate.paths
                )
            )
        },
        {
            path: bind.relevant.text.strip()
            for path, bind in form.binds.items()
            if bind.relevant is not None and _BARE_PATH.fullmatch(bind.relevant.text)
        },
    )


def _into_own_repeat(form: Form, path: str, names: tuple[str, ...]) -> bool:
    own = path.split("/")[1:]
    shared = 0
    while shared < min(len(own), len(names)) and own[shared] == names[shared]:
        shared += 1
    prefixes = ("/" + "/".join(own[:size]) for size in range(1, shared + 1))
    return any(form.plan.places[prefix].repeat for prefix in prefixes)


class Reading:
    """One recorded state, read by the rules."""

    def __init__(self, rules: Rules, xml: str) -> None:
        self._rules = rules
        self._root = _plain(etree.fromstring(xml.encode()))
        off = dict(self._blank_conditions())
        self._off = frozenset(off)
        for element in off.values():
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    def _blank_conditions(self) -> Iterator[tuple[Lineage, etree._Element]]:
        for path, condition in self._rules.conditions.items():
            for element in self._root.getroottree().xpath(path):
                at = _lineage(element)
                if self._worked_out(_rewritten(condition, at, self), at) == "":
                    yield at, element

    def is_off(self, at: Lineage) -> bool:
        """Whether a node is not relevant because a bare path it depends on is blank."""
        return any(at[:size] in self._off for size in range(1, len(at) + 1))

    def value(self, at: Lineage) -> str | None:
        """Work out a calculation; None where no rule is about it, or it cannot be worked out."""
        text = self._rules.calculations.get(_path(at))
        return None if text is None else self._worked_out(_rewritten(text, at, self), at)

    def index(self, text: str, at: Lineage) -> int:
        """Work out an index of indexed-repeat()."""
        found = self._worked_out(f"number({_rewritten(text, at, self)})", at)
        return max(int(float(found)), 1) if found else 1

    def _worked_out(self, text: str, at: Lineage) -> str | None:
        found = self._root.getroottree().xpath(_written(at))
        if not isinstance(found, list) or len(found) != 1:
            return None
        try:
            evaluate = etree.XPathElementEvaluator(
                found[0], namespaces={"j": _SPACE}, extensions=_FUNCTIONS
            )
            value = str(evaluate(f"string({text})"))
        except etree.XPathError:
            return None
        return "" if value == "NaN" else value


def lineage(reference: str) -> Lineage:
    """Split a reference into names and positions.

    >>> lineage("/data/child[2]/name")
    (('data', 1), ('child', 2), ('name', 1))
    """
    steps = (step.rstrip("]").partition("[") for step in reference.split("/")[1:])
    return tuple((name, int(position or 1)) for name, _, position in steps)


def _path(at: Lineage) -> str:
    return "".join(f"/{name}" for name, _ in at)


def _written(at: Lineage) -> str:
    return "".join(f"/{name}[{position}]" for name, position in at)


def _plain(element: etree._Element) -> etree._Element:
    """Copy an element by local names."""
    copy = etree.Element(etree.QName(element).localname)
    inner = [child for child in element if isinstance(child.tag, str)]
    copy.text = None if inner else element.text
    copy.extend(_plain(child) for child in inner)
    return copy


def _lineage(element: etree._Element) -> Lineage:
    line = []
    for one in (element, *element.iterancestors()):
        name = str(one.tag)
        line.append((name, 1 + sum(1 for _ in one.itersiblings(name, preceding=True))))
    return tuple(reversed(line))


# Rewriting


def _rewritten(text: str, at: Lineage, reading: Reading) -> str:
    """Rewrite an expression so that plain XPath means by it what JavaRosa does."""
    return "".join(_parts(text, at, reading))


def _parts(text: str, at: Lineage, reading: Reading) -> Iterator[str]:
    start = 0
    while match := _PART.match(text, start):
        start = match.end()
        match match.lastgroup:
            case "indexed":
                end = _closing(text, start)
                yield _indexed(_arguments(text[start:end]), at, reading)
                start = end + 1
            case "own":
                yield f"j:{match[0]}"
            case "absolute":
                yield _bound(_names(match[0], at), at, {})
            case _:
                yield match[0]


def _indexed(arguments: list[str], at: Lineage, reading: Reading) -> str:
    question, *pairs = arguments
    places = {
        len(_names(group, at)) - 1: reading.index(index, at)
        for group, index in zip(pairs[::2], pairs[1::2], strict=True)
    }
    return _bound(_names(question, at), at, places)


def _names(path: str, at: Lineage) -> list[str]:
    steps = [step.rpartition(":")[2] for step in path.strip().split("/")]
    names = [] if path.strip().startswith("/") else [name for name, _ in at]
    for step in steps:
        if step == "..":
            names.pop()
        elif step not in ("", "."):
            names.append(step)
    return names


def _bound(names: list[str], at: Lineage, places: dict[int, int]) -> str:
    """Write an absolute path with the positions it shares with the context, or is given."""
    shared = True
    steps = []
    for depth, name in enumerate(names):
        shared = shared and depth < len(at) and at[depth][0] == name
        position = places.get(depth) or (at[depth][1] if shared else 0)
        steps.append(f"/{name}[{position}]" if position else f"/{name}")
    return "".join(steps)


def _closing(text: str, start: int) -> int:
    depth = 1
    for match in re.compile(r""""[^"]*"|'[^']*'|[()]""").finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return len(text)


def _arguments(text: str) -> list[str]:
    depth = 0
    found = [""]
    for part in re.findall(r""""[^"]*"|'[^']*'|.""", text, re.DOTALL):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part, 0)
        if part == "," and not depth:
            found.append("")
        else:
            found[-1] += part
    return found


# Functions


def _sum(_context: object, nodes: list[etree._Element]) -> float:
    numbers = (_number(node.text or "") for node in nodes)
    return sum(number for number in numbers if not math.isnan(number))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _if(_context: object, condition: object, then: object, otherwise: object) -> object:
    return then if condition else otherwise


_FUNCTIONS: dict[tuple[str | None, str], Callable[..., Any]] = {
    (_SPACE, "sum"): _sum,
    (_SPACE, "if"): _if,
}
