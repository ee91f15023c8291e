"""AuthenticateEV2First and the secure messaging after it (NTAG 424 DNA, AES mode): both sides know the key, or neither.

A session counts its commands; each is bound to the count by its MAC, so that none can be left out or said twice.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.cards.aes import BLOCK, MAC_BYTES, cmac, decrypt, encrypt, is_same, padded, short_mac, unpadded

RANDOM_BYTES = 16
_TI_BYTES = 4
_ANSWER_BYTES = 32
_COMMAND, _RESPONSE = b"\xa5\x5a", b"\x5a\xa5"
_CLASS = 0x90
_DONE = b"\x91\x00"


class Problem(StrEnum):
    """Why a card did not do what it was asked."""

    GONE = "gone"
    """It gave no whole answer: it has left, or cannot be talked to."""
    REFUSED = "refused"
    """It does not know the command, or does not allow it."""
    FORGED = "forged"
    """It does not know the key, or what it said was changed on the way."""


class Mode(StrEnum):
    """How a command and its answer are protected."""

    PLAIN = "plain"
    MAC = "mac"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one session. Their text form shows nothing."""

    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)
    ti: bytes


def rotated(value: bytes) -> bytes:
    """Return the bytes turned one to the left."""
    return value[1:] + value[:1]


def reply_to_challenge(key: bytes, secret: bytes, random_a: bytes) -> tuple[bytes, bytes]:
    """Return the card's random number, and our answer to it with our own random number."""
    random_b = decrypt(key, secret)
    return random_b, encrypt(key, random_a + rotated(random_b))


def session_keys(key: bytes, random_a: bytes, random_b: bytes, ti: bytes) -> Keys:
    """Return the keys that only two who know `key` can make of both random numbers."""
    mixed = bytes(one ^ other for one, other in zip(random_a[2:8], random_b[:6], strict=True))
    context = b"\x00\x01\x00\x80" + random_a[:2] + mixed + random_b[6:] + random_a[8:]
    return Keys(cmac(key, _COMMAND + context), cmac(key, _RESPONSE + context), ti)


def opened(key: bytes, random_a: bytes, random_b: bytes, secret: bytes) -> Keys | Problem:
    """Return the session's keys if the card's last answer proves that it knows the key."""
    if len(secret) != _ANSWER_BYTES:
        return Problem.FORGED
    answer = decrypt(key, secret)
    ti, theirs = answer[:_TI_BYTES], answer[_TI_BYTES : _TI_BYTES + RANDOM_BYTES]
    if not is_same(theirs, rotated(random_a)):
        return Problem.FORGED
    return session_keys(key, random_a, random_b, ti)


def framed(code: int, body: bytes) -> bytes:
    """Return a native command in its ISO 7816-4 frame."""
    return bytes([_CLASS, code, 0, 0, *([len(body)] if body else [])]) + body + b"\0"


class Session:
    """One authenticated conversation with a card: makes commands, and judges the answers."""

    def __init__(self, keys: Keys, counter: int = 0) -> None:
        """Begin after authentication, or after so many commands."""
        self._keys = keys
        self._counter = counter

    def command(self, code: int, header: bytes = b"", data: bytes = b"", mode: Mode = Mode.FULL) -> bytes:
        """Return the command as it is sent; in full mode `data` is encrypted and `header` is not."""
        if mode is Mode.FULL and data:
            data = encrypt(self._keys.enc, padded(data), self._iv(_COMMAND, self._counter))
        mac = b"" if mode is Mode.PLAIN else self._mac(bytes([code]), self._counter, header + data)
        return framed(code, header + data + mac)

    def answer(self, answer: bytes, mode: Mode = Mode.FULL) -> bytes | Problem:
        """Return what the answer to the last command holds, or what is wrong with it, and count only a good one."""
        if len(answer) < len(_DONE):
            return Problem.GONE
        body, status = answer[: -len(_DONE)], answer[-len(_DONE) :]
        if status != _DONE:
            return Problem.REFUSED
        if mode is not Mode.PLAIN:
            body, mac = body[:-MAC_BYTES], body[-MAC_BYTES:]
            if not is_same(mac, self._mac(status[1:], self._counter + 1, body)):
                return Problem.FORGED
        self._counter += 1
        return self._opened(body) if mode is Mode.FULL and body else body

    def _opened(self, body: bytes) -> bytes | Problem:
        if len(body) % BLOCK:
            return Problem.FORGED
        plain = unpadded(decrypt(self._keys.enc, body, self._iv(_RESPONSE, self._counter)))
        return Problem.FORGED if plain is None else plain

    def _iv(self, label: bytes, counter: int) -> bytes:
        return encrypt(self._keys.enc, label + self._keys.ti + counter.to_bytes(2, "little") + bytes(8))

    def _mac(self, code: bytes, counter: int, body: bytes) -> bytes:
        return short_mac(self._keys.mac, code + counter.to_bytes(2, "little") + self._keys.ti + body)
