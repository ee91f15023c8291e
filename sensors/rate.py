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
"""The standard deviation of that, as it follows from its correlation with the number of people, 0.89."""

START = 0.5
"""Whatever was seen is taken for that of this many holds more, until some time has passed: one motion tells little."""

EACH_MORE = 0.29
"""For more people than were measured, each adds this to -ln(1 - p), p being the chance that one sensor sees motion."""

MORE_MAX, MORE_FALL = 12, 0.25
"""Up to how many people are thought of, each more than three a quarter as likely as one fewer."""

SURE = 0.9
"""How sure the upper bound is."""

SATURATED = 1.8
"""From here all that can be said is that there are people: the sensors see motion nearly all the time."""

_ALL_MEANS = MEANS + tuple(2 * (1 - exp(-EACH_MORE * people)) for people in range(len(MEANS) + 1, MORE_MAX + 1))
_PRIORS = (1.0,) * len(MEANS) + tuple(MORE_FALL ** (people - len(MEANS)) for people in range(4, MORE_MAX + 1))


@dataclass(frozen=True, slots=True)
class Seen:
    """How much motion a zone's sensors have seen: `slots` of it, faded, by `sensors` of them, for `lasted` holds."""

    slots: float
    sensors: int
    lasted: float


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


def people(seen: Seen) -> Bounds:
    """Return how many people such motion tells of, where there are any. It never proves two: one may run about."""
    filled = SLOTS * (1 - exp(-(seen.lasted + START)))
    a_slot = min(2.0, seen.slots / filled * 2 / max(1, seen.sensors))
    likely = [
        prior * exp(-((a_slot - mean) ** 2) / (2 * SPREAD**2)) for prior, mean in zip(_PRIORS, _ALL_MEANS, strict=True)
    ]
    measured = likely[: len(MEANS)]
    estimate = sum(number * weight for number, weight in enumerate(measured, 1)) / sum(measured)
    high = None if a_slot >= SATURATED else max(_at_most(likely), ceil(estimate))
    return Bounds(1, round(estimate, 2), high)


def _at_most(likely: list[float]) -> int:
    """Return the number that there are at most, with a probability of `SURE`."""
    needed, total = SURE * sum(likely), 0.0
    for number, weight in enumerate(likely, 1):
        total += weight
        if total >= needed:
            return number
    return len(likely)
