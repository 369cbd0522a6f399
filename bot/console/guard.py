"""What stands before every page: who may call, what a browser may do with the answer.

- No page runs a script or takes a style that is not a file of ours, and none loads from elsewhere.
- Nothing is kept by a browser or a proxy on the way.
- Only Telegram may show the console inside a page of its own.
- A request that another site made a browser send is refused before anything is read; so is one to
  a name that is not ours, which is how a page elsewhere would reach this machine's own port.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors https://web.telegram.org "
    "https://webk.telegram.org https://webz.telegram.org"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # With none at all a browser hides where a form is from.
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
"""What every answer carries unless it says otherwise itself."""

LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
BODY_BYTES_MAX: Final = 64_000
FIELDS_MAX: Final = 250


class TooMuch(Exception):
    """A form's body has more bytes or fields than any page of ours sends."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """An app behind the guard, reached by one of `hosts` alone."""

    app: ASGIApp
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on, and put the headers on whatever is answered."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        why = refusal(Headers(scope=scope), scope["method"], self.hosts)
        if why:
            await PlainTextResponse(why, 403)(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)


def refusal(headers: Headers, method: str, hosts: Iterable[str]) -> str:
    """Say why a request is not answered; blank where it is."""
    host = headers.get("host", "")
    if _name_of(f"//{host}") not in hosts:
        return "This server is not reached by that name."
    if method in {"GET", "HEAD"}:
        return ""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc != host:
        return "This was sent from another site."
    if site not in {None, "same-origin", "none"}:
        return "This was sent from another site."
    return ""


async def form_of(request: Request) -> dict[str, list[str]]:
    """Read a form's fields, each with all its values; raise `TooMuch` beyond the bounds."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise TooMuch
    fields: dict[str, list[str]] = {}
    try:
        text = body.decode()
        for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX):
            fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    except ValueError as error:
        raise TooMuch from error
    return fields


def _name_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
