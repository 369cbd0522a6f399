"""What only the holder of the key can read again: what was blacked out in a report.

The database keeps a sealed text and never the key. A keystream is drawn from the key by HMAC for
each sealed text anew, and a proof over the result tells a seal of ours from anything else
(encrypt, then authenticate; https://eprint.iacr.org/2000/025).

A picture's original stands, sealed the same way, among the attachments' files (`storage.files`),
and a row says which one it is of. Its keystream is SHAKE256 of a key that is drawn for it alone
(FIPS 202), since HMAC block by block would keep a processor busy for seconds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.errors import WrongKey
from storage.moments import to_kept
from storage.store import Reading, Store, Unit

KEEP = """
    INSERT INTO sealed_texts (instance_id, reference, sealed, sealed_at) VALUES ($1, $2, $3, $4)
"""

OF_REPORT = "SELECT reference, sealed FROM sealed_texts WHERE instance_id = $1 ORDER BY id"

KEEP_FILE = """
    INSERT INTO sealed_files (instance_id, painted, sealed, sealed_at) VALUES ($1, $2, $3, $4)
"""

FILES_OF_REPORT = """
    SELECT id, painted, sealed FROM sealed_files WHERE instance_id = $1 ORDER BY id DESC
"""

# Painted once more: what is sealed stays the original.
REPAINTED = "UPDATE sealed_files SET painted = $3 WHERE instance_id = $1 AND painted = $2"

FORGET_FILE = "DELETE FROM sealed_files WHERE id = $1"

NONCE_SIGNS: Final = 32
PROOF_SIGNS: Final = 64
NONCE_BYTES: Final = 16
PROOF_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An original: `painted` is the SHA-256 of what stands in its place, `sealed` of its seal."""

    id: int
    painted: str
    sealed: str


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


def seal_bytes(store: Store, content: bytes) -> bytes:
    """Return a file's content sealed: a nonce, a proof, and the content under a keystream.

    Takes some 10 ms a megabyte; call it in a thread.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = _streamed(store, nonce, content)
    return nonce + _proof_of_bytes(store, nonce, hidden) + hidden


def unseal_bytes(store: Store, sealed: bytes) -> bytes:
    """Return the content that was sealed; raise `WrongKey` where the seal is not ours."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    proof, hidden = rest[:PROOF_BYTES], rest[PROOF_BYTES:]
    if not hmac.compare_digest(proof, _proof_of_bytes(store, nonce, hidden)):
        raise WrongKey("This key does not open the picture; put back the old one.")
    return _streamed(store, nonce, hidden)


async def keep_file(unit: Unit, original: str, painted: str, sealed: str, now: datetime) -> None:
    """Keep which file stands, sealed, for the original of a picture in a report."""
    await unit.run(KEEP_FILE, original, painted, sealed, to_kept(now))


async def repainted(unit: Unit, original: str, painted: str, by_painted: str) -> None:
    """Note that a picture of a report was painted once more."""
    await unit.run(REPAINTED, original, painted, by_painted)


async def files_of(reading: Reading, original: str) -> Sequence[SealedFile]:
    """Return the sealed originals of a report's pictures, the newest first."""
    rows = await reading.rows(FILES_OF_REPORT, original)
    return [SealedFile(row["id"], row["painted"], row["sealed"]) for row in rows]


async def forget_file(unit: Unit, sealed: SealedFile) -> None:
    """Forget a seal: its original stands in its place again. The file goes with the next sweep."""
    await unit.run(FORGET_FILE, sealed.id)


def _combined(store: Store, nonce: str, content: bytes) -> bytes:
    stream = b""
    while len(stream) < len(content):
        stream += bytes.fromhex(store.sign(f"seal text\0{nonce}\0{len(stream)}"))
    return bytes(one ^ other for one, other in zip(content, stream, strict=False))


def _proof(store: Store, nonce: str, hidden: str) -> str:
    return store.sign(f"proof of text\0{nonce}\0{hidden}")


def _streamed(store: Store, nonce: bytes, content: bytes) -> bytes:
    key = bytes.fromhex(store.sign(f"seal file\0{nonce.hex()}"))
    stream = hashlib.shake_256(key).digest(len(content))
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(content), "big")


def _proof_of_bytes(store: Store, nonce: bytes, hidden: bytes) -> bytes:
    key = bytes.fromhex(store.sign(f"proof of file\0{nonce.hex()}"))
    return hmac.digest(key, nonce + hidden, "sha256")
