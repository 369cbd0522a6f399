"""A made-up community of 2,000 that checks each other's reports, with the bot's own rules.

    python -m tests.benchmarks.community [--seed 1] [--reports 1500]

Forty villages of fifty. Most people look and are right nine times of ten, and some of them only
heard, or cannot tell; the lazy always say that they saw it; the mistaken are little better than
chance. Colluding accounts came by ten to one invitation, report what is not so, confirm what any
of them reported and deny the rest. Six people of ten answer at all.

Whom to ask (`audiences`), which question is a control, each verdict and each estimation are the
real code. Moderators are always right here: they decide the first reports of all, from which
controls are made, one of twenty ever after, and whatever is disputed. The same seed gives the
same figures.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

from conversations.audiences import Audience, Candidate, Subject, choose
from conversations.verdicts.answers import Answer, Validator, counted
from conversations.verdicts.controls import control_for, is_control
from conversations.verdicts.deciding import Verdict, verdict
from conversations.verdicts.estimation import due, reestimate
from conversations.verdicts.grades import graded
from conversations.verdicts.reliability import Reliabilities
from conversations.verdicts.rule import Rule

START: Final = datetime(2026, 1, 5, tzinfo=UTC)
KEY: Final = bytes(range(32))
PEOPLE, VILLAGES = 2_000, 40
REPORTS_A_WEEK = 200
FIRST_MODERATED = 60
SAMPLED = 0.05
ANSWERING = 0.6
RING = 10

Kind: TypeAlias = Literal["honest", "lazy", "mistaken", "colluding"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: whose, from where, and whether it is so."""

    case: str
    reporter: Candidate
    true: bool
    by_ring: bool


@dataclass(slots=True)
class Community:
    """The people, and what the bot knows of them."""

    rng: random.Random
    rule: Rule
    kinds: dict[Validator, Kind]
    villages: dict[str, dict[Validator, Candidate]]
    reliabilities: Reliabilities
    reports: dict[str, Report] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    stood: dict[str, str] = field(default_factory=dict)
    truths: dict[str, str] = field(default_factory=dict)
    seen: dict[Validator, set[str]] = field(default_factory=lambda: defaultdict(set))
    asks: Counter[Validator] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    estimated: int = 0

    def answer(self, person: Validator, case: str, at: datetime) -> None:
        """Let somebody answer, if they do."""
        self.seen[person].add(case)
        self.counts["asked"] += 1
        if self.rng.random() < ANSWERING:
            choice = says(self.kinds[person], self.reports[case], self.rng)
            self.answers[case].append(Answer(person, choice, at))

    def ask(self, report: Report, at: datetime) -> Verdict:
        """Ask about a report until there is a verdict, or nobody is left to ask."""
        asked: set[Validator] = set()
        audience = Audience(frozenset({"sw"}), area=report.reporter.area)
        village = self.villages[report.reporter.area or ""]
        found = self.judge(report.case)
        while found.state == "open":
            subject = Subject(report.case, report.reporter, asked=frozenset(asked))
            chosen = choose(KEY, subject, audience, village.values(), found.wanted)
            if not chosen:
                break
            for person in chosen:
                asked.add(person)
                self._put(person, report.case, at)
            found = self.judge(report.case)
        return found

    def _put(self, person: Validator, case: str, at: datetime) -> None:
        """Ask somebody about a case, or a control in its place."""
        village = self.villages[self.reports[case].reporter.area or ""]
        one = village[person]
        village[person] = replace(one, asked_at=at, asked_this_week=one.asked_this_week + 1)
        self.asks[person] += 1
        known = self.reliabilities.known.get(person)
        if is_control(KEY, person, self.asks[person], known, self.rule):
            seen = self.seen[person] | {name for name in self.truths if self._own(name, person)}
            if control := control_for(KEY, person, self.asks[person], self.truths, seen):
                self.counts["controls"] += 1
                self.answer(person, control, at)
                return
        self.answer(person, case, at)

    def _own(self, case: str, person: Validator) -> bool:
        return self.reports[case].reporter.validator == person

    def judge(self, case: str) -> Verdict:
        """Work out a verdict."""
        found = verdict(
            counted(self.answers[case]),
            self.reliabilities,
            self.rule,
            stood=self.stood.get(case),
            moderator=self.truths.get(case),
        )
        if found.says:
            self.stood[case] = found.says
        return found

    def estimate(self) -> None:
        """Estimate reliabilities, where it is due."""
        number = sum(map(len, self.answers.values()))
        if due(number, self.estimated, probation=self.rule.probation):
            self.reliabilities = reestimate(self.answers, self.truths, self.stood, self.rule)
            self.estimated = number


def says(kind: Kind, report: Report, rng: random.Random) -> str:
    """Return the choice of somebody of this kind."""
    right, wrong = ("saw", "no") if report.true else ("no", "saw")
    if kind == "lazy":
        return "saw"
    if kind == "colluding":
        return "saw" if report.by_ring else wrong
    if kind == "mistaken":
        return right if rng.random() < 0.55 else wrong
    if rng.random() < 0.2:
        return rng.choice(["dk", "dk", "na", "heard" if report.true else "dk"])
    return right if rng.random() < 0.9 else wrong


def settle(seed: int, rule: Rule, colluding: float) -> Community:
    """Make up the people; colluding accounts are spread over the villages in rings of ten."""
    rng = random.Random(seed)  # noqa: S311
    kinds: dict[Validator, Kind] = {}
    villages: dict[str, dict[Validator, Candidate]] = defaultdict(dict)
    bad = round(colluding * PEOPLE)
    for number in range(PEOPLE):
        person = Validator(f"p{number:04}")
        kind: Kind = "colluding"
        if number >= bad:
            kind = rng.choices(("honest", "lazy", "mistaken"), (75, 15, 10))[0]
        ring = f"link {number // RING}" if number < bad else None
        village = f"village {(number // RING if ring else number) % VILLAGES:02}"
        kinds[person] = kind
        one = Candidate(person, village, frozenset({"sw"}), account_days=60, invitation=ring)
        villages[village][person] = one
    return Community(rng, rule, kinds, villages, Reliabilities(rule.classes))


def report_of(community: Community, number: int) -> Report:
    """Let somebody report: colluding people what is not so, others nearly always what is."""
    rng = community.rng
    village = community.villages[rng.choice(sorted(community.villages))]
    reporter = village[rng.choice(sorted(village))]
    kind = community.kinds[reporter.validator]
    true = kind != "colluding" and rng.random() < (0.7 if kind == "mistaken" else 0.9)
    return Report(f"report {number:05}", reporter, true, kind == "colluding")


def live(community: Community, reports: int) -> Counter[str]:
    """Let a community live, and count what came of its reports.

    A report counts as what it was before a moderator looked, also where one did.
    """
    counts = community.counts
    for number in range(reports):
        at = START + timedelta(weeks=number / REPORTS_A_WEEK)
        if number % REPORTS_A_WEEK == 0:
            _new_week(community)
        report = report_of(community, number)
        community.reports[report.case] = report
        if number < FIRST_MODERATED:
            community.truths[report.case] = "yes" if report.true else "no"
            continue
        found = community.ask(report, at)
        grade = graded(found, community.rule).grade
        counts["reports"] += 1
        counts["answers"] += found.tally.residents
        counts[grade] += 1
        counts[f"{grade}, true"] += report.true
        if grade == "disputed" or community.rng.random() < SAMPLED:
            community.truths[report.case] = "yes" if report.true else "no"
        counts["true"] += report.true
        community.estimate()
    return counts


def _new_week(community: Community) -> None:
    for village in community.villages.values():
        for person, one in village.items():
            village[person] = replace(one, asked_this_week=0)


COLUMNS = (
    ("answers a report", lambda c: c["answers"] / c["reports"]),
    ("controls asked", lambda c: c["controls"] / c["asked"]),
    ("confirmed", lambda c: c["confirmed by residents"] / c["reports"]),
    ("of these true", lambda c: c["confirmed by residents, true"] / c["confirmed by residents"]),
    ("disputed, to moderators", lambda c: c["disputed"] / c["reports"]),
    ("of these false", lambda c: 1 - c["disputed, true"] / max(1, c["disputed"])),
    ("unconfirmed", lambda c: c["unconfirmed"] / c["reports"]),
    (
        "false ones confirmed",
        lambda c: (
            (c["confirmed by residents"] - c["confirmed by residents, true"])
            / (c["reports"] - c["true"])
        ),
    ),
)

say = print


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=1_500)
    given = parser.parse_args()
    say("| colluding | probation | " + " | ".join(name for name, _ in COLUMNS) + " |")
    say("|---" * (2 + len(COLUMNS)) + "|")
    for colluding in (0.0, 0.1, 0.3):
        for probation in (False, True):
            community = settle(given.seed, Rule(probation=probation), colluding)
            counts = live(community, given.reports)
            figures = " | ".join(f"{figure(counts):.2f}" for _, figure in COLUMNS)
            say(f"| {colluding:.0%} | {'yes' if probation else 'no'} | {figures} |")


if __name__ == "__main__":
    main()
