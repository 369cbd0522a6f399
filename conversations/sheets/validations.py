"""The sheet `validations`: what other people are asked about a report, whom, and how many.

Nothing that could tell who reported is quoted unless the row says so (`reveal`): words somebody
typed, files, places, moments. Without the reporter's `consent` nobody is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from conversations.phrases import Phrase, phrase
from conversations.sheets.durations import Duration
from conversations.sheets.occasions import consented
from conversations.sheets.reading import RowReading
from conversations.sheets.texts import Message
from conversations.xform.instance import Instance
from conversations.xform.offered import names_offered
from conversations.xpath import Expression

MIN_DEFAULT, MAX_DEFAULT, ASKED_MAX = 3, 9, 200
STOP_DEFAULT: Final = 0.95
CONTROL_DEFAULT: Final = 0.1
EXPIRES_DEFAULT: Final = Duration(7, "days")
DISTANCE_KM_MAX: Final = 500.0
COLUMNS: Final[Mapping[str, str]] = {
    "name": "a short name, once on the sheet",
    "question::Language": "what is asked; `${name}` quotes an answer in words, never who reported",
    "choices": "a list of the sheet choices; if blank: I saw it, I heard it, no, cannot tell, "
    "rather not say",
    "audience": "who is asked, parted by commas: area; place `${village}`; 5 km of "
    "`${facility_point}`; language; role health worker; blank is everybody",
    "source": "resident (if blank): people of the place; record: somebody with a role looks it up; "
    "count: people of the place look at the number of a month",
    "date": "of a count: the day a report is counted for, such as `${birth_date}`; blank is the "
    "day it was sent",
    "form": "of a record: the form_id of the form in which they say what they found",
    "confirms": "of a record: when their answers bear the report out: `${answer.found} = 'yes'`",
    "refutes": "of a record: when their answers say otherwise",
    "relevant": "about which reports: a condition; blank is all",
    "consent": "the reporter's question whose answer must be yes, such as `${valid_ok}`",
    "min": f"how many answers at least, {MIN_DEFAULT} if blank",
    "max": f"how many answers at most, {MAX_DEFAULT} if blank; then a moderator decides",
    "stop": f"how sure is enough, from 0.5 to 0.999, {STOP_DEFAULT} if blank",
    "control_share": "the share of questions whose answer moderators know already, "
    f"{CONTROL_DEFAULT} if blank",
    "expires": f"how long a question stays open, {EXPIRES_DEFAULT} if blank",
    "never": "reports that are never put to residents: a condition, stronger than every such row",
    "reveal": "questions that may be quoted although they are typed, a file or a place",
    "high_risk": "yes: the programme is high-risk and has decided that this may be asked",
}
SOURCES: Final = ("resident", "record", "count")
TELLING: Final = frozenset(
    {"text", "image", "audio", "video", "file", "geopoint", "geotrace", "geoshape"}
    | {"dateTime", "time", "barcode"}
)
"""Kinds of answers that could tell who gave them."""
_DISTANCE: Final = re.compile(
    r"(?:within\s+)?([0-9]+(?:\.[0-9]+)?)\s*(km|m)\s+of\s+(.+)", re.IGNORECASE
)
_PLACE: Final = re.compile(r"place\s+(.+)", re.IGNORECASE)
_ROLE: Final = re.compile(r"role\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class InArea:
    """People registered for the area in which the report lies."""


@dataclass(frozen=True, slots=True)
class AtPlace:
    """People registered for the place that the question at `path` names."""

    path: str


@dataclass(frozen=True, slots=True)
class Within:
    """People at most so many kilometres from the point at `path`."""

    km: float
    path: str


@dataclass(frozen=True, slots=True)
class SpeakIt:
    """People who use the language of the report."""


@dataclass(frozen=True, slots=True)
class HaveRole:
    """People with a role of the programme."""

    role: str


Audience: TypeAlias = "InArea | AtPlace | Within | SpeakIt | HaveRole"
"""One thing that holds for whoever is asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer a validator may give; a label of the form's own is by language tag."""

    name: str
    label: Phrase | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a record is looked up: in which form, and which answers bear the report out or do not.

    Answers that do neither found nothing.
    """

    form: str
    confirms: Expression = field(repr=False)
    refutes: Expression | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Validation:
    """A question to other people about a report. All of `audience` must hold for them.

    `choices` names a list of the form, or is blank for the usual ones; `consent` is the path of a
    question, or blank. `lookup` is set where it is asked of a record instead of people who saw it.
    """

    name: str
    question: Message
    choices: str = ""
    audience: tuple[Audience, ...] = ()
    relevant: Expression | None = field(default=None, repr=False)
    consent: str = ""
    least: int = MIN_DEFAULT
    most: int = MAX_DEFAULT
    stop: float = STOP_DEFAULT
    control_share: float = CONTROL_DEFAULT
    expires: Duration = EXPIRES_DEFAULT
    never: Expression | None = field(default=None, repr=False)
    high_risk: bool = False
    lookup: Lookup | None = None


def usual_choices() -> tuple[Choice, ...]:
    """Return what is answered where the sheet names no list."""
    return (
        # Translators: a button; somebody is asked whether what another person reported is right.
        Choice("saw", phrase("Yes, I saw it myself")),
        # Translators: a button; they know it from other people.
        Choice("heard", phrase("Yes, I heard it")),
        # Translators: a button; what another person reported is not right.
        Choice("no", phrase("No, that is not right")),
        # Translators: a button; they cannot tell whether a report is right.
        Choice("dk", phrase("I cannot tell")),
        # Translators: a button; they do not want to say whether a report is right.
        Choice("na", phrase("I would rather not say")),
    )


def read_validation(row: RowReading) -> Validation | None:
    """Read a row; None where it cannot be used."""
    made = Validation(
        name=row.name(),
        question=row.message("question", needed=True),
        choices=_choices(row),
        audience=tuple(read_audience(row)),
        relevant=row.expression("relevant", "condition"),
        consent=row.path("consent"),
        least=row.whole("min", 1, ASKED_MAX, MIN_DEFAULT),
        most=row.whole("max", 1, ASKED_MAX, MAX_DEFAULT),
        stop=row.number("stop", 0.5, 0.999, STOP_DEFAULT),
        control_share=row.number("control_share", 0.0, 0.5, CONTROL_DEFAULT),
        expires=row.duration("expires") or EXPIRES_DEFAULT,
        never=row.expression("never", "condition"),
        high_risk=row.yes("high_risk", otherwise=False),
        lookup=_lookup(row),
    )
    _look_over(row, made)
    return made if row.usable else None


def _lookup(row: RowReading) -> Lookup | None:
    """Read how a record is looked up; None where people are asked what they saw."""
    confirms = row.expression("confirms", "condition", answers=True)
    refutes = row.expression("refutes", "condition", answers=True)
    form = row.text("form")
    if row.text("date"):
        row.refuse("The date is for counts.", "Write count into source, or leave it blank.")
    if row.one_of("source", SOURCES, "resident") != "record":
        if form or confirms or refutes:
            what = "The form, confirms and refutes are for records."
            row.refuse(what, "Write record into source, or leave them blank.")
        return None
    if not form:
        row.refuse("Nobody can say what a record says.", "Write a form_id into form.")
    if confirms is None:
        mend = "Write a condition into confirms: ${answer.found} = 'yes'."
        row.refuse("It is not said when a record bears a report out.", mend)
        return None
    return Lookup(form, confirms, refutes)


def _look_over(row: RowReading, made: Validation) -> None:
    """Refuse what only the whole row shows."""
    if made.lookup is not None and not made.consent:
        what = "A record is looked up only with the reporter's consent."
        row.refuse(what, "Write the question into consent: ${record_ok}.")
    if made.lookup is not None and not any(isinstance(one, HaveRole) for one in made.audience):
        what = "It is not said who looks the record up."
        row.refuse(what, "Write role record keeper into audience.")
    if made.least > made.most:
        what = f"At least {made.least} answers are asked for, and at most {made.most}."
        row.refuse(what, "Write a max that is not below min.")
    if made.expires.about_days <= 0:
        row.refuse("The expires is no time at all.", "Write how long: 7 days.")
    if not made.consent:
        what = "Nobody asks the reporter whether others may be asked: consent is blank."
        row.warn(what, "Add a question with yes and no to the form, and name it in consent.")
    revealed = set(_revealed(row))
    for one in made.question.quoted:
        question = row.names.question(one.path) if one.path else None
        if question and question.kind in TELLING and one.path not in revealed:
            what = f"The question quotes {one.name}, a {question.kind}: it may tell who reported."
            row.refuse(what, f"Quote a chosen answer, or write {one.name} into reveal.")


def _revealed(row: RowReading) -> Iterator[str]:
    for word in re.split(r"[\s,;]+", row.text("reveal")):
        if word:
            yield row.path("reveal", word)


def _choices(row: RowReading) -> str:
    name = row.text("choices")
    form = row.names.form
    if name and name not in form.instances:
        of_questions = [path for path in form.elements if names_offered(form, path)]
        known = {path.rpartition("/")[2] for path in of_questions} | set(form.instances)
        if name not in known:
            what = f"The form has no list {name}."
            row.refuse(what, "Write a list that a question uses, or leave it blank.")
    return name


def read_audience(row: RowReading) -> Iterator[Audience]:
    """Read who is asked, parted by commas."""
    for part in filter(None, map(str.strip, row.text("audience").split(","))):
        if part.lower() == "area":
            yield InArea()
        elif part.lower() == "language":
            yield SpeakIt()
        elif found := _ROLE.fullmatch(part):
            yield HaveRole(" ".join(found[1].lower().split()))
        elif found := _PLACE.fullmatch(part):
            yield AtPlace(row.path("audience", found[1]))
        elif found := _DISTANCE.fullmatch(part):
            yield from _within(row, float(found[1]), found[2].lower(), found[3])
        else:
            mend = "Write area, language, place ${village}, 5 km of ${point}, or role NAME."
            row.refuse(f"The audience '{part[:40]}' is not known.", mend)


def _within(row: RowReading, number: float, unit: str, written: str) -> Iterator[Within]:
    km, path = number if unit == "km" else number / 1_000, row.path("audience", written)
    question = row.names.question(path) if path else None
    if not 0 < km <= DISTANCE_KM_MAX:
        mend = f"Write a distance up to {DISTANCE_KM_MAX:g} km."
        row.refuse(f"The audience '{number:g} {unit}' cannot be used.", mend)
    elif question is not None and question.kind != "geopoint":
        what = f"The audience is near {question.name}, a {question.kind}, not a place."
        row.refuse(what, "Name a geopoint question.")
    elif path:
        yield Within(km, path)


# Over a report


def may_be_asked(rows: tuple[Validation, ...], instance: Instance) -> tuple[Validation, ...]:
    """Return the rows about which others may be asked: consented, relevant, and never forbidden.

    What no resident may ever be asked about may still be looked up in a record, by somebody whose
    work that is: of a record only the `never` of its own row counts.
    """
    nobody = any(_is_forbidden(row, instance) for row in rows if row.lookup is None)
    return tuple(
        row
        for row in rows
        if (row.relevant is None or instance.holds(row.relevant))
        and consented(row.consent, instance)
        and not (nobody if row.lookup is None else _is_forbidden(row, instance))
    )


def _is_forbidden(row: Validation, instance: Instance) -> bool:
    return row.never is not None and instance.holds(row.never)
