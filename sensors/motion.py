"""A zone's last sign of people from all its sensors together, and for how long it speaks for people still there. Pure.

The busier a zone was, the sooner its silence tells that people have gone: a still person is seen seldom, three are seen
all the time.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from sensors import rate
from sensors.memory import ended_s, motion_slots
from sensors.sight import Evidence, Sight


@dataclass(frozen=True, slots=True)
class Motion:
    """The last signs of people, `began_s` to `ended_s` seconds ago, by the sensors `by`.

    `left_s` is how much longer they count, below zero when that was over. `hold_s` is the longest that the last could
    have counted. `is_lone`: so short, after such quiet, that it may be a false hit. `slots` is how much motion sensors
    with a rate have seen until now, and `rated` how many such sensors may be believed.
    """

    began_s: float
    ended_s: float
    left_s: float
    hold_s: float
    is_lone: bool
    by: tuple[SensorId, ...]
    slots: float
    rated: int


class _Sign(NamedTuple):
    one: Evidence
    ended_s: float
    began_s: float


def last_motion(seen: Sight, now: Instant) -> Motion | None:
    """Return the zone's last motion, None if none is known."""
    signs = [sign for one in seen.trusted if (sign := _sign(one, now)) is not None]
    if not signs:
        return None
    last = min(signs, key=attrgetter("ended_s"))
    burst = [one for one in signs if one.ended_s - last.ended_s < one.one.limits.hold_s]
    began_s = max(one.began_s for one in burst)
    is_lone = all(
        one.one.limits.sees.has_rate and began_s - last.ended_s <= one.one.limits.hold_s * rate.LONE_S for one in burst
    )
    rated = [one for one in seen.trusted if one.limits.sees.has_rate]
    slots = sum(motion_slots(one.memory, one.limits, now) for one in rated)
    ended_holds = last.ended_s / last.one.limits.hold_s
    at_end = rate.faded(slots, -ended_holds) if ended_holds < rate.HOLDS_MAX else 0.0
    part = rate.HOLD_MIN if is_lone else rate.hold_part(at_end)
    lefts = [(_hold_s(one, part) - one.ended_s, one) for one in signs]
    left_s = max(left for left, _ in lefts)
    return Motion(
        began_s=began_s,
        ended_s=last.ended_s,
        left_s=left_s,
        hold_s=last.one.limits.hold_s,
        is_lone=is_lone,
        by=tuple(one.one.limits.sensor for left, one in lefts if left > 0) or (last.one.limits.sensor,),
        slots=slots,
        rated=sum(one in seen.healthy for one in rated),
    )


def _sign(one: Evidence, now: Instant) -> _Sign | None:
    since_s = ended_s(one.memory, one.limits, now)
    if since_s is None:
        return None
    began = one.memory.began
    return _Sign(one, since_s, since_s if began is None else max(since_s, now.seconds_since(began)))


def _hold_s(sign: _Sign, part: float) -> float:
    limits = sign.one.limits
    return limits.hold_s * part if limits.sees.has_rate else limits.hold_s
