"""What must be true at the end, whatever happened: read from the database, not from the bot."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

from bot.simulator.server import TOKEN
from conversations.session import Session
from storage import attachments, submissions, updates
from storage.files import Files
from storage.opening import open_readable
from storage.store import Reading
from storage.submissions import Submission
from tests.faults.crowd import Crowd, Report
from tests.faults.telegram import UnwellWorld

_ANSWER = re.compile(r"<(q[1235])>(.*?)</q[1235]>")


WAITING = """
    SELECT 1 FROM outbox WHERE state = 'waiting'
    UNION ALL SELECT 1 FROM attachments WHERE state = 'waiting'
    LIMIT 1
"""


async def nothing_waits(url: str) -> bool:
    """Tell whether all is sent and fetched."""
    readable = await open_readable(url)
    try:
        async with readable.reading() as reading:
            return await reading.row(WAITING) is None
    finally:
        await readable.close()


async def expect_kept(url: str, crowd: Crowd, data: Path, world: UnwellWorld) -> None:
    """Expect each answer, report and picture once, each open report, and nothing left over."""
    readable = await open_readable(url)
    try:
        async with readable.reading() as reading:
            await _expect_submissions(reading, crowd, Files(data))
            await _expect_open(reading, crowd)
            await _expect_nothing_left(reading)
            await _expect_all_taken(reading, world)
    finally:
        await readable.close()


async def _expect_submissions(reading: Reading, crowd: Crowd, files: Files) -> None:
    kept: Counter[tuple[object, ...]] = Counter()
    page = await submissions.of_programme(reading, "springs")
    while page:
        for one in page:
            kept[await _kept(reading, one, files)] += 1
        page = await submissions.of_programme(reading, "springs", page[-1])
    told = Counter(_told(report) for member in crowd.members.values() for report in member.sent)
    lost, invented = told - kept, kept - told
    assert not lost, f"{lost.total()} reports are lost: {list(lost)[:5]}"
    assert not invented, f"{invented.total()} reports were never sent: {list(invented)[:5]}"


async def _kept(reading: Reading, one: Submission, files: Files) -> tuple[object, ...]:
    pictures = await attachments.of_submission(reading, one.instance_id)
    assert all(picture.state == "kept" for picture in pictures), "a picture was never fetched"
    for picture in pictures:
        assert picture.sha256 is not None
        content = await files.read(picture.sha256)
        assert sha256(content).hexdigest() == picture.sha256, "a picture is damaged"
    return (dict_key(dict(_ANSWER.findall(one.xml))), *(picture.sha256 for picture in pictures))


def _told(report: Report) -> tuple[object, ...]:
    pictures = (report.picture_sha256,) if report.picture_sha256 else ()
    return (dict_key(report.answers), *pictures)


def dict_key(answers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return answers so that they can be counted."""
    return tuple(sorted(answers.items()))


async def _expect_open(reading: Reading, crowd: Crowd) -> None:
    """Expect the reports left open, at the question where each was left."""
    rows = await reading.rows("SELECT body FROM sessions")
    kept = Counter(_standing(Session.from_json(row["body"])) for row in rows)
    left = Counter(
        ("/data/q5", dict_key(member.telling.answers))
        for member in crowd.members.values()
        if member.telling.answers
    )
    assert kept == left, f"open reports: {kept - left} instead of {left - kept}"


def _standing(session: Session) -> tuple[str, tuple[tuple[str, str], ...]]:
    draft = {path.rpartition("/")[2]: value for path, value in session.draft}
    texts = {name: value for name, value in draft.items() if name in {"q1", "q2", "q3", "q5"}}
    return session.current, dict_key(texts)


async def _expect_nothing_left(reading: Reading) -> None:
    letters = await updates.dead_letters(reading)
    assert letters == [], f"set aside: {[letter.error for letter in letters]}"
    left = await reading.rows("SELECT method, state, reason FROM outbox LIMIT 5")
    assert not left, f"messages were given up or wait still: {[tuple(one) for one in left]}"


async def _expect_all_taken(reading: Reading, world: UnwellWorld) -> None:
    rows = await reading.rows("SELECT update_id FROM updates")
    seen = {row["update_id"] for row in rows}
    missing = set(range(world.first_update, world.queue.next_id)) - seen - world.queue.lapsed
    assert not missing, f"{len(missing)} updates were confirmed and never taken"


def expect_discreet(log: str, crowd: Crowd) -> None:
    """Expect a log in which nothing went wrong on our side, and that names and quotes nobody."""
    for trouble in ("Traceback", " ERROR ", " CRITICAL "):
        line = next((line for line in log.splitlines() if trouble in line), None)
        assert line is None, f"the log says: {line}"
    said = {
        value for m in crowd.members.values() for one in m.sent for value in one.answers.values()
    }
    secrets = {TOKEN, *(str(chat) for chat in crowd.members), *(said - {"left", "right"})}
    words = set(re.findall(r"[\w:-]+", log))
    assert not secrets & words, f"the log tells {sorted(secrets & words)[:3]}"
