"""Any form, filled in by a robot through the chat, gives the report that `baraza fill` gives.

The draft questionnaires and ten workbooks of other projects, and one form with every kind of
question; with answers drawn by chance (`--seeds 20` for twenty chats with each). Time stands still
meanwhile, so the two reports are the same to the letter.
"""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import httpx
import pytest

from bot.terminal import programme_around
from conversations.filling import FillError, fill
from conversations.programme import Consent, Programme
from storage import submissions
from storage.programmes import load_form
from tests.end_to_end.phone import Phone
from tests.end_to_end.process import ROOT
from tests.end_to_end.robot import Robot, Standing, Stuck
from tests.player.stage import CACHE, Stage, stage

SHARED = ROOT.parent / "shared"
QUESTIONNAIRES = SHARED / "domain" / "forms"
ARCHIVE = SHARED / "conformance" / "visible.tar.xz"
EVERY_KIND = Path(__file__).parent / "every_kind.md"

DRAFTS = (
    *("co_flip_judicial", "co_flip_report", "co_flip_verify", "ke_mch_crosscheck"),
    *("ke_mch_followup", "ke_mch_report", "ke_mch_validation", "mod_wgss"),
)
WORKBOOKS = {
    "a profile of a district": "44a8fef2f2daadcf9504de165f389eb30d9d3aaf",
    "numbers, days and times": "4f53d5d689387a8493182c647f232f45ff329931",
    "film and barcode": "6ca9e53eaa637ee28c193c7200abf10aac4f89b0",
    "a repeat with a picture": "2db45afe5ddb9db71292fc6b9633297809e58218",
    "three repeats": "726f7040b3ad37f9fec2f4357af84b08c073dcc6",
    "nested repeats": "b5e2f7d585b0cb8fae48b7caabc7785b1faa082c",
    "a repeat with notes": "e14bfbc4272f7e553a43a1b078c5267f5636ab92",
    "a map of clinics": "fd0b6f13d5f2b86fef1c109eb54ec00651ac9c4a",
    "cascades": "aa383a65005c7ff7189867d6a33996e8e6257e2f",
    "several languages": "96424f62d53d07b8183ccdf4c36f223f7dc173e3",
}
LOG_LINES_SHOWN = 60


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the ten workbooks; skip where they are not beside this checkout."""
    if not ARCHIVE.is_file():
        pytest.skip("the conformance data is not beside this checkout")
    folder = tmp_path_factory.mktemp("workbooks")
    names = frozenset(f"{name}.xlsx" for name in WORKBOOKS.values())
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            if (name := member.name.rpartition("/")[2]) in names:
                found = archive.extractfile(member)
                assert found is not None
                (folder / name).write_bytes(found.read())
    return folder


@pytest.mark.parametrize("name", DRAFTS)
async def test_draft_questionnaires(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Each draft questionnaire is completed, and the report is that of `baraza fill`."""
    path = QUESTIONNAIRES / f"{name}.xlsx"
    if not path.is_file():
        pytest.skip("the draft questionnaires are not beside this checkout")
    await _chats(path, tmp_path, pytestconfig)


@pytest.mark.parametrize("name", WORKBOOKS)
async def test_workbooks_of_others(
    name: str, tmp_path: Path, workbooks: Path, pytestconfig: pytest.Config
) -> None:
    """So is each of ten workbooks that other projects made."""
    await _chats(workbooks / f"{WORKBOOKS[name]}.xlsx", tmp_path, pytestconfig)


async def test_every_kind_of_question(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """So is a form with every kind of question, and the appearances that look otherwise."""
    await _chats(EVERY_KIND, tmp_path, pytestconfig)


async def _chats(path: Path, folder: Path, pytestconfig: pytest.Config) -> None:
    form = load_form(path, CACHE)
    programme = replace(programme_around(form), consent=Consent("1", {"en": "Do you agree?"}))
    for seed in range(pytestconfig.getoption("--seeds")):
        own = folder / str(seed)
        own.mkdir()
        await _one_chat(programme, own, f"{path.stem} {seed}")


async def _one_chat(programme: Programme, folder: Path, seed: str) -> None:
    async with (
        stage(programme, folder) as played,
        httpx.AsyncClient(base_url=played.address) as client,
    ):
        came = await client.post("/sim/people", json={"name": "Robot", "language_code": "en"})
        chat = came.json()["id"]
        played.people["robot"] = chat
        phone = Phone(client, chat, lambda: played.turn("robot"))
        robot = Robot(played, phone, Random(seed))  # noqa: S311 - which answers, not secrets.
        try:
            end = await robot.fill_in()
            _expect_same(robot, end, await _sent(played))
        except (Stuck, FillError, KeyError) as why:
            told = "\n".join(phone.log[-LOG_LINES_SHOWN:])
            raise AssertionError(f"seed {seed!r}: {why}\n{told}") from why


async def _sent(played: Stage) -> str:
    async with played.store.reading() as reading:
        (submission,) = await submissions.of_programme(reading, played.programme.name)
    return submission.xml


def _expect_same(robot: Robot, end: Standing, sent: str) -> None:
    form = end.instance.form
    surroundings = replace(end.instance.surroundings, now=end.scene.now)
    pairs = robot.memory.pairs(form)
    filled = fill(form, pairs, surroundings)
    if (one := ET.canonicalize(sent)) != (other := ET.canonicalize(filled.submission.xml)):
        answers = "\n".join(f"{path} = {value!r}" for path, value in pairs)
        raise Stuck(f"another report.\nchat: {one}\nfill: {other}\n{answers}")
