"""From a fresh data folder to a kept report: the `baraza` command as a process of its own.

A program plays a person through the simulator's `/sim` API, exactly as an outside program would.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.process import SECONDS, exported, running
from tests.player.acts import PICTURE

ANSWERS: dict[str, str | tuple[float, float] | bytes] = {
    "Wewe ni nani": "[Jirani au mtu mwingine]",
    "Unataka kutuambia": "[Tatizo katika kituo cha afya]",
    "Ripoti hii inahusu kata gani": "[Maji Moto (mfano)]",
    "Ni kijiji au mahali gani": "[Mahali pengine]",
    "Andika jina la mahali": "Olkeri",
    "Ni kituo gani cha afya": "=Zahanati ya Maji Moto",
    "Ilitokea tarehe gani": "[Jana]",
    "Tatizo lilikuwa nini": "[Kilikuwa kimefungwa]",
    "tuma picha": PICTURE,
    "tuma mahali": (-1.2921, 35.8219),
}
"""What is answered to a question that contains these words; everything else is skipped."""


@dataclass
class Person:
    """Somebody at a phone, driven through `/sim`."""

    client: httpx.Client
    chat: int
    version: int = 0
    keys: list[Any] = field(default_factory=list)

    def look(self) -> list[dict[str, Any]]:
        """Return the messages the person sees."""
        view = self.client.get(f"/sim/chats/{self.chat}").raise_for_status().json()
        self.version, self.keys = view["version"], view["reply_keyboard"] or []
        return list(view["messages"])

    def answer(self, act: str | tuple[float, float] | bytes) -> dict[str, Any]:
        """Do one thing and return the bot's newest message once it has answered."""
        newest = self.look()[-1]["message_id"] if self.look() else 0
        messages = f"/sim/chats/{self.chat}/messages"
        if isinstance(act, bytes):
            self.client.post(messages, files={"photo": ("p.jpg", act)}).raise_for_status()
        elif isinstance(act, tuple):
            place = {"latitude": act[0], "longitude": act[1]}
            self.client.post(messages, json={"location": place}).raise_for_status()
        elif act.startswith("["):
            self.tap(act[1:-1])
        else:
            self.client.post(messages, json={"text": act}).raise_for_status()
        return self.wait(newest)

    def tap(self, label: str) -> None:
        """Tap a button of the newest message that has it."""
        for message in reversed(self.look()):
            if any(b["text"] == label for row in message.get("inline_keyboard") or () for b in row):
                tapped = {"message_id": message["message_id"], "text": label}
                self.client.post(f"/sim/chats/{self.chat}/taps", json=tapped).raise_for_status()
                return
        pytest.fail(f"no button [{label}] in {self.look()[-1]}")

    def wait(self, after: int) -> dict[str, Any]:
        """Wait for a message of the bot's newer than `after` with buttons or keys to answer by."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            newest = self.look()[-1]
            offers = newest.get("inline_keyboard") or self.keys
            if newest["from"] == "bot" and newest["message_id"] > after and offers:
                return newest
            self.client.get(f"/sim/chats/{self.chat}?after={self.version}&wait=5")
        pytest.fail(f"no answer to {self.look()[-1]}")


def walk(person: Person, message: dict[str, Any]) -> dict[str, Any]:
    """Answer question after question until the summary offers to send."""
    for _ in range(60):
        labels = [b["text"] for row in message.get("inline_keyboard") or () for b in row]
        if any("Tuma" in label for label in labels):
            return message
        text = message["text"]
        known = [act for words, act in ANSWERS.items() if words in text]
        if "Nimemaliza »" in labels:
            person.tap(str(known[0])[1:-1])
            known = ["[Nimemaliza »]"]
        message = person.answer(known[0] if known else "/skip")
    pytest.fail(f"the form never ends: {message}")


def wait_for_photo(folder: Path) -> None:
    """Wait until the photo is here: it follows its answer. Its row is kept before the bot ends."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        files = (path for path in (folder / "baraza-data").rglob("*") if path.is_file())
        if any(path.read_bytes() == PICTURE for path in files):
            return
        time.sleep(0.05)
    pytest.fail("the photo does not come")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_from_a_clone_to_a_kept_report(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report in Swahili, told through /sim, is kept and exported with its photo."""
    if database == "postgres":
        monkeypatch.setenv("BARAZA_DATABASE_URL", request.getfixturevalue("postgres_url"))
    with running(tmp_path) as (client, _):
        made = client.post("/sim/people", json={"name": "Amina", "language_code": "sw"}).json()
        amina = Person(client, made["id"])
        amina.answer("/start")
        amina.answer("[Kiswahili]")
        summary = walk(amina, amina.answer("[Nakubali]"))
        send = next(
            b["text"] for row in summary["inline_keyboard"] for b in row if "Tuma" in b["text"]
        )
        thanks = amina.answer(f"[{send}]")
        receipt = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", thanks["text"])
        assert receipt, thanks["text"]
        wait_for_photo(tmp_path)
    table, (row,) = exported(tmp_path)
    assert row["where-place_other"] == "Olkeri"
    assert row["service-facility"] == "'=Zahanati ya Maji Moto"
    assert row["service-svc_problem"] == "closed"
    assert any(path.read_bytes() == PICTURE for path in (tmp_path / "reports").rglob("*.jpg"))
    assert str(made["id"]) not in table.read_text("utf-8")
