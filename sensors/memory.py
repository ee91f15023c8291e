"""What is remembered of one sensor, and how a reading changes it: news, a repeat, or only a sign of life. Pure.

A value is *sure* while the sensor has been followed without a break since it said so. After a break (offline, gateway
gone, silence) a repeated "motion" may be a cache from before it, so only a real edge makes it sure again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from sensors.readings import Reading, What

RHYTHM_LEARNT_S = 2 * 3600.0
"""A sensor followed for this long has shown how often it speaks."""

RHYTHM_MARGIN = 2.5
"""A sensor that misses two of its own repeats in a row, and half of the next, is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Which sensor this is, and the limits of its kind or of its own."""

    sensor: SensorId
    zone: ZoneId
    hold_s: float
    silent_s: float
    on_max_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One sensor as last heard.

    `on_since` is when the last motion began, `off_since` when it ended, None while it lasts, and `ended_before` when
    the one before it ended. `heard` is the last sign of life, `watched` since when there was no break.
    `longest_gap_s` is the longest time between two signs of life since `learning_since`.
    """

    on: bool | None = None
    sure: bool = False
    on_since: Instant | None = None
    off_since: Instant | None = None
    ended_before: Instant | None = None
    heard: Instant | None = None
    watched: Instant | None = None
    available: bool = True
    gateway: bool = True
    stamp: datetime | None = None
    longest_gap_s: float = 0.0
    learning_since: Instant | None = None


def hear(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    """Return the memory after the reading."""
    match reading.what:
        case What.ONLINE | What.GATEWAY_ONLINE:
            return _reachable(memory, reading.what)
        case What.OFFLINE | What.GATEWAY_OFFLINE:
            return _unreachable(memory, limits, reading)
        case What.MOTION | What.CLEAR | What.ALIVE:
            return _kept_by_broker(memory, limits, reading) if reading.retained else _live(memory, limits, reading)


def silent_after_s(memory: Memory, limits: Limits) -> float:
    """Return how long the sensor may be silent: its limit, or less once it has shown that it speaks more often."""
    if memory.learning_since is None or memory.heard is None:
        return limits.silent_s
    if memory.heard.seconds_since(memory.learning_since) < RHYTHM_LEARNT_S:
        return limits.silent_s
    return min(limits.silent_s, max(limits.hold_s, RHYTHM_MARGIN * memory.longest_gap_s))


def is_silent(memory: Memory, limits: Limits, now: Instant) -> bool:
    """Return whether the sensor has not given a sign of life for longer than is normal, or never did."""
    return memory.heard is None or now.seconds_since(memory.heard) > silent_after_s(memory, limits)


def is_healthy(memory: Memory, limits: Limits, now: Instant) -> bool:
    """Return whether the sensor, and the gateway it depends on, may be believed now."""
    return memory.available and memory.gateway and not is_silent(memory, limits, now)


def sees_motion(memory: Memory, limits: Limits, now: Instant) -> bool:
    """Return whether the sensor sees people now, and has not done so for longer than it can."""
    if not (memory.on and memory.sure and memory.on_since):
        return False
    return is_healthy(memory, limits, now) and now.seconds_since(memory.on_since) < limits.on_max_s


def motion_ended(memory: Memory, limits: Limits, now: Instant) -> Instant | None:
    """Return when the sensor last saw people: now while it does, None if it never did that we know."""
    if not (memory.on and memory.sure and memory.on_since and memory.heard):
        return memory.off_since
    lasts_s = min(
        limits.on_max_s,
        memory.heard.seconds_since(memory.on_since) + silent_after_s(memory, limits),
        now.seconds_since(memory.on_since),
    )
    return later(memory.on_since, lasts_s)


def later(instant: Instant, seconds: float) -> Instant:
    """Return the instant that many seconds later."""
    return replace(instant, wall=instant.wall + timedelta(seconds=seconds), elapsed_s=instant.elapsed_s + seconds)


def is_datable(memory: Memory, now: Instant) -> bool:
    """Return whether ages in the memory can be told: in the same boot, or by a clock that has been right across it."""
    heard = memory.heard
    if heard is None or heard.boot == now.boot:
        return True
    return now.clock is ClockState.SYNCED and now.wall >= heard.wall


def _reachable(memory: Memory, what: What) -> Memory:
    return replace(memory, available=True) if what is What.ONLINE else replace(memory, gateway=True)


def _unreachable(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    memory = _broken(memory, limits, reading.at)
    return replace(memory, available=False) if reading.what is What.OFFLINE else replace(memory, gateway=False)


def _broken(memory: Memory, limits: Limits, at: Instant) -> Memory:
    return replace(
        memory,
        sure=False,
        off_since=motion_ended(memory, limits, at),
        watched=None,
        longest_gap_s=0.0,
        learning_since=None,
    )


def _kept_by_broker(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    """Take a message of unknown age: it tells how things stand, never when they happened, and is no sign of life."""
    is_on = reading.what is What.MOTION
    if reading.what is What.ALIVE or memory.on is is_on:
        return memory
    return replace(_broken(memory, limits, reading.at), on=is_on, stamp=reading.stamp or memory.stamp)


def _live(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    at = reading.at
    is_on = {What.MOTION: True, What.CLEAR: False}.get(reading.what, memory.on)
    is_edge = is_on is not memory.on
    if memory.heard is not None and is_silent(memory, limits, at):
        memory = _broken(memory, limits, at)
    if is_edge:
        # Only a device that is reached again can have changed: a lost "online" must not keep it out for ever.
        memory = replace(_turned(memory, at, is_on=bool(is_on)), available=True, gateway=True)
    elif not (memory.available and memory.gateway):
        return memory
    elif reading.what is What.CLEAR:
        memory = replace(memory, sure=True)
    is_cached = reading.stamp is not None and reading.stamp == memory.stamp
    return memory if is_cached else _alive(memory, at, reading.stamp)


def _turned(memory: Memory, at: Instant, *, is_on: bool) -> Memory:
    if is_on:
        return replace(memory, on=True, sure=True, on_since=at, off_since=None, ended_before=memory.off_since)
    ended = at if memory.on and memory.sure else memory.off_since
    return replace(memory, on=False, sure=True, off_since=ended)


def _alive(memory: Memory, at: Instant, stamp: datetime | None) -> Memory:
    gap_s = at.seconds_since(memory.heard) if memory.heard and memory.learning_since else 0.0
    return replace(
        memory,
        heard=at,
        watched=memory.watched or at,
        stamp=stamp or memory.stamp,
        longest_gap_s=max(memory.longest_gap_s, gap_s),
        learning_since=memory.learning_since or at,
    )
