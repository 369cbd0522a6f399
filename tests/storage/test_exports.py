"""Exports: what a coordinator and a statistician find in the folder."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from conversations.programme import Consent, Programme
from conversations.replies import KeepAttachment, KeepSubmission
from conversations.reviewing.published import Figure
from conversations.session import Session
from conversations.xform.form import Bind, Form, Repeat
from conversations.xform.model import read_model_node
from conversations.xform.plan import Plan
from storage import (
    attachments,
    consents,
    contacts,
    count_asks,
    counts,
    figure_cases,
    sessions,
    submissions,
)
from storage.errors import StorageUnavailable
from storage.exports import export
from storage.files import Files
from storage.reporters import Reporter
from storage.store import Store

NOW = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
AMINA = 7_001_002_003
SESSION = Session("5" * 32, "sw", "summary")


def birth() -> Form:
    """Return a form with a text, a place, a picture and a repeat."""
    instance = "<data><say/><at/><photo/><child><name/></child></data>"
    return Form(
        form_id="birth",
        version="2",
        title="Birth",
        languages=(),
        default_language="",
        body=(),
        model=read_model_node(etree.fromstring(instance)),
        binds={"/data/at": Bind("/data/at", "geopoint")},
        elements={"/data/child": Repeat("/data/child", "child", ())},
        texts={},
        plan=Plan(places={}, steps=(), readers={}),
    )


@pytest.fixture
def programme() -> Programme:
    """Return a programme with one form."""
    return Programme(
        name="mch",
        title={},
        about={},
        help={},
        languages=("sw",),
        zone=ZoneInfo("Africa/Nairobi"),
        safety="normal",
        consent=Consent("v1", {}),
        offered=(("birth", "2"),),
        forms={("birth", "2"): birth()},
    )


async def send(
    store: Store, number: int, xml: str, version: str = "2", form_id: str = "birth", *names: str
) -> None:
    """Keep a submission and the names of its attachments."""
    reporter = store.reporter("mch", AMINA)
    at = NOW + timedelta(minutes=number)
    async with store.unit() as unit:
        await consents.keep(unit, reporter, "mch", "v1", "sw", agreed=True, now=NOW)
        await sessions.keep(unit, reporter, "mch", SESSION, at)
        for name in names:
            sent = KeepAttachment(name, f"file of {name}", "image/jpeg", None, f"this is {name}")
            await attachments.expect(unit, SESSION.key, sent, at)
        kept = KeepSubmission(f"uuid:{number}", form_id, version, "sw", "4T7K", xml, names)
        await submissions.keep(unit, reporter, "mch", kept, at)
        await attachments.belong(unit, SESSION.key, kept.instance_id, names)
        await sessions.end(unit, reporter, "mch")


async def fetch(store: Store, files: Files, name: str, content: bytes) -> None:
    """Keep the bytes of the attachment with a name and let the others wait."""
    async with store.unit() as unit:
        claimed = await attachments.claim(unit, NOW + timedelta(days=1), 99, 0)
    for one in claimed:
        if one.name == name:
            sha256 = await files.keep(content)
            async with store.unit() as unit:
                await attachments.kept(unit, one, sha256, len(content))


def written(folder: Path) -> dict[str, str]:
    """Return the files below a folder by their place."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


async def test_layout(store: Store, programme: Programme, tmp_path: Path) -> None:
    """A form's folder holds its tables, its media and what is missing, and nobody's identity."""
    files = Files(tmp_path)
    xml = """<data><say>=1+1, "kweli"</say><at>-1.29 36.82 0 5</at><photo>a.jpg</photo>
      <child><name>Naserian</name></child><child><name>-Lemayan</name></child></data>"""
    await send(store, 1, xml, "2", "birth", "a.jpg", "b.jpg")
    await fetch(store, files, "a.jpg", b"jpeg")
    exported = await export(store, programme, files, tmp_path / "out")
    assert str(exported) == (
        "1 submission and 1 attachment (1 more are not here: missing-attachments.csv)"
    )
    assert written(tmp_path / "out") == {
        "birth/birth.csv": (
            "SubmissionDate,say,at-Latitude,at-Longitude,at-Altitude,at-Accuracy,photo,KEY,"
            "SubmitterID,SubmitterName,AttachmentsPresent,AttachmentsExpected,Status,ReviewState,"
            "DeviceID,Edits,FormVersion,Receipt,Language,ConsentVersion\n"
            '2026-11-22T09:31:15.000Z,"\'=1+1, ""kweli""",-1.29,36.82,0,5,a.jpg,uuid:1,'
            ",,1,2,,received,,0,2,4T7K,sw,v1\n"
        ),
        "birth/birth-child.csv": (
            "name,PARENT_KEY,KEY\n"
            "Naserian,uuid:1,uuid:1/child[1]\n"
            "'-Lemayan,uuid:1,uuid:1/child[2]\n"
        ),
        "birth/media/a.jpg": "jpeg",
        "birth/captions.csv": (
            "KEY,Attachment,Caption\nuuid:1,a.jpg,this is a.jpg\nuuid:1,b.jpg,this is b.jpg\n"
        ),
        "birth/missing-attachments.csv": "KEY,Attachment,State,Reason\nuuid:1,b.jpg,waiting,\n",
    }


async def test_nothing_sent(store: Store, programme: Programme, tmp_path: Path) -> None:
    """A form without submissions is exported with its headings alone."""
    assert str(await export(store, programme, Files(tmp_path), tmp_path / "out")) == (
        "0 submissions and 0 attachments"
    )
    assert (tmp_path / "out/birth/birth-child.csv").read_text() == "name,PARENT_KEY,KEY\n"


async def test_again(store: Store, programme: Programme, tmp_path: Path) -> None:
    """The same submissions make the same bytes, and a later export takes the earlier's place."""
    out = tmp_path / "out"
    await send(store, 1, "<data><say>a</say></data>")
    await export(store, programme, Files(tmp_path), out)
    before = written(out)
    await export(store, programme, Files(tmp_path), out)
    assert written(out) == before
    await send(store, 2, "<data><say>b</say></data>")
    await export(store, programme, Files(tmp_path), out)
    assert len(written(out)["birth/birth.csv"].splitlines()) == 3
    assert [path.name for path in out.iterdir()] == ["birth"]


async def test_versions_unknown(store: Store, programme: Programme, tmp_path: Path) -> None:
    """Submissions of versions or forms that the programme no longer has are exported whole."""
    await send(store, 1, "<data><say>a</say><old>b</old></data>", version="1")
    await send(store, 2, "<gone><g><x>c</x></g></gone>", form_id="../gone")
    await export(store, programme, Files(tmp_path), tmp_path / "out")
    lines = (tmp_path / "out/birth/birth.csv").read_text().splitlines()
    assert ",old,KEY," in lines[0]
    assert ",b,uuid:1," in lines[1]
    assert ",c,uuid:2," in (tmp_path / "out/_gone/_gone.csv").read_text()


async def test_names_taken_twice(store: Store, programme: Programme, tmp_path: Path) -> None:
    """Two people's files of one name are both there."""
    files = Files(tmp_path)
    for number in (1, 2):
        await send(store, number, "<data/>", "2", "birth", "../a.jpg")
        await fetch(store, files, "../a.jpg", str(number).encode())
    await export(store, programme, files, tmp_path / "out")
    assert written(tmp_path / "out/birth/media") == {"_a.jpg": "1", "uuid_2/_a.jpg": "2"}


async def test_leaves_other_folders(store: Store, programme: Programme, tmp_path: Path) -> None:
    """A folder that is no export is not replaced."""
    precious = tmp_path / "out/birth/thesis.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    with pytest.raises(StorageUnavailable, match="no earlier export"):
        await export(store, programme, Files(tmp_path), tmp_path / "out")
    assert written(tmp_path / "out") == {"birth/thesis.txt": "mine"}


async def test_unwritable(store: Store, programme: Programme, tmp_path: Path) -> None:
    """Where nothing can be written, one line says so."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="choose another --out"):
        await export(store, programme, Files(tmp_path), tmp_path / "file/out")


async def test_older_version_is_known(store: Store, programme: Programme, tmp_path: Path) -> None:
    """The version on offer sets the order of columns, whatever the others are called."""
    older = replace(
        birth(), version="9", model=read_model_node(etree.fromstring("<data><z/><say/></data>"))
    )
    both = replace(programme, forms={**programme.forms, ("birth", "9"): older})
    await export(store, both, Files(tmp_path), tmp_path / "out")
    heading = (tmp_path / "out/birth/birth.csv").read_text()
    assert heading.startswith("SubmissionDate,say,at-Latitude")
    assert ",photo,z,KEY" in heading


async def test_a_changed_report_is_one_row(
    store: Store, programme: Programme, tmp_path: Path
) -> None:
    """A report stands there as it is now, under its original's id and moment, its edits counted."""
    await send(store, 1, "<data><say>before</say></data>")
    reporter = store.reporter("mch", AMINA)
    edit = KeepSubmission(
        *("uuid:2", "birth", "2", "sw", "4T7K", "<data><say>after</say></data>", ()),
        replaces="uuid:1",
    )
    async with store.unit() as unit:
        await submissions.keep(unit, reporter, "mch", edit, NOW + timedelta(hours=5))
    exported = await export(store, programme, Files(tmp_path), tmp_path / "out")
    assert exported.submissions == 1
    with (tmp_path / "out" / "birth" / "birth.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["KEY"], row["say"], row["Edits"]) == ("uuid:1", "after", "1")
    assert row["SubmissionDate"].startswith((NOW + timedelta(minutes=1)).isoformat()[:16])


async def test_what_was_changed_is_listed(
    store: Store, programme: Programme, tmp_path: Path
) -> None:
    """Each answer that differs has a line, before and after; an edit alike has none."""
    await send(store, 1, "<data><say>before</say><child><name>A</name></child></data>")
    reporter = store.reporter("mch", AMINA)
    versions = (
        "<data><say>before</say><child><name>=B</name></child><child><name>C</name></child></data>",
        "<data><say/><child><name>=B</name></child></data>",
        "<data><say/><child><name>=B</name></child></data>",
    )
    for number, xml in enumerate(versions, 2):
        edit = KeepSubmission(
            *(f"uuid:{number}", "birth", "2", "sw", "4T7K", xml, ()), replaces=f"uuid:{number - 1}"
        )
        async with store.unit() as unit:
            await submissions.keep(unit, reporter, "mch", edit, NOW + timedelta(hours=number))
    await export(store, programme, Files(tmp_path), tmp_path / "out")
    listed = (tmp_path / "out" / "birth" / "changed-answers.csv").read_text("utf-8")
    assert listed == (
        "KEY,Edit,EditDate,RowKEY,Column,Before,After\n"
        "uuid:1,1,2026-11-22T11:30:15.000Z,uuid:1/child[1],name,A,'=B\n"
        "uuid:1,1,2026-11-22T11:30:15.000Z,uuid:1/child[2],name,,C\n"
        "uuid:1,2,2026-11-22T12:30:15.000Z,uuid:1,say,before,\n"
        "uuid:1,2,2026-11-22T12:30:15.000Z,uuid:1/child[2],name,C,\n"
    )


async def test_the_consent_is_the_one_that_stood_when_it_was_sent(
    store: Store, programme: Programme, tmp_path: Path
) -> None:
    """A text agreed to afterwards is not told of a report sent before."""
    await send(store, 1, "<data><say>x</say></data>")
    reporter = store.reporter("mch", AMINA)
    async with store.unit() as unit:
        later = NOW + timedelta(days=1)
        await consents.keep(unit, reporter, "mch", "v2", "en", agreed=True, now=later)
    await export(store, programme, Files(tmp_path), tmp_path / "out")
    with (tmp_path / "out" / "birth" / "birth.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Language"], row["ConsentVersion"]) == ("sw", "v1")


async def test_published_numbers_that_people_doubt(
    store: Store, programme: Programme, tmp_path: Path
) -> None:
    """A line for each says what was published, what stands now, and how many said what is wrong."""
    figure = Figure("2026-10", "birth", "hill")
    async with store.unit() as unit:
        case = await figure_cases.open_(unit, "mch", figure, 1, 12, NOW)
        for number, reason in ((1, "high"), (2, "high"), (3, "harm")):
            contact = await contacts.meet(unit, 50 + number, NOW)
            about = (case.number, Reporter(f"doubter {number}"), contact.id, reason, NOW)
            await figure_cases.raise_(unit, store, *about)
        decided = {"state": "decided", "outcome": "corrected", "decided_at": NOW, "after": 9}
        await figure_cases.keep(unit, replace(case, **decided), NOW, case.version)
    await export(store, programme, Files(tmp_path / "files"), tmp_path / "out")
    with (tmp_path / "out" / "birth" / "doubted-figures.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row.values()) == [
        *("2026-10", "hill", "12", "9", "corrected", "2026-11-22T09:30:15.000Z"),
        *("2", "0", "0", "1", "0"),
    ]


async def test_numbers_that_people_looked_at(
    store: Store, programme: Programme, tmp_path: Path
) -> None:
    """A line for each number says what people were told, what it is now, and what they said.

    So it does of those who found that it should not be asked, and of what came of that.
    """
    number = counts.Number("mch", "birth", "births", "2026-10", "hill")
    async with store.unit() as unit:
        check = await counts.begin(unit, number, "2", 12, NOW, NOW + timedelta(days=7))
        assert check is not None
        await counts.keep(unit, replace(check, state="ended", says="few"))
        for who, said in (("juma", "few"), ("zawadi", "few"), ("baraka", "dk")):
            ask = await count_asks.plan(unit, check.id, Reporter(who), NOW)
            assert ask is not None
            await count_asks.answer(unit, ask, said, NOW, late=False)
        await count_asks.object_to(unit, ask, "who")
        await count_asks.decide(unit, check.id, "kept")
        await counts.decide(unit, check.id, "kept")
    await export(store, programme, Files(tmp_path / "files"), tmp_path / "out")
    lines = (tmp_path / "out" / "birth" / "checked-counts.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("Count,Place,Month,Asked,Now,AboutRight,TooFew")
    assert lines[1:] == ["births,hill,2026-10,12,0,0,2,0,1,few,2,ended,1,0,1,0,0,kept"]
