"""What is known of people who may be written to, a page of them at a time.

A contact leads to its reporter by the key alone, so who fits an audience is found by going through
the contacts. Their ids are drawn at random: a first part of them is a fair sample of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from conversations.campaigning.audience import Audience, Recipient, belongs
from storage import contacts
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

ROLES = "SELECT contact_id, role FROM roles WHERE programme = $1 AND contact_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Known:
    """A contact, and what choosing needs to know of them."""

    contact_id: ContactId
    reporter: Reporter
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Finding:
    """Where people are looked up, and what for.

    `busy_since` says since when somebody in the middle of a report is of interest, None where not.
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
        found: dict[Reporter, Known] = {}
        for contact, chat, language in people:
            reporter = self.store.reporter(self.programme, chat)
            found[reporter] = Known(contact, reporter, Recipient(language))
        for add in (self._agreed, self._reach, self._topics, self._reported, self._busy):
            await add(found)
        await self._roles(found)
        return tuple(found.values())

    async def _rows(
        self, sql: str, found: dict[Reporter, Known], *values: str | int
    ) -> Sequence[Row]:
        ids = list(found)
        return await self.reading.rows(sql, *values, *padded(ids))

    async def _agreed(self, found: dict[Reporter, Known]) -> None:
        standing: dict[Reporter, dict[str, bool]] = {}
        for row in await self._rows(CONSENTS, found, self.programme):
            standing.setdefault(row["reporter"], {})[row["text_version"]] = bool(row["agreed"])
        for reporter, said in standing.items():
            agreed = frozenset(version for version, yes in said.items() if yes)
            _note(found, reporter, agreed=agreed)

    async def _reach(self, found: dict[Reporter, Known]) -> None:
        for row in await self._rows(REACH, found):
            paused = row["paused_until_at"]
            _note(
                *(found, row["reporter"]),
                zone=row["zone"],
                area=row["area"],
                stopped=bool(row["stopped"]),
                paused_until=from_kept(paused) if paused else None,
            )

    async def _topics(self, found: dict[Reporter, Known]) -> None:
        said: dict[Reporter, dict[str, str | None]] = {}
        for row in await self._rows(TOPICS, found, self.programme):
            wanted = row["area"] if row["wanted"] else None
            said.setdefault(row["reporter"], {})[row["topic"]] = wanted
        for reporter, topics in said.items():
            _note(found, reporter, topics=topics)

    async def _reported(self, found: dict[Reporter, Known]) -> None:
        if self.audience.reported:
            for row in await self._rows(REPORTED, found, self.programme):
                _note(found, row["reporter"], reported_at=from_kept(row["kept_at"]))

    async def _busy(self, found: dict[Reporter, Known]) -> None:
        if self.busy_since is not None:
            since = to_kept(self.busy_since)
            for row in await self._rows(BUSY, found, self.programme, since):
                _note(found, row["reporter"], busy_at=from_kept(row["changed_at"]))

    async def _roles(self, found: dict[Reporter, Known]) -> None:
        if not self.audience.role:
            return
        held: dict[int, set[str]] = {}
        for row in await self.reading.rows(ROLES, self.programme):
            held.setdefault(row["contact_id"], set()).add(row["role"])
        for reporter, one in found.items():
            _note(found, reporter, roles=frozenset(held.get(one.contact_id, ())))


def _note(found: dict[Reporter, Known], reporter: Reporter, **members: object) -> None:
    one = found[reporter]
    found[reporter] = replace(one, recipient=replace(one.recipient, **members))  # type: ignore[arg-type] # By name.


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
