"""The programme's forms in memory, as the folder brings them and coordinators decide.

The database is asked at every turn what was decided, so that all who share it agree at once; a
form is read from its XML only when its version is met for the first time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from conversations.authoring.offering import Offering, offering_of
from conversations.programme import FormKey, Programme
from conversations.xform.form import Form
from conversations.xform.reader import read_form
from storage import forms, offers
from storage.offers import Offer
from storage.store import Reading, Store, Unit

log = logging.getLogger(__name__)

TRIALS_KEPT_MAX = 8
"""Forms under trial that stay in memory; one more is read anew from its XML at each turn."""


@dataclass(slots=True)
class Library:
    """Knows a programme's forms; `offering` says how they stand within a unit or reading.

    `programme` is what the folder says, with the earlier versions that the database holds.
    """

    programme: Programme
    _decided: Sequence[Offer] = ()
    _offering: Offering | None = None
    _trials: dict[str, Form] = field(default_factory=dict)

    async def offering(self, reading: Reading, decided: Sequence[Offer] | None = None) -> Offering:
        """Return the forms as they stand now; `decided` where it was asked in this unit."""
        if decided is None:
            decided = await offers.of_programme(reading, self.programme.name)
        if self._offering is None or decided != self._decided:
            self._offering = await self._arranged(reading, decided)
            self._decided = decided
        return self._offering

    async def _arranged(self, reading: Reading, decided: Sequence[Offer]) -> Offering:
        published: dict[str, FormKey] = {
            offer.form_id: (offer.form_id, offer.version) for offer in decided if offer.version
        }
        for key in published.values():
            await self.meet(reading, key)
        known = {form_id: key for form_id, key in published.items() if key in self.programme.forms}
        closed = [offer.form_id for offer in decided if not offer.is_open]
        offering = offering_of(self.programme, known, closed)
        return offering.opened()

    async def meet(self, reading: Reading, key: FormKey) -> None:
        """Learn a version that was published, in case this process does not know it yet."""
        if key in self.programme.forms:
            return
        xform = await forms.one(reading, self.programme.name, key)
        if xform is not None:
            met = {key: read_form(xform, self.programme.media)}
            self.programme = self.programme.with_forms({**self.programme.forms, **met})
            self._offering = None

    def trial(self, upload: str, xform: str) -> Form:
        """Return the form of an upload, read once while it is being tried."""
        if upload not in self._trials:
            if len(self._trials) >= TRIALS_KEPT_MAX:
                self._trials.pop(next(iter(self._trials)))
            self._trials[upload] = read_form(xform, self.programme.media)
        return self._trials[upload]


async def open_library(store: Store, programme: Programme, now: datetime) -> Library:
    """Keep the versions the folder brings, let new ones be offered, and bring back earlier ones."""
    async with store.unit() as unit:
        for form in programme.forms.values():
            await _keep(unit, programme, form, now)
    async with store.reading() as reading:
        return Library(await forms.with_earlier(reading, programme))


async def _keep(unit: Unit, programme: Programme, form: Form, now: datetime) -> None:
    """Keep a form of the folder; a version that was never served takes the place of all others."""
    key = (form.form_id, form.version)
    if await forms.one(unit, programme.name, key) is None and key in {
        *programme.offered,
        *programme.asked,
    }:
        await offers.leave_to_folder(unit, programme.name, form.form_id)
    if not await forms.keep(unit, programme.name, form, now):
        log.warning(
            "Form %s changed but its version %r did not; answers begun before meet other "
            "questions. Give the changed form a new version.",
            *key,
        )
    for offer in await offers.of_programme(unit, programme.name):
        if offer.form_id == form.form_id and offer.version not in {"", form.version}:
            log.warning(
                "Form %s: version %s was published in the chat and stands over the folder's %s; "
                "`baraza forms --out` brings it to the folder.",
                *(form.form_id, offer.version, form.version),
            )
