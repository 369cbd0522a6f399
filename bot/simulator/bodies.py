"""Reading requests: JSON, form and multipart alike become values and uploads, within limits."""

from __future__ import annotations

import json

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from bot.simulator.files import UPLOAD_BYTES_MAX
from bot.simulator.parameters import Arguments, Json, Upload, check_encoding
from bot.simulator.refusals import Refused, bad_request

BODY_BYTES_MAX = UPLOAD_BYTES_MAX + 1024 * 1024
FIELDS_MAX = 100
FIELD_BYTES_MAX = 1024 * 1024


class TooLarge(Exception):
    """The body is larger than Telegram takes."""


def limited(receive: Receive) -> Receive:
    """Count the bytes of a body as they come, and stop at the limit."""
    count = 0

    async def counting() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > BODY_BYTES_MAX:
            raise TooLarge
        return message

    return counting


def limited_request(scope: Scope, receive: Receive, send: Send) -> Request:
    """Make a request whose body cannot grow past the limit."""
    return Request(scope, limited(receive), send)


async def read_arguments(request: Request) -> Arguments:
    """Read the parameters of a call of the Bot API: the query string and the body together."""
    values: Json = dict(request.query_params)
    try:
        kind = _content_type(request)
        if kind == "application/json":
            return Arguments(values | await _read_json(request))
        if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            fields, uploads = await read_form(request)
            return Arguments(values | fields, uploads)
    except TooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except HTTPException:
        raise bad_request("can't parse the request body") from None
    return Arguments(values)


async def read_object(request: Request) -> Json:
    """Read a JSON object; an empty body is an empty object. Raises ValueError and Refused."""
    body = await request.body()
    if not body.strip():
        return {}
    members = json.loads(body)
    if not isinstance(members, dict):
        raise ValueError(members)  # noqa: TRY004 - one error for a body that is no object
    check_encoding(members)
    return members


async def read_form(request: Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Read a form, url-encoded or multipart, into fields and files."""
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    async with request.form(
        max_files=FIELDS_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX
    ) as form:
        await _sort(form, fields, uploads)
    return fields, uploads


async def _sort(form: FormData, fields: dict[str, str], uploads: dict[str, Upload]) -> None:
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            kind = (value.content_type or "").partition(";")[0]
            uploads[name] = Upload(value.filename or "", kind, content)
        else:
            fields[name] = value


async def _read_json(request: Request) -> Json:
    try:
        return await read_object(request)
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
