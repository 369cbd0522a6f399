"""How wide buttons stand, and how many choices show at once: what the appearance asks for.

`columns-N` asks for so many in a row, `columns`, `columns-pack`, `horizontal`,
`horizontal-compact`, `compact` and `quickcompact` for as many as fit, `likert` for one row. No
appearance makes labels unreadable: a row has only so many buttons as their labels have room for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PAGE_CHOICES = 10
PAGE_ROWS = 7
"""Where columns are asked for, a page has so many rows."""

ONE_PAGE_CHOICES = 14
"""A list so little longer than a page is not cut in two."""

LABEL_CHARACTERS_MAX = 40
"""About what a button shows on a narrow phone before it is cut; longer labels go into the text."""

ROW_BUTTONS_MAX = 8
"""So many buttons of a row Telegram shows side by side."""

NUMBERS_PER_ROW = 5
USUAL = ((5, 4), (14, 2))
"""Without an appearance, labels of at most so many characters stand so many in a row."""

ROOM = {8: 2, 7: 2, 6: 3, 5: 4, 4: 6, 3: 9, 2: 14}
"""For how many characters a button has room on a narrow phone, by the buttons in its row."""

_COLUMNS = re.compile(r"^columns-(\d{1,2})$")
_PACKED = frozenset(
    {"columns", "columns-pack", "horizontal", "horizontal-compact", "compact", "quickcompact"}
)


def columns_of(appearance: Iterable[str], longest: int, choices: int) -> int:
    """Return how many labels stand in a row, of which the longest has so many characters."""
    wanted = columns_wanted(appearance)
    if wanted:
        return max(1, min(choices, *(_roomy(wanted, longest))))
    return next((columns for length, columns in USUAL if longest <= length), 1)


def _roomy(wanted: int, longest: int) -> tuple[int, int]:
    room = next((columns for columns, length in ROOM.items() if longest <= length), 1)
    return wanted, room


def columns_wanted(appearance: Iterable[str]) -> int:
    """Return how many columns the form asks for at most; 0 where it leaves that to us."""
    for word in sorted(appearance):
        if word in _PACKED:
            return ROW_BUTTONS_MAX
        if asked := _COLUMNS.match(word):
            return max(1, min(int(asked[1]), ROW_BUTTONS_MAX))
    return 0


def page_length(appearance: Iterable[str], choices: int) -> int:
    """Return how many choices show at once of a list of so many."""
    length = max(PAGE_CHOICES, columns_wanted(appearance) * PAGE_ROWS)
    return choices if choices <= max(ONE_PAGE_CHOICES, length) else length
