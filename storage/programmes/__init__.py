"""Read a programme's folder, or a single form, and say everything that is wrong with it.

    programme.toml      what it is called and promises      `declaration`
    forms/              workbooks, Markdown tables, XForms  `forms`
    media/              files that travel with the forms    `forms`
    areas.geojson       where it works                      `areas`

`load_programme` and `load_form` raise FormError with all errors of all files at once; `check`
returns them, with warnings and advice, and raises nothing but OSError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from conversations.areas import Area
from conversations.programme import Consent, FormKey, Limits, Programme
from conversations.sheets import Sheets, read_sheets
from conversations.sheets.chains import chain_problems, safety_problems
from conversations.xform.form import Form, Question
from conversations.xform.languages import NO_LANGUAGE
from conversations.xform.offered import names_offered
from conversations.xform.problems import FormError, FormProblem
from storage.programmes import areas as area_file
from storage.programmes import declaration as declaration_file
from storage.programmes.declaration import Declaration
from storage.programmes.forms import (
    ReadForm,
    form_files,
    heavy_media,
    in_file,
    read_content,
    read_file,
    read_media,
)
from storage.workbooks.names import did_you_mean

__all__ = ["check", "check_workbook", "load_form", "load_programme", "media_beside"]

CONVERSIONS_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class _Folder:
    """What stands in a programme's folder, with all that is to be said about it."""

    declaration: Declaration | None
    forms: Mapping[FormKey, Form]
    media: Mapping[str, bytes]
    areas: Mapping[str, Area]
    problems: Sequence[FormProblem]


def load_programme(folder: Path, cache_folder: Path | None = None) -> Programme:
    """Read a programme; FormError with every problem of every file.

    Conversions are kept in `cache_folder` where one is named, so that the next start is quick.
    """
    found = _read_folder(folder, cache_folder)
    errors = [problem for problem in found.problems if problem.level == "error"]
    if errors or found.declaration is None:
        raise FormError(errors)
    return _programme(found.declaration, found)


def load_form(path: Path, cache_folder: Path | None = None) -> Form:
    """Read one form with the media beside it; FormError with every problem."""
    found = read_file(path, media_beside(path), cache_folder)
    if found.form is None:
        raise FormError(problem for problem in found.problems if problem.level == "error")
    return found.form


def check(path: Path, cache_folder: Path | None = None) -> list[FormProblem]:
    """Say all that is wrong with a form or a programme's folder, errors first, then warnings.

    Within them by file, sheet and row, as an author goes through a workbook.
    """
    if path.is_dir():
        problems = list(_read_folder(path, cache_folder).problems)
    else:
        media = media_beside(path)
        read = read_file(path, media, cache_folder)
        problems = [*read.problems, *heavy_media(media)]
    files = list(dict.fromkeys(problem.file for problem in problems))
    return sorted(problems, key=lambda problem: _in_order(problem, files))


def _in_order(problem: FormProblem, files: Sequence[str | None]) -> tuple[bool, int, int, int]:
    sheets = (None, "settings", "survey", "choices")
    sheet = sheets.index(problem.sheet) if problem.sheet in sheets else len(sheets)
    return problem.level != "error", files.index(problem.file), sheet, problem.row or 0


def check_workbook(
    content: bytes, file_name: str, programme: Programme, cache_folder: Path | None = None
) -> ReadForm:
    """Say all that is wrong with a workbook that is to join a programme; see `check`."""
    found = read_content(content, Path(Path(file_name).name), programme.media, cache_folder)
    silent = tuple(_silent_languages(found.form, programme.languages)) if found.form else ()
    beside = tuple(_beside_others(found, programme))
    told = (*found.problems, *silent, *beside)
    problems = sorted(told, key=lambda problem: problem.level != "error")
    usable = all(problem.level != "error" for problem in beside)
    return replace(found, form=found.form if usable else None, problems=tuple(problems))


def _beside_others(found: ReadForm, programme: Programme) -> Iterator[FormProblem]:
    """Say what is wrong with the sheets of a form among those that stand in a programme."""
    if found.form is None:
        return
    standing = [key for key in (*programme.offered, *programme.asked) if key in programme.forms]
    forms = {key[0]: programme.forms[key] for key in standing}
    sheets = {key[0]: programme.sheets[key] for key in standing if key in programme.sheets}
    own = found.form.form_id
    before = {problem for _, problem in chain_problems(forms, sheets)}
    forms[own], sheets[own] = found.form, found.sheets
    if programme.is_high_risk:
        yield from map(found.locate, safety_problems(found.sheets))
    for form_id, problem in chain_problems(forms, sheets):
        if form_id == own:
            yield found.locate(problem)
        elif problem not in before:
            what = f"It would break the form {form_id}: {problem.what}"
            yield FormProblem(what, problem.mend)


def media_beside(form: Path) -> dict[str, bytes]:
    """Read the files a single form may use: beside a form of a programme, or as ODK keeps them."""
    folder = form.parent
    return read_media(folder / f"{form.stem}-media", folder / "media", folder.parent / "media")


def _read_folder(folder: Path, cache_folder: Path | None) -> _Folder:
    problems: list[FormProblem] = []
    declaration = _declaration(folder, problems)
    media = _media(folder, problems)
    problems += heavy_media(media)
    read = _read_forms(folder, media, cache_folder)
    for found in read:
        problems += in_file(f"forms/{found.path.name}", found.problems)
    problems += _form_problems(read, declaration)
    return _Folder(declaration, _by_key(read), media, _areas(folder, problems), problems)


def _declaration(folder: Path, problems: list[FormProblem]) -> Declaration | None:
    name = declaration_file.FILE_NAME
    path = folder / name
    if not path.is_file():
        what, mend = (
            "There is no programme.toml in this folder.",
            "Copy one that ships, and change it.",
        )
        problems.append(FormProblem(what, mend, file=str(folder)))
        return None
    try:
        declaration, warnings = declaration_file.read_declaration(path.read_text("utf-8-sig"))
    except FormError as refused:
        problems += in_file(name, refused.problems)
        return None
    except UnicodeDecodeError:
        problems.append(FormProblem("This is not text in UTF-8.", "Save it as UTF-8.", file=name))
        return None
    problems += in_file(name, warnings)
    return declaration


def _media(folder: Path, problems: list[FormProblem]) -> dict[str, bytes]:
    try:
        return read_media(folder / "media")
    except FormError as refused:
        problems += in_file("media", refused.problems)
        return {}


def _areas(folder: Path, problems: list[FormProblem]) -> dict[str, Area]:
    path = folder / area_file.FILE_NAME
    try:
        return area_file.read_areas(path.read_bytes()) if path.is_file() else {}
    except FormError as refused:
        problems += in_file(area_file.FILE_NAME, refused.problems)
        return {}


def _read_forms(
    folder: Path, media: Mapping[str, bytes], cache_folder: Path | None
) -> list[ReadForm]:
    with ThreadPoolExecutor(CONVERSIONS_AT_ONCE) as pool:
        return list(
            pool.map(
                lambda path: read_file(path, media, cache_folder), form_files(folder / "forms")
            )
        )


def _key(form: Form) -> FormKey:
    return form.form_id, form.version


def _by_key(read: Sequence[ReadForm]) -> dict[FormKey, Form]:
    return {_key(found.form): found.form for found in read if found.form is not None}


def _form_problems(
    read: Sequence[ReadForm], declaration: Declaration | None
) -> Iterator[FormProblem]:
    if not read:
        what, mend = "There are no forms.", "Put at least one workbook into the folder forms."
        yield FormProblem(what, mend, file="forms")
    times = Counter(_key(found.form) for found in read if found.form)
    for found in read:
        if found.form and times[_key(found.form)] > 1:
            form_id, version = _key(found.form)
            what = f"Several forms have the id {form_id} and the version {version}."
            yield FormProblem(
                what,
                "Give each its own form_id, or a new version.",
                file=f"forms/{found.path.name}",
            )
    if declaration is not None:
        yield from _offer_problems(read, declaration)
        yield from _place_problems(read, declaration)
        yield from _language_problems(read, declaration)
        yield from _sheet_problems(read, declaration)


def _offer_problems(read: Sequence[ReadForm], declaration: Declaration) -> Iterator[FormProblem]:
    if any(found.form is None for found in read):
        return  # The id of a form that cannot be read is not known.
    known = [found.form.form_id for found in read if found.form]
    for form_id in declaration.offered:
        if form_id not in known:
            mend = did_you_mean(form_id, known, "Write the form_id of a settings sheet.")
            what = f"The offered form {form_id} is not in the folder forms."
            yield FormProblem(what, mend, name="offered", file=declaration_file.FILE_NAME)


def _place_problems(read: Sequence[ReadForm], declaration: Declaration) -> Iterator[FormProblem]:
    """Look whether a form has the question from which is learnt which place somebody knows."""
    wanted, forms = declaration.validation.place_question, [found.form for found in read]
    selects = {
        element.name
        for form in forms
        if form is not None
        for path, element in form.elements.items()
        if isinstance(element, Question) and names_offered(form, path)
    }
    if wanted and all(forms) and wanted not in selects:
        mend = did_you_mean(wanted, selects, "Write the name of a question with choices.")
        what = f"No form has a question {wanted} with places to choose from."
        yield FormProblem(what, mend, name="place_question", file=declaration_file.FILE_NAME)


def _sheet_problems(read: Sequence[ReadForm], declaration: Declaration) -> Iterator[FormProblem]:
    """Look at the sheets of all forms together, each form in its newest version."""
    if any(found.form is None for found in read):
        return  # What a form that cannot be read asks, or has, is not known.
    newest = {_key(found.form): found for found in read if found.form}
    by_id = {form_id: newest[form_id, version] for form_id, version in sorted(newest)}
    forms = {form_id: found.form for form_id, found in by_id.items() if found.form}
    sheets = {form_id: found.sheets for form_id, found in by_id.items()}
    for form_id, problem in chain_problems(forms, sheets):
        yield from _told_of(by_id[form_id], [problem])
    for found in by_id.values() if declaration.safety == "high-risk" else ():
        yield from _told_of(found, safety_problems(found.sheets))
    if not (declaration.offered or _to_begin(forms, sheets)) and forms:
        what = "Every form is asked after another one, so that nobody can begin."
        mend = "Name in offered the forms that people begin with."
        yield FormProblem(what, mend, name="offered", file=declaration_file.FILE_NAME)


def _told_of(found: ReadForm, problems: Iterable[FormProblem]) -> list[FormProblem]:
    return in_file(f"forms/{found.path.name}", map(found.locate, problems))


def _to_begin(forms: Iterable[str], sheets: Mapping[str, Sheets]) -> tuple[str, ...]:
    """List the forms that no other form's follow-ups ask."""
    rows = ((form_id, own.forms) for form_id, own in sheets.items())
    asked = {one for form_id, known in rows for one in known if one != form_id}
    return tuple(form_id for form_id in dict.fromkeys(forms) if form_id not in asked)


def _language_problems(read: Sequence[ReadForm], declaration: Declaration) -> Iterator[FormProblem]:
    for found in read:
        if found.form:
            silent = _silent_languages(found.form, declaration.languages)
            yield from in_file(f"forms/{found.path.name}", silent)


def _silent_languages(form: Form, languages: Sequence[str]) -> Iterator[FormProblem]:
    for tag in languages:
        if not _speaks(form, tag):
            what = f"The form does not speak {tag}, a language of the programme."
            yield FormProblem(what, f"Add columns such as label::Name ({tag}).", level="warning")


def _speaks(form: Form, tag: str) -> bool:
    named = [name.lower() for name in form.languages if name != NO_LANGUAGE]
    wanted = tag.lower()
    return not named or any(name == wanted or name.endswith(f"({wanted})") for name in named)


def _programme(declaration: Declaration, found: _Folder) -> Programme:
    offered, asked = _offered(declaration, found.forms)
    bare = Programme(
        name=declaration.name,
        title=declaration.title,
        about=declaration.about,
        help=declaration.help,
        support=declaration.support,
        languages=declaration.languages,
        zone=declaration.zone(),
        safety=declaration.safety,
        consent=Consent(declaration.consent.version, declaration.consent.text),
        offered=offered,
        asked=asked,
        forms={},
        media=found.media,
        attachment_bytes_max=declaration.attachment_megabytes_max * 1_000_000,
        limits=Limits(
            declaration.limits.updates_a_minute,
            declaration.limits.reports_a_day,
            declaration.limits.attachment_megabytes_a_day * 1_000_000,
            declaration.limits.reports_open,
        ),
        responder=declaration.responder,
        edit_hours=declaration.edit_hours,
        progress=declaration.progress,
        retention_days=declaration.retention_days,
        fallback=declaration.fallback,
        areas=found.areas,
        moderation=declaration.moderation.value(),
        courtesy=declaration.courtesy.value(),
        validation=declaration.validation.value(),
    )
    return bare.with_forms(found.forms)


def _offered(
    declaration: Declaration, forms: Mapping[FormKey, Form]
) -> tuple[tuple[FormKey, ...], tuple[FormKey, ...]]:
    """Say which forms are offered and which only asked after a report, each in its newest version.

    Offered are the declared ones; where none is, those that no other form's follow-ups ask.
    """
    newest = {form_id: (form_id, version) for form_id, version in sorted(forms)}
    sheets = {form_id: read_sheets(forms[key])[0] for form_id, key in newest.items()}
    every = dict.fromkeys(form_id for form_id, _ in forms)
    ids = declaration.offered or _to_begin(every, sheets)
    asked = dict.fromkeys(one for own in sheets.values() for one in own.forms)
    offered = tuple(newest[form_id] for form_id in ids)
    return offered, tuple(newest[one] for one in asked if one in newest and one not in ids)
