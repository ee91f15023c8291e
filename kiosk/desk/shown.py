"""The badges last shown here that nobody holds, or that are lost: by their short references, for a host to name them.

In memory only, and not for long: a badge that nobody ties to a member leaves no trace.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from kiosk.domain.badge import Shown, reference
from kiosk.domain.board import UnknownBadge
from kiosk.domain.ids import BadgeKey, ReaderId
from kiosk.domain.instant import Instant

SHOWN_MAX = 32
"""How many are remembered: more than stand in a hall."""
SHOWN_S = 3600.0
"""How long one is remembered after it was last shown: long enough to find a host."""


@dataclass(frozen=True, slots=True)
class _Seen:
    shown: Shown
    reader: ReaderId
    at: Instant


class ShownBadges:
    """Remembers badges by their newest key."""

    def __init__(self) -> None:
        """Remember none."""
        self._seen: OrderedDict[BadgeKey, _Seen] = OrderedDict()

    def add(self, shown: Shown, reader: ReaderId, at: Instant) -> None:
        """Remember that the badge was shown, once more or for the first time; forget the oldest beyond the limit.

        What it proved counts only if it has proved it every time.
        """
        self._forget(at)
        before = self._seen.pop(shown.key, None)
        if before is not None:
            proof = shown.proof if before.shown.proof is not None else None
            shown = replace(shown, times=before.shown.times + shown.times, proof=proof)
        self._seen[shown.key] = _Seen(shown, reader, at)
        while len(self._seen) > SHOWN_MAX:
            self._seen.popitem(last=False)

    def by(self, code: str, now: Instant) -> Shown | None:
        """Return the badge of that reference, if it was shown here lately; the last one shown, should two share it."""
        self._forget(now)
        return next((one.shown for key, one in reversed(self._seen.items()) if reference(key) == code), None)

    def drop(self, key: BadgeKey) -> None:
        """Forget the badge: somebody holds it now."""
        self._seen.pop(key, None)

    def listed(self, now: Instant) -> tuple[UnknownBadge, ...]:
        """Return all that are remembered, the last one shown first."""
        self._forget(now)
        return tuple(
            UnknownBadge(reference=reference(key), reader=one.reader, at=one.at, times=one.shown.times)
            for key, one in reversed(self._seen.items())
        )

    def _forget(self, now: Instant) -> None:
        for key in [key for key, one in self._seen.items() if now.seconds_since(one.at) > SHOWN_S]:
            del self._seen[key]
