"""Read one form from a file, a workbook or an XForm, and say all there is to say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Final

from conversations.sheets import Sheets, read_sheets
from conversations.xform.advice import advise, asks_nothing
from conversations.xform.form import Form
from conversations.xform.problems import FormError, FormProblem
from conversations.xform.reader import read_form
from storage.workbooks import convert, rest_of

SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".md", ".csv", ".xml"})
XFORM_BYTES_MAX: Final = 20 * 2**20
MEDIA_BYTES_MAX: Final = 100 * 2**20

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})
PICTURE_BYTES_ADVISED_MAX: Final = 200_000
VOICES: Final = frozenset({".ogg", ".oga", ".opus"})
OGG_HEAD_BYTES: Final = 200
"""The first page of an Ogg file names what is inside."""

Locate = Callable[[FormProblem], FormProblem]


NO_SHEETS: Final = Sheets()


def _as_it_is(problem: FormProblem) -> FormProblem:
    return problem


@dataclass(frozen=True, slots=True)
class ReadForm:
    """What came of one file: a form, or the problems that stand in its way; warnings beside it."""

    path: Path
    form: Form | None
    problems: tuple[FormProblem, ...]
    sheets: Sheets = field(default=NO_SHEETS, repr=False)
    locate: Locate = field(default=_as_it_is, repr=False)
    """Finds the place of a problem that is found later, among the other forms."""


def read_file(path: Path, media: Mapping[str, bytes], cache_folder: Path | None) -> ReadForm:
    """Read a form and say all that its author should know, errors first; raises only OSError."""
    return read_content(path.read_bytes(), path, media, cache_folder)


def read_content(
    content: bytes, path: Path, media: Mapping[str, bytes], cache_folder: Path | None
) -> ReadForm:
    """Read a form from its bytes; `path` names it and need not be there."""
    if path.suffix.lower() == ".xml":
        return _read_xform(path, content, media)
    try:
        workbook = convert(content, path.name, cache_folder)
    except FormError as refused:
        return _refused(content, path, media, refused.problems, cache_folder)
    try:
        return _read(path, workbook.xform, media, workbook.warnings, workbook.located)
    except FormError as refused:
        problems = (*map(workbook.located, refused.problems), *workbook.warnings)
        return _refused(content, path, media, problems, cache_folder)


def _refused(
    content: bytes,
    path: Path,
    media: Mapping[str, bytes],
    problems: Sequence[FormProblem],
    cache_folder: Path | None,
) -> ReadForm:
    """Say why a workbook is refused, and what else there is to mend in it."""
    wrong = tuple(problem for problem in problems if problem.level == "error")
    return ReadForm(
        path, None, _all_told(problems, _beside(content, path, media, wrong, cache_folder))
    )


def _read_xform(path: Path, content: bytes, media: Mapping[str, bytes]) -> ReadForm:
    try:
        return _read(path, _bounded(content), media, (), _without_sheet)
    except FormError as refused:
        return ReadForm(path, None, tuple(map(_without_sheet, refused.problems)))


def _beside(
    content: bytes,
    path: Path,
    media: Mapping[str, bytes],
    problems: Sequence[FormProblem],
    cache_folder: Path | None,
) -> Iterable[FormProblem]:
    """Say what a refused workbook has of other mistakes and of warnings, as if it were read."""
    rest = rest_of(content, path.name, problems, cache_folder)
    if rest is None:
        return ()
    try:
        form = read_form(rest.workbook.xform, media)
    except FormError as refused:
        found = refused.problems
    else:
        found = (*form.warnings, *advise(form, whole=False), *read_sheets(form)[1])
    return (*rest.mistakes, *rest.workbook.warnings, *rest.told(found))


def _all_told(*groups: Iterable[FormProblem]) -> tuple[FormProblem, ...]:
    """Put errors before warnings, each once."""
    told = dict.fromkeys(problem for group in groups for problem in group)
    return tuple(sorted(told, key=lambda problem: problem.level))


def _without_sheet(problem: FormProblem) -> FormProblem:
    """Leave out the sheet: an XForm has none."""
    return replace(problem, sheet=None)


def _bounded(content: bytes) -> bytes:
    if len(content) > XFORM_BYTES_MAX:
        raise FormError([FormProblem("This XForm has more than 20 MB.", "Make it smaller.")])
    return content


def _read(
    path: Path,
    xform: bytes,
    media: Mapping[str, bytes],
    warnings: Iterable[FormProblem],
    locate: Locate,
) -> ReadForm:
    """Return what came of an XForm; FormError with places of its own where it is none."""
    form = read_form(xform, media)
    nothing = asks_nothing(form)
    sheets, beside = read_sheets(form)
    advice = (*form.warnings, *([nothing] if nothing else ()), *advise(form), *beside)
    told = (*warnings, *map(locate, advice))
    if any(problem.level == "error" for problem in told):
        return ReadForm(path, None, _all_told(told))
    return ReadForm(path, form, told, sheets, locate)


def form_files(folder: Path) -> list[Path]:
    """List the forms in a folder by name, without read-me files and what editors leave behind."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES
        and path.stem.lower() != "readme"
        and not path.name.startswith(("~$", ".", "_"))
        and path.is_file()
    )


def read_media(*folders: Path) -> dict[str, bytes]:
    """Read the files that travel with forms, by name; the first folder that has a name wins.

    FormError when they are together larger than `MEDIA_BYTES_MAX`.
    """
    found: dict[str, bytes] = {}
    room = MEDIA_BYTES_MAX
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name.startswith(".") or path.name in found or not path.is_file():
                continue
            room -= path.stat().st_size
            if room < 0:
                what = "The media files are together larger than 100 MB."
                raise FormError([FormProblem(what, "Make pictures and sounds smaller.")])
            found[path.name] = path.read_bytes()
    return found


def heavy_media(media: Mapping[str, bytes]) -> Iterable[FormProblem]:
    """Advise about pictures that cost a phone too much, and sounds it would not play at once."""
    for name, content in media.items():
        suffix = PurePath(name).suffix.lower()
        if suffix in PICTURES and len(content) > PICTURE_BYTES_ADVISED_MAX:
            what = f"This picture has {len(content) // 1000} kB, which is dear on a phone."
            mend = f"Make it smaller: {PICTURE_BYTES_ADVISED_MAX // 1000} kB are enough."
            yield FormProblem(what, mend, level="warning", file=f"media/{name}")
        if suffix in VOICES and b"OpusHead" not in content[:OGG_HEAD_BYTES]:
            what = "This sound is not Opus, so Telegram does not show it as a voice message."
            mend = "Convert it to Ogg with Opus inside, at 16 to 24 kbit/s."
            yield FormProblem(what, mend, level="warning", file=f"media/{name}")


def in_file(file: str, problems: Iterable[FormProblem]) -> list[FormProblem]:
    """Return the problems with the file they stand in."""
    return [replace(problem, file=problem.file or file) for problem in problems]
