"""A record beside what residents say: a source of its own kind, looked up by whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import lookups
from bot.choosing import link_of
from bot.kept import Kept
from bot.records import KIND as RECORD
from conversations.replies import KeepSubmission
from conversations.xform.instance import Instance, Surroundings
from storage import asks, audit, consents, contacts, due, reach, roles, rounds, submissions
from storage.asks import Ask
from storage.rounds import Round
from tests.bot.village import DAY, PROGRAMME, REPORT, Village
from tests.sheets.making import form_with, said_of, sheets_with

ASKED = "question::English (en)"
SEEN = {"name": "there", ASKED: "Is it so?", "min": "2", "max": "5", "control_share": "0"}
BOOK = {
    "name": "book",
    ASKED: "Look it up.",
    "source": "record",
    "form": "report",
    "audience": "role record keeper",
    "consent": "${follow_ok}",
    "confirms": "${answer.topic} = 'service'",
    "refutes": "${answer.topic} = 'pregnancy'",
}
FORM = form_with(validations=[{**SEEN, "consent": "${follow_ok}"}, BOOK])
KEY = (FORM.form_id, FORM.version)
KEEPER = 90


async def with_keepers(village: Village, *chats: int, invited_by: str = "") -> Village:
    """Let people be record keepers of the village, whose form asks both."""
    programme = replace(PROGRAMME, offered=(KEY,)).with_forms({KEY: FORM})
    there = Village(village.store, programme, form=FORM)
    await there.meet(*chats, invited_by=invited_by)
    async with village.store.unit() as unit:
        for chat in chats:
            contact = await contacts.by_chat(unit, chat)
            assert contact is not None
            until, token = there.now + DAY, f"token {chat}"
            await roles.invite(unit, programme.name, "record keeper", "", token, until)
            await roles.take(unit, programme.name, token, contact.id, there.now)
    return there


async def both(village: Village) -> dict[str, Round]:
    """Return the rounds about the report by their rows."""
    async with village.store.reading() as reading:
        return {one.begun.name: one for one in await rounds.of(reading, REPORT)}


async def looked_up(village: Village) -> list[Ask]:
    """Return who was asked to look it up."""
    async with village.store.reading() as reading:
        return list(await asks.of_round(reading, (await both(village))["book"].id))


async def find(village: Village, choice: str) -> dict[str, Round]:
    """Let the keeper say what the record says."""
    (ask,) = await looked_up(village)
    async with village.store.unit() as unit:
        await village.community.answered(unit, ask, choice, village.now, late=False)
    return await both(village)


async def see(village: Village, choice: str, number: int) -> Round:
    """Let so many residents say what they saw."""
    for _ in range(number):
        one = (await both(village))["there"]
        async with village.store.unit() as unit:
            silent = [
                ask for ask in await asks.of_round(unit, one.id)
                if ask.state == "waiting"
            ]  # fmt: skip
            await village.community.answered(unit, silent[0], choice, village.now, late=False)
    return (await both(village))["there"]


async def test_a_record_counts_beside_residents(village: Village) -> None:
    """With a record that bears it out, two residents are as clear as three alone."""
    there = await with_keepers(village, KEEPER)
    await there.meet(*range(2, 8))
    await there.report()
    assert (await see(there, "saw", 2)).state == "open"
    found = await find(there, "yes")
    assert found["book"].grade == "confirmed by a record"
    assert found["there"].grade == "confirmed by residents"
    assert (found["there"].yes, found["there"].no) == (2, 0)


async def test_a_record_against_residents_goes_to_a_moderator(village: Village) -> None:
    """Residents saw it, the record says otherwise: neither wins by itself."""
    there = await with_keepers(village, KEEPER)
    await there.meet(*range(2, 8))
    await there.report()
    await see(there, "saw", 2)
    found = await find(there, "no")
    assert (found["there"].state, found["there"].why) == ("for a moderator", "record")
    assert found["book"].grade == "disputed"


async def test_whoever_knows_the_reporter_looks_nothing_up(village: Village) -> None:
    """Neither the reporter, nor who came by the reporter's link, nor who serves another area."""
    own = link_of(village.store, village.known_as(1))
    there = await with_keepers(village, 1)
    await with_keepers(village, KEEPER, invited_by=own)
    await there.report()
    assert await looked_up(there) == []


async def test_a_silent_keeper_is_followed_by_another(village: Village) -> None:
    """One at a time is asked, and after two days the next; a void round asks nobody."""
    there = await with_keepers(village, KEEPER, KEEPER + 1)
    await there.report()
    assert len(await looked_up(there)) == 1
    await there.community.look_after(there.now + timedelta(days=1))
    assert len(await looked_up(there)) == 1
    await there.community.look_after(there.now + timedelta(days=3))
    assert len(await looked_up(there)) == 2


async def test_without_consent_nothing_is_looked_up(village: Village) -> None:
    """The reporter's consent is asked for by the sheet, and decides."""
    there = await with_keepers(village, KEEPER)
    await there.report(follow_ok="no")
    assert await both(there) == {}
    async with village.store.reading() as reading:
        assert await reach.of(reading, there.known_as(KEEPER)) is not None


def test_a_row_says_who_looks_up_what() -> None:
    """The sheet refuses a record without form, condition, role or consent."""
    (row,) = sheets_with(validations=[BOOK]).validations
    assert row.lookup is not None
    for column in ("form", "confirms", "audience", "consent"):
        assert said_of("validations", {**BOOK, column: ""}), column
    assert said_of("validations", {**BOOK, "source": ""})


async def test_a_form_changed_later_says_anew_what_was_found(village: Village) -> None:
    """What a keeper found is what their form says last; the change is written down."""
    there = await with_keepers(village, KEEPER)
    await there.report()
    (ask,) = await looked_up(there)
    dedupe = f"{RECORD}:{ask.id}"
    async with village.store.unit() as unit:
        planned = await due.by_dedupe(unit, dedupe)
        assert planned is not None
        await due.become(unit, planned.id, "asked", there.now)
    assert await say(there, "uuid:found", "service", due_id=planned.id)
    assert (await both(there))["book"].grade == "confirmed by a record"
    assert await say(there, "uuid:changed", "pregnancy", replaces="uuid:found")
    assert (await both(there))["book"].grade == "disputed"
    assert await say(there, "uuid:again", "service", replaces="uuid:changed")
    assert (await both(there))["book"].grade == "confirmed by a record"
    assert not await say(there, "uuid:own", "service")
    async with village.store.reading() as reading:
        entries = await audit.newest(reading, 20)
    assert [entry.act for entry in entries].count("record changed") == 2


async def say(
    there: Village, instance_id: str, topic: str, *, due_id: int = 0, replaces: str = ""
) -> bool:
    """Let the keeper send their form, or change it; tell whether it was one about a record."""
    around = Surroundings(there.now, "en", "seed", instance_id, there.now)
    instance = Instance.begin(there.form, around)
    instance.answer("/data/topic", topic)
    xml = instance.finish(there.now).xml
    sent = KeepSubmission(instance_id, *KEY, "en", "4T7K", xml, (), replaces)
    keeper, name = there.known_as(KEEPER), there.programme.name
    async with there.store.unit() as unit:
        contact = await contacts.by_chat(unit, KEEPER)
        assert contact is not None
        await consents.keep(unit, keeper, name, "v1", "en", agreed=True, now=there.now)
        await submissions.keep(unit, keeper, name, sent, there.now)
        about = (unit, there.store, there.programme, contact, keeper, sent, instance)
        return await lookups.looked_up(Kept(*about, there.now, there.now, due_id))
