"""Texts that only the holder of the key can read again: what was blacked out in a report.

The database keeps a sealed text and never the key. A keystream is drawn from the key by HMAC for
each sealed text anew, and a proof over the result tells a seal of ours from anything else
(encrypt, then authenticate; https://eprint.iacr.org/2000/025).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from storage.errors import WrongKey
from storage.moments import to_kept
from storage.store import Reading, Store, Unit

KEEP = """
    INSERT INTO sealed_texts (instance_id, reference, sealed, sealed_at) VALUES ($1, $2, $3, $4)
"""

OF_REPORT = "SELECT reference, sealed FROM sealed_texts WHERE instance_id = $1 ORDER BY id"

NONCE_SIGNS: Final = 32
PROOF_SIGNS: Final = 64


def seal_text(store: Store, text: str) -> str:
    """Return a text sealed: a nonce, a proof, and the text under a keystream, all hexadecimal."""
    nonce = secrets.token_hex(NONCE_SIGNS // 2)
    hidden = _combined(store, nonce, text.encode()).hex()
    return f"{nonce}{_proof(store, nonce, hidden)}{hidden}"


def unseal_text(store: Store, sealed: str) -> str:
    """Return the text that was sealed; raise `WrongKey` where the seal is not ours."""
    nonce, rest = sealed[:NONCE_SIGNS], sealed[NONCE_SIGNS:]
    proof, hidden = rest[:PROOF_SIGNS], rest[PROOF_SIGNS:]
    if not hmac.compare_digest(proof, _proof(store, nonce, hidden)):
        raise WrongKey("This key does not open what was blacked out; put back the old one.")
    return _combined(store, nonce, bytes.fromhex(hidden)).decode()


async def keep(  # noqa: PLR0913, PLR0917 - what of which report, sealed when.
    unit: Unit, store: Store, instance_id: str, reference: str, text: str, now: datetime
) -> None:
    """Keep, sealed, what an answer of a report was before a part of it was blacked out."""
    await unit.run(KEEP, instance_id, reference, seal_text(store, text), to_kept(now))


async def of_report(reading: Reading, store: Store, instance_id: str) -> Sequence[tuple[str, str]]:
    """Return what answers of a report were, by reference, oldest first."""
    rows = await reading.rows(OF_REPORT, instance_id)
    return [(row["reference"], unseal_text(store, row["sealed"])) for row in rows]


def _combined(store: Store, nonce: str, content: bytes) -> bytes:
    stream = b""
    while len(stream) < len(content):
        stream += bytes.fromhex(store.sign(f"seal text\0{nonce}\0{len(stream)}"))
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))


def _proof(store: Store, nonce: str, hidden: str) -> str:
    return store.sign(f"proof of text\0{nonce}\0{hidden}")
