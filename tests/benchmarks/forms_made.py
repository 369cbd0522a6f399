"""Forms made for measuring, and the answers played into them.

A form of n questions comes in blocks of ten: numbers and dates with constraints, three selects that
filter each other, a select of several, texts with an output in the label; four of the ten have a
`relevant`, one of which does not hold. Each block ends in a calculation over the block before, so
that 2,000 questions chain 200 calculations. Every tenth block is a repeat with two instances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 10
REPEATED_EVERY = 10
INSTANCES = 2
REGIONS, DISTRICTS, VILLAGES = 5, 5, 8
OPTIONS = "abcde"

_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><h:head><h:title>Made</h:title><model>'
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its bind, its control and a value that the form accepts (None: never asked)."""

    type: str
    rules: str
    control: str
    value: str | None


def form_of(questions: int) -> str:
    """Write the XForm of a number of questions, a multiple of ten."""
    blocks = range(questions // BLOCK)
    nodes = "".join(_node(block) for block in blocks)
    return (
        f'{_HEAD}<instance><data id="made" version="1">{nodes}'
        "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
        f"{_lists()}{''.join(_binds(block) for block in blocks)}"
        '<bind nodeset="/data/orx:meta/orx:instanceID" type="string" jr:preload="uid"/>'
        f"</model></h:head><h:body>{''.join(_body(block) for block in blocks)}</h:body></h:html>"
    )


def answers_of(questions: int) -> Iterator[tuple[str, str]]:
    """Yield references and values in the form's order, for all questions that are asked."""
    for block in range(questions // BLOCK):
        bases = [f"/data/r{block}[{i + 1}]" for i in range(INSTANCES)]
        for base in bases if _repeated(block) else ["/data"]:
            for index in range(BLOCK):
                value = _asked(block, index).value
                if value is not None:
                    yield f"{base}/q{block * BLOCK + index}", value


def repeats_of(questions: int) -> list[str]:
    """List the repeats, each of which gets a second instance."""
    return [f"/data/r{block}" for block in range(questions // BLOCK) if _repeated(block)]


def _repeated(block: int) -> bool:
    return block % REPEATED_EVERY == REPEATED_EVERY - 1


def _base(block: int) -> str:
    return f"/data/r{block}" if _repeated(block) else "/data"


def _near(block: int, index: int) -> str:
    """Refer to a question of the same block, as pyxform does."""
    name = f"q{block * BLOCK + index}"
    return f" ../{name} " if _repeated(block) else f" /data/{name} "


def _from_item(path: str) -> str:
    """Refer to a question from a condition on a choice."""
    return path.replace(" ../", " current()/../")


def _node(block: int) -> str:
    inner = "".join(f"<q{block * BLOCK + index}/>" for index in range(BLOCK))
    if not _repeated(block):
        return f"{inner}<c{block}/>"
    return f'<r{block} jr:template="">{inner}</r{block}><r{block}>{inner}</r{block}><c{block}/>'


def _binds(block: int) -> str:
    base = _base(block)
    binds = [
        f'<bind nodeset="{base}/q{block * BLOCK + index}" type="{asked.type}" {asked.rules}/>'
        for index in range(BLOCK)
        for asked in (_asked(block, index),)
    ]
    own = f"{base}/q{block * BLOCK}"
    added = f"sum( {own} )" if _repeated(block) else f"coalesce( {own} , 0)"
    before = f" /data/c{block - 1} + " if block else ""
    calculated = f'<bind nodeset="/data/c{block}" type="int" calculate="{before}{added}"/>'
    return "".join(binds) + calculated


def _body(block: int) -> str:
    inner = "".join(
        asked.control.format(
            ref=f"{_base(block)}/q{block * BLOCK + index}",
            label=f"<label>Question {block * BLOCK + index}</label>",
        )
        for index in range(BLOCK)
        for asked in (_asked(block, index),)
    )
    if not _repeated(block):
        return inner
    path = f"/data/r{block}"
    return f'<group ref="{path}"><label>R</label><repeat nodeset="{path}">{inner}</repeat></group>'


def _asked(block: int, index: int) -> Asked:
    near = [_near(block, other) for other in range(BLOCK)]
    match index:
        case 0:
            return Asked("int", 'constraint=". &gt;= 0 and . &lt; 1000"', _input(), "7")
        case 1:
            rule = f'relevant="{near[0]} &gt;= 0" constraint=". &lt;= 100"'
            return Asked("int", rule, _input(), "12")
        case 2:
            return Asked("string", f'relevant="{near[0]} &gt; 500"', _input(), None)
        case 3:
            return Asked("string", 'required="true()"', _select("regions", ""), "r1")
        case 4:
            condition = f"[region = {_from_item(near[3])}]"
            return Asked("string", "", _select("districts", condition), "r1d2")
        case 5:
            control = _select("villages", f"[district = {_from_item(near[4])}]")
            return Asked("string", f"relevant=\"{near[4]} != ''\"", control, "r1d2v3")
        case 6:
            return Asked("string", "", _several(), "a c")
        case 7:
            return Asked("date", 'constraint=". &lt;= today()"', _input(), "2026-01-31")
        case 8:
            return Asked("decimal", f"relevant=\"selected( {near[6]} , 'a')\"", _input(), "1.5")
        case _:
            label = f'<label>After <output value="{near[0]}"/></label>'
            return Asked("string", "", f'<input ref="{{ref}}">{label}</input>', "a text")


def _input() -> str:
    return '<input ref="{ref}">{label}</input>'


def _select(name: str, condition: str) -> str:
    return (
        f'<select1 ref="{{ref}}">{{label}}<itemset nodeset="instance(\'{name}\')/root/item'
        f'{condition}"><value ref="name"/><label ref="label"/></itemset></select1>'
    )


def _several() -> str:
    items = "".join(
        f"<item><label>Option {option}</label><value>{option}</value></item>" for option in OPTIONS
    )
    return f'<select ref="{{ref}}">{{label}}{items}</select>'


def _lists() -> str:
    regions = [f"r{r}" for r in range(REGIONS)]
    districts = [(f"{region}d{d}", region) for region in regions for d in range(DISTRICTS)]
    villages = [(f"{name}v{v}", name) for name, _ in districts for v in range(VILLAGES)]
    return (
        _instance("regions", "", [(region, "") for region in regions])
        + _instance("districts", "region", districts)
        + _instance("villages", "district", villages)
    )


def _instance(name: str, column: str, rows: list[tuple[str, str]]) -> str:
    items = "".join(
        f"<item><name>{row}</name><label>The {row}</label>"
        + (f"<{column}>{above}</{column}>" if column else "")
        + "</item>"
        for row, above in rows
    )
    return f'<instance id="{name}"><root>{items}</root></instance>'
