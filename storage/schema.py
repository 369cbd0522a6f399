"""The tables, said once: what migrations are compared with. No statement is ever made from this.

Rules. Only `contacts` knows a chat id. Answers, sessions, consents, submissions and attachments
hang on a reporter's pseudonym; no row that names a contact carries an exact moment of the past,
and rows of reporters are stored by their pseudonym (WITHOUT ROWID), so that neither time nor
order gives away who is who. Moments are `storage.moments`; states are words.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite counts rows itself only where the type is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

store_facts = Table(
    "store_facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", RowId, primary_key=True, autoincrement=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_updates_seen", "seen_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("update_id", RowId, primary_key=True, autoincrement=False),
    Column("raw", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("set_aside_at", BigInteger, nullable=False),
)

LEFT = text("met_on = ''")

contacts = Table(
    "contacts",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("met_on", Text, nullable=False),
    Column("low_data", Boolean, nullable=False, server_default=false()),
    Column("menu", Text, nullable=False, server_default=""),
    UniqueConstraint("chat_id"),
    CheckConstraint("state IN ('active', 'gone')", name="state"),
    Index("ix_contacts_left", "id", sqlite_where=LEFT, postgresql_where=LEFT),
)

WAITING = text("state = 'waiting'")
ASKED = text("asked_at > 0")
UNDER_WAY = text("state IN ('scheduled', 'running')")
OF_MANY = text("campaign_id <> 0")
GIVEN_UP = text("state = 'given up'")

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("method", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("leased_until_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("leased_by", Text, nullable=False, server_default=""),
    Column("put_at", BigInteger, nullable=False, server_default="0"),
    Column("campaign_id", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("state IN ('waiting', 'given up')", name="state"),
    Index("ix_outbox_queue", "contact_id", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_outbox_priority", "priority", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_outbox_campaign", "campaign_id", sqlite_where=OF_MANY, postgresql_where=OF_MANY),
    Index("ix_outbox_given_up", "put_at", sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP),
    # An id is never given twice, so a late word about a row cannot hit another.
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("slot", Text, primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

consents = Table(
    "consents",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("text_version", Text, primary_key=True),
    Column("kept_at", BigInteger, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("session_key", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("session_key"),
    sqlite_with_rowid=False,
)

form_media = Table(
    "form_media",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
)

forms = Table(
    "forms",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, primary_key=True),
    Column("xform", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("known_as", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE")),
    Column("taken_on", Text, nullable=False),
    Column("languages", Text, nullable=False, server_default=""),
    Column("areas", Text, nullable=False, server_default=""),
    Column("forms", Text, nullable=False, server_default=""),
    UniqueConstraint("token_hash"),
    UniqueConstraint("programme", "contact_id", "role"),
    # A number is never given twice, so that a late `revoke` cannot hit another.
    sqlite_autoincrement=True,
)

offers = Table(
    "offers",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
)

workbooks = Table(
    "workbooks",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("is_numbered", Boolean, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

AWAITED = text("source <> ''")

desks = Table(
    "desks",
    metadata,
    Column("programme", Text, primary_key=True),
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("body", Text, nullable=False),
    Column("upload", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary),
    Column("xform", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index(
        "ix_desks_waiting", "programme", "due_at", sqlite_where=AWAITED, postgresql_where=AWAITED
    ),
)

submissions = Table(
    "submissions",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("xml", Text, nullable=False),
    Column("review_state", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    CheckConstraint(
        "review_state IN ('received', 'has issues', 'approved', 'rejected')", name="review_state"
    ),
    Index("ix_submissions_programme", "programme", "kept_at", "instance_id"),
    Index("ix_submissions_reporter", "reporter", "kept_at"),
    Index("ix_submissions_receipt", "programme", "receipt"),
)

# A report that was changed after it was sent: each row is one correction, kept beside what it
# corrects. A submission is corrected at most once, so that a report is one chain.
edits = Table(
    "edits",
    metadata,
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "replaces", Text, ForeignKey("submissions.instance_id", ondelete="CASCADE"), nullable=False
    ),
    Column(
        "original", Text, ForeignKey("submissions.instance_id", ondelete="CASCADE"), nullable=False
    ),
    Column("number", Integer, nullable=False),
    UniqueConstraint("replaces"),
    Index("ix_edits_original", "original"),
    sqlite_with_rowid=False,
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True),
    # Foreign keys are checked at once, never at the commit, which others may share.
    Column("session_key", Text, ForeignKey("sessions.session_key", ondelete="CASCADE")),
    Column("instance_id", Text, ForeignKey("submissions.instance_id", ondelete="CASCADE")),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger),
    Column("sha256", Text),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("caption", Text, nullable=False, server_default=""),
    Column("look", BigInteger),
    Column("taken_at", BigInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("session_key", "name"),
    UniqueConstraint("instance_id", "name"),
    CheckConstraint("(session_key IS NULL) <> (instance_id IS NULL)", name="belongs"),
    CheckConstraint("state IN ('waiting', 'kept', 'failed')", name="state"),
    Index("ix_attachments_waiting", "due_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_attachments_sha256", "sha256"),
    sqlite_autoincrement=True,
)

due = Table(
    "due",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("zone", Text, nullable=False),
    Column("wall", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("leased_until_at", BigInteger, nullable=False),
    Column("leased_by", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", BigInteger, nullable=False),
    Column("root", Text, nullable=False, server_default=""),
    Column("asked_at", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("dedupe"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'answered', 'done', 'cancelled', 'dropped')", name="state"
    ),
    Index("ix_due_waiting", "due_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("ix_due_reporter", "reporter", "settled_at"),
    Index("ix_due_subject", "subject"),
    Index("ix_due_settled", "settled_at"),
    Index("ix_due_root", "root"),
    Index("ix_due_asked", "reporter", "asked_at", sqlite_where=ASKED, postgresql_where=ASKED),
    Index("ix_due_ahead", "reporter", "due_at", sqlite_where=WAITING, postgresql_where=WAITING),
    sqlite_autoincrement=True,
)

takeovers = Table(
    "takeovers",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("earlier", Text, nullable=False),
    Column("tally", Text, nullable=False),
    Column("last_id", Text, nullable=False),
    Column("role", BigInteger, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("done_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("reports", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

links = Table(
    "links",
    metadata,
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "parent", Text, ForeignKey("submissions.instance_id", ondelete="CASCADE"), nullable=False
    ),
    Column("root", Text, ForeignKey("submissions.instance_id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("due_id", BigInteger, nullable=False),
    Index("ix_links_parent", "parent"),
    Index("ix_links_root", "root"),
    sqlite_with_rowid=False,
)

reach = Table(
    "reach",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("met_on", Text, nullable=False),
    Column("paused_until_at", BigInteger, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Index("ix_reach_area", "programme", "area", "asked_at"),
    Index("ix_reach_cell", "programme", "cell", "asked_at"),
    # Whom to ask about others' reports: whoever was not asked for longest, and somebody by chance.
    Index("ix_reach_longest", "programme", "asked_at"),
    Index("ix_reach_language", "programme", "language", "asked_at"),
    Index("ix_reach_area_lot", "programme", "area", "reporter"),
    Index("ix_reach_cell_lot", "programme", "cell", "reporter"),
    Index("ix_reach_language_lot", "programme", "language", "reporter"),
    sqlite_with_rowid=False,
)

floods = Table(
    "floods",
    metadata,
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("busy_until_at", BigInteger, nullable=False),
    Column("closed_until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

uploads = Table(
    "uploads",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

BY_PERSON = text("source = 'person'")
UNDECIDED = text("state <> 'decided'")
DECIDED = text("state = 'decided'")
RARE_CASES = (
    ("claimed", ("claimed_by", "look_by_at", "instance_id"), text("claimed_by <> 0")),
    ("asked", ("look_by_at", "instance_id"), text("state = 'asked'")),
    ("escalated", ("look_by_at", "instance_id"), text("escalated")),
    ("appealed", ("decided_at", "instance_id"), text("appealed")),
)
"""Cases of which there are few at a time, each with an index that has them alone."""
UNSEALED = text("sealed IS NULL")
OPEN = text("state = 'open'")
MODERATED = text("moderator <> ''")

flags = Table(
    "flags",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("programme", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    UniqueConstraint("instance_id", "dedupe"),
    CheckConstraint("source IN ('check', 'sheet', 'person')", name="source"),
    Index("ix_flags_name", "programme", "name", "verdict", "instance_id"),
    Index("ix_flags_person", "raised_by", sqlite_where=BY_PERSON, postgresql_where=BY_PERSON),
    sqlite_autoincrement=True,
)

cases = Table(
    "cases",
    metadata,
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("weight", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("claimed_by", BigInteger, nullable=False),
    Column("claimed_until_at", BigInteger, nullable=False),
    Column("first_by", BigInteger, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("decided_by", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("appealed", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("look_by_at", BigInteger, nullable=False),
    CheckConstraint("state IN ('open', 'asked', 'second', 'decided')", name="state"),
    Index(
        # What a moderator serves is told from the index alone, without a look at each row.
        *("ix_cases_queue", "programme", "look_by_at", "instance_id"),
        *("language", "area", "form_id", "severity"),
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    ),
    Index(
        *("ix_cases_decided", "programme", "decided_at", "instance_id"),
        *("language", "area", "form_id", "severity"),
        sqlite_where=DECIDED,
        postgresql_where=DECIDED,
    ),
    Index(
        *("ix_cases_decided_by", "programme", "decided_by", "decided_at", "instance_id"),
        sqlite_where=DECIDED,
        postgresql_where=DECIDED,
    ),
    *(
        Index(f"ix_cases_{name}", "programme", *columns, sqlite_where=rare, postgresql_where=rare)
        for name, columns, rare in RARE_CASES
    ),
    Index(
        *("ix_cases_grave", "programme", "severity", "look_by_at"),
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    ),
)

case_acts = Table(
    "case_acts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("programme", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("by_role", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("done_at", BigInteger, nullable=False),
    Column("sealed", Text),
    Index("ix_case_acts_case", "instance_id", "id"),
    Index("ix_case_acts_done", "programme", "done_at"),
    Index(
        *("ix_case_acts_plain", "id"),
        sqlite_where=UNSEALED,
        postgresql_where=UNSEALED,
    ),
    sqlite_autoincrement=True,
)

# Who may enter the console. A row goes with the role; nothing here leads to a reporter.
entrances = Table(
    "entrances",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("role_id", BigInteger, ForeignKey("roles.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    CheckConstraint("kind IN ('link', 'session', 'spent')", name="kind"),
    Index("ix_entrances_role", "role_id"),
    Index("ix_entrances_end", "ends_at"),
)

second_looks = Table(
    "second_looks",
    metadata,
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("programme", Text, nullable=False),
    Column("first_by", BigInteger, nullable=False),
    Column("first", Text, nullable=False),
    Column("second_by", BigInteger, nullable=False),
    Column("second", Text, nullable=False),
    Column("looked_at", BigInteger, nullable=False),
    Index("ix_second_looks_time", "programme", "looked_at"),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("role", BigInteger, nullable=False),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("decided", Text, nullable=False),
    Column("judged", Text, nullable=False),
    Column("shown_at", BigInteger, nullable=False),
    UniqueConstraint("role", "instance_id"),
    Index("ix_lessons_report", "instance_id"),
    Index("ix_lessons_role", "programme", "role", "id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),
    Column("noted_at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_subject", "subject", "number"),
)

precedents = Table(
    "precedents",
    metadata,
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("answers", Text, nullable=False),
    Index("ix_precedents_near", "programme", "form_id", "cell", "sent_at"),
)

measures = Table(
    "measures",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("sent_at", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("figure", Float, nullable=False),
    Index("ix_measures_report", "instance_id"),
    sqlite_with_rowid=False,
)

# One question to others about one report, what they answered, and what it added up to.
rounds = Table(
    "rounds",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("classes", Text, nullable=False),
    Column("confirming", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("yes", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("moderator", Text, nullable=False),
    Column("disagrees", Boolean, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("told", Text, nullable=False),
    UniqueConstraint("instance_id", "name"),
    CheckConstraint(
        "state IN ('open', 'decided', 'for a moderator', 'expired', 'void')", name="state"
    ),
    Index("ix_rounds_open", "expires_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    Index("ix_rounds_question", "programme", "form_id", "name", "began_at"),
    Index(
        "ix_rounds_moderated",
        "programme",
        "classes",
        "decided_at",
        sqlite_where=MODERATED,
        postgresql_where=MODERATED,
    ),
    sqlite_autoincrement=True,
)

asks = Table(
    "asks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("round_id", BigInteger, ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
    Column("validator", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_control", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    Column("told", Boolean, nullable=False),
    UniqueConstraint("round_id", "validator"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'answered', 'declined', 'expired', 'withdrawn')",
        name="state",
    ),
    CheckConstraint("source IN ('resident', 'record')", name="source"),
    Index("ix_asks_validator", "validator", "planned_at"),
    Index("ix_asks_answered", "answered_at"),
    sqlite_autoincrement=True,
)

reliabilities = Table(
    "reliabilities",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("classes", Text, primary_key=True),
    Column("validator", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("borne_out", Integer, nullable=False),
    Column("contradicted", Integer, nullable=False),
    Index("ix_reliabilities_validator", "validator"),
    sqlite_with_rowid=False,
)

# Until when somebody wants no questions about others' reports.
rests = Table(
    "rests",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

estimates = Table(
    "estimates",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("classes", Text, primary_key=True),
    Column("answers", Integer, nullable=False),
    Column("resident_prior", Text, nullable=False),
    Column("estimated_at", BigInteger, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("programme", Text, primary_key=True),
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("hour", SmallInteger, nullable=False),
    Column("weekly", Boolean, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Index("ix_digests_due", "programme", "next_at"),
)

# Where the cards of grave cases are put, and which card says what. The two know each other by
# programme alone: who is in a group is Telegram's to know.
groups = Table(
    "groups",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("is_forum", Boolean, nullable=False),
    Column("linked_by", BigInteger, nullable=False),
    Column("linked_on", Text, nullable=False),
    Index("ix_groups_contact", "contact_id"),
)

OPEN_CARD = text("is_open")

cards = Table(
    "cards",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("topic", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("held_until_at", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("says", Text, nullable=False),
    Index("ix_cards_open", "programme", "id", sqlite_where=OPEN_CARD, postgresql_where=OPEN_CARD),
    sqlite_autoincrement=True,
)

benches = Table(
    "benches",
    metadata,
    Column("programme", Text, primary_key=True),
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("body", Text, nullable=False),
)

OPEN_CLARIFICATION = text("state <> 'answered'")

clarifications = Table(
    "clarifications",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    CheckConstraint("state IN ('asked', 'answering', 'answered')", name="state"),
    Index("ix_clarifications_report", "instance_id", "id"),
    Index(
        *("ix_clarifications_reporter", "reporter"),
        sqlite_where=OPEN_CLARIFICATION,
        postgresql_where=OPEN_CLARIFICATION,
    ),
    sqlite_autoincrement=True,
)

OPEN_ASSURANCE = text("state IN ('waiting', 'asked')")

assurances = Table(
    "assurances",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    UniqueConstraint("instance_id", "dedupe"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'right', 'wrong', 'changed', 'rather not', 'late')",
        name="state",
    ),
    Index(
        *("ix_assurances_open", "programme", "asked_at"),
        sqlite_where=OPEN_ASSURANCE,
        postgresql_where=OPEN_ASSURANCE,
    ),
    sqlite_autoincrement=True,
)

sealed_texts = Table(
    "sealed_texts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("reference", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Index("ix_sealed_texts_report", "instance_id"),
    sqlite_autoincrement=True,
)

sealed_files = Table(
    "sealed_files",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("painted", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Index("ix_sealed_files_report", "instance_id"),
    Index("ix_sealed_files_sealed", "sealed"),
    sqlite_autoincrement=True,
)

pictures = Table(
    "pictures",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("band", Integer, primary_key=True, autoincrement=False),
    Column(
        "instance_id",
        Text,
        ForeignKey("submissions.instance_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("name", Text, primary_key=True),
    Column("look", BigInteger, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
    Index("ix_pictures_like", "programme", "band", "noted_at"),
    Index("ix_pictures_report", "instance_id"),
)

# One message to many people; `reached` is the last contact that was looked at.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="SET NULL")),
    Column("dedupe", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("per_second", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Column("listed", Boolean, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("counted", "put", "sent", "blocked", "failed", "left_out")
    ),
    Column("opened", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    UniqueConstraint("programme", "dedupe"),
    CheckConstraint(
        "state IN ('scheduled', 'running', 'paused', 'done', 'cancelled')", name="state"
    ),
    Index(
        *("ix_campaigns_due", "programme", "next_at"),
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    ),
    sqlite_autoincrement=True,
)

campaign_drafts = Table(
    "campaign_drafts",
    metadata,
    Column("programme", Text, primary_key=True),
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("body", Text, nullable=False),
)

campaign_waits = Table(
    "campaign_waits",
    metadata,
    Column(
        "campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("due_at", BigInteger, nullable=False),
    Index("ix_campaign_waits_due", "campaign_id", "due_at"),
    Index("ix_campaign_waits_contact", "contact_id"),
    sqlite_with_rowid=False,
)

campaign_taps = Table(
    "campaign_taps",
    metadata,
    Column(
        "contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("form_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

# In which hours of the last week somebody had a message to many.
written = Table(
    "written",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("hours", Text, nullable=False),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Index("ix_subscriptions_topic", "programme", "topic", "wanted"),
    sqlite_with_rowid=False,
)
