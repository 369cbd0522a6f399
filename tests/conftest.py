"""What all tests share: transcripts as tests, and parts that may be missing on a machine."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

NEED_ALL = bool(os.environ.get("TESTS_NEED_ALL"))

# No test is timed: a busy machine is no fault. Where a change is judged, chance has no say in it.
settings.register_profile("unhurried", deadline=None, derandomize=NEED_ALL)
settings.load_profile("unhurried")

pytest_plugins = ["tests.player.plugin", "tests.player.postgres", "tests.conformance.tally"]


def pytest_configure() -> None:
    """Keep a developer's own settings out of the tests."""
    for name in [name for name in os.environ if name.startswith("BARAZA_")]:
        del os.environ[name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a skip be a failure where every part must be there, as in CI."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and NEED_ALL:
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be missing here: {report.longrepr}"
    return report
