"""Asks a server of a test over HTTP, without the tens of milliseconds that reading the system's authorities takes."""

import ssl
from typing import Any

import httpx2

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def opened(**how: Any) -> httpx2.Client:
    """Return a client that trusts no authority: for servers without TLS."""
    return httpx2.Client(trust_env=False, verify=_NO_TLS, **how)


def request(method: str, url: str, *, follow_redirects: bool = False, **what: Any) -> httpx2.Response:
    """Ask once, on a connection of its own."""
    with opened(follow_redirects=follow_redirects) as one:
        return one.request(method, url, **what)
