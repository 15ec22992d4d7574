"""Which addresses of the internet are public: where a stranger may have the server look, and where not."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# IANA's registries of special-purpose addresses. Written out, since `ipaddress.is_private` says different things in
# different releases of Python.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; 0.0.0.0 reaches this machine on Linux
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; clouds keep their metadata there too
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local: the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
            "168.63.129.16/32",  # public by its number, and in Azure a service for the machine itself
        ),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))  # Teredo is in the first, 6to4 the third
)
_MAPPED, _NAT64 = IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96")
_PART = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet at large.

    An IPv6 address that stands for an IPv4 one (mapped, NAT64) is what that one is; 6to4 and Teredo never are.

    >>> is_public(IPv4Address("8.8.8.8")), is_public(IPv6Address("::ffff:10.0.0.1"))
    (True, False)
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    if address in _MAPPED or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def literal(host: str) -> Address | None:
    """The address that a host is a spelling of, as browsers read it; None where it is a name.

    Raises ValueError where it ends in a number and is no address: no name does.

    >>> literal("0x7f.1"), literal("2130706433"), literal("017700000001")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'))
    """
    if ":" in host:
        return IPv6Address(host)
    parts = host.removesuffix(".").split(".")
    if not _PART.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or not all(map(_PART.fullmatch, parts)):
        raise AddressValueError(f"`{host}` is no address")
    *leading, last = map(_number, parts)
    if any(number > 255 for number in leading) or last >= 256 ** (4 - len(leading)):
        raise AddressValueError(f"`{host}` is no address")
    return IPv4Address(last + sum(number << 8 * (3 - place) for place, number in enumerate(leading)))


def _number(text: str) -> int:
    if text[:2] in ("0x", "0X"):
        return int(text[2:] or "0", 16)
    if len(text) > 1 and text[0] == "0":
        return int(text, 8)  # a ValueError where it has an 8 or a 9
    return int(text)
