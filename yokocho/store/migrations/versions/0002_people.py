"""People: who came, what they may do, what they may not, and who decided it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
DID = 128


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, JSON, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _words(name: str, longest: int | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(longest) if longest else sa.Text, nullable=nullable)


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "persons",
        _words("did", DID),
        _words("visitor_id", 64),
        _words("name"),
        _json("look", nullable=True),
        _words("home", 255),
        _json("document"),
        _words("devices"),
        _number("sequence"),
        _words("digest", 64),
        _words("next_key_digest", 64, nullable=True),
        _words("successor", DID, nullable=True),
        _number("first_seen_us"),
        _number("last_seen_us"),
        sa.PrimaryKeyConstraint("did", name="pk_persons"),
    )
    op.create_index("ix_persons_visitor_id", "persons", ["visitor_id"], unique=True)
    op.create_index("ix_persons_last_seen_us", "persons", ["last_seen_us"])
    op.create_index("ix_chat_messages_visitor_id", "chat_messages", ["visitor_id"])
    _what_people_may_do()
    _what_people_may_not()
    _numbered(
        "audit_log",
        _number("at_us"),
        _words("who", DID),
        _words("what", 32),
        _words("on_whom", DID, nullable=True),
        _words("why"),
        _json("details"),
    )
    op.create_index("ix_audit_log_who", "audit_log", ["who"])
    op.create_index("ix_audit_log_on_whom", "audit_log", ["on_whom"])


def _what_people_may_do() -> None:
    _numbered(
        "grants",
        _words("did", DID),
        _words("role", 16),
        _words("stall_id", 64, nullable=True),
        _words("granted_by", DID),
        _number("at_us"),
    )
    op.create_index("ix_grants_did", "grants", ["did"])
    _numbered(
        "invitations",
        _words("code_sha256", 64),
        _words("kind", 16),
        _words("stall_id", 64, nullable=True),
        _words("made_by", DID),
        _number("made_us"),
        _number("expires_us", nullable=True),
        _words("used_by", DID, nullable=True),
        _number("used_us", nullable=True),
        _number("revoked_us", nullable=True),
    )
    op.create_index("ix_invitations_code_sha256", "invitations", ["code_sha256"], unique=True)


def _what_people_may_not() -> None:
    _numbered(
        "restrictions",
        _words("kind", 8),
        _words("scope", 16),
        _words("did", DID, nullable=True),
        _words("did_hash", 64, nullable=True),
        _words("network", 64, nullable=True),
        _words("reason"),
        _words("made_by", DID),
        _number("at_us"),
        _number("expires_us", nullable=True),
        _words("lifted_by", DID, nullable=True),
        _number("lifted_us", nullable=True),
    )
    op.create_index("ix_restrictions_did", "restrictions", ["did"])
    op.create_table(
        "address_holds",
        sa.Column("restriction_id", sa.Integer, nullable=False),
        _words("address_hash", 64),
        _number("since_us"),
        _number("expires_us"),
        sa.PrimaryKeyConstraint("restriction_id", "address_hash", name="pk_address_holds"),
        sa.ForeignKeyConstraint(
            ["restriction_id"], ["restrictions.id"], name="fk_address_holds_restriction_id", ondelete="CASCADE"
        ),
    )


def _numbered(table: str, *columns: sa.schema.SchemaItem) -> None:
    """A table whose rows are numbered as they come; no number is given twice."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sqlite_autoincrement=True,
    )
