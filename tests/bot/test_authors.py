"""An author is asked first: how often, about what, and who sees the report meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.aftermath import follow, let_go_silent
from bot.kept import Kept
from conversations.programme import Programme
from conversations.replies import KeepSubmission, Send
from conversations.validating.terms import Terms
from conversations.xform.instance import Instance, Surroundings
from locales.locale import locale_of
from storage import assurances, cases, consents, contacts, reach, rounds, submissions
from storage.store import Store
from tests.bot.test_aftermath import AMINA, NOW, PROGRAMME
from tests.sheets.making import form_with, said_of

DAY = timedelta(days=1)
ASK, SAYS = "ask::English (en)", "label::English (en)"
FORM = form_with(
    flags=[
        {
            "name": "old",
            "relevant": "${age} > 100",
            SAYS: "Old",
            ASK: "${age} years. Is that right?",
        },
        {"name": "none", "relevant": "${problems} = ''", SAYS: "None", ASK: "Nothing happened?"},
        {"name": "call", "relevant": "${age} > 300", SAYS: "Call", "severity": "urgent"},
    ],
    validations=[{"name": "there", "question::English (en)": "Is it so?", "control_share": "0"}],
)
KEY = (FORM.form_id, FORM.version)
ASKING = replace(PROGRAMME, offered=(KEY,)).with_forms({KEY: FORM})


async def send(
    store: Store, programme: Programme, number: int = 1, replaces: str = "", **answers: str
) -> list[str]:
    """Keep a report of Amina's; return what she is asked."""
    instance = Instance.begin(FORM, Surroundings(NOW, "en", "seed", f"uuid:{number}", NOW))
    for name, value in answers.items():
        instance.answer(f"/data/{name}", value)
    xml = instance.finish(NOW).xml
    sent = KeepSubmission(f"uuid:{number}", *KEY, "en", "4T7K", xml, (), replaces)
    reporter, name = store.reporter(programme.name, AMINA), programme.name
    async with store.unit() as unit:
        contact = await contacts.meet(unit, AMINA, NOW)
        await consents.keep(unit, reporter, name, "v1", "en", agreed=True, now=NOW)
        await submissions.keep(unit, reporter, name, sent, NOW)
        kept = Kept(unit, store, programme, contact, reporter, sent, instance, NOW, NOW)
        said = await follow(kept, {"en": locale_of("en")})
    return [locale_of("en").say(one.blocks[-1].speech) for one in said if isinstance(one, Send)]


async def seen(store: Store, report: str = "uuid:1") -> tuple[bool, bool]:
    """Tell whether moderators have a case, and whether others are asked."""
    async with store.reading() as reading:
        return (await cases.of(reading, report)) is not None, bool(await rounds.of(reading, report))


def with_asks(number: int) -> Programme:
    """Return the programme that asks an author so many times."""
    return replace(ASKING, validation=Terms(author_asks=number))


async def test_nobody_sees_it_before_its_author_answers(store: Store) -> None:
    """One of two doubts is asked about; no case and no round is there until a day has passed."""
    assert await send(store, ASKING, age="150") == ["150 years. Is that right?"]
    assert await seen(store) == (False, False)
    assert await let_go_silent(store, ASKING, NOW + DAY / 2) == 0
    assert await let_go_silent(store, ASKING, NOW + DAY) == 1
    assert await seen(store) == (True, True)
    assert await let_go_silent(store, ASKING, NOW + 2 * DAY) == 0


async def test_a_programme_says_how_often(store: Store) -> None:
    """With none, nobody is asked and the report goes on; with two, the second one waits."""
    assert await send(store, with_asks(0), age="150") == []
    assert await seen(store) == (True, True)
    assert len(await send(store, with_asks(2), 2, age="150")) == 1
    async with store.reading() as reading:
        states = [one.state for one in await assurances.of(reading, "uuid:2")]
    assert states == ["asked", "waiting"]


async def test_what_is_urgent_waits_for_nobody(store: Store) -> None:
    """A report with an urgent flag comes before moderators at once."""
    assert await send(store, ASKING, age="350") == []
    assert await seen(store) == (True, True)


async def test_a_corrected_slip_was_never_a_case(store: Store) -> None:
    """The answer is changed, the doubt is gone: others are asked, no moderator is."""
    await send(store, ASKING, age="150", problems="closed")
    assert await send(store, ASKING, 2, "uuid:1", age="15", problems="closed") == []
    assert await seen(store) == (False, True)
    assert await send(store, ASKING, 3, "uuid:2", age="160", problems="closed") == []
    assert await seen(store) == (True, True)


async def test_an_author_who_went_away_holds_nothing_up(store: Store) -> None:
    """The report goes on after a day, though its author cannot be reached any more."""
    await send(store, ASKING, age="150")
    async with store.unit() as unit:
        await reach.forget(unit, store.reporter(ASKING.name, AMINA))
    assert await let_go_silent(store, ASKING, NOW + DAY) == 1
    assert await seen(store) == (True, True)


def test_an_alert_is_not_asked_about() -> None:
    """The sheet refuses a question beside an alert, which goes out at once."""
    row = {"name": "a", "relevant": "${age} > 1", "action": "alert", SAYS: "Old", ASK: "Is it?"}
    assert any("asks nobody first" in one for one in said_of("flags", row))
