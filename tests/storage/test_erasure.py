"""Erasure: after it nothing of a person is in any table, and what is others' stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.community import Community
from bot.erasing import Erasing
from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from conversations.sheets.flags import Severity
from storage import (
    asks,
    attachments,
    audit,
    clarifications,
    consents,
    contacts,
    due,
    erasure,
    flags,
    links,
    outbox,
    reach,
    rests,
    roles,
    rounds,
    sealing,
    sessions,
    submissions,
    subscriptions,
    updates,
    uploads,
)
from storage.contacts import Contact
from storage.due import Planned
from storage.flags import Raised
from storage.links import Link
from storage.outbox import Call
from storage.reporters import Reporter
from storage.rounds import Begun
from storage.schema import metadata
from storage.store import Store, Unit
from tests.dialogue.chat import programme_of
from tests.storage.test_identity import cells

NOW: Final = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
AMINA, JUMA = 7_001_002_003, 7_009_008_007
WORDS: Final = "Naserian"
CLASSES: Final = ("yes", "no")
PROGRAMME: Final = programme_of().name


def report(number: int, words: str, replaces: str = "") -> KeepSubmission:
    """Return a submission that tells something."""
    about = (f"uuid:{number}", "one", "1", "sw", f"4T7K-{number}", f"<data>{words}</data>")
    return KeepSubmission(*about, ("a.jpg",), replaces=replaces)


async def tell(store: Store, unit: Unit, chat: int, number: int, words: str) -> Contact:
    """Let somebody send a report, change it, and do all else that leaves a trace."""
    who, name = store.reporter(PROGRAMME, chat), PROGRAMME
    contact = await contacts.meet(unit, chat, NOW)
    await consents.keep(unit, who, name, "v1", "sw", agreed=True, now=NOW)
    await reach.meet(unit, store, who, name, contact.id, "sw", NOW)
    key = f"{number:032x}"
    await sessions.keep(unit, who, name, Session(key, "sw", "question"), NOW)
    await attachments.expect(unit, key, KeepAttachment("a.jpg", words, "image/jpeg", 1, words), NOW)
    await submissions.keep(unit, who, name, report(number, words), NOW)
    await attachments.belong(unit, key, f"uuid:{number}", ["a.jpg"])
    await submissions.keep(unit, who, name, report(number + 1, words, f"uuid:{number}"), NOW)
    await submissions.keep(unit, who, name, report(number + 2, words), NOW)
    await links.link(unit, Link(f"uuid:{number + 2}", f"uuid:{number}", f"uuid:{number}", "x", 1))
    await attachments.expect(unit, key, KeepAttachment("b.jpg", words, "image/jpeg", 1), NOW)
    await sealing.keep(unit, store, f"uuid:{number}", "/data/a", words, NOW)
    await clarifications.ask(unit, name, who, f"uuid:{number}", words, "", NOW)
    planned = Planned(name, who, "followup", "x", f"uuid:{number}", NOW, "UTC", "", f"f:{number}",
                      body={"said": words}, root=f"uuid:{number}")  # fmt: skip
    await due.plan(unit, [planned])
    await subscriptions.keep(unit, who, name, "results", "narok")
    await uploads.count(unit, who, NOW.date(), 5)
    await rests.rest(unit, who, NOW)
    await outbox.put(unit, contact.id, [Call("sendMessage", {"text": words}, "question")], NOW)
    letter = json.dumps({"message": {"from": {"id": chat}, "text": words}})
    await updates.set_aside(unit, number, letter, "unreadable", NOW)
    await roles.invite(unit, name, "moderator", words, f"token {number}", NOW + timedelta(days=1))
    taken = await roles.take(unit, name, f"token {number}", contact.id, NOW)
    assert not isinstance(taken, str)
    return contact


async def asked_about(unit: Unit, number: int, by: Reporter, validator: Reporter) -> int:
    """Let somebody be asked about another's report, and doubt it."""
    about = (f"uuid:{number}", PROGRAMME, "one", "clinic", "sw", "narok", CLASSES, "yes")
    begun = await rounds.begin(unit, Begun(*about, NOW, NOW + timedelta(days=7)))
    assert begun is not None
    ask_id = await asks.plan(unit, begun.id, validator, "sw", NOW)
    assert ask_id is not None
    await asks.answer(unit, ask_id, "saw", NOW, late=False)
    planned = Planned(PROGRAMME, validator, "validation", "clinic", f"round:{begun.id}", NOW, "UTC",
                      "", f"validation:{ask_id}")  # fmt: skip
    await due.plan(unit, [planned])
    words = {"text": "doubt"}
    flag = Raised(f"uuid:{number}", PROGRAMME, "person", "odd", Severity.LOW, words, NOW,
                  raised_by=validator)  # fmt: skip
    await flags.raise_(unit, flag)
    assert by != validator
    return int(begun.id)


async def told(store: Store, unit: Unit) -> Contact:
    """Let two people do everything; return the contact of the first."""
    amina, juma = store.reporter(PROGRAMME, AMINA), store.reporter(PROGRAMME, JUMA)
    contact = await tell(store, unit, AMINA, 10, WORDS)
    await tell(store, unit, JUMA, 20, "Juma")
    await asked_about(unit, 10, amina, juma)
    await asked_about(unit, 20, juma, amina)
    return contact


def erasing(store: Store, unit: Unit) -> Erasing:
    """Return what erases, as the bot has it."""
    return Erasing(Community(store, programme_of()), unit, NOW, "reporter")


async def tables_with(unit: Unit, *signs: str) -> set[str]:
    """Return the tables in which a sign stands."""
    return {table for table, _, value in await cells(unit) if any(x in str(value) for x in signs)}


async def test_nothing_of_a_person_is_left(store: Store) -> None:
    """Neither number, pseudonym, contact nor word of who was erased stands in any table."""
    amina = store.reporter(PROGRAMME, AMINA)
    async with store.unit() as unit:
        contact = await told(store, unit)
        of_juma = await tables_with(unit, "Juma", str(JUMA), store.reporter(PROGRAMME, JUMA))
        signs = (str(AMINA), amina, str(contact.id), WORDS, "uuid:10", "uuid:11", "uuid:12")
        assert len(await tables_with(unit, *signs)) > 18
    async with store.unit() as unit:
        assert await erasing(store, unit).person(amina) == 3
        await erasing(store, unit).letters(contact)
        await erasure.contact(unit, contact.id)
    async with store.unit() as unit:
        assert await tables_with(unit, *signs) == set()
        left = await tables_with(unit, "Juma", str(JUMA), store.reporter(PROGRAMME, JUMA))
        assert left == of_juma - {"asks", "flags"}, "what he answered about her report went"
        assert (await audit.verify(unit, store)).broken is None
        (entry,) = await audit.newest(unit, 5)
        assert (entry.who, entry.act, entry.body["submissions"]) == ("reporter", "ErasedPerson", 3)


async def test_a_report_goes_alone(store: Store) -> None:
    """A report goes with its versions, later answers, what others said, and what is planned."""
    amina = store.reporter(PROGRAMME, AMINA)
    async with store.unit() as unit:
        await told(store, unit)
        await submissions.keep(unit, amina, PROGRAMME, report(30, "another"), NOW)
        for key in "789":
            amends = Session(key * 32, "sw", "summary", amends="uuid:11")
            await sessions.keep(unit, amina, PROGRAMME, amends, NOW)
            if key != "9":
                await sessions.set_aside(unit, amina, PROGRAMME)
        assert await erasing(store, unit).report(amina, "uuid:10") == 3
    async with store.unit() as unit:
        assert await tables_with(unit, "uuid:11", "uuid:12") == set()
        assert await tables_with(unit, "uuid:10") == {"audit"}, "which says that it was erased"
        assert [
            one.instance_id for one in await submissions.of_reporter(unit, amina, PROGRAMME)
        ] == ["uuid:30"]
        assert await sessions.current(unit, amina, PROGRAMME) is None, "nothing is left to change"
        assert not await sessions.asides(unit, amina, PROGRAMME)
        assert await due.by_dedupe(unit, "f:20") is not None
        assert (await audit.verify(unit, store)).broken is None


async def test_who_leaves_is_told_first(store: Store) -> None:
    """The number of a chat stays until what waits for it was sent; who writes again stays."""
    async with store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        again = await contacts.meet(unit, JUMA, NOW)
        for one in (contact, again):
            await contacts.keep_language(unit, one.id, "sw")
            await erasure.empty(unit, one.id, one.chat_id, "forget")
        await outbox.put(unit, contact.id, [Call("sendMessage", {"text": "gone"})], NOW)
        assert (await contacts.meet(unit, JUMA, NOW)).language == ""
        assert await erasure.forget_left(unit, 10) == 0
        (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
        await outbox.sent(unit, row.id, 5)
        assert await erasure.forget_left(unit, 10) == 1
        assert await contacts.by_chat(unit, AMINA) is None
        assert await contacts.by_chat(unit, JUMA) is not None


async def test_a_long_number_is_not_hers(store: Store) -> None:
    """An update set aside goes only where the whole number of a chat stands in it."""
    async with store.unit() as unit:
        for number, chat in enumerate((AMINA, AMINA * 10 + 1, -AMINA)):
            await updates.set_aside(unit, number, json.dumps({"id": chat}), "unreadable", NOW)
        await updates.erase_letters(unit, AMINA)
        assert {letter.update_id for letter in await updates.dead_letters(unit)} == {1}


def test_every_table_is_thought_of() -> None:
    """Each column that may hold a pseudonym is erased by name, or goes with its report."""
    known = set(erasure.OF_PERSON)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name in {"reporter", "validator", "raised_by"}:
                assert (table.name, column.name) in known
        cascades = {key.parent.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        named = {"instance_id", "contact_id"} & {column.name for column in table.columns}
        alone = {"submissions", "campaigns"}
        assert not named or named & cascades or table.name in alone, table.name
