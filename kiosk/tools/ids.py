"""Ids that sort by when they were made: UUID version 7."""

import secrets
import threading
import time
import uuid
from collections.abc import Callable

_RANDOM_BITS_A = 12
_RANDOM_BITS_B = 62


def uuid7(unix_ms: int, random_bits: int) -> str:
    """Return the UUIDv7 text for a time in milliseconds and 74 random bits (RFC 9562, section 5.7)."""
    high = random_bits >> _RANDOM_BITS_B & (1 << _RANDOM_BITS_A) - 1
    low = random_bits & (1 << _RANDOM_BITS_B) - 1
    value = (unix_ms & (1 << 48) - 1) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low
    return str(uuid.UUID(int=value))


class Ids:
    """Makes UUIDv7 ids that rise within this object also when the clock stands still or steps back; thread-safe.

    They serve locality on disk. The order of events is their sequence, never their id.
    """

    def __init__(
        self,
        unix_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        """Take the clock and the source of randomness."""
        self._unix_ms = unix_ms
        self._random_bits = random_bits
        self._last_ms = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """Return the next id."""
        with self._lock:
            self._last_ms = max(self._unix_ms(), self._last_ms + 1)
            return uuid7(self._last_ms, self._random_bits(_RANDOM_BITS_A + _RANDOM_BITS_B))
