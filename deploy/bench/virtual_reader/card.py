"""A card for the virtual reader of vsmartcard's vpcd: what lies on a reader, spoken over TCP. Knows no daemon.

The protocol: two bytes of length, big endian, and that many bytes. One byte is a command to the contacts: 0 power
off, 1 power on, 2 reset, 4 tell the ATR. Only the last of them is answered. Anything longer is an APDU.
"""

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

ATR_CLASSIC = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
"""PC/SC part 3: a card of ISO 14443 type A, without part 4."""
GET_UID = bytes.fromhex("FFCA000000")
Respond = Callable[[bytes], bytes | None]
"""What a card answers to a command; None is nothing at all, because it has left."""
CONNECT_S = 5.0
NOTICED_S = 5.0
"""pcscd looks every 400 ms whether the virtual card is there."""
UNNOTICED_S = 0.6
"""How long to stay away after a card left in the middle of a command, so that one look falls into the gap."""

_TELL_ATR = b"\x04"
_UNKNOWN_COMMAND = b"\x6d\x00"
_DONE = b"\x90\x00"


class VirtualCard:
    """One card that can be shown and taken away again and again, at the reader listening on this port."""

    def __init__(self, port: int) -> None:
        """Take the port of the virtual reader."""
        self._port = port
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._answer: bytes | None = b""
        self._respond: Respond | None = None
        self._atr = ATR_CLASSIC
        self._leaving = threading.Event()
        self.was_read = threading.Event()
        """Set when the UID was asked for and the answer sent, since the card was last shown."""

    def __enter__(self) -> Self:
        """Return the card, not yet shown."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the card away."""
        self.remove()

    def insert(self, uid: bytes, atr: bytes = ATR_CLASSIC) -> None:
        """Show a card with this UID."""
        self.insert_answering(uid + _DONE, atr)

    def insert_answering(self, answer: bytes | None, atr: bytes = ATR_CLASSIC) -> None:
        """Show a card that gives this answer, status included, when asked for its UID; None leaves instead."""
        self.remove()
        self._answer = answer
        self._show(atr)

    def insert_responding(self, respond: Respond, atr: bytes) -> None:
        """Show a card that answers every command by itself; None is no answer, and that it has left."""
        self.remove()
        self._answer, self._respond = b"", respond
        self._show(atr)

    def _show(self, atr: bytes) -> None:
        self._atr = atr
        self.was_read.clear()
        self._leaving.clear()
        self._socket = socket.create_connection(("127.0.0.1", self._port), CONNECT_S)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, args=(self._socket,), name="virtual-card", daemon=True)
        self._thread.start()

    def remove(self) -> None:
        """Take the card away, and return when the daemon has noticed, so that the next card is seen as another one."""
        if self._socket is None or self._thread is None:
            return
        self._leaving.set()
        self._thread.join(NOTICED_S)
        self._socket.close()
        if self._answer is None:
            threading.Event().wait(UNNOTICED_S)
        self._socket = self._thread = self._respond = None

    def tap(self, uid: bytes, read_within_s: float = 5.0) -> bool:
        """Show the card, take it away once its UID was read, and return whether it was."""
        self.insert(uid)
        is_read = self.was_read.wait(read_within_s)
        self.remove()
        return is_read

    def _serve(self, line: socket.socket) -> None:
        try:
            while (message := _receive(line)) and self._take(line, message):
                pass
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the daemon was killed: the card lies on a dead reader

    def _take(self, line: socket.socket, message: bytes) -> bool:
        if message == _TELL_ATR:
            # The daemon looks for the card by this question, so a card that leaves does it here, where it is noticed.
            if self._leaving.is_set():
                return False
            _send(line, self._atr)
        elif self._respond is not None and len(message) > 1:
            return self._take_responding(line, message, self._respond)
        elif message == GET_UID:
            if self._answer is not None:
                _send(line, self._answer)
            self.was_read.set()
            return self._answer is not None
        elif len(message) > 1:
            _send(line, _UNKNOWN_COMMAND)
        return True

    def _take_responding(self, line: socket.socket, message: bytes, respond: Respond) -> bool:
        answer = respond(message)
        if answer is None:
            self._answer = None
            return False
        _send(line, answer)
        if message == GET_UID:
            self.was_read.set()
        return True


def _receive(line: socket.socket) -> bytes:
    header = _exactly(line, 2)
    return _exactly(line, int.from_bytes(header, "big")) if header else b""


def _exactly(line: socket.socket, length: int) -> bytes:
    # vpcd sends length and message in two pieces and the kernel holds the second back until the first is acknowledged;
    # the option lasts for one acknowledgement only, so it is set before and after each piece.
    taken = b""
    while len(taken) < length:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = line.recv(length - len(taken))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        if not piece:
            return b""
        taken += piece
    return taken


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(len(message).to_bytes(2, "big") + message)
