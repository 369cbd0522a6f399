"""Flags: every doubt about a report, whoever raised it, each once.

A flag belongs to a report's original. One that a check or the programme's sheet raises again about
the same answers is the same flag; of a person there is one flag on one report, whatever they say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from conversations.sheets.flags import Severity
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Unit

NO_PERSON: Final = Reporter("")

FlagSource: TypeAlias = Literal["check", "sheet", "person"]

RAISE = """
    INSERT INTO flags (instance_id, programme, source, name, severity, action, about, other, words,
                       raised_by, raised_at, dedupe, verdict)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '')
    ON CONFLICT (instance_id, dedupe) DO NOTHING
    RETURNING id
"""

OF = "SELECT * FROM flags WHERE instance_id = $1 ORDER BY severity DESC, id"

LIFT = """
    DELETE FROM flags WHERE instance_id = $1 AND source <> 'person' AND dedupe = $2
"""

JUDGE = """
    UPDATE flags SET verdict = $2 WHERE instance_id = $1 AND verdict = ''
"""

UNJUDGE = "UPDATE flags SET verdict = '' WHERE instance_id = $1"

FLAGGED_BY = "SELECT instance_id FROM flags WHERE raised_by = $1 AND source = 'person'"

JUDGED_PEOPLE = """
    SELECT raised_by, name FROM flags
    WHERE instance_id = $1 AND source = 'person' AND verdict <> '' ORDER BY id LIMIT $2
"""

VERDICT_OF = """
    SELECT verdict FROM flags WHERE instance_id = $1 AND raised_by = $2 AND source = 'person'
"""

TAKE_BACK = "DELETE FROM flags WHERE raised_by = $1 AND source = 'person'"

RECORD_OF = """
    SELECT verdict, count(*) AS count FROM flags
    WHERE raised_by = $1 AND source = 'person' AND verdict <> '' GROUP BY verdict
"""


# How often somebody was right with flags that were decided, on reports and on published figures.
RECORD = """
           (SELECT count(*) FROM flags AS f WHERE f.raised_by = here.raised_by
            AND f.source = 'person' AND f.verdict <> '')
         + (SELECT count(*) FROM figure_flags AS g WHERE g.raised_by = here.raised_by
            AND g.verdict <> '') AS decided,
           (SELECT count(*) FROM flags AS f WHERE f.raised_by = here.raised_by
            AND f.source = 'person' AND f.verdict = 'right')
         + (SELECT count(*) FROM figure_flags AS g WHERE g.raised_by = here.raised_by
            AND g.verdict = 'right') AS found_right
"""

PEOPLE_ON = f"""
    SELECT here.raised_by, {RECORD}
    FROM flags AS here
    WHERE here.instance_id = $1 AND here.source = 'person' ORDER BY here.id LIMIT $2
"""  # noqa: S608 - put together from our own words.

SEVERITIES_ON = "SELECT severity FROM flags WHERE instance_id = $1 AND source <> 'person'"

PEOPLE_MAX = 100
"""So many people's flags on one report are weighed; fewer reach the most that all can weigh."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag.

    `about` are references of answers, `other` the instance id of another report it points to.
    `words` is a phrase or a text of the form as plain values (the host writes and reads them).
    `raised_by` is blank unless a person raised it. `verdict` is `right`, `wrong`, or blank while
    the case is not decided.
    """

    instance_id: str
    programme: str
    source: FlagSource
    name: str
    severity: Severity
    words: Mapping[str, Any]
    raised_at: datetime
    action: str = "queue"
    about: Sequence[str] = ()
    other: str = ""
    raised_by: Reporter = NO_PERSON
    verdict: str = ""
    key: str = field(default="", compare=False)

    @property
    def dedupe(self) -> str:
        """Name the flag among those on its report."""
        if self.source == "person":
            return f"person|{self.raised_by}"
        return self.key or "|".join((self.source, self.name, self.other, *self.about))


async def raise_(unit: Unit, flag: Raised) -> bool:
    """Keep a flag; False where the same stands already."""
    values = (
        *(flag.instance_id, flag.programme, flag.source, flag.name, int(flag.severity)),
        *(flag.action, json.dumps(list(flag.about)), flag.other, json.dumps(dict(flag.words))),
        *(flag.raised_by, to_kept(flag.raised_at), flag.dedupe),
    )
    return await unit.row(RAISE, *values) is not None


async def lift(unit: Unit, instance_id: str, dedupe: str) -> None:
    """Take a check's flag away that a corrected report does not raise any more."""
    await unit.run(LIFT, instance_id, dedupe)


async def flagged_by(reading: Reading, reporter: Reporter) -> Sequence[str]:
    """Return the reports that a person flagged, by their ids."""
    return [row["instance_id"] for row in await reading.rows(FLAGGED_BY, reporter)]


async def judged_people(reading: Reading, instance_id: str) -> Sequence[tuple[Reporter, str]]:
    """Return the people whose flags on a report were decided, with the names of their flags."""
    rows = await reading.rows(JUDGED_PEOPLE, instance_id, PEOPLE_MAX)
    return [(Reporter(row["raised_by"]), row["name"]) for row in rows]


async def verdict_of(reading: Reading, instance_id: str, reporter: Reporter) -> str:
    """Return whether a person's flag on a report was right; blank while nothing is decided."""
    row = await reading.row(VERDICT_OF, instance_id, reporter)
    return str(row["verdict"]) if row else ""


async def take_back(unit: Unit, reporter: Reporter) -> None:
    """Take away all flags that a person raised."""
    await unit.run(TAKE_BACK, reporter)


async def of(reading: Reading, instance_id: str) -> tuple[Raised, ...]:
    """Return all flags on a report, the gravest first."""
    return tuple(map(_raised, await reading.rows(OF, instance_id)))


async def people_on(reading: Reading, instance_id: str) -> Sequence[tuple[int, int]]:
    """Return, for each person who flagged a report, how often they were right, of how many."""
    rows = await reading.rows(PEOPLE_ON, instance_id, PEOPLE_MAX)
    return [(int(row["found_right"]), int(row["decided"])) for row in rows]


async def severities_on(reading: Reading, instance_id: str) -> Sequence[Severity]:
    """Return how grave each flag on a report is that no person raised."""
    return [Severity(row["severity"]) for row in await reading.rows(SEVERITIES_ON, instance_id)]


async def judge(unit: Unit, instance_id: str, *, right: bool | None) -> None:
    """Say whether the doubts about a report were right; None takes that back."""
    if right is None:
        await unit.run(UNJUDGE, instance_id)
    else:
        await unit.run(JUDGE, instance_id, "right" if right else "wrong")


async def record_of(reading: Reading, reporter: Reporter) -> tuple[int, int]:
    """Return how many of a person's flags were right, and how many were decided."""
    counts = {row["verdict"]: row["count"] for row in await reading.rows(RECORD_OF, reporter)}
    return counts.get("right", 0), sum(counts.values())


def _raised(row: Row) -> Raised:
    return Raised(
        *(row["instance_id"], row["programme"], row["source"], row["name"]),
        *(Severity(row["severity"]), json.loads(row["words"]), from_kept(row["raised_at"])),
        *(row["action"], tuple(json.loads(row["about"])), row["other"]),
        *(Reporter(row["raised_by"]), row["verdict"], row["dedupe"]),
    )
