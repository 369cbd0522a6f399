"""What one person may still do today, as far as a turn may need to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from conversations.events import Event, MediaSent
from conversations.onboarding import may_begin
from conversations.programme import Programme
from conversations.replies import KeepAttachment
from conversations.session import Session
from storage import submissions, uploads
from storage.reporters import Reporter
from storage.store import Unit

LATELY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A reporter in a programme at a moment; each question costs a look at one index at most."""

    unit: Unit
    reporter: Reporter
    programme: Programme
    now: datetime

    @property
    def _day(self) -> date:
        return self.now.astimezone(self.programme.zone).date()

    async def reports_lately(self, session: Session | None, event: Event) -> int:
        """Count the reports of the last 24 hours, up to the limit, where a form may begin."""
        most = self.programme.limits.reports_a_day
        if not most or not may_begin(session, event):
            return 0
        since, name = self.now - LATELY, self.programme.name
        return await submissions.count_since(self.unit, self.reporter, name, since, most)

    async def bytes_left(self, event: Event) -> int | None:
        """Return how many bytes of files are taken today, where one was sent; None: any."""
        most = self.programme.limits.attachment_bytes_a_day
        if not most or not isinstance(event, MediaSent):
            return None
        taken = await uploads.of_day(self.unit, self.reporter, self._day)
        return max(most - taken, 0)

    async def count(self, attachment: KeepAttachment) -> None:
        """Count a file that is taken; one of unknown size as the largest that there may be."""
        if self.programme.limits.attachment_bytes_a_day:
            size = attachment.size_bytes or self.programme.attachment_bytes_max
            await uploads.count(self.unit, self.reporter, self._day, size)
