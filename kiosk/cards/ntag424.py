"""The commands of an NTAG 424 DNA, each one exchange over a `transmit` that is given. The answer is a value, always."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

from kiosk.cards.ev2 import RANDOM_BYTES, Mode, Problem, Session, framed, opened, reply_to_challenge
from kiosk.cards.keys import KEY_BYTES

Transmit = Callable[[bytes], bytes]
"""Sends one command to the card and returns its whole answer with status; nothing at all if it has left."""
Random = Callable[[int], bytes]

NDEF_FILE = 2
NDEF_ISO_FILE = bytes.fromhex("E104")
FACTORY_KEY = bytes(KEY_BYTES)
READ_MAX = 0xF0
NDEF_MAX = 254
"""The file has 256 bytes, of which two are the message's length."""

_SELECT_APPLICATION = bytes.fromhex("00A4040C07D276000085010100")
_ISO_DONE, _MORE, _DONE = b"\x90\x00", b"\x91\xaf", b"\x91\x00"
_STATUS = 2
_AUTHENTICATE, _CONTINUE, _CHANGE_KEY, _GET_UID, _WRITE, _SETTINGS = 0x71, 0xAF, 0xC4, 0x51, 0x8D, 0x5F


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key of the card, from what it is to what it shall be, with the version of that."""

    number: int
    version: int
    old: bytes = field(repr=False)
    new: bytes = field(repr=False)


def select(transmit: Transmit) -> Problem | None:
    """Select the application; on an authenticated card this ends the session."""
    answer = transmit(_SELECT_APPLICATION)
    if len(answer) < _STATUS:
        return Problem.GONE
    return None if answer == _ISO_DONE else Problem.REFUSED


def authenticate(transmit: Transmit, number: int, key: bytes, random: Random) -> Session | Problem:
    """Return a session if the card and we know the same key of that number."""
    challenge = _part(transmit(framed(_AUTHENTICATE, bytes([number, 0]))), _MORE)
    if isinstance(challenge, Problem):
        return challenge
    if len(challenge) != RANDOM_BYTES:
        return Problem.FORGED
    random_a = random(RANDOM_BYTES)
    random_b, reply = reply_to_challenge(key, challenge, random_a)
    answer = _part(transmit(framed(_CONTINUE, reply)), _DONE)
    if isinstance(answer, Problem):
        # The card has answered the challenge: what it refuses here is our key.
        return Problem.FORGED if answer is Problem.REFUSED else answer
    keys = opened(key, random_a, random_b, answer)
    return keys if isinstance(keys, Problem) else Session(keys)


def card_uid(transmit: Transmit, session: Session) -> bytes | Problem:
    """Return the real UID, also of a card that shows a random one."""
    return session.answer(transmit(session.command(_GET_UID)))


def change_key(transmit: Transmit, session: Session, change: KeyChange) -> Problem | None:
    """Change a key other than the one of this session."""
    mixed = bytes(one ^ other for one, other in zip(change.old, change.new, strict=True))
    data = mixed + bytes([change.version]) + key_check(change.new)
    return _none(session.answer(transmit(session.command(_CHANGE_KEY, bytes([change.number]), data))))


def change_own_key(transmit: Transmit, session: Session, new: bytes, version: int) -> Problem | None:
    """Change the key of number 0, with which this session was opened, and which it ends with."""
    command = session.command(_CHANGE_KEY, b"\0", new + bytes([version]))
    return _none(_part(transmit(command), _DONE))


def change_settings(transmit: Transmit, session: Session, file: int, settings: bytes) -> Problem | None:
    """Give a file other settings, as the datasheet's table of ChangeFileSettings writes them."""
    return _none(session.answer(transmit(session.command(_SETTINGS, bytes([file]), settings))))


def write(transmit: Transmit, session: Session, file: int, data: bytes) -> Problem | None:
    """Write a file that takes plain data from its beginning."""
    header = bytes([file]) + bytes(3) + len(data).to_bytes(3, "little")
    return _none(session.answer(transmit(session.command(_WRITE, header, data, Mode.PLAIN)), Mode.PLAIN))


def read_ndef(transmit: Transmit) -> bytes | Problem:
    """Return the NDEF message of the selected application, read as anybody may."""
    chosen = _part(transmit(b"\x00\xa4\x00\x0c\x02" + NDEF_ISO_FILE), _ISO_DONE)
    length = chosen if isinstance(chosen, Problem) else _part(transmit(b"\x00\xb0\x00\x00\x02"), _ISO_DONE)
    if isinstance(length, Problem):
        return length
    size = int.from_bytes(length)
    if len(length) != _STATUS or not 0 < size <= NDEF_MAX:
        return Problem.REFUSED
    message = b""
    while len(message) < size:
        at = len(message) + 2
        piece = _part(transmit(bytes([0, 0xB0, 0, at, min(READ_MAX, size - len(message))])), _ISO_DONE)
        if isinstance(piece, Problem):
            return piece
        if not piece:
            return Problem.GONE
        message += piece
    return message[:size]


def key_check(key: bytes) -> bytes:
    """Return the CRC32 of a new key as ChangeKey carries it: IEEE 802.3's without its last inversion, lowest first."""
    return (crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")


def _part(answer: bytes, wanted: bytes) -> bytes | Problem:
    if len(answer) < _STATUS:
        return Problem.GONE
    return answer[:-_STATUS] if answer[-_STATUS:] == wanted else Problem.REFUSED


def _none(outcome: bytes | Problem) -> Problem | None:
    return outcome if isinstance(outcome, Problem) else None
