"""What the sensors of one zone amount to. Pure: memories and the moment in, an occupancy and its next deadline out.

A zone is occupied by evidence that has an age and a hold. It is vacant only by the word of a live sensor, given after
the hold. All else is unknown: no silence, outage or missing sensor ever empties a zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, People, Words, ZoneState
from sensors import reasons
from sensors.memory import Limits, Memory, is_healthy, motion_ended, sees_motion, silent_after_s

LONE_LENGTH = 1 / 6
"""Motion by one sensor alone, no longer than this part of its hold, may be a false hit.

Of ten minutes that is a little more than the 90 s after which Zigbee2MQTT clears sensors that only say motion.
"""

LONE_HOLD = 0.5
"""The part of its hold that lone motion is worth, until more motion bears it out."""

TICK_S = 0.001
"""How far past a limit a deadline lies, where the limit itself is still within it."""

SEEING, REMEMBERED, FADED, PROVEN, PARTLY_BLIND = 0.98, 0.95, 0.6, 0.95, 0.85
"""Confidence: motion now; its hold's beginning and end; vacant by proof; times this if a sensor is not healthy."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sensor of the zone: its limits and what is remembered of it."""

    limits: Limits
    memory: Memory


@dataclass(frozen=True, slots=True)
class _Motion:
    """The zone's last motion: how long ago it began and ended, and how long it may speak for people still there."""

    began_s: float
    ended_s: float
    hold_s: float


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: ZoneState
    confidence: float
    reason: Words


def occupancy(zone: ZoneId, sensors: Sequence[Evidence], before: Occupancy | None, now: Instant) -> Occupancy:
    """Return the zone's state now. `since` stays while the state does."""
    healthy = [one for one in sensors if is_healthy(one.memory, one.limits, now)]
    was_occupied = before is not None and before.state is ZoneState.OCCUPIED
    verdict = _verdict(sensors, healthy, now, was_occupied=was_occupied)
    is_same = before is not None and before.state is verdict.state
    blind = PARTLY_BLIND if len(healthy) < len(sensors) else 1.0
    return Occupancy(
        zone=zone,
        state=verdict.state,
        since=before.since if before is not None and is_same else now,
        heard=now,
        people=_people(verdict.state),
        confidence=round(verdict.confidence * blind, 2),
        reason=verdict.reason,
        fresh=len(healthy),
        silent=len(sensors) - len(healthy),
    )


def next_deadline_s(sensors: Sequence[Evidence], now: Instant) -> float | None:
    """Return the seconds until the state can next change without a message, or None while it cannot."""
    moments = []
    motion = _last_motion(sensors, now)
    if motion is not None:
        moments += [motion.hold_s - motion.ended_s, 2 * motion.hold_s - motion.ended_s]
    for one in sensors:
        if one.memory.heard is not None:
            # A sensor is silent past its limit, not at it.
            limit_s = silent_after_s(one.memory, one.limits)
            moments.append(limit_s - now.seconds_since(one.memory.heard) + TICK_S)
        if one.memory.on and one.memory.on_since is not None:
            moments.append(one.limits.on_max_s - now.seconds_since(one.memory.on_since))
    return min((one for one in moments if one > 0), default=None)


def _verdict(sensors: Sequence[Evidence], healthy: Sequence[Evidence], now: Instant, *, was_occupied: bool) -> _Verdict:
    if not healthy:
        return _Verdict(ZoneState.UNKNOWN, 0.0, reasons.nobody_heard([one.memory for one in sensors], now))
    seeing = sum(sees_motion(one.memory, one.limits, now) for one in healthy)
    if seeing:
        return _Verdict(ZoneState.OCCUPIED, SEEING, reasons.motion_now(seeing))
    motion = _last_motion(sensors, now)
    if motion is not None and motion.ended_s < motion.hold_s:
        left_s = motion.hold_s - motion.ended_s
        confidence = FADED + (REMEMBERED - FADED) * left_s / motion.hold_s
        return _Verdict(ZoneState.OCCUPIED, confidence, reasons.motion_lately(motion.ended_s, left_s))
    witnesses = [one for one in healthy if _proves_absence(one, motion, now)]
    if witnesses:
        quiet_s = motion.ended_s if motion else max(_watched_s(one.memory, now) for one in witnesses)
        return _Verdict(ZoneState.VACANT, PROVEN, reasons.nobody_there(quiet_s, len(witnesses)))
    if motion is not None and motion.ended_s < 2 * motion.hold_s and was_occupied:
        # As long again for a sensor to speak; but what was once proven vacant is not occupied by losing its proof.
        return _Verdict(ZoneState.OCCUPIED, FADED, reasons.motion_unconfirmed(motion.ended_s))
    return _Verdict(ZoneState.UNKNOWN, 0.0, reasons.not_long_enough(len(healthy)))


def _proves_absence(one: Evidence, motion: _Motion | None, now: Instant) -> bool:
    """Return whether the sensor, followed all the hold, has said after the hold that it sees nobody."""
    memory = one.memory
    if memory.on is not False or not memory.sure or memory.heard is None or memory.watched is None:
        return False
    heard_s = now.seconds_since(memory.heard)
    if motion is not None and motion.ended_s - heard_s < motion.hold_s:
        return False
    return now.seconds_since(memory.watched) - heard_s >= one.limits.hold_s


def _last_motion(sensors: Sequence[Evidence], now: Instant) -> _Motion | None:
    ends = [(motion_ended(one.memory, one.limits, now), one) for one in sensors]
    known = [(now.seconds_since(end), one) for end, one in ends if end is not None]
    if not known:
        return None
    ended_s, last = min(known, key=lambda pair: pair[0])
    began = last.memory.on_since
    began_s = ended_s if began is None else now.seconds_since(began)
    earlier = [other_s for other_s, one in known if one is not last]
    earlier += [now.seconds_since(one.memory.ended_before) for one in sensors if one.memory.ended_before]
    hold_s = last.limits.hold_s
    is_lone = began_s - ended_s <= hold_s * LONE_LENGTH and all(other_s - began_s >= hold_s for other_s in earlier)
    return _Motion(began_s, ended_s, hold_s * LONE_HOLD if is_lone else hold_s)


def _watched_s(memory: Memory, now: Instant) -> float:
    return now.seconds_since(memory.watched) if memory.watched else 0.0


def _people(state: ZoneState) -> People:
    """Return what motion alone tells of numbers: somebody or nobody."""
    match state:
        case ZoneState.OCCUPIED:
            return People(1, 1.0, None)
        case ZoneState.VACANT:
            return People(0, 0.0, 0)
        case ZoneState.UNKNOWN:
            return People(0, 0.0, None)
