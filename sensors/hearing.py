"""How a reading changes what is remembered of its sensor: news, a repeat, or only a sign of life. Pure.

After a break (offline, gateway gone, silence) a repeated "motion" may be a cache from before it, so only a real edge
makes it sure again. A device's own time is compared with ours to know it by, and is never the time of anything.
"""

from datetime import UTC, datetime

from msgspec.structs import replace

from kiosk.domain.instant import ClockState, Instant
from sensors import counting
from sensors.memory import ClockFault, Limits, Memory, motion_ended, motion_slots, silent_after_s
from sensors.readings import Content, Crossed, CrossedBy, Fault, FaultKind, Level, People, Reading, What

AHEAD_MAX_S = 300.0
"""How far a device's clock may be ahead of ours."""

CLOCK_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""A device that tells an earlier time has not been told the time."""


def hear(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    """Return the memory after the reading; the same object if it tells nothing. History tells nothing of now."""
    if reading.history:
        return memory
    match reading.what:
        case What.ONLINE | What.GATEWAY_ONLINE:
            return _reachable(memory, reading.what)
        case What.OFFLINE | What.GATEWAY_OFFLINE:
            return _unreachable(memory, limits, reading)
        case _:
            return _kept_by_broker(memory, limits, reading) if reading.retained else _live(memory, limits, reading)


def _reachable(memory: Memory, what: What) -> Memory:
    if what is What.ONLINE:
        return memory if memory.available else replace(memory, available=True)
    return memory if memory.gateway else replace(memory, gateway=True)


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
    is_on = _is_on(memory, reading)
    if memory.on is is_on:
        return memory
    return replace(_broken(memory, limits, reading.at), on=is_on, stamp=reading.stamp or memory.stamp)


def _live(memory: Memory, limits: Limits, reading: Reading) -> Memory:
    at = reading.at
    unheard_s = at.seconds_since(memory.heard) if memory.heard else 0.0
    is_on = _is_on(memory, reading)
    if memory.heard is not None and unheard_s > silent_after_s(memory, limits):
        memory = _broken(memory, limits, at)
    if is_on is not memory.on:
        # Only a device that is reached again can have changed: a lost "online" must not keep it out for ever.
        turned = _turned(memory, limits, at, is_on=bool(is_on), repeats=reading.repeats)
        memory = replace(turned, available=True, gateway=True)
    elif not (memory.available and memory.gateway):
        if not _is_new_number(memory, reading.what):
            return memory
        memory = replace(memory, available=True, gateway=True)
    elif is_on is False and not memory.sure and isinstance(reading.what, People | What) and reading.what != What.ALIVE:
        memory = replace(memory, sure=True)
    elif is_on and reading.repeats and reading.what is What.MOTION:
        memory = replace(_sure_again(memory, at), refreshed=at, repeating=True)
    elif is_on and isinstance(reading.what, People):
        memory = _sure_again(memory, at)
    if isinstance(reading.what, People | Crossed | CrossedBy | Level | Fault):
        memory = _numbered(memory, reading, unheard_s)
    return memory if _is_cached(memory, reading.stamp) else _alive(memory, reading)


def _is_cached(memory: Memory, stamp: datetime | None) -> bool:
    """Return whether the device's own time stands still, although it has been told the time."""
    return stamp is not None and stamp == memory.stamp and stamp.year >= CLOCK_EPOCH.year


def _is_on(memory: Memory, reading: Reading) -> bool | None:
    """Return whether the sensor sees people after the reading; what it says of other things does not tell."""
    what = reading.what
    if what is What.MOTION:
        return True
    if what is What.CLEAR:
        return False
    return what.count > 0 if isinstance(what, People) else memory.on


def _is_new_number(memory: Memory, what: Content) -> bool:
    """Return whether people have been counted since the sensor was last heard: no cache can tell that."""
    match what:
        case People(count):
            return memory.heads is not None and count != memory.heads.count
        case Crossed(entered, left):
            return memory.door is not None and (entered, left) != (memory.door.entered, memory.door.left)
        case CrossedBy(entered, left):
            return entered + left > 0
        case _:
            return False


def _numbered(memory: Memory, reading: Reading, unheard_s: float) -> Memory:
    """Take a reading with a number in it."""
    at = reading.at
    match reading.what:
        case People(count):
            return replace(memory, heads=counting.counted(memory.heads, count, at))
        case Crossed():
            door = counting.passed(memory.door or counting.Door(), reading.what, at, unheard_s)
            return replace(memory, door=door)
        case CrossedBy():
            return replace(memory, door=counting.passed_by(memory.door or counting.Door(), reading.what, at))
        case Level():
            return replace(memory, level=reading.what)
        case Fault():
            return _faulty(memory, reading.what)
        case _:
            return memory


def _faulty(memory: Memory, fault: Fault) -> Memory:
    if fault.kind is FaultKind.RESET:
        is_news = fault.is_on if fault.count is None else memory.resets is not None and fault.count != memory.resets
        door = counting.unproven(memory.door) if is_news and memory.door else memory.door
        return replace(memory, resets=fault.count, door=door)
    others = tuple(one for one in memory.faults if one is not fault.kind)
    return replace(memory, faults=(*others, fault.kind) if fault.is_on else others)


def _turned(memory: Memory, limits: Limits, at: Instant, *, is_on: bool, repeats: bool) -> Memory:
    if not is_on:
        return _ended(memory, limits, at)
    is_first = memory.off_since is None or memory.began is None or at.seconds_since(memory.off_since) >= limits.hold_s
    return replace(
        memory,
        on=True,
        sure=True,
        on_since=at,
        off_since=None,
        began=at if is_first else memory.began,
        refreshed=at,
        repeating=repeats,
        slept=0,
    )


def _ended(memory: Memory, limits: Limits, at: Instant) -> Memory:
    if not (memory.on and memory.sure and memory.on_since):
        return replace(memory, on=False, sure=True)
    on_s = at.seconds_since(memory.on_since)
    return replace(
        memory,
        on=False,
        sure=True,
        off_since=motion_ended(memory, limits, at) if memory.repeating else at,
        slots=motion_slots(memory, limits, at),
        slots_at=at,
        # Half of the way: one motion cut short by a lost connection must not make all others look long.
        pulse_s=on_s if memory.pulse_s is None else min(memory.pulse_s, (memory.pulse_s + on_s) / 2),
    )


def _sure_again(memory: Memory, at: Instant) -> Memory:
    """Return the memory when people are measured to be there still: no cache, so also after a break."""
    return memory if memory.sure else replace(memory, sure=True, on_since=at, off_since=None)


def _alive(memory: Memory, reading: Reading) -> Memory:
    at, stamp = reading.at, reading.stamp
    gap_s = at.seconds_since(memory.heard) if memory.heard and memory.learning_since else 0.0
    return replace(
        memory,
        heard=at,
        watched=memory.watched or at,
        stamp=stamp or memory.stamp,
        longest_gap_s=max(memory.longest_gap_s, gap_s),
        learning_since=memory.learning_since or at,
        clock=_clock_fault(memory.stamp, stamp, at) if stamp else memory.clock,
    )


def _clock_fault(before: datetime | None, stamp: datetime, at: Instant) -> ClockFault | None:
    """Return what is wrong with a device's time; nothing can be said of it by a clock that is itself not set."""
    if stamp.tzinfo is None:
        return ClockFault.NO_ZONE
    if stamp < CLOCK_EPOCH:
        return ClockFault.UNSET
    if at.clock is not ClockState.UNSET and (stamp - at.wall).total_seconds() > AHEAD_MAX_S:
        return ClockFault.AHEAD
    if before is not None and before.tzinfo is not None and stamp < before:
        return ClockFault.BACKWARDS
    return None
