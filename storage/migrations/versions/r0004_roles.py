"""Roles and invitations; what coordinators decide about forms, and the desks they write at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AWAITED = sa.text("source <> ''")


def upgrade() -> None:
    """Make the tables."""
    _roles()
    _offers()
    _desks()


def downgrade() -> None:
    """Refuse: roles would be lost, and the versions that are offered."""
    said = "There is no way back from the tables of roles; restore a back-up."
    raise NotImplementedError(said)


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger()),
        sa.Column("taken_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("token_hash", name="uq_roles_token_hash"),
        sa.UniqueConstraint(
            "programme", "contact_id", "role", name="uq_roles_programme_contact_id_role"
        ),
        _of_contact("roles"),
        sqlite_autoincrement=True,
    )


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "form_id", name="pk_offers"),
    )
    op.create_table(
        "workbooks",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("is_numbered", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "form_id", "form_version", name="pk_workbooks"),
    )


def _desks() -> None:
    op.create_table(
        "desks",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("xform", sa.Text()),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "contact_id", name="pk_desks"),
        _of_contact("desks"),
    )
    op.create_index(
        "ix_desks_waiting",
        "desks",
        ["programme", "due_at"],
        sqlite_where=AWAITED,
        postgresql_where=AWAITED,
    )


def _of_contact(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_contact_id"
    return sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=name, ondelete="CASCADE")
