"""A changed sheet and the reports there are: counting what it would do, and doing it.

    python -m tests.benchmarks.takeover [--reports 2000]

Every report has two planned questions; the changed sheet moves one and adds another. The database
is in memory, so what is printed is the processor's work.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import time

from bot import takeovers
from bot.takeovers import PAGE, REHEARSED_MAX, Takeovers, rehearse
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.reader import read_form
from conversations.xform.renumbering import with_version
from storage import forms
from tests.followups.in_memory import in_memory
from tests.followups.year import Year, crowd

ROWS = (
    {"name": "monthly", "form": "news", "offset": "6 weeks"},
    {"name": "soon", "form": "news", "offset": "3 days"},
)


def changed(form: Form) -> Form:
    """Return a form with other follow-ups."""
    bare = re.sub(r"<baraza:sheets .*</baraza:sheets>", "", form.source)
    return with_version(read_form(with_extras(bare, {"followups": list(ROWS)})), "2")


async def measure(reports: int) -> None:
    """Make reports, count, take over, and print what each cost."""
    store, chance = await in_memory(), random.Random(1)  # noqa: S311 - no secret is made of it.
    year = Year(store, crowd(reports, chance), chance)
    await year.settle_in()
    for chat in year.people:
        await year.report(chat)
    library, dispatch = year.dispatch.library, year.dispatch
    first = library.programme.forms["report", "1"]
    form = changed(first)
    began = time.process_time()
    seen = await rehearse(store, library.programme, form, year.now)
    each = (time.process_time() - began) / seen.reports
    say = print
    say(
        f"counted: {each * 1e3:.2f} ms a report, {each * REHEARSED_MAX:.0f} s for {REHEARSED_MAX:,}"
    )
    async with store.unit() as unit:
        for one in (first, form):
            await forms.keep(unit, library.programme.name, one, year.now)
        about = (form.form_id, form.version, 0, year.now)
        await takeovers.begin(unit, store, library.programme, *about)
    began = time.process_time()
    worker = Takeovers(store, library, dispatch.locale_of, dispatch.now)
    pages = await worker.look(asyncio.Event())
    each = (time.process_time() - began) / pages
    say(f"taken over: {each * 1e3:.1f} ms a page of {PAGE} reports")
    await store.close()


def main() -> None:
    """Read what is wished and measure it."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--reports", type=int, default=2_000)
    asyncio.run(measure(reading.parse_args().reports))


if __name__ == "__main__":
    main()
