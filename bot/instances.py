"""Live instances between turns: work that need not be done again, and nothing more.

The draft in the database is what counts. An instance is taken out for a turn, so nobody else has
it while it changes, and put back only when the turn is kept: after a failure, a restart or a turn
in another process the conversation brings the instance back from its draft, with the same result
(`conversations.scene.instance_of` looks whether one still agrees with the draft).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from conversations.session import Session
from conversations.xform.instance import Instance

NODES_MAX = 100_000
"""Nodes of all instances together, about 65 MB: some 1,500 people at a form of 60 questions."""


@dataclass(frozen=True, slots=True)
class _Kept:
    instance: Instance
    nodes: int


@dataclass(slots=True)
class Instances:
    """Instances by session key; those of people who were away the longest make room."""

    nodes_max: int = NODES_MAX
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _nodes: int = 0

    def take(self, session: Session | None) -> Instance | None:
        """Hand out a session's instance, if it is here; from then on it is the caller's."""
        kept = self._kept.pop(session.key, None) if session else None
        if kept is None:
            return None
        self._nodes -= kept.nodes
        return kept.instance

    def put(self, session: Session | None, instance: Instance | None) -> None:
        """Keep the instance of a session that goes on; let go of one whose session is over."""
        before = self.take(session)
        if before is not None and before is not instance:
            before.let_go()
        if instance is None:
            return
        if session is None:
            instance.let_go()
            return
        kept = self._kept[session.key] = _Kept(instance, instance.count_nodes())
        self._nodes += kept.nodes
        while self._nodes > self.nodes_max:
            _, oldest = self._kept.popitem(last=False)
            self._nodes -= oldest.nodes
            oldest.instance.let_go()
