"""The bot's side over HTTP: `/bot{token}/{method}` and `/file/bot{token}/{path}`.

Every answer has Telegram's envelope. A long poll waits here; a second one ends the first with 409.
Ordered faults wait and break connections here.
"""

from __future__ import annotations

import asyncio
import re
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.simulator.bell import Bell
from bot.simulator.bodies import limited_request, read_arguments
from bot.simulator.delivery import poll_seconds
from bot.simulator.faults import Fault
from bot.simulator.methods import Result
from bot.simulator.parameters import Arguments, Json
from bot.simulator.refusals import Refused
from bot.simulator.world import Dropped, World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_TOLD = {
    "setwebhook": "Webhook was set",
    "deletewebhook": "Webhook was deleted",
}


class BotApi:
    """Answers the calls of one bot, known by its token."""

    def __init__(self, world: World, token: str, bell: Bell) -> None:
        """Serve a world's bot under a token."""
        self._world = world
        self._token = token
        self._bell = bell
        self._poll_number = 0

    async def answer_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve `/bot{token}/{method}`."""
        request = limited_request(scope, receive, send)
        method = request.path_params["method"]
        try:
            self._check_token(request.path_params["token"])
            envelope = _success(method, await self._act(method, await read_arguments(request)))
        except Refused as refusal:
            envelope = _failure(refusal)
        except Dropped:
            await _break(send)
            return
        await _response(envelope)(scope, receive, send)

    async def answer_file(self, request: Request) -> Response:
        """Serve `/file/bot{token}/{path}`: the bytes of a file that getFile named."""
        try:
            self._check_token(request.path_params["token"])
        except Refused as refusal:
            return _response(_failure(refusal))
        file = self._world.state.files.by_path.get(request.path_params["path"])
        if file is None:
            return _response(_failure(Refused(404, "Not Found")))
        return Response(file.content, media_type="application/octet-stream")

    async def execute(self, method: str, given: Arguments) -> None:
        """Do a call that a webhook put into its answer; nobody learns the result."""
        try:
            await self._act(method, given)
        except (Refused, Dropped):
            return

    def _check_token(self, token: str) -> None:
        if token != self._token:
            known = _TOKEN.fullmatch(token)
            raise Refused(401, "Unauthorized") if known else Refused(404, "Not Found")

    async def _act(self, method: str, given: Arguments) -> Result:
        fault = self._world.take_fault(method, given)
        if fault is not None:
            await self._suffer(method, given, fault)
        result = (
            await self._poll(method, given)
            if method.lower() == "getupdates"
            else self._world.perform(method, given)
        )
        if fault is not None and fault.drop == "after":
            raise Dropped(done=True)
        return result

    async def _suffer(self, method: str, given: Arguments, fault: Fault) -> None:
        if fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        if fault.drop == "before":
            raise Dropped(done=False)
        if fault.error is not None:
            raise self._world.refuse(method, given, fault.error)

    async def _poll(self, method: str, given: Arguments) -> Result:
        self._poll_number += 1
        mine = self._poll_number
        self._bell.ring()
        result = self._world.perform(method, given)
        until = time.monotonic() + poll_seconds(given)
        while not (result or self._bell.closed) and (left := until - time.monotonic()) > 0:
            await self._bell.wait(left)
            self._check_still_alone(mine)
            result = self._world.perform(method, given)
        return result

    def _check_still_alone(self, mine: int) -> None:
        if self._world.state.webhook is not None:
            raise Refused(409, "Conflict: terminated by setWebhook request")
        if mine != self._poll_number:
            raise Refused(409, _OTHER_POLL)


def _success(method: str, result: Result) -> tuple[int, Json]:
    told = _TOLD.get(method.lower())
    envelope: Json = {"ok": True, "result": result}
    return 200, envelope | ({"description": told} if told else {})


def _failure(refusal: Refused) -> tuple[int, Json]:
    envelope: Json = {
        "ok": False,
        "error_code": refusal.error_code,
        "description": refusal.description,
    }
    parameters = {"parameters": refusal.parameters} if refusal.parameters else {}
    return refusal.error_code, envelope | parameters


def _response(answer: tuple[int, Json]) -> JSONResponse:
    status, envelope = answer
    seconds = envelope.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(seconds)} if seconds is not None else None
    return JSONResponse(envelope, status_code=status, headers=headers)


async def _break(send: Send) -> None:
    """Begin an answer and stop in the middle: the server then closes the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
