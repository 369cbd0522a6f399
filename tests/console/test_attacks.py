"""The console under attack: forged and replayed entries, requests from elsewhere, hostile texts."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from bot.console.desk import BASE, COOKIE
from bot.console.init_data import Opened, signature, verify
from storage import audit, roles
from tests.console.seeding import NOW, TOKEN, Place, open_place, photo

AMINA, BAKARI, STRANGER = 7_001, 7_002, 7_666


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """Lend a place on each database."""
    opened = await open_place(tmp_path, database_url)
    yield opened
    await opened.store.close()


def browser(place: Place, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
    """Return a browser before the console."""
    transport = httpx.ASGITransport(place.app())
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies=cookies)


def signed(who: int, token: str = TOKEN, seconds_ago: int = 0, **changes: str) -> str:
    """Return what Telegram hands a Mini App."""
    fields = {
        "query_id": "AAH",
        "user": json.dumps({"id": who, "first_name": "Amina & co", "language_code": "sw"}),
        "auth_date": str(int(NOW.timestamp()) - seconds_ago),
        "signature": "of-another-kind",
    }
    shown = {**fields, "hash": signature(fields, token), **changes}
    return urlencode(shown)


async def proof_of(client: httpx.AsyncClient, path: str = "/") -> str:
    """Return the proof that a page's forms carry."""
    page = await client.get(f"{BASE}{path}")
    found = re.search(r'name="proof" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return found[1]


async def post(client: httpx.AsyncClient, path: str, **fields: object) -> httpx.Response:
    """Send a form."""
    return await client.post(f"{BASE}{path}", data=fields)


# Coming in


async def test_telegrams_word_lets_in_once(place: Place) -> None:
    """What Telegram signed opens the console; shown a second time, it opens nothing."""
    await place.moderator(AMINA)
    async with browser(place) as client:
        answer = await post(client, "/app", init_data=signed(AMINA))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/")
        assert (await client.get(f"{BASE}/")).status_code == 200
    async with browser(place) as client:
        again = await post(client, "/app", init_data=signed(AMINA))
        assert again.status_code == 403
        assert COOKIE not in again.cookies


@pytest.mark.parametrize(
    "shown",
    [
        signed(AMINA, "123456:another-token"),
        signed(AMINA, seconds_ago=400),
        signed(AMINA, seconds_ago=-400),
        signed(AMINA, user=json.dumps({"id": BAKARI})),
        signed(AMINA, hash="0" * 64),
        signed(AMINA, hash="ü"),
        signed(AMINA) + "&user=%7B%7D",
        signed(STRANGER),
        "hash=",
        "",
        "a" * 9_000,
    ],
)
async def test_forged_or_stale_words_let_nobody_in(place: Place, shown: str) -> None:
    """Signed by another token, too old, changed, or of somebody without a role: refused."""
    await place.moderator(AMINA)
    async with browser(place) as client:
        answer = await post(client, "/app", init_data=shown)
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


def test_what_telegram_signed_is_read_whole() -> None:
    """The hash is over all fields in the order of their names, the signature among them."""
    opened = verify(signed(5), TOKEN, NOW)
    assert isinstance(opened, Opened)
    assert opened.user_id == 5
    assert verify(signed(5), f"{TOKEN}x", NOW) == "forged"
    assert verify(signed(5, signature="changed"), TOKEN, NOW) == "forged"
    assert verify("user", TOKEN, NOW) == "unreadable"


async def test_a_link_works_once_and_not_when_it_is_looked_at(place: Place) -> None:
    """A chat app that looks at the link ahead uses nothing up; the button on its page does."""
    token = await place.link(await place.moderator(AMINA))
    async with browser(place) as client:
        assert (await client.get(f"{BASE}/enter", params={"token": token})).status_code == 200
        assert (await post(client, "/enter", token=token)).status_code == 303
    async with browser(place) as client:
        assert (await post(client, "/enter", token=token)).status_code == 403
        guessed = {"token": "guessed"}
        assert (await post(client, "/enter", **guessed)).status_code == 403


async def test_a_link_is_good_for_minutes(place: Place) -> None:
    """After ten minutes it opens nothing."""
    token = await place.link(await place.moderator(AMINA))
    place.now = place.now.replace(minute=11)
    async with browser(place) as client:
        assert (await post(client, "/enter", token=token)).status_code == 403


async def test_the_cookie_is_out_of_reach(place: Place) -> None:
    """No script reads it, no other site sends it, and behind https no plain line carries it."""
    token = await place.link(await place.moderator(AMINA))
    place.url = f"https://baraza.example{BASE}"
    async with browser(place) as client:
        answer = await post(client, "/enter", token=token)
    kept = answer.headers["set-cookie"].lower()
    assert all(word in kept for word in ("httponly", "samesite=strict", "secure", f"path={BASE}"))


async def test_whoever_was_away_comes_in_anew(place: Place) -> None:
    """After half an hour without a request, and after leaving, the session is over."""
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        place.now = place.now.replace(minute=29)
        assert (await client.get(f"{BASE}/")).status_code == 200
        place.now = place.now.replace(minute=58)
        assert (await client.get(f"{BASE}/")).status_code == 200
        proof = await proof_of(client)
        assert (await post(client, "/leave", proof=proof)).status_code == 200
        assert (await client.get(f"{BASE}/")).status_code == 401
    async with browser(place, await place.session(role)) as client:
        place.now = place.now.replace(hour=11)
        assert (await client.get(f"{BASE}/")).status_code == 401


# Rights


async def test_nobody_sees_anything_without_a_session(place: Place) -> None:
    """Every page of the inside is refused, and says nothing of what is there."""
    instance_id = (await place.many(1))[0]
    async with browser(place) as client:
        for path in ("/", "/find?code=3333-0001", f"/cases/{instance_id}", "/work", "/audit",
                     "/second", f"/cases/{instance_id}/files/1"):  # fmt: skip
            answer = await client.get(f"{BASE}{path}")
            assert answer.status_code == 401, path
            assert "3333-0001" not in answer.text
        assert (await post(client, f"/cases/{instance_id}", act="approve")).status_code == 401


async def test_a_role_taken_away_ends_with_the_next_request(place: Place) -> None:
    """A moderator removed while deciding decides nothing."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        proof = await proof_of(client, f"/cases/{instance_id}")
        async with place.store.unit() as unit:
            await roles.revoke(unit, place.programme.name, role)
        fields = {"proof": proof, "seen": 1, "act": "approve"}
        assert (await post(client, f"/cases/{instance_id}", **fields)).status_code == 401
    assert (await place.case(instance_id)).state == "open"


async def test_a_case_worker_decides_nothing(place: Place) -> None:
    """Whoever may look into cases sees no button to decide, and the server takes no decision."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA, "case worker")
    async with browser(place, await place.session(role)) as client:
        page = await client.get(f"{BASE}/cases/{instance_id}")
        assert 'value="approve"' not in page.text
        fields = {"proof": await proof_of(client), "seen": 1, "act": "approve"}
        assert (await post(client, f"/cases/{instance_id}", **fields)).status_code == 409
        assert (await client.get(f"{BASE}/audit")).status_code == 404
    assert (await place.case(instance_id)).state == "open"


async def test_a_coordinator_without_that_role_stays_out(place: Place) -> None:
    """To write forms is no right to look into reports."""
    role = await place.moderator(AMINA, "coordinator")
    async with browser(place, await place.session(role)) as client:
        assert (await client.get(f"{BASE}/")).status_code == 401


async def test_nobody_meets_their_own_report(place: Place) -> None:
    """It is in no list, has no page, and nothing can be done to it."""
    answers = {"kind": "flood", "people": "300", "story": "Mine"}
    mine = await place.report(1, answers, chat=AMINA)
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        assert "3333-0001" not in (await client.get(f"{BASE}/")).text
        assert (await client.get(f"{BASE}/cases/{mine}")).status_code == 404
        assert (await client.get(f"{BASE}/find?code=3333-0001")).status_code == 404
        proof = await proof_of(client)
        fields = {"proof": proof, "seen": 1, "act": "approve"}
        assert (await post(client, f"/cases/{mine}", **fields)).status_code == 404
    assert (await place.case(mine)).state == "open"


# Requests from elsewhere


@pytest.mark.parametrize("proof", ["", "0" * 64, "ü"])
async def test_a_form_without_its_proof_does_nothing(place: Place, proof: str) -> None:
    """No page but ours can make one, and a session's proof is no other session's."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        fields = {"proof": proof, "seen": 1, "act": "approve"}
        assert (await post(client, f"/cases/{instance_id}", **fields)).status_code == 403
    assert (await place.case(instance_id)).state == "open"


async def test_the_proof_of_one_session_is_none_of_another(place: Place) -> None:
    """What a colleague's page carries does not serve."""
    instance_id = (await place.many(1))[0]
    amina, bakari = await place.moderator(AMINA), await place.moderator(BAKARI, name="Bakari")
    async with browser(place, await place.session(bakari)) as client:
        proof = await proof_of(client)
    async with browser(place, await place.session(amina)) as client:
        fields = {"proof": proof, "seen": 1, "act": "approve"}
        assert (await post(client, f"/cases/{instance_id}", **fields)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": ""},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_another_site_reaches_nothing(place: Place, headers: dict[str, str]) -> None:
    """A page elsewhere can make a browser send, but not have it answered."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        fields = {"proof": await proof_of(client), "seen": 1, "act": "approve"}
        answer = await client.post(f"{BASE}/cases/{instance_id}", data=fields, headers=headers)
    assert answer.status_code == 403
    assert (await place.case(instance_id)).state == "open"


async def test_a_body_too_large_is_not_read(place: Place) -> None:
    """A form of a megabyte, or of a thousand fields, is refused."""
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        assert (await post(client, "/next", words="a" * 1_000_000)).status_code == 413
        many = "&".join(f"a{number}=1" for number in range(1_000))
        answer = await client.post(f"{BASE}/next", content=many)
        assert answer.status_code == 413


# Answers


async def test_every_answer_is_guarded(place: Place) -> None:
    """Pages, refusals and files: no script but ours, no guess of a kind, no frame, nothing kept."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        for path in ("/", f"/cases/{instance_id}", "/nothing", "/enter", "/work"):
            headers = (await client.get(f"{BASE}{path}")).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy
            assert re.findall(r"https?://\S+", policy) == [
                "https://web.telegram.org",
                "https://webk.telegram.org",
                "https://webz.telegram.org",
            ]
            assert headers["cache-control"] == "no-store"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
        style = await client.get(f"{BASE}/static/console.css")
        assert style.headers["cache-control"] == "no-cache"


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\u202e\"'&"


async def test_what_people_wrote_is_never_markup(place: Place) -> None:
    """Tags, templates and signs that turn the direction are shown as what they are."""
    answers = {"kind": "flood", "people": "300", "story": HOSTILE}
    hostile = await place.report(1, answers)
    role = await place.moderator(AMINA, name="<b>Amina</b>")
    async with browser(place, await place.session(role)) as client:
        page = (await client.get(f"{BASE}/cases/{hostile}")).text
        proof = await proof_of(client)
        words = {"proof": proof, "seen": 1, "act": "escalate", "words": HOSTILE}
        await post(client, f"/cases/{hostile}", **words)
        after = (await client.get(f"{BASE}/cases/{hostile}")).text
    for text in (page, after):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>Amina" not in text
        assert "{{7*7}}" in text
        shown = text.partition("<textarea")[0]
        assert "\u202e" not in shown
        assert "U+202E" in shown
    assert not re.search(r"<[^>]* (on\w+|style)=", page)


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{id}/files/../../../../../etc/passwd",
        "/cases/{id}/files/%2e%2e%2f%2e%2e%2fkey",
        "/cases/{id}/files/0",
        "/cases/{id}/files/-1",
        "/cases/{id}/files/99999999999999999999",
        "/cases/..%2f..%2fkey/files/1",
        "/static/../desk.py",
        "/static/%2e%2e/desk.py",
        "/static/..%2f..%2f..%2fkey",
    ],
)
async def test_no_path_leads_out(place: Place, path: str) -> None:
    """A file is asked for by its number, and only where its case may be seen."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        answer = await client.get(BASE + path.format(id=instance_id))
    assert answer.status_code in {400, 404}
    assert b"root:" not in answer.content
    assert b"class Desk" not in answer.content


async def test_files_are_shown_or_saved_and_never_run(place: Place) -> None:
    """A picture is shown; a page that somebody sent as a file is only saved. Not to others."""
    answers = {"kind": "flood", "people": "300", "photo": "a.jpg", "voice": "b.html"}
    files = {
        "a.jpg": (photo(), "image/jpeg"),
        "b.html": (b"<script>alert(1)</script>", "text/html"),
    }
    first = await place.report(50, answers, pictures=files)
    other = (await place.many(2))[1]
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        page = (await client.get(f"{BASE}/cases/{first}")).text
        links = re.findall(rf'"{BASE}(/cases/[^"]*/files/\d+)"', page)
        picture, saved = [await client.get(BASE + link) for link in links]
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.content == photo()
        assert saved.headers["content-type"] == "application/octet-stream"
        assert saved.headers["content-disposition"].startswith("attachment")
        for answer in (picture, saved):
            assert "sandbox" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
        elsewhere = links[0].replace(first, other)
        assert (await client.get(BASE + elsewhere)).status_code == 404


async def test_a_spoken_answer_is_heard(place: Place) -> None:
    """What somebody said where the form asks for words is played; words can take its place."""
    name = "1a2b3c4d-1.ogg"
    answers = {"kind": "flood", "people": "300", "story": name}
    spoken = await place.report(50, answers, pictures={name: (b"OggS", "audio/ogg")})
    role = await place.moderator(AMINA)
    async with browser(place, await place.session(role)) as client:
        page = (await client.get(f"{BASE}/cases/{spoken}")).text
    assert re.search(r'<audio [^>]*src="[^"]*/files/\d+"', page)
    assert name not in page
    (reference,) = re.findall(r'name="reference" value="(/data/story)"', page)
    assert reference == "/data/story"


async def test_what_is_seen_and_done_is_written_down(place: Place) -> None:
    """The audit says who came in, saw and decided, and fits together."""
    instance_id = (await place.many(1))[0]
    role = await place.moderator(AMINA)
    token = await place.link(role)
    async with browser(place) as client:
        await post(client, "/enter", token=token)
        proof = await proof_of(client, f"/cases/{instance_id}")
        await post(client, f"/cases/{instance_id}", proof=proof, seen=1, act="approve")
    async with place.store.reading() as reading:
        entries = await audit.newest(reading, 10)
        assert (await audit.verify(reading, place.store)).broken is None
    assert [one.act for one in reversed(entries)] == ["Enter", "Saw", "Approve"]
    assert {one.who for one in entries} == {f"role:{role}"}
