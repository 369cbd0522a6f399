"""Submissions and their attachments: kept once, under a consent, on every backend."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.replies import KeepAttachment
from storage import (
    attachments,
    consents,
    sessions,
    submissions,
)
from storage.errors import ConsentMissing, SubmissionConflict
from storage.store import Store
from tests.storage.made import (
    AMINA,
    BARAKA,
    LATER,
    NOW,
    PROGRAMME,
    agree,
    keep_alone,
    session_of,
    submission_of,
)


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
