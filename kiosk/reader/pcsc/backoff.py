"""How long to wait before the next attempt to reach the daemon."""

FIRST_S = 0.1
CAP_S = 1.0
"""A daemon that is back is used again within this; asking for one that is gone costs 0.1 ms."""

_FACTOR = 2.0


class Backoff:
    """Waits that double from `FIRST_S` to `CAP_S`, until something worked."""

    def __init__(self) -> None:
        """Begin with the shortest."""
        self._next_s = FIRST_S

    def next_s(self) -> float:
        """Return the next wait in seconds."""
        wait_s, self._next_s = self._next_s, min(CAP_S, self._next_s * _FACTOR)
        return wait_s

    def reset(self) -> None:
        """Begin anew: it worked."""
        self._next_s = FIRST_S
