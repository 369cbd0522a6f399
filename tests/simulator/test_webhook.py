"""Delivery to a webhook on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.models import check_update
from tests.simulator.running import Running, serving


@dataclass
class Bot:
    """A bot behind a webhook: what it got, and what it answers next."""

    address: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    hold: asyncio.Event | None = None

    async def take(self, request: Request) -> Response:
        """Take an update."""
        update = await request.json()
        self.got.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.hold is not None and "message" in update:
            await self.hold.wait()
        return self.answers.pop(0) if self.answers else Response()


@pytest.fixture
async def bot(served: Running, amina: int) -> AsyncIterator[Bot]:
    """Run a bot and set its webhook, once Amina is known."""
    assert amina
    bot = Bot()
    app = Starlette(routes=[Route("/hook", bot.take, methods=["POST"])])
    async with serving(app) as address:
        bot.address = f"{address}/hook"
        secret = {"secret_token": "s3"}
        assert (await served.bot("setWebhook", url=bot.address, **secret))["ok"]
        yield bot


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something is so."""
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to pass")


async def test_updates_are_posted_in_order(served: Running, bot: Bot, amina: int) -> None:
    """Each update is posted once, in order, with the secret token, and is then confirmed."""
    for word in ("one", "two", "three"):
        served.world.write(amina, word)
    await until(lambda: len(bot.got) == 3)
    assert [one["message"]["text"] for one in bot.got] == ["one", "two", "three"]
    assert set(bot.secrets) == {"s3"}
    for update in bot.got:
        check_update(update)
    await until(lambda: not served.world.state.updates.pending)
    info = (await served.bot("getWebhookInfo"))["result"]
    assert info["url"] == bot.address
    assert info["pending_update_count"] == 0


async def test_what_is_not_taken_comes_again(served: Running, bot: Bot, amina: int) -> None:
    """A refused update comes again at once, and the trouble shows in getWebhookInfo."""
    bot.answers.append(Response(status_code=500))
    served.world.write(amina, "one")
    await until(lambda: len(bot.got) == 2)
    assert bot.got[0] == bot.got[1]
    info = (await served.bot("getWebhookInfo"))["result"]
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_a_bot_says_when_to_come_again(served: Running, bot: Bot, amina: int) -> None:
    """`Retry-After` puts the next try off."""
    bot.answers.append(Response(status_code=503, headers={"Retry-After": "1"}))
    served.world.write(amina, "one")
    await until(lambda: len(bot.got) == 1)
    await asyncio.sleep(0.3)
    assert len(bot.got) == 1
    await until(lambda: len(bot.got) == 2)


async def test_a_tap_overtakes_a_message(served: Running, bot: Bot, amina: int) -> None:
    """Messages wait for one another by chat; a tap of the same person is in another queue."""
    buttons = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}
    asked = await served.bot("sendMessage", chat_id=amina, text="a", reply_markup=buttons)
    bot.hold = asyncio.Event()
    served.world.write(amina, "one")
    served.world.write(amina, "two")
    served.world.tap(amina, asked["result"]["message_id"], text="a")
    await until(lambda: len(bot.got) == 2)
    assert {next(iter(one.keys() - {"update_id"})) for one in bot.got} == {
        "message",
        "callback_query",
    }
    bot.hold.set()
    await until(lambda: len(bot.got) == 3)


async def test_an_answer_may_carry_a_call(served: Running, bot: Bot, amina: int) -> None:
    """A method in the answer's body is carried out; one that sets or reads is not."""
    bot.answers.append(JSONResponse({"method": "sendMessage", "chat_id": amina, "text": "Karibu"}))
    bot.answers.append(JSONResponse({"method": "deleteWebhook"}))
    served.world.write(amina, "one")
    await until(lambda: served.world.view(amina)["messages"][-1].get("text") == "Karibu")
    served.world.write(amina, "two")
    await until(lambda: len(bot.got) == 2)
    assert served.world.state.webhook is not None


async def test_after_the_webhook_polling_goes_on(served: Running, bot: Bot, amina: int) -> None:
    """What was not delivered before deleteWebhook is there for getUpdates."""
    bot.answers.extend(Response(status_code=500) for _ in range(9))
    served.world.write(amina, "one")
    await until(lambda: bot.got)
    await served.bot("deleteWebhook")
    assert len((await served.bot("getUpdates"))["result"]) == 1
