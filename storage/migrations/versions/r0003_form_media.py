"""Form media sent before, words beside attachments, and who wants little data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of handles, and the columns."""
    op.create_table(
        "form_media",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "method", name="pk_form_media"),
    )
    op.add_column("attachments", sa.Column("caption", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "contacts",
        sa.Column("low_data", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Refuse: words that people wrote would be lost."""
    said = "There is no way back from captions; restore a back-up."
    raise NotImplementedError(said)
