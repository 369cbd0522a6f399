"""Numbers of a month are put to people of their place: which, to whom, and what they come to.

A report says in which numbers it is when it is kept (`note`). In the first days of the next month,
or later in it where the bot was away, each number of which enough people are behind becomes a
check, and stays as it was asked about. Few are asked at first, more while they do not agree.
Nothing is said here: what people are to hear is planned (`due`), and put to them gently by
`asking`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.choosing import link_of, plan_gently
from bot.kept import Report
from bot.placenames import places
from bot.plans import sheets_of
from conversations.areas import area_at
from conversations.audiences import Audience, Candidate, Subject, acquainted, choose
from conversations.courtesy import moment_of
from conversations.disclosure import give_away, may_be_shown, shown_beside
from conversations.phrases import Locale
from conversations.programme import FormKey, Programme
from conversations.sheets.counts import COUNT, MONTH, PLACE, Count
from conversations.sheets.validations import AtPlace
from conversations.validating.counts import is_time, month_before, opinion, to_ask
from conversations.validating.rules import first_place
from conversations.verdicts.answers import Validator
from conversations.xform.instance import Instance
from storage import audit, candidates, count_asks, counts, due, reach, submissions, told
from storage.candidates import Wanted
from storage.count_asks import CountAsk, tally_of
from storage.counts import Behind, CheckId, CountCheck, Number
from storage.reporters import Reporter
from storage.store import Reading, Store, Unit

KIND: Final = "count"
"""Of rows that put a number to somebody."""

OBJECTION: Final = "count objection"
"""Of rows that tell somebody what became of it that a number should not be asked about."""

PATIENCE_SHARE: Final = 1 / 3
"""Of a check's time; whoever has not answered for so long is not waited for any more."""

OPEN_MAX: Final = 1_000
"""Numbers that are looked at at the same time: of all places of a country's district, say."""

NOBODY: Final = Candidate(Validator(""), None, frozenset[str](), 0)
"""In place of a reporter: a number has none."""


async def note(report: Report) -> None:
    """Keep in which numbers a report is, as it stands now."""
    sheets = sheets_of(report.programme, report.form_id, report.form_version)
    if not sheets.counts:
        return
    first = await submissions.by_id(report.unit, report.original)
    if first is None:
        return
    for row in sheets.counts:
        number = Number(report.programme.name, report.form_id, row.name, "")
        await counts.meet(report.unit, number, first.kept_at)
    found = [
        (row.name, place, month)
        for row in sheets.counts
        if (place := _place_of(row, report.instance, report.programme))
        and (month := _month_of(row, report.instance, first.kept_at, report.programme))
    ]
    about = (report.programme.name, report.form_id, report.original)
    await counts.note(report.unit, *about, found)


def _place_of(row: Count, instance: Instance, programme: Programme) -> str:
    if row.relevant is not None and not instance.holds(row.relevant):
        return ""
    if isinstance(row.by, AtPlace):
        return instance.state(row.by.path).value.strip()
    place = first_place(instance)
    return area_at(programme.areas, place) if place else ""


def _month_of(row: Count, instance: Instance, sent_at: datetime, programme: Programme) -> str:
    day = row.day_of(instance, sent_at.astimezone(programme.zone).date())
    return f"{day:%Y-%m}" if day else ""


def rows_of(programme: Programme) -> Iterator[tuple[FormKey, Count]]:
    """List the rows that count, of the forms as they are offered and asked."""
    if not programme.validation.asks:
        return
    for key in (*programme.offered, *programme.asked):
        for row in sheets_of(programme, *key).counts:
            if row.high_risk or not programme.is_high_risk:
                yield key, row


@dataclass(frozen=True, slots=True)
class CountChecks:
    """Keeps the checks of one programme going."""

    store: Store
    programme: Programme

    # What is looked at

    async def look_after(self, now: datetime) -> None:
        """Begin what it is time for, end what is over, ask more where people do not agree."""
        for key, row in rows_of(self.programme):
            await self._begin(key, row, now)
        async with self.store.reading() as reading:
            running = await counts.under_way(reading, self.programme.name, OPEN_MAX)
        for check in running:
            async with self.store.unit() as unit:
                await self.settle(unit, check.id, now)

    async def _begin(self, key: FormKey, row: Count, now: datetime) -> None:
        """Begin a check for each place of last month of whose number people may hear."""
        today, name = now.astimezone(self.programme.zone).date(), self.programme.name
        first = month_before(today)
        number = Number(name, key[0], row.name, f"{first:%Y-%m}")
        async with self.store.reading() as reading:
            known = await counts.is_known(reading, number)
            done = await counts.is_looked_at(reading, number)
        if known and (done or not is_time(today)):
            return
        begins_at = moment_of(datetime.combine(first, time(0)), self.programme.zone)
        async with self.store.unit() as unit:
            await counts.meet(unit, number, now)
            if not is_time(today):
                return
            if await counts.is_whole(unit, number, begins_at):
                await self._begin_all(unit, number, key[1], row, now)
            await counts.note_looked(unit, number)

    async def _begin_all(
        self, unit: Unit, number: Number, version: str, row: Count, now: datetime
    ) -> None:
        until = now + timedelta(days=row.expires_days)
        places = await counts.behind(unit, number)
        # Results count by the day a report was sent; a number by another day has no place in them.
        results = await self._results(unit, number) if row.day is None else {}
        shown = shown_beside({key: who for part in results.values() for key, who in part.items()},
                             places)  # fmt: skip
        for place in sorted(shown - await self._left_alone(unit, number, row)):
            own, behind = replace(number, place=place), places[place]
            beside = (results.get(place, {}), *await self._asked_beside(unit, own))
            seen = (one for one in beside if may_be_shown(one.values()))
            if not any(give_away(behind, one) for one in seen):
                await counts.begin(unit, own, version, len(behind), now, until)

    async def _left_alone(self, unit: Unit, number: Number, row: Count) -> frozenset[str]:
        """Return the places of which coordinators ended the question as it stands."""
        return frozenset(
            one.number.place
            for one in await counts.ended(unit, number)
            if (was := self.row_of(one)) is not None and was.question == row.question
        )

    async def _asked_beside(self, unit: Unit, number: Number) -> list[Behind]:
        """Return what is behind other numbers of the form that people of a place hear."""
        begun = await counts.of_month(unit, number.programme, number.month, OPEN_MAX)
        others = (one.number for one in begun if one.number.place == number.place)
        return [await self.behind(unit, one) for one in others if one.form_id == number.form_id]

    async def _results(self, unit: Unit, number: Number) -> dict[str, dict[str, Reporter]]:
        """Return the reports that the results of a month count, by area; they know no villages."""
        first, zone = number.first_day, self.programme.zone
        days = (first, (first + timedelta(days=32)).replace(day=1))
        since, until = (moment_of(datetime.combine(day, time(0)), zone) for day in days)
        found: dict[str, dict[str, Reporter]] = {}
        for one in await told.between(unit, number.programme, since, until):
            if one["form_id"] == number.form_id:
                place = (one["latitude"], one["longitude"])
                area = area_at(self.programme.areas, place) if one["cell"] else ""
                found.setdefault(area, {})[one["instance_id"]] = Reporter(one["reporter"])
        return found

    # What people say

    async def answered(self, unit: Unit, ask: CountAsk, choice: str, now: datetime) -> None:
        """Keep an answer and work out what its check comes to."""
        check = await counts.hold(unit, ask.check_id)
        late = check is not None and check.state != "open"
        await count_asks.answer(unit, ask.id, choice, now, late=late)
        await self.settle(unit, ask.check_id, now)

    async def without_answer(self, unit: Unit, ask: CountAsk, now: datetime) -> None:
        """Take it that somebody does not answer, and ask somebody else."""
        await count_asks.become(unit, ask.id, "declined")
        await self.settle(unit, ask.check_id, now)

    async def declined(self, unit: Unit, ask: CountAsk, now: datetime) -> None:
        """Take it that somebody leaves a number out, also one of which they had said something."""
        await count_asks.take_back(unit, ask.id)
        await self.without_answer(unit, ask, now)

    async def settle(
        self, unit: Unit, check_id: CheckId, now: datetime, why: str = ""
    ) -> CountCheck | None:
        """Work out a check anew, and ask more people while it is open.

        `why` is set where the change is none of the people's, and is written down then.
        """
        check = await counts.hold(unit, check_id)
        row = self.row_of(check) if check else None
        if check is None or check.state == "void":
            return check
        if row is None:
            return await self.close(unit, check, now)
        asked = await count_asks.of_check(unit, check_id)
        said = tally_of(asked)
        says = opinion(said, row.least)
        clear = says in {"right", "few", "many"}
        ended = check.state == "ended" or clear or now >= check.expires_at
        after = replace(check, says=says, state="ended" if ended else "open")
        await counts.keep(unit, after)
        if why and after.says != check.says:
            body = {"before": check.says, "after": after.says, "month": check.number.month}
            await audit.note(unit, self.store, "system", why, check.number.name, now, body)
        if ended:
            await self._stop_asking(unit, asked, now)
            return after
        since = now - (check.expires_at - check.began_at) * PATIENCE_SHARE
        waited = sum(_is_pending(ask) and ask.planned_at > since for ask in asked)
        number = to_ask(said, len(asked), waited, row.least, row.most)
        if number:
            await self._ask(unit, after, row, asked, number, now)
        return after

    def row_now(self, number: Number) -> Count | None:
        """Return the row of a number as it is offered today; None where it is no more."""
        found = (row for key, row in rows_of(self.programme)
                 if (key[0], row.name) == (number.form_id, number.name))  # fmt: skip
        return next(found, None)

    def row_of(self, check: CountCheck) -> Count | None:
        """Return the row by which a check was begun; None where it is offered no more."""
        number = check.number
        if self.row_now(number) is None:
            return None
        rows = sheets_of(self.programme, number.form_id, check.form_version).counts
        return next((row for row in rows if row.name == number.name), None)

    async def behind(self, reading: Reading, number: Number) -> Behind:
        """Return the reports behind a number as it stands today."""
        return (await counts.behind(reading, number)).get(number.place, {})

    async def may_be_put(self, unit: Unit, check: CountCheck) -> bool:
        """Tell whether a number may still be shown: enough people are behind it today."""
        return may_be_shown((await self.behind(unit, check.number)).values())

    async def close(self, unit: Unit, check: CountCheck, now: datetime) -> CountCheck:
        """Ask nobody any more: the row is gone, or too few are behind the number."""
        after = replace(check, state="void")
        await counts.keep(unit, after)
        await self._stop_asking(unit, await count_asks.of_check(unit, check.id), now)
        return after

    async def forget(self, unit: Unit, validator: Reporter, now: datetime) -> None:
        """Erase what somebody said of numbers; work out anew what the others say."""
        of_checks = await count_asks.erase(unit, validator)
        for kind in (KIND, OBJECTION):
            await due.cancel_for(unit, validator, now, "erased", kind)
        for check_id in of_checks:
            await self.settle(unit, check_id, now, "validator erased")

    async def _stop_asking(self, unit: Unit, asked: tuple[CountAsk, ...], now: datetime) -> None:
        """Put the number to nobody any more; who has it already may still answer."""
        for ask in asked:
            dedupe = f"{KIND}:{ask.id}"
            if ask.state == "waiting":
                await count_asks.become(unit, ask.id, "expired")
                await due.cancel_under(unit, dedupe, now, "decided")
            elif ask.state == "asked":
                await due.become_asked(unit, dedupe, "done", now, "decided")

    # Whom to ask

    async def _ask(  # noqa: PLR0913, PLR0917 - what is asked, by which row, how many, and when.
        self,
        unit: Unit,
        check: CountCheck,
        row: Count,
        asked: tuple[CountAsk, ...],
        number: int,
        now: datetime,
    ) -> None:
        """Plan to ask so many more people of the place, who are not behind the number."""
        place, name = check.number.place, self.programme.name
        lot = self.store.sign(f"lot count {check.id} {len(asked)}")[:32]
        around = await candidates.found(unit, name, Wanted("area", [place], lot), now)
        behind = [
            self._known(who, link) for who, link in await counts.contributors(unit, check.number)
        ]
        before = [await self._acquaintance(unit, ask.validator) for ask in asked]
        apart = [
            able
            for one in around
            if not any(
                acquainted(able := replace(one, link=self._link(one.validator)), other)
                for other in behind
            )
        ]
        subject = Subject(
            *(f"count {check.id}", NOBODY, None),
            frozenset(one.validator for one in before),
            tuple(before),
        )
        terms = self.programme.validation
        languages = _languages(row, self.programme)
        audience = Audience(languages, place, None, None, terms.account_days, terms.per_week)
        key = bytes.fromhex(self.store.sign(f"validation {name}"))
        for validator in choose(key, subject, audience, apart, number):
            await self._plan(unit, check, Reporter(validator), now)

    async def _plan(self, unit: Unit, check: CountCheck, who: Reporter, now: datetime) -> None:
        ask_id = await count_asks.plan(unit, check.id, who, now)
        if ask_id is not None:
            about = (check.number.name, f"count:{check.id}", f"{KIND}:{ask_id}", {"ask": ask_id})
            await plan_gently(unit, self.programme, who, KIND, about, now)
            await reach.note_asked(unit, who, now)

    async def _acquaintance(self, reading: Reading, who: Reporter) -> Candidate:
        known = await reach.of(reading, who)
        return self._known(who, known.invited_by if known else "")

    def _known(self, who: Reporter, invited_by: str) -> Candidate:
        """Return somebody as far as it matters whom they know."""
        nothing = frozenset[str]()
        invitation, link = invited_by or None, self._link(who)
        return Candidate(Validator(who), None, nothing, 0, invitation=invitation, link=link)

    def _link(self, who: str) -> str:
        return link_of(self.store, Reporter(who))


def question_of(counting: CountChecks, check: CountCheck, locale: Locale) -> str | None:
    """Return what is asked about a number, in words; None where its row is gone."""
    row, number = counting.row_of(check), check.number
    if row is None:
        return None
    figures = {
        COUNT: locale.show_number(check.counted),
        PLACE: places(counting.programme, locale).get(number.place, number.place),
        MONTH: locale.show_month(number.first_day),
    }
    return row.said(figures, locale)


def _is_pending(ask: CountAsk) -> bool:
    return ask.state in {"waiting", "asked"}


def _languages(row: Count, programme: Programme) -> frozenset[str]:
    pieces = row.question.pieces
    spoken = (tag for tag in programme.languages if "" in pieces or tag.lower() in pieces)
    return frozenset(spoken) or frozenset(programme.languages)
