"""How many events go in one request: more as long as the line is quick, half as many when it is slow or fails. Pure."""

from dataclasses import dataclass

FIRST = 100
"""The size to begin with: three seconds of a line of 9.6 kbit/s."""
MOST = 1000
"""The most events in one request, and the most that the centre takes."""
AIM_S = 6.0
"""A batch grows, at most twofold, as long as an answer that took longer in proportion would still come within this.

Part of the time is the line's latency and does not grow: on a distant line, too, a batch that shrank grows again.
"""
SLOW_S = 8.0
"""A request that took longer is followed by one half as large: the next one may break off."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The size of the next request, and the one that failed last, above which it grows by steps only."""

    size: int = FIRST
    ceiling: int = MOST

    def went_well(self, sent: int, took_s: float) -> "Batch":
        """Return the batch after one of `sent` events was answered in `took_s` seconds."""
        if took_s > SLOW_S:
            return self.failed(sent)
        if sent < self.size:
            return self
        wanted = int(self.size * min(2.0, AIM_S / max(took_s, AIM_S / MOST)))
        if wanted <= self.ceiling:
            return Batch(max(self.size, wanted), self.ceiling)
        # What failed once may have been chance: it is approached again, slowly.
        size = min(MOST, wanted, self.size + max(1, self.size // 8))
        return Batch(size, max(self.ceiling, size))

    def failed(self, sent: int) -> "Batch":
        """Return the batch after one of `sent` events was too large, too slow or broke off."""
        return Batch(max(1, sent // 2), max(1, sent))
