"""Sentences as plain values and back, for what is said long after it was thought.

A sentence is kept as what it means, never as it read once: whoever reads it later may do so in
another language, and a translation may have been mended since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from conversations.phrases import FormText, Parameter, Phrase, Speech

_READ: Final[Mapping[str, Callable[[str], Parameter]]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "form": FormText,
}


def to_plain(speech: Speech) -> dict[str, Any]:
    """Return a sentence as values that JSON can hold.

    >>> said = Phrase("On {day}.", {"day": date(2026, 11, 22)})
    >>> to_plain(said), from_plain(to_plain(said)) == said
    ({'text': 'On {day}.', 'with': {'day': {'date': '2026-11-22'}}}, True)
    """
    if isinstance(speech, FormText):
        return {"form": speech.markdown}
    plain: dict[str, Any] = {"text": speech.text}
    if speech.parameters:
        plain["with"] = {name: _plain(value) for name, value in speech.parameters.items()}
    if speech.plural is not None:
        plain |= {"plural": speech.plural, "count": speech.count}
    return plain


def from_plain(plain: Mapping[str, Any]) -> Speech:
    """Return the sentence that `to_plain` made plain; KeyError or ValueError for anything else."""
    if "form" in plain:
        return FormText(plain["form"])
    parameters = {name: _parameter(value) for name, value in plain.get("with", {}).items()}
    return Phrase(plain["text"], parameters, plain.get("plural"), plain.get("count"))


def _plain(value: Parameter) -> Any:  # noqa: ANN401 - what JSON can hold.
    match value:
        case Phrase() | FormText():
            return to_plain(value)
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case _:
            return value


def _parameter(plain: Any) -> Parameter:  # noqa: ANN401 - what JSON can hold.
    if not isinstance(plain, dict):
        return plain  # type: ignore[no-any-return]  # A text or a whole number.
    if "text" in plain:
        return from_plain(plain)
    ((kind, said),) = plain.items()
    return _READ[kind](said)
