"""The one MQTT packet that floods: PUBLISH of quality of service 0 (MQTT 5.0, 3.3), to bytes and back. Pure.

All others are paho's. A batch of these is one write, and of one read all are taken at once.
"""

from sensors.readings import PAYLOAD_MAX, Message

PUBLISH, RETAIN = 0x30, 0x01
_QOS = 0x06
_KIND = 0xF0
_EXPIRY = 0x02
_SHORT = 2
_MORE, _SEVEN = 0x80, 0x7F
LENGTH_MAX = 268_435_455
"""The longest packet that MQTT has, in bytes after its own length."""


def encoded(topic: str, payload: bytes, *, retain: bool, expires_s: int | None) -> bytes:
    """Return the message as it goes over the wire, or raise `ValueError` if MQTT has no place for it."""
    name = topic.encode()
    expiry = b"\0" if expires_s is None else bytes((5, _EXPIRY)) + expires_s.to_bytes(4)
    size = _SHORT + len(name) + len(expiry) + len(payload)
    if not name or len(name) > 0xFFFF or size > LENGTH_MAX:  # noqa: PLR2004 - two bytes of length
        message = "no such topic or payload in MQTT"
        raise ValueError(message)
    head = bytes((PUBLISH | (RETAIN if retain else 0),)) + _length(size) + len(name).to_bytes(_SHORT)
    return head + name + expiry + payload


def decoded(taken: bytes, at: int) -> tuple[list[Message], int]:
    """Return the plain messages that stand whole from `at` on, and where the first other thing begins.

    Plain is quality of service 0 without properties. A payload is cut one byte past the bound that it is refused for.
    """
    found: list[Message] = []
    size = len(taken)
    while at + _SHORT <= size and taken[at] & (_KIND | _QOS) == PUBLISH:
        length, begins = _lengths(taken, at + 1)
        ends = begins + length
        name_ends = begins + _SHORT + int.from_bytes(taken[begins : begins + _SHORT])
        if not begins or ends > size or name_ends >= ends or taken[name_ends]:
            break
        payload = taken[name_ends + 1 : min(ends, name_ends + PAYLOAD_MAX + 2)]
        topic = taken[begins + _SHORT : name_ends].decode(errors="replace")
        found.append(Message(topic, payload, bool(taken[at] & RETAIN)))
        at = ends
    return found, at


def _length(size: int) -> bytes:
    found = bytearray()
    while size > _SEVEN:
        found.append(size & _SEVEN | _MORE)
        size >>= 7
    found.append(size)
    return bytes(found)


def _lengths(taken: bytes, at: int) -> tuple[int, int]:
    """Return a packet's length and where that which is so long begins; 0 if its length is not whole, or no length."""
    length = 0
    for place, byte in enumerate(taken[at : at + 4]):
        length |= (byte & _SEVEN) << 7 * place
        if not byte & _MORE:
            return length, at + place + 1
    return 0, 0
