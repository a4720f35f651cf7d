"""Where page and headings change within a passage."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give each chunk room for its turns; those that are there get them when they are cut anew."""
    op.add_column("chunks", sa.Column("turns", sa.Text(), nullable=False, server_default="[]"))
