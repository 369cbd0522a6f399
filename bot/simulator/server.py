"""The simulator as one ASGI app: the Bot API, `/sim` for people, and the chat page.

Only this machine's programs and the simulator's own page may speak to it: the `Host` must be one
of `hosts`, and a browser's `Origin` must be the simulator itself, so that no page from elsewhere
can drive it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.simulator.bell import Bell
from bot.simulator.bot_api import BotApi
from bot.simulator.control import Control
from bot.simulator.courier import Courier
from bot.simulator.world import World

TOKEN = "1234567890:simulator-token-for-this-machine-only"  # noqa: S105 - opens nothing but the simulator
PAGE = Path(__file__).parent / "page"
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class Simulator:
    """A world behind HTTP. It is itself the ASGI app; `close` ends what it does beside."""

    def __init__(
        self, world: World, token: str = TOKEN, hosts: Iterable[str] = LOOPBACK_HOSTS
    ) -> None:
        """Serve a world whose bot has this token, to clients that call it by one of `hosts`."""
        self.world = world
        self.token = token
        self._bell = Bell()
        bot_api = BotApi(world, token, self._bell)
        self._courier = Courier(world, self._bell, bot_api.execute)
        self._app: ASGIApp = _Doorkeeper(self._routes(bot_api), frozenset(hosts))
        world.listen(self._heard)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI app."""
        await self._app(scope, receive, send)

    async def close(self) -> None:
        """End long polls and stop delivering to a webhook; call it before the server stops."""
        self._bell.close()
        await self._courier.close()

    def _heard(self) -> None:
        self._bell.ring()
        self._courier.wake()

    def _routes(self, bot_api: BotApi) -> Starlette:
        routes: list[BaseRoute] = [
            Route("/bot{token}/{method}", _Raw(bot_api), methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", bot_api.answer_file),
            *Control(self.world, self._bell).routes(),
            Route("/", _front),
            Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
        ]
        errors = {404: _not_found, 405: _not_found, 500: _broken}
        return Starlette(routes=routes, exception_handlers=errors, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await self.close()


def simulator_app(
    world: World, token: str = TOKEN, hosts: Iterable[str] = LOOPBACK_HOSTS
) -> Simulator:
    """Return the ASGI app that serves a world."""
    return Simulator(world, token, hosts)


class _Raw:
    """Hands a route the bare ASGI call, which can break off in the middle of an answer."""

    def __init__(self, bot_api: BotApi) -> None:
        self._bot_api = bot_api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._bot_api.answer_call(scope, receive, send)


class _Doorkeeper:
    """Turns away what a page from elsewhere makes a browser send."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._welcome(Headers(scope=scope)):
            words = "Only this machine's programs and the simulator's own page may call this."
            await JSONResponse({"error": words}, 403)(scope, receive, send)
            return
        with suppress(ClientDisconnect):  # Who left in the middle of a request needs no answer.
            await self._app(scope, receive, send)

    def _welcome(self, headers: Headers) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        if _host_name(f"//{host}") not in self._hosts:
            return False
        from_here = headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
        if not from_here and headers.get("sec-fetch-mode") != "navigate":
            return False
        return origin is None or urlsplit(origin).netloc == host


def _host_name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


async def _front(_request: Request) -> Response:
    page = PAGE / "index.html"
    if not page.is_file():
        return PlainTextResponse("The chat page is not installed; /sim and /bot work.", 404)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return FileResponse(page, headers=headers)


async def _broken(_request: Request, _error: Exception) -> Response:
    """Answer for a mistake of the simulator's own, which is raised and logged all the same."""
    words = "Internal Server Error"
    return JSONResponse({"ok": False, "error_code": 500, "description": words, "error": words}, 500)


async def _not_found(request: Request, _error: Exception) -> Response:
    if request.url.path.startswith("/sim"):
        words = f"There is no {request.method} {request.url.path}; see bot/simulator/README.md."
        return JSONResponse({"error": words}, 404)
    return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
