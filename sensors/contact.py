"""Whether the broker is there, told to whoever reads zones.db: hosts must not take its silence for an empty house."""

from collections.abc import Callable
from datetime import datetime

from kiosk.domain.instant import Instant

LOST_S = 3.0
"""A broker that is away for less is not told of: a start and a restart take about a second."""


class Contact:
    """The last word on the broker. `tell` gets since when it has been away, or None when it is there."""

    def __init__(self, now: Instant, tell: Callable[[datetime | None], None]) -> None:
        """Begin without a broker, and without having told anything."""
        self._tell = tell
        self._away: Instant | None = now
        self._told: bool | None = None

    def look(self, now: Instant, *, is_up: bool) -> None:
        """Take how it is now, and tell it if it is news."""
        if is_up:
            self._away = None
            if self._told is not True:
                self._told = True
                self._tell(None)
            return
        self._away = self._away or now
        if self._told is not False and now.seconds_since(self._away) >= LOST_S:
            self._told = False
            self._tell(self._away.wall)
