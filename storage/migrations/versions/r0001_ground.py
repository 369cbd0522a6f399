"""The ground: updates, contacts, outbox, consents, sessions, submissions, attachments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Make the first tables."""
    _what_the_program_needs()
    _contacts_and_outbox()
    _data()
    _attachments()


def downgrade() -> None:
    """Refuse: what people said would be dropped."""
    said = "There is no way back from the first tables; restore a back-up."
    raise NotImplementedError(said)


def _what_the_program_needs() -> None:
    op.create_table(
        "store_facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_store_facts"),
    )
    op.create_table(
        "updates",
        sa.Column("update_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_updates"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("update_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("set_aside_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_dead_letters"),
    )


def _contacts_and_outbox() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("chat_id", name="uq_contacts_chat_id"),
        sa.CheckConstraint("state IN ('active', 'gone')", name=op.f("ck_contacts_state")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.CheckConstraint("state IN ('waiting', 'given up')", name=op.f("ck_outbox_state")),
        _reference("outbox", "contact_id", "contacts.id"),
        sqlite_autoincrement=True,
    )
    _waiting_index("ix_outbox_queue", "outbox", ["contact_id", "id"])
    _waiting_index("ix_outbox_priority", "outbox", ["priority", "id"])
    op.create_table(
        "slots",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "slot", name="pk_slots"),
        _reference("slots", "contact_id", "contacts.id"),
        sqlite_with_rowid=False,
    )


def _data() -> None:
    op.create_table(
        "consents",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", "text_version", "kept_at", name="pk_consents"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", "programme", name="pk_sessions"),
        sa.UniqueConstraint("session_key", name="uq_sessions_session_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submissions",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("review_state", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_submissions"),
        sa.CheckConstraint(
            "review_state IN ('received', 'has issues', 'approved', 'rejected')",
            name=op.f("ck_submissions_review_state"),
        ),
    )
    op.create_index(
        "ix_submissions_programme", "submissions", ["programme", "kept_at", "instance_id"]
    )
    op.create_index("ix_submissions_reporter", "submissions", ["reporter", "kept_at"])
    op.create_index("ix_submissions_receipt", "submissions", ["programme", "receipt"])


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("session_key", sa.Text()),
        sa.Column("instance_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("session_key", "name", name="uq_attachments_session_key_name"),
        sa.UniqueConstraint("instance_id", "name", name="uq_attachments_instance_id_name"),
        sa.CheckConstraint(
            "(session_key IS NULL) <> (instance_id IS NULL)", name=op.f("ck_attachments_belongs")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'kept', 'failed')", name=op.f("ck_attachments_state")
        ),
        _reference("attachments", "session_key", "sessions.session_key"),
        _reference("attachments", "instance_id", "submissions.instance_id"),
        sqlite_autoincrement=True,
    )
    _waiting_index("ix_attachments_waiting", "attachments", ["due_at", "id"])
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")


def _waiting_index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, sqlite_where=WAITING, postgresql_where=WAITING)
