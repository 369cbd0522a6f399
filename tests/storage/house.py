"""A house in use: rows in every table there is, as people leave them, at any revision.

A table or column that is not written down here has made-up values, so that none escapes the tests;
rows as people would leave them are better.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column

from conversations.session import Session
from storage.copying.opening import target_on
from storage.copying.rows import Shape, shape_of
from storage.copying.target import Target
from storage.location import is_postgres
from storage.reporters import fingerprint, pseudonym
from storage.schema import metadata

KEY: Final = b"a key of the tests, not a secret"
PROGRAMME: Final = "mch"
AMINA, JUMA = 7_001_002_003, -4_001
REPORTER: Final = pseudonym(KEY, PROGRAMME, AMINA)
AT: Final = 1_795_340_000_123_456
PICTURE, VOICE = b"\xff\xd8 a picture", b"OggS a voice"
SEALED = b"what a picture was before a part of it was blacked out, sealed"
SESSION: Final = Session("1" * 32, "sw", "question", "birth", "1", 3, draft=(("/data/a", "ndiyo"),))


def sha256(content: bytes) -> str:
    """Return a content's hash."""
    return hashlib.sha256(content).hexdigest()


def _submission(number: int, **other: object) -> dict[str, Any]:
    return {
        "instance_id": f"uuid:{number}",
        "programme": PROGRAMME,
        "reporter": REPORTER,
        "form_id": "birth",
        "form_version": "1",
        "language": "sw",
        "receipt": f"4T7{number}",
        "xml": f"<data><a>Amina alisema «haraka» {number} 👶</a></data>",
        "kept_at": AT + number,
        "review_state": "received",
        **other,
    }


def _call(number: int, **other: object) -> dict[str, Any]:
    return {
        "id": number,
        "contact_id": 11,
        "method": "sendMessage",
        "slot": "",
        "priority": 0,
        "params": '{"text":"Asante"}',
        "state": "waiting",
        "due_at": AT,
        "leased_until_at": 0,
        "attempts": 0,
        "reason": "",
        "leased_by": "",
        "put_at": AT,
        **other,
    }


def _attachment(number: int, **other: object) -> dict[str, Any]:
    return {
        "id": number,
        "session_key": None,
        "instance_id": None,
        "name": "p.jpg",
        "source": "",
        "media_type": "image/jpeg",
        "size_bytes": 12,
        "sha256": None,
        "state": "kept",
        "due_at": AT,
        "attempts": 1,
        "reason": "",
        "caption": "mtoni",
        **other,
    }


AS_LEFT: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "store_facts": [
        {"name": "audit", "value": "1 hash"},
        {"name": "key", "value": fingerprint(KEY)},
    ],
    "updates": [{"update_id": 900_000_000 + n, "seen_at": AT + n} for n in range(30)],
    "leases": [{"name": "bulk", "owner": "one", "until_at": AT}],
    "dead_letters": [
        {"update_id": 5, "raw": '{"update_id": 5}', "error": "unreadable", "set_aside_at": AT}
    ],
    "contacts": [
        {
            "id": 11,
            "chat_id": AMINA,
            "language": "sw",
            "state": "active",
            "met_on": "2026-11-22",
            "low_data": True,
            "menu": "sw",
        },
        {
            "id": 2**61 + 7,
            "chat_id": JUMA,
            "language": "",
            "state": "gone",
            "met_on": "2026-11-20",
            "low_data": False,
            "menu": "",
        },
    ],
    "counted": [
        {
            "instance_id": "uuid:1",
            "name": "births",
            "programme": PROGRAMME,
            "form_id": "birth",
            "place": "hill",
            "month": "2026-10",
        }
    ],
    "count_checks": [
        {
            "id": 4,
            "programme": PROGRAMME,
            "form_id": "birth",
            "form_version": "1",
            "name": "births",
            "place": "hill",
            "month": "2026-10",
            "counted": 12,
            "state": "open",
            "says": "",
            "told": "",
            "began_at": AT,
            "expires_at": AT + 7,
        }
    ],
    "count_asks": [
        {
            "id": 9,
            "check_id": 4,
            "validator": REPORTER,
            "state": "answered",
            "choice": "few",
            "late": False,
            "planned_at": AT,
            "asked_at": AT + 1,
            "answered_at": AT + 2,
        }
    ],
    "outbox": [_call(3), _call(7, state="given up", params="{}", reason="Bad Request")],
    "slots": [{"contact_id": 11, "slot": "question", "message_id": 99}],
    "consents": [
        {
            "reporter": REPORTER,
            "text_version": "v1",
            "kept_at": AT,
            "programme": PROGRAMME,
            "language": "sw",
            "agreed": True,
        }
    ],
    "sessions": [
        {
            "reporter": REPORTER,
            "programme": PROGRAMME,
            "session_key": SESSION.key,
            "form_id": "birth",
            "form_version": "1",
            "stage": "question",
            "body": SESSION.to_json(),
            "changed_at": AT,
        }
    ],
    "form_media": [{"sha256": sha256(PICTURE), "method": "sendPhoto", "file_id": "AgACAg"}],
    "forms": [
        {
            "programme": PROGRAMME,
            "form_id": "birth",
            "form_version": "1",
            "xform": "<h:html/>",
            "kept_at": AT,
        }
    ],
    "roles": [
        {
            "id": 4,
            "programme": PROGRAMME,
            "role": "coordinator",
            "known_as": "Amina",
            "token_hash": "ab" * 32,
            "expires_at": AT,
            "contact_id": 11,
            "taken_on": "2026-11-22",
        }
    ],
    "offers": [{"programme": PROGRAMME, "form_id": "birth", "form_version": "1", "is_open": False}],
    "workbooks": [
        {
            "programme": PROGRAMME,
            "form_id": "birth",
            "form_version": "1",
            "file_name": "birth.xlsx",
            "content": bytes(range(256)),
            "is_numbered": True,
            "kept_at": AT,
        }
    ],
    "desks": [
        {
            "programme": PROGRAMME,
            "contact_id": 11,
            "body": "{}",
            "upload": "1",
            "source": "",
            "file_name": "b.xlsx",
            "content": b"\x00\xff",
            "xform": None,
            "due_at": AT,
            "attempts": 0,
        }
    ],
    "submissions": [_submission(1), _submission(2, review_state="has issues")],
    "edits": [{"instance_id": "uuid:2", "replaces": "uuid:1", "original": "uuid:1", "number": 1}],
    "attachments": [
        _attachment(1, instance_id="uuid:1", sha256=sha256(PICTURE)),
        _attachment(2, instance_id="uuid:2", sha256=sha256(PICTURE)),
        _attachment(3, instance_id="uuid:2", name="v.ogg", sha256=sha256(VOICE)),
        _attachment(9, session_key=SESSION.key, state="waiting", source="AgACAg"),
    ],
    "sealed_files": [
        {"instance_id": "uuid:1", "painted": sha256(PICTURE), "sealed": sha256(SEALED)},
    ],
    "due": [
        {
            "id": 2,
            "programme": PROGRAMME,
            "reporter": REPORTER,
            "kind": "follow-up",
            "name": "two_weeks",
            "subject": "uuid:1",
            "zone": "Africa/Nairobi",
            "wall": "2026-12-06T10:00",
            "dedupe": "uuid:1 two_weeks 1",
            "state": "waiting",
            "due_at": AT,
        }
    ],
    "reach": [
        {
            "reporter": REPORTER,
            "programme": PROGRAMME,
            "language": "sw",
            "zone": "Africa/Nairobi",
            "met_on": "2026-11-22",
            "stopped": False,
        }
    ],
}
COUNTED: Final = {"outbox": 70, "roles": 4, "attachments": 90}
"""What the tables' counters gave out at most, also for rows that are gone; 50 for others."""

_ONE_OF: Final = re.compile(r"(\w+) IN \('([^']+)'")


def _made_up(column: Column[Any]) -> object:
    """Return a value that a column may hold."""
    for key in column.foreign_keys:
        return ROWS[key.column.table.name][0][key.column.name]
    if column.nullable:
        return None
    for check in column.table.constraints:
        if isinstance(check, CheckConstraint):
            for name, word in _ONE_OF.findall(str(check.sqltext)):
                if name == column.name:
                    return word
    made_up = {bool: True, int: 1, float: 0.1, bytes: b"\x00\xff"}
    return made_up.get(column.type.python_type, column.name)


GONE: Final[Mapping[str, Mapping[str, Any]]] = {"asks": {"told": True}}
"""What stood in columns that a later revision took out."""

ROWS: Final[dict[str, list[dict[str, Any]]]] = {}
"""Every table's rows, every column among them."""

for _table in metadata.sorted_tables:
    ROWS[_table.name] = [
        {
            column.name: row[column.name] if column.name in row else _made_up(column)
            for column in _table.columns
        }
        for row in AS_LEFT.get(_table.name, [{}])
    ]


async def furnish(database_url: str, revision: str) -> None:
    """Make a database of a revision, with the rows people would have left, then bring it up."""
    async with target_on(database_url, revision) as target:
        for table in metadata.sorted_tables:
            columns = await _columns(target, table.name, postgres=is_postgres(database_url))
            shape = _cut(shape_of(table), columns)
            kept = [{**GONE.get(table.name, {}), **row} for row in ROWS.get(table.name, ())]
            rows = [[row[name] for name in shape.columns] for row in kept]
            if columns and rows:
                await target.put(shape, rows)
                if shape.counter:
                    await target.count_on(shape, COUNTED.get(table.name, 50))


def _cut(shape: Shape, columns: Sequence[str]) -> Shape:
    """Leave out the columns that a revision does not have yet."""
    return Shape(shape.name, tuple(columns), shape.key, shape.booleans, shape.counter)


async def _columns(target: Target, table: str, *, postgres: bool) -> list[str]:
    sql = "SELECT name FROM pragma_table_info($1)"
    if postgres:
        sql = "SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1"
    return [row["name"] for row in await target.reading.rows(sql, table)]
