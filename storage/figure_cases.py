"""Published figures that people doubt: one case a figure, one doubt a person and figure.

A case is kept by its version, which is the lock between two moderators. Who doubted a figure is
known by their pseudonym alone; to tell them what came of it, the id of their contact stands beside
it sealed under the key, as in `reach`: whoever never reported cannot be reached otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.figure_words import WITHDRAWN
from conversations.reviewing.published import Count, Figure, FigureCase
from conversations.sheets.flags import Severity
from storage.contacts import ContactId
from storage.flags import RECORD
from storage.moments import from_kept, to_kept
from storage.reporters import Reporter
from storage.store import Reading, Row, Store, Unit, Value

TOO_FEW: Final = -2
"""In place of a count of too few to show."""

OPEN = """
    INSERT INTO figure_cases (programme, period, form_id, area, campaign_id, shown, corrected,
        opened_at, severity, weight, state, outcome, version, claimed_by, claimed_until_at,
        decided_by, decided_at, look_by_at, announced, told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', '', 1, 0, 0, 0, 0, $8, $11, $6)
    ON CONFLICT (programme, period, form_id, area) DO NOTHING
"""

# Writing the row makes it the lock under which acts on one figure queue up.
HOLD_FIGURE = """
    UPDATE figure_cases SET version = version
    WHERE programme = $1 AND period = $2 AND form_id = $3 AND area = $4 RETURNING *
"""

HOLD = "UPDATE figure_cases SET version = version WHERE id = $1 AND programme = $2 RETURNING *"

OF = "SELECT * FROM figure_cases WHERE id = $1 AND programme = $2"

OF_FIGURE = """
    SELECT * FROM figure_cases WHERE programme = $1 AND period = $2 AND form_id = $3 AND area = $4
"""

# Nobody else has changed it meanwhile: the condition is the lock.
KEEP = """
    UPDATE figure_cases SET corrected = $3, severity = $4, weight = $5, state = $6, outcome = $7,
        version = $8, claimed_by = $9, claimed_until_at = $10, decided_by = $11, decided_at = $12,
        look_by_at = $13, announced = $14
    WHERE id = $1 AND version = $2
"""

QUEUE = """
    SELECT * FROM figure_cases WHERE programme = $1 AND state = 'open'
    ORDER BY look_by_at, id LIMIT $2
"""

OF_FORM = """
    SELECT * FROM figure_cases WHERE programme = $1 AND form_id = $2 ORDER BY period, area
"""

TO_ANNOUNCE = """
    SELECT * FROM figure_cases
    WHERE programme = $1 AND NOT announced AND outcome IN ('corrected', 'withdrawn')
    ORDER BY id LIMIT $2
"""

# People know it as something else than what was decided; $5 stands for one that was withdrawn.
TOLD_WRONG = """
    SELECT * FROM figure_cases
    WHERE programme = $1 AND state = 'decided' AND decided_at BETWEEN $2 AND $3
      AND told <> CASE outcome WHEN 'corrected' THEN corrected WHEN 'withdrawn' THEN $5
                  ELSE shown END
    ORDER BY id LIMIT $4
"""

NOTE_HEARD = "UPDATE figure_cases SET told = $2 WHERE id = $1"

ANNOUNCED = "UPDATE figure_cases SET announced = $2 WHERE id = $1"

RAISE = """
    INSERT INTO figure_flags (figure_id, raised_by, sealed, reason, raised_at, verdict)
    VALUES ($1, $2, $3, $4, $5, '')
    ON CONFLICT (figure_id, raised_by) DO NOTHING
    RETURNING id
"""

REASONS = """
    SELECT reason, count(*) AS count FROM figure_flags WHERE figure_id = $1
    GROUP BY reason ORDER BY count(*) DESC, reason
"""

# How often each of the people who doubted a figure was right with flags that were decided.
PEOPLE_ON = f"""
    SELECT here.raised_by, {RECORD}
    FROM figure_flags AS here WHERE here.figure_id = $1 ORDER BY here.id LIMIT $2
"""  # noqa: S608 - put together from our own words.

# A doubt without a verdict about a figure that is decided: its person is not told yet.
UNTOLD = """
    SELECT f.* FROM figure_cases AS c JOIN figure_flags AS f ON f.figure_id = c.id
    WHERE c.programme = $1 AND c.state = 'decided' AND f.verdict = '' AND f.id > $3
    ORDER BY f.id LIMIT $2
"""

# The condition is the lock: of two who tell somebody, one does.
JUDGE = "UPDATE figure_flags SET verdict = $2 WHERE id = $1 AND verdict = '' RETURNING id"

UNJUDGE = "UPDATE figure_flags SET verdict = '' WHERE figure_id = $1"

HAS_DOUBT = "SELECT 1 AS found FROM figure_flags WHERE figure_id = $1 AND raised_by = $2"

LATELY = "SELECT count(*) AS count FROM figure_flags WHERE raised_by = $1 AND raised_at >= $2"

DOUBTED_BY = "SELECT figure_id FROM figure_flags WHERE raised_by = $1"

TAKE_BACK = "DELETE FROM figure_flags WHERE raised_by = $1"

PEOPLE_MAX: Final = 100
"""So many people's doubts on one figure are weighed; fewer reach the most that all can weigh."""


@dataclass(frozen=True, slots=True)
class Doubter:
    """Somebody who doubts a figure, and why; `id` is the number of their doubt."""

    id: int
    figure: int
    reporter: Reporter
    sealed: str
    reason: str


async def open_(  # noqa: PLR0913, PLR0917 - which figure of which message.
    unit: Unit, programme: str, figure: Figure, campaign: int, shown: Count, now: datetime
) -> FigureCase:
    """Open a figure's case, or take the one it has; be alone with it until the unit ends."""
    about = (programme, figure.period, figure.form_id, figure.area)
    medium, kept = int(Severity.MEDIUM), _number(shown)
    await unit.run(OPEN, *about, campaign, kept, TOO_FEW, to_kept(now), medium, 0.0, False)  # noqa: FBT003
    row = await unit.row(HOLD_FIGURE, *about)
    assert row is not None, "it was opened just now"  # noqa: S101  # Ours, never the user's.
    return _case(row)


async def hold(unit: Unit, programme: str, number: int) -> FigureCase | None:
    """Return a figure's case, and be alone with it until the unit ends."""
    row = await unit.row(HOLD, number, programme)
    return _case(row) if row else None


async def of(reading: Reading, programme: str, number: int) -> FigureCase | None:
    """Return a figure's case by its number."""
    row = await reading.row(OF, number, programme)
    return _case(row) if row else None


async def of_figure(reading: Reading, programme: str, figure: Figure) -> FigureCase | None:
    """Return the case of a figure, if anybody doubted it."""
    about = (programme, figure.period, figure.form_id, figure.area)
    row = await reading.row(OF_FIGURE, *about)
    return _case(row) if row else None


async def keep(unit: Unit, case: FigureCase, look_by: datetime, seen: int) -> None:
    """Keep a case that is held and was version `seen`."""
    values: tuple[Value, ...] = (
        *(_number(case.after), int(case.severity), case.weight, case.state, case.outcome),
        *(case.version, case.claimed_by, _kept(case.claimed_until), case.decided_by),
        *(_kept(case.decided_at), to_kept(look_by), False),
    )
    await unit.run(KEEP, case.number, seen, *values)


async def queue(reading: Reading, programme: str, at_most: int) -> tuple[FigureCase, ...]:
    """Return the figures that wait, those to be looked at first in front."""
    return tuple(_case(row) for row in await reading.rows(QUEUE, programme, at_most))


async def of_form(reading: Reading, programme: str, form_id: str) -> tuple[FigureCase, ...]:
    """Return all doubted figures of a form."""
    return tuple(map(_case, await reading.rows(OF_FORM, programme, form_id)))


async def to_announce(reading: Reading, programme: str, at_most: int) -> tuple[FigureCase, ...]:
    """Return what was corrected or withdrawn since results were published last."""
    return tuple(_case(row) for row in await reading.rows(TO_ANNOUNCE, programme, at_most))


async def note_announced(unit: Unit, number: int) -> None:
    """Note that the newest results say that a figure changed."""
    await unit.run(ANNOUNCED, number, True)  # noqa: FBT003


async def told_wrong(
    reading: Reading, programme: str, since: datetime, until: datetime, at_most: int
) -> tuple[tuple[FigureCase, Count], ...]:
    """Return figures decided between two moments that people know otherwise, and as what."""
    span = (to_kept(since), to_kept(until), at_most)
    rows = await reading.rows(TOLD_WRONG, programme, *span, WITHDRAWN)
    return tuple((_case(row), _count(row["told"])) for row in rows)


async def note_heard(unit: Unit, case: FigureCase) -> None:
    """Note that people hear of a figure as it stands."""
    await unit.run(NOTE_HEARD, case.number, _number(case.stands))


# Doubts


async def raise_(  # noqa: PLR0913, PLR0917 - who doubts which figure, how and when.
    unit: Unit,
    store: Store,
    number: int,
    by: Reporter,
    contact_id: ContactId,
    reason: str,
    now: datetime,
) -> bool:
    """Keep somebody's doubt; False where they have said so before."""
    values = (number, by, store.seal(by, contact_id), reason, to_kept(now))
    return await unit.row(RAISE, *values) is not None


async def reasons(reading: Reading, number: int) -> Mapping[str, int]:
    """Count how many people say what is wrong, the commonest first."""
    rows = await reading.rows(REASONS, number)
    return {row["reason"]: int(row["count"]) for row in rows}


async def people_on(reading: Reading, number: int) -> Sequence[tuple[int, int]]:
    """Return, for each person who doubts a figure, how often they were right, of how many."""
    rows = await reading.rows(PEOPLE_ON, number, PEOPLE_MAX)
    return [(int(row["found_right"]), int(row["decided"])) for row in rows]


async def untold(
    reading: Reading, programme: str, at_most: int, after: int = 0
) -> tuple[Doubter, ...]:
    """Return those whose doubts are about decided figures, and who do not know it yet.

    `after` is the number of the doubt behind which to go on.
    """
    return tuple(
        Doubter(*(row[name] for name in ("id", "figure_id", "raised_by", "sealed", "reason")))
        for row in await reading.rows(UNTOLD, programme, at_most, after)
    )


async def judge(unit: Unit, verdicts: Mapping[int, bool]) -> frozenset[int]:
    """Say of doubts, by their number, whether they were right; return those not judged before."""
    judged = [
        await unit.row(JUDGE, number, "right" if right else "wrong")
        for number, right in verdicts.items()
    ]
    return frozenset(row["id"] for row in judged if row is not None)


async def unjudge(unit: Unit, number: int) -> None:
    """Take back whether the doubts about a figure were right."""
    await unit.run(UNJUDGE, number)


async def doubts(reading: Reading, number: int, by: Reporter) -> bool:
    """Tell whether somebody doubts a figure."""
    return await reading.row(HAS_DOUBT, number, by) is not None


async def raised_since(reading: Reading, by: Reporter, since: datetime) -> int:
    """Count the figures that somebody doubted since a moment."""
    row = await reading.row(LATELY, by, to_kept(since))
    return int(row["count"]) if row else 0


async def take_back(unit: Unit, by: Reporter) -> Sequence[int]:
    """Take away all that somebody said of figures; return the numbers of these."""
    numbers = [row["figure_id"] for row in await unit.rows(DOUBTED_BY, by)]
    await unit.run(TAKE_BACK, by)
    return numbers


def contact_of(store: Store, doubter: Doubter) -> ContactId:
    """Return the contact behind somebody's doubt; raise `WrongKey` where the seal is not ours."""
    return ContactId(store.unseal(doubter.reporter, doubter.sealed))


def _case(row: Row) -> FigureCase:
    figure = Figure(row["period"], row["form_id"], row["area"])
    return replace(
        FigureCase(
            row["id"], figure, row["campaign_id"], _count(row["shown"]), from_kept(row["opened_at"])
        ),
        severity=Severity(row["severity"]),
        weight=row["weight"],
        state=row["state"],
        outcome=row["outcome"],
        after=_count(row["corrected"]),
        version=row["version"],
        claimed_by=ModeratorId(row["claimed_by"]),
        claimed_until=_moment(row["claimed_until_at"]),
        decided_by=ModeratorId(row["decided_by"]),
        decided_at=_moment(row["decided_at"]),
    )


def _number(count: Count) -> int:
    return TOO_FEW if count is None else count


def _count(kept: int) -> Count:
    return None if kept == TOO_FEW else kept


def _kept(moment: datetime | None) -> int:
    return to_kept(moment) if moment else 0


def _moment(kept: int) -> datetime | None:
    return from_kept(kept) if kept else None
