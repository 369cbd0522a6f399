"""What is known of people who may be written to, a page of them at a time.

A contact leads to its reporter by the key alone, so who fits an audience is found by going through
the contacts. Their ids are drawn at random: a first part of them is a fair sample of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from conversations.campaigning.audience import Audience, Recipient, belongs
from storage import contacts, written
from storage.campaigns import PAGE_MAX, marks, padded
from storage.contacts import ContactId
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Store

IDS: Final = 2**62
"""Contacts' ids are drawn below this."""

COUNTED_MAX: Final = 20_000
"""So many contacts are looked at for a count; of more it is an estimate."""

REACH = f"""
    SELECT reporter, zone, area, paused_until_at, stopped FROM reach
    WHERE reporter IN ({marks(1)})
"""  # noqa: S608 - put together from our own words.

CONSENTS = f"""
    SELECT reporter, text_version, agreed FROM consents
    WHERE programme = $1 AND reporter IN ({marks(2)})
    ORDER BY kept_at
"""  # noqa: S608

REPORTED = f"""
    SELECT reporter, max(kept_at) AS kept_at FROM submissions
    WHERE programme = $1 AND reporter IN ({marks(2)})
    GROUP BY reporter
"""  # noqa: S608

BUSY = f"""
    SELECT reporter, changed_at FROM sessions
    WHERE programme = $1 AND changed_at > $2 AND reporter IN ({marks(3)})
"""  # noqa: S608

TOPICS = f"""
    SELECT reporter, topic, area, wanted FROM subscriptions
    WHERE programme = $1 AND reporter IN ({marks(2)})
"""  # noqa: S608

ASKED = f"""
    SELECT DISTINCT reporter, asked_at FROM due
    WHERE asked_at > $1 AND asked_at > 0 AND reporter IN ({marks(2)})
"""  # noqa: S608

ROLES = "SELECT contact_id, role FROM roles WHERE programme = $1 AND contact_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Known:
    """A contact, and what choosing needs to know of them."""

    contact_id: ContactId
    reporter: Reporter
    recipient: Recipient


Said: TypeAlias = dict[Reporter, dict[str, Any]]
"""What was found of people, by the members of `Recipient`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where people are looked up, and what for.

    `busy_since` says since when somebody in the middle of a report is of interest, and so how often
    they were written to lately; None where neither is.
    """

    store: Store
    reading: Reading
    programme: str
    audience: Audience
    busy_since: datetime | None = None

    async def after(self, contact_id: int, at_most: int = PAGE_MAX) -> tuple[Known, ...]:
        """Look up the page of active contacts behind one."""
        page = await contacts.active_after(self.reading, contact_id, at_most)
        return await self.known([(one.id, one.chat_id, one.language) for one in page])

    async def known(self, people: Sequence[tuple[ContactId, int, str]]) -> tuple[Known, ...]:
        """Look up people: contact, chat and language of each."""
        if not people:
            return ()
        whose = {self.store.reporter(self.programme, one[1]): one for one in people}
        said: Said = {reporter: {} for reporter in whose}
        for add in (self._agreed, self._reach, self._topics, self._reported, self._lately):
            await add(said)
        await self._roles(said, {whose[reporter][0]: reporter for reporter in whose})
        return tuple(
            Known(contact, reporter, Recipient(language, **said[reporter]))
            for reporter, (contact, _, language) in whose.items()
        )

    async def _rows(self, sql: str, said: Said, *values: str | int) -> Sequence[Row]:
        return await self.reading.rows(sql, *values, *padded(list(said)))

    async def _agreed(self, said: Said) -> None:
        standing: dict[Reporter, dict[str, bool]] = {}
        for row in await self._rows(CONSENTS, said, self.programme):
            standing.setdefault(row["reporter"], {})[row["text_version"]] = bool(row["agreed"])
        for reporter, versions in standing.items():
            agreed = frozenset(version for version, yes in versions.items() if yes)
            said[reporter]["agreed"] = agreed

    async def _reach(self, said: Said) -> None:
        for row in await self._rows(REACH, said):
            paused = row["paused_until_at"]
            said[row["reporter"]] |= {
                "zone": row["zone"],
                "area": row["area"],
                "stopped": bool(row["stopped"]),
                "paused_until": from_kept(paused) if paused else None,
            }

    async def _topics(self, said: Said) -> None:
        for row in await self._rows(TOPICS, said, self.programme):
            wanted = row["area"] if row["wanted"] else None
            said[row["reporter"]].setdefault("topics", {})[row["topic"]] = wanted

    async def _reported(self, said: Said) -> None:
        if self.audience.reported:
            for row in await self._rows(REPORTED, said, self.programme):
                said[row["reporter"]]["reported_at"] = from_kept(row["kept_at"])

    async def _lately(self, said: Said) -> None:
        """Look up who is in the middle of something, and how often they were written to."""
        if self.busy_since is None:
            return
        for row in await self._rows(BUSY, said, self.programme, to_kept(self.busy_since)):
            said[row["reporter"]]["busy_at"] = from_kept(row["changed_at"])
        letters = await written.of_page(self.reading, list(said))
        for reporter, hours in letters.items():
            said[reporter]["letters_at"] = hours
        since = to_kept(self.busy_since - written.REMEMBERED)
        for row in await self._rows(ASKED, said, since):
            said[row["reporter"]].setdefault("asked_at", set()).add(from_kept(row["asked_at"]))

    async def _roles(self, said: Said, whose: Mapping[ContactId, Reporter]) -> None:
        if not self.audience.role:
            return
        for row in await self.reading.rows(ROLES, self.programme):
            reporter = whose.get(row["contact_id"])
            if reporter is not None:
                held = said[reporter].get("roles", frozenset())
                said[reporter]["roles"] = held | {row["role"]}


def _fitting(known: Iterable[Known], audience: Audience, consent: str, now: datetime) -> int:
    return sum(belongs(one.recipient, audience, consent, now) for one in known)


async def count(finding: Finding, consent: str, now: datetime) -> tuple[int, bool]:
    """Count an audience; of more than `COUNTED_MAX` contacts, estimate it from the first of them.

    Return the number, and whether it is an estimate.
    """
    looked = fits = 0
    after = -1
    while looked < COUNTED_MAX:
        known = await finding.after(after)
        fits += _fitting(known, finding.audience, consent, now)
        looked += len(known)
        if len(known) < PAGE_MAX:
            return fits, False
        after = known[-1].contact_id
    return round(fits * IDS / max(after, 1)), True
