"""Where people are at home by that place's own word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this version."""
    op.add_column("persons", sa.Column("confirmed_home", sa.String(255), nullable=True))
