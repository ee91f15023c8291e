"""What follows once a zone has been judged: counts start anew from a proof, and sleepers are noted. Pure.

Nothing is ever reset by the time of day: only a zone proven vacant, or heads counted, tell how many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, ZoneState
from sensors import counting
from sensors.counting import STEADY_S, Door
from sensors.fusion import DOOR_HOLD_S
from sensors.kinds import LINE
from sensors.memory import Memory, is_healthy
from sensors.sight import Evidence

PERIOD_S = 600.0
"""Through an occupied period at least this long a sensor that works sees somebody."""

PROVEN_EVERY_S = 600.0
"""How often a proof that goes on is noted again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Memories that changed, and by how many people the doors had drifted, None if nothing was proven."""

    memories: Mapping[SensorId, Memory] = field(default_factory=dict)
    drift: int | None = None


NOTHING = Settled()


def settled(sensors: Sequence[Evidence], before: Occupancy | None, after: Occupancy, now: Instant) -> Settled:
    """Return what follows from a zone's state, the one before it, and its sensors."""
    doors = [one for one in sensors if one.limits.kind == LINE and one.memory.door is not None]
    counts = _recounted(sensors, doors, after, now) if doors else NOTHING
    if counts.drift is not None and before is not None and _goes_on(doors, after, now):
        # A door that tells only now who left before the first proof: both are one night's drift.
        counts = Settled(counts.memories, counts.drift + (before.drift or 0))
    has_left = before is not None and before.state is ZoneState.OCCUPIED and after.state is ZoneState.VACANT
    slept = _slept(sensors, before.since, now) if before is not None and has_left else {}
    return Settled({**counts.memories, **slept}, counts.drift) if counts.memories or slept else NOTHING


def _recounted(sensors: Sequence[Evidence], behind: Sequence[Evidence], after: Occupancy, now: Instant) -> Settled:
    known = [one.memory.door for one in behind if one.memory.door is not None]
    people = _proof(sensors, known, after, now)
    if people is not None:
        has_crossed = any(one.crossings for one in known)
        if not (has_crossed or _is_old(known, people, now)):
            return NOTHING
        drift = round(counting.drifted(known, people)) if has_crossed and all(one.proven for one in known) else None
        fresh = [counting.proven(one, 0.0 if number else people, now) for number, one in enumerate(known)]
        return Settled(_with(behind, fresh), drift)
    mended = counting.mended(known, now) if _is_level(behind, known, now) else None
    return Settled(_with(behind, mended)) if mended else NOTHING


def _goes_on(behind: Sequence[Evidence], after: Occupancy, now: Instant) -> bool:
    """Return whether the zone has been vacant all the time since the doors' last proof."""
    proven = [one.memory.door.proven for one in behind if one.memory.door is not None]
    vacant_s = now.seconds_since(after.since) if after.state is ZoneState.VACANT else 0.0
    return all(one is not None and now.seconds_since(one) <= vacant_s for one in proven)


def _is_level(behind: Sequence[Evidence], known: Sequence[Door], now: Instant) -> bool:
    """Return whether every door has told its count since anybody passed one: till then one may lag behind another."""
    crossed_s = _crossed_s(known, now)
    heard = [one.memory.heard for one in behind]
    told = all(moment is not None and now.seconds_since(moment) <= crossed_s for moment in heard)
    return told and all(one.proven for one in known)


def _crossed_s(known: Sequence[Door], now: Instant) -> float:
    return min((now.seconds_since(one.crossed) for one in known if one.crossed is not None), default=float("inf"))


def _proof(sensors: Sequence[Evidence], known: Sequence[Door], after: Occupancy, now: Instant) -> float | None:
    """Return how many people there are if that has been proven since the last of them passed a door."""
    crossed_s = _crossed_s(known, now)
    if after.state is ZoneState.VACANT:
        return 0.0 if crossed_s >= DOOR_HOLD_S else None
    heads = [one for one in sensors if one.memory.heads is not None and is_healthy(one.memory, one.limits, now)]
    if not heads or not all(_is_newer(one.memory, crossed_s, now) for one in heads):
        return None
    return float(max(one.memory.heads.count for one in heads if one.memory.heads is not None))


def _is_newer(memory: Memory, crossed_s: float, now: Instant) -> bool:
    """Return whether heads have been counted, and stood, since the last crossing."""
    if memory.heads is None or memory.heard is None:
        return False
    return now.seconds_since(memory.heard) <= crossed_s - STEADY_S and now.seconds_since(memory.heads.since) >= STEADY_S


def _is_old(known: Sequence[Door], people: float, now: Instant) -> bool:
    if counting.balance(known) != people:
        return True
    return any(one.proven is None or now.seconds_since(one.proven) >= PROVEN_EVERY_S for one in known)


def _with(behind: Sequence[Evidence], doors: Sequence[Door]) -> dict[SensorId, Memory]:
    return {one.limits.sensor: replace(one.memory, door=door) for one, door in zip(behind, doors, strict=True)}


def _slept(sensors: Sequence[Evidence], since: Instant, now: Instant) -> dict[SensorId, Memory]:
    """Return the healthy sensors that saw nobody through a long period in which others saw people."""
    able = [one for one in sensors if one.limits.sees.sees_absence and one.limits.kind != LINE]
    awake = [one for one in able if _saw_s(one.memory, since) > 0]
    if not any(_saw_s(one.memory, since) >= PERIOD_S for one in awake):
        return {}
    asleep = [one for one in able if one not in awake and _was_there(one, since, now)]
    return {one.limits.sensor: replace(one.memory, slept=one.memory.slept + 1) for one in asleep}


def _saw_s(memory: Memory, since: Instant) -> float:
    """Return for how long after `since` the sensor was still seeing people."""
    return memory.off_since.seconds_since(since) if memory.off_since is not None else 0.0


def _was_there(one: Evidence, since: Instant, now: Instant) -> bool:
    if one.memory.on is not False or one.memory.watched is None:
        return False
    return now.seconds_since(one.memory.watched) >= now.seconds_since(since) and is_healthy(one.memory, one.limits, now)
