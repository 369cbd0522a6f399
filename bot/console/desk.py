"""What all pages share: who is there, which language they read, how a page is made.

A page is made of a template and of values; nothing a person wrote is ever taken for markup, and
signs that turn the direction of writing are shown as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import entry
from bot.console.entry import Visitor
from bot.console.forms import Fields, one
from bot.console.guard import LOOPBACK_HOSTS, TooMuch, form_of
from bot.console.words import speaker
from bot.library import Library
from bot.serving import CONSOLE_PATH
from conversations.phrases import Locale, Speech
from conversations.programme import Programme
from conversations.reviewing.audit_words import deed_named, doer_named
from conversations.reviewing.words import outcome_named, severity_named
from conversations.roles import Right, titled
from storage import entrances
from storage.files import Files
from storage.store import Reading, Store

BASE: Final = CONSOLE_PATH
COOKIE: Final = "baraza_console"
HERE: Final = Path(__file__).parent

TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")
"""Signs that turn the direction of writing and could make a text read as another."""
APART: Final = re.compile("[\u2066\u2068]([^\u202a-\u202e\u2066-\u2069\u061c]*)\u2069")
"""Words that stand apart from those around them, and turn nothing themselves."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of somebody who is in; `form` is what they sent, blank for a page asked for."""

    request: Request
    visitor: Visitor
    programme: Programme
    form: Fields = field(default_factory=dict)

    def field(self, name: str) -> str:
        """Return a field of what was sent."""
        return one(self.form, name)


Handler: TypeAlias = Callable[[Asked], Awaitable[Response]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Desk:
    """Makes pages for one programme, at a public address `url` that ends with `BASE`.

    `token` is the bot's, with which Telegram signs who opened a Mini App; blank where there is
    none. `username` is the bot's name, to come back to.
    """

    store: Store
    library: Library
    files: Files
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    token: str
    url: str

    @property
    def is_secure(self) -> bool:
        """Tell whether browsers reach the console through https."""
        return self.url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """Return the names by which the console may be reached."""
        return LOOPBACK_HOSTS | {urlsplit(self.url).hostname or ""}

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def inside(self, handler: Handler, right: Right = "look into cases") -> Endpoint:
        """Let in whoever has a session and the right; a form must carry its session's proof."""

        async def answer(request: Request) -> Response:
            async with self.store.reading() as reading:
                visitor = await self.visitor(reading, request)
                programme = (await self.library.offering(reading)).programme
            if visitor is None:
                return self.outside(request, "out", 401)
            if not visitor.may(right):
                return self.told(Asked(request, visitor, programme), "missing", 404)
            try:
                form = await form_of(request) if request.method == "POST" else {}
            except TooMuch:
                return self.told(Asked(request, visitor, programme), "not_ours", 413)
            asked = Asked(request, visitor, programme, form)
            if request.method == "POST" and not entry.proves(
                self.store, visitor.session, asked.field("proof")
            ):
                return self.told(asked, "not_ours", 403)
            await self._note_seen(visitor)
            return await handler(asked)

        return answer

    async def visitor(self, reading: Reading, request: Request) -> Visitor | None:
        """Return who is there, as the database knows them within this reading or unit."""
        token, name = request.cookies.get(COOKIE, ""), self.library.programme.name
        return await entry.visitor(reading, self.store, name, token, self.now())

    async def _note_seen(self, visitor: Visitor) -> None:
        if self.now() - visitor.seen_at >= entry.SEEN_EVERY:
            async with self.store.unit() as unit:
                await entrances.seen(unit, visitor.session, self.now())

    # Pages

    def language_of(self, visitor: Visitor) -> str:
        """Return the language a moderator reads."""
        return visitor.contact.language or self.library.programme.languages[0]

    def locale(self, visitor: Visitor) -> Locale:
        """Return how a moderator's language speaks."""
        return self.locale_of(self.language_of(visitor))

    def page(self, asked: Asked, template: str, status: int = 200, **values: object) -> Response:
        """Make a page for somebody who is in."""
        visitor, locale = asked.visitor, self.locale(asked.visitor)
        shown = {
            "visitor": visitor,
            "proof": entry.proof(self.store, visitor.session),
            "role": locale.say(titled(visitor.role.role)),
            "oversees": visitor.may("oversee cases"),
            "decides": visitor.may("decide cases"),
            "path": asked.request.url.path,
        }
        return self._made(template, locale, asked.programme, status, {**shown, **values})

    def told(self, asked: Asked, sentence: str, status: int) -> Response:
        """Say one sentence, on a page of its own."""
        return self.page(asked, "told.html", status, sentence=sentence)

    def outside(self, request: Request, sentence: str, status: int, **values: object) -> Response:
        """Make a page for somebody who is not in, in the language that their browser asks for."""
        programme = self.library.programme
        told = {"visitor": None, "sentence": sentence, "path": request.url.path}
        wanted = request.headers.get("accept-language", "")[:100].split(",")
        tags = [part.partition(";")[0].partition("-")[0].strip().lower() for part in wanted]
        tag = next((tag for tag in tags if tag in programme.languages), programme.languages[0])
        template = str(values.pop("template", "outside.html"))
        locale = self.locale_of(tag)
        return self._made(template, locale, programme, status, {**told, **values})

    def _made(
        self,
        template: str,
        locale: Locale,
        programme: Programme,
        status: int,
        values: Mapping[str, Any],
    ) -> Response:
        words = {
            "t": speaker(locale),
            "say": locale.say,
            "outcome": lambda outcome: locale.say(outcome_named(outcome)),
            "state_named": lambda state: locale.say(
                outcome_named("" if state == "received" else state)
            ),
            "severity": lambda severity: locale.say(severity_named(severity)),
            "act": lambda name: locale.say(deed_named(name)),
            "doer": lambda who: locale.say(named) if (named := doer_named(who)) else who,
            "moment": lambda moment: locale.show_datetime(moment.astimezone(programme.zone)),
            "language_name": lambda tag: self.locale_of(tag).autonym,
            "visible": visible,
            "spoken": spoken,
            "number": locale.show_number,
        }
        frame = {
            "base": BASE,
            "language": locale.tag,
            "direction": "rtl" if locale.right_to_left else "ltr",
            "programme": programme.text(programme.title, *locale.chain),
        }
        body = self._templates.get_template(template).render(**words, **frame, **values)
        return HTMLResponse(body, status)


@lru_cache(64)
def _mark(sign: str) -> str:
    return f'<span class="turning" data-sign="1">U+{ord(sign):04X}</span>'


def visible(text: str | Speech) -> Markup:
    """Escape what somebody wrote, and show signs that would turn the direction of writing.

    >>> visible("<b>" + chr(0x202E))
    Markup('&lt;b&gt;<span class="turning" data-sign="1">U+202E</span>')
    """
    return Markup(TURNING.sub(lambda found: _mark(found[0]), str(escape(text))))  # noqa: S704 - escaped just here.


def spoken(text: str | Speech) -> Markup:
    """Escape what the bot says with other people's words in it, each apart as the bot sets it.

    What these would turn is shown as in `visible`.

    >>> spoken(chr(0x2068) + "<en>" + chr(0x2069) + " " + chr(0x2069))
    Markup('<bdi>&lt;en&gt;</bdi> <span class="turning" data-sign="1">U+2069</span>')
    """
    apart = APART.sub(r"<bdi>\1</bdi>", str(escape(text)))
    return Markup(TURNING.sub(lambda found: _mark(found[0]), apart))  # noqa: S704 - escaped just here.


def go(path: str, **query: str) -> Response:
    """Send a browser on to a page of ours, which it asks for anew."""
    asked = f"?{urlencode(query)}" if query else ""
    return RedirectResponse(f"{BASE}{path}{asked}", 303)
