"""`--seeds N`: how many chats the robot holds with each form."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--seeds`."""
    parser.addoption("--seeds", default=1, type=int, help="chats of the robot with each form")
