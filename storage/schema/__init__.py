"""The tables, said once: what migrations are compared with. No statement is ever made from this.

Rules. Only `contacts` knows a chat id. Answers, sessions, consents, submissions and attachments
hang on a reporter's pseudonym; no row that names a contact carries an exact moment of the past,
and rows of reporters are stored by their pseudonym (WITHOUT ROWID), so that neither time nor
order gives away who is who. Moments are `storage.moments`; states are words.

A room for each subject, on the `ground`; a room is made known by the list below.
"""

from __future__ import annotations

from storage.schema import (
    asked_back,
    campaigns,
    counting,
    doubts,
    forms,
    moderation,
    outgoing,
    people,
    reports,
    running,
    schedule,
    staff,
    validation,
)
from storage.schema.ground import metadata

__all__ = [
    "asked_back",
    "campaigns",
    "counting",
    "doubts",
    "forms",
    "metadata",
    "moderation",
    "outgoing",
    "people",
    "reports",
    "running",
    "schedule",
    "staff",
    "validation",
]
