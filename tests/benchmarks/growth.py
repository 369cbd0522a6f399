"""How much room a row takes, table by table: what the arithmetic in storage/README.md rests on.

    python -m tests.benchmarks.growth [--people 50000] [--to postgresql://…]

fills a new database, on SQLite or in the PostgreSQL database named (which must be empty), with what
so many people leave behind: each is a contact with a consent and a submission with one attachment,
two follow-ups, and the row by which they can be written to; every tenth has an unfinished session,
for every hundredth a message waits, and each has sent 30 updates, remembered for three days. What
checks compare is kept of each report (its answers, three figures, how its picture looks); one in
ten is doubted twice and decided by a moderator, and every second is put to five others. Prints
bytes a row with all indexes, what they come to a report, and what a back-up, its verification and
its return cost.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from conversations.session import Session
from storage.copying import back_up, restore, verify
from storage.copying.opening import target_on
from storage.copying.rows import Shape, shapes
from storage.copying.target import Target
from storage.files import Files
from storage.location import is_postgres
from storage.steps import revisions
from tests.storage.house import ROWS

QUESTIONS: Final = 20
UPDATES: Final = 30
AT: Final = 1_795_340_000_000_000
PROGRAMME: Final = "kenya_mother_and_child"
TOGETHER: Final = 1_000
WORDS: Final = [
    "maji",
    "safi",
    "kisima",
    "mtoto",
    "mama",
    "kliniki",
    "barabara",
    "mvua",
    "siku",
    "wiki",
    "kijiji",
    "soko",
]
CHANCE: Final = random.Random(20261126)  # noqa: S311 - data, not secrets.


def hexadecimal(number: int, digits: int) -> str:
    """Return a number's hash: spread over a table as pseudonyms are."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:digits]


def answers() -> list[tuple[str, str]]:
    """Return what somebody answers to twenty questions."""
    said = (" ".join(CHANCE.choices(WORDS, k=4)) for _ in range(QUESTIONS))
    return [(f"/data/about/question_{number}", words) for number, words in enumerate(said)]


def xml_of(number: int) -> str:
    """Return a submission with twenty answers."""
    inside = "".join(f"<{path[12:]}>{said}</{path[12:]}>" for path, said in answers())
    meta = f"<meta><instanceID>uuid:{hexadecimal(number, 32)}</instanceID></meta>"
    return f'<data id="wells" version="2026112601"><about>{inside}</about>{meta}</data>'


def session_of(number: int) -> str:
    """Return the stored form of a session half way through twenty questions."""
    draft = tuple(answers()[: QUESTIONS // 2])
    trail, key = tuple(path for path, _ in draft), hexadecimal(number, 32)
    return Session(key, "sw", "question", "wells", "1", 10, trail=trail, draft=draft).to_json()


def row(table: str, **other: object) -> dict[str, Any]:
    """Return a table's usual row with some values changed."""
    return {**ROWS[table][0], **other}


def a_contact(n: int) -> dict[str, Any]:
    """Make the row of one contact."""
    return row("contacts", id=int(hexadecimal(n, 15), 16), chat_id=5_000_000_000 + n, menu="")


def a_consent(n: int) -> dict[str, Any]:
    """Make the row of one consent."""
    return row("consents", reporter=hexadecimal(-n - 1, 32), kept_at=AT + n)


def a_submission(n: int) -> dict[str, Any]:
    """Make the row of one submission."""
    instance_id = f"uuid:{hexadecimal(n, 32)}"
    reporter = hexadecimal(-n - 1, 32)
    xml = xml_of(n)
    return row("submissions", instance_id=instance_id, reporter=reporter, xml=xml, kept_at=AT + n)


def an_attachment(n: int) -> dict[str, Any]:
    """Make the row of one attachment."""
    instance_id, sha256 = f"uuid:{hexadecimal(n, 32)}", hexadecimal(n, 64)
    return row("attachments", id=n + 1, instance_id=instance_id, sha256=sha256, name=f"{n:08}.jpg")


def a_session(n: int) -> dict[str, Any]:
    """Make the row of one unfinished session."""
    reporter, key = hexadecimal(-n - 1, 32), hexadecimal(n, 32)
    return row("sessions", reporter=reporter, session_key=key, body=session_of(n))


def a_reach(n: int) -> dict[str, Any]:
    """Make the row of one reporter who can be written to."""
    sealed = hexadecimal(n, 64)
    return row(
        "reach", reporter=hexadecimal(-n - 1, 32), sealed=sealed, area="w1", cell="-1.3 36.8"
    )


def a_due(n: int) -> dict[str, Any]:
    """Make the row of one thing that comes back later."""
    subject, reporter = f"uuid:{hexadecimal(n // 2, 32)}", hexadecimal(-n // 2 - 1, 32)
    dedupe = f"{subject} two_weeks {n}"
    return row("due", id=n + 1, subject=subject, reporter=reporter, dedupe=dedupe, due_at=AT + n)


def a_message(n: int) -> dict[str, Any]:
    """Make the row of one message that waits."""
    text = '{"text":"' + "Je, maji ni safi? " * 20 + '"}'
    return row("outbox", id=n + 1, contact_id=int(hexadecimal(n, 15), 16), params=text)


def an_update(n: int) -> dict[str, Any]:
    """Make the row of one update that was seen."""
    return row("updates", update_id=n, seen_at=AT + n)


def of_report(table: str, n: int, **other: object) -> dict[str, Any]:
    """Make a row that hangs on a report."""
    return row(table, instance_id=f"uuid:{hexadecimal(n, 32)}", programme=PROGRAMME, **other)


def a_precedent(n: int) -> dict[str, Any]:
    """Make what a new report is compared with of an earlier one."""
    said = '{"/data/where": "w1", "/data/when": "2026-11-20", "/data/who": "nurse"}'
    return of_report("precedents", n, cell="-1.29 36.82", sent_at=AT + n, answers=said)


def a_measure(n: int) -> dict[str, Any]:
    """Make one figure of a report."""
    return of_report("measures", n // 3, path=f"/data/figure{n % 3}", sent_at=AT + n, number=0)


def a_look(n: int) -> dict[str, Any]:
    """Make one of the eight rows by which a picture is known again."""
    look = int(hexadecimal(n // 8, 15), 16)
    name = f"{n // 8:08}.jpg"
    return of_report("pictures", n // 8, band=n % 8, name=name, look=look, noted_at=AT + n)


def a_case(n: int) -> dict[str, Any]:
    """Make the case of a report that was doubted and decided."""
    decided = {"state": "decided", "outcome": "approved", "proposed": "", "area": "w1"}
    return of_report("cases", n, opened_at=AT + n, decided_at=AT + n, language="sw", **decided)


def a_flag(n: int) -> dict[str, Any]:
    """Make one doubt."""
    about = '{"place": "/data/how_many", "found": "41", "usual": "1 to 6"}'
    words = {"about": about, "other": "", "words": "", "raised_by": "", "verdict": "upheld"}
    return of_report("flags", n // 2, id=n + 1, dedupe=f"unlike the others {n % 2}", **words)


def an_act(n: int) -> dict[str, Any]:
    """Make one act of a moderator on a case."""
    return of_report("case_acts", n // 2, id=n + 1, body='{"outcome": "approved", "reason": ""}')


def a_round(n: int) -> dict[str, Any]:
    """Make a question about a report, as it was decided."""
    said = {"classes": '["yes", "no"]', "confirming": '["yes"]', "why": "", "told": "yes"}
    return of_report("rounds", n, id=n + 1, state="decided", says="yes", area="w1", **said)


def an_ask(n: int) -> dict[str, Any]:
    """Make that question as it was put to one person."""
    said = {"state": "answered", "choice": "yes", "heard": "", "language": "sw"}
    return row("asks", id=n + 1, round_id=n // 5 + 1, validator=hexadecimal(-n - 1, 32), **said)


def an_entry(n: int) -> dict[str, Any]:
    """Make one entry of the audit: a case was seen, decided."""
    subject, body = f"uuid:{hexadecimal(n // 2, 32)}", '{"version": 3, "outcome": "approved"}'
    return row("audit", number=n + 2, subject=subject, body=body, hash=hexadecimal(n, 64))


PER_PERSON: Final[dict[str, tuple[Callable[[int], dict[str, Any]], float]]] = {
    "contacts": (a_contact, 1),
    "consents": (a_consent, 1),
    "submissions": (a_submission, 1),
    "attachments": (an_attachment, 1),
    "sessions": (a_session, 0.1),
    "outbox": (a_message, 0.01),
    "reach": (a_reach, 1),
    "due": (a_due, 2),
    "updates": (an_update, UPDATES),
    "precedents": (a_precedent, 1),
    "measures": (a_measure, 3),
    "pictures": (a_look, 8),
    "cases": (a_case, 0.1),
    "flags": (a_flag, 0.2),
    "case_acts": (an_act, 0.2),
    "audit": (an_entry, 0.2),
    "rounds": (a_round, 0.5),
    "asks": (an_ask, 2.5),
}

OF_REPORT: Final = PER_PERSON.keys() - {"contacts", "consents", "reach", "sessions", "updates"}


async def size(target: Target, shape: Shape, *, postgres: bool) -> int:
    """Return the bytes of a table with its indexes; of a whole file on SQLite."""
    if postgres:
        sql = "SELECT pg_total_relation_size($1::regclass) AS bytes"
        found = await target.reading.row(sql, shape.name)
    else:
        sql = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
        found = await target.reading.row(sql)
    return int(found["bytes"]) if found else 0


async def fill(url: str, people: int) -> None:
    """Fill an empty database and print what each table takes."""
    by_name, of_report = {shape.name: shape for shape in shapes()}, 0
    async with target_on(url, revisions()[-1]) as target:
        for name, (make, share) in PER_PERSON.items():
            shape, count = by_name[name], int(people * share)
            before = await size(target, shape, postgres=is_postgres(url))
            for some in batches(count):
                rows = [make(n) for n in some]
                await target.put(shape, [[one[c] for c in shape.columns] for one in rows])
            taken = await size(target, shape, postgres=is_postgres(url)) - before
            print(f"{name:12} {count:9} rows {taken / count:7.0f} bytes a row")  # noqa: T201
            of_report += taken if name in OF_REPORT else 0
    print(f"all of a report {of_report / people:17.0f} bytes")  # noqa: T201


def batches(count: int) -> Iterator[range]:
    """Cut a number into ranges."""
    for begin in range(0, count, TOGETHER):
        yield range(begin, min(begin + TOGETHER, count))


async def timed(what: str, work: Any) -> Any:
    """Run something and print its CPU seconds and the process's greatest size so far."""
    before, began = time.process_time(), time.perf_counter()
    done = await work
    cpu, wall = time.process_time() - before, time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:12} {cpu:7.1f} s CPU {wall:7.1f} s  at most {peak} MB resident")  # noqa: T201
    return done


async def main() -> None:
    """Fill, measure, back up, verify, bring back."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=50_000)
    asked.add_argument("--to", default="")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.to or f"sqlite:///{folder / 'baraza.db'}"
        await timed("fill", fill(url, options.people))
        now, archive, files = datetime.now(UTC), folder / "b.tar", Files(folder)
        await timed("back-up", back_up(url, files, archive, now))
        print(f"archive      {archive.stat().st_size / options.people:7.0f} bytes a person")  # noqa: T201
        await timed("verify", asyncio.to_thread(verify, archive))
        await timed("restore", restore(archive, f"sqlite:///{folder / 'back.db'}", files))


if __name__ == "__main__":
    asyncio.run(main())
