"""Functions over bytes: hashes, base64 and signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import importlib
import importlib.util
from collections.abc import Callable

from conversations.xpath.errors import EvaluationError, Refused
from conversations.xpath.signatures import Function, converted, pure
from conversations.xpath.syntax import Call, Literal
from conversations.xpath.values import Code, Run

_ALGORITHMS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
_ENCODINGS = ("BASE64", "HEX")
_UNKNOWN = (
    f"digest() knows the algorithms {', '.join(_ALGORITHMS)}, and the encodings base64 and hex, "
    "and no others"
)
_SIGNATURE_BYTES = 64


def _digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    known, way = _ALGORITHMS.get(algorithm.strip().upper()), encoding.strip().upper()
    if known is None or way not in _ENCODINGS:
        raise EvaluationError(_UNKNOWN)
    # The form's author chooses the algorithm; nothing of ours rests on its strength.
    digest = hashlib.new(known, text.encode(), usedforsecurity=False)
    return digest.hexdigest() if way == "HEX" else base64.b64encode(digest.digest()).decode()


def _checked_digest(call: Call, codes: list[Code]) -> Run:
    """Refuse an unknown algorithm or encoding at once where it is written out."""
    written = [argument.text for argument in call.arguments[1:] if isinstance(argument, Literal)]
    if len(written) == len(call.arguments) - 1:
        try:
            _digest("", *written)
        except EvaluationError as error:
            raise Refused(call.position, error.problem) from None
    arguments = converted("sss", codes)
    return lambda scope: _digest(*[argument(scope) for argument in arguments])


def _bytes(text: str) -> bytes | None:
    """Decode base64, as JavaRosa does also where the padding at the end is missing."""
    plain = "".join(text.split())
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _base64_decode(text: str) -> str:
    return (_bytes(text) or b"").decode(errors="replace")


def _extract_signed(call: Call, codes: list[Code]) -> Run:
    """Return the message behind a good Ed25519 signature, '' otherwise.

    The text is base64 of 64 bytes of signature and the message, the key base64 of 32 bytes.
    Source: ODK's documentation of extract-signed(), and JavaRosa.
    """
    if importlib.util.find_spec("cryptography") is None:
        problem = "extract-signed() needs the package “cryptography”; ask for it to be installed"
        raise Refused(call.position, problem)
    text, key = converted("ss", codes)
    verified = _verifier()
    return lambda scope: verified(_bytes(text(scope)), _bytes(key(scope)))


def _verifier() -> Callable[[bytes | None, bytes | None], str]:
    exceptions = importlib.import_module("cryptography.exceptions")
    ed25519 = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")

    def verified(signed: bytes | None, key: bytes | None) -> str:
        if signed is None or key is None or len(signed) < _SIGNATURE_BYTES:
            return ""
        signature, message = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (ValueError, exceptions.InvalidSignature):
            return ""
        return message.decode(errors="replace")

    return verified


FUNCTIONS = (
    Function("digest", "ss?s", "string", _checked_digest),
    pure("base64-decode", "s", "string", _base64_decode),
    Function("extract-signed", "ss", "string", _extract_signed),
)
