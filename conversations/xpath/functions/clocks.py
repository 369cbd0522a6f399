"""Functions over dates and times; a date is its ISO 8601 text, '' what is none."""

from __future__ import annotations

import math
from datetime import date, datetime, time

from conversations.xpath.dates import (
    day_of_number,
    day_text,
    exact_days_of,
    formatted,
    fraction_of_day,
    moment_of,
    moment_of_number,
    moment_text,
)
from conversations.xpath.scope import Scope
from conversations.xpath.signatures import scoped
from conversations.xpath.values import Value, number_from_text, string_of


def _today(scope: Scope) -> str:
    return day_text(scope.world.now.date())


def _now(scope: Scope) -> str:
    return moment_text(scope.world.now)


def _moment(scope: Scope, value: Value) -> datetime | date | None:
    """Read a date or dateTime from a text, or from days since 1970-01-01; None of neither."""
    now = scope.world.now
    if isinstance(value, float):
        return moment_of_number(value, now)
    text = string_of(scope, value)
    moment = moment_of(text, now.tzinfo)
    if isinstance(moment, datetime):
        return moment.astimezone(now.tzinfo)
    return moment or moment_of_number(number_from_text(scope, text), now)


def _date(scope: Scope, value: Value) -> str:
    now = scope.world.now
    if not isinstance(value, float):
        text = string_of(scope, value)
        moment = moment_of(text, now.tzinfo)
        if moment is not None:
            local = moment.astimezone(now.tzinfo).date() if isinstance(moment, datetime) else moment
            return day_text(local)
        value = number_from_text(scope, text)
    return day_text(day_of_number(value, now))


def _date_time(scope: Scope, value: Value) -> str:
    moment = _moment(scope, value)
    if moment is None:
        return ""
    if isinstance(moment, datetime) and moment.time() != time.min:
        return moment_text(moment)
    return day_text(moment)


def _decimal_date_time(scope: Scope, value: Value) -> float:
    if isinstance(value, float):
        return value
    text = string_of(scope, value)
    days = exact_days_of(text, scope.world.now)
    return number_from_text(scope, text) if math.isnan(days) else days


def _decimal_time(scope: Scope, text: str) -> float:
    return fraction_of_day(text, scope.world.now)


def _format(scope: Scope, value: Value, pattern: str) -> str:
    moment = _moment(scope, value)
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min, tzinfo=scope.world.now.tzinfo)
    return formatted(moment, pattern, scope.world.month_name, scope.world.day_name)


FUNCTIONS = (
    scoped("today", "", "string", _today),
    scoped("now", "", "string", _now),
    scoped("date", "v", "string", _date),
    scoped("date-time", "v", "string", _date_time),
    scoped("decimal-date-time", "v", "number", _decimal_date_time),
    scoped("decimal-time", "s", "number", _decimal_time),
    scoped("format-date", "vs", "string", _format),
    scoped("format-date-time", "vs", "string", _format),
)
