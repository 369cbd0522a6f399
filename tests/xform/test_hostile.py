"""A form that means harm is refused in words, or does what it can in bounded time."""

from __future__ import annotations

import time

import pytest

from conversations.xform.instance import Instance
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from tests.xform.conftest import surroundings

SECONDS_MAX = 2.0
REPEAT = (
    '<group ref="/data/{0}"><repeat nodeset="/data/{0}" jr:count="{1}">{2}</repeat></group>'.format
)


def xform(model: str, binds: str = "", body: str = "") -> str:
    """Write an XForm around its parts."""
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model><instance>'
        f'<data id="t">{model}</data></instance>{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


MANY = "".join(f"<q{i}/>" for i in range(9_000))
CHAIN = "".join(f'<bind nodeset="/data/q{i}" relevant="/data/q{i - 1} = 1"/>' for i in range(9_000))
STARS = "".join(f'<bind nodeset="/data/q{i}" relevant="count(//*) = {i}"/>' for i in range(1_500))
SUMS = '<bind nodeset="/data/r/c" calculate="sum(../../r/a)"/>'
TWICE = REPEAT("r", 2000, REPEAT("r/s", 2000, '<input ref="/data/r/s/a"/>'))


def sums(number: int) -> str:
    """Write a form of calculations that each add up all earlier ones."""
    added = (" + ".join(f"/data/q{i}" for i in range(one)) or "1" for one in range(number))
    binds = (f'<bind nodeset="/data/q{i}" calculate="{sum_}"/>' for i, sum_ in enumerate(added))
    return xform("".join(f"<q{i}/>" for i in range(number)), "".join(binds))


REFUSED = {
    "each calculation adds up all earlier ones": (sums(400), "read questions more than 50,000"),
    "groups in groups": (xform("<a/>", "", "<group>" * 150 + "</group>" * 150), "80 levels"),
    "too many questions": (xform(MANY, CHAIN), "9,001 nodes"),
    "every node in each expression": (
        xform(MANY.partition("<q1500/>")[0], STARS),
        r"200,000|too much",
    ),
    "each instance reads all": (
        xform('<r jr:template=""><a>1</a><c/></r>', SUMS, REPEAT("r", 2000, "")),
        "looks at too much to work out c",
    ),
}


@pytest.mark.parametrize(("form", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_take_for_ever_is_refused(form: str, said: str) -> None:
    """The refusal names what is too much, before it has cost seconds."""
    started = time.process_time()
    with pytest.raises(FormError, match=said):
        Instance.begin(read_form(form), surroundings())
    assert time.process_time() - started < SECONDS_MAX


def test_long_sums_are_quick() -> None:
    """Three hundred calculations that each add up all earlier ones are worked out in time."""
    took = []
    for _ in range(3):  # A machine that is busy with other things slows one of them, hardly all.
        started = time.process_time()
        instance = Instance.begin(read_form(sums(300)), surroundings())
        took.append(time.process_time() - started)
    assert min(took) < SECONDS_MAX
    assert instance.state("/data/q10").value == "512"


def test_counted_repeats_stop_growing() -> None:
    """Repeats in repeats that ask for millions of instances get some thousands."""
    form = read_form(xform('<r jr:template=""><s jr:template=""><a/></s></r>', "", TWICE))
    instance = Instance.begin(form, surroundings())
    assert sum(1 for node in instance.top.descendants() if node.repeated) == 5_000
