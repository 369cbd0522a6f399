"""Two other bots that ask the same ten questions, as their libraries' documentation has it.

    python tests/benchmarks/peers.py telegram-ext | aiogram

`telegram-ext` is python-telegram-bot's Application with a ConversationHandler and a
PicklePersistence, `aiogram` a router with states in memory. Neither keeps an answer before it
confirms it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message
from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

QUESTIONS = 10


class Telling(StatesGroup):  # type: ignore[misc] # aiogram's metaclass is untyped.
    """The one state of aiogram's bot; which question it is stands in the data."""

    answering = State()


router = Router()


@router.message(CommandStart())
async def begin(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_state(Telling.answering)
    await state.set_data({})
    await message.answer("Question 0?")


@router.message(Telling.answering)
async def take(message: Message, state: FSMContext) -> None:
    """Keep an answer and ask the next question; after the last begin anew."""
    data = await state.get_data()
    await state.set_data({**data, f"q{len(data)}": message.text} if len(data) < QUESTIONS else {})
    await message.answer(f"Question {len(data) + 1}?")


async def run_aiogram(api_url: str, token: str) -> None:
    """Run aiogram's bot until it is told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(Bot(token, session=session))


def run_telegram_ext(api_url: str, token: str) -> None:
    """Run python-telegram-bot's bot until it is told to stop."""

    async def first(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message is not None
        assert context.user_data is not None
        context.user_data.clear()
        await update.message.reply_text("Question 0?")
        return 0

    async def following(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message is not None
        answers: dict[Any, Any] | None = context.user_data
        assert answers is not None
        if len(answers) >= QUESTIONS:
            answers.clear()
        answers[f"q{len(answers)}"] = update.message.text
        await update.message.reply_text(f"Question {len(answers)}?")
        return len(answers) % QUESTIONS

    answer = MessageHandler(filters.TEXT & ~filters.COMMAND, following)
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", first)],
        states={number: [answer] for number in range(QUESTIONS)},
        fallbacks=[],
        name="telling",
        persistent=True,
    )
    builder = Application.builder().token(token).base_url(f"{api_url}/bot")
    application = builder.persistence(PicklePersistence("conversations.pickle")).build()
    application.add_handler(conversation)
    application.run_polling()


if __name__ == "__main__":
    url, secret = os.environ["BARAZA_API_URL"], os.environ["BARAZA_TOKEN"]
    if sys.argv[1] == "aiogram":
        asyncio.run(run_aiogram(url, secret))
    else:
        run_telegram_ext(url, secret)
