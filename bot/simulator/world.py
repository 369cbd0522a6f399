"""A world of people and one bot, without any input or output: the core of the simulator.

`World.call` is the bot's side (a method of the Bot API), the other methods are the people's side.
Everything happens at once and on one thread; the clock can be given. `server` puts HTTP around
it, a test can use it as it is.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.simulator import groups, people, view
from bot.simulator.chats import Account, Chat, Group, Person
from bot.simulator.faults import Fault
from bot.simulator.files import FileKind, StoredFile
from bot.simulator.methods import Result, find_method, perform
from bot.simulator.parameters import Arguments, Json, Upload
from bot.simulator.refusals import Impossible, Refused
from bot.simulator.state import DeliveryTrouble, State, first_id
from bot.simulator.updates import Pending, UpdateQueue

CALLS_KEPT_MAX = 1_000
NAME_LENGTH_MAX = 128
CLOCK_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_LAST = datetime(2100, 1, 1, tzinfo=UTC)
PERSON_ID_FIRST = 1_000_000_000
PERSON_ID_END = 2**52
_LANGUAGE = re.compile(r"([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3})?")
_USERNAME = re.compile(r"[A-Za-z0-9_]{0,32}")
STANDING = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
"""What the standing clock shows."""


def running_clock() -> datetime:
    """Return the time of this computer."""
    return datetime.now(UTC)


def standing_clock() -> datetime:
    """Return always the same moment, so that only `World.set_clock` and `advance` move time."""
    return STANDING


class Dropped(ConnectionError):
    """A connection broken by an ordered fault; `done` says whether the call was carried out."""

    def __init__(self, *, done: bool) -> None:
        """Keep whether the call was carried out before the connection broke."""
        super().__init__("the connection was dropped by a fault")
        self.done = done


class World:
    """People, their chats with one bot, and the Bot API between them."""

    def __init__(
        self, clock: Callable[[], datetime] = running_clock, account: Account | None = None
    ) -> None:
        """Begin an empty world; `clock` returns aware UTC times."""
        self._listeners: list[Callable[[], None]] = []
        self._calls: deque[Json] = deque(maxlen=CALLS_KEPT_MAX)
        self._call_count = 0
        self.state = _begin(clock, account or Account())

    def now(self) -> datetime:
        """Return the time of this world, which the bot may read too."""
        return self.state.now()

    def set_clock(self, now: datetime) -> datetime:
        """Move the clock to a moment; it goes on from there."""
        if not CLOCK_FIRST <= now <= CLOCK_LAST:
            raise Impossible(400, f"This clock goes from {CLOCK_FIRST:%Y} to {CLOCK_LAST:%Y}.")
        self.state.clock_offset = now - self.state.clock()
        self._changed()
        return self.now()

    def advance(self, seconds: float) -> datetime:
        """Move the clock on."""
        try:
            return self.set_clock(self.now() + timedelta(seconds=seconds))
        except (OverflowError, ValueError):
            raise Impossible(400, "No clock goes that far.") from None

    def listen(self, heard: Callable[[], None]) -> None:
        """Have `heard` called after every change, on the thread that made it."""
        self._listeners.append(heard)

    def reset(self) -> None:
        """Begin anew with nobody in it; ids go on, and so do the clock and the bot's account."""
        old = self.state
        self.state = _begin(old.clock, old.account)
        self.state.clock_offset = old.clock_offset
        self.state.updates.next_id = old.updates.next_id
        self.state.next_message_id = old.next_message_id
        self.state.next_person_id = old.next_person_id
        self.state.tap_count = old.tap_count
        self.state.next_group_id = old.next_group_id
        self.state.files.count = old.files.count
        self._calls.clear()
        self._changed()

    def call(
        self,
        method: str,
        values: Mapping[str, object] | None = None,
        uploads: Mapping[str, Upload] | None = None,
    ) -> Result:
        """Do a method of the Bot API for the bot; getUpdates does not wait.

        Raises `Refused` with Telegram's error, or `Dropped` where a fault breaks the connection.
        """
        given = Arguments(values or {}, uploads or {})
        fault = self.take_fault(method, given)
        if fault is not None and fault.drop == "before":
            raise Dropped(done=False)
        if fault is not None and fault.error is not None:
            raise self.refuse(method, given, fault.error)
        result = self.perform(method, given)
        if fault is not None and fault.drop == "after":
            raise Dropped(done=True)
        return result

    def take_fault(self, method: str, given: Arguments) -> Fault | None:
        """Return the fault ordered for this call, if any, and count it."""
        return self.state.faults.take(method, str(given.values.get("chat_id", "")))

    def refuse(self, method: str, given: Arguments, refusal: Refused) -> Refused:
        """Write a refusal down among the calls and return it."""
        error = {"error_code": refusal.error_code, "description": refusal.description}
        self._note(method, given, {"ok": False} | error)
        return refusal

    def perform(self, method: str, given: Arguments) -> Result:
        """Do a method without faults; raises `Refused`."""
        try:
            found = find_method(method)
            result = perform(self.state, found, given)
        except Refused as refusal:
            raise self.refuse(method, given, refusal) from None
        if found.name != "getUpdates" or result:
            self._note(found.name, given, {"ok": True, "result": result})
        if not found.name.startswith("get"):
            self._changed()
        return result

    def calls(self) -> list[Json]:
        """Return the newest calls of the bot, oldest first; empty getUpdates are left out."""
        return list(self._calls)

    def add_person(
        self,
        name: str,
        language_code: str = "en",
        *,
        person_id: int | None = None,
        username: str = "",
        started: bool = False,
    ) -> int:
        """Let a person in and return their id, which is also the id of their chat."""
        if not name.strip() or len(name) > NAME_LENGTH_MAX:
            raise Impossible(400, f"A name has 1 to {NAME_LENGTH_MAX} characters.")
        number = self._free_id() if person_id is None else person_id
        if not 0 < number < PERSON_ID_END:
            raise Impossible(400, "id is a whole number from 1, of at most 52 bits.")
        if not _LANGUAGE.fullmatch(language_code) or not _USERNAME.fullmatch(username):
            raise Impossible(400, "language_code is such as sw or pt-BR, username such as amina_k.")
        person = Person(number, name.strip(), language_code, username)
        people.add_person(self.state, person, started=started)
        self._changed()
        return number

    def write(self, chat_id: int, text: str, *, reply_to: int | None = None) -> int:
        """Write a text, a command, or the label of a reply keyboard's key."""
        return self.send(chat_id, people.text_content(text), reply_to=reply_to)

    def share_place(
        self, chat_id: int, latitude: float, longitude: float, accuracy: float | None = None
    ) -> int:
        """Share a place, in degrees and metres."""
        place = {"latitude": latitude, "longitude": longitude, "horizontal_accuracy": accuracy}
        return self.send(chat_id, people.place_content(place))

    def send_media(  # noqa: PLR0913 - the two after the file are rarely given
        self,
        chat_id: int,
        kind: FileKind,
        upload: Upload,
        caption: str = "",
        told: Json | None = None,
        *,
        album: str = "",
    ) -> int:
        """Send a file as this kind of media; `told` has duration, width and the like.

        Files sent with the same name of an `album` belong together.
        """
        people.open_chat(self.state, chat_id)
        content = people.media_content(self.state, kind, upload, caption, told)
        return self.send(chat_id, content | people.album_content(album))

    def send_sticker(self, chat_id: int, emoji: str = "🙂") -> int:
        """Send a sticker."""
        return self.send(chat_id, people.sticker_content(self.state, emoji))

    def send(
        self,
        chat_id: int,
        content: Json,
        *,
        forward_of: int | str | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a message made by `people.*_content`; return its id.

        `forward_of` is the id of the message forwarded, or the name of a hidden author.
        """
        message = people.write(
            self.state, chat_id, content, forward_of=forward_of, reply_to=reply_to
        )
        self._changed()
        return message.message_id

    def tap(
        self, chat_id: int, message_id: int, *, text: str | None = None, data: str | None = None
    ) -> str:
        """Tap a button under a message, by its data or its text; return the callback query's id."""
        wanted = {"data": data} if data is not None else {"text": text}
        query_id = people.tap(self.state, chat_id, message_id, wanted)
        self._changed()
        return query_id

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Change the text or caption of a message the person sent."""
        people.edit(self.state, chat_id, message_id, text)
        self._changed()

    def remove(self, chat_id: int, message_id: int) -> None:
        """Delete a message from the chat without telling the bot."""
        people.remove(self.state, chat_id, message_id)
        self._changed()

    def block(self, chat_id: int) -> None:
        """Block the bot."""
        people.block(self.state, chat_id, blocked=True)
        self._changed()

    def unblock(self, chat_id: int) -> None:
        """Let the bot write again."""
        people.block(self.state, chat_id, blocked=False)
        self._changed()

    def rename(self, chat_id: int, *, name: str = "", language_code: str = "") -> Json:
        """Change a person's name or the language of their phone."""
        people.rename(self.state, chat_id, name=name, language_code=language_code)
        self._changed()
        return view.person_view(self.chat(chat_id))

    def view(self, chat_id: int) -> Json:
        """Return the chat as its person sees it now."""
        return view.chat_view(self.state, self.chat(chat_id))

    def people(self) -> list[Json]:
        """Return everybody."""
        chats = self.state.chats.values()
        return [view.person_view(chat) for chat in chats if isinstance(chat.person, Person)]

    def add_group(
        self,
        title: str,
        members: Iterable[int],
        *,
        topics: bool = False,
        basic: bool = False,
        manages: bool = True,
    ) -> int:
        """Make a group with the bot in it and return its id; `manages`: the bot is administrator.

        `basic` makes one that is no supergroup yet; `upgrade_group` makes it one.
        """
        chat = groups.add_group(
            self.state, title, members, topics=topics, basic=basic, manages=manages
        )
        self._changed()
        return chat.person.id

    def say(self, group: int, who: int, text: str, topic: int = 0) -> int:
        """Write into a group as one of its members."""
        message = groups.say(self.state, group, who, text, topic)
        self._changed()
        return message.message_id

    def tap_in(
        self,
        group: int,
        who: int,
        message_id: int,
        *,
        text: str | None = None,
        data: str | None = None,
    ) -> str:
        """Tap a button in a group as one of its members."""
        wanted = {"data": data} if data is not None else {"text": text}
        query_id = groups.tap_in(self.state, group, who, message_id, wanted)
        self._changed()
        return query_id

    def remove_bot(self, group: int) -> None:
        """Take the bot out of a group."""
        groups.remove_bot(self.state, group)
        self._changed()

    def add_bot(self, group: int) -> None:
        """Take the bot into a group again."""
        groups.add_bot(self.state, group)
        self._changed()

    def upgrade_group(self, group: int) -> int:
        """Make a supergroup of a group; return its new id."""
        fresh = groups.upgrade(self.state, group)
        self._changed()
        return fresh.person.id

    def delete_topic(self, group: int, topic: int) -> None:
        """Delete a topic without telling the bot."""
        groups.delete_topic(self.state, group, topic)
        self._changed()

    def groups(self) -> list[Json]:
        """Return all groups that are no other chat by now, the oldest first."""
        found = (chat.person for chat in self.state.chats.values())
        return [
            view.group_told(one) for one in found if isinstance(one, Group) and not one.moved_to
        ]

    def group_view(self, group: int) -> Json:
        """Return a group as its members see it now."""
        chat, _ = groups.group_chat(self.state, group)
        return view.group_view(self.state, chat)

    def chat(self, chat_id: int) -> Chat:
        """Return a person's chat."""
        return people.find_chat(self.state, chat_id)

    def file(self, file_id: str) -> StoredFile:
        """Return a file by its file_id."""
        if file_id not in self.state.files.by_id:
            raise Impossible(404, "There is no such file.")
        return self.state.files.by_id[file_id]

    def order_fault(self, wish: Json) -> Json:
        """Order a fault (see README.md) and return it."""
        return self.state.faults.order(wish)

    def deliverable(self) -> list[Pending]:
        """Return the updates a webhook may get now: the oldest of each queue."""
        return self.state.updates.heads(self.now()) if self.state.webhook else []

    def delivered(self, update_id: int) -> None:
        """Forget an update that the webhook took."""
        self.state.updates.drop(update_id)
        self._changed()

    def undelivered(self, words: str) -> None:
        """Note for getWebhookInfo why an update was not taken."""
        self.state.trouble = DeliveryTrouble(self.now(), words)

    def _free_id(self) -> int:
        while self.state.next_person_id in self.state.chats:
            self.state.next_person_id += 1
        self.state.next_person_id += 1
        return self.state.next_person_id - 1

    def _note(self, method: str, given: Arguments, outcome: Json) -> None:
        self._call_count += 1
        files = {
            name: f"{len(one.content)} bytes, {one.file_name!r}"
            for name, one in given.uploads.items()
        }
        self._calls.append(
            {
                "number": self._call_count,
                "at": self.now().isoformat(),
                "method": method,
                "parameters": dict(given.values),
                **({"files": files} if files else {}),
                **outcome,
            }
        )

    def _changed(self) -> None:
        for heard in self._listeners:
            heard()


def _begin(clock: Callable[[], datetime], account: Account) -> State:
    now = clock()
    start = first_id(now)
    return State(
        clock=clock,
        account=account,
        updates=UpdateQueue(start),
        began_at=now,
        next_message_id=start,
        next_person_id=PERSON_ID_FIRST + start,
    )
