"""What the sensors of one zone amount to. Pure: memories and the moment in, an occupancy and its next deadline out.

A zone is occupied by evidence that has an age and a hold. It is vacant only by the word of a live sensor that can see
absence, given after the hold. All else is unknown: no silence, outage or missing sensor ever empties a zone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, Words, ZoneState
from sensors import crowd, reasons
from sensors.kinds import LINE, SLOW
from sensors.memory import REPEAT_S, sees_motion, silent_after_s
from sensors.motion import Motion, last_motion
from sensors.sight import Evidence, Sight, sight

TICK_S = 0.001
"""How far past a limit a deadline lies, where the limit itself is still within it."""

COUNT_EVERY_S, DOORS_EVERY_S = 30.0, 300.0
"""How often people are counted again while time alone moves them: by motion or heads, and by doors."""

DOOR_HOLD_S, DOOR_SURE_HOLD_S = 600.0, 1800.0
"""How long motion sensors must see nobody before they outweigh doors by which somebody may be there, or surely is.

The second is three times as long as anybody was seen to sit unseen, and more.
"""

SEEING, REMEMBERED, FADED, PROVEN, PARTLY_BLIND = 0.98, 0.95, 0.6, 0.95, 0.85
"""Confidence: people now; its hold's beginning and end; vacant by proof; times this if a sensor is not healthy."""

COUNTED_SURE, COUNTED = 0.95, 0.6
"""Confidence when doors alone tell of people: surely some, or more likely than not."""

SHIFT = 0.02
"""How far slow evidence moves the confidence, up or down. It never moves a state."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A zone as it is now, the sensors that decided it, and the seconds until it can change without a message.

    `waits`: a mere sign of life of a healthy sensor may change it.
    """

    occupancy: Occupancy
    by: tuple[SensorId, ...]
    deadline_s: float | None
    waits: bool


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: ZoneState
    confidence: float
    reason: Words
    by: tuple[SensorId, ...] = ()


def judged(zone: ZoneId, sensors: Sequence[Evidence], before: Occupancy | None, now: Instant) -> Judged:
    """Return the zone's state now. `since` stays while the state does."""
    seen = sight(sensors, now)
    motion = last_motion(seen, now)
    verdict = _verdict(seen, motion, now, was_occupied=before is not None and before.state is ZoneState.OCCUPIED)
    is_same = before is not None and before.state is verdict.state
    healthy = len(seen.healthy)
    confidence = verdict.confidence * (PARTLY_BLIND if healthy < len(sensors) else 1.0)
    occupancy = Occupancy(
        zone=zone,
        state=verdict.state,
        since=before.since if before is not None and is_same else now,
        heard=now,
        people=crowd.people(verdict.state, seen, motion, now),
        confidence=round(confidence + _shift(seen, verdict.state), 2) if confidence else 0.0,
        reason=verdict.reason,
        fresh=healthy,
        silent=len(sensors) - healthy,
    )
    waits = verdict.state is not ZoneState.VACANT and (motion is None or motion.left_s <= 0)
    waits = waits or any(one.memory.door for one in seen.all)
    return Judged(occupancy, verdict.by, _deadline_s(seen, motion, verdict.state, now), waits)


def _verdict(seen: Sight, motion: Motion | None, now: Instant, *, was_occupied: bool) -> _Verdict:
    if not seen.healthy:
        return _Verdict(ZoneState.UNKNOWN, 0.0, reasons.nobody_heard([one.memory for one in seen.all], now))
    doors = crowd.doors(seen, now)
    return (
        _by_motion(seen, motion, now)
        or _by_proof(seen, motion, doors, now)
        or _by_doors(doors)
        or _by_lone_motion(seen, motion, now)
        or _by_old_motion(motion if was_occupied else None)
        or _Verdict(ZoneState.UNKNOWN, 0.0, _why_unknown(seen))
    )


def _by_motion(seen: Sight, motion: Motion | None, now: Instant) -> _Verdict | None:
    seeing = [one for one in seen.healthy if sees_motion(one.memory, now)]
    if seeing:
        heads = max((one.memory.heads.count for one in seeing if one.memory.heads is not None), default=0)
        why = reasons.heads_now(heads) if heads else reasons.motion_now(len(seeing))
        return _Verdict(ZoneState.OCCUPIED, SEEING, why, _ids(seeing))
    if motion is None or motion.left_s <= 0:
        return None
    confidence = FADED + (REMEMBERED - FADED) * min(1.0, motion.left_s / motion.hold_s)
    return _Verdict(ZoneState.OCCUPIED, confidence, reasons.motion_lately(motion.ended_s, motion.left_s), motion.by)


def _by_proof(seen: Sight, motion: Motion | None, doors: crowd.Doors | None, now: Instant) -> _Verdict | None:
    witnesses = [one for one in seen.healthy if _proves_absence(one, seen, motion, doors, now)]
    if not witnesses:
        return None
    quiet_s = motion.ended_s if motion else max(_watched_s(one, now) for one in witnesses)
    return _Verdict(ZoneState.VACANT, PROVEN, reasons.nobody_there(quiet_s, len(witnesses)), _ids(witnesses))


def _by_doors(doors: crowd.Doors | None) -> _Verdict | None:
    if doors is None or not doors.is_somebody:
        return None
    confidence = COUNTED_SURE if doors.bounds.low else COUNTED
    return _Verdict(ZoneState.OCCUPIED, confidence, reasons.counted_in(len(doors.by)), doors.by)


def _by_lone_motion(seen: Sight, motion: Motion | None, now: Instant) -> _Verdict | None:
    """Know nothing after a lone motion in a zone proven vacant before: only a word can tell a false hit from somebody.

    Whoever came may have been seen once, just before all sensors died.
    """
    if motion is None or not motion.is_lone or motion.ended_s >= 2 * motion.hold_s:
        return None
    if not any(_was_followed(one, motion, now) for one in seen.healthy):
        return None
    return _Verdict(ZoneState.UNKNOWN, 0.0, reasons.motion_unconfirmed(motion.ended_s), motion.by)


def _by_old_motion(motion: Motion | None) -> _Verdict | None:
    """Wait as long again for a sensor to speak; but what was proven vacant is not occupied by losing its proof."""
    if motion is None or motion.ended_s >= 2 * motion.hold_s:
        return None
    return _Verdict(ZoneState.OCCUPIED, FADED, reasons.motion_unconfirmed(motion.ended_s), motion.by)


def _was_followed(one: Evidence, motion: Motion, now: Instant) -> bool:
    """Return whether the sensor could have proven the zone vacant when that motion began."""
    return one.limits.sees.sees_absence and _watched_s(one, now) - motion.began_s >= one.limits.hold_s


def _proves_absence(one: Evidence, seen: Sight, motion: Motion | None, doors: crowd.Doors | None, now: Instant) -> bool:
    """Return whether the sensor, followed for all its hold, says after all holds that it sees nobody."""
    sees, memory = one.limits.sees, one.memory
    if not sees.sees_absence or memory.heard is None or memory.watched is None:
        return False
    if one.limits.kind == LINE:
        return crowd.is_quiet(seen, now) and _is_after(now.seconds_since(memory.heard), motion)
    if memory.on is not False or not memory.sure:
        return False
    heard_s, watched_s = now.seconds_since(memory.heard), now.seconds_since(memory.watched)
    if sees.sees_still:
        # What it said stands: it would have said something else.
        clear_s = now.seconds_since(memory.off_since) if memory.off_since else watched_s
        return min(clear_s, watched_s) >= one.limits.hold_s
    return watched_s - heard_s >= one.limits.hold_s and _is_after(heard_s, motion) and _is_free(doors, heard_s)


def _is_after(heard_s: float, motion: Motion | None) -> bool:
    return motion is None or heard_s <= -motion.left_s


def _is_free(doors: crowd.Doors | None, heard_s: float) -> bool:
    """Return whether doors by which somebody is there have been outweighed for as long as that."""
    if doors is None or not doors.is_somebody or doors.crossed_s is None:
        return True
    return doors.crossed_s - heard_s >= (DOOR_SURE_HOLD_S if doors.bounds.low else DOOR_HOLD_S)


def _shift(seen: Sight, state: ZoneState) -> float:
    high = crowd.slow_evidence(seen)
    if high is None:
        return 0.0
    return SHIFT if high is (state is ZoneState.OCCUPIED) else -SHIFT


def _why_unknown(seen: Sight) -> Words:
    if all(one.limits.kind == SLOW for one in seen.healthy):
        return reasons.only_slow(len(seen.healthy))
    if not any(one.limits.sees.sees_absence for one in seen.healthy):
        return reasons.cannot_see_absence(len(seen.healthy))
    return reasons.not_long_enough(len(seen.healthy))


def _deadline_s(seen: Sight, motion: Motion | None, state: ZoneState, now: Instant) -> float | None:
    moments = list(_moments(seen, now))
    if motion is not None:
        moments += [motion.left_s, 2 * motion.hold_s - motion.ended_s]
    is_rated = motion is not None and motion.rated > 0
    if state is ZoneState.OCCUPIED and (is_rated or any(one.memory.heads for one in seen.healthy)):
        moments.append(COUNT_EVERY_S)
    elif any(one.memory.door for one in seen.healthy):
        moments.append(DOORS_EVERY_S)
    return min((one for one in moments if one > 0), default=None)


def _moments(seen: Sight, now: Instant) -> Iterator[float]:
    for one in seen.all:
        memory, limits = one.memory, one.limits
        if memory.heard is not None:
            # A sensor is silent past its limit, not at it.
            yield silent_after_s(memory, limits) - now.seconds_since(memory.heard) + TICK_S
        if memory.on and memory.on_since is not None:
            yield limits.on_max_s - now.seconds_since(memory.on_since)
            if memory.repeating and memory.refreshed is not None:
                yield REPEAT_S - now.seconds_since(memory.refreshed)
        elif limits.sees.sees_still and memory.watched is not None:
            yield limits.hold_s - now.seconds_since(memory.watched)


def _watched_s(one: Evidence, now: Instant) -> float:
    return now.seconds_since(one.memory.watched) if one.memory.watched else 0.0


def _ids(sensors: Sequence[Evidence]) -> tuple[SensorId, ...]:
    return tuple(one.limits.sensor for one in sensors)
