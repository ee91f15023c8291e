"""How often the screen may be redrawn, and how soon the same key counts again."""

REDRAW_S = 0.5
STRIKE_S = 0.5
"""The same key or place counts again after this long."""


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


class Strikes:
    """Tells a key held or struck twice from one pressed anew: nobody chooses by trembling (EN 301 549, 5.7 and 5.8)."""

    def __init__(self) -> None:
        """Start with nothing pressed."""
        self._last: object = None
        self._last_s = 0.0

    def is_again(self, pressed: object, now_s: float) -> bool:
        """Return whether the same was pressed less than `STRIKE_S` ago, also if that was such a repetition itself."""
        again = pressed == self._last and now_s - self._last_s < STRIKE_S
        self._last, self._last_s = pressed, now_s
        return again
