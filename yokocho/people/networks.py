"""Addresses and networks, as house rules see them.

A ban of a network shuts out whoever happens to live there, so its width has an end: a keeper may name a small
provider's block, an operator a large one. What is remembered of an address is the household (an IPv6 client owns a
whole /64), never the address, and only of addresses of the open internet: behind an address of a private network
stands a proxy or a whole school.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from yokocho.kinds import Network
from yokocho.people.errors import Code, Refused

KEEPER_LEAST_BITS: Final = {4: 24, 6: 48}
OPERATOR_LEAST_BITS: Final = {4: 8, 6: 16}
_HOUSEHOLD_BITS: Final = {4: 32, 6: 64}
_MAPPED_BITS: Final = 96


def read_network(text: str, *, is_operator: bool) -> Network:
    """The network of an address or of CIDR notation.

    Raises:
        Refused: it is none, or wider than the person may name.
    """
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise Refused(Code.BAD_VALUE, "A network looks like 203.0.113.0/24 or 2001:db8::/48.") from None
    # Some logs wrap IPv4 addresses in IPv6. People who come are unwrapped too (`read_address`).
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= _MAPPED_BITS:
        network = ipaddress.ip_network((mapped, network.prefixlen - _MAPPED_BITS))
    least = (OPERATOR_LEAST_BITS if is_operator else KEEPER_LEAST_BITS)[network.version]
    if network.prefixlen < least:
        raise Refused(Code.NETWORK_TOO_WIDE, f"This network is too wide; the widest that you may name is a /{least}.")
    return network


def read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, IPv4 also when it is wrapped in IPv6; None when it is none."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def household(text: str) -> str | None:
    """The smallest network that the address shares with nobody else; None for private addresses."""
    address = read_address(text)
    if address is None or not address.is_global:
        return None
    return str(ipaddress.ip_network((address, _HOUSEHOLD_BITS[address.version]), strict=False))
