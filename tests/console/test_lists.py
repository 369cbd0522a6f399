"""The console's lists as somebody uses them: pages, filters, finding by code, several at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.console.desk import BASE
from conversations.reviewing.cases import ModeratorId
from storage import audit, case_lists
from tests.console.seeding import Place, open_place
from tests.console.test_attacks import AMINA, BAKARI, browser, post, proof_of

MANY = 7
ODD = (
    *("?after=~", "?after=1e9~x", "?after=-1~x", f"?after={'9' * 30}~x", "?severity=9"),
    *("?shelf=' OR 1=1 --", "?flag=%00", "?area=%F0%9F%92%A5"),
)
"""What no page of ours asks for."""


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Lend a place with some reports that are doubted."""
    opened = await open_place(tmp_path)
    await opened.many(MANY)
    yield opened
    await opened.store.close()


async def codes(client: httpx.AsyncClient, query: str = "") -> list[str]:
    """Return the codes that a list shows, over all its pages."""
    found: list[str] = []
    address = f"{BASE}/{query}"
    for _ in range(MANY + 1):
        page = (await client.get(address)).text
        found += re.findall(r'class="code" dir="ltr">([^<]+)<', page)
        more = re.search(r'class="button" href="([^"]+)" data-key="m"', page)
        if more is None:
            return found
        address = more[1].replace("&amp;", "&")
    raise AssertionError(found)


async def test_pages_follow_each_other(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each case stands on one page, in the queue's order; what an address makes up is no page."""
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        whole = await codes(client)
        monkeypatch.setattr(case_lists, "PAGE", 3)
        monkeypatch.setattr("bot.console.lists.PAGE", 3)
        assert await codes(client) == whole
        assert len(set(whole)) == MANY
        for odd in ODD:
            assert (await client.get(f"{BASE}/{odd}")).status_code == 200, odd
        assert await codes(client, "?shelf=nothing&severity=all") == whole


async def test_filters_narrow_it_down(place: Place) -> None:
    """By doubt, language, how grave, mine and decided; together, and kept on the next page."""
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        assert await codes(client, "?flag=many") == ["3333-0004"]
        assert sorted(await codes(client, "?language=ar")) == ["3333-0002", "3333-0005"]
        assert await codes(client, "?severity=3&flag=many&language=en") == ["3333-0004"]
        assert await codes(client, "?form=elsewhere") == []
        assert await codes(client, "?mine=1") == []
        proof = await proof_of(client)
        taken = await post(client, "/next", proof=proof)
        (mine,) = await codes(client, "?mine=1")
        page = (await client.get(taken.headers["location"])).text
        assert mine in page
        case = re.search(r"/cases/([^?]+)", taken.headers["location"])
        assert case
        await post(client, f"/cases/{case[1]}", proof=proof, seen=2, act="approve")
        assert await codes(client, "?shelf=decided&mine=1") == [mine]
        assert mine not in await codes(client)


@pytest.mark.parametrize("written", ["3333-0001", "33330001", " 3333 0001 ", "3333-0001\u200f"])
async def test_a_case_is_found_by_its_code(place: Place, written: str) -> None:
    """However the code is written; one of none, and one that is no code, leads nowhere."""
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        found = await client.get(f"{BASE}/find", params={"code": written})
        assert found.headers["location"].endswith("000000000001")
        for none in ("9999-9999", "", "%", "3333", "' OR '1'='1"):
            answer = await client.get(f"{BASE}/find", params={"code": none})
            assert answer.status_code == 404, none


async def ticked(place: Place, count: int) -> list[str]:
    """Return the first cases with the same doubt, ticked as they stand."""
    async with place.store.reading() as reading:
        rows = await reading.rows(
            "SELECT c.instance_id, c.version FROM cases AS c ORDER BY c.look_by_at LIMIT $1", count
        )
    return [f"{row['instance_id']}~{row['version']}" for row in rows]


async def test_several_are_decided_once_that_is_confirmed(place: Place) -> None:
    """First it is asked; then each that stands as it was seen is decided and noted by itself."""
    role = await place.moderator(AMINA)
    bulk = {"flag": "personal", "act": "reject", "reason": "far", "case": await ticked(place, 4)}
    async with browser(place, await place.session(role)) as client:
        bulk["proof"] = await proof_of(client)
        asked = await post(client, "/together", **bulk)
        assert "Decide 4 cases with the doubt “personal data”?" in asked.text
        assert await codes(client, "?shelf=decided") == []
        first = str(bulk["case"][0]).partition("~")[0]
        await post(client, f"/cases/{first}", proof=bulk["proof"], seen=1, act="claim")
        done = await post(client, "/together", **bulk, sure=1)
        assert "Done: 3. Not done, because something changed: 1." in done.text
        assert len(await codes(client, "?shelf=decided")) == 3
    assert (await place.case(first)).state == "open"
    async with place.store.reading() as reading:
        acts = [one.act for one in await audit.newest(reading, 99)]
    assert acts.count("Reject") == 3


async def test_what_cannot_be_decided_together(place: Place) -> None:
    """Without a doubt, by another act, made-up cases, without the right: nothing is done."""
    role = await place.moderator(AMINA)
    worker = await place.moderator(BAKARI, "case worker", "Bakari")
    cases = await ticked(place, 2)
    good = {"flag": "personal", "act": "approve", "case": cases, "sure": 1}
    async with browser(place, await place.session(role)) as client:
        good["proof"] = await proof_of(client)
        for change in ({"flag": ""}, {"act": "escalate"}, {"act": "verify"}, {"case": []},
                       {"case": ["uuid:1"]}, {"act": ["approve", "reject"]}):  # fmt: skip
            assert (await post(client, "/together", **{**good, **change})).status_code == 400, (
                change
            )
        for change in ({"flag": "outside"}, {"case": ["uuid:nothing~1", "uuid:x'--~1"]}):
            told = (await post(client, "/together", **{**good, **change})).text
            assert "Done: 0." in told, change
        assert (await post(client, "/together", **{**good, "proof": "x"})).status_code == 403
    async with browser(place, await place.session(worker)) as client:
        proof = await proof_of(client)
        assert (await post(client, "/together", **{**good, "proof": proof})).status_code == 404
    for one in cases:
        assert (await place.case(one.partition("~")[0])).state == "open"


async def test_of_ten_before_one_case_one_decides(place: Place) -> None:
    """Ten moderators press the same key at once: one decision is kept, nine are told."""
    instance_id = (await ticked(place, 1))[0].partition("~")[0]
    roles = [await place.moderator(8_000 + number, name=f"M{number}") for number in range(10)]
    clients = [browser(place, await place.session(role)) for role in roles]
    proofs = [await proof_of(client) for client in clients]

    async def decide(client: httpx.AsyncClient, proof: str) -> int:
        fields = {"proof": proof, "seen": 1, "act": "approve"}
        return (await post(client, f"/cases/{instance_id}", **fields)).status_code

    came = await asyncio.gather(*map(decide, clients, proofs))
    assert sorted(came) == [303] + [409] * 9
    case = await place.case(instance_id)
    assert case.outcome == "approved"
    assert case.decided_by == ModeratorId(roles[came.index(303)])
    for client in clients:
        await client.aclose()
