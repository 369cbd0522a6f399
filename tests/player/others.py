"""Reports of people who have no part in a chat: filled in without a turn, kept as any other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.aftermath import follow
from bot.kept import Kept
from conversations.filling import fill
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.receipts import receipt
from conversations.replies import KeepSubmission
from conversations.xform.editing import read_submission
from conversations.xform.instance import Surroundings
from storage import consents, contacts, submissions
from storage.store import Store

TOOK = timedelta(minutes=10)


async def report(  # noqa: PLR0913, PLR0917 - who reports what, where and when.
    store: Store,
    programme: Programme,
    locale_of: Callable[[str], Locale],
    chat: int,
    answers: str,
    now: datetime,
) -> str:
    """Let somebody agree and send a report of the first form; return its id.

    `answers` are names and values, parted by spaces, `village=hill problem=closed`; a plus is a
    space in a value.
    """
    form_id, version = programme.offered[0]
    form, instance_id = programme.forms[form_id, version], f"uuid:other-{chat}-{now:%d%H%M}"
    local = now.astimezone(programme.zone)
    spoken = Surroundings(local, "en", instance_id, instance_id, local)
    parted = (one.partition("=") for one in answers.split())
    given = [(name, value.replace("+", " ")) for name, _, value in parted]
    filled = fill(form, given, spoken).submission
    sent = KeepSubmission(
        *(instance_id, form_id, version, "en", receipt(instance_id), filled.xml, ())
    )
    reporter, name = store.reporter(programme.name, chat), programme.name
    async with store.unit() as unit:
        contact = await contacts.meet(unit, chat, now)
        agreed = (programme.consent.version, "en", True, now)
        await consents.keep(unit, reporter, name, *agreed)
        await submissions.keep(unit, reporter, name, sent, now)
        read = read_submission(form, filled.xml, spoken)
        about = (unit, store, programme, contact, reporter, sent)
        kept = Kept(*about, read, now - TOOK, now)
        await follow(kept, {tag: locale_of(tag) for tag in programme.languages})
    return instance_id
