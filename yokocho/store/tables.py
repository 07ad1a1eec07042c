"""The tables of an instance.

Theory: a column for everything that is searched, joined or counted; JSON for values that are only ever read whole
(texts by language, lists of placements). Times are integer microseconds since 1970, UTC, in columns that end in `_us`.
`ordinal` keeps the order in which things were laid out, so that a restart shows the very same alley. Ids of plots,
stalls and exhibits are unique within their room.

People are named by their did, or by the `visitor_id` that is made from it. No column says so with a foreign key: a
grant or a ban may be older than the first visit of the person, and outlives it. A number that names a grant or a ban is
never given twice, so that an old list revokes nothing new. What is kept about a person, column by
column, stands in store/erasure.py; a test fails when a table is missing there.

A change here needs a migration in store/migrations/versions and a higher number in store/schema.py; a test compares
what the migrations make with what stands here.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from world.scene import Lantern, Placement, Seat, Solid, Spawn, Text, Transform, Vec3
from yokocho.store.columns import BigInt, Json, Typed

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

schema_info: Final = sa.Table(
    "schema_info",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("compat_version", sa.Integer, nullable=False),
    sa.Column("changed_us", BigInt, nullable=False),
)

settings: Final = sa.Table(
    "settings",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("value", Json(), nullable=False),
    sa.Column("changed_us", BigInt, nullable=False),
)

assets: Final = sa.Table(
    "assets",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("suffix", sa.String(16), nullable=False),
    sa.Column("size_bytes", BigInt, nullable=False),
    sa.Column("created_us", BigInt, nullable=False),
)

rooms: Final = sa.Table(
    "rooms",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("title", Typed(Text), nullable=False),
    sa.Column("about", Typed(Text), nullable=False),
    sa.Column("bounds_min_m", Typed(Vec3), nullable=False),
    sa.Column("bounds_max_m", Typed(Vec3), nullable=False),
    sa.Column("spawns", Typed(tuple[Spawn, ...]), nullable=False),
    sa.Column("environment", Typed(tuple[Placement, ...]), nullable=False),
    sa.Column("solids", Typed(tuple[Solid, ...]), nullable=False),
    sa.Column("lanterns", Typed(tuple[Lantern, ...]), nullable=False),
    sa.Column("seats", Typed(tuple[Seat, ...]), nullable=False),
    sa.Column("version", BigInt, nullable=False),
    sa.Column("created_us", BigInt, nullable=False),
)

plots: Final = sa.Table(
    "plots",
    metadata,
    sa.Column("room_id", sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("transform", Typed(Transform), nullable=False),
    sa.Column("width_m", sa.Double, nullable=False),
    sa.Column("depth_m", sa.Double, nullable=False),
)

stalls: Final = sa.Table(
    "stalls",
    metadata,
    sa.Column("room_id", sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("plot_id", sa.String(64), nullable=False),
    sa.Column("name", Typed(Text), nullable=False),
    sa.Column("craft", Typed(Text), nullable=False),
    sa.Column("maker", sa.Text, nullable=False),
    sa.Column("about", Typed(Text), nullable=False),
    sa.Column("accent", sa.Integer, nullable=False),
    sa.Column("assets", Typed(tuple[Placement, ...]), nullable=False),
    sa.Column("front", Typed(Spawn), nullable=False),
    sa.Column("sign", Typed(Transform), nullable=False),
    sa.Column("sign_size_m", Typed(tuple[float, float]), nullable=False),
    sa.Column("solids", Typed(tuple[Solid, ...]), nullable=False),
    sa.Column("lanterns", Typed(tuple[Lantern, ...]), nullable=False),
    sa.Column("version", BigInt, nullable=False),
    sa.ForeignKeyConstraint(["room_id", "plot_id"], ["plots.room_id", "plots.id"]),
)

exhibits: Final = sa.Table(
    "exhibits",
    metadata,
    sa.Column("room_id", sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("stall_id", sa.String(64), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("title", Typed(Text), nullable=False),
    sa.Column("about", Typed(Text), nullable=False),
    sa.Column("materials", Typed(Text), nullable=False),
    sa.Column("price_minor", BigInt, nullable=True),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("size_cm", Typed(Vec3), nullable=False),
    sa.Column("asset_sha256", sa.ForeignKey("assets.sha256"), nullable=False),
    sa.Column("transform", Typed(Transform), nullable=False),
    sa.Column("version", BigInt, nullable=False),
    sa.ForeignKeyConstraint(["room_id", "stall_id"], ["stalls.room_id", "stalls.id"]),
)

chat_messages: Final = sa.Table(
    "chat_messages",
    metadata,
    sa.Column("room_id", sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", BigInt, primary_key=True, autoincrement=False),
    sa.Column("visitor_id", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("said_us", BigInt, nullable=False),
    sa.Index(None, "said_us"),
    sa.Index(None, "visitor_id"),
)

persons: Final = sa.Table(
    "persons",
    metadata,
    sa.Column("did", sa.String(128), primary_key=True),
    sa.Column("visitor_id", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("look", Json(), nullable=True),
    sa.Column("home", sa.String(255), nullable=False),
    sa.Column("confirmed_home", sa.String(255), nullable=True),
    sa.Column("document", Json(), nullable=False),
    sa.Column("devices", sa.Text, nullable=False),
    sa.Column("sequence", BigInt, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("next_key_digest", sa.String(64), nullable=True),
    sa.Column("successor", sa.String(128), nullable=True),
    sa.Column("first_seen_us", BigInt, nullable=False),
    sa.Column("last_seen_us", BigInt, nullable=False),
    sa.Index(None, "visitor_id", unique=True),
    sa.Index(None, "last_seen_us"),
)

grants: Final = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("did", sa.String(128), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("stall_id", sa.String(64), nullable=True),
    sa.Column("granted_by", sa.String(128), nullable=False),
    sa.Column("at_us", BigInt, nullable=False),
    sa.Index(None, "did"),
    sqlite_autoincrement=True,
)

invitations: Final = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code_sha256", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("stall_id", sa.String(64), nullable=True),
    sa.Column("made_by", sa.String(128), nullable=False),
    sa.Column("made_us", BigInt, nullable=False),
    sa.Column("expires_us", BigInt, nullable=True),
    sa.Column("used_by", sa.String(128), nullable=True),
    sa.Column("used_us", BigInt, nullable=True),
    sa.Column("revoked_us", BigInt, nullable=True),
    sa.Index(None, "code_sha256", unique=True),
    sqlite_autoincrement=True,
)

restrictions: Final = sa.Table(
    "restrictions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("scope", sa.String(16), nullable=False),
    sa.Column("did", sa.String(128), nullable=True),
    sa.Column("did_hash", sa.String(64), nullable=True),
    sa.Column("network", sa.String(64), nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_by", sa.String(128), nullable=False),
    sa.Column("at_us", BigInt, nullable=False),
    sa.Column("expires_us", BigInt, nullable=True),
    sa.Column("lifted_by", sa.String(128), nullable=True),
    sa.Column("lifted_us", BigInt, nullable=True),
    sa.Index(None, "did"),
    sqlite_autoincrement=True,
)

address_holds: Final = sa.Table(
    "address_holds",
    metadata,
    sa.Column("restriction_id", sa.ForeignKey("restrictions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("address_hash", sa.String(64), primary_key=True),
    sa.Column("since_us", BigInt, nullable=False),
    sa.Column("expires_us", BigInt, nullable=False),
)

audit_log: Final = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_us", BigInt, nullable=False),
    sa.Column("who", sa.String(128), nullable=False),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("on_whom", sa.String(128), nullable=True),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("details", Json(), nullable=False),
    sa.Index(None, "who"),
    sa.Index(None, "on_whom"),
    sqlite_autoincrement=True,
)
