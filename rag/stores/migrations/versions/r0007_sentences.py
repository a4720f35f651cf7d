"""Vectors of the sentences of each passage."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each chunk room for the vectors of its sentences; those that are there get them when they are cut anew."""
    op.add_column("chunks", sa.Column("sentences", sa.LargeBinary(), nullable=False, server_default=""))
