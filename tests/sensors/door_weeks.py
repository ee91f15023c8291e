"""Fifteen weeks of a building's door, made up and seeded, that drift as a real building's did.

No real counts come with Samverk. What is published of some: 19,625 in and 18,806 out in 105 days, the balance at the
end of a day off by 8.7 % of the entries on average, and below zero at some time on 92 days.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

DAYS = 15 * 7
DAY_S = 86_400.0
REPORT_S = 1800.0
OPENS, CLOSES = 14, 38
"""The first and the last report of a day's coming and going, of 48."""

ENTRIES = 193
"""How many people come in a day."""

MISSED, MISSED_SPREAD = 0.042, 0.10
"""Which part of those who leave is not counted, and how it differs by day; below zero, of those who come."""

EARLY = 0.85
"""How likely somebody leaves in the morning who was never counted in."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the door has counted in the half hour before `t`, and how many people truly were in the building then."""

    t: float
    entered: int
    left: int
    inside: int


def door_weeks(seed: int) -> Iterator[Report]:
    """Yield every half hour of the fifteen weeks."""
    chance = random.Random(seed)  # noqa: S311 - a made-up door, no secret
    for day in range(DAYS):
        yield from _day(chance, day * DAY_S)


def _day(chance: random.Random, begins_s: float) -> Iterator[Report]:
    missed = chance.gauss(MISSED, MISSED_SPREAD)
    busy = range(OPENS, CLOSES)
    coming = [chance.choice(list(busy)[:16]) for _ in range(round(chance.gauss(ENTRIES, 30)))]
    going = [min(CLOSES, one + chance.randint(1, 14)) for one in coming]
    early = int(chance.random() < EARLY)
    inside = early
    for number in range(48):
        came, went = coming.count(number), going.count(number) + (early if number == OPENS - 2 else 0)
        inside += came - went
        entered = _counted(chance, came, -missed)
        left = _counted(chance, went, missed)
        yield Report(begins_s + (number + 1) * REPORT_S, entered, left, inside)


def _counted(chance: random.Random, people: int, missed: float) -> int:
    return sum(chance.random() >= missed for _ in range(people))
