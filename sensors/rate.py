"""How often motion is seen, and what that tells: how long a person may go unseen, and how many people there are. Pure.

Motion is counted in slots of a twentieth of the sensor's hold (30 s of 10 min): one for each time it is seen, and one
for each further slot that it lasts. The count fades with the hold, so it is a mean over about the last ten minutes.
All lengths follow the hold, so that a house that plays time faster sets no other number.
"""

from dataclasses import dataclass
from math import ceil, exp, log

from sensors.counting import Bounds

SLOTS = 20
"""How many slots a hold has."""

UNSEEN = log(1000)
"""A person seen at a rate r a slot goes unseen for m slots with probability exp(-r m): held until 1 in 1000.

At the rate of one person in the measured room, 0.34, that leaves 3 % of times unseen above 5.1 min and 0.4 % above 8.2:
there 1 % were above 5.1 and none above 8.2.
"""

HOLD_MIN = 0.25
"""The least part of a hold that motion is worth: of ten minutes 2.5, within which 95 % of people were seen again."""

LONE_S = 1 / 6
"""Motion after a quiet hold, all within this part of one, may be a false hit: worth no more than `HOLD_MIN`.

Of ten minutes that is a little more than the 90 s after which Zigbee2MQTT clears sensors that only say motion.
"""

MEANS = (0.34, 0.88, 1.16)
"""Slots with motion by two sensors together for 1, 2 and 3 people, measured over ten minutes in one room."""

SPREAD = 0.4
"""The standard deviation of a plain mean over ten minutes, as it follows from its correlation with people, 0.89."""

START = 0.5
"""Whatever was seen is taken for that of this many holds more, until some time has passed: one motion tells little."""

EACH_MORE = 0.29
"""For more people than were measured, each adds this to -ln(1 - p), p being the chance that one sensor sees motion."""

MORE_MAX, MORE_FALL = 8, 0.25
"""Up to how many people are thought of, each more than three a quarter as likely as one fewer."""

SURE = 0.9
"""How sure the upper bound is."""

SATURATED = 1.8
"""From here all that can be said is that there are people: the sensors see motion nearly all the time."""

HOLDS_MAX, UNSEEN_MAX = 30.0, 50.0
"""Motion that ended more holds ago has faded out of every count, and past the second all doubt is gone."""

LEAVES = 1 / 493
"""How likely all leave in a slot: in the measured room they did 4 times in 986 minutes."""

LONE_FALSE = 24 / (24 + 4 * LONE_S * SLOTS)
"""How likely a lone motion is nobody's: there 24 slots of it were, and 4 times somebody came, lone for that long."""

_ALL_MEANS = MEANS + tuple(2 * (1 - exp(-EACH_MORE * people)) for people in range(len(MEANS) + 1, MORE_MAX + 1))
_PRIORS = (1.0,) * len(MEANS) + tuple(MORE_FALL ** (people - len(MEANS)) for people in range(4, MORE_MAX + 1))


@dataclass(frozen=True, slots=True)
class Seen:
    """How much motion a zone's sensors have seen: `slots` of it, faded, by `sensors` of them, for `lasted` holds.

    `quiet` is how many holds ago the last ended, and `is_lone` whether it may have been a false hit.
    """

    slots: float
    sensors: int
    lasted: float
    quiet: float = 0.0
    is_lone: bool = False


def faded(slots: float, holds: float) -> float:
    """Return what is left of a count of slots after so many holds."""
    return slots * exp(-holds)


def worth(on_holds: float, pulse_holds: float) -> float:
    """Return the slots of one motion that lasted `on_holds`, by a sensor whose shortest lasts `pulse_holds`."""
    return SLOTS * (1 - exp(-(max(0.0, on_holds - pulse_holds) + 1 / SLOTS)))


def hold_part(slots_at_end: float) -> float:
    """Return which part of the hold motion is worth that ended at such a count of slots."""
    a_slot = slots_at_end / SLOTS
    return min(1.0, max(HOLD_MIN, UNSEEN / SLOTS / a_slot)) if a_slot > 0 else 1.0


def nobody(seen: Seen) -> float:
    """Return how likely it is that all have left since the last motion, or that it was nobody's.

    People who stay are seen at the rate until then, as for `hold_part`; those who left are not seen again.
    """
    quiet = min(seen.quiet, HOLDS_MAX)
    a_slot = faded(seen.slots, -quiet) / SLOTS + LEAVES
    unseen = exp(min(UNSEEN_MAX, a_slot * quiet * SLOTS))
    odds = LEAVES / a_slot * (unseen - 1)
    if seen.is_lone:
        odds += LONE_FALSE / (1 - LONE_FALSE) * unseen
    return odds / (1 + odds)


def people(seen: Seen) -> Bounds:
    """Return how many people such motion tells of: somebody while it is seen, and never surely two."""
    left = exp(-(seen.lasted + START))
    a_slot = min(2.0, seen.slots / (SLOTS * (1 - left)) * 2 / max(1, seen.sensors))
    # A mean that fades with the hold is as steady as a plain one over two holds; less so while it has not lasted long.
    variance = SPREAD**2 * (1 + left) / (1 - left) / 2
    likely = [
        prior * exp(-((a_slot - mean) ** 2) / (2 * variance)) for prior, mean in zip(_PRIORS, _ALL_MEANS, strict=True)
    ]
    measured, empty = likely[: len(MEANS)], nobody(seen)
    low = int(seen.quiet <= 0 or empty <= 1 - SURE)
    there = sum(number * weight for number, weight in enumerate(measured, 1)) / sum(measured)
    estimate = max(low, round((1 - empty) * there, 2))
    high = None if a_slot >= SATURATED else max(_at_most(likely, empty), ceil(estimate))
    return Bounds(low, estimate, high)


def _at_most(likely: list[float], empty: float) -> int:
    """Return the number that there are at most, with a probability of `SURE`, where there may be nobody."""
    total, whole = empty, sum(likely)
    for number, weight in enumerate(likely, 1):
        total += (1 - empty) * weight / whole
        if total >= SURE:
            return number
    return len(likely)
