"""What the log says, and what no line of it may hold, whoever writes the line."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import datetime

import pytest

from bot.logs import start_logging
from tests.end_to_end.process import environment

TOKEN = "123456:a-token-of-the-tests"
SAID = "my name is Amina"

LINES = {
    "ours": 'logging.getLogger("bot.app").info("at {token}")',
    "a library's warning": 'logging.getLogger("uvicorn.error").error("at {token}")',
    "a library's details": 'logging.getLogger("telegram.Bot").debug("{said}")',
    "a warning": 'warnings.warn("at {token}")',
    "a traceback": """
try:
    try:
        int("{said}")
    except ValueError as error:
        raise KeyError("{said}") from error
except KeyError:
    logging.getLogger("bot.dispatch").exception("A turn failed at {token}")""",
    "an error that came of itself": """
try:
    try:
        int("{said}")
    except ValueError as error:
        raise error from error
except ValueError:
    logging.getLogger("bot.dispatch").exception("A turn failed at {token}")""",
    "a line that cannot be written": """
class Broken:
    def __str__(self):
        raise ValueError("{said} {token}")
logging.getLogger("bot.dispatch").error("%s of {said}", Broken())""",
    "a task nobody waited for": """
async def main():
    asyncio.get_running_loop().set_exception_handler(logs.log_trouble)
    task = asyncio.create_task(asyncio.to_thread(int, "{said}"))
    await asyncio.wait([task])
    del task
asyncio.run(main())""",
    "the end of the process": 'raise ExceptionGroup("{said}", [ValueError("{said} {token}")])',
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_the_log_holds_neither_token_nor_words(line: str, form: str) -> None:
    """Whichever way a line comes about, it shows no token and nothing a person said."""
    start = (
        "import asyncio, logging, warnings\nfrom bot import logs\n"
        f'logs.start_logging("DEBUG", "{TOKEN}", "{form}")\n'
    )
    code = start + line.replace("{token}", TOKEN).replace("{said}", SAID)
    ran = subprocess.run(
        [sys.executable, "-"], input=code, env=environment(), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    told = ran.stdout + ran.stderr
    assert TOKEN not in told
    assert SAID not in told
    assert told or "debug" in line


def test_a_traceback_still_says_where() -> None:
    """Without its words an error is still named, with the way it came and what it came of."""
    ran = subprocess.run(
        [sys.executable, "-"],
        input="from bot import logs\nlogs.start_logging('INFO')\ntry:\n  int('x')\n"
        "except ValueError as error:\n  raise KeyError('y') from error",
        env=environment(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "builtins.ValueError" in ran.stderr
    assert "builtins.KeyError" in ran.stderr
    assert 'File "<stdin>", line' in ran.stderr
    assert ran.returncode == 1


def test_a_json_line_holds_all_of_it() -> None:
    """An object a line: when, how bad, where and what, and the way an error came."""
    ran = subprocess.run(
        [sys.executable, "-"],
        input="import logging\nfrom bot import logs\nlogs.start_logging('INFO', '', 'json', 2)\n"
        "try:\n  int('x')\nexcept ValueError:\n"
        "  logging.getLogger('bot.app').exception('Turn %d\\nfailed', 7)",
        env=environment(), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    (line,) = ran.stderr.splitlines()
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("time")).tzinfo is not None
    assert 'File "<stdin>", line' in told.pop("traceback")
    assert told == {
        "level": "ERROR",
        "logger": "bot.app",
        "worker": 2,
        "message": "Turn 7\nfailed",
        "template": "Turn %d\nfailed",
    }


def test_the_same_warning_is_written_seldom(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away an hour fills no disk with lines; errors are written each time."""
    clock = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    monkeypatch.setattr("time.time_ns", lambda: int(clock[0] * 1e9))
    start_logging("INFO")
    log = logging.getLogger("bot.sender")
    for _ in range(120):
        log.warning("The outbox cannot be read now: %s", "no %s")
        log.warning("Another thing")
        clock[0] += 1.0
    log.error("Given up")
    log.error("Given up")
    lines = [line.partition("bot.sender: ")[2] for line in capsys.readouterr().err.splitlines()]
    first = "The outbox cannot be read now: no %s"
    assert [line for line in lines if line.startswith("The")] == [
        first,
        *[f"{first} (29 times more since)"] * 3,
    ]
    assert lines.count("Given up") == 2
