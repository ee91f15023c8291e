"""A sensor's and a reader's end of MQTT 3.1.1, as small as it can be: a measure must not wait for its own tools."""

import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass

WAIT_S = 5.0
"""How long the broker may take to answer."""

READ_MAX = 256 * 1024
_CONNECT, _CONNACK, _PUBLISH, _SUBSCRIBE, _SUBACK = 0x10, 0x20, 0x30, 0x82, 0x90
_RETAIN = 0x01
_CLEAN_SESSION = 0x02


@dataclass(frozen=True, slots=True)
class Frame:
    """One message as it came; `retained` if the broker had kept it."""

    topic: bytes
    payload: bytes
    retained: bool


class Wire:
    """One connection to a broker on this machine, of quality of service 0. Used by one thread that sends or reads."""

    def __init__(self, port: int, name: str) -> None:
        """Connect, or raise `OSError`."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        body = _text("MQTT") + bytes([4, _CLEAN_SESSION, 0, 0]) + _text(name)
        self._socket.sendall(_packet(_CONNECT, body))
        self._expect(_CONNACK)

    def subscribe(self, filter_: str) -> None:
        """Ask for messages; return when the broker has agreed."""
        self._socket.sendall(_packet(_SUBSCRIBE, b"\0\1" + _text(filter_) + b"\0"))
        self._expect(_SUBACK)

    def send(self, packets: bytes) -> None:
        """Send what `publish` made, in one go."""
        self._socket.sendall(packets)

    def frames(self, timeout_s: float) -> Iterator[Frame]:
        """Yield the messages that have come, waiting for the first at most that long."""
        if not select.select([self._socket], [], [], max(0.0, timeout_s))[0]:
            return
        for head, body in self._packets():
            if head & 0xF0 == _PUBLISH:
                ends = 2 + int.from_bytes(body[:2])
                yield Frame(body[2:ends], body[ends:], bool(head & _RETAIN))

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _expect(self, kind: int) -> None:
        """Wait for the answer of that kind. What comes beside it is for nobody."""
        while kind not in {head for head, _ in self._packets()}:
            pass

    def _packets(self) -> list[tuple[int, bytes]]:
        """Return the whole packets of one read, head and body."""
        more = self._socket.recv(READ_MAX)
        if not more:
            message = "the broker closed the connection"
            raise ConnectionError(message)
        taken, at, found = self._rest + more, 0, []
        while (size := _length(taken, at + 1)) is not None and size[0] + size[1] <= len(taken):
            length, begins = size
            found.append((taken[at], taken[begins : begins + length]))
            at = begins + length
        self._rest = taken[at:]
        return found


def publish(topic: str, payload: bytes) -> bytes:
    """Return a message as the bytes that go to the broker."""
    return _packet(_PUBLISH, _text(topic) + payload)


def _packet(head: int, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while left > 0x7F:  # noqa: PLR2004 - seven bits a byte
        length.append(left & 0x7F | 0x80)
        left >>= 7
    length.append(left)
    return bytes([head]) + bytes(length) + body


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2) + text.encode()


def _length(taken: bytes, at: int) -> tuple[int, int] | None:
    """Return a packet's remaining length and where it begins, None while that has not come in whole."""
    size = shift = 0
    while at < len(taken):
        size |= (taken[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not taken[at - 1] & 0x80:
            return size, at
    return None
