"""A look at a file before anything reads it: is it a workbook, and of bearable size.

`look` decides by content, not by name alone, and refuses in milliseconds what would otherwise
keep the converter busy: zip bombs, millions of rows, document types, locked workbooks, and files
that are something else. It decompresses at most `UNZIPPED_BYTES_MAX` and parses no XML.
Formulas and macros are neither run nor refused: only the values a spreadsheet kept are read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Final, Literal, NoReturn, TypeAlias

from conversations.xform.problems import FormError, FormProblem

FILE_BYTES_MAX: Final = 5 * 2**20
UNZIPPED_BYTES_MAX: Final = 40 * 2**20
ENTRIES_MAX: Final = 200
RATIO_MAX: Final = 200
"""How far a large part may shrink; a sheet full of text shrinks ten- to fortyfold."""
RATIO_APPLIES_FROM_BYTES: Final = 2**20
CELLS_MAX: Final = 200_000
LINES_MAX: Final = 40_000
LINE_LENGTH_MAX: Final = 200_000

Kind: TypeAlias = Literal[".xlsx", ".xls", ".csv", ".md"]

_SAVE_AS_XLSX = "Open it in your spreadsheet program and save it as an Excel workbook (.xlsx)."
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SOMETHING_ELSE: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_IN_OLE: Final = (
    ("EncryptedPackage", "This workbook is locked with a password.", "Save it without a password."),
    ("WordDocument", "This is a Word document, not a workbook.", "Write the form in a workbook."),
    ("PowerPoint Document", "This is a presentation.", "Write the form in a workbook."),
)
_IN_ZIP: Final = (
    ("word/", "a Word document", "Write the form in a workbook (.xlsx)."),
    ("ppt/", "a presentation", "Write the form in a workbook (.xlsx)."),
    ("xl/workbook.bin", "a binary workbook (.xlsb)", _SAVE_AS_XLSX),
    ("content.xml", "a LibreOffice document", _SAVE_AS_XLSX),
)
_MARKUP: Final = ("<?xml", "<!doctype", "<html", "<h:html", "<svg")
_FILLED: Final = re.compile(rb"<(?:\w+:)?(?:v|is|si)[ >/]")
_DOCTYPES: Final = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"']([\w.:-]+)")
_PLAIN_ENCODINGS: Final = frozenset({b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"})
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What the file is, and about how many cells or lines must be read."""

    kind: Kind
    size: int


def look(content: bytes, file_name: str) -> Look:
    """Say what kind of workbook the bytes are; FormError if none, or one too large to read.

    The limits are those of decision 1 in the architecture: a file of 5 MB, 40 MB unzipped,
    200 parts.
    """
    if not content.strip():
        _refuse("This file is empty.", "Write at least the sheets survey and settings.")
    if len(content) > FILE_BYTES_MAX:
        _refuse(
            f"This file has {len(content) / 2**20:.1f} MB; a form may have 5.",
            "Take out pictures and sheets that are not part of the form.",
        )
    if content.startswith(_ZIP):
        return Look(".xlsx", _cells_of_zip(content))
    if content.startswith(_OLE):
        return Look(".xls", _cells_of_ole(content))
    for magic, name in _SOMETHING_ELSE:
        if content.startswith(magic):
            _refuse(f"This is {name}, not a workbook.", _SAVE_AS_XLSX)
    return _look_at_text(content, PurePath(file_name).suffix.lower())


def _refuse(what: str, mend: str) -> NoReturn:
    raise FormError([FormProblem(what, mend)])


def _cells_of_zip(content: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive, len(content))
            return _count_cells(archive)
    except _BROKEN_ZIP as broken:
        raise FormError(
            [
                FormProblem(
                    "This workbook is damaged: it ends too early or parts of it cannot be read.",
                    "Open it in your spreadsheet program, save it again and send it once more.",
                )
            ]
        ) from broken


def _check_directory(archive: zipfile.ZipFile, file_bytes: int) -> None:
    """Refuse by the zip's own list of contents, before a byte of them is unpacked."""
    entries = archive.infolist()
    if len(entries) > ENTRIES_MAX:
        _refuse(
            f"This workbook has {len(entries)} parts inside; a form may have {ENTRIES_MAX}.",
            "Copy the sheets of the form into a new workbook.",
        )
    unzipped_bytes = sum(entry.file_size for entry in entries)
    overlapping = sum(entry.compress_size for entry in entries) > file_bytes
    inflated = any(
        entry.file_size > RATIO_APPLIES_FROM_BYTES
        and entry.file_size > RATIO_MAX * max(entry.compress_size, 1)
        for entry in entries
    )
    if unzipped_bytes > UNZIPPED_BYTES_MAX or overlapping or inflated:
        _refuse(
            "This workbook unpacks to far more than a form holds.",
            "Copy only the cells of the form into a new workbook, without whole empty columns.",
        )
    _check_contents(archive, entries)


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    names = archive.namelist()
    if any(entry.flag_bits & 1 for entry in entries):
        _refuse("This file is locked with a password.", "Save it without a password.")
    for start, name, mend in _IN_ZIP:
        if any(found.startswith(start) for found in names):
            _refuse(f"This is {name}, not an Excel workbook.", mend)
    methods = {entry.compress_type for entry in entries}
    if not methods <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        _refuse("This workbook is packed in a way spreadsheets do not use.", _SAVE_AS_XLSX)
    if "[Content_Types].xml" not in names:
        _refuse("This is a zip archive, not a workbook.", "Send the workbook itself.")


def _count_cells(archive: zipfile.ZipFile) -> int:
    cells = 0
    for entry in archive.infolist():
        part = archive.read(entry)
        _check_part(part, entry.filename)
        cells += sum(1 for _ in islice(_FILLED.finditer(part), CELLS_MAX + 1))
        if cells > CELLS_MAX:
            _refuse(
                f"This workbook has more than {CELLS_MAX:,} filled cells.",
                "Take out sheets with data; put a very long choice list into a CSV file in the "
                "folder media and ask it with select_one_from_file.",
            )
    return cells


def _check_part(part: bytes, name: str) -> None:
    """Refuse document types: they can name other files, and entities that grow without end."""
    encoding = _ENCODING.search(part, 0, 200)
    disguised = encoding and encoding[1].lower() not in _PLAIN_ENCODINGS
    if disguised or any(word in part for word in _DOCTYPES):
        _refuse(
            f"The part {name} of this workbook was not written by a spreadsheet program: "
            "it declares a document type or an unusual encoding.",
            "Copy the sheets of the form into a new workbook.",
        )


def _cells_of_ole(content: bytes) -> int:
    """Tell an old Excel workbook from the other documents in the same wrapping."""
    for stream, what, mend in _IN_OLE:
        if stream.encode("utf-16-le") in content:
            _refuse(what, mend)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        _refuse("This is not a workbook.", _SAVE_AS_XLSX)
    return min(len(content) // 20, CELLS_MAX)


def _look_at_text(content: bytes, suffix: str) -> Look:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        _refuse(
            "This is neither a workbook nor text in UTF-8.",
            "Save it as an Excel workbook (.xlsx), or as 'CSV UTF-8'.",
        )
    if text.lstrip()[:9].lower().startswith(_MARKUP):
        _refuse(
            "This is a web page or an XML file, not a workbook.",
            "If it is a finished XForm, give it the ending .xml.",
        )
    _check_lines(text)
    return Look(_kind_of_text(text, suffix), text.count("\n") + 1)


def _check_lines(text: str) -> None:
    if text.count("\n") > LINES_MAX:
        _refuse(
            f"This file has more than {LINES_MAX:,} lines.",
            "Put a long choice list into a CSV file in the folder media (select_one_from_file).",
        )
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_LENGTH_MAX:
            raise FormError(
                [
                    FormProblem(
                        f"Line {number} has {len(line):,} characters.",
                        f"Keep lines under {LINE_LENGTH_MAX:,} characters.",
                        row=number,
                    )
                ]
            )


def _kind_of_text(text: str, suffix: str) -> Kind:
    if suffix in {".xlsx", ".xls"} and text.count("|", 0, 5000) + text.count(",", 0, 5000) < 4:  # noqa: PLR2004 - as below.
        _refuse(f"This is text, not a workbook, although its name ends in {suffix}.", _SAVE_AS_XLSX)
    if suffix == ".csv":
        _check_commas(text)
        return ".csv"
    if suffix in {".md", ".markdown"} or text.count("|", 0, 5000) >= text.count(",", 0, 5000):
        _check_pipes(text)
        return ".md"
    _check_commas(text)
    return ".csv"


def _check_pipes(text: str) -> None:
    if text.count("|", 0, 5000) < 5:  # noqa: PLR2004 - pyxform asks for five, in the same stretch.
        _refuse(
            "This text holds no Markdown table.",
            "Write the sheets as tables: | survey | on one line, then | | type | name | label |.",
        )


def _check_commas(text: str) -> None:
    opening = text[:5000]
    if opening.count(",") >= 4:  # noqa: PLR2004 - pyxform asks for four, in the same stretch.
        return
    if opening.count(";") > opening.count(","):
        _refuse(
            "The columns of this CSV file are separated by semicolons.",
            "Save it with commas between the columns, or as an Excel workbook (.xlsx).",
        )
    _refuse("This text is no CSV form.", "Save the form as an Excel workbook (.xlsx).")
