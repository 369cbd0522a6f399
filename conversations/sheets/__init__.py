"""The sheets beside a form: `flags`, `followups`, `validations`, as frozen values.

    durations      14 days, 6 weeks
    names          what `${name}` stands for
    texts          messages in each language, with answers in them
    reading        one row, cell by cell; every mistake is told
    flags          what asks for a second look           `raised`
    followups      what is asked later, and deadlines    `FollowUp`, `Deadline`
    followup_rows  such a row read and proved
    occasions      such a row over a report              `anchor_of`, `due_of`, `holds_for`
    validations    what others are asked                 `may_be_asked`
    counts         numbers of a month that others look at
    reader         form -> `Sheets`, with all problems
    chains         follow-ups over all forms of a programme: unknown forms and fields, circles
    telling        a line about each row, for authors

Pure: a report is an `Instance` restored from its XML (`conversations.xform.editing`), the moment
it was sent comes with it. What is due when, in whose time zone, and who is chosen, is decided
elsewhere. The columns are described for coordinators in README.md.
"""

from conversations.sheets.counts import Count
from conversations.sheets.durations import Duration, NoDuration, parse_duration, parse_durations
from conversations.sheets.flags import Flag, Severity, raised
from conversations.sheets.followups import (
    Anchor,
    Deadline,
    Ending,
    FollowUp,
    Window,
)
from conversations.sheets.occasions import alerts_of, anchor_of, consented, due_of, holds_for
from conversations.sheets.reader import Sheets, read_sheets
from conversations.sheets.texts import Message
from conversations.sheets.validations import Validation, may_be_asked, usual_choices

__all__ = [
    "Anchor",
    "Count",
    "Deadline",
    "Duration",
    "Ending",
    "Flag",
    "FollowUp",
    "Message",
    "NoDuration",
    "Severity",
    "Sheets",
    "Validation",
    "Window",
    "alerts_of",
    "anchor_of",
    "consented",
    "due_of",
    "holds_for",
    "may_be_asked",
    "parse_duration",
    "parse_durations",
    "raised",
    "read_sheets",
    "usual_choices",
]
