"""What every store does, whatever lies below: one class, all backends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conversations.replies import KeepAttachment, KeepSubmission
from conversations.session import Session
from storage import (
    attachments,
    consents,
    contacts,
    outbox,
    sessions,
    submissions,
    updates,
)
from storage.contacts import Contact
from storage.errors import ConsentMissing, StorageUnavailable, SubmissionConflict
from storage.outbox import Call, Priority
from storage.reporters import Reporter
from storage.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
PROGRAMME = "mch"
AMINA, BARAKA = 7_001, 7_002
LATER = NOW + timedelta(minutes=5)


class RolledBackError(Exception):
    """Raised by a test to undo a unit."""


def session_of(number: int, **changes: object) -> Session:
    """Return a session whose key ends in a number."""
    members = {"key": f"{number:032x}", "language": "sw", "stage": "question", "form_id": "birth"}
    return Session(**(members | changes))  # type: ignore[arg-type]  # Members by name.


def submission_of(number: int, xml: str = "<data/>", names: tuple[str, ...] = ()) -> KeepSubmission:
    """Return a submission whose instance id ends in a number."""
    return KeepSubmission(
        instance_id=f"uuid:{number}",
        form_id="birth",
        form_version="1",
        language="sw",
        receipt="4T7K",
        xml=xml,
        attachments=names,
    )


async def keep_alone(store: Store, reporter: Reporter, submission: KeepSubmission) -> None:
    """Keep a submission in a unit of its own."""
    async with store.unit() as unit:
        await submissions.keep(unit, reporter, PROGRAMME, submission, LATER)


async def agree(unit: Unit, reporter: Reporter) -> None:
    """Keep that a reporter agreed."""
    await consents.keep(unit, reporter, PROGRAMME, "v1", "sw", agreed=True, now=NOW)


async def meet_and_fail(store: Store, chat_id: int, update_id: int = 1) -> None:
    """Begin a unit that does something and then raises."""
    async with store.unit() as unit:
        await updates.first_sight(unit, update_id, NOW)
        await contacts.meet(unit, chat_id, NOW)
        raise RolledBackError


class TestUnits:
    """One unit is kept whole or not at all."""

    async def test_kept_when_it_ends(self, store: Store) -> None:
        """What a unit did is there for the next and for readers."""
        async with store.unit() as unit:
            await contacts.meet(unit, AMINA, NOW)
        async with store.unit() as unit:
            assert await contacts.by_chat(unit, AMINA) is not None
        async with store.reading() as reading:
            row = await reading.row("SELECT count(*) AS count FROM contacts")
        assert row is not None
        assert row["count"] == 1

    async def test_undone_when_it_raises(self, store: Store) -> None:
        """A unit that raises leaves nothing, and its error reaches the caller."""
        with pytest.raises(RolledBackError):
            await meet_and_fail(store, AMINA)
        async with store.unit() as unit:
            assert await contacts.by_chat(unit, AMINA) is None

    async def test_one_failure_among_many(self, store: Store) -> None:
        """Of units that wait together, one that raises is undone alone."""

        async def meet(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)
                await asyncio.sleep(0)
                if chat_id % 3 == 0:
                    raise RolledBackError

        results = await asyncio.gather(*map(meet, range(200)), return_exceptions=True)
        assert [i for i, result in enumerate(results) if result] == list(range(0, 200, 3))
        async with store.reading() as reading:
            rows = await reading.rows("SELECT chat_id FROM contacts ORDER BY chat_id")
        assert [row["chat_id"] for row in rows] == [i for i in range(200) if i % 3]

    async def test_cancelled_anywhere(self, store: Store) -> None:
        """A caller cancelled at any moment neither stops the others nor keeps half a unit."""

        async def two(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)
                await asyncio.sleep(0)
                await contacts.meet(unit, chat_id + 1, NOW)

        tasks = [asyncio.create_task(two(chat_id)) for chat_id in range(0, 200, 2)]
        for steps, task in enumerate(tasks):
            await asyncio.sleep(0)
            if steps % 2:
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        async with store.reading() as reading:
            rows = await reading.rows("SELECT chat_id FROM contacts ORDER BY chat_id")
        met = {row["chat_id"] for row in rows}
        assert all((chat_id ^ 1) in met for chat_id in met)
        assert all(2 * i in met for i, result in enumerate(results) if result is None)

    async def test_no_unit_in_a_unit(self, store: Store) -> None:
        """A unit opened inside a unit is refused instead of waiting for itself for ever."""
        with pytest.raises(RuntimeError, match="inside a unit"):
            async with store.unit(), store.unit():
                pass

    async def test_no_work_after_its_end(self, store: Store) -> None:
        """A unit that ended cannot be used, where each statement would commit by itself."""
        async with store.unit() as unit:
            pass
        with pytest.raises(RuntimeError, match="has ended"):
            await contacts.meet(unit, AMINA, NOW)

    async def test_no_unit_after_closing(self, store: Store) -> None:
        """A closed store finishes what waits and refuses what comes later."""

        async def meet(chat_id: int) -> None:
            async with store.unit() as unit:
                await contacts.meet(unit, chat_id, NOW)

        waiting = [asyncio.create_task(meet(chat_id)) for chat_id in range(5)]
        await asyncio.sleep(0)
        await store.close()
        await asyncio.gather(*waiting)
        with pytest.raises(StorageUnavailable, match="closed"):
            await meet(99)


class TestUpdates:
    """Each update counts once."""

    async def test_counted_once(self, store: Store) -> None:
        """The same update is new the first time only."""
        async with store.unit() as unit:
            assert await updates.first_sight(unit, 5, NOW)
            assert not await updates.first_sight(unit, 5, LATER)
            assert await updates.first_sight(unit, 4, NOW)

    async def test_undone_with_its_unit(self, store: Store) -> None:
        """An update whose unit failed is new again when it is delivered again."""
        with pytest.raises(RolledBackError):
            await meet_and_fail(store, AMINA, update_id=5)
        async with store.unit() as unit:
            assert await updates.first_sight(unit, 5, NOW)

    async def test_forgotten_by_age(self, store: Store) -> None:
        """Old updates are forgotten, a bounded number in one unit."""
        async with store.unit() as unit:
            for update_id in range(10):
                await updates.first_sight(unit, update_id, NOW)
            await updates.first_sight(unit, 50, LATER)
            assert await updates.prune(unit, LATER, limit=7) == 7
            assert await updates.prune(unit, LATER, limit=7) == 3
            assert not await updates.first_sight(unit, 50, LATER)

    async def test_set_aside_and_taken_back(self, store: Store) -> None:
        """An update nobody understood waits, as it came, until it is taken back."""
        async with store.unit() as unit:
            await updates.set_aside(unit, 9, '{"odd": 1}', "x" * 9_999, NOW)
            await updates.set_aside(unit, 9, '{"odd": 1}', "no 'message'", LATER)
            (letter,) = await updates.dead_letters(unit)
            assert (letter.raw, letter.error) == ('{"odd": 1}', "no 'message'")
            assert letter.set_aside_at == NOW
            await updates.take_back(unit, 9)
            assert not await updates.dead_letters(unit)


class TestContacts:
    """Contacts alone know chat ids."""

    async def test_met_again(self, store: Store) -> None:
        """A contact met again is the same, with the language that was kept."""
        async with store.unit() as unit:
            first = await contacts.meet(unit, AMINA, NOW)
            await contacts.keep_language(unit, first.id, "sw")
            again = await contacts.meet(unit, AMINA, LATER)
        assert (first.language, first.state) == ("", "active")
        assert again == Contact(first.id, AMINA, "sw", "active")

    async def test_gone_and_back(self, store: Store) -> None:
        """What waited for a contact that left is dropped; who writes again is back."""
        async with store.unit() as unit:
            amina = await contacts.meet(unit, AMINA, NOW)
            await outbox.put(unit, amina.id, [Call("sendMessage", {})], NOW)
            await contacts.mark_gone(unit, amina.id)
            gone = await contacts.by_chat(unit, AMINA)
            assert gone is not None
            assert gone.state == "gone"
            assert not await outbox.depths(unit)
            assert (await contacts.meet(unit, AMINA, LATER)).state == "active"

    @pytest.mark.parametrize("known", [False, True])
    async def test_moved(self, store: Store, *, known: bool) -> None:
        """What waits for a group that became a supergroup goes to its new chat."""
        async with store.unit() as unit:
            group = await contacts.meet(unit, -5, NOW)
            await outbox.put(unit, group.id, [Call("sendMessage", {"text": "a"})], NOW)
            if known:
                await contacts.meet(unit, -1005, NOW)
            await contacts.move(unit, -5, -1005)
            await contacts.move(unit, -5, -1005)
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.chat_id == -1005
            assert await contacts.by_chat(unit, -5) is None


class TestConsents:
    """Consent is a row, and the newest decides."""

    async def test_standing(self, store: Store) -> None:
        """A consent stands until it is taken back, each text version for itself."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            for version, agreed, now in (
                ("v1", True, NOW),
                ("v2", True, NOW),
                ("v1", False, LATER),
                ("v3", False, NOW),
            ):
                await consents.keep(unit, reporter, PROGRAMME, version, "sw", agreed, now)
            assert await consents.standing(unit, reporter, PROGRAMME) == {"v2"}
            assert not await consents.standing(unit, reporter, "flip")

    async def test_pseudonyms_differ(self, store: Store) -> None:
        """A person is a different reporter in each programme, and always the same in one."""
        names = {store.reporter(name, chat) for name in ("a", "b") for chat in (1, 2)}
        assert len(names) == 4
        assert store.reporter("a", 1) in names


class TestSessions:
    """Where each reporter stands."""

    async def test_kept_and_found(self, store: Store) -> None:
        """A session comes back equal, the newest of it."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            assert await sessions.current(unit, reporter, PROGRAMME) is None
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            changed = session_of(1, step=2, draft=(("/data/a", "mama\n'ñ'"),), trail=("/data/a",))
            await sessions.keep(unit, reporter, PROGRAMME, changed, LATER)
            assert await sessions.current(unit, reporter, PROGRAMME) == changed
            assert await sessions.current(unit, reporter, "flip") is None

    async def test_replaced_and_ended(self, store: Store) -> None:
        """A new session takes the old one's place; an ended one leaves nothing."""
        reporter = store.reporter(PROGRAMME, AMINA)
        sent = KeepAttachment("a.jpg", "file-1", "image/jpeg", None)
        async with store.unit() as unit:
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            await attachments.expect(unit, session_of(1).key, sent, NOW)
            await sessions.keep(unit, reporter, PROGRAMME, session_of(2), NOW)
            assert await sessions.current(unit, reporter, PROGRAMME) == session_of(2)
            assert not await attachments.claim(unit, NOW, 9, 30)
            await sessions.end(unit, reporter, PROGRAMME)
            assert await sessions.current(unit, reporter, PROGRAMME) is None


class TestSubmissions:
    """Finished instances."""

    async def test_needs_consent(self, store: Store) -> None:
        """No submission is kept for a reporter who has not agreed, or no longer does."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            with pytest.raises(ConsentMissing):
                await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), NOW)
            await agree(unit, reporter)
            await consents.keep(unit, reporter, PROGRAMME, "v1", "sw", agreed=False, now=LATER)
            with pytest.raises(ConsentMissing):
                await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), LATER)
            assert await submissions.count(unit, PROGRAMME) == 0

    async def test_kept_once(self, store: Store) -> None:
        """The same submission twice is kept once; another under its id is refused."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            await agree(unit, reporter)
            assert await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), NOW)
            assert not await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), LATER)
            other = submission_of(1, xml="<other/>")
            with pytest.raises(SubmissionConflict):
                await submissions.keep(unit, reporter, PROGRAMME, other, LATER)
            kept = await submissions.by_id(unit, "uuid:1")
        assert kept is not None
        assert (kept.xml, kept.review_state, kept.kept_at) == ("<data/>", "received", NOW)

    async def test_found(self, store: Store) -> None:
        """Submissions are found page by page in the order they came, by receipt, by reporter."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            await agree(unit, reporter)
            for number in range(5):
                at = NOW + timedelta(seconds=number // 2)
                await submissions.keep(unit, reporter, PROGRAMME, submission_of(number), at)
            first = await submissions.of_programme(unit, PROGRAMME, limit=3)
            rest = await submissions.of_programme(unit, PROGRAMME, after=first[-1], limit=3)
            ids = [kept.instance_id for kept in (*first, *rest)]
            assert ids == [f"uuid:{number}" for number in range(5)]
            assert len(await submissions.by_receipt(unit, PROGRAMME, "4T7K")) == 5
            assert len(await submissions.of_reporter(unit, reporter, PROGRAMME)) == 5
            assert not await submissions.of_programme(unit, "flip")

    async def test_an_edit_keeps_the_original(self, store: Store) -> None:
        """A chain of edits stands as its newest, under the original's id and moment."""
        reporter = store.reporter(PROGRAMME, AMINA)
        async with store.unit() as unit:
            await agree(unit, reporter)
            await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), NOW)
            for number in (2, 3):
                edit = replace(submission_of(number), replaces=f"uuid:{number - 1}")
                assert await submissions.keep(unit, reporter, PROGRAMME, edit, LATER)
                assert not await submissions.keep(unit, reporter, PROGRAMME, edit, LATER)
            (standing,) = await submissions.recent(unit, reporter, PROGRAMME, 9)
            exported = [one async for one in submissions.of_form(unit, PROGRAMME, "birth")]
            assert [replace(standing, consent="v1")] == exported
            assert len(await submissions.of_programme(unit, PROGRAMME)) == 3
        assert (standing.submission.instance_id, standing.original) == ("uuid:3", "uuid:1")
        assert (standing.sent_at, standing.edits) == (NOW, 2)

    async def test_an_edit_of_what_is_not_ones_own_is_refused(self, store: Store) -> None:
        """Nobody replaces what is somebody else's, not there, or replaced already."""
        amina, baraka = (store.reporter(PROGRAMME, chat) for chat in (AMINA, BARAKA))
        async with store.unit() as unit:
            await agree(unit, amina)
            await agree(unit, baraka)
            await submissions.keep(unit, amina, PROGRAMME, submission_of(1), NOW)
            edit = replace(submission_of(2), replaces="uuid:1")
            await submissions.keep(unit, amina, PROGRAMME, edit, LATER)
        for reporter, replaced in ((baraka, "uuid:2"), (amina, "uuid:9"), (amina, "uuid:1")):
            another = replace(submission_of(3), replaces=replaced)
            with pytest.raises(SubmissionConflict, match=replaced):
                await keep_alone(store, reporter, another)
        async with store.reading() as reading:
            assert await submissions.by_id(reading, "uuid:3") is None

    async def test_an_edit_has_its_own_copy_of_the_files_it_keeps(self, store: Store) -> None:
        """The files an edit still names go with it; the original keeps all of its own."""
        reporter, session = store.reporter(PROGRAMME, AMINA), session_of(1)
        async with store.unit() as unit:
            await agree(unit, reporter)
            await sessions.keep(unit, reporter, PROGRAMME, session, NOW)
            for name in ("a.jpg", "b.jpg"):
                sent = KeepAttachment(name, f"file-{name}", "image/jpeg", None)
                await attachments.expect(unit, session.key, sent, NOW)
            await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), NOW)
            await attachments.belong(unit, session.key, "uuid:1", ("a.jpg", "b.jpg"))
            edit = replace(submission_of(2), replaces="uuid:1")
            await submissions.keep(unit, reporter, PROGRAMME, edit, LATER)
            for _ in range(2):
                await attachments.inherit(unit, "uuid:1", "uuid:2", ("b.jpg", "new.jpg"))
            original = await attachments.of_submission(unit, "uuid:1")
            inherited = await attachments.of_submission(unit, "uuid:2")
        assert [one.name for one in original] == ["a.jpg", "b.jpg"]
        assert [(one.name, one.source, one.state) for one in inherited] == [
            ("b.jpg", "file-b.jpg", "waiting")
        ]


class TestAttachments:
    """Files that were sent."""

    async def test_from_session_to_submission(self, store: Store) -> None:
        """Named files go over to the submission; what the answers let go is forgotten."""
        reporter, key = store.reporter(PROGRAMME, AMINA), session_of(1).key
        async with store.unit() as unit:
            await agree(unit, reporter)
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            for name in ("a.jpg", "b.jpg", "c.jpg"):
                sent = KeepAttachment(name, f"file of {name}", "image/jpeg", 12)
                await attachments.expect(unit, key, sent, NOW)
            await attachments.drop(unit, key, "b.jpg")
            await submissions.keep(unit, reporter, PROGRAMME, submission_of(1), NOW)
            await attachments.belong(unit, key, "uuid:1", ["a.jpg"])
            await sessions.end(unit, reporter, PROGRAMME)
            (left,) = await attachments.of_submission(unit, "uuid:1")
            assert (left.name, left.state, left.source) == ("a.jpg", "waiting", "file of a.jpg")

    async def test_fetched(self, store: Store) -> None:
        """A file is handed out under a lease, put off, and kept when it is here."""
        key = session_of(1).key
        async with store.unit() as unit:
            reporter = store.reporter(PROGRAMME, AMINA)
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            await attachments.expect(unit, key, KeepAttachment("a", "f1", "image/png", None), NOW)
            (first,) = await attachments.claim(unit, NOW, 9, 60)
            assert not await attachments.claim(unit, NOW, 9, 60)
            (again,) = await attachments.claim(unit, NOW + timedelta(seconds=61), 9, 60)
            assert (first.attempts, again.attempts) == (1, 2)
            await attachments.put_off(unit, again, LATER, "away")
            (third,) = await attachments.claim(unit, LATER, 9, 60)
            assert third.reason == "away"
            await attachments.kept(unit, third, "ab" * 32, 10)
            assert await attachments.referred(unit, ["ab" * 32, "cd" * 32]) == {"ab" * 32}
            assert not await attachments.claim(unit, LATER + timedelta(days=1), 9, 60)

    async def test_replaced_while_fetched(self, store: Store) -> None:
        """A file that was replaced while it was fetched is not taken for the new one."""
        key = session_of(1).key
        async with store.unit() as unit:
            reporter = store.reporter(PROGRAMME, AMINA)
            await sessions.keep(unit, reporter, PROGRAMME, session_of(1), NOW)
            await attachments.expect(unit, key, KeepAttachment("a", "f1", "image/png", None), NOW)
            (old,) = await attachments.claim(unit, NOW, 9, 60)
            await attachments.expect(unit, key, KeepAttachment("a", "f2", "image/png", None), NOW)
            await attachments.kept(unit, old, "ab" * 32, 10)
            assert not await attachments.referred(unit, ["ab" * 32])
            (new,) = await attachments.claim(unit, NOW, 9, 60)
            await attachments.failed(unit, new, "too large")
            assert not await attachments.claim(unit, LATER, 9, 60)


class TestOutbox:
    """What is to be said, in order, once the time comes."""

    async def put(
        self,
        unit: Unit,
        chat_id: int,
        *texts: str,
        priority: Priority = Priority.INTERACTIVE,
        slot: str = "",
    ) -> Contact:
        """Put texts for a chat."""
        contact = await contacts.meet(unit, chat_id, NOW)
        calls = [Call("sendMessage", {"text": text}, slot, priority) for text in texts]
        await outbox.put(unit, contact.id, calls, NOW)
        return contact

    async def claimed(self, unit: Unit, **changes: Priority) -> list[tuple[int, str]]:
        """Claim and return the texts."""
        rows = await outbox.claim(unit, "one", NOW, 100, 30, **changes)
        return [(row.chat_id, row.params["text"]) for row in rows]

    async def test_order_of_a_chat(self, store: Store) -> None:
        """A chat gets the next call only when the one before it is sent or given up."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1", "2", "3")
            (row,) = await outbox.claim(unit, "one", NOW, 100, 30)
            assert await self.claimed(unit) == []
            await outbox.sent(unit, row.id, 55)
            (row,) = await outbox.claim(unit, "one", NOW, 100, 30)
            assert row.params == {"text": "2"}
            await outbox.give_up(unit, row.id, "refused")
            assert await self.claimed(unit) == [(AMINA, "3")]

    async def test_order_between_chats(self, store: Store) -> None:
        """Replies go before follow-ups before campaigns, and no further than asked for."""
        async with store.unit() as unit:
            await self.put(unit, 1, "campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "follow-up", priority=Priority.FOLLOW_UP)
            await self.put(unit, 3, "reply")
            assert await self.claimed(unit, last=Priority.INTERACTIVE) == [(3, "reply")]
            assert await self.claimed(unit) == [(2, "follow-up"), (1, "campaign")]

    async def test_reply_behind_a_campaign(self, store: Store) -> None:
        """What stands before a reply in its chat goes as urgently as the reply, and before it."""
        async with store.unit() as unit:
            await self.put(unit, 1, "other campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "campaign", priority=Priority.CAMPAIGN)
            await self.put(unit, 2, "reply")
            assert await self.claimed(unit, last=Priority.INTERACTIVE) == [(2, "campaign")]

    async def test_limit(self, store: Store) -> None:
        """No more is handed out than asked for, the oldest first."""
        async with store.unit() as unit:
            for chat_id in (3, 1, 2):
                await self.put(unit, chat_id, "x")
            rows = await outbox.claim(unit, "one", NOW, 2, 30)
            assert [row.chat_id for row in rows] == [3, 1]

    async def test_lease(self, store: Store) -> None:
        """What a sender took and never reported on comes back when its lease is over.

        A try that was cut off by a crash is no failure, after which one waits longer and longer.
        """
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1")
            (first,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert not await outbox.claim(unit, "one", NOW + timedelta(seconds=29), 9, 30)
            (again,) = await outbox.claim(unit, "one", NOW + timedelta(seconds=30), 9, 30)
            assert (again.id, first.attempts, again.attempts) == (first.id, 1, 1)
            await outbox.release(unit)
            (started,) = await outbox.claim(unit, "two", NOW, 9, 30)
            await outbox.put_off(unit, "two", started.id, NOW, "away")
            (failed,) = await outbox.claim(unit, "two", NOW, 9, 30)
            assert (started.attempts, failed.attempts) == (1, 2)

    async def test_put_off(self, store: Store) -> None:
        """A call put off waits until its moment, and the chat's others with it."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "1", "2")
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            await outbox.put_off(unit, "one", row.id, LATER, "429")
            assert await self.claimed(unit) == []
            (row,) = await outbox.claim(unit, "one", LATER, 9, 30)
            assert row.params == {"text": "1"}

    async def test_slots(self, store: Store) -> None:
        """A call that changes a slot is handed out with the newest message in it."""
        async with store.unit() as unit:
            amina = await self.put(unit, AMINA, "1", "2", slot="question")
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.message_id is None
            await outbox.sent(unit, row.id, 41)
            (row,) = await outbox.claim(unit, "one", NOW, 9, 30)
            assert row.message_id == 41
            await outbox.sent(unit, row.id, 42)
            assert await outbox.message_in(unit, amina.id, "question") == 42
            assert await outbox.message_in(unit, amina.id, "summary") is None

    async def test_leaves_no_text(self, store: Store) -> None:
        """Nothing of what was sent or given up stays behind but the reason."""
        async with store.unit() as unit:
            await self.put(unit, AMINA, "secret", "secret")
            for end in (outbox.sent(unit, 1, 5), outbox.give_up(unit, 2, "refused")):
                await outbox.claim(unit, "one", NOW, 9, 30)
                await end
            rows = await unit.rows("SELECT params, reason FROM outbox")
            assert [(row["params"], row["reason"]) for row in rows] == [("{}", "refused")]
            assert await outbox.depths(unit) == {("given up", Priority.INTERACTIVE): 1}
            assert not await outbox.any_due(unit, LATER, Priority.INTERACTIVE, Priority.CAMPAIGN)
