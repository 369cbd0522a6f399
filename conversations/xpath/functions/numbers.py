"""Functions that reckon with numbers. None of them raises: what has no result is NaN."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

from conversations.xpath.scope import Scope
from conversations.xpath.signatures import Function, context_text, pure, scoped
from conversations.xpath.values import number_from_text

_PLACES_MAX = 400
"""Beyond these places nothing of a float is left to round, on either side."""
_DIGITS = 800


def _number(scope: Scope, number: float | None = None) -> float:
    return number_from_text(scope, context_text(scope)) if number is None else number


def _int(number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) else number


def _floor(number: float) -> float:
    return float(math.floor(number)) if math.isfinite(number) else number


def _ceiling(number: float) -> float:
    return float(math.ceil(number)) if math.isfinite(number) else number


def _round(number: float, places: float = 0.0) -> float:
    """Round halves towards positive infinity (XPath 1.0, section 4.4), as written in digits.

    >>> _round(2.5), _round(-2.5), _round(1.005, 2.0), _round(155.0, -1.0)
    (3.0, -2.0, 1.01, 160.0)
    """
    if not math.isfinite(number):
        return number
    if math.isnan(places):
        return math.nan
    last = int(max(-_PLACES_MAX, min(places, _PLACES_MAX)))
    way = ROUND_HALF_DOWN if number < 0 else ROUND_HALF_UP
    with localcontext(prec=_DIGITS):
        return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-last), rounding=way))


def _pow(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == math.floor(exponent) and math.fmod(exponent, 2) != 0
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _safe(function: Callable[..., float]) -> Callable[..., float]:
    def computed(*numbers: float) -> float:
        try:
            return function(*numbers)
        except OverflowError:
            return math.inf
        except (ValueError, InvalidOperation):
            return math.nan

    return computed


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda number: -math.inf if number == 0 else _safe(function)(number)


FUNCTIONS: tuple[Function, ...] = (
    scoped("number", "?n", "number", _number),
    scoped("random", "", "number", lambda scope: scope.world.random()),
    pure("int", "n", "number", _int),
    pure("floor", "n", "number", _floor),
    pure("ceiling", "n", "number", _ceiling),
    pure("round", "n?n", "number", _round),
    pure("abs", "n", "number", abs),
    pure("pow", "nn", "number", _pow),
    pure("sqrt", "n", "number", _safe(math.sqrt)),
    pure("exp", "n", "number", _safe(math.exp)),
    pure("exp10", "n", "number", lambda number: _pow(10.0, number)),
    pure("log", "n", "number", _logarithm(math.log)),
    pure("log10", "n", "number", _logarithm(math.log10)),
    pure("sin", "n", "number", _safe(math.sin)),
    pure("cos", "n", "number", _safe(math.cos)),
    pure("tan", "n", "number", _safe(math.tan)),
    pure("asin", "n", "number", _safe(math.asin)),
    pure("acos", "n", "number", _safe(math.acos)),
    pure("atan", "n", "number", _safe(math.atan)),
    pure("atan2", "nn", "number", _safe(math.atan2)),
    pure("pi", "", "number", lambda: math.pi),
)
