"""A report that a moderator corrected is looked at again: doubts that do not hold are closed.

Only what can be seen in the answers is judged anew. How fast it was answered, how its pictures
look, and what people say about it stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import doubting
from bot.authors import reopened
from conversations.checks import CHECKS
from conversations.phrases import Locale
from conversations.programme import Programme
from storage import flags
from storage.flags import Raised
from storage.store import Store, Unit

STAYING: Final = frozenset({"fast", "picture", "photo"})
"""Checks that look at more than answers."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """The names of the flags that were closed, and of those that are new."""

    closed: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is otherwise."""
        return bool(self.closed or self.raised)


async def look_again(  # noqa: PLR0913, PLR0917 - which report of which programme, when.
    unit: Unit,
    store: Store,
    programme: Programme,
    locale_of: Callable[[str], Locale],
    original: str,
    now: datetime,
) -> Rechecked:
    """Raise and close what a report, as it stands, gives cause to."""
    report = await reopened(unit, store, programme, original, now)
    if report is None or programme.moderation.review == "none":
        return Rechecked()
    facts = await doubting.facts_of(report, None)
    await doubting.note(report, facts)
    found = doubting.found(report, facts, {tag: locale_of(tag) for tag in programme.languages})
    wanted = {one.dedupe for one in found}
    closed = [one for one in await flags.of(unit, original)
              if _is_judged(one) and one.dedupe not in wanted]  # fmt: skip
    for one in closed:
        await flags.lift(unit, original, one.dedupe)
    raised = [one for one in found if await flags.raise_(unit, one)]
    return Rechecked(_names(closed), _names(raised))


def _is_judged(flag: Raised) -> bool:
    return flag.source == "sheet" or (
        flag.source == "check" and flag.name in CHECKS and flag.name not in STAYING
    )


def _names(found: list[Raised]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in found))
