"""Faults that are ordered: the next calls of a method go wrong in a given way.

A fault answers an error, waits, or breaks the connection, before the call is done or (the case
in which a client cannot know what happened) after it. Limits, once switched on, refuse what comes
too fast with 429 as Telegram does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.simulator.parameters import Json, member
from bot.simulator.refusals import Impossible, Refused, too_many

FAULTS_MAX = 100
DELAY_SECONDS_MAX = 600.0
CHAT_BURST = 5
"""A chat takes so many messages at once before one a second counts."""
CHAT_PER_SECOND = 1.0
BOT_PER_SECOND = 30.0
_CODES = range(400, 600)
_PARAMETERS = ("retry_after", "migrate_to_chat_id")
"""https://core.telegram.org/bots/api#responseparameters"""
LIMITED_PREFIXES = ("send", "edit", "copy", "forward")


@dataclass(slots=True)
class Fault:
    """What happens to the next `count` calls of `method` (`*` for all) to `chat_id` (or any)."""

    number: int
    method: str
    count: int
    chat_id: int | None = None
    error: Refused | None = None
    delay_seconds: float = 0.0
    drop: Literal["", "before", "after"] = ""

    def concerns(self, method: str, chat_id: str) -> bool:
        """Return whether this call is meant."""
        called = self.method in {"*", method.lower()}
        return called and (self.chat_id is None or str(self.chat_id) == chat_id)

    def as_json(self) -> Json:
        """Return the fault as it was ordered, with the calls that are left."""
        told: Json = {"id": self.number, "method": self.method, "count": self.count}
        if self.chat_id is not None:
            told["chat_id"] = self.chat_id
        if self.error is not None:
            told["error"] = {
                "error_code": self.error.error_code,
                "description": self.error.description,
                **self.error.parameters,
            }
        if self.delay_seconds:
            told["delay_seconds"] = self.delay_seconds
        if self.drop:
            told["drop"] = self.drop
        return told


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime

    def missing_seconds(self, now: datetime, rate: float, size: float) -> float:
        """Return how long until one more fits; take it if that is now."""
        passed = max((now - self.at) / timedelta(seconds=1), 0.0)
        self.left = min(self.left + passed * rate, size)
        self.at = now
        if self.left < 1.0:
            return (1.0 - self.left) / rate
        self.left -= 1.0
        return 0.0


@dataclass(slots=True)
class Faults:
    """The faults of a world, oldest first, and its limits."""

    ordered: list[Fault] = field(default_factory=list)
    limits: bool = False
    _count: int = 0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def order(self, wish: Json) -> Json:
        """Order a fault, or switch the limits; return what stands now for it."""
        if "limits" in wish:
            self.limits = bool(wish["limits"])
            self._buckets.clear()
            return {"limits": self.limits}
        if len(self.ordered) >= FAULTS_MAX:
            raise Impossible(
                409, f"At most {FAULTS_MAX} faults can wait; DELETE /sim/faults first."
            )
        fault = _read(wish, self._count + 1)
        self._count += 1
        self.ordered.append(fault)
        return fault.as_json()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the first fault that concerns this call, and count it down."""
        fault = next((one for one in self.ordered if one.concerns(method, chat_id)), None)
        if fault is None:
            return None
        fault.count -= 1
        if not fault.count:
            self.ordered.remove(fault)
        return fault

    def check_limits(self, method: str, chat_id: str, now: datetime) -> None:
        """Refuse a call that comes faster than Telegram allows, if limits are on."""
        if not self.limits or not method.lower().startswith(LIMITED_PREFIXES) or not chat_id:
            return
        if method.lower() == "sendchataction":
            return
        for key, rate, size in (
            ("", BOT_PER_SECOND, BOT_PER_SECOND),
            (chat_id, CHAT_PER_SECOND, float(CHAT_BURST)),
        ):
            bucket = self._buckets.setdefault(key, _Bucket(size, now))
            missing = bucket.missing_seconds(now, rate, size)
            if missing:
                raise too_many(int(missing) + 1)

    def clear(self) -> None:
        """Forget all faults and switch the limits off."""
        self.ordered.clear()
        self._buckets.clear()
        self.limits = False


def _read(wish: Json, number: int) -> Fault:
    known = {"method", "count", "chat_id", "error", "delay_seconds", "drop"}
    unknown = sorted(wish.keys() - known)
    if unknown:
        raise Impossible(400, f"A fault has no member {unknown[0]!r}; it may have {sorted(known)}.")
    count = wish.get("count", 1)
    if not isinstance(count, int) or count < 1:
        raise Impossible(400, "count is how many calls go wrong: a whole number from 1.")
    chat_id = wish.get("chat_id")
    if chat_id is not None and not isinstance(chat_id, int):
        raise Impossible(400, "chat_id is the id of a person: a whole number.")
    fault = Fault(
        number=number,
        method=str(wish.get("method", "*")).lower(),
        count=count,
        chat_id=chat_id,
        error=_error(wish),
        delay_seconds=_delay(wish),
        drop=_drop(wish),
    )
    if not (fault.error or fault.delay_seconds or fault.drop):
        raise Impossible(400, "Say what goes wrong: error, delay_seconds or drop.")
    return fault


def _error(wish: Json) -> Refused | None:
    error = wish.get("error")
    if error is None:
        return None
    if not isinstance(error, dict) or error.get("error_code") not in _CODES:
        raise Impossible(400, 'error is {"error_code": 429, "description": "...", ...}.')
    retry_after = error.get("retry_after")
    told = [name for name in _PARAMETERS if error.get(name) is not None]
    parameters = {name: member(error, name, int) for name in told}
    words = error.get("description") or _words(error["error_code"], retry_after)
    return Refused(error["error_code"], str(words), parameters)


def _words(error_code: int, retry_after: int | None) -> str:
    if retry_after is not None:
        return too_many(retry_after).description
    known = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 502: "Bad Gateway"}
    return known.get(error_code, "Internal Server Error")


def _delay(wish: Json) -> float:
    delay = wish.get("delay_seconds", 0)
    if not isinstance(delay, int | float) or not 0 <= delay <= DELAY_SECONDS_MAX:
        raise Impossible(400, f"delay_seconds is a number from 0 to {DELAY_SECONDS_MAX:.0f}.")
    return float(delay)


def _drop(wish: Json) -> Literal["", "before", "after"]:
    match wish.get("drop", False):
        case False | None:
            return ""
        case True | "before":
            return "before"
        case "after":
            return "after"
    raise Impossible(400, 'drop is true (before the call is done) or "after" (done, not answered).')
