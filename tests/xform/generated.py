"""Forms that hypothesis makes up: relevance, calculations, cascades, groups and repeats in repeats.

An expression reads only what stands before it, so that no form has a circle. Everything is
written as an XForm, for a converter would take most of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

LETTERS = "abc"
QUESTIONS_MAX = 9


@dataclass
class Draw:
    """What is drawn so far of one form: the places that later expressions may read."""

    draw: st.DrawFn
    nodes: dict[str, str] = field(default_factory=dict)
    """Path -> what it holds: `int`, `text`, `select` or `calculation`."""
    repeats: list[str] = field(default_factory=list)
    binds: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)

    def number(self, at: str) -> str:
        """Return an expression that yields a number, as seen from a path."""
        numbers = [path for path, kind in self.nodes.items() if kind in ("int", "calculation")]
        simple = [st.integers(0, 3).map(str)]
        if numbers:
            read = st.sampled_from(numbers)
            simple += [read.map(lambda path: self.seen(path, at)), read.map(lambda p: f"sum({p})")]
            simple += [read.map(lambda p: f"max({p}, 1)"), read.map(self.indexed)]
        if self.repeats:
            inside = [repeat for repeat in self.repeats if at.startswith(f"{repeat}/")]
            counted = [repeat for repeat in self.repeats if repeat not in inside]
            if counted:
                simple.append(st.sampled_from(counted).map(lambda path: f"count({path})"))
            if inside:
                depth = at.count("/") - inside[-1].count("/")
                simple.append(st.just(f"position({'/'.join(['..'] * depth)})"))
        one, other = (self.draw(st.one_of(simple)) for _ in range(2))
        return self.draw(
            st.sampled_from(
                [one, f"{one} + {other}", f"if({one} > {other}, {one}, 1)", f"coalesce({one}, 2)"]
            )
        )

    def indexed(self, path: str) -> str:
        """Return a number from the first or second instance of the repeats around it."""
        around = [repeat for repeat in self.repeats if path.startswith(f"{repeat}/")]
        places = ", ".join(f"{repeat}, {self.draw(st.integers(1, 2))}" for repeat in around)
        return f"indexed-repeat({path}, {places})" if around else path

    def condition(self, at: str) -> str:
        """Return an expression that yields a condition, as seen from a path."""
        texts = [path for path, kind in self.nodes.items() if kind in ("text", "select")]
        choices = [f"{self.number(at)} > {self.number(at)}"]
        if texts:
            path = self.seen(self.draw(st.sampled_from(texts)), at)
            letter = self.draw(st.sampled_from(LETTERS))
            choices += [f"{path} = '{letter}'", f"{path} != ''", f"selected({path}, '{letter}')"]
        if self.nodes:
            choices.append(self.seen(self.draw(st.sampled_from(list(self.nodes))), at))
        condition = self.draw(st.sampled_from(choices))
        return f"not({condition})" if self.draw(st.booleans()) else condition

    def seen(self, path: str, at: str) -> str:
        """Write a path as it stands, or seen from another one as pyxform does in a repeat."""
        own, other = at.split("/")[1:], path.split("/")[1:]
        shared = 0
        while shared < min(len(own), len(other)) - 1 and own[shared] == other[shared]:
            shared += 1
        relative = "/".join([".."] * (len(own) - shared) + other[shared:])
        inside = any(at.startswith(f"{repeat}/") for repeat in self.repeats)
        return relative if inside and self.draw(st.booleans()) else path


@dataclass(frozen=True)
class Made:
    """A form that was made up, and what a person may do in it."""

    xform: str
    values: dict[str, list[str]]
    repeats: tuple[str, ...]


@st.composite
def forms(draw: st.DrawFn) -> Made:
    """Make up a form."""
    drawn = Draw(draw)
    budget = draw(st.integers(3, QUESTIONS_MAX))
    model, body = _children(drawn, "/data", budget, 0)
    items = "".join(
        f"<item><name>{letter}{mark}</name><up>{letter}</up></item>"
        for letter in LETTERS
        for mark in ("", "1", "2")
    )
    xform = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
      xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model><instance>
      <data id="t">{model}<meta><instanceID/></meta></data></instance><instance id="l"><root>{items}
      </root></instance>{"".join(drawn.binds)}</model></h:head><h:body>{body}</h:body></h:html>"""
    open_ended = tuple(repeat for repeat in drawn.repeats if f'"{repeat}" jr:count' not in body)
    return Made(xform, drawn.values, open_ended)


def _children(drawn: Draw, path: str, budget: int, depth: int) -> tuple[str, str]:
    model, body = [], []
    while budget > 0:
        kinds = ["int", "text", "select", "calculation", "cascade"]
        if budget > 1 and depth < 3:
            kinds += ["group", "repeat", "counted"]
        kind = drawn.draw(st.sampled_from(kinds))
        here = f"{path}/n{len(drawn.nodes) + len(drawn.repeats) + len(drawn.binds)}"
        if kind in ("group", "repeat", "counted"):
            size = drawn.draw(st.integers(1, budget - 1))
            budget -= size + 1
            made = _gathered(drawn, here, kind, size, depth)
        else:
            budget -= 1
            made = _question(drawn, here, kind)
        model.append(made[0])
        body.append(made[1])
    return "".join(model), "".join(body)


def _gathered(drawn: Draw, here: str, kind: str, size: int, depth: int) -> tuple[str, str]:
    name = here.rpartition("/")[2]
    relevant = _escaped(drawn.condition(here)) if drawn.draw(st.booleans()) else "true()"
    drawn.binds.append(f'<bind nodeset="{here}" relevant="{relevant}"/>')
    count = f' jr:count="{_escaped(drawn.number(here))}"' if kind == "counted" else ""
    if kind != "group":
        drawn.repeats.append(here)
    model, body = _children(drawn, here, size, depth + 1)
    if kind == "group":
        return f"<{name}>{model}</{name}>", f'<group ref="{here}">{body}</group>'
    return (
        f'<{name} jr:template="">{model}</{name}>',
        f'<group ref="{here}"><repeat nodeset="{here}"{count}>{body}</repeat></group>',
    )


def _question(drawn: Draw, here: str, kind: str) -> tuple[str, str]:
    name = here.rpartition("/")[2]
    relevant = _escaped(drawn.condition(here)) if drawn.draw(st.booleans()) else "true()"
    bind = f'<bind nodeset="{here}" relevant="{relevant}"'
    selects = [path for path, known in drawn.nodes.items() if known == "select"]
    body = f'<input ref="{here}"/>'
    match kind:
        case "calculation":
            drawn.binds.append(f'{bind} calculate="{_escaped(drawn.number(here))}"/>')
            drawn.nodes[here] = "calculation"
            return f"<{name}/>", ""
        case "int":
            drawn.binds.append(f'{bind} type="int"/>')
            drawn.values[here] = ["", "0", "1", "2", "3"]
        case "select" | "cascade":
            nodes = "instance('l')/root/item"
            if kind == "cascade" and selects:
                above = drawn.seen(drawn.draw(st.sampled_from(selects)), here)
                nodes += f"[up = substr({above}, 0, 1)]"
            many = drawn.draw(st.booleans())
            tag = "select" if many else "select1"
            drawn.binds.append(f'{bind} type="string"/>')
            drawn.values[here] = ["", "a", "b1", "c2", "a1", *(["a b", "b c1"] if many else [])]
            body = (
                f'<{tag} ref="{here}"><itemset nodeset="{_escaped(nodes)}"><value ref="name"/>'
                f'<label ref="name"/></itemset></{tag}>'
            )
        case _:
            drawn.binds.append(f'{bind} type="string"/>')
            drawn.values[here] = ["", *LETTERS]
    drawn.nodes[here] = "select" if kind == "cascade" else kind
    return f"<{name}/>", body


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
