"""The rooms along the path, and what the sensors say of them."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ids import BadgeKey, SensorId, ZoneId
from kiosk.domain.instant import Instant

OCCUPANCY_STALE_S = 90.0
"""Without a sign of life for this long (one and a half heartbeats) an occupancy is unknown to the rule."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    sv: str
    en: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A room where people meet. `counts` says whether company there makes a member present."""

    id: ZoneId
    name: Words
    about: Words
    counts: bool = True


class ZoneState(StrEnum):
    """What the sensors can say; silence is `unknown`, and `vacant` needs proof."""

    OCCUPIED = "occupied"
    VACANT = "vacant"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class People:
    """How many people the sensors can tell: surely at least `low`; at most `high`, where None has no bound."""

    low: int
    estimate: float
    high: int | None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """A zone's state from its sensors alone, `heard` last at the given instant.

    `drift`: how many more people the doors had counted in than out when it was last proven how many there were.
    """

    zone: ZoneId
    state: ZoneState
    since: Instant
    heard: Instant
    people: People
    confidence: float
    reason: Words
    fresh: int = 0
    silent: int = 0
    drift: int | None = None

    def as_of(self, now: Instant) -> ZoneState:
        """Return the state the rule may use: unknown once the sensors' service has gone quiet."""
        return self.state if now.seconds_since(self.heard) <= OCCUPANCY_STALE_S else ZoneState.UNKNOWN


@dataclass(frozen=True, slots=True)
class ZoneTap:
    """A badge shown at a zone's reader: whoever holds it, if in the house, joins the zone.

    `keys` are those that the badge may be known by, the newest secret's first; nobody has kept the UID.
    """

    reader: SensorId
    zone: ZoneId
    keys: tuple[BadgeKey, ...]
    at: Instant


class ZoneTapOutcome(StrEnum):
    """What became of a tap at a zone's reader. Nobody is told there, so all but the first are only counted."""

    JOINED = "joined"
    UNKNOWN = "unknown"
    NOT_VALID = "not-valid"
    NOT_PROVED = "not-proved"
    NOT_IN_HOUSE = "not-in-house"
    TOO_OLD = "too-old"
    FAILED = "failed"
