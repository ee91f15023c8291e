"""A viewer of the web board's event stream, as light as it can be: a socket, and a thread that reads it."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

WAIT_S = 20.0


class Viewer:
    """Looks until closed. Remembers the newest picture only."""

    def __init__(self, port: int) -> None:
        """Ask for the events."""
        self.bytes_heard = 0
        self._pictures: list[tuple[float, str]] = []
        self._news = threading.Condition()
        self._socket = socket.create_connection(("127.0.0.1", port), WAIT_S)
        self._socket.sendall(b"GET /events HTTP/1.1\r\nhost: board\r\n\r\n")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, is_so: Callable[[str], bool]) -> float:
        """Return when the first picture came of which it is so; raise `TimeoutError` if none does."""
        ends_s = time.monotonic() + WAIT_S
        with self._news:
            while True:
                for came_s, html in self._pictures:
                    if is_so(html):
                        del self._pictures[:-1]
                        return came_s
                del self._pictures[:-1]
                if not self._news.wait(ends_s - time.monotonic()):
                    message = "the board did not show it"
                    raise TimeoutError(message)

    def close(self) -> None:
        """Go away. Closing alone would wait for the thread that reads."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> Self:
        """Return the viewer, looking."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self.close()

    def _read(self) -> None:
        unread = b""
        while True:
            try:
                chunk = self._socket.recv(65_536)
            except OSError:
                return
            if not chunk:
                return
            self.bytes_heard += len(chunk)
            unread += chunk
            while b"\n\n" in unread:
                event, _, unread = unread.partition(b"\n\n")
                with self._news:
                    self._pictures.append((time.perf_counter(), event.decode(errors="replace")))
                    del self._pictures[:-20]
                    self._news.notify_all()
