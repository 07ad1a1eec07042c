"""Who is on the other end.

A peer's own address can't be forged; what `X-Forwarded-For` says can. So the header counts only when the peer is a
proxy that the operator listed, and then it is read from the right: the last entry that is no listed proxy is the
client. For caps an IPv6 client counts as its /64, which is what one household has.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final, TypeAlias

from yokocho.kinds import Network

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN: Final = ipaddress.IPv6Address(0)
MAX_FORWARDED_CHARS: Final = 1024
_IPV6_HOUSEHOLD_BITS: Final = 64


def parse_address(text: str) -> Address | None:
    """An IP address, an IPv4 one also when it is wrapped in IPv6; None when it is none."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    """Whether one of the networks holds the address."""
    return any(address.version == network.version and address in network for network in networks)


def client_address(peer: Address, forwarded_for: str, proxies: tuple[Network, ...]) -> Address:
    """The client's address: the peer's own, or what listed proxies say of it."""
    if not is_in(peer, proxies):
        return peer
    found = peer
    for entry in reversed(forwarded_for[-MAX_FORWARDED_CHARS:].split(",")):
        address = parse_address(entry)
        if address is None:
            break
        found = address
        if not is_in(address, proxies):
            break
    return found


def cap_key(address: Address) -> str:
    """What connections are counted by."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _IPV6_HOUSEHOLD_BITS), strict=False))
    return str(address)
