"""Answers from a file, for `baraza fill`, and what surrounds the form they fill in.

The file is JSON: a list of `[path, value]` pairs, played in their order, or an object. Values may
be written as JSON numbers and as true or false; `null` clears an answer.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from conversations.scene import worded
from conversations.xform.instance import Surroundings
from locales.locale import locale_of

Answers: TypeAlias = tuple[tuple[str, str], ...]

FILE_BYTES_MAX: Final = 10_000_000
PROBLEMS_MAX: Final = 50
_JSON_WORDS: Final = (
    ("Expecting ',' delimiter", "a comma or a closing bracket is missing before this"),
    ("Expecting property name", "a name in double quotes is missing here"),
    ("Expecting ':' delimiter", "a colon is missing after the name"),
    ("Expecting value", "a value is missing here; texts stand in double quotes"),
    ("Illegal trailing comma", "a comma stands here with nothing after it"),
    ("Unterminated string", "this text has no closing quote"),
    ("Extra data", "something stands after the end of the answers"),
    ("Invalid control character", "a text goes on over the end of the line; write \\n instead"),
    ("Invalid \\", "a backslash in a text is written twice"),
)
"""What Python's JSON reader says, in plain words."""


class AnswersError(Exception):
    """The file of answers cannot be read; the message says all that is wrong and what to do."""


def read_answers(path: Path) -> Answers:
    """Read a file of answers as (path, value) pairs, in the file's order."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise AnswersError(f"{path} is larger than {FILE_BYTES_MAX:,} bytes; part it.")
        content = path.read_bytes()
    except OSError as error:
        raise AnswersError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        text = content.decode("utf-8-sig")
        found = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_Object)
    except UnicodeDecodeError:
        raise AnswersError(f"{path} is not text in UTF-8; save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise AnswersError(f"{path}, {_where(text, error)}") from None
    except RecursionError:
        raise AnswersError(f"{path}: too many brackets stand inside one another.") from None
    return _pairs(found, path)


class _Object(list[tuple[str, object]]):
    """The members of a JSON object in their order, also those whose key stands twice."""


def _where(text: str, error: json.JSONDecodeError) -> str:
    """Say where JSON breaks off, and what is the matter there."""
    if not text.strip():
        return 'line 1: the file is empty. Write {"path": "value"}, or [] for no answers.'
    said = next((words for start, words in _JSON_WORDS if error.msg.startswith(start)), error.msg)
    here = text.split("\n")[error.lineno - 1].strip()[:80]
    quoted = f": {here}" if here else ""
    return f"line {error.lineno}, character {error.colno} is not JSON: {said}{quoted}"


def files_beside(path: Path) -> Callable[[str], bool]:
    """Return what says whether a file is there, seen from here or from the answers' own folder."""
    return lambda named: Path(named).is_file() or (path.parent / named).is_file()


def at_moment(around: Surroundings, now: datetime | None) -> Surroundings:
    """Return surroundings at another moment; one without a zone is in this machine's."""
    if now is None:
        return around
    moment = now if now.tzinfo is not None else _here(now)
    return replace(around, now=moment, started_at=moment)


def _here(now: datetime) -> datetime:
    """Give a moment this machine's zone; the far ends of the calendar have none."""
    try:
        return now.astimezone()
    except (OverflowError, ValueError, OSError):
        return now.replace(tzinfo=UTC)


def in_words_of(around: Surroundings, tag: str) -> Surroundings:
    """Return surroundings with the words a form leaves to whoever shows it, in a language."""
    return worded(around, locale_of(tag))


def _pairs(found: object, path: Path) -> Answers:
    """Return the answers, or AnswersError with every entry that is none."""
    match found:
        case _Object():
            problems = list(_doubled(found))
            entries: list[object] = [list(member) for member in found]
        case list():
            problems, entries = [], found
        case _:
            wanted = "The answers must be a list of [path, value] pairs, or an object."
            raise AnswersError(f"{path}: {wanted}")
    pairs = [_pair(entry) for entry in entries]
    problems += [
        f"Answer {number} is {_shown(entries[number - 1])}; write it as "
        '["path", "value"], several choices separated by spaces.'
        for number, pair in enumerate(pairs, 1)
        if pair is None
    ]
    if problems:
        raise AnswersError("\n".join(f"{path}: {one}" for one in problems[:PROBLEMS_MAX]))
    return tuple(pair for pair in pairs if pair is not None)


def _doubled(members: _Object) -> Iterable[str]:
    for key, times in Counter(key for key, _ in members).items():
        if times > 1:
            yield f"“{key}” stands {times} times; keep one, or write a list of pairs."


def _pair(entry: object) -> tuple[str, str] | None:
    match entry:
        case [str(path), str(value)]:
            return path, value
        case [str(path), None]:
            return path, ""
        case [str(path), bool(value)]:
            return path, "true" if value else "false"
        case _:
            return None


def _shown(entry: object) -> str:
    return json.dumps(_plain(entry), ensure_ascii=False)[:80]


def _plain(entry: object) -> object:
    """Return what was read as JSON would write it."""
    match entry:
        case _Object():
            return {key: _plain(value) for key, value in entry}
        case list():
            return [_plain(value) for value in entry]
        case _:
            return entry
