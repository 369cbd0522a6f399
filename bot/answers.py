"""Answers from a file, for `baraza fill`, and what surrounds the form they fill in.

The file is JSON: a list of `[path, value]` pairs, played in their order, or an object. Values may
be written as JSON numbers and as true or false; `null` clears an answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from conversations.scene import worded
from conversations.xform.instance import Surroundings
from locales.locale import locale_of

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


def files_beside(path: Path) -> Callable[[str], bool]:
    """Return what says whether a file is there, seen from here or from the answers' own folder."""
    return lambda named: Path(named).is_file() or (path.parent / named).is_file()


def at_moment(around: Surroundings, now: datetime | None) -> Surroundings:
    """Return surroundings at another moment; one without a zone is in this machine's."""
    if now is None:
        return around
    moment = now if now.tzinfo is not None else now.astimezone()
    return replace(around, now=moment, started_at=moment)


def in_words_of(around: Surroundings, tag: str) -> Surroundings:
    """Return surroundings with the words a form leaves to whoever shows it, in a language."""
    return worded(around, locale_of(tag))


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
            case [str(path), bool(value)]:
                yield path, "true" if value else "false"
            case _:
                raise AnswersError(
                    f"Answer {number} is {json.dumps(entry)[:80]}; write it as "
                    '["path", "value"], several choices separated by spaces.'
                )
