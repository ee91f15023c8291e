"""The desk's side of the door: one thread, one selector, every connection and every buffer bounded."""

import contextlib
import logging
import os
import selectors
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.door.connection import Connection

CONNECTIONS_MAX = 32
"""Screens, boards and commands at once; one more is turned away."""
WAIT_S = 1.0

log = logging.getLogger("samverk.door")


class DoorServer:
    """Listens at a Unix socket that only this user may open.

    `on_line` is called in the door's own thread with a connection and one line, and must not block.
    """

    def __init__(
        self, path: Path, on_line: Callable[[Connection, bytes], None], on_closed: Callable[[Connection], None]
    ) -> None:
        """Take the socket; a file left by a dead desk is replaced."""
        self._path = path
        self._on_line = on_line
        self._on_closed = on_closed
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, Connection] = {}
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._listener = _listen(path)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wake_read, selectors.EVENT_READ)

    def wake(self) -> None:
        """Let the door's thread look at what there is to send. May be called from any thread."""
        with contextlib.suppress(OSError):  # a full pipe wakes it anyway; after the end there is nobody to wake
            os.write(self._wake_write, b"\0")

    def run(self, stop: threading.Event, turned: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped; then send what is waiting, once, and close everything. `turned` hears of every turn."""
        while not stop.is_set():
            turned()
            self._turn(WAIT_S)
        for one in list(self._connections.values()):
            one.flush()
            self._close(one)
        self._selector.close()
        self._listener.close()
        self._path.unlink(missing_ok=True)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _turn(self, timeout_s: float) -> None:
        for key, _events in self._selector.select(timeout_s):
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj == self._wake_read:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
            else:
                self._serve(self._connections[key.fd])
        for one in list(self._connections.values()):
            if not one.flush():
                self._close(one)
            else:
                wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if one.has_more else 0)
                self._selector.modify(one.socket, wanted)

    def _accept(self) -> None:
        try:
            accepted, _address = self._listener.accept()
        except OSError as error:
            log.warning("a connection could not be accepted: %s", error.strerror)
            return
        if len(self._connections) >= CONNECTIONS_MAX or not _is_allowed(accepted):
            log.warning("a connection was turned away")
            accepted.close()
            return
        accepted.settimeout(0)
        self._connections[accepted.fileno()] = Connection(accepted, self.wake)
        self._selector.register(accepted, selectors.EVENT_READ)

    def _serve(self, one: Connection) -> None:
        lines = one.read_lines()
        if lines is None:
            self._close(one)
            return
        try:
            for line in lines:
                self._on_line(one, line)
        except Exception:
            # The door stays open for everybody else.
            log.exception("a line at the door led to a fault; its connection is closed")
            self._close(one)

    def _close(self, one: Connection) -> None:
        fd = one.socket.fileno()
        if fd in self._connections:
            self._selector.unregister(one.socket)
            del self._connections[fd]
        one.close()
        self._on_closed(one)


def _listen(path: Path) -> socket.socket:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    previous = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(previous)
    listener.listen(CONNECTIONS_MAX)
    listener.settimeout(0)
    return listener


def _is_allowed(accepted: socket.socket) -> bool:
    """Return whether the other end runs as this user or as root (SO_PEERCRED, unix(7): pid, uid, gid)."""
    credentials = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return uid in {os.getuid(), 0}
