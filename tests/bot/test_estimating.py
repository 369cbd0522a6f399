"""Who is reliable: learnt beside the chats from what moderators decided, and what it changes."""

from __future__ import annotations

from dataclasses import replace

from bot.estimating import estimate, estimate_all
from conversations.reviewing.acts import Act, Approve, Reject
from conversations.validating.terms import Terms
from conversations.verdicts.answers import Validator
from conversations.verdicts.reliability import PRIORS, Reliabilities, Reliability, unknown
from storage import (
    audit,
    reliabilities,
)
from tests.bot.village import NOW, PROGRAMME, REPORT, Village


async def moderated(village: Village, number: int) -> None:
    """Let a moderator have rejected and approved some reports."""
    for report in range(100, 100 + number):
        await village.report(report)
        wanted: Act = Approve() if report % 2 else Reject("", "It was not so.")
        await village.moderate(wanted, f"uuid:{report}")


async def test_probation_tests_people_with_decided_reports(village: Village) -> None:
    """Under attack somebody unproven gets a report that a moderator decided, every other time."""
    terms = Terms(probation=True, per_week=50)
    village.programme = replace(PROGRAMME, validation=terms)
    await moderated(village, 6)
    await village.meet(*range(2, 12))
    for report in range(1, 5):
        await village.report(report)
    async with village.store.unit() as unit:
        rows = await unit.rows("SELECT is_control FROM asks")
    controls = [bool(row["is_control"]) for row in rows]
    assert 0.2 < sum(controls) / len(controls) < 0.8
    one = await village.say_whoever("saw", 3, "uuid:1")
    assert one.state == "open"


async def test_reliabilities_are_learnt_beside_the_chats(village: Village) -> None:
    """With enough answers they are estimated once, in a thread, and kept."""
    await village.meet(*range(2, 12))
    await village.report()
    await village.say_whoever("saw", 3)
    name = village.programme.name
    assert await estimate_all(village.store, name, NOW) == 0
    await estimate(village.store, name, ("yes", "no"), NOW)
    async with village.store.reading() as reading:
        known = await reliabilities.known(reading, name, ("yes", "no"))
    assert (len(known.known), known.decided_answers) == (3, 3)


async def test_what_liars_confirmed_is_opened_again_when_they_are_known(village: Village) -> None:
    """A verdict that no longer holds by what was learnt since is open again, and that is logged."""
    await village.meet(*range(2, 12))
    await village.report()
    decided = await village.say_whoever("saw", 3)
    liars = [Validator(who) for who, ask in (await village.asked()).items() if ask.said]
    lies = Reliability(((0.0, 40.0), (40.0, 0.0)), PRIORS["resident"].rows(2))
    crowd = {Validator(f"v{n}"): Reliability(unknown(2), lies.prior) for n in range(20)}
    assert await village.community.look_again(NOW) == 0
    found = Reliabilities(("yes", "no"), crowd | dict.fromkeys(liars, lies), 200)
    async with village.store.unit() as unit:
        await reliabilities.keep(unit, village.programme.name, found, {}, NOW)
    assert await village.community.look_again(decided.begun.expires_at) == 0, "its time is over"
    assert await village.community.look_again(NOW) == 1
    one = await village.round()
    assert (one.state, one.grade) == ("open", "unconfirmed")
    assert len(await village.asked()) > 3
    async with village.store.reading() as reading:
        told = [entry.act for entry in await audit.newest(reading, 10, REPORT)]
    assert "reliabilities estimated" in told
