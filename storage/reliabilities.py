"""How reliable validators turned out to be, as estimated last, by programme and classes.

All questions with the same classes share what is known (`conversations.verdicts.reliability`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from conversations.verdicts.answers import Source, Validator
from conversations.verdicts.reliability import PRIORS, Matrix, Reliabilities, Reliability
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Unit

KNOWN_PAGE: Final = 5_000

FORGET = "DELETE FROM reliabilities WHERE programme = $1 AND classes = $2"

KEEP = """
    INSERT INTO reliabilities (programme, classes, validator, source, counts, borne_out,
                               contradicted)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

KEEP_ESTIMATE = """
    INSERT INTO estimates (programme, classes, answers, resident_prior, estimated_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (programme, classes) DO UPDATE SET answers = excluded.answers,
        resident_prior = excluded.resident_prior, estimated_at = excluded.estimated_at
"""

ESTIMATE = "SELECT * FROM estimates WHERE programme = $1 AND classes = $2"

KNOWN = """
    SELECT * FROM reliabilities WHERE programme = $1 AND classes = $2 AND validator > $3
    ORDER BY validator LIMIT $4
"""

ERASE = "DELETE FROM reliabilities WHERE validator = $1"

# Answers in decided rounds, by what they may come to.
DECIDED = """
    SELECT r.classes, count(*) AS count FROM asks AS a JOIN rounds AS r ON r.id = a.round_id
    WHERE r.programme = $1 AND a.state = 'answered' AND r.state = 'decided' GROUP BY r.classes
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """When reliabilities were estimated last, and from how many answers in decided rounds."""

    answers: int
    estimated_at: datetime
    resident_prior: Matrix | None


async def estimate(reading: Reading, programme: str, classes: Sequence[str]) -> Estimate | None:
    """Return the last estimation, None before the first."""
    row = await reading.row(ESTIMATE, programme, " ".join(classes))
    if row is None:
        return None
    return Estimate(row["answers"], from_kept(row["estimated_at"]), _read(row["resident_prior"]))


async def known(reading: Reading, programme: str, classes: Sequence[str]) -> Reliabilities:
    """Return all that is known of validators; nothing before the first estimation."""
    last = await estimate(reading, programme, classes)
    if last is None:
        return Reliabilities(tuple(classes))
    prior = last.resident_prior
    found: dict[Validator, Reliability] = {}
    after = ""
    while page := await reading.rows(KNOWN, programme, " ".join(classes), after, KNOWN_PAGE):
        for row in page:
            residents = row["source"] == "resident" and prior is not None
            taken = (
                prior if residents and prior else PRIORS[_source(row["source"])].rows(len(classes))
            )
            counts = _read(row["counts"]) or ()
            about = (counts, taken, row["borne_out"], row["contradicted"])
            found[Validator(row["validator"])] = Reliability(*about)
        after = page[-1]["validator"]
    return Reliabilities(tuple(classes), found, last.answers, prior)


async def keep(
    unit: Unit,
    programme: str,
    found: Reliabilities,
    sources: dict[Validator, Source],
    now: datetime,
) -> None:
    """Keep an estimation in place of the one before."""
    classes = " ".join(found.classes)
    await unit.run(FORGET, programme, classes)
    rows = [
        (
            *(programme, classes, validator, sources.get(validator, "resident")),
            *(json.dumps(one.counts), one.borne_out, one.contradicted),
        )
        for validator, one in found.known.items()
    ]
    await unit.run_many(KEEP, rows)
    prior = json.dumps(found.resident_prior)
    await unit.run(KEEP_ESTIMATE, programme, classes, found.decided_answers, prior, to_kept(now))


async def erase(unit: Unit, validator: Reporter) -> None:
    """Forget what is known of a validator."""
    await unit.run(ERASE, validator)


async def decided_answers(reading: Reading, programme: str) -> dict[tuple[str, ...], int]:
    """Count the answers in decided rounds, by their classes."""
    rows = await reading.rows(DECIDED, programme)
    return {tuple(row["classes"].split()): row["count"] for row in rows}


def _source(kept: str) -> Source:
    return "record" if kept == "record" else "resident"


def _read(text: str) -> Matrix | None:
    rows = json.loads(text)
    return None if rows is None else tuple(tuple(row) for row in rows)
