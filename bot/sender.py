"""What lies in the outbox, sent to Telegram: in each chat's order, at Telegram's pace.

Telegram has no key by which a message sent twice could be known, so a message is sent at least
once: twice only when the process dies between Telegram's answer and our commit, or when an answer
never came and the one further try was in fact the second.

Several processes may send from one outbox. Each holds what it sends under short leases of its own,
which it renews while a call is under way; what a dead process held is taken over when its leases
are out, by whoever has seen the store answer for long enough (`bot.vigil`). What is no reply is
sent by one of them alone, whoever has the lease on it, so that all of it together keeps one pace.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import Final

from bot.delivery import Delivery
from bot.held import Held
from bot.pace import Pace
from bot.settling import Settling
from bot.shelf import Shelf
from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError
from bot.vigil import Vigil
from conversations.programme import Programme
from storage import campaigns, leases, outbox
from storage.contacts import ContactId
from storage.errors import StorageError
from storage.files import Files
from storage.outbox import LEASE_SECONDS, OutboxRow, Priority
from storage.store import Store, Unit

log = logging.getLogger(__name__)

AT_ONCE_MAX: Final = 192
"""How many chats are written to side by side."""

BULK_AT_ONCE_MAX: Final = 32
"""How many of them by what is no reply, so that it cannot fill all places when answers are slow."""

RENEW_SECONDS: Final = 3.0
"""How often leases are renewed while calls are under way."""

LOOK_SECONDS: Final = 1.0
"""How often the outbox is looked at when nobody calls."""

UNSEEN_SECONDS_MAX: Final = 3.0
"""A longer pause between two looks may have been an outage; see `bot.vigil`.

With two renewals it must fit into a lease: one may be missed in such a pause.
"""

NOTE_SECONDS: Final = 0.1
NOTE_SECONDS_MAX: Final = 5.0
"""The pauses, from first to longest, between tries to note what was sent."""

NOTED_TOGETHER_SECONDS: Final = 0.01
"""How long a note waits for those of other calls under way, and for a turn to share a commit with.

The answers to what one batch of updates made the bot say come at the same moment as the next
batch, which would wait for the notes' commit. Nobody answers a message within so little.
"""

NOTE_AT_END_SECONDS_MAX: Final = 5.0
"""How long the last of these tries are made by a process that was told to stop."""

REPLIES: Final = (Priority.INTERACTIVE, Priority.INTERACTIVE)
BULK: Final = (Priority.FOLLOW_UP, Priority.CAMPAIGN)


@dataclass(slots=True)
class _Notes:
    """What was sent and is noted in one unit: messages' ids by rows, counts by campaigns."""

    sent: dict[int, int | None] = field(default_factory=dict)
    of_campaigns: Counter[int] = field(default_factory=Counter)
    keeping: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Sender:
    """Sends until stopped; `wake` it when something was put into the outbox.

    `owner` names this process in leases, and no other has the same.
    """

    store: Store
    telegram: Telegram
    programme: Programme
    now: Callable[[], datetime]
    owner: str
    files: Files | None = None
    """The files that people sent, for those who look at them again."""
    pace: Pace = field(default_factory=Pace)
    _delivery: Delivery = field(init=False)
    _settling: Settling = field(init=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _running: bool = False
    _note_until: float = inf
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _under_way: Held = field(default_factory=Held)
    _behind: set[ContactId] = field(default_factory=set)
    _notes: _Notes | None = None
    _look_seconds: float = LOOK_SECONDS
    _vigil: Vigil = field(default_factory=Vigil)

    def __post_init__(self) -> None:
        """Take the programme's files from its shelf."""
        shelf = Shelf(self.store, self.programme.media)
        self._delivery = Delivery(self.telegram, shelf, self.programme.areas, self.files)
        name = self.programme.name
        self._settling = Settling(self.store, name, self.now, self.owner, self.pace)

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    def holder(self) -> str:
        """Name this process while it runs and has room; see `bot.outgoing`."""
        return self.owner if self._running and len(self._tasks) < AT_ONCE_MAX else ""

    def send(self, rows: Sequence[OutboxRow]) -> None:
        """Send what a turn has put in this process's name, as far as its chat's pace allows.

        What comes after the end is left: others take it over when its lease is out.
        """
        if not self._running:
            return
        now, going = self.now(), 0
        while going < len(rows) and not self.pace.wait(rows[going], now):
            self.pace.take(rows[going], now)
            going += 1
        # `outgoing.go` hands over what is half a lease old at most.
        self._under_way.take(rows, now + timedelta(seconds=LEASE_SECONDS / 2))
        self._start(rows[:going], rows[going:])

    def look(self, contact_id: ContactId) -> None:
        """Look at the outbox now, and once more when what is under way to a contact is sent."""
        self._behind.add(contact_id)
        self.wake()

    def _start(self, rows: Sequence[OutboxRow], rest: Sequence[OutboxRow] = ()) -> None:
        task = asyncio.create_task(self._deliver(rows, rest))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what waits until `stop` is set; what is under way is finished first."""
        holding = asyncio.create_task(self._hold())
        self._running = True
        try:
            while not stop.is_set():
                self._woken.clear()
                for row in await self._claim(AT_ONCE_MAX - len(self._tasks)):
                    self._behind.add(row.contact_id)
                    self._start((row,))
                await self._rest(stop)
        finally:
            self._running = False
            self._note_until = asyncio.get_running_loop().time() + NOTE_AT_END_SECONDS_MAX
            if self._tasks:
                await asyncio.wait(self._tasks)
            holding.cancel()
            await self._let_go()

    async def drain(self) -> int:
        """Send all that may go now, one after the other; return how many calls were made."""
        made = 0
        while rows := await self._claim(AT_ONCE_MAX):
            for row in rows:
                await self._deliver((row,))
                made += 1
        return made

    # What may go now

    async def _claim(self, room: int) -> list[OutboxRow]:
        self._look_seconds = LOOK_SECONDS
        now = self.now()
        try:
            rows = await self._claim_within(room, now) if room > 0 else []
        except StorageError as error:
            log.warning("The outbox cannot be read now: %s", error)
            self._vigil.broken_off()
            return []
        if self.now() - now > timedelta(seconds=LEASE_SECONDS / 2):
            return []  # The store was long in answering; others may have the rows any moment.
        # A lease of ours that ran out while the store was away comes back to the same call.
        fresh = [row for row in rows if row.id not in self._under_way]
        self._under_way.take(fresh, now + timedelta(seconds=LEASE_SECONDS))
        return fresh

    async def _claim_within(self, room: int, now: datetime) -> list[OutboxRow]:
        bulk_room = self._bulk_room(now)
        async with self.store.reading() as reading:
            silent = await leases.silent_until(reading, now)
            self._vigil.answered(self.now(), UNSEEN_SECONDS_MAX)
            if silent:
                return []
            lapsed_too = self._may_take_over()
            replies = await outbox.any_due(reading, now, *REPLIES, lapsed_too=lapsed_too)
            bulk = bulk_room > 0 and await outbox.any_due(
                reading, now, *BULK, lapsed_too=lapsed_too
            )
            if bulk:
                bulk = await leases.holder(reading, leases.BULK, now) in {None, self.owner}
        if not replies and not bulk:
            return []
        async with self.store.unit() as unit:
            taken = await self._take(unit, now, room, REPLIES) if replies else []
            bulk_room = min(bulk_room, room - len(taken))
            if bulk and bulk_room > 0:
                taken += await self._take_bulk(unit, now, bulk_room)
        return taken

    def _may_take_over(self) -> bool:
        return self.store.alone or self._vigil.lasts(self.now(), LEASE_SECONDS)

    def _bulk_room(self, now: datetime) -> int:
        rest = self.pace.bulk_rest(now)
        if rest:
            self._look_seconds = min(self._look_seconds, rest)
        return min(self.pace.bulk_room(now), BULK_AT_ONCE_MAX - self._under_way.bulk)

    async def _take_bulk(self, unit: Unit, now: datetime, room: int) -> list[OutboxRow]:
        if not await leases.take(unit, leases.BULK, self.owner, now, LEASE_SECONDS):
            return []
        return await self._take(unit, now, room, BULK)

    async def _take(
        self, unit: Unit, now: datetime, room: int, kinds: tuple[Priority, Priority]
    ) -> list[OutboxRow]:
        """Claim rows, and put back those whose chats must wait."""
        first, last = kinds
        may_go: list[OutboxRow] = []
        for row in await outbox.claim(
            *(unit, self.owner, now, room, LEASE_SECONDS),
            first=first,
            last=last,
            lapsed_too=self._may_take_over(),
        ):
            seconds = self.pace.wait(row, now)
            if seconds:
                await outbox.put_back(unit, self.owner, row.id, now + timedelta(seconds=seconds))
                self._look_seconds = min(self._look_seconds, seconds)
            else:
                self.pace.take(row, now)
                may_go.append(row)
        return may_go

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = {asyncio.ensure_future(self._woken.wait()), asyncio.ensure_future(stop.wait())}
        await asyncio.wait(waits, timeout=self._look_seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    # Leases

    async def _hold(self) -> None:
        """Renew the leases of what is under way, as long as that takes."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self.hold_on()

    async def hold_on(self) -> None:
        """Renew the leases of what is under way."""
        rows, now = self._under_way.ids, self.now()
        if not rows:
            return
        try:
            async with self.store.unit() as unit:
                await outbox.renew(unit, self.owner, rows, now, LEASE_SECONDS)
        except StorageError as error:
            log.warning("The leases of what is being sent cannot be renewed: %s", error)
        else:
            self._under_way.renewed(rows, now, self.now())

    async def _is_ours(self, row: OutboxRow) -> bool:
        """Tell whether a row is still this process's to send; ask where that is not sure."""
        now = self.now()
        if self._under_way.surely(row, now):
            return True
        try:
            async with self.store.unit() as unit:
                ours = await outbox.hold(unit, self.owner, row.id, now, LEASE_SECONDS)
        except StorageError as error:
            log.warning("Whose a message is cannot be told now: %s", error)
            return False  # It comes back when its lease is over.
        if ours:
            self._under_way.take((row,), now + timedelta(seconds=LEASE_SECONDS))
        else:
            log.warning("A message was in hand for too long; another process sends it")
        return ours

    async def _let_go(self) -> None:
        """Let others take over at once."""
        with suppress(StorageError):
            async with self.store.unit() as unit:
                await leases.give_back(unit, self.owner)

    # One row

    async def _deliver(self, rows: Sequence[OutboxRow], rest: Sequence[OutboxRow] = ()) -> None:
        """Send rows to one chat, one after the other, until one fails; put back what is left.

        `rest` must wait for the chat's pace.
        """
        try:
            await asyncio.sleep(0)  # Whoever has tapped is answered first.
            left = (*await self._send_in_order(rows), *rest)
            if left:
                await self._put_back(left)
        except StorageError as error:
            # The leases run out and the rows come back.
            log.warning("A message could not be sent or noted: %s", error)
        finally:
            self._under_way.let_go((*rows, *rest))
            self._look_behind((*rows, *rest)[0].contact_id)

    def _look_behind(self, contact_id: ContactId) -> None:
        if contact_id in self._behind:
            self._behind.discard(contact_id)
            self.wake()

    async def _send_in_order(self, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
        """Send rows until one fails, and note what came of them; return those behind it."""
        made = await self._delivery.outcomes(rows, self._is_ours)
        failed: dict[int, DeliveryError] = {}
        sent: dict[int, int | None] = {}
        for row_id, outcome in made.items():
            if isinstance(outcome, DeliveryError):
                failed[row_id] = outcome
            else:
                sent[row_id] = outcome
        if sent:
            gone = [row for row in rows if row.id in sent] if failed else rows
            await self._note(partial(self._note_sent, sent, gone))
        for row in rows if failed else ():
            if row.id in failed:
                await self._note(partial(self._settling.settle, row, failed[row.id]))
        return [row for row in rows if row.id not in made]

    async def _put_back(self, rows: Sequence[OutboxRow]) -> None:
        now = self.now()
        seconds = self.pace.wait(rows[0], now)
        async with self.store.unit() as unit:
            for row in rows:
                await outbox.put_back(unit, self.owner, row.id, now + timedelta(seconds=seconds))
        asyncio.get_running_loop().call_later(seconds, self.wake)

    async def _note(self, work: Callable[[], Awaitable[None]]) -> None:
        """Note what came of calls, again and again while the store is away.

        What was sent and is not noted would be sent again by whoever comes next.
        """
        pause, clock = NOTE_SECONDS, asyncio.get_running_loop().time
        while True:
            try:
                await work()
            except StorageError as error:
                if clock() + pause > self._note_until:
                    raise
                log.warning("What came of a message cannot be noted yet: %s", error)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, NOTE_SECONDS_MAX)

    async def _note_sent(self, sent: Mapping[int, int | None], rows: Sequence[OutboxRow]) -> None:
        """Note what was sent, together with whatever else waits to be noted."""
        notes = self._notes
        if notes is None:
            notes = self._notes = _Notes()
            notes.keeping = asyncio.create_task(self._keep_notes(notes))
        notes.sent.update(sent)
        notes.of_campaigns.update(row.campaign_id for row in rows if row.campaign_id)
        assert notes.keeping is not None  # noqa: S101 - it was made with the notes.
        await asyncio.shield(notes.keeping)

    async def _keep_notes(self, notes: _Notes) -> None:
        """Keep notes; those that come while this waits for its unit are among them."""
        try:
            if len(self._tasks) > 1 and self._running:
                await asyncio.sleep(NOTED_TOGETHER_SECONDS)
            async with self.store.unit() as unit:
                self._notes = None
                await outbox.sent_together(unit, notes.sent)
                if notes.of_campaigns:
                    await campaigns.count_sent(unit, notes.of_campaigns)
        finally:
            if self._notes is notes:
                self._notes = None
