"""Messages to many people: each meets everybody once, whoever puts them and whatever happens."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.broadcasts import Broadcasts
from bot.library import Library
from bot.programmes import SHIPPED, programme_folder
from conversations.campaigning.audience import NEWS, Audience
from conversations.campaigning.draft import Draft
from conversations.campaigning.message import Message
from conversations.campaigning.standing import Act, Campaign, Plan
from conversations.courtesy import ALL_DAY, Courtesy
from conversations.programme import Programme
from locales.locale import locales_of
from storage import (
    campaigns,
    consents,
    contacts,
    due,
    outbox,
    reach,
    recipients,
    roles,
    subscriptions,
    written,
)
from storage.contacts import ContactId
from storage.due import Planned
from storage.outbox import Priority
from storage.programmes import load_programme
from storage.recipients import Finding
from storage.store import Store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEXTS = {"en": "The drains will be mended.", "sw": "Mifereji itatengenezwa."}


@dataclass(slots=True)
class Clock:
    """Stands still until it is put on."""

    at: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.at


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Read the shipped programme, which writes to people at any hour here."""
    return replace(load_programme(programme_folder(SHIPPED[0])), courtesy=Courtesy(ALL_DAY))


async def people(store: Store, programme: Programme, count: int) -> list[ContactId]:
    """Let so many people agree; every second one speaks Swahili."""
    met: list[ContactId] = []
    async with store.unit() as unit:
        for number in range(count):
            contact = await contacts.meet(unit, 1_000 + number, NOW)
            language = "sw" if number % 2 else "en"
            await contacts.keep_language(unit, contact.id, language)
            reporter = store.reporter(programme.name, 1_000 + number)
            version = programme.consent.version
            await consents.keep(
                unit, reporter, programme.name, version, language, agreed=True, now=NOW
            )
            met.append(contact.id)
    return met


async def begun(
    store: Store,
    programme: Programme,
    audience: Audience | None = None,
    per_second: int = 1_000,
) -> int:
    """Let a campaign of the bot's own go; return its number."""
    plan = Plan(Message(TEXTS), audience or Audience())
    async with store.unit() as unit:
        await campaigns.begin(
            *(unit, programme.name, plan),
            dedupe="auto:one",
            title="The drains",
            start_at=NOW,
            per_second=per_second,
        )
        (one,) = await campaigns.newest(unit, programme.name, 9)
    return one.id


def worker(store: Store, programme: Programme, clock: Clock) -> Broadcasts:
    """Return what puts a programme's campaigns."""
    return Broadcasts(store, Library(programme), locales_of({}), clock)


async def standing(store: Store, programme: Programme, number: int) -> Campaign:
    """Return a campaign as it stands."""
    async with store.reading() as reading:
        campaign = await campaigns.of(reading, programme.name, number)
    assert campaign is not None
    return campaign


async def act(store: Store, campaign: Campaign, deed: Act, now: datetime) -> None:
    """Do something about a campaign."""
    async with store.unit() as unit:
        assert await campaigns.act(unit, campaign, deed, now)


async def put_for(store: Store) -> Sequence[ContactId]:
    """List for whom a message lies in the outbox."""
    async with store.reading() as reading:
        rows = await reading.rows("SELECT contact_id FROM outbox WHERE campaign_id <> 0")
    return [row["contact_id"] for row in rows]


async def test_everybody_once(store: Store, programme: Programme) -> None:
    """Two workers at once put one message for each, in their language, and then no more."""
    met = await people(store, programme, 450)
    number = await begun(store, programme)
    clock = Clock()
    two = [worker(store, programme, clock) for _ in range(2)]
    for _ in range(5):
        await asyncio.gather(*(one.tick() for one in two))
        clock.at += timedelta(seconds=1)
    assert Counter(await put_for(store)) == Counter(met)
    assert (await standing(store, programme, number)).figures.put == 450
    async with store.unit() as unit:
        rows = await outbox.claim(unit, "one", clock.at, 450, 30)
    said = Counter(str(row.params["text"]) for row in rows)
    assert said == {TEXTS["en"]: 225, TEXTS["sw"]: 225}
    assert {row.priority for row in rows} == {Priority.CAMPAIGN}


async def test_page_lost(store: Store, programme: Programme) -> None:
    """A page whose unit fails is put again whole, for nothing of it was kept."""
    met = await people(store, programme, 30)
    number = await begun(store, programme)

    async def crash() -> None:
        async with store.unit() as unit:
            await campaigns.start(unit, number, NOW)
            moved = await campaigns.advance(unit, number, -1, met[0], NOW, listed=False, left_out=0)
            assert moved
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await crash()
    assert await worker(store, programme, Clock()).tick() == 30
    assert Counter(await put_for(store)) == Counter(met)


async def test_pace(store: Store, programme: Programme) -> None:
    """No more go in a second than were asked for, however often is looked."""
    await people(store, programme, 30)
    await begun(store, programme, per_second=5)
    clock = Clock()
    one = worker(store, programme, clock)
    assert [await one.tick() for _ in range(3)] == [5, 0, 0]
    clock.at += timedelta(seconds=1)
    assert await one.tick() == 5


async def test_backlog(store: Store, programme: Programme) -> None:
    """No more lie in the outbox than are sent within a while."""
    await people(store, programme, 30)
    await begun(store, programme)
    clock = Clock()
    one = replace(worker(store, programme, clock), backlog_max=12)
    assert await one.tick() == 12
    clock.at += timedelta(seconds=2)
    assert await one.tick() == 0


async def test_pause_and_cancel(store: Store, programme: Programme) -> None:
    """What is held back leaves the outbox and comes again when it goes on; once, to each."""
    met = await people(store, programme, 20)
    number = await begun(store, programme, per_second=8)
    clock = Clock()
    one = worker(store, programme, clock)
    await one.tick()
    async with store.unit() as unit:
        (first,) = await outbox.claim(unit, "sender", clock.at, 1, 30)
    await act(store, await standing(store, programme, number), "pause", clock.at)
    assert list(await put_for(store)) == [first.contact_id]
    clock.at += timedelta(hours=1)
    assert await one.tick() == 0
    await act(store, await standing(store, programme, number), "resume", clock.at)
    for _ in range(9):
        await one.tick()
        clock.at += timedelta(seconds=1)
    assert Counter(await put_for(store)) == Counter(met)
    await act(store, await standing(store, programme, number), "cancel", clock.at)
    left = await standing(store, programme, number)
    assert (left.state, left.figures.left_out, left.figures.put) == ("cancelled", 19, 1)


async def test_who_is_left_out(store: Store, programme: Programme) -> None:
    """Nobody is written to who stopped, wants no news, took consent back, or is gone."""
    met = await people(store, programme, 6)
    reporters = [store.reporter(programme.name, 1_000 + number) for number in range(6)]
    name, version = programme.name, programme.consent.version
    async with store.unit() as unit:
        await reach.meet(unit, store, reporters[0], name, met[0], "en", NOW)
        await reach.stop(unit, reporters[0])
        await subscriptions.keep(unit, reporters[1], name, NEWS, None)
        later = NOW + timedelta(seconds=1)
        await consents.keep(unit, reporters[2], name, version, "en", agreed=False, now=later)
        await contacts.mark_gone(unit, met[3])
        await reach.meet(unit, store, reporters[4], name, met[4], "en", NOW)
        await reach.pause(unit, reporters[4], NOW + timedelta(days=2))
    number = await begun(store, programme)
    clock = Clock()
    one = worker(store, programme, clock)
    assert await one.tick() == 1
    assert list(await put_for(store)) == [met[5]]
    clock.at += timedelta(days=2, minutes=1)
    assert await one.tick() == 1
    assert set(await put_for(store)) == {met[4], met[5]}
    assert (await standing(store, programme, number)).state == "running"


async def test_gone_in_the_middle(store: Store, programme: Programme) -> None:
    """Whoever leaves while their message lies there is counted; the rest is sent, and it ends."""
    met = await people(store, programme, 3)
    number = await begun(store, programme)
    clock = Clock()
    one = worker(store, programme, clock)
    await one.tick()
    async with store.unit() as unit:
        await contacts.mark_gone(unit, met[0])
        rows = await outbox.claim(unit, "sender", clock.at, 9, 30)
        await outbox.sent_together(unit, {row.id: 5 for row in rows})
        await campaigns.count_sent(unit, Counter(row.campaign_id for row in rows))
    clock.at += timedelta(seconds=2)
    await one.tick()
    ended = await standing(store, programme, number)
    assert ended.state == "done"
    assert (ended.figures.sent, ended.figures.blocked) == (2, 1)


async def test_opened_and_answered(store: Store, programme: Programme) -> None:
    """An opened form counts once, its answer once, and then nothing tells who it was."""
    met = await people(store, programme, 1)
    number = await begun(store, programme)
    async with store.unit() as unit:
        for _ in range(2):
            await campaigns.note_opened(unit, programme.name, number, met[0], "birth")
        await campaigns.note_answered(unit, met[0], "pregnancy")
        for _ in range(2):
            await campaigns.note_answered(unit, met[0], "birth")
        assert not await unit.rows("SELECT * FROM campaign_taps")
    figures = (await standing(store, programme, number)).figures
    assert (figures.opened, figures.answered) == (1, 1)


async def test_count(store: Store, programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    """An audience is counted; a large one is estimated from the first part of the contacts."""
    met = await people(store, programme, 900)
    name, version = programme.name, programme.consent.version
    async with store.unit() as unit:
        token, until = "a token", NOW + timedelta(days=1)
        await roles.invite(unit, name, "coordinator", "Amina", token, until)
        await roles.take(unit, name, token, met[0], NOW)
    async with store.reading() as reading:
        swahili = Finding(store, reading, name, Audience(languages=("sw",)))
        assert await recipients.count(swahili, version, NOW) == (450, False)
        coordinators = Finding(store, reading, name, Audience(role="coordinator"))
        assert await recipients.count(coordinators, version, NOW) == (1, False)
        silent = Finding(store, reading, name, Audience(reported="no"))
        assert await recipients.count(silent, version, NOW) == (900, False)
        monkeypatch.setattr(recipients, "COUNTED_MAX", 600)
        about, estimated = await recipients.count(swahili, version, NOW)
    assert estimated
    assert 330 < about < 580


async def test_drafts(store: Store, programme: Programme) -> None:
    """A draft comes back as it was kept."""
    (amina,) = await people(store, programme, 1)
    draft = Draft(Message(TEXTS, "a picture"), Audience(("sw",), ("mukuru",)), NOW, 5, "sw")
    async with store.unit() as unit:
        await campaigns.keep_draft(unit, programme.name, amina, draft)
        assert await campaigns.draft(unit, programme.name, amina) == draft
        await campaigns.keep_draft(unit, programme.name, amina, None)
        assert await campaigns.draft(unit, programme.name, amina) is None


async def test_caps(store: Store, programme: Programme) -> None:
    """Who was asked enough waits for a message to many, and such a message counts as asked."""
    clock, seldom = Clock(), replace(programme.courtesy, per_day=1, per_week=2)
    shy = replace(programme, courtesy=seldom)
    await people(store, shy, 2)
    asked = store.reporter(shy.name, 1_000)
    async with store.unit() as unit:
        about = (shy.name, asked, "followup", "x", "uuid:1", NOW, "UTC", "", "f:1")
        await due.plan(unit, [Planned(*about)])
        (row,) = await due.claim(unit, "one", NOW, 30, 9)
        await due.settle(unit, row.id, "one", "asked", NOW - timedelta(hours=20))
    number = await begun(store, shy)
    assert await worker(store, shy, clock).tick() == 1
    figures = (await standing(store, shy, number)).figures
    assert (figures.put, figures.waiting) == (1, 1)
    clock.at += timedelta(hours=4, minutes=1)
    assert await worker(store, shy, clock).tick() == 1
    async with store.reading() as reading:
        assert len(await written.of(reading, asked)) == 1
        assert await written.of(reading, store.reporter(shy.name, 1_001)) == (NOW,)


async def test_who_never_has_room(store: Store, programme: Programme) -> None:
    """Somebody who is asked enough all the time is left out at last, so a message to many ends."""
    clock, seldom = Clock(), replace(programme.courtesy, per_day=1, per_week=1)
    shy = replace(programme, courtesy=seldom)
    (contact,) = await people(store, shy, 1)
    asked = store.reporter(shy.name, 1_000)
    number = await begun(store, shy)
    for _ in range(4):
        async with store.unit() as unit:
            await written.keep(unit, [(asked, written.with_one_more((), clock.at))])
        assert await worker(store, shy, clock).tick() == 0
        clock.at += timedelta(days=6)
    figures = (await standing(store, shy, number)).figures
    assert (figures.put, figures.waiting, figures.left_out) == (0, 0, 1), contact
