"""Which wording people misread: where residents and moderators say the same less often than else.

A question whose wording people misread gives a wrong "yes" that no weighing repairs. So what
residents answered about reports that a moderator decided is compared by wording (the versions of a
form whose text is the same), by language, and by both.

The rule. A report counts once for each wording in which it was asked, by the share of its answers
that say what the moderator decided: five people who misread one report are one sign, not five. A
wording stands out

1. of at least ten reports and five people;
2. where its share lies fifteen points or more below that of the same question otherwise worded (or
   of all other questions, where those are fewer than ten reports), and further than chance would
   put it in one of a hundred cases (a one-sided test of two shares);
3. where there is nothing to compare it with, if less than half of it is surely said alike.

A language, or a question in a language, is told of only where none of its wordings stands out.
Moderators see doubted reports more often than others, which lowers every share: hence what is
compared is shares with each other, and not each with a bar.

Where few reports or few people stand behind a figure it is not shown (`shown`): with two people in
a place it would tell what each said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Final, TypeAlias

REPORTS_SHOWN_MIN: Final = 5
PEOPLE_SHOWN_MIN: Final = 3

REPORTS_MIN: Final = 10
PEOPLE_MIN: Final = 5
LOWER_BY_MIN: Final = 0.15
SURE: Final = 2.33
"""Of a normal distribution one of a hundred lies further out, on one side."""

HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """What one resident said at first hand about one report that a moderator decided.

    `question` names a row of a form's sheet, `wording` the versions of the form that word it so.
    """

    question: tuple[str, str]
    language: str
    wording: str
    area: str
    case: str
    person: str
    agrees: bool


Key: TypeAlias = "tuple[str, ...]"
By: TypeAlias = "Callable[[Judged], Key]"


@dataclass(slots=True)
class Slice:
    """Answers taken together; `shares` are by report and wording, so that a report counts once."""

    answers: int = 0
    agreed: int = 0
    people: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    shares: list[float] = field(default_factory=list)

    @property
    def reports(self) -> int:
        """Return how many reports were answered about."""
        return len(self.cases)

    @property
    def share(self) -> float:
        """Return how much of it is said alike."""
        return sum(self.shares) / len(self.shares) if self.shares else 0.0

    @property
    def shown(self) -> bool:
        """Tell whether a figure of it may be shown: neither reports nor people are few."""
        return self.reports >= REPORTS_SHOWN_MIN and len(self.people) >= PEOPLE_SHOWN_MIN

    @property
    def enough(self) -> bool:
        """Tell whether it may stand out."""
        return self.reports >= REPORTS_MIN and len(self.people) >= PEOPLE_MIN


@dataclass(frozen=True, slots=True)
class Misread:
    """A wording that stands out, with the percentages of answers that agree, here and elsewhere.

    `question` is blank for a language over all questions, `wording` where it is about more than
    one; `otherwise` is None where there is nothing to compare with.
    """

    question: tuple[str, str]
    language: str
    wording: str
    reports: int
    percent: int
    otherwise: int | None


def by_question(one: Judged) -> Key:
    """Take a question's answers together."""
    return one.question


def by_language(one: Judged) -> Key:
    """Take all answers in a language together."""
    return ("", "", one.language)


def by_question_and_language(one: Judged) -> Key:
    """Take a question's answers in a language together."""
    return (*one.question, one.language)


def by_wording(one: Judged) -> Key:
    """Take a question's answers in a language and a wording together."""
    return (*one.question, one.language, one.wording)


def by_area(one: Judged) -> Key:
    """Take all answers about reports from an area together."""
    return (one.area,)


def sliced(judged: Iterable[Judged], by: By) -> Mapping[Key, Slice]:
    """Take answers together, in the order of their keys."""
    found: dict[Key, Slice] = {}
    for one, answers in _units(judged).items():
        part = found.setdefault(by(answers[0]), Slice())
        agreed = sum(answer.agrees for answer in answers)
        part.answers += len(answers)
        part.agreed += agreed
        part.people.update(answer.person for answer in answers)
        part.cases.add(one[-1])
        part.shares.append(agreed / len(answers))
    return dict(sorted(found.items()))


def _units(judged: Iterable[Judged]) -> Mapping[Key, list[Judged]]:
    """Put together the answers about one report in one wording."""
    units: dict[Key, list[Judged]] = {}
    for one in judged:
        units.setdefault((*by_wording(one), one.case), []).append(one)
    return units


def misread(judged: Sequence[Judged]) -> tuple[Misread, ...]:
    """Say which wordings, or languages, stand out; by the rule above."""
    of_question, everything = sliced(judged, by_question), _together(judged)
    found: tuple[Misread, ...] = ()
    for by in (by_wording, by_question_and_language, by_language):
        level = []
        for key, part in sliced(judged, by).items():
            question, language, wording = (key[0], key[1]), key[2], "".join(key[3:])
            if not part.enough or any(_inside(one, question, language) for one in found):
                continue
            other = _rest(of_question.get(question, Slice()), part) or _rest(everything, part)
            if _stands_out(part, other):
                otherwise = None if other is None else round(100 * other.share)
                about = (question, language, wording, part.reports)
                level.append(Misread(*about, round(100 * part.share), otherwise))
        found += tuple(level)
    return found


def _inside(one: Misread, question: tuple[str, str], language: str) -> bool:
    """Tell whether a finding lies in a question's language, or in a language over all questions."""
    return one.language == language and question in {one.question, ("", "")}


def _together(judged: Sequence[Judged]) -> Slice:
    return sliced(judged, lambda _: ()).get((), Slice())


def _rest(whole: Slice, part: Slice) -> Slice | None:
    """Return a whole without a part of it; None where too little is left to compare with."""
    left = len(whole.shares) - len(part.shares)
    if left < REPORTS_MIN:
        return None
    share = (sum(whole.shares) - sum(part.shares)) / left
    return Slice(shares=[max(0.0, min(1.0, share))] * left)


def _stands_out(part: Slice, other: Slice | None) -> bool:
    if other is None:
        return HALF - part.share > SURE * sqrt(_variance(part))
    gap = other.share - part.share
    chance = SURE * sqrt(_variance(part) + _variance(other))
    return gap >= LOWER_BY_MIN and gap > chance


def _variance(part: Slice) -> float:
    """Return the greatest variance a share can have; two reports are imagined, one of each kind.

    A. Agresti and B. Caffo, "Simple and Effective Confidence Intervals for Proportions and
    Differences of Proportions", The American Statistician 54 (2000).
    """
    number = len(part.shares) + 2
    share = (sum(part.shares) + 1) / number
    return share * (1 - share) / number
