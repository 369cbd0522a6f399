"""What a report brings with it: flags and a case, in the transaction that keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.aftermath import follow, words_of
from bot.kept import Kept
from bot.reviews import Reviews
from conversations.moderation import Moderation
from conversations.replies import KeepSubmission
from conversations.reviewing.acts import Approve, Claim, Reject, Undo
from conversations.reviewing.cases import Case, ModeratorId, Rules
from conversations.reviewing.deciding import Acted, Moderator
from conversations.sheets.flags import Severity
from conversations.xform.instance import Instance, Surroundings
from locales.locale import locale_of
from storage import audit, cases, consents, contacts, flags, reach, submissions
from storage.store import Store
from tests.dialogue.chat import programme_of
from tests.sheets.making import form_with

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
AMINA = 7_001
FORM = form_with(
    flags=[
        {
            "name": "far",
            "relevant": "${age} > 100",
            "severity": "high",
            "label::English (en)": "${age} years old",
            "label::Kiswahili (sw)": "Umri wa miaka ${age}",
            "action": "hold",
        }
    ]
)
KEY = (FORM.form_id, FORM.version)
PROGRAMME = replace(programme_of(), languages=("en", "sw"), offered=(KEY,)).with_forms({KEY: FORM})


async def tells(
    store: Store, age: int, facility: str, number: int = 1, replaces: str = "", **moderation: object
) -> Case | None:
    """Keep a report and let it bring with it what it does; return its case."""
    programme = replace(PROGRAMME, moderation=Moderation(**moderation))  # type: ignore[arg-type]
    surroundings = Surroundings(NOW, "sw", "seed", f"uuid:{number}", NOW)
    instance = Instance.begin(FORM, surroundings)
    instance.answer("/data/age", str(age))
    instance.answer("/data/facility", facility)
    finished = instance.finish(NOW)
    sent = KeepSubmission(*(f"uuid:{number}", *KEY, "sw", "4T7K", finished.xml, (), replaces))
    reporter = store.reporter(programme.name, AMINA)
    async with store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        await consents.keep(unit, reporter, programme.name, "v1", "sw", agreed=True, now=NOW)
        await submissions.keep(unit, reporter, programme.name, sent, NOW)
        about = (store, programme, contact, reporter, sent, instance)
        locales = {tag: locale_of(tag) for tag in ("en", "sw")}
        await follow(Kept(unit, *about, NOW - timedelta(hours=1), NOW), locales)
        return await cases.of(unit, await submissions.original_of(unit, sent.instance_id))


async def test_a_doubted_report_has_a_case(store: Store) -> None:
    """The sheet's flag and a check's doubt stand on it, in every language, and it is held."""
    case = await tells(store, 150, "Call 0712 345 678")
    assert case is not None
    assert (case.severity, case.weight, case.held, case.state) == (Severity.HIGH, 8, True, "open")
    async with store.reading() as reading:
        raised = await flags.of(reading, "uuid:1")
    assert {flag.name for flag in raised} == {"far", "personal"}
    (far,) = [flag for flag in raised if flag.name == "far"]
    assert words_of(far.words, locale_of("sw")) == "Umri wa miaka 150"
    (personal,) = [flag for flag in raised if flag.name == "personal"]
    assert words_of(personal.words, locale_of("en")) == "The text seems to hold a telephone number."


async def test_an_ordinary_report_has_none(store: Store) -> None:
    """Nobody need look at it, unless the programme wants all to be looked at."""
    assert await tells(store, 5, "All went well") is None
    case = await tells(store, 5, "All went well", 2, review="all")
    assert case is not None
    assert case.severity == Severity.LOW
    assert await tells(store, 500, "Call 0712 345 678", 3, review="none") is None


async def test_whoever_reported_can_be_reached(store: Store) -> None:
    """A report keeps how its reporter can be written to, under the key."""
    await tells(store, 5, "All went well")
    async with store.unit() as unit:
        known = await reach.of(unit, store.reporter(PROGRAMME.name, AMINA))
        contact = await contacts.by_chat(unit, AMINA)
    assert known is not None
    assert contact is not None
    assert reach.contact_of(store, known) == contact.id


async def test_a_corrected_report_is_looked_at_again(store: Store) -> None:
    """Flags that it does not raise any more are lifted, and a decided case is open again."""
    await tells(store, 150, "Call 0712 345 678")
    reviews = Reviews(store, PROGRAMME, locale_of)
    async with store.unit() as unit:
        done = await reviews.act(unit, Moderator(ModeratorId(3)), "uuid:1", 1, Approve(), NOW)
    assert isinstance(done, Acted)
    case = await tells(store, 15, "Call 0712 345 678", 2, replaces="uuid:1")
    assert case is not None
    assert (case.instance_id, case.state, case.held) == ("uuid:1", "open", False)


async def test_a_decision_reaches_tables_history_and_audit(store: Store) -> None:
    """It is one act: the review state, the history, the audit, and the flags' verdicts."""
    await tells(store, 150, "All went well")
    reviews, amina = Reviews(store, PROGRAMME, locale_of), Moderator(ModeratorId(3))
    async with store.unit() as unit:
        assert isinstance(await reviews.act(unit, amina, "uuid:1", 1, Claim(), NOW), Acted)
        assert await reviews.act(unit, amina, "uuid:1", 1, Approve(), NOW) == "changed meanwhile"
        rejected = await reviews.act(unit, amina, "uuid:1", 2, Reject("not_here"), NOW)
        assert isinstance(rejected, Acted)
        sent = await submissions.by_id(unit, "uuid:1")
        assert sent is not None
        assert sent.review_state == "rejected"
        assert [flag.verdict for flag in await flags.of(unit, "uuid:1")] == ["right"]
        history = await cases.history(unit, store, "uuid:1")
        assert [act.act for act in history] == ["Claim", "Reject"]
        assert (await audit.verify(unit, store)).entries == 2
        await reviews.act(unit, amina, "uuid:1", 3, Undo(), NOW)
        again = await submissions.by_id(unit, "uuid:1")
        assert again is not None
        assert again.review_state == "received"
        assert [flag.verdict for flag in await flags.of(unit, "uuid:1")] == [""]


async def test_a_programme_has_its_own_rules(store: Store) -> None:
    """Two persons must agree where the programme says so."""
    await tells(store, 150, "All went well")
    strict = replace(PROGRAMME, moderation=Moderation(rules=Rules(two_persons=True)))
    async with store.unit() as unit:
        first = Moderator(ModeratorId(3))
        done = await Reviews(store, strict, locale_of).act(unit, first, "uuid:1", 1, Approve(), NOW)
    assert isinstance(done, Acted)
    assert done.case.state == "second"
