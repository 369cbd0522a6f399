"""Live instances are kept within bounds, and only while nobody has them."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

from bot.instances import Instances
from conversations.session import Session
from conversations.xform.instance import Instance
from tests.dialogue.chat import begin, survey

FORM = survey("""
| | type | name | label |
| | text | one | One? |
| | text | two | Two? |
""")


def _session(key: str) -> Session:
    return Session(key=key * 32, language="en", stage="question")


def test_an_instance_is_handed_out_once() -> None:
    """Whoever takes an instance has it alone; what is put back is there for the next."""
    chat = begin(FORM)
    chat.keeps_live = True
    chat.writes("a")
    kept = Instances()
    kept.put(chat.session, chat.live)
    assert kept.take(chat.session) is chat.live
    assert kept.take(chat.session) is None
    kept.put(chat.session, chat.live)
    kept.put(None, None)
    assert kept.take(chat.session) is chat.live


def test_those_who_were_away_the_longest_make_room() -> None:
    """Nodes are counted, not people; a later version of a session replaces the earlier."""
    chat = begin(FORM)
    chat.keeps_live = True
    chat.writes("a")
    assert chat.live is not None
    kept = Instances(nodes_max=2 * chat.live.count_nodes())
    first, second, third = (_session(key) for key in "123")
    kept.put(first, _live())
    kept.put(second, _live())
    kept.put(replace(first, step=1), chat.live)
    kept.put(third, _live())
    assert [kept.take(one) is not None for one in (first, second, third)] == [True, False, True]


def test_what_is_let_go_is_free_at_once() -> None:
    """Whether it made room, was replaced or its session is over: no garbage is left to look for."""
    live = [_live() for _ in range(3)]
    gone = [weakref.ref(one) for one in live]
    tops = [one.top for one in live]
    kept = Instances(nodes_max=live[0].count_nodes())
    gc.disable()
    try:
        kept.put(_session("1"), live[0])
        kept.put(_session("2"), live[1])
        kept.put(_session("2"), live[2])
        kept.put(None, kept.take(_session("2")))
        live.clear()
        assert [one() for one in gone] == [None] * 3
        assert [top.children[0].parent for top in tops] == [None] * 3
    finally:
        gc.enable()


def _live() -> Instance:
    chat = begin(FORM)
    chat.keeps_live = True
    chat.writes("a")
    assert chat.live is not None
    return chat.live
