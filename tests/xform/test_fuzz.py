"""Forms and expressions that are broken at random are refused in words, and never slow or fatal.

The mutations are seeded: cut off, left out, doubled, swapped, filled with what means harm. They
break the forms below and, where the conformance data stand beside the checkout, those of others.
`FUZZ=5000 pytest tests/xform/test_fuzz.py` breaks more.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import tarfile
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from conversations.xform.advice import advise
from conversations.xform.form import Form
from conversations.xform.instance import Instance, QuestionStop
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from conversations.xpath import (
    EvaluationError,
    ExpressionError,
    Kind,
    Node,
    Scope,
    World,
    compile_expression,
)
from tests.xform.conftest import surroundings
from tests.xform.test_hostile import xform

ROUNDS = int(os.environ.get("FUZZ", "60"))
SECONDS_MAX = 2.0
STOPS_MAX = 12
BYTES_MAX = 60_000
CORPUS = Path("../shared/conformance/visible.tar.xz")

OWN = (
    xform(
        '<a>1</a><g><b/></g><r jr:template=""><c/><s jr:template=""><d/></s></r><r><c/></r>'
        '<e x="1"/><e y="2"/>',
        '<instance id="l"><root><item><name>x</name><up>1</up></item></root></instance>'
        '<bind nodeset="/data/g" relevant="/data/a &gt; 0"/>'
        '<bind nodeset="/data/g/b" type="int" constraint=". &lt; 5" required="true()"/>'
        '<bind nodeset="/data/r/s/d" calculate="position(../..) + sum(/data/r/c)"/>'
        '<bind nodeset="/data/e/@x" calculate="count(/data/r)"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/a" value="1 + 1"/>',
        '<input ref="/data/a"><label>A <output value="/data/g/b"/></label></input>'
        '<select1 ref="/data/g/b"><itemset nodeset="instance(\'l\')/root/item[up = /data/a]">'
        '<value ref="name"/><label ref="name"/></itemset></select1>'
        '<group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/a">'
        '<input ref="/data/r/c"/><repeat nodeset="/data/r/s"><input ref="/data/r/s/d"/></repeat>'
        "</repeat></group>",
    ),
)
EXPRESSIONS = (
    "if(selected(/data/b, 'x'), count-selected(/data/b) + 1, -(/data/a) mod 2)",
    "format-date(today() - 3, '%e %b %Y') != '' and not(regex(., '[a-z]+'))",
    "sum(/data/*[. > 1]) div count(/data/node()) >= round(area(/data/d), 2)",
    "indexed-repeat(/data/a, /data, 1) = join(' ', /data/a, /data/b) or . = ''",
    "string(randomize(/data/*, 42)[1]) | digest('x', 'MD5', 'hex')",
)
HARM = (
    *("..", ".", "/data", "//*", "[1]", "[position() = ", "(", ")", "]", "*", "-", "'", '"', "/"),
    *("current()", "count(", "sum(//*|//*)", "instance('l')/root/item", "once(", "pulldata('l',"),
    *("regex(., '(a+)+$')", "jr:itext('", "concat(//*, //*)", "string(/)", "randomize(/data/*, "),
    *(
        "1e309",
        "1 div 0",
        "9" * 40,
        "\x00",
        "\U0001d54f",
        "&lt;",
        "format-date(",
        "decimal-date-time(",
    ),
    *('jr:count="1e9"', 'jr:template=""', '<repeat nodeset="/data"/>', '<output value="."/>'),
    *('<itemset nodeset="."/>', "substr(", "geofence(", "intersects(", "selected-at(", "pow("),
)
_TOKEN = re.compile(r'"[^"]*"|\'[^\']*\'|<[^>]*>|[\w.:-]+|\S')
_VALUE = re.compile(r'="([^"]*)"')


@cache
def corpus() -> tuple[str, ...]:
    """Return the forms to break."""
    if not CORPUS.is_file():
        return OWN
    with tarfile.open(CORPUS) as archive:
        files = (one for one in archive if "/xforms/" in f"/{one.name}" and one.isfile())
        found = [(archive.extractfile(one) or io.BytesIO()).read() for one in files]
    texts = (content.decode("utf-8", "replace") for content in found if len(content) < BYTES_MAX)
    return (*OWN, *texts)


@cache
def expressions() -> tuple[str, ...]:
    """Return the expressions to break."""
    if not CORPUS.is_file():
        return EXPRESSIONS
    with tarfile.open(CORPUS) as archive:
        member = next(one for one in archive if one.name.endswith("xpath-cases.jsonl"))
        lines = io.TextIOWrapper(archive.extractfile(member) or io.BytesIO(), "utf-8")
        return (*EXPRESSIONS, *(json.loads(line)["expr"] for line in lines))


def broken(text: str, chance: random.Random) -> str:
    """Break a text in a few places."""
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        spans = [match.span() for match in _TOKEN.finditer(text)]
        if spans:
            text = _broken_once(text, spans, chance)
    return text


def _broken_once(text: str, spans: list[tuple[int, int]], chance: random.Random) -> str:
    (start, end), (first, last) = chance.choice(spans), chance.choice(spans)
    values = [match.span(1) for match in _VALUE.finditer(text)] or [(start, start)]
    at, until = chance.choice(values)
    match chance.randrange(8):
        case 0:
            return text[: chance.randrange(len(text))]
        case 1:
            return text[:start] + text[end:]
        case 2:
            return text[:start] + text[first:last] + text[end:]
        case 3:
            return text[:start] + chance.choice(HARM) + text[start:]
        case 4:
            return text[:end] + text[start:end] * chance.choice((2, 50)) + text[end:]
        case 5:
            return (
                text[:at]
                + chance.choice(HARM)
                + text[at:until]
                + chance.choice(HARM)
                + text[until:]
            )
        case 6:
            return text[:at] + text[first:last].strip("\"<>'") + text[until:]
        case _:
            return text[:end] + text[start:last] + text[end:]


def used(form: Form) -> None:
    """Do with a form what a conversation does."""
    advise(form)
    instance = Instance.begin(form, surroundings())
    for reference in instance.references():
        instance.state(reference)
    for stop in instance.stops()[:STOPS_MAX]:
        if instance.stop(stop.reference) is None:
            continue
        if isinstance(stop, QuestionStop):
            for value in ("1", "x", "2026-11-22", ""):
                if instance.stop(stop.reference):
                    instance.answer(stop.reference, value)
        else:
            instance.add_repeat(stop.reference)
    instance.failures()
    Instance.resume(form, instance.draft(), surroundings())


@pytest.mark.parametrize("seed", range(5))
def test_broken_forms_are_refused_or_work(seed: int) -> None:
    """Whatever is broken in a form, it is refused with its problems, or does what it still can."""
    for number in range(ROUNDS):
        chance = random.Random(seed * 1_000_000 + number)  # noqa: S311 - it must be repeatable.
        text = broken(chance.choice(corpus()), chance)
        started = time.process_time()
        try:
            used(read_form(text))
        except FormError:
            pass  # In words, which other tests read.
        except Exception as crash:
            crash.add_note(f"seed {seed}, number {number}")
            raise
        assert time.process_time() - started < SECONDS_MAX, (seed, number)


def test_broken_expressions_are_refused_or_have_a_value() -> None:
    """Whatever is broken in an expression, it is refused in words or evaluates in time."""
    top = Node(kind=Kind.DOCUMENT)
    root = top.append(Node("data"))
    texts = {"a": "1", "b": "x y", "c": "2026-11-22", "d": "1 2 3 4; 5 6 7 8; 1 1 0 0", "e": ""}
    nodes = [root.append(Node(name, text)) for name, text in texts.items()]
    for number in range(ROUNDS * 20):
        chance = random.Random(number)  # noqa: S311 - it must be repeatable.
        text = broken(chance.choice(expressions()), chance)
        world = World(top, datetime(2026, 11, 22, tzinfo=UTC), plain=chance.random() < 0.5)
        started = time.process_time()
        try:
            expression = compile_expression(text)
        except ExpressionError:
            continue
        scope = Scope(world, chance.choice(nodes))
        for ask in (expression.string, expression.number, expression.boolean, expression.nodes):
            try:
                ask(scope)
            except EvaluationError:
                continue
        assert time.process_time() - started < SECONDS_MAX, text
