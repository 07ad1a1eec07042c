"""Invitations: codes that give a right once. The code itself is never stored, only its SHA-256."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import sqlalchemy as sa

from yokocho.store.tables import invitations


class Invitation(NamedTuple):
    """One invitation. It is open until it is used, revoked or over."""

    id: int
    kind: str
    stall_id: str | None
    made_by: str
    made_us: int
    expires_us: int | None
    used_by: str | None
    used_us: int | None
    revoked_us: int | None

    def is_over(self, now_us: int) -> bool:
        """Whether its time has passed."""
        return self.expires_us is not None and self.expires_us <= now_us

    def is_open(self, now_us: int) -> bool:
        """Whether it can still be used."""
        return self.used_us is None and self.revoked_us is None and not self.is_over(now_us)


_COLUMNS = [invitations.c[name] for name in Invitation._fields]


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def add_invitation(
    connection: sa.Connection,
    code: str,
    kind: str,
    stall_id: str | None,
    *,
    made_by: str,
    made_us: int,
    expires_us: int | None,
) -> Invitation:
    """Keep a new invitation."""
    values = {"kind": kind, "stall_id": stall_id, "made_by": made_by, "made_us": made_us, "expires_us": expires_us}
    number = connection.execute(sa.insert(invitations).values(**values, code_sha256=_hash(code))).inserted_primary_key
    assert number is not None
    return Invitation(number[0], kind, stall_id, made_by, made_us, expires_us, None, None, None)


def find_by_code(connection: sa.Connection, code: str) -> Invitation | None:
    """The invitation that the code belongs to."""
    row = connection.execute(sa.select(*_COLUMNS).where(invitations.c.code_sha256 == _hash(code))).one_or_none()
    return None if row is None else Invitation(*row)


def find_invitation(connection: sa.Connection, invitation_id: int) -> Invitation | None:
    """One invitation by its number."""
    row = connection.execute(sa.select(*_COLUMNS).where(invitations.c.id == invitation_id)).one_or_none()
    return None if row is None else Invitation(*row)


def list_invitations(connection: sa.Connection, *, offset: int, limit: int) -> list[Invitation]:
    """Invitations, newest first, without claims: those are the server's own."""
    query = sa.select(*_COLUMNS).where(invitations.c.kind != "claim").order_by(invitations.c.id.desc())
    return [Invitation(*row) for row in connection.execute(query.offset(offset).limit(limit))]


def use_invitation(connection: sa.Connection, invitation_id: int, did: str, now_us: int) -> bool:
    """Mark it used; False when it was not open any more."""
    still = (invitations.c.id == invitation_id) & invitations.c.used_us.is_(None) & invitations.c.revoked_us.is_(None)
    return connection.execute(sa.update(invitations).where(still).values(used_by=did, used_us=now_us)).rowcount > 0


def revoke_invitation(connection: sa.Connection, invitation_id: int, now_us: int) -> None:
    """Nobody can use it from now on."""
    connection.execute(sa.update(invitations).where(invitations.c.id == invitation_id).values(revoked_us=now_us))


def forget_claims(connection: sa.Connection) -> None:
    """Old claim codes are void, and of no interest."""
    connection.execute(sa.delete(invitations).where(invitations.c.kind == "claim", invitations.c.used_us.is_(None)))


def prune_invitations(connection: sa.Connection, before_us: int) -> int:
    """Forget those that have been over, used or revoked since a time."""
    done = sa.func.coalesce(invitations.c.used_us, invitations.c.revoked_us, invitations.c.expires_us)
    return connection.execute(sa.delete(invitations).where(done < before_us, invitations.c.kind != "claim")).rowcount
