"""The programme's forms as they stand now: which versions there are, which is offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from conversations.programme import FormKey, Programme
from conversations.xform.form import Form


@dataclass(frozen=True, slots=True)
class Offering:
    """A programme, and what is offered or would be if it were open.

    `programme.offered` and `programme.asked` name the open forms alone; `standing` has each form's
    version, in the order of the programme, open or closed.
    """

    programme: Programme
    standing: Mapping[str, str]
    closed: frozenset[str] = frozenset()

    def form(self, form_id: str) -> Form | None:
        """Return a form in the version that stands; None if there is no such form."""
        version = self.standing.get(form_id)
        return None if version is None else self.programme.forms.get((form_id, version))

    def versions(self, form_id: str) -> frozenset[str]:
        """Return all versions of a form that were ever served."""
        return frozenset(version for known, version in self.programme.forms if known == form_id)

    def opened(self) -> Offering:
        """Return it with the open forms alone to be begun, or asked after a report.

        A form that the follow-ups of another one ask is no longer one to begin, unless the folder
        offers it.
        """
        following = self._following()
        keys = [key for key in self.standing.items() if key[0] not in self.closed]
        programme = replace(
            self.programme,
            offered=tuple(key for key in keys if key[0] not in following),
            asked=tuple(key for key in keys if key[0] in following),
        )
        return replace(self, programme=programme)

    def _following(self) -> frozenset[str]:
        begun = {form_id for form_id, _ in self.programme.offered}
        sheets = self.programme.sheets
        rows = ((key[0], sheets[key].forms) for key in self.standing.items() if key in sheets)
        asked = {one for form_id, forms in rows for one in forms if one != form_id}
        return frozenset(asked | {form_id for form_id, _ in self.programme.asked}) - begun


def offering_of(
    programme: Programme, decided: Mapping[str, FormKey], closed: Iterable[str]
) -> Offering:
    """Put what was decided in the chat over what the folder offers.

    `decided` has the published versions by form id; a form the folder does not offer comes last.
    """
    standing = dict((*programme.offered, *programme.asked))
    standing |= dict(decided.values())
    return Offering(programme, standing, frozenset(closed) & standing.keys())


def next_version(versions: frozenset[str], today: date) -> str:
    """Return a number for the version after these: one more than the greatest, or the day's.

    >>> next_version(frozenset({"1", "2026030201", "draft"}), date(2026, 3, 2))
    '2026030202'
    >>> next_version(frozenset("a"), date(2026, 3, 2)), next_version(frozenset(), date(2026, 3, 2))
    ('2026030201', '1')
    """
    numbers = [int(version) for version in versions if version.isdecimal()]
    if numbers or not versions - {""}:
        return str(max(numbers, default=0) + 1)
    return next(name for name in _of_day(today) if name not in versions)


def _of_day(today: date) -> Iterator[str]:
    return (f"{today:%Y%m%d}{number:02}" for number in count(1))
