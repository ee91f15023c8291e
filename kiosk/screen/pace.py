"""How often the screen may be redrawn: what somebody waits for at once, everything else at most twice a second."""

REDRAW_S = 0.5


class Pace:
    """Tells how long a redraw must wait. Times are seconds since any fixed moment, never going back."""

    def __init__(self) -> None:
        """Start with nothing drawn."""
        self._drawn_s: float | None = None

    def wait_s(self, now_s: float) -> float:
        """Return how long a redraw that nobody waits for must wait, 0 for not at all."""
        return 0.0 if self._drawn_s is None else max(0.0, self._drawn_s + REDRAW_S - now_s)

    def drawn(self, now_s: float) -> None:
        """Note a redraw."""
        self._drawn_s = now_s
