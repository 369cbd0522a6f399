"""Answers from a file, for `baraza fill`.

The file is JSON: a list of `[path, value]` pairs, played in their order, or an object. Values may
be written as JSON numbers; `null` clears an answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Answers: TypeAlias = tuple[tuple[str, str], ...]

FILE_BYTES_MAX = 10_000_000


class AnswersError(Exception):
    """The file of answers cannot be read; the message says what to do."""


def read_answers(path: Path) -> Answers:
    """Read a file of answers as (path, value) pairs, in the file's order."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise AnswersError(f"{path} is larger than {FILE_BYTES_MAX:,} bytes.")
        found = json.loads(path.read_text("utf-8"), parse_float=str, parse_int=str)
    except OSError as error:
        raise AnswersError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise AnswersError(f"{path} is not JSON: {error}.") from None
    return tuple(_pairs(found))


def _pairs(found: object) -> Iterable[tuple[str, str]]:
    match found:
        case dict():
            entries: list[object] = [list(entry) for entry in found.items()]
        case list():
            entries = found
        case _:
            raise AnswersError("The answers must be a list of [path, value] pairs, or an object.")
    for number, entry in enumerate(entries, 1):
        match entry:
            case [str(path), str(value)]:
                yield path, value
            case [str(path), None]:
                yield path, ""
            case _:
                raise AnswersError(
                    f"Answer {number} is {json.dumps(entry)[:80]}; write it as "
                    '["path", "value"], several choices separated by spaces.'
                )
