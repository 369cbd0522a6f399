"""The console as an ASGI app: every route, and which right each asks for."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.blackening import Blackening
from bot.console.casework import Casework
from bot.console.desk import BASE, HERE, Desk
from bot.console.door import Door
from bot.console.figures import FiguresPages
from bot.console.guard import Guarded
from bot.console.lists import Lists
from bot.console.published import PublishedPages

log = logging.getLogger(__name__)

POST: Final = ["POST"]


def console_routes(desk: Desk) -> list[BaseRoute]:
    """Return the routes of the console, all below `BASE`, each behind the guard."""
    return [
        Route(BASE, _to_the_front, methods=["GET"]),
        Mount(BASE, _Console(Guarded(_app(desk), desk.hosts))),
    ]


def _app(desk: Desk) -> ASGIApp:
    door, lists = Door(desk), Lists(desk)
    casework = Casework(desk, Blackening(desk.store, desk.files, desk.locale_of))
    figures, published, inside = FiguresPages(desk), PublishedPages(desk), desk.inside
    return Starlette(
        routes=[
            Route("/enter", door.look, methods=["GET"]),
            Route("/enter", door.enter, methods=POST),
            Route("/app", door.app, methods=["GET"]),
            Route("/app", door.enter_app, methods=POST),
            Route("/leave", inside(door.leave), methods=POST),
            Route("/", inside(lists.queue), methods=["GET"]),
            Route("/find", inside(lists.find), methods=["GET"]),
            Route("/next", inside(lists.take_next), methods=POST),
            Route("/together", inside(lists.together, "decide cases"), methods=POST),
            Route("/cases/{id}", inside(casework.look), methods=["GET"]),
            Route("/cases/{id}", inside(casework.act), methods=POST),
            Route("/cases/{id}/files/{number:int}", inside(casework.file), methods=["GET"]),
            Route("/figures/{number:int}", inside(published.look), methods=["GET"]),
            Route("/figures/{number:int}", inside(published.act), methods=POST),
            Route("/second", inside(figures.second, "decide cases"), methods=["GET"]),
            Route("/second", inside(figures.judge, "decide cases"), methods=POST),
            Route("/work", inside(figures.work), methods=["GET"]),
            Route("/audit", inside(figures.audit, "oversee cases"), methods=["GET"]),
            Route("/audit", inside(figures.verify, "oversee cases"), methods=POST),
            Mount("/static", _Static(directory=HERE / "static")),
        ],
        exception_handlers={404: _not_found, 405: _not_found, 500: _broken},
    )


class _Console:
    """Answers below `BASE`; who leaves in the middle of a request needs no answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await self._app(scope, receive, send)


class _Static(StaticFiles):
    """Files of ours that hold nothing of anybody's: kept, but asked after each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be asked after before it is used again."""
        answer = await super().get_response(path, scope)
        answer.headers["cache-control"] = "no-cache"
        return answer


async def _to_the_front(_request: Request) -> Response:
    return RedirectResponse(f"{BASE}/", 308)


async def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is nothing here.", 404)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("A page of the console failed: %s", request.url.path, exc_info=error)
    return PlainTextResponse("Something went wrong on our side. Please try again.", 500)
