"""Roles from the command line: invitations made, roles listed and taken away.

These commands work beside a running bot, which asks the database anew whenever somebody acts.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from bot.app import system_clock
from bot.settings import Settings
from bot.telegram.client import Telegram
from conversations.programme import FormKey, Programme
from conversations.roles import ALL, INVITATION, Role, Serves
from storage import audit, benches, desks, figures, forms, lessons, offers, roles
from storage.errors import NotMigrated, WrongKey
from storage.migrate import migrate
from storage.offers import Offer
from storage.opening import open_beside, open_readable
from storage.roles import GivenRole
from storage.store import Reading, Store

TOKEN_BYTES = 24
"""Nobody guesses so many; as text they are 32 signs, and a deep link may carry 64."""


class NoSuchRole(Exception):
    """There is no role or invitation of this number."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation just made; `word` goes after /start, `link` does that by itself.

    `link` is blank where the bot is served by the simulator.
    """

    number: int
    word: str
    link: str
    expires_at: datetime


def fresh_token() -> str:
    """Return a new invitation's token: signs that a deep link may carry, that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


async def invite(  # noqa: PLR0913, PLR0917 - who may do what, how they are called, until when.
    settings: Settings,
    programme: str,
    role: Role,
    known_as: str,
    days: int,
    serves: Serves = ALL,
) -> Invitation:
    """Make an invitation; with a token set, Telegram is asked for the bot's name first."""
    link_to = await _link_to(settings)
    token, expires_at = fresh_token(), system_clock() + timedelta(days=days)
    async with beside(settings, anew=True) as store, store.unit() as unit:
        number = await roles.invite(unit, programme, role, known_as, token, expires_at, serves)
        await audit.note(unit, store, "command", "Invite", f"role:{number}", system_clock(),
                         {"role": role})  # fmt: skip
    word = INVITATION + token
    return Invitation(number, word, link_to + word if link_to else "", expires_at)


async def _link_to(settings: Settings) -> str:
    if settings.token is None:
        return ""
    async with Telegram(settings.token.get_secret_value(), settings.api_url) as telegram:
        me = await telegram.call("getMe", {})
    return f"https://t.me/{me['username']}?start="


async def given_roles(settings: Settings, programme: str) -> list[GivenRole]:
    """List the roles of a programme and its open invitations."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            return list(await roles.of_programme(reading, programme))
    finally:
        await store.close()


async def revoke(settings: Settings, programme: str, number: int) -> GivenRole:
    """Take a role away, or an invitation back, at once; what lay on that desk is thrown away."""
    async with beside(settings) as store, store.unit() as unit:
        gone = await roles.revoke(unit, programme, number)
        await desks.clear_abandoned(unit, programme)
        await benches.clear_abandoned(unit, programme)
        await lessons.clear_abandoned(unit, programme)
        if gone is not None:
            about = {"role": gone.role}
            await audit.note(
                unit, store, "command", "Revoke", f"role:{number}", system_clock(), about
            )
    if gone is None:
        raise NoSuchRole(f"There is no role {number}; `baraza roles` lists them.")
    return gone


@asynccontextmanager
async def beside(settings: Settings, *, anew: bool = False) -> AsyncIterator[Store]:
    """Open the store beside whoever works on it.

    Where there is none yet, it is made `anew`, or `NotMigrated` raised and nothing made: whoever
    asks in the wrong folder must not hear that nothing is there.
    """
    try:
        await _expect_tables(settings.store_url)
    except NotMigrated:
        if not anew:
            raise
        settings.make_data_dir()
        await migrate(settings.store_url)
    store = await open_beside(settings.store_url, settings.pseudonym_key())
    try:
        yield store
    finally:
        await store.close()


async def _expect_tables(database_url: str) -> None:
    store = await open_readable(database_url)
    try:
        async with store.reading():
            pass
    finally:
        await store.close()


# Forms


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form as it stands: the version offered, where it comes from, what it brought."""

    key: FormKey
    from_chat: bool
    is_open: bool
    reports: int
    under_way: int


async def forms_standing(settings: Settings, programme: Programme) -> list[FormLine]:
    """Say how a programme's forms stand; a database that is not there yet decides nothing."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            decided = {one.form_id: one for one in await _decided(reading, programme)}
            reports = await figures.reports(reading, programme.name)
            under_way = await figures.under_way(reading, programme.name)
    finally:
        await store.close()
    standing = dict((*programme.offered, *programme.asked))
    standing |= {one.form_id: one.version for one in decided.values() if one.version}
    return [
        FormLine(
            (form_id, version),
            form_id in decided and bool(decided[form_id].version),
            form_id not in decided or decided[form_id].is_open,
            sum(number for (known, _), number in reports.items() if known == form_id),
            sum(number for (known, _), number in under_way.items() if known == form_id),
        )
        for form_id, version in standing.items()
    ]


async def bring_back(settings: Settings, programme: Programme, out: Path) -> list[Path]:
    """Write the versions published in the chat to a folder; return the files.

    The workbook as its author sent it, unless the bot numbered its version: then the XForm, which
    has that number.
    """
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            return [path async for path in _written(reading, programme, out)]
    finally:
        await store.close()


async def _decided(reading: Reading, programme: Programme) -> list[Offer]:
    return list(await offers.of_programme(reading, programme.name))


async def _written(reading: Reading, programme: Programme, out: Path) -> AsyncIterator[Path]:
    for offer in await _decided(reading, programme):
        key = (offer.form_id, offer.version)
        workbook = await offers.workbook(reading, programme.name, key)
        xform = await forms.one(reading, programme.name, key)
        if not offer.version or workbook is None or xform is None:
            continue
        path = out / f"{_file_stem(offer.form_id)}{_suffix(workbook)}"
        content = workbook.content if workbook.is_numbered else xform.encode()
        await asyncio.to_thread(_write, path, content)
        yield path


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _suffix(workbook: offers.KeptWorkbook) -> str:
    return PurePath(workbook.file_name).suffix.lower() if workbook.is_numbered else ".xml"


def _file_stem(form_id: str) -> str:
    """Make a file's name of a form id, which an author may have given any signs."""
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in form_id)


async def audited(
    settings: Settings, act: str, subject: str, about: Mapping[str, int] | None = None
) -> None:
    """Note in the audit what was done from the command line."""
    async with beside(settings) as store, store.unit() as unit:
        await audit.note(unit, store, "command", act, subject, system_clock(), about)


async def audited_if_keyed(
    settings: Settings, act: str, subject: str, about: Mapping[str, int]
) -> bool:
    """Note it where the database's own key is at hand, which the chain takes; else False."""
    if not settings.has_key():
        return False
    try:
        await audited(settings, act, subject, about)
    except (WrongKey, NotMigrated):
        return False
    return True
