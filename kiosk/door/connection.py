"""One client at the door, as the desk sees it: lines in, lines out, both bounded."""

import socket
import threading
from collections.abc import Callable

from kiosk.domain.ids import ReaderId
from kiosk.door.messages import LINE_BYTES_MAX, Say, encode

OUT_BYTES_MAX = 1024 * 1024
"""A client that leaves this much unread is closed: it can connect again and ask afresh."""
READ_BYTES = 64 * 1024


class Connection:
    """A connected client. `send` may be called from any thread; the rest belongs to the door's thread."""

    def __init__(self, connected: socket.socket, wake: Callable[[], None]) -> None:
        """Take a connected, non-blocking socket."""
        self.socket = connected
        self.readers: frozenset[ReaderId] = frozenset()
        self._wake = wake
        self._in = bytearray()
        self._out = bytearray()
        self._lock = threading.Lock()
        self._is_over = False

    @property
    def has_more(self) -> bool:
        """Return whether something waits to be sent."""
        return bool(self._out)

    def send(self, message: Say) -> None:
        """Queue one message; past `OUT_BYTES_MAX` the client is given up instead."""
        line = encode(message)
        with self._lock:
            if len(self._out) + len(line) > OUT_BYTES_MAX:
                self._is_over = True
            else:
                self._out += line
        self._wake()

    def read_lines(self) -> list[bytes] | None:
        """Return the whole lines that have come, or None when the client is gone or its line is too long."""
        try:
            chunk = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not chunk:
            return None
        self._in += chunk
        *lines, rest = bytes(self._in).split(b"\n")
        self._in = bytearray(rest)
        if len(rest) > LINE_BYTES_MAX or any(len(one) > LINE_BYTES_MAX for one in lines):
            return None
        return lines

    def flush(self) -> bool:
        """Send what can be sent now; return False when the connection is to be closed."""
        with self._lock:
            if self._is_over:
                return False
            try:
                while self._out:
                    del self._out[: self.socket.send(self._out)]
            except BlockingIOError:
                return True
            except OSError:
                return False
            return True

    def close(self) -> None:
        """Close the socket. What is sent later goes nowhere."""
        with self._lock:
            self._is_over = True
        self.socket.close()
