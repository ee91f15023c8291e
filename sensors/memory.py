"""What is remembered of one sensor, and what that tells: whether it is well, and when it last saw people. Pure.

A value is *sure* while the sensor has been followed without a break since it said so. How a reading changes a memory
is told in `hearing`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from sensors import counting, rate
from sensors.kinds import KINDS, PIR, Kind
from sensors.readings import FaultKind, Level

RHYTHM_LEARNT_S = 2 * 3600.0
"""A sensor followed for this long has shown how often it speaks."""

RHYTHM_MARGIN = 2.5
"""A sensor that misses two of its own repeats in a row, and half of the next, is silent."""

REPEAT_S = 60.0
"""How long motion that is measured anew each time speaks for the moment it was measured in."""

SLEPT_MAX = 3
"""Through so many occupied periods of the others in a row a sensor may see nothing; then it is suspect."""

BLOCKING = frozenset({FaultKind.STUCK, FaultKind.STOPPED, FaultKind.WARMUP})
"""While a device says one of these of itself it is not believed."""


class ClockFault(StrEnum):
    """What is wrong with a device's own time. It is never used as the time of anything."""

    UNSET = "unset"
    AHEAD = "ahead"
    BACKWARDS = "backwards"
    NO_ZONE = "no-zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Which sensor this is, of which kind, and the limits of its kind or of its own."""

    sensor: SensorId
    zone: ZoneId
    hold_s: float
    silent_s: float
    on_max_s: float
    kind: str = PIR
    sees: Kind = KINDS[PIR]


class Memory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One sensor as last heard. A struct, because every message makes a new one: that takes a tenth of the time.

    `on_since` is when the last motion began, `off_since` when it ended, None while it lasts, and `began` when the first
    one after a quiet hold began. `refreshed` is when motion was last measured, and `repeating` whether each is.
    `heard` is the last sign of life, `watched` since when there was no break. `longest_gap_s` is the longest time
    between two signs of life since `learning_since`. `slots` counts motion as `rate` says, faded to `slots_at`, and
    `pulse_s` is the shortest that it lasts. `slept` counts periods in which only others saw people.
    """

    on: bool | None = None
    sure: bool = False
    on_since: Instant | None = None
    off_since: Instant | None = None
    began: Instant | None = None
    refreshed: Instant | None = None
    repeating: bool = False
    heard: Instant | None = None
    watched: Instant | None = None
    available: bool = True
    gateway: bool = True
    stamp: datetime | None = None
    longest_gap_s: float = 0.0
    learning_since: Instant | None = None
    slots: float = 0.0
    slots_at: Instant | None = None
    pulse_s: float | None = None
    slept: int = 0
    faults: tuple[FaultKind, ...] = ()
    resets: int | None = None
    clock: ClockFault | None = None
    heads: counting.Heads | None = None
    door: counting.Door | None = None
    level: Level | None = None


def silent_after_s(memory: Memory, limits: Limits) -> float:
    """Return how long the sensor may be silent: its limit, or less once it has shown that it speaks more often."""
    if memory.learning_since is None or memory.heard is None:
        return limits.silent_s
    if memory.heard.seconds_since(memory.learning_since) < RHYTHM_LEARNT_S:
        return limits.silent_s
    return min(limits.silent_s, max(min(limits.hold_s, limits.silent_s), RHYTHM_MARGIN * memory.longest_gap_s))


def is_silent(memory: Memory, limits: Limits, now: Instant) -> bool:
    """Return whether the sensor has not given a sign of life for longer than is normal, or never did."""
    return memory.heard is None or now.seconds_since(memory.heard) > silent_after_s(memory, limits)


def is_healthy(memory: Memory, limits: Limits, now: Instant) -> bool:
    """Return whether the sensor, and the gateway it depends on, may be believed now."""
    if not (memory.available and memory.gateway) or memory.slept >= SLEPT_MAX:
        return False
    return BLOCKING.isdisjoint(memory.faults) and not is_silent(memory, limits, now)


def sees_motion(memory: Memory, now: Instant) -> bool:
    """Return whether a healthy sensor sees people at this moment."""
    if not (memory.on and memory.sure and memory.on_since):
        return False
    if not memory.repeating:
        return True
    return memory.refreshed is not None and now.seconds_since(memory.refreshed) < REPEAT_S


def ended_s(memory: Memory, limits: Limits, now: Instant) -> float | None:
    """Return how long ago the sensor last saw people: 0 while it does, None if it never did that we know."""
    if not (memory.on and memory.sure and memory.on_since and memory.heard):
        return None if memory.off_since is None else now.seconds_since(memory.off_since)
    if memory.repeating and memory.refreshed:
        return max(0.0, now.seconds_since(memory.refreshed) - REPEAT_S)
    most_s = min(limits.on_max_s, memory.heard.seconds_since(memory.on_since) + silent_after_s(memory, limits))
    return max(0.0, now.seconds_since(memory.on_since) - most_s)


def motion_ended(memory: Memory, limits: Limits, now: Instant) -> Instant | None:
    """Return when that was."""
    if not (memory.on and memory.sure and memory.on_since and memory.heard):
        return memory.off_since
    ago_s = ended_s(memory, limits, now)
    return now if not ago_s else later(now, -ago_s)


def motion_slots(memory: Memory, limits: Limits, now: Instant) -> float:
    """Return how much motion the sensor has seen lately, in slots as `rate` counts them, faded to now."""
    slots = 0.0
    if memory.slots_at is not None:
        slots = rate.faded(memory.slots, now.seconds_since(memory.slots_at) / limits.hold_s)
    if memory.on and memory.sure and memory.on_since and not memory.repeating:
        slots += _worth(memory, limits, now.seconds_since(memory.on_since))
    return slots


def later(instant: Instant, seconds: float) -> Instant:
    """Return the instant that many seconds later."""
    return replace(instant, wall=instant.wall + timedelta(seconds=seconds), elapsed_s=instant.elapsed_s + seconds)


def is_datable(memory: Memory, now: Instant) -> bool:
    """Return whether ages in the memory can be told: in the same boot, or by a clock that has been right across it."""
    heard = memory.heard
    if heard is None or heard.boot == now.boot:
        return True
    return now.clock is ClockState.SYNCED and now.wall >= heard.wall


def _worth(memory: Memory, limits: Limits, on_s: float) -> float:
    pulse_s = on_s if memory.pulse_s is None else memory.pulse_s
    return rate.worth(on_s / limits.hold_s, pulse_s / limits.hold_s)
