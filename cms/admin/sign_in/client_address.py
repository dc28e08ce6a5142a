"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

__all__ = ["client_address"]

# A household or a rented machine has as many addresses of IPv6 as it likes, all with one prefix.
PREFIX_LENGTH = 64


def client_address(request: HttpRequest) -> str | None:
    """The client's own address, or the network of it; None if it is not told.

    Anyone can send the header. So it is read only where the settings say that a proxy writes it,
    and of several addresses the last one, which the proxy has added to what it was sent.
    """
    if settings.CLIENT_ADDRESS_HEADER:
        given = request.headers.get(settings.CLIENT_ADDRESS_HEADER, "").rpartition(",")[2]
    else:
        given = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(without_port(given.strip()))
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, PREFIX_LENGTH), strict=False).network_address)


def without_port(given: str) -> str:
    if given.startswith("["):
        return given[1:].partition("]")[0]
    return given.partition(":")[0] if given.count(":") == 1 else given
