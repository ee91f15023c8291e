"""How many events go in one request: more as long as the line is quick, half as many when it is slow or fails. Pure."""

from dataclasses import dataclass

FIRST = 100
"""The size to begin with: three seconds of a line of 9.6 kbit/s."""
MOST = 1000
"""The most events in one request, and the most that the centre takes."""
QUICK_S = 2.0
"""A request answered within this time may be followed by one twice as large."""
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
        if took_s > QUICK_S or sent < self.size:
            return self
        if self.size * 2 <= self.ceiling:
            return Batch(self.size * 2, self.ceiling)
        # What failed once may have been chance: it is approached again, slowly.
        step = max(1, self.size // 8)
        return Batch(min(MOST, self.size + step), min(MOST, max(self.ceiling, self.size + step)))

    def failed(self, sent: int) -> "Batch":
        """Return the batch after one of `sent` events was too large, too slow or broke off."""
        return Batch(max(1, sent // 2), max(1, sent))
