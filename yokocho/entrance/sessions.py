"""What the door gives to those who are in: an access token for the HTTP interface, and who calls with one."""

from __future__ import annotations

from dataclasses import dataclass

from federation.identity import Identity


@dataclass(frozen=True, slots=True)
class Pass:
    """Somebody who showed good papers and may be here.

    Attributes:
        identity: their document.
        device: Multikey of the device that they came with.
        jkt: thumbprint of their session key.
        roles: bits of `world.wire.Role`.
        is_muted: whether they may not speak.
        is_banned: whether they may do no more than look after their own data.
    """

    identity: Identity
    device: str
    jkt: str
    roles: int
    is_muted: bool
    is_banned: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A session for the HTTP interface."""

    token: str
    life_s: int
    did: str
    roles: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a private call: they proved it with this very request, and it is open to them if they are banned.

    Attributes:
        did: who they are.
        roles: what they may do now, whatever their token says; bits of `world.wire.Role`.
        address: where the request came from.
    """

    did: str
    roles: int
    address: str
