"""The outbox goes out as fast as Telegram likes it, the urgent first; time is the simulator's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import pace
from bot.held import Held
from bot.pace import (
    BULK_BURST,
    BULK_PER_SECOND,
    CHAT_BULK_BURST,
    CHAT_BURST,
    GROUP_BURST,
    Pace,
)
from storage.contacts import ContactId
from storage.outbox import OutboxRow, Priority
from tests.bot.post import Post, gaps, most_within

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIMIT = {"error_code": 429, "description": "Too Many Requests", "retry_after": 30}
PERSON, GROUP = 7, -7


async def test_bulk_keeps_its_pace_and_replies_do_not_wait_for_it(post: Post) -> None:
    """Of a campaign 25 to 28 go in a second; a reply goes at once, whatever waits before it."""
    await post.campaign(90)
    await post.drained(1.0, 0.05)
    await post.say("reply")
    said_at = post.world.now()
    await post.drained(4.0, 0.05)
    news = post.sent_at("news")
    assert len(news) == 90
    assert 25 <= most_within(news, 1.0) <= BULK_PER_SECOND + BULK_BURST
    assert news[-1] - news[0] <= timedelta(seconds=90 / BULK_PER_SECOND + 0.5)
    assert post.sent_at("reply") == [said_at]


async def test_follow_ups_go_before_campaigns(post: Post) -> None:
    """What is due to one person goes before what is told to all, and replies before both."""
    (told, *_) = await post.campaign(9)
    (asked,) = await post.campaign(1, Priority.FOLLOW_UP)
    await post.say("reply")
    await post.sender.drain()
    first = [call["parameters"]["chat_id"] for call in post.world.calls()][:3]
    assert [str(one) for one in first] == [str(one) for one in (post.chat, asked, told)]


async def test_bulk_waits_until_a_conversation_is_quiet(post: Post) -> None:
    """News does not push into a conversation, and a reply takes what stands before it along."""
    await post.say(*("reply",) * 10)
    await post.say("news", priority=Priority.CAMPAIGN)
    await post.sender.drain()
    assert post.seen() == ["reply"] * 10
    await post.drained(CHAT_BURST, 1.0)
    assert post.seen() == ["reply"] * 10 + ["news"]
    await post.say(*("more news",) * 5, priority=Priority.CAMPAIGN)
    await post.sender.drain()
    assert post.seen()[11:] == ["more news"] * int(CHAT_BULK_BURST)
    await post.say("reply")
    await post.sender.drain()
    assert post.seen()[-1] == "reply"
    assert await post.waiting() == 0


async def test_a_person_is_slowed_only_after_a_burst(post: Post) -> None:
    """A form answered at a run is not slowed; after that it is one message a second, in order."""
    texts = [str(number) for number in range(30)]
    await post.say(*texts)
    await post.sender.drain()
    assert post.seen() == texts[: int(CHAT_BURST)]
    await post.drained(12.0, 0.25)
    assert post.seen() == texts
    assert all(gap == 1.0 for gap in list(gaps(post.sent_at()))[int(CHAT_BURST) :])


async def test_whoever_telegram_complained_about_has_no_burst_left(post: Post) -> None:
    """After a 429 a chat gets one message a second, and nothing before `retry_after` is over."""
    post.fault(error=LIMIT)
    await post.say(*"abcd")
    await post.drained(30.0, 1.0)
    assert post.seen() == []
    await post.drained(8.0, 0.5)
    assert post.seen() == list("abcd")
    post.fault(error=LIMIT)
    await post.say("e")
    await post.drained(29.0, 1.0)
    await post.say("f", "g")
    await post.drained(1.0, 0.25)
    assert post.seen() == list("abcd")
    await post.drained(40.0, 1.0)
    assert post.seen() == list("abcdefg")


async def test_waiting_for_the_pace_is_no_try(post: Post) -> None:
    """A message whose chat has to wait keeps all its tries."""
    await post.say(*("x",) * (int(CHAT_BURST) + 1))
    await post.sender.drain()
    async with post.store.reading() as reading:
        (row,) = await reading.rows("SELECT attempts, leased_by FROM outbox")
    assert (row["attempts"], row["leased_by"]) == (0, "")


async def test_a_complaint_about_a_campaign_stops_the_campaign(post: Post) -> None:
    """Telegram's 429 for bulk holds back all bulk, and no reply."""
    chats = await post.campaign(10)
    post.fault(error=LIMIT)
    await post.drained(29.0, 0.5)
    await post.say("reply")
    await post.sender.drain()
    assert post.seen() == ["reply"]
    assert len(post.sent_at("news")) <= BULK_BURST
    await post.drained(5.0, 0.1)
    assert [post.seen(chat) for chat in chats] == [["news"]] * 10


async def test_no_answer_to_campaigns_leaves_room_for_replies(post: Post) -> None:
    """However many bulk messages are under way, a reply finds a place."""
    under_way = dict.fromkeys(range(1_000, 1_032), (Priority.CAMPAIGN, post.world.now()))
    post.sender._under_way = Held(under_way)  # noqa: SLF001 - as if.
    await post.campaign(1)
    await post.say("reply")
    await post.sender.drain()
    assert post.seen() == ["reply"]
    assert post.sent_at("news") == []


async def test_a_limited_telegram_gets_everything_in_order(post: Post) -> None:
    """With the simulator's limits on, what is refused comes later, in each chat's order."""
    post.world.order_fault({"limits": True})
    texts = [str(number) for number in range(24)]
    await post.say(*texts)
    await post.campaign(20)
    await post.drained(60.0, 0.5)
    assert post.seen() == texts
    assert len(post.sent_at("news")) == 20


@pytest.mark.parametrize(
    ("chat_id", "priority", "burst", "in_a_minute"),
    [
        (PERSON, Priority.INTERACTIVE, CHAT_BURST, 79),
        (PERSON, Priority.CAMPAIGN, CHAT_BULK_BURST, 62),
        (GROUP, Priority.INTERACTIVE, GROUP_BURST, 19),
        (GROUP, Priority.CAMPAIGN, CHAT_BULK_BURST, 17),
    ],
)
def test_a_chat_has_its_pace(
    chat_id: int, priority: Priority, burst: float, in_a_minute: int
) -> None:
    """A person gets one a second after a burst; a group never gets more than 20 in a minute."""
    gone = went(Pace(), [row_to(chat_id, priority)], seconds=60)
    assert sum(at == NOW for at in gone) == burst
    assert len(gone) == in_a_minute


def test_a_million_chats_are_not_remembered() -> None:
    """Chats that have been quiet are forgotten; busy ones are not."""
    known = Pace()
    known.take(row_to(1, Priority.INTERACTIVE), NOW)
    busy_at = NOW + timedelta(seconds=CHAT_BURST)
    for _ in range(int(CHAT_BURST)):
        known.take(row_to(2, Priority.INTERACTIVE), busy_at)
    for number in range(3, 3 + 2 * pace.CHATS_KNOWN_MAX):
        known.wait(row_to(number, Priority.INTERACTIVE), busy_at)
    assert len(known._chats) <= pace.CHATS_KNOWN_MAX  # noqa: SLF001 - nothing else shows it.
    assert known.wait(row_to(2, Priority.INTERACTIVE), busy_at) == 1.0


def row_to(chat_id: int, priority: Priority) -> OutboxRow:
    """Return a row for a chat."""
    contact_id = ContactId(chat_id)
    return OutboxRow(1, contact_id, chat_id, "sendMessage", {}, "", priority, 1, "", None)


def went(tried: Pace, rows: list[OutboxRow], seconds: int) -> list[datetime]:
    """Return when rows go that are tried every 50 ms, again and again."""
    gone = []
    for step in range(seconds * 20):
        now = NOW + timedelta(seconds=step / 20)
        for row in rows:
            while not tried.wait(row, now):
                tried.take(row, now)
                gone.append(now)
    return gone
