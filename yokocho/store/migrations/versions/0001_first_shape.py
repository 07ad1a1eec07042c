"""The first shape: rooms, plots, stalls, exhibits, assets, chat, settings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, JSON, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _words(name: str, longest: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(longest) if longest else sa.Text, nullable=False)


def upgrade() -> None:
    """To this version."""
    _instance()
    op.create_table(
        "rooms",
        _words("id", 64),
        *(_json(name) for name in ("title", "about", "bounds_min_m", "bounds_max_m", "spawns", "environment")),
        *(_json(name) for name in ("solids", "lanterns", "seats")),
        _number("version"),
        _number("created_us"),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
    )
    _in_room("plots", _json("transform"), _real("width_m"), _real("depth_m"))
    _in_room(
        "stalls",
        _words("plot_id", 64),
        _json("name"),
        _json("craft"),
        _words("maker"),
        _json("about"),
        sa.Column("accent", sa.Integer, nullable=False),
        *(_json(name) for name in ("assets", "front", "sign", "sign_size_m", "solids", "lanterns")),
        _number("version"),
        sa.ForeignKeyConstraint(
            ["room_id", "plot_id"], ["plots.room_id", "plots.id"], name="fk_stalls_room_id_plot_id"
        ),
    )
    _in_room(
        "exhibits",
        _words("stall_id", 64),
        sa.Column("position", sa.Integer, nullable=False),
        *(_json(name) for name in ("title", "about", "materials")),
        sa.Column("price_minor", sa.BigInteger, nullable=True),
        _words("currency", 3),
        _json("size_cm"),
        _words("asset_sha256", 64),
        _json("transform"),
        _number("version"),
        sa.ForeignKeyConstraint(["asset_sha256"], ["assets.sha256"], name="fk_exhibits_asset_sha256"),
        sa.ForeignKeyConstraint(
            ["room_id", "stall_id"], ["stalls.room_id", "stalls.id"], name="fk_exhibits_room_id_stall_id"
        ),
    )
    op.create_table(
        "chat_messages",
        _words("room_id", 64),
        _number("id"),
        _words("visitor_id", 64),
        _words("name"),
        _words("text"),
        _number("said_us"),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_chat_messages"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_chat_messages_room_id", ondelete="CASCADE"),
    )
    op.create_index("ix_chat_messages_said_us", "chat_messages", ["said_us"])


def _real(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False)


def _instance() -> None:
    """What belongs to the instance as a whole."""
    op.create_table(
        "schema_info",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("compat_version", sa.Integer, nullable=False),
        _number("changed_us"),
        sa.PrimaryKeyConstraint("id", name="pk_schema_info"),
    )
    op.create_table(
        "settings",
        _words("key", 64),
        _json("value"),
        _number("changed_us"),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )
    op.create_table(
        "assets",
        _words("sha256", 64),
        _words("suffix", 16),
        _number("size_bytes"),
        _number("created_us"),
        sa.PrimaryKeyConstraint("sha256", name="pk_assets"),
    )


def _in_room(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of things that stand in a room, in the order of `ordinal`."""
    op.create_table(
        table,
        _words("room_id", 64),
        _words("id", 64),
        sa.Column("ordinal", sa.Integer, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("room_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=f"fk_{table}_room_id", ondelete="CASCADE"),
    )
