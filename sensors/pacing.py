"""When a zone is said: a new state at once, small news no more often than once a second. Pure but for what it keeps.

Small news is a sensor that turned, another number of sensors or people, or another count of participants.
"""

from collections.abc import Iterable, Mapping

from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, ZoneState

QUIET_S = 1.0
"""The shortest time between two messages of a zone while its state stays."""


class Pacing:
    """What was last said of each zone, and what waits to be said. Used from one thread."""

    def __init__(self, states: Mapping[ZoneId, ZoneState]) -> None:
        """Begin with the states that were said before a restart, and with nothing waiting."""
        self._states = dict(states)
        self._said_s: dict[ZoneId, float] = {}
        self._shown: dict[ZoneId, object] = {}
        self._stirred: set[ZoneId] = set()

    @property
    def waiting(self) -> frozenset[ZoneId]:
        """Return the zones of which small news waits."""
        return frozenset(self._stirred)

    def is_change(self, one: Occupancy) -> bool:
        """Return whether the zone's state is another than the one last said."""
        return self._states.get(one.zone) is not one.state

    def stir(self, zones: Iterable[ZoneId]) -> None:
        """Note that there is small news of these zones."""
        self._stirred.update(zones)

    def due(self, occupancies: Iterable[Occupancy], participants: Mapping[ZoneId, int], now: Instant) -> list[ZoneId]:
        """Return the zones that have something to say now."""
        return [one.zone for one in occupancies if self._is_due(one, participants.get(one.zone, 0), now)]

    def wait_s(self, now: Instant) -> float:
        """Return the seconds until small news that waits may be said; infinite if none waits."""
        waiting = [self._said_s.get(zone, -QUIET_S) + QUIET_S - now.elapsed_s for zone in self._stirred]
        return max(0.0, min(waiting, default=float("inf")))

    def said(self, one: Occupancy, participants: int, now: Instant) -> bool:
        """Note that the zone is being said now; return whether its state is another than before."""
        is_change = self.is_change(one)
        self._states[one.zone] = one.state
        self._said_s[one.zone] = now.elapsed_s
        self._shown[one.zone] = _showing(one, participants)
        self._stirred.discard(one.zone)
        return is_change

    def _is_due(self, one: Occupancy, participants: int, now: Instant) -> bool:
        if self.is_change(one):
            return True
        is_news = one.zone in self._stirred or self._shown.get(one.zone) != _showing(one, participants)
        if not is_news:
            return False
        self._stirred.add(one.zone)
        return now.elapsed_s - self._said_s.get(one.zone, -QUIET_S) >= QUIET_S


def _showing(one: Occupancy, participants: int) -> object:
    # An estimate fades by hundredths all the time; a whole person more or less is news.
    return one.fresh, one.silent, one.people.low, round(one.people.estimate), one.people.high, participants
