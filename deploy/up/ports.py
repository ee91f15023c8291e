"""Ports of the loopback address for programs that are told theirs before they start. Nothing holds them till then."""

import secrets
import socket
from contextlib import ExitStack

LOWEST, HIGHEST = 20_000, 32_000
"""Linux gives whoever asks for any port one from 32,768 on: there it could be gone at any moment."""

_chance = secrets.SystemRandom()
_given: set[int] = set()


class NoFreePortError(Exception):
    """All ports are taken."""


def free_ports(count: int, *, side_by_side: bool = False) -> list[int]:
    """Return that many ports that nobody listens on now, and that were never returned to this process before.

    With `side_by_side` each is one more than the one before. Raise `NoFreePortError` if there are none.
    """
    width = count if side_by_side else 1
    found = list[int]()
    for first in _chance.sample(range(LOWEST, HIGHEST - width), HIGHEST - width - LOWEST):
        ports = range(first, first + width)
        if _given.isdisjoint(ports) and _are_free(ports):
            _given.update(ports)
            found += ports
        if len(found) >= count:
            return found
    message = f"no free port between {LOWEST} and {HIGHEST}"
    raise NoFreePortError(message)


def _are_free(ports: range) -> bool:
    with ExitStack() as stack:
        try:
            for port in ports:
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
