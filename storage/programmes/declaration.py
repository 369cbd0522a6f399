"""`programme.toml`: what a programme declares about itself, checked word by word.

    name                     its lasting name, such as kenya_mother_and_child
    languages                BCP 47 tags; texts in the first must all be there
    time_zone                IANA name, such as Africa/Nairobi
    safety                   normal, sensitive or high-risk
    offered                  form ids people may choose from; left out, all that no follow-up asks
    responder                whom to turn to, an address people can use
    edit_hours               how long a report may be changed after it was sent; 24, 0 is never
    progress                 false leaves out the dots that show how far a person has come
    retention_days           how long submissions are kept; for ever if left out
    attachment_megabytes_max of one file a person sends; at most 20, Telegram's own limit
    [limits]                 how much one person may do; 0 lifts a limit
        updates_a_minute             messages, taps and files; 60
        reports_a_day                reports sent within 24 hours; 50
        attachment_megabytes_a_day   files taken within a day; 200
        reports_open                 reports begun and not sent at a time, 1 to 10; 1
    [title] [about] [help]   texts by language
    [fallback]               the languages that stand in for one, in turn: mas = ["sw", "en"]
    [consent]                version, and [consent.text] by language
    [moderation] [courtesy]  how reports are reviewed and people asked; see `moderation`
    [validation]             how people are asked about each other's reports; see `moderation`

A key that is not among these is refused, with the nearest one that is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from conversations.xform.problems import FormError, FormProblem, Level
from storage.programmes.moderation import (
    CourtesyDeclaration,
    ModerationDeclaration,
    ValidationDeclaration,
)
from storage.workbooks.names import did_you_mean

FILE_NAME: Final = "programme.toml"
TEXT_LENGTH_MAX: Final = 3_500
"""Telegram's messages hold 4,096 characters; a text may stand beside others in one message."""

Text: TypeAlias = Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]
Tag: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Texts: TypeAlias = dict[str, Text]

_TABLE: Final = re.compile(r"^\s*\[\s*([\w.\-]+)\s*\]")
_KEY: Final = re.compile(r"^\s*([\w\-]+)\s*=")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ConsentDeclaration(_Strict):
    """What people agree to, and which version of the words that is."""

    version: Annotated[str, Field(min_length=1, max_length=40)]
    text: Texts


class LimitsDeclaration(_Strict):
    """How much one person may do."""

    updates_a_minute: Annotated[int, Field(ge=0, le=6_000)] = 60
    reports_a_day: Annotated[int, Field(ge=0, le=10_000)] = 50
    attachment_megabytes_a_day: Annotated[int, Field(ge=0, le=100_000)] = 200
    reports_open: Annotated[int, Field(ge=1, le=10)] = 1


class Declaration(_Strict):
    """A programme as its file declares it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    languages: Annotated[tuple[Tag, ...], Field(min_length=1, max_length=40)]
    time_zone: str
    safety: Literal["normal", "sensitive", "high-risk"]
    consent: ConsentDeclaration
    title: Texts
    about: Texts = {}
    help: Texts = {}
    support: Texts = {}
    fallback: dict[Tag, tuple[Tag, ...]] = {}
    offered: tuple[str, ...] = ()
    responder: Annotated[str, Field(max_length=200)] = ""
    edit_hours: Annotated[int, Field(ge=0, le=8_760)] = 24
    progress: bool = True
    retention_days: Annotated[int, Field(ge=1)] | None = None
    attachment_megabytes_max: Annotated[int, Field(ge=1, le=20)] = 20
    limits: LimitsDeclaration = LimitsDeclaration()
    moderation: ModerationDeclaration = ModerationDeclaration()
    courtesy: CourtesyDeclaration = CourtesyDeclaration()
    validation: ValidationDeclaration = ValidationDeclaration()

    def zone(self) -> ZoneInfo:
        """Return the time zone; `read_declaration` has made sure that it exists."""
        return ZoneInfo(self.time_zone)


def read_declaration(text: str) -> tuple[Declaration, list[FormProblem]]:
    """Read programme.toml; return it with warnings. FormError with all that is wrong."""
    try:
        declaration = Declaration.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as broken:
        raise FormError([_syntax(broken)]) from None
    except ValidationError as refused:
        found = [_explain(error, text) for error in refused.errors(include_url=False)]
        raise FormError(found) from None
    looked_at = (_zone_problems, _fallback_problems, _text_problems)
    problems = [problem for look in looked_at for problem in look(declaration, text)]
    if any(problem.level == "error" for problem in problems):
        raise FormError(problems)
    return declaration, problems


def _problem(text: str, keys: tuple[str, ...], what: str, mend: str) -> FormProblem:
    return FormProblem(what, mend, row=line_of(text, keys), name=".".join(keys) or None)


def _syntax(broken: tomllib.TOMLDecodeError) -> FormProblem:
    place = re.search(r"at line (\d+)", str(broken))
    return FormProblem(
        f"This is not TOML: {broken}.",
        'Write key = "value", and longer texts between three quotation marks.',
        row=int(place[1]) if place else None,
    )


def _explain(error: ErrorDetails, text: str) -> FormProblem:
    keys = tuple(str(key) for key in error["loc"])
    if error["type"] == "missing":
        return _problem(text, keys, "This is missing.", _EXPLAINED.get(keys[-1], "Write it."))
    if error["type"] == "extra_forbidden":
        known = _TABLES.get(keys[0], Declaration) if len(keys) > 1 else Declaration
        mend = did_you_mean(keys[-1], known.model_fields, "Take it out.")
        return _problem(text, keys, "There is no such key.", mend)
    name = next((key for key in reversed(keys) if key in _EXPLAINED), "")
    return _problem(text, keys, f"{error['msg']}.", _EXPLAINED.get(name, "Mend it."))


_TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "consent": ConsentDeclaration,
    "limits": LimitsDeclaration,
    "moderation": ModerationDeclaration,
    "courtesy": CourtesyDeclaration,
    "validation": ValidationDeclaration,
}

_EXPLAINED: Final = {
    "name": "Write a lasting name in small letters, digits and underscores.",
    "languages": 'List language tags, such as ["en", "sw"].',
    "time_zone": 'Write an IANA name, such as "Africa/Nairobi".',
    "safety": "Write normal, sensitive or high-risk.",
    "consent": "Add [consent] with a version, and [consent.text] in each language.",
    "version": 'Write a version that changes with the text, such as the date: "2026-11-23".',
    "title": "Add [title] with a text for each language.",
    "text": "Write what people agree to, in each language.",
    "about": f"Write texts by language, each at most {TEXT_LENGTH_MAX} characters.",
    "help": f"Write texts by language, each at most {TEXT_LENGTH_MAX} characters.",
    "offered": "List the form ids of the settings sheets.",
    "fallback": 'List language tags for a language, such as mas = ["sw", "en"].',
    "responder": "Write one address, at most 200 characters.",
    "edit_hours": "Write a number of hours from 0 (never) to 8760, a year.",
    "progress": "Write true or false, without quotation marks.",
    "retention_days": "Write a number of days, or leave it out.",
    "attachment_megabytes_max": "Write a number from 1 to 20.",
    "limits": "Write [limits] and, below it, each limit as a number.",
    "updates_a_minute": "Write a number from 1 to 6000, or 0 for no limit.",
    "validation": "Write [validation] and, below it, ask, probation, account_days, weekly_asks, "
    "author_asks, place_question.",
    "place_question": "Write the name of a question with places to choose from.",
    "ask": "Write true or false, without quotation marks.",
    "probation": "Write true or false, without quotation marks.",
    "account_days": "Write a number of days from 0 to 365.",
    "weekly_asks": "Write a number from 1 to 50.",
    "author_asks": "Write a number from 0 (nobody is asked) to 5.",
    "reports_a_day": "Write a number from 1 to 10000, or 0 for no limit.",
    "attachment_megabytes_a_day": "Write a number from 1 to 100000, or 0 for no limit.",
    "reports_open": "Write a number from 1 to 10; there is always one, and never no limit.",
    "review": "Write doubtful, all or none.",
    "checks_off": "List names of checks, or leave it out.",
    "response_hours": "Write numbers of hours for low, medium, high and urgent.",
    "reasons": "Name each reason in small letters, with a text for each language.",
    "hours": 'Write two times of day, such as "08:00-20:00".',
}


def _zone_problems(declaration: Declaration, text: str) -> Iterator[FormProblem]:
    zones = available_timezones()
    if declaration.time_zone not in zones:
        mend = did_you_mean(declaration.time_zone, zones, _EXPLAINED["time_zone"])
        what = f"There is no time zone {declaration.time_zone}."
        yield _problem(text, ("time_zone",), what, mend)


def _fallback_problems(declaration: Declaration, text: str) -> Iterator[FormProblem]:
    for tag in declaration.fallback.keys() - set(declaration.languages):
        mend = did_you_mean(tag, declaration.languages, "Add it to languages, or take it out.")
        yield _problem(text, ("fallback", tag), f"{tag} is not among the languages.", mend)


def _text_problems(declaration: Declaration, text: str) -> Iterator[FormProblem]:
    """Ask for every text in the first language, point at what is missing in the others."""
    texts: Mapping[tuple[str, ...], Texts] = {
        ("title",): declaration.title,
        ("about",): declaration.about,
        ("help",): declaration.help,
        ("consent", "text"): declaration.consent.text,
    }
    first, *others = declaration.languages
    for keys, by_language in texts.items():
        needed = keys[0] in {"title", "consent"}
        if not by_language.get(first) and (needed or by_language):
            what = f"The text in {first}, the first language, is missing."
            yield _problem(text, keys, what, f'Add {first} = "…".')
        for tag in others:
            if not by_language.get(tag) and by_language:
                what, mend = f"The text in {tag} is missing.", f'Add {tag} = "…".'
                missing = _problem(text, keys, what, mend)
                stands_in = any(map(by_language.get, declaration.fallback.get(tag, ())))
                # Nobody can agree to a text in a language they did not choose, unless the
                # programme says which one its speakers read.
                level: Level = "error" if keys[0] == "consent" and not stands_in else "warning"
                yield replace(missing, level=level)
        for tag in by_language.keys() - set(declaration.languages):
            mend = did_you_mean(tag, declaration.languages, "Add it to languages, or take it out.")
            yield _problem(text, (*keys, tag), f"{tag} is not among the languages.", mend)


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """Return the line where a key, or the nearest table above it, stands in a TOML file."""
    best: tuple[int, int] | None = None
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _TABLE.match(line):
            table = tuple(found[1].split("."))
            path = table
        elif found := _KEY.match(line):
            path = (*table, found[1])
        else:
            continue
        if path == keys[: len(path)] and (best is None or len(path) > best[0]):
            best = (len(path), number)
    return best[1] if best else None
