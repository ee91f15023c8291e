"""How much one request, and one bearer, may ask of the centre."""

import threading
import zlib
from dataclasses import dataclass

BODY_BYTES_MAX = 1024 * 1024
"""The most bytes of one request as it arrives."""
DECODED_BYTES_MAX = 4 * 1024 * 1024
"""The most bytes of one request after decompression."""
RATE_PER_S = 50.0
"""How many requests a second one bearer may make in the long run: 5,000 events a second in batches of 100."""
BURST = 200.0
"""How many requests one bearer may make at once."""
BEARERS_MAX = 10_000
"""How many bearers are kept account of."""

_GZIP = 16 + zlib.MAX_WBITS


def decompress(body: bytes) -> bytes | None:
    """Return what a gzip body holds, or None if it is broken, cut off, or holds more than `DECODED_BYTES_MAX`."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        decoded = unpacker.decompress(body, DECODED_BYTES_MAX)
    except zlib.error:
        return None
    return decoded if unpacker.eof and not unpacker.unused_data else None


@dataclass(slots=True)
class _Allowance:
    requests: float
    at_s: float


class Rates:
    """Counts each bearer's requests."""

    def __init__(self, rate_per_s: float = RATE_PER_S, burst: float = BURST) -> None:
        """Start with everybody's allowance full."""
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._left: dict[str, _Allowance] = {}
        self._lock = threading.Lock()

    def wait_s(self, bearer: str, now_s: float) -> float:
        """Count one request and return 0, or return the seconds after which one will be allowed."""
        with self._lock:
            if len(self._left) >= BEARERS_MAX:
                self._left.clear()
            left = self._left.setdefault(bearer, _Allowance(self._burst, now_s))
            left.requests = min(self._burst, left.requests + (now_s - left.at_s) * self._rate_per_s)
            left.at_s = now_s
            if left.requests < 1:
                return (1 - left.requests) / self._rate_per_s
            left.requests -= 1
            return 0.0
