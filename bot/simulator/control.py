"""The people's side over HTTP: `/sim`, described in README.md.

Errors are `{"error": words that say what to do}` with 400, 404 or 409.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator import groups, people
from bot.simulator.bell import Bell
from bot.simulator.bodies import TooLarge, limited, read_form, read_object
from bot.simulator.chats import Chat
from bot.simulator.files import KINDS, FileKind
from bot.simulator.parameters import Json, Upload
from bot.simulator.refusals import Impossible, Refused
from bot.simulator.view import seconds_until_change
from bot.simulator.world import World

WAIT_SECONDS_MAX = 50.0
_SAFE_TYPES = ("image/", "audio/", "video/")

Answer: TypeAlias = "Json | list[Json] | Response"


class Control:
    """The routes of `/sim` for one world."""

    def __init__(self, world: World, bell: Bell) -> None:
        """Serve a world."""
        self._world = world
        self._bell = bell

    def routes(self) -> list[Route]:
        """Return the routes, each answering JSON."""
        chat, message = "/sim/chats/{chat:int}", "/sim/chats/{chat:int}/messages/{message:int}"
        return [
            _route("/sim/people", GET=self._people, POST=self._add_person),
            _route("/sim/people/{chat:int}", PATCH=self._rename),
            _route(chat, GET=self._view),
            _route(f"{chat}/messages", POST=self._send),
            _route(message, PATCH=self._edit, DELETE=self._remove),
            _route(f"{chat}/taps", POST=self._tap),
            _route(f"{chat}/block", POST=self._block),
            _route(f"{chat}/unblock", POST=self._unblock),
            _route("/sim/groups", GET=self._groups, POST=self._add_group),
            _route("/sim/groups/{group}", GET=self._group, POST=self._in_group),
            _route("/sim/files/{file_id}", GET=self._file),
            _route("/sim/faults", GET=self._faults, POST=self._order, DELETE=self._clear),
            _route("/sim/clock", GET=self._clock, POST=self._set_clock),
            _route("/sim/calls", GET=self._calls),
            _route("/sim/reset", POST=self._reset),
        ]

    async def _people(self, _request: Request) -> Answer:
        return {"people": self._world.people()}

    async def _add_person(self, request: Request) -> Answer:
        wish = await _members(request, "name language_code id username started")
        number = self._world.add_person(
            _words(wish, "name"),
            _words(wish, "language_code", "en"),
            person_id=_whole(wish, "id"),
            username=_words(wish, "username", ""),
            started=wish.get("started") is True,
        )
        return {"id": number}

    async def _rename(self, request: Request) -> Answer:
        wish = await _members(request, "name language_code")
        return self._world.rename(
            _chat(request),
            name=_words(wish, "name", ""),
            language_code=_words(wish, "language_code", ""),
        )

    async def _view(self, request: Request) -> Answer:
        chat = self._world.chat(_chat(request))
        return await self._awaited(request, chat, lambda: self._world.view(chat.person.id))

    async def _awaited(self, request: Request, chat: Chat, look: Callable[[], Json]) -> Json:
        """Return a chat as it looks once it has another version than `after`, or after `wait`."""
        after = _query_number(request, "after", -1)
        wait = min(_query_number(request, "wait", 0), WAIT_SECONDS_MAX)
        until = time.monotonic() + wait
        seen = look()
        while seen["version"] == after and (left := until - time.monotonic()) > 0:
            if self._bell.closed:
                break
            by_itself = seconds_until_change(self._world.state, chat)
            await self._bell.wait(left if by_itself is None else min(left, by_itself + 0.01))
            seen = look()
        return seen

    async def _send(self, request: Request) -> Answer:
        chat = _chat(request)
        people.open_chat(self._world.state, chat)
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            return {"message_id": await self._send_file(request, chat)}
        wish = await _members(
            request,
            "text location contact sticker venue forward_of reply_to edit horizontal_accuracy",
        )
        if "edit" in wish:
            message_id = _whole(wish, "edit") or 0
            self._world.edit(chat, message_id, _words(wish, "text"))
            return {"message_id": message_id}
        content = _content(self._world, wish)
        return {
            "message_id": self._world.send(
                chat, content, forward_of=_forward(wish), reply_to=_whole(wish, "reply_to")
            )
        }

    async def _send_file(self, request: Request, chat: int) -> int:
        fields, uploads = await read_form(request)
        kind, upload = _one_file(uploads)
        caption, album = fields.pop("caption", ""), fields.pop("album", "")
        unknown = sorted(fields.keys() - {"duration", "width", "height", "performer", "title"})
        if unknown:
            raise Impossible(400, f"A message with a file has no field {unknown[0]!r}.")
        return self._world.send_media(chat, kind, upload, caption, fields, album=album)

    async def _edit(self, request: Request) -> Answer:
        wish = await _members(request, "text")
        self._world.edit(_chat(request), request.path_params["message"], _words(wish, "text"))
        return {"message_id": request.path_params["message"]}

    async def _remove(self, request: Request) -> Answer:
        self._world.remove(_chat(request), request.path_params["message"])
        return {}

    async def _tap(self, request: Request) -> Answer:
        wish = await _members(request, "message_id text data")
        if "text" not in wish and "data" not in wish:
            raise Impossible(400, "Name the button by its text or its data.")
        query = self._world.tap(
            _chat(request),
            _whole(wish, "message_id") or 0,
            text=_words(wish, "text", "") if "text" in wish else None,
            data=_words(wish, "data", "") if "data" in wish else None,
        )
        return {"callback_query_id": query}

    async def _block(self, request: Request) -> Answer:
        self._world.block(_chat(request))
        return {"blocked": True}

    async def _unblock(self, request: Request) -> Answer:
        self._world.unblock(_chat(request))
        return {"blocked": False}

    async def _add_group(self, request: Request) -> Answer:
        wish = await _members(request, "title members topics basic manages")
        members = wish.get("members")
        if not isinstance(members, list) or not all(isinstance(one, int) for one in members):
            raise Impossible(400, "members are the ids of people.")
        number = self._world.add_group(
            _words(wish, "title"),
            members,
            topics=wish.get("topics") is True,
            basic=wish.get("basic") is True,
            manages=wish.get("manages", True) is True,
        )
        return {"id": number}

    async def _groups(self, _request: Request) -> Answer:
        return {"groups": self._world.groups()}

    async def _group(self, request: Request) -> Answer:
        number = _group(request)
        chat, _ = groups.group_chat(self._world.state, number)
        return await self._awaited(request, chat, lambda: self._world.group_view(number))

    async def _in_group(self, request: Request) -> Answer:
        group, wish = _group(request), await read_object(request)
        match wish:
            case {"by": int(who), "text": str(text), "topic": int(topic)}:
                return {"message_id": self._world.say(group, who, text, topic)}
            case {"by": int(who), "tap": int(message_id), "text": str(text)}:
                query = self._world.tap_in(group, who, message_id, text=text)
                return {"callback_query_id": query}
            case {"by": int(who), "tap": int(message_id), "data": str(data)}:
                query = self._world.tap_in(group, who, message_id, data=data)
                return {"callback_query_id": query}
            case {"by": int(who), "text": str(text)}:
                return {"message_id": self._world.say(group, who, text)}
            case {"bot": bool(there)}:
                (self._world.add_bot if there else self._world.remove_bot)(group)
                return {}
            case {"upgrade": True}:
                return {"id": self._world.upgrade_group(group)}
            case {"delete_topic": int(topic)}:
                self._world.delete_topic(group, topic)
                return {}
        words = "Send by and text (and topic, or tap), or bot, or upgrade, or delete_topic."
        raise Impossible(400, words)

    async def _file(self, request: Request) -> Answer:
        """Serve a file; what a browser could run as a page is only ever downloaded."""
        file = self._world.file(request.path_params["file_id"])
        shown = file.media_type.startswith(_SAFE_TYPES) and "svg" not in file.media_type
        return Response(
            file.content,
            media_type=file.media_type if shown else "application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"}
            | ({} if shown else {"Content-Disposition": "attachment"}),
        )

    async def _faults(self, _request: Request) -> Answer:
        faults = self._world.state.faults
        return {"faults": [one.as_json() for one in faults.ordered], "limits": faults.limits}

    async def _order(self, request: Request) -> Answer:
        return self._world.order_fault(await read_object(request))

    async def _clear(self, _request: Request) -> Answer:
        self._world.state.faults.clear()
        return {"faults": [], "limits": False}

    async def _clock(self, _request: Request) -> Answer:
        return {"now": self._world.now().isoformat()}

    async def _set_clock(self, request: Request) -> Answer:
        wish = await _members(request, "now advance_seconds")
        seconds = wish.get("advance_seconds")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            self._world.advance(seconds)
        else:
            self._world.set_clock(_moment(_words(wish, "now")))
        return {"now": self._world.now().isoformat()}

    async def _calls(self, request: Request) -> Answer:
        after = _query_number(request, "after", 0)
        return {"calls": [one for one in self._world.calls() if one["number"] > after]}

    async def _reset(self, _request: Request) -> Answer:
        self._world.reset()
        return {"people": []}


def _route(path: str, **acts: Callable[[Request], Awaitable[Answer]]) -> Route:
    async def answer(request: Request) -> Response:
        checked = Request(request.scope, limited(request.receive))
        try:
            result = await acts["GET" if request.method == "HEAD" else request.method](checked)
        except Impossible as words:
            return JSONResponse({"error": words.words}, words.status)
        except Refused as refusal:
            return JSONResponse({"error": refusal.description}, 400)
        except TooLarge:
            return JSONResponse({"error": "The file is too large; 50 MB fit."}, 400)
        except HTTPException as broken:
            return JSONResponse({"error": f"The body cannot be read: {broken.detail}"}, 400)
        except (ValueError, RecursionError):
            return JSONResponse({"error": "The body must be a JSON object."}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return Route(path, answer, methods=list(acts))


async def _members(request: Request, known: str) -> Json:
    members = await read_object(request)
    unknown = sorted(members.keys() - set(known.split()))
    if unknown:
        raise Impossible(400, f"There is no member {unknown[0]!r}; there may be: {known}.")
    return members


def _words(wish: Json, name: str, default: str | None = None) -> str:
    value = wish.get(name, default)
    if not isinstance(value, str):
        raise Impossible(400, f"{name} must be a text.")
    return value


def _whole(wish: Json, name: str) -> int | None:
    value = wish.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Impossible(400, f"{name} must be a whole number.")


def _query_number(request: Request, name: str, default: float) -> float:
    try:
        return float(request.query_params.get(name, default))
    except ValueError:
        raise Impossible(400, f"{name} must be a number.") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Impossible(400, "now is a time such as 2026-03-01T09:30:00+03:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _chat(request: Request) -> int:
    return int(request.path_params["chat"])


def _group(request: Request) -> int:
    written = str(request.path_params["group"])
    if not written.removeprefix("-").isdecimal():
        raise Impossible(404, "A group is named by its id, which is below zero.")
    return int(written)


def _forward(wish: Json) -> int | str | None:
    forward_of = wish.get("forward_of")
    if forward_of is None or isinstance(forward_of, int | str):
        return forward_of
    raise Impossible(400, "forward_of is the id of a message here, or the name of its author.")


def _content(world: World, wish: Json) -> Json:
    """Return the content of the one thing that is sent."""
    match wish:
        case {"text": str(text)}:
            return people.text_content(text)
        case {"location": dict(place)}:
            return people.place_content(place)
        case {"contact": dict(card)}:
            return people.contact_content(card)
        case {"venue": dict(venue)}:
            return people.venue_content(venue)
        case {"sticker": str(emoji)}:
            return people.sticker_content(world.state, emoji)
        case {"forward_of": int()}:
            return {}
    raise Impossible(400, "Send text, location, contact, venue, sticker or forward_of.")


def _one_file(uploads: dict[str, Upload]) -> tuple[FileKind, Upload]:
    sent = [(kind, uploads[kind]) for kind in KINDS if kind in uploads]
    if len(sent) == 1 and len(uploads) == 1:
        return sent[0]
    raise Impossible(400, f"Send one file, in a field named by its kind: {', '.join(KINDS)}.")
