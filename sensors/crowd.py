"""How many people a zone's sensors tell of together: heads counted first, then doors, then how much motion. Pure.

Only heads and doors can surely tell of two or more; motion never does, for one may run about.
"""

from dataclasses import dataclass
from math import ceil

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import People, ZoneState
from sensors import counting, rate
from sensors.counting import Bounds
from sensors.kinds import LINE, SLOW
from sensors.motion import Motion
from sensors.readings import Level, Quantity
from sensors.sight import Evidence, Sight

SOMEBODY = 0.5
"""From this estimate on doors tell rather of somebody than of nobody."""

STUFFY_CO2_PPM = 800.0
LOUD_DB = 55.0
"""Air and sound above these are those of rooms with people; below them of either."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What a zone's doors tell together, and how long ago somebody passed one."""

    bounds: Bounds
    crossed_s: float | None
    by: tuple[SensorId, ...]

    @property
    def is_somebody(self) -> bool:
        """Return whether there are rather people than none."""
        return self.bounds.estimate >= SOMEBODY


def doors(seen: Sight, now: Instant) -> Doors | None:
    """Return what the doors tell; None without doors. One that is not heard takes the upper bound away."""
    behind = [one for one in seen.all if one.limits.kind == LINE]
    counted = [one for one in behind if one.memory.door is not None and one in seen.healthy]
    if not counted:
        return None
    known = [one.memory.door for one in counted if one.memory.door is not None]
    bounds = counting.door_bounds(known, now)
    if len(counted) < len(behind):
        bounds = Bounds(0, bounds.estimate, None)
    crossed = [now.seconds_since(one.crossed) for one in known if one.crossed is not None]
    return Doors(bounds, min(crossed, default=None), tuple(one.limits.sensor for one in counted))


def is_quiet(seen: Sight, now: Instant) -> bool:
    """Return whether nobody has passed any door for as long as people could stay, by the word of them all."""
    return all(_has_been_quiet(one, seen, now) for one in seen.all if one.limits.kind == LINE)


def people(state: ZoneState, seen: Sight, motion: Motion | None, now: Instant) -> People:
    """Return how many people there are in a zone of that state."""
    if state is ZoneState.VACANT:
        return People(0, 0.0, 0)
    bounds = _heads(seen, now)
    if bounds is None:
        through = doors(seen, now)
        bounds = through.bounds if through else None
    if state is ZoneState.UNKNOWN:
        return _published(bounds) if bounds else People(0, 0.0, None)
    if bounds is None:
        return _published(_moving(motion) or Bounds(1, 1.0, None))
    return _published(_at_least_one(bounds))


def slow_evidence(seen: Sight) -> bool | None:
    """Return whether slow sensors rather tell of people; None if there are none that tell anything."""
    levels = [one.memory.level for one in seen.healthy if one.limits.kind == SLOW and one.memory.level]
    told = [high for one in levels if (high := _is_high(one)) is not None]
    return any(told) if told else None


def _heads(seen: Sight, now: Instant) -> Bounds | None:
    """Return what area counters tell. Several may see the same people: as many as one sees, at most all together."""
    counters = [(one.memory.heads, one.memory.heard) for one in seen.healthy]
    found = [counting.heads_bounds(heads, heard, now) for heads, heard in counters if heads and heard]
    if not found:
        return None
    return Bounds(
        low=max(one.low for one in found),
        estimate=max(one.estimate for one in found),
        high=sum(one.high or 0 for one in found),
    )


def _moving(motion: Motion | None) -> Bounds | None:
    if motion is None or not motion.rated or not motion.slots:
        return None
    hold_s = motion.hold_s
    seen = rate.Seen(motion.slots, motion.rated, motion.began_s / hold_s, motion.ended_s / hold_s, motion.is_lone)
    return rate.people(seen)


def _at_least_one(bounds: Bounds) -> Bounds:
    estimate = max(1.0, bounds.estimate)
    high = None if bounds.high is None else max(bounds.high, ceil(estimate))
    return Bounds(max(1, bounds.low), estimate, high)


def _published(bounds: Bounds) -> People:
    return People(bounds.low, round(bounds.estimate, 2), bounds.high)


def _has_been_quiet(one: Evidence, seen: Sight, now: Instant) -> bool:
    memory, hold_s = one.memory, one.limits.hold_s
    if one not in seen.healthy or memory.door is None or memory.heard is None or memory.watched is None:
        return False
    heard_s = now.seconds_since(memory.heard)
    if now.seconds_since(memory.watched) - heard_s < hold_s:
        return False
    crossed = memory.door.crossed
    return crossed is None or now.seconds_since(crossed) - heard_s >= hold_s


def _is_high(level: Level) -> bool | None:
    """Return whether a level is that of people; light, warmth and damp follow the sun as much."""
    match level.quantity:
        case Quantity.CO2_PPM:
            return level.value >= STUFFY_CO2_PPM
        case Quantity.SOUND_DB:
            return level.value >= LOUD_DB
        case _:
            return None
