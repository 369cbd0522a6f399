"""The door: coming in by a link or from Telegram, and leaving.

Asking for a page changes nothing: a link is used up only by the button on the page that it opens,
since a chat app looks at links ahead of whoever taps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import entry
from bot.console.desk import BASE, COOKIE, Asked, Desk
from bot.console.forms import Fields, one
from bot.console.guard import TooMuch, form_of
from bot.console.init_data import Opened, verify
from storage import audit, entrances
from storage.store import Unit

HOUR_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class Door:
    """Lets moderators in and out."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Show the page to which a link leads."""
        shown = request.query_params.get("token", "")[:100]
        return self.desk.outside(request, "how_in", 200, template="enter.html", token=shown)

    async def enter(self, request: Request) -> Response:
        """Let in whoever shows a link that was not used."""
        form = await _form(request)
        async with self.desk.store.unit() as unit:
            name, now = self.desk.library.programme.name, self.desk.now()
            token = await entry.by_link(unit, name, one(form, "token"), now)
            if token is not None:
                await self._note(unit, token)
        return self._in(token) if token else self.desk.outside(request, "used", 403)

    async def app(self, request: Request) -> Response:
        """Show the page that Telegram opens as a Mini App; its script shows what Telegram signed.

        Somebody who is in already, and opens it anew, goes on.
        """
        return self.desk.outside(request, "open", 200, template="app.html")

    async def enter_app(self, request: Request) -> Response:
        """Let in whom Telegram names; what it signed counts once."""
        form, now = await _form(request), self.desk.now()
        opened = verify(one(form, "init_data"), self.desk.token, now) if self.desk.token else ""
        if not isinstance(opened, Opened):
            return self.desk.outside(request, "used", 403)
        async with self.desk.store.unit() as unit:
            name = self.desk.library.programme.name
            role = await entry.by_telegram(unit, name, opened, now)
            if role is None:
                return self.desk.outside(request, "no_role", 403)
            if one(form, "framed"):
                # A browser keeps no strict cookie for a page inside another site's page.
                link = await entrances.link(unit, role.id, now, entry.LINK_MINUTES)
                return self.desk.outside(request, "in_tab", 200, template="tab.html", token=link)
            token = await entrances.begin(unit, role.id, now, entry.SESSION_HOURS)
            await self._note(unit, token)
        return self._in(token)

    async def leave(self, asked: Asked) -> Response:
        """End a session."""
        async with self.desk.store.unit() as unit:
            await entrances.leave(unit, asked.visitor.session)
        answer = self.desk.outside(asked.request, "how_in", 200)
        answer.delete_cookie(COOKIE, BASE)
        return answer

    async def _note(self, unit: Unit, token: str) -> None:
        store, now = self.desk.store, self.desk.now()
        name = self.desk.library.programme.name
        visitor = await entry.visitor(unit, store, name, token, now)
        if visitor is not None:
            await audit.note(unit, store, f"role:{visitor.id}", "Enter", "console", now)

    def _in(self, token: str) -> Response:
        answer = RedirectResponse(f"{BASE}/", 303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=entry.SESSION_HOURS * HOUR_SECONDS,
            path=BASE,
            secure=self.desk.is_secure,
            httponly=True,
            samesite="strict",
        )
        return answer


async def _form(request: Request) -> Fields:
    try:
        return await form_of(request)
    except TooMuch:
        return {}
