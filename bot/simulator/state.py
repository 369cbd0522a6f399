"""Everything a simulated world holds, and the few acts that both sides share.

Only the world's clock tells the time here; ids are counted from a start that depends on when the
world began, so that a bot which remembers an earlier world sees new ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.simulator.chats import Account, Chat, Group, Message, as_message
from bot.simulator.faults import Faults
from bot.simulator.files import FileShelf
from bot.simulator.parameters import Json
from bot.simulator.refusals import Refused, bad_request
from bot.simulator.updates import MESSAGE_LIFE, UpdateQueue

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Ids count tenths of a second since then: a later world starts above all ids of an earlier one
that handed out fewer than ten a second."""

ID_DIGITS_MAX = 16
_ID_SPAN = 2**31 - 10_000_000


def _check_group(chat: Chat, group: Group) -> None:
    if group.moved_to:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, words, {"migrate_to_chat_id": group.moved_to})
    if chat.blocked:
        raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap that waits for its answer."""

    query_id: str
    chat_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are delivered, and with what."""

    url: str
    secret_token: str = ""
    connections_max: int = 40


@dataclass(slots=True)
class DeliveryTrouble:
    """The last thing that went wrong with the webhook."""

    at: datetime
    words: str


@dataclass(slots=True)
class Profile:
    """What the bot says of itself, by language (blank: for everybody)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_button: Json | None = None


def number_of(chat_id: str) -> int:
    """Return the number that a chat_id writes, or 0 where it is none."""
    digits = chat_id.removeprefix("-")
    written = digits.isascii() and digits.isdigit() and len(digits) <= ID_DIGITS_MAX
    return int(chat_id) if written else 0


def first_id(now: datetime) -> int:
    """Return the first id of a world that begins now."""
    return int((now - EPOCH) / timedelta(seconds=0.1)) % _ID_SPAN + 1


@dataclass(slots=True)
class State:
    """The mutable whole. Whoever changes what a person sees calls `touch`."""

    clock: Callable[[], datetime]
    account: Account
    updates: UpdateQueue
    began_at: datetime
    next_message_id: int
    next_person_id: int
    clock_offset: timedelta = timedelta()
    chats: dict[int, Chat] = field(default_factory=dict)
    files: FileShelf = field(default_factory=FileShelf)
    faults: Faults = field(default_factory=Faults)
    profile: Profile = field(default_factory=Profile)
    taps: dict[str, Tap] = field(default_factory=dict)
    tap_count: int = 0
    group_count: int = 0
    next_group_id: int = 1_000_000
    webhook: Webhook | None = None
    trouble: DeliveryTrouble | None = None
    logged_out: bool = False

    def now(self) -> datetime:
        """Return the time of this world."""
        return self.clock() + self.clock_offset

    def touch(self, chat: Chat) -> None:
        """Note that a chat looks different now."""
        chat.version += 1

    def chat_for_bot(self, chat_id: str) -> Chat:
        """Return a chat the bot may write to, refused as Telegram refuses."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(number_of(chat_id))
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        if isinstance(chat.person, Group):
            _check_group(chat, chat.person)
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def new_message(self, chat: Chat, content: Json, *, from_bot: bool) -> Message:
        """Put a message at the end of a chat."""
        message = Message(self.next_message_id, from_bot, self.now(), content)
        self.next_message_id += 1
        chat.add(message)
        self.touch(chat)
        return message

    def tell(self, chat: Chat, message: Message, kind: str = "message") -> None:
        """Queue the update that tells the bot of a person's message."""
        body = as_message(chat, message, self.account)
        since = message.edited_at or message.date
        self.updates.push(kind, body, ("chat", chat.person.id), since + MESSAGE_LIFE)
