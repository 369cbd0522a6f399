"""What the log says, and what it must never say: the token.

Log lines carry no personal data: no chat id, no name, no answer. A filter on every handler takes
the token out of whatever passes, because libraries put whole addresses into their messages.
"""

from __future__ import annotations

import logging
import sys


class _WithoutSecret(logging.Formatter):
    """Formats a line, tracebacks included, and hides the secret wherever it stands in it."""

    def __init__(self, secret: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        line = super().format(record)
        return line.replace(self._secret, "<token>") if self._secret else line


def start_logging(level: str, token: str = "") -> None:
    """Log to standard error from `level` on; `token` shows as `<token>` wherever it would stand."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutSecret(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("aiohttp.access", "aiosqlite", "apscheduler", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))
