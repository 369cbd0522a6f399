"""People, groups, their chats with the bot, and messages as Telegram writes them.

A private chat has the id of its person, a group one below zero. Message ids are counted over the
whole world, as in the private chats of one bot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.parameters import Json

MESSAGES_KEPT_MAX = 2_000
"""A chat keeps so many messages; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Account:
    """The bot itself, as getMe shows it."""

    id: int = 1234567890
    first_name: str = "Baraza"
    username: str = "baraza_simulator_bot"

    def as_user(self) -> Json:
        """Return the bot as a User of the Bot API."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes to the bot."""

    id: int
    name: str
    language_code: str
    username: str = ""

    def names(self) -> Json:
        """Return first and last name as Telegram splits them, and the user name."""
        first, _, last = self.name.partition(" ")
        names = {"first_name": first, "last_name": last.strip(), "username": self.username}
        return {name: value for name, value in names.items() if value}

    def as_user(self) -> Json:
        """Return the person as a User of the Bot API."""
        language = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": False} | self.names() | language

    def as_chat(self) -> Json:
        """Return the private chat as a Chat of the Bot API."""
        return {"id": self.id} | self.names() | {"type": "private"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a group: its number, which is that of the message that made it, and its name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """People in one chat with the bot; it manages topics and hears everything if it `manages`.

    `moved_to` is the supergroup that the group became, 0 while it is none.
    """

    id: int
    name: str
    is_forum: bool = False
    manages: bool = False
    members: frozenset[int] = frozenset()
    moved_to: int = 0
    language_code: str = ""
    username: str = ""

    def as_user(self) -> Json:
        """Return who speaks where nobody in particular does: the group itself."""
        return {"id": 1087968824, "is_bot": True, "first_name": "Group"}

    def as_chat(self) -> Json:
        """Return the group as a Chat of the Bot API."""
        kind = "supergroup" if self.id < -(10**12) else "group"
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "title": self.name, "type": kind} | forum


@dataclass(slots=True)
class Message:
    """One message. `content` has the members of the Bot API: text, photo, location and so on."""

    message_id: int
    from_bot: bool
    date: datetime
    content: Json
    markup: Json | None = None
    reply_to: int | None = None
    edited_at: datetime | None = None
    reworded: bool = False
    """Whether text or caption changed; new buttons alone do not show as an edit."""
    sender: Person | None = None
    """Who wrote it in a group; in a private chat that is known."""
    topic: int = 0

    @property
    def inline_rows(self) -> list[list[Json]]:
        """Return the rows of the inline keyboard; empty where there is none."""
        rows: list[list[Json]] = (self.markup or {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Toast:
    """The answer to a tap, shown on top of the chat; `number` grows so that repeats show."""

    text: str
    alert: bool
    number: int


@dataclass(slots=True)
class Chat:
    """One chat, all ends of it. `version` grows with every change a person could see."""

    person: Person | Group
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard_message: int | None = None
    keyboard_hidden: bool = False
    typing_until: datetime | None = None
    action: str = ""
    toast: Toast | None = None
    menu_button: Json | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
    version: int = 1

    def add(self, message: Message) -> None:
        """Add a message at the end; the oldest goes where there are too many."""
        self.messages[message.message_id] = message
        if len(self.messages) > MESSAGES_KEPT_MAX:
            self.remove(next(iter(self.messages)))

    def remove(self, message_id: int) -> None:
        """Take a message away, and with it the reply keyboard that came with it."""
        self.messages.pop(message_id, None)
        if self.keyboard_message == message_id:
            self.keyboard_message = None

    def keyboard(self) -> Json | None:
        """Return the reply keyboard that is up now."""
        if self.keyboard_message is None or self.keyboard_hidden:
            return None
        return self.messages[self.keyboard_message].markup


def as_message(chat: Chat, message: Message, account: Account, *, deep: bool = True) -> Json:
    """Return a message as the Bot API writes it, with the one it replies to if `deep`."""
    someone = message.sender or chat.person
    sender = account.as_user() if message.from_bot else someone.as_user()
    return {
        "message_id": message.message_id,
        "from": sender,
        "chat": chat.person.as_chat(),
        "date": int(message.date.timestamp()),
        **dict(_extras(chat, message, account, deep=deep)),
        **message.content,
    }


def _extras(
    chat: Chat, message: Message, account: Account, *, deep: bool
) -> Iterator[tuple[str, object]]:
    if message.edited_at is not None:
        yield "edit_date", int(message.edited_at.timestamp())
    replied = chat.messages.get(message.reply_to or 0)
    if deep and replied is not None:
        yield "reply_to_message", as_message(chat, replied, account, deep=False)
    if message.topic:
        yield from (("message_thread_id", message.topic), ("is_topic_message", True))
    if message.inline_rows:
        yield "reply_markup", message.markup
