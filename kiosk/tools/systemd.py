"""What systemd is told: that we are ready, that we are stopping, and that every loop that does the work still turns.

The protocol is sd_notify(3): a datagram of `VARIABLE=VALUE` to the socket that NOTIFY_SOCKET names. WATCHDOG_USEC says
within how many microseconds a sign of life is wanted. Without these variables nobody is told anything.
"""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping

PINGS = 4
"""Signs of life within the time that one is wanted in: three may be late before we are taken for dead."""
SEND_S = 1.0
"""How long it may take to say that we are ready; then we go on unheard, and systemd starts us anew."""

_MICROSECONDS = 1_000_000

log = logging.getLogger("samverk.systemd")


class Supervisor:
    """Whoever supervises this process: systemd, or nobody. May be used from any thread.

    WATCHDOG_PID is passed over: the screen is a grandchild of the process that systemd started, and speaks for it.
    """

    def __init__(
        self,
        *loops: str,
        environment: Mapping[str, str] = os.environ,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the names of the loops without which the service is worth nothing."""
        self._loops = frozenset(loops)
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        within_us = environment.get("WATCHDOG_USEC", "")
        self._every_s = int(within_us) / _MICROSECONDS / PINGS if within_us.isdecimal() and self._address else 0.0
        self._elapsed_s = elapsed_s
        self._lock = threading.Lock()
        self._turned: set[str] = set()
        self._pinged_s = float("-inf")

    def ready(self) -> None:
        """Tell that the service does now what it is there for."""
        self._send("READY=1")

    def stopping(self) -> None:
        """Tell that the service was asked to end."""
        self._send("STOPPING=1")

    def turned(self, loop: str) -> None:
        """Hear that one of the loops has turned. Once each of them has, systemd is told that we live."""
        if not self._every_s:
            return
        with self._lock:
            self._turned.add(loop)
            now_s = self._elapsed_s()
            if not self._turned >= self._loops or now_s - self._pinged_s < self._every_s:
                return
            self._turned.clear()
            self._pinged_s = now_s
        self._send("WATCHDOG=1", wait_s=0.0)

    def turning(self, loop: str) -> Callable[[], None]:
        """Return what that loop calls at each turn."""
        return lambda: self.turned(loop)

    def _send(self, state: str, wait_s: float = SEND_S) -> None:
        if not self._address:
            return
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
            line.settimeout(wait_s)
            try:
                line.sendto(state.encode(), self._address)
            except OSError as error:
                log.warning("systemd could not be told %s: %s", state, error.strerror or "it took too long")


def _address(given: str) -> str:
    """Return the address to send to, or nothing; a name that begins with @ is in the abstract namespace (unix(7))."""
    return f"\0{given[1:]}" if given.startswith("@") else given if given.startswith("/") else ""


NOBODY = Supervisor(environment={})
"""Nobody supervises: what a service is given where it is started by hand."""
