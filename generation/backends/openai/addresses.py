"""Which addresses a worker may speak to: no settings mistake and no DNS answer leads it inside."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.ip_network("64:ff9b::/96")
METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254")
)
HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")  # a name, or an IPv6 address
PORTS = {"http": 80, "https": 443}


class AddressRefused(Exception):
    """The name leads to an address that the settings do not allow."""


def check_address(text: str, *, allow_private: bool) -> None:
    """Raise AddressRefused. Link-local and metadata addresses are never allowed."""
    for address in _with_embedded(ipaddress.ip_address(text.partition("%")[0])):
        if address in METADATA or address.is_link_local:
            raise AddressRefused(f"{text} is a link-local or metadata address")
        reserved = address.is_reserved and not address.is_loopback
        if address.is_multicast or address.is_unspecified or reserved:
            raise AddressRefused(f"{text} is not the address of a server")
        if not address.is_global and not allow_private:
            raise AddressRefused(f"{text} is a private or loopback address")


def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host in the resolver's order; one that is refused refuses the host.

    Raises AddressRefused, or OSError when the name cannot be resolved.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        check_address(address, allow_private=allow_private)
    return addresses


def origin(url: str) -> str:
    """`scheme://host:port` of an HTTP address, with the port always told. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not HOST.fullmatch(parts.hostname or ""):
        raise ValueError("it must begin with https:// or http:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it must not hold a user or a password")
    port = parts.port or PORTS[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def literal_address(host: str) -> str | None:
    """The host itself where it is an IP address."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _with_embedded(address: Address) -> list[Address]:
    """The address, or the IPv4 address that it carries: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address in NAT64:
        return [ipaddress.IPv4Address(address.packed[-4:])]
    teredo = address.teredo[1] if address.teredo else None
    carried = [a for a in (address.ipv4_mapped, address.sixtofour, teredo) if a is not None]
    return list(carried) or [address]
