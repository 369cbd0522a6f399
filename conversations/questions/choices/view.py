"""What shows of a list and what is marked in it: the scratch of a question with choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from conversations.questions.base import PASSING, Asked

FOUND_MAX = 10
"""So many choices that were looked for are shown."""


@dataclass(frozen=True, slots=True)
class View:
    """A page of the list, or what was found in it, and the names marked so far, in order.

    `touched` is set once a mark was set or taken away; until then the present answer is marked.
    `fresh` says that the person has done nothing at the question yet. Names have no spaces in
    them, for an answer parts them by spaces.
    """

    page: int = 0
    names: tuple[str, ...] = ()
    touched: bool = False
    found: tuple[str, ...] = ()
    fresh: bool = False

    def __str__(self) -> str:
        """Write the scratch: the page, a bar and the names once touched, a line with the found."""
        marked = f"{self.page}|{' '.join(self.names)}" if self.touched else str(self.page)
        return f"{marked}{PASSING}{' '.join(self.found)}" if self.found else marked

    @classmethod
    def of(cls, asked: Asked) -> View:
        """Read the scratch; before there are names in it, the present answer is marked."""
        view, _, found = asked.scratch.partition(PASSING)
        page, bar, names = view.partition("|")
        marked = names if bar else asked.state.value
        return cls(
            int(page) if page.isdecimal() else 0,
            tuple(marked.split()),
            touched=bool(bar),
            found=tuple(found.split()),
            fresh=not asked.scratch,
        )

    def turned(self, page: int) -> View:
        """Show a page of the list."""
        return replace(self, page=page, found=())

    def showing(self, names: Iterable[str]) -> View:
        """Show only these choices, the first of them if they are many."""
        return replace(self, found=tuple(dict.fromkeys(names))[:FOUND_MAX])

    def marking(self, names: Iterable[str]) -> View:
        """Mark these, and only these."""
        return replace(self, names=tuple(dict.fromkeys(names)), touched=True)
