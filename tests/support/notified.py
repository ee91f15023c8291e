"""Stands where systemd does: a datagram socket that hears what a service says of itself."""

import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kiosk.tools.systemd import Supervisor

PATIENCE_S = 10.0
WATCHDOG_S = 8.0


class Notified:
    """Hears one service."""

    def __init__(self) -> None:
        """Listen at a name that nobody else has."""
        self._name = f"samverk-test-{secrets.token_hex(8)}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.bind(f"\0{self._name}")

    @property
    def environment(self) -> dict[str, str]:
        """Return what systemd would give the service."""
        return {"NOTIFY_SOCKET": f"@{self._name}", "WATCHDOG_USEC": str(int(WATCHDOG_S * 1_000_000))}

    def supervisor(self, *loops: str, elapsed_s: Callable[[], float] | None = None) -> Supervisor:
        """Return a supervisor that tells us."""
        if elapsed_s is None:
            return Supervisor(*loops, environment=self.environment)
        return Supervisor(*loops, environment=self.environment, elapsed_s=elapsed_s)

    def hear(self) -> str:
        """Return the next thing said, or fail when none comes."""
        return self.socket.recv(256).decode()

    def wait_for(self, state: str) -> None:
        """Return once that has been said."""
        while self.hear() != state:
            pass

    def heard(self) -> list[str]:
        """Return all that has been said and not heard yet, without waiting."""
        said = []
        self.socket.settimeout(0)
        try:
            while True:
                said.append(self.socket.recv(256).decode())
        except BlockingIOError:
            return said
        finally:
            self.socket.settimeout(PATIENCE_S)


@contextmanager
def notified() -> Iterator[Notified]:
    """Hear a service for the length of the block."""
    one = Notified()
    try:
        yield one
    finally:
        one.socket.close()
