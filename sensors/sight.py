"""The sensors of one zone as they may be believed now: which are healthy, and which are stuck. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.instant import Instant
from sensors.memory import Limits, Memory, is_healthy

LATE_S = 660.0
"""How old the last word of a sensor may be that contradicts another: they repeat themselves every 5 or 10 minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """One sensor of the zone: its limits and what is remembered of it. Two are the same only if they are one object."""

    limits: Limits
    memory: Memory


@dataclass(frozen=True, slots=True)
class Sight:
    """All sensors of a zone; `healthy` may be believed now, and `trusted` once saw what they said they did.

    A sensor stuck on decides nothing; if others have contradicted it, it never saw anybody.
    """

    all: Sequence[Evidence]
    healthy: Sequence[Evidence]
    trusted: Sequence[Evidence]


def sight(sensors: Sequence[Evidence], now: Instant) -> Sight:
    """Return the zone's sensors, sorted by whether they may be believed."""
    healthy = [one for one in sensors if is_healthy(one.memory, one.limits, now)]
    if not any(_is_on_long(one, now) for one in sensors):
        return Sight(sensors, healthy, sensors)
    liars = [one for one in sensors if is_contradicted(one, healthy, now)]
    return Sight(
        all=sensors,
        healthy=[one for one in healthy if not is_stuck(one, healthy, now)],
        trusted=[one for one in sensors if one not in liars] if liars else sensors,
    )


def is_stuck(one: Evidence, healthy: Sequence[Evidence], now: Instant) -> bool:
    """Return whether the sensor has seen people for longer than it can.

    One that truly measures again and again is stuck only if others have contradicted it.
    """
    if not _is_on_long(one, now):
        return False
    refreshed = one.memory.refreshed or one.memory.on_since or now
    return now.seconds_since(refreshed) >= one.limits.on_max_s or is_contradicted(one, healthy, now)


def is_contradicted(one: Evidence, healthy: Sequence[Evidence], now: Instant) -> bool:
    """Return whether others have said that they see nobody for as long as the sensor can at the most see people."""
    return _is_on_long(one, now) and contradicted_s(one, healthy, now) >= one.limits.on_max_s - LATE_S


def contradicted_s(one: Evidence, healthy: Sequence[Evidence], now: Instant) -> float:
    """Return for how long every other healthy sensor that can see absence has said so; 0 if there is no other.

    It counts up to the last word of each: a sensor that has died contradicts nobody.
    """
    others = [other for other in healthy if other is not one and other.memory.on is not None]
    others = [other for other in others if other.limits.sees.sees_absence]
    return min((_quiet_s(other.memory, now) for other in others), default=0.0)


def _is_on_long(one: Evidence, now: Instant) -> bool:
    if not (one.memory.on and one.memory.sure and one.memory.on_since):
        return False
    return now.seconds_since(one.memory.on_since) >= one.limits.on_max_s


def _quiet_s(memory: Memory, now: Instant) -> float:
    if memory.on or not memory.sure or memory.watched is None or memory.heard is None:
        return 0.0
    quiet_s = now.seconds_since(memory.watched)
    if memory.off_since is not None:
        quiet_s = min(quiet_s, now.seconds_since(memory.off_since))
    return max(0.0, quiet_s - now.seconds_since(memory.heard))
