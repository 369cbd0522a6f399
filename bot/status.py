"""How all of it stands, on one screen, for whoever looks after the bot; beside a running one.

Figures and moments, nobody's name. What asks for a hand is marked and says which command helps.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.app import system_clock
from bot.settings import Settings
from bot.staffing import FormLine, forms_standing
from bot.steadiness import said
from conversations.programme import Programme
from storage import clocks, heartbeat, leases
from storage.clocks import HeldClock
from storage.heartbeat import is_away
from storage.location import is_postgres, location_of
from storage.opening import open_readable
from storage.outbox import Priority
from storage.standing import HeldLease, Standing, postgres_bytes, standing
from storage.store import Reading

KINDS: Final = {
    Priority.INTERACTIVE: "replies",
    Priority.FOLLOW_UP: "follow-ups",
    Priority.CAMPAIGN: "campaigns",
}

FREE_BYTES_MIN: Final = 1_000_000_000
OWNER_CHARACTERS: Final = 6
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")
_THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True)
class StatusView:
    """What is shown: `standing` counts, and what only this machine knows."""

    programme: str
    now: datetime
    forms: Sequence[FormLine]
    standing: Standing
    last_beat: datetime | None
    clock: HeldClock | None
    silent_until: datetime | None
    database: str
    database_bytes: int
    free_bytes: int


async def look(settings: Settings, programme: Programme) -> StatusView:
    """Look at everything once; today begins at midnight where the programme is at home."""
    now, url = system_clock(), settings.store_url
    midnight = now.astimezone(programme.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    forms = await forms_standing(settings, programme)
    store = await open_readable(url)
    try:
        async with store.reading() as reading:
            return StatusView(
                programme=programme.name,
                now=now,
                forms=forms,
                standing=await standing(reading, now, midnight),
                last_beat=await heartbeat.last_beat(reading),
                clock=await clocks.held(reading),
                silent_until=await leases.silent_until(reading, now),
                database="PostgreSQL" if is_postgres(url) else "SQLite",
                database_bytes=await _database_bytes(reading, url),
                free_bytes=_free_bytes(settings.data_dir),
            )
    finally:
        await store.close()


async def _database_bytes(reading: Reading, url: str) -> int:
    if is_postgres(url):
        return await postgres_bytes(reading)
    path = location_of(url)
    files = [path, path.with_name(f"{path.name}-wal")] if path else []
    return sum(file.stat().st_size for file in files if file.exists())


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder if folder.exists() else Path.cwd()).free


def lines_of(view: StatusView) -> Iterator[str]:
    """Write it down, a subject a line."""
    for name, words in _subjects(view):
        yield f"{name:<14}{words}"


def _subjects(view: StatusView) -> Iterator[tuple[str, str]]:
    it = view.standing
    yield "Programme", view.programme
    yield "Bot", _alive(view)
    if view.clock is not None:
        yield "Clock", f"{said(view.clock)}; nothing is asked or dropped: see `baraza clock`"
    yield "Last update", _ago(it.last_update_at, view.now) if it.last_update_at else "none yet"
    for form in view.forms:
        yield "Form", _form(form)
    yield "Reports", f"{it.reports}, {it.reports_since} of them today"
    yield "Under way", f"{it.sessions_open} begun and not sent"
    gone = it.contacts.get("gone", 0)
    yield "People", f"{sum(it.contacts.values())}, {gone} of them cannot be written to any more"
    yield "To be sent", _to_be_sent(view)
    yield from _given_up(it)
    yield "Attachments", _attachments(it)
    yield "Due now", _counts(it.due) or "nothing"
    yield "Planned", str(it.ahead)
    yield "Set aside", _dead_letters(it.dead_letters)
    yield "Rights", _rights(it.leases, view.now)
    yield "Database", f"{view.database}, {_size(view.database_bytes)}, tables {it.schema}"
    low = "  (little: make room)" if view.free_bytes < FREE_BYTES_MIN else ""
    yield "Disk", f"{_size(view.free_bytes)} free{low}"


def _alive(view: StatusView) -> str:
    if view.last_beat is None:
        return "was never started on this database"
    held = bool({leases.CHORES, leases.BULK} & {lease.name for lease in view.standing.leases})
    away = view.clock is None and is_away(view.last_beat, holds_rights=held, now=view.now)
    return f"{'does not run' if away else 'runs'}; alive {_ago(view.last_beat, view.now)}"


def _form(form: FormLine) -> str:
    form_id, version = form.key
    state = "open" if form.is_open else "closed"
    return (
        f"{form_id} {version}".rstrip()
        + f"  {state}  {form.reports} reports, {form.under_way} under way"
    )


def _to_be_sent(view: StatusView) -> str:
    it = view.standing
    waiting = {KINDS[kind]: it.outbox.get(("waiting", kind), 0) for kind in Priority}
    told = _counts(waiting) or "nothing"
    if it.oldest_waiting_at is not None:
        told += f"; oldest {_ago(it.oldest_waiting_at, view.now)}"
    if view.silent_until is not None:
        told += f"; Telegram asks for silence until {view.silent_until:%H:%M:%S} UTC"
    return told


def _given_up(it: Standing) -> Iterator[tuple[str, str]]:
    given_up = sum(count for (state, _), count in it.outbox.items() if state == "given up")
    if given_up:
        yield "Given up", f"{given_up}; `baraza outbox` says why"


def _attachments(it: Standing) -> str:
    known = {"waiting": 0, "kept": 0, "failed": 0} | dict(it.attachments)
    return ", ".join(f"{state} {count}" for state, count in known.items())


def _dead_letters(number: int) -> str:
    return f"{number}; `baraza dead-letters` lists them" if number else "nothing"


def _rights(held: Sequence[HeldLease], now: datetime) -> str:
    """Say who holds what; a process is named by the first signs of its name in leases."""
    told = (
        f"{one.name}: process {one.owner[:OWNER_CHARACTERS]}, "
        f"{(one.until - now).total_seconds():.0f} s left"
        for one in held
        if one.name in {leases.BULK, leases.CHORES}
    )
    return "; ".join(told) or "held by nobody"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count)


def _ago(at: datetime, now: datetime) -> str:
    """Say a moment, and how long ago it was.

    >>> from datetime import UTC, timedelta
    >>> at = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    >>> _ago(at, at + timedelta(minutes=3))
    '3 min ago (2026-11-26 22:00 UTC)'
    """
    seconds = max((now - at).total_seconds(), 0.0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length:.0f} {unit} ago ({at:%Y-%m-%d %H:%M} UTC)"
    return f"{seconds:.0f} s ago ({at:%Y-%m-%d %H:%M} UTC)"


def _size(size_bytes: int) -> str:
    """Say a size.

    >>> _size(12_345_678)
    '12.3 MB'
    """
    size = float(size_bytes)
    for unit in _UNITS[:-1]:
        if size < _THOUSAND:
            return f"{size:.1f} {unit}" if unit != "bytes" else f"{size_bytes} bytes"
        size /= _THOUSAND
    return f"{size:.1f} {_UNITS[-1]}"
