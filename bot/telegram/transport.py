"""python-telegram-bot's requests carried by `wire`, and by aiohttp where it is more than a call.

The library's own transport spends four fifths of a turn in httpx; this one, behind the same
interface, is several times faster. A call without files goes over `wire`; files, proxies and
redirects take aiohttp, at three times the cost. It tells a connection that failed before the
request was written (`NetworkError`: nothing happened) from an answer that did not come whole
(`TimedOut`: Telegram may have carried the call out), and Telegram's refusals from those of a proxy
on the way, which say nothing about a token or a chat.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from pydantic_core import to_json
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.wire import CALL_SECONDS_MAX, CONNECT_SECONDS, CONNECTIONS_MAX, Wire

READ_SECONDS = 20.0

_OK = 200
_REFUSED = 400
_REDIRECTS = frozenset({307, 308})
"""Those after which the same request is made elsewhere."""

_DEFAULT = BaseRequest.DEFAULT_NONE


@dataclass(frozen=True, slots=True)
class Plain:
    """Parameters without files, in the place of the library's `RequestData`.

    That one looks into each parameter for files, which costs more than writing them.
    """

    parameters: Mapping[str, Any]

    @property
    def contains_files(self) -> bool:
        """Return False."""
        return False


class AiohttpRequest(BaseRequest):
    """Connections to one server; `initialize` lets them be opened, `shutdown` closes them."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._wires: dict[tuple[str, str], Wire] = {}
        self._ways: dict[str, tuple[Wire, str] | None] = {}

    @property
    def read_timeout(self) -> float:
        """Return how long an answer is waited for, in seconds, when a call does not say."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Be ready for requests."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX)
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),  # Telegram sets none; looking costs each time.
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        for wire in self._wires.values():
            wire.close()
        self._wires.clear()
        self._ways.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, url: str, parameters: Mapping[str, Any], read_seconds: float | None = None
    ) -> Any:  # noqa: ANN401 - the result is whatever JSON the method answers.
        """Make a call without files; return its result, or raise what the library raises."""
        plain: Any = Plain(parameters)  # It stands in for the library's and is read here.
        seconds = READ_SECONDS if read_seconds is None else read_seconds
        status, content = await self.do_request(url, "POST", plain, seconds)
        answer = self.parse_json_payload(content) if status == _OK else {}
        if "result" in answer:
            return answer["result"]
        return await _Answered(status, content).post(url)

    async def do_request(  # noqa: PLR0913, PLR0917 - the interface is python-telegram-bot's.
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = _DEFAULT,
        write_timeout: ODVInput[float] = _DEFAULT,  # noqa: ARG002 - as above.
        connect_timeout: ODVInput[float] = _DEFAULT,
        pool_timeout: ODVInput[float] = _DEFAULT,  # noqa: ARG002 - as above.
    ) -> tuple[int, bytes]:
        """Make one request; return the status and the body."""
        seconds = _seconds(read_timeout, READ_SECONDS)
        found = None
        if isinstance(request_data, Plain) and (way := self._way(url)):
            wire, path = way
            found = await wire.post(path, _json(request_data), seconds)
        if found is None or found[0] in _REDIRECTS:
            timeout = aiohttp.ClientTimeout(
                total=CALL_SECONDS_MAX,
                connect=_seconds(connect_timeout, CONNECT_SECONDS),
                sock_read=seconds,
            )
            found = await self._carried(url, method, request_data, timeout)
        status, content = found
        if status >= _REFUSED and not _from_telegram(content):
            raise NetworkError(f"something on the way to Telegram answered {status}")
        return status, content

    def _way(self, url: str) -> tuple[Wire, str] | None:
        """Return the wire to a URL's server and the path there; None where a proxy is to be used.

        There are as many URLs as methods.
        """
        if url not in self._ways:
            parts = urlsplit(url)
            server = parts.scheme, parts.netloc
            if not _is_plain(parts) or _proxy(*server):
                self._ways[url] = None
            else:
                wire = self._wires.setdefault(server, Wire(parts))
                self._ways[url] = wire, quote(parts.path, safe="/:@!$&'()*+,;=~%")
        return self._ways[url]

    async def _carried(
        self,
        url: str,
        method: str,
        request_data: RequestData | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - it is aiohttp's.
    ) -> tuple[int, bytes]:
        """Make a request with the general client."""
        assert self._session is not None, "initialize() comes first"  # noqa: S101 - our mistake.
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                headers=_headers(request_data),
                timeout=timeout,
                proxy=_proxy_to(url),
            ) as response:
                return response.status, await response.read()
        except aiohttp.ConnectionTimeoutError:
            raise NetworkError("no connection in time") from None
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except aiohttp.ClientConnectorError:
            raise NetworkError("no connection") from None
        except aiohttp.ClientError as error:
            # The server closed the connection after it may have read the request.
            raise TimedOut(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; one that is no answer raises `TimedOut`.

        The library's own writes what it cannot read into the log, and that may be anybody's words.
        """
        answer = _object(payload)
        if answer is None or ("result" not in answer and answer.get("ok", True)):
            raise TimedOut("the answer cannot be read")
        return answer


class _Answered(BaseRequest):
    """An answer that is here already, for the library to say what is wrong with it."""

    def __init__(self, status: int, content: bytes) -> None:
        self._answer = status, content

    @property
    def read_timeout(self) -> float:
        """Return that nothing is waited for."""
        return 0.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        """Return the answer."""
        return self._answer

    parse_json_payload = staticmethod(AiohttpRequest.parse_json_payload)


def _is_plain(parts: SplitResult) -> bool:
    """Tell whether an address has nothing for which a server or a name is treated otherwise."""
    usual = parts.scheme in {"http", "https"} and parts.netloc.isascii()
    return usual and not parts.username and not parts.query


def _proxy_to(url: str) -> str | None:
    scheme, _, rest = url.partition("://")
    return _proxy(scheme, rest.partition("/")[0])


@cache
def _proxy(scheme: str, server: str) -> str | None:
    """Return the proxy that the environment names for a server.

    aiohttp's own `trust_env` asks anew for each request, in a thread: that cost half of all time.
    """
    host = urlsplit(f"//{server}").hostname or ""
    return None if proxy_bypass(host) else getproxies().get(scheme)


def _from_telegram(content: bytes) -> bool:
    return "ok" in (_object(content) or {})


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content.decode())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _seconds(given: ODVInput[float], default: float) -> float | None:
    if isinstance(given, DefaultValue):
        return default
    return given


def _headers(request_data: RequestData | None) -> dict[str, str] | None:
    if request_data is None or request_data.contains_files:
        return None
    return {"Content-Type": "application/json"}


def _json(given: Plain | RequestData) -> bytes:
    parameters = given.parameters.items()
    return to_json({name: value for name, value in parameters if value is not None})


def _body(request_data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return _json(request_data)
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
    return form
