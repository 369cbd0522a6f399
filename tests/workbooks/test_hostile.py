"""Broken, hostile and mistaken files are refused at once, in words an author understands."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import pytest

from conversations.xform.problems import FormError
from storage.workbooks import convert
from tests.workbooks.making import HONEST, with_part, workbook_of, zip_of

SECONDS_MAX = 2.0
"""Processor time of this process and the cage together: other work on the machine is no fault."""

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
CONTENT_TYPES = {"[Content_Types].xml": b"<Types/>"}


def rows(count: int) -> bytes:
    """Write a sheet's XML with so many filled rows."""
    filled = "".join(f'<row r="{i}"><c><v>{i * 7919}</v></c></row>' for i in range(count))
    return f"<worksheet><sheetData>{filled}</sheetData>".encode()


def strings(count: int) -> bytes:
    """Write so many different shared texts."""
    return "".join(f"<si><t>{i * 7919}</t></si>" for i in range(count)).encode()


def formats(count: int) -> bytes:
    """Write so many different cell formats."""
    return "".join(f'<xf numFmtId="0" fontId="{i}"/>' for i in range(count)).encode()


def after(start: bytes, added: bytes) -> Callable[[bytes], bytes]:
    """Put bytes in behind the first place where `start` ends."""
    return lambda part: part.replace(start, start + added, 1)


def survey(*lines: str) -> bytes:
    """Write a survey as a Markdown table."""
    return "\n".join(("| survey |", "| | type | name | label | relevant |", *lines)).encode()


def deep_groups(count: int) -> bytes:
    """Nest groups so many deep."""
    begins = [f"| | begin_group | g{i} | G | |" for i in range(count)]
    return survey(*begins, "| | text | a | A | |", *["| | end_group | | | |"] * count)


def workbook() -> bytes:
    """Return an honest workbook to be spoiled."""
    return workbook_of(HONEST)


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty file": ("form.xlsx", lambda: b"", "empty"),
    "blank lines": ("form.md", lambda: b"\n \n", "empty"),
    "a PDF": ("form.xlsx", lambda: b"%PDF-1.7\n" + bytes(100), "PDF"),
    "a picture named .xlsx": ("form.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
    "a sentence named .xlsx": ("form.xlsx", lambda: b"hello\n", "text, not a workbook"),
    "noise": ("form.xlsx", lambda: bytes(range(1, 256)) * 20, "neither a workbook"),
    "a web page": ("form.csv", lambda: b"<!DOCTYPE html><html>, , , ,</html>", "web page"),
    "plain words": ("form.md", lambda: b"Dear all, please find the form below.", "Markdown table"),
    "a Word document": (
        "form.xlsx",
        lambda: zip_of({**CONTENT_TYPES, "word/document.xml": b"<w/>"}),
        "Word",
    ),
    "a LibreOffice spreadsheet": ("form.ods", lambda: zip_of({"content.xml": b"<o/>"}), "xlsx"),
    "a zip of something else": ("form.xlsx", lambda: zip_of({"a.txt": b"a"}), "zip archive"),
    "a workbook without sheets": ("form.xlsx", lambda: zip_of(CONTENT_TYPES), "No form was found"),
    "a locked workbook": (
        "form.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "an old Word document": ("form.xls", lambda: OLE + "WordDocument".encode("utf-16-le"), "Word"),
    "a broken old workbook": (
        "form.xls",
        lambda: OLE + "Workbook".encode("utf-16-le") + bytes(5000),
        "No form was found",
    ),
    "a workbook cut in half": ("form.xlsx", lambda: workbook()[: len(workbook()) // 2], "damaged"),
    "a damaged part": (
        "form.xlsx",
        lambda: workbook().replace(b"PK\x03\x04", b"PK\x03\x04\xff", 1)[:-1] + b"\0",
        "damaged",
    ),
    "a file of 6 MB": ("form.xlsx", lambda: workbook() + bytes(6 * 2**20), "6.0 MB"),
    "a zip bomb": (
        "form.xlsx",
        lambda: with_part(workbook(), "xl/bomb.xml", lambda _: bytes(50 * 2**20)),
        "unpacks to far more",
    ),
    "a small zip bomb": (
        "form.xlsx",
        lambda: with_part(workbook(), "xl/bomb.xml", lambda _: b" " * (8 * 2**20)),
        "unpacks to far more",
    ),
    "a thousand parts": (
        "form.xlsx",
        lambda: zip_of({**CONTENT_TYPES, **{f"xl/{i}.xml": b"" for i in range(1000)}}),
        "parts inside",
    ),
    "half a million rows": (
        "form.xlsx",
        lambda: with_part(workbook(), SHEET, lambda _: rows(500_000)),
        "filled cells",
    ),
    "half a million shared texts": (
        "form.xlsx",
        lambda: with_part(workbook(), "xl/sharedStrings.xml", lambda _: strings(300_000)),
        "filled cells",
    ),
    "a hundred thousand cell formats": (
        "form.xlsx",
        lambda: with_part(
            workbook(), "xl/styles.xml", after(b'<cellXfs count="1">', formats(100_000))
        ),
        "too long to understand",
    ),
    "an external entity": (
        "form.xlsx",
        lambda: with_part(
            workbook(),
            SHEET,
            lambda part: b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + part,
        ),
        "document type",
    ),
    "an external entity in UTF-16": (
        "form.xlsx",
        lambda: with_part(
            workbook(), SHEET, lambda _: '<!DOCTYPE w [<!ENTITY e "e">]><w/>'.encode("utf-16")
        ),
        "document type",
    ),
    "a part in an unusual encoding": (
        "form.xlsx",
        lambda: with_part(
            workbook(), SHEET, lambda _: b"<?xml version='1.0' encoding='UTF-7'?>+ADw-w/+AD4-"
        ),
        "unusual encoding",
    ),
    "a million lines": ("form.md", lambda: b"| | a |\n" * 600_000, "lines"),
    "one endless line": ("form.md", lambda: b"| survey |\n" + b"|a" * 200_000, "Line 2"),
    "a quotation mark never closed": (
        "form.csv",
        lambda: b'survey,,,,\n,type,name,label,\n,text,a,"' + b"a\n" * 15_000 * 5,
        "lines",
    ),
    "a cell without end": (
        "form.csv",
        lambda: b'survey,,,,\n,type,name,label,\n,text,a,"' + b"a" * 150_000,
        "No form was found",
    ),
    "columns parted by semicolons": (
        "form.csv",
        lambda: b"survey;;\n;type;name;label\n;text;a;A\n",
        "semicolons",
    ),
    "hash signs that make a regular expression run for ever": (
        "form.md",
        lambda: b"| survey |\n" + b"#" * 199_000 + b"|\n" + b"| | type |\n" * 5,
        "survey",
    ),
    "a cell too long": ("form.md", lambda: survey(f"| | text | a | {'a' * 40_000} | |"), "32,767"),
    "an expression of brackets": (
        "form.md",
        lambda: survey(f"| | text | a | A | {'(' * 30_000}${{b}} |"),
        "no question has that name",
    ),
    "references never closed": (
        "form.md",
        lambda: survey(f"| | text | a | A | {'${' * 15_000} |"),
        "without its '}'",
    ),
    "groups nested a thousand deep": ("form.md", lambda: deep_groups(1000), "nested too deeply"),
}


def processor_seconds() -> float:
    """Return what this process and its ended children have used so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused(case: str) -> None:
    """A file that is no form is refused within two seconds, with what is wrong and what to do."""
    name, build, says = HOSTILE[case]
    content = build()
    began = processor_seconds()
    with pytest.raises(FormError) as refused:
        convert(content, name)
    assert processor_seconds() - began < SECONDS_MAX
    assert says in str(refused.value)
    assert all(problem.what and problem.mend for problem in refused.value.problems)
    assert len(str(refused.value)) < 3000
