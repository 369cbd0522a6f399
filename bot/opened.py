"""A round opened: its row of the sheet, its report as an instance, its rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.plans import clock_of, sheets_of, surroundings_of
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.sheets.validations import Validation
from conversations.validating.questions import Question
from conversations.validating.rules import buttons_of, rule_of
from conversations.verdicts.rule import Rule
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance
from storage import submissions
from storage.reporters import Reporter
from storage.rounds import Round
from storage.store import Reading
from storage.submissions import Standing


@dataclass(frozen=True, slots=True)
class Opened:
    """What a round is about; the report is that which stands now."""

    row: Validation
    form: Form
    standing: Standing
    rule: Rule

    @property
    def reporter(self) -> Reporter:
        """Return who reported."""
        return self.standing.submission.reporter

    async def instance(
        self, reading: Reading, programme: Programme, now: datetime, locale: Locale | None = None
    ) -> Instance:
        """Read the report, in a language where one is given."""
        clock = await clock_of(reading, programme, self.reporter)
        spoken = surroundings_of(self.standing, now, clock, locale.tag if locale else "")
        if locale is not None:
            spoken = replace(spoken, stand_ins=locale.chain)
        return read_submission(self.form, self.standing.submission.xml, spoken)

    async def question(
        self, reading: Reading, programme: Programme, number: int, locale: Locale, now: datetime
    ) -> Question:
        """Return the question as somebody reads it."""
        instance = await self.instance(reading, programme, now, locale)
        text = self.row.question.said(instance, locale)
        return Question(number, text, buttons_of(self.row, instance))


async def opened(reading: Reading, programme: Programme, one: Round) -> Opened | None:
    """Open a round; None where its report, its form or its row is gone."""
    standing = await submissions.standing_of(reading, one.begun.instance_id)
    if standing is None:
        return None
    sent = standing.submission
    form = programme.forms.get((sent.form_id, sent.form_version))
    rows = sheets_of(programme, sent.form_id, sent.form_version).validations
    row = next((row for row in rows if row.name == one.begun.name), None)
    if form is None or row is None:
        return None
    rule = rule_of(row, form, one.begun.confirming, programme.validation)
    return Opened(row, form, standing, rule)
