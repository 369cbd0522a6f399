"""What is known of whoever does something, read in one statement at the beginning of their turn.

Each of these has a room of its own (`sessions`, `roles`, `consents`, `benches`, `clarifications`,
`offers`) where it is explained, changed and also asked for alone. Six statements one after the
other were a twelfth of what a turn costs, and on PostgreSQL six ways to the server and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.roles import Role
from conversations.session import Session
from storage import consents, sessions
from storage.contacts import ContactId
from storage.offers import Offer, in_order
from storage.reporters import Reporter
from storage.store import Reading

OF = f"""
    SELECT 'session' AS kind, body AS text, '' AS other FROM sessions
    WHERE reporter = $1 AND programme = $2
    UNION ALL
    SELECT 'role', role, '' FROM roles WHERE programme = $2 AND contact_id = $3
    UNION ALL
    SELECT 'consent', text_version, '' FROM ({consents.STANDING}) AS consent
    UNION ALL
    SELECT 'bench', body, '' FROM benches WHERE programme = $2 AND contact_id = $3
    UNION ALL
    SELECT 'awaited', '', '' FROM clarifications
    WHERE reporter = $1 AND programme = $2 AND state = 'answering' AND state <> 'answered'
    UNION ALL
    SELECT CASE WHEN is_open THEN 'open' ELSE 'closed' END, form_id, form_version FROM offers
    WHERE programme = $2
"""  # noqa: S608 - put together from our own words.


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody at the beginning of their turn, and what is offered then.

    `agreed` are the text versions to which their consent stands, `bench` is where they stand as a
    moderator, `awaited` whether one waits for their answer, `offers` what was decided about forms.
    """

    session: Session | None
    roles: frozenset[Role]
    agreed: frozenset[str]
    bench: str | None
    awaited: bool
    offers: Sequence[Offer]


async def of(reading: Reading, programme: str, reporter: Reporter, contact_id: ContactId) -> Known:
    """Return what is known of somebody now."""
    found: dict[str, list[str]] = {}
    offers: list[Offer] = []
    for row in await reading.rows(OF, reporter, programme, contact_id):
        kind, text = row["kind"], row["text"]
        if kind in {"open", "closed"}:
            offers.append(Offer(text, row["other"], kind == "open"))
        else:
            found.setdefault(kind, []).append(text)
    return Known(
        session=sessions.read(found["session"][0]) if "session" in found else None,
        roles=frozenset(found.get("role", ())),  # type: ignore[arg-type] # As `roles` kept them.
        agreed=frozenset(found.get("consent", ())),
        bench=found["bench"][0] if "bench" in found else None,
        awaited="awaited" in found,
        offers=in_order(offers),
    )
