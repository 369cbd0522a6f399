"""The moderators' group, the cards in it, and an index of the grave cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDECIDED = sa.text("state <> 'decided'")
OPEN = sa.text("is_open")


def upgrade() -> None:
    """Make the tables; a programme has no group until a coordinator names one."""
    op.create_table(
        "groups",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("is_forum", sa.Boolean(), nullable=False),
        sa.Column("linked_by", sa.BigInteger(), nullable=False),
        sa.Column("linked_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme", name="pk_groups"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_groups_contact_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_groups_contact", "groups", ["contact_id"])
    op.create_table(
        "cards",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("held_until_at", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        sa.UniqueConstraint("instance_id", name="uq_cards_instance_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_cards_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_cards_open", "cards", ["programme", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        "ix_cases_grave",
        "cases",
        ["programme", "severity", "look_by_at"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from groups; restore a back-up."
    raise NotImplementedError(said)
