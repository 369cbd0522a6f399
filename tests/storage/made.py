"""People, sessions and submissions that tests of stores speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conversations.replies import KeepSubmission
from conversations.session import Session
from storage import (
    consents,
    submissions,
)
from storage.reporters import Reporter
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
PROGRAMME = "mch"
AMINA = 7_001
BARAKA = 7_002
LATER = NOW + timedelta(minutes=5)


def session_of(number: int, **changes: object) -> Session:
    """Return a session whose key ends in a number."""
    members = {"key": f"{number:032x}", "language": "sw", "stage": "question", "form_id": "birth"}
    return Session(**(members | changes))  # type: ignore[arg-type]  # Members by name.


def submission_of(number: int, xml: str = "<data/>", names: tuple[str, ...] = ()) -> KeepSubmission:
    """Return a submission whose instance id ends in a number."""
    return KeepSubmission(
        instance_id=f"uuid:{number}",
        form_id="birth",
        form_version="1",
        language="sw",
        receipt="4T7K",
        xml=xml,
        attachments=names,
    )


async def keep_alone(store: Store, reporter: Reporter, submission: KeepSubmission) -> None:
    """Keep a submission in a unit of its own."""
    async with store.unit() as unit:
        await submissions.keep(unit, reporter, PROGRAMME, submission, LATER)


async def agree(unit: Unit, reporter: Reporter) -> None:
    """Keep that a reporter agreed."""
    await consents.keep(unit, reporter, PROGRAMME, "v1", "sw", agreed=True, now=NOW)
