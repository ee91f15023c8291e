"""How right the zones were: what was said of each, sampled against how many people truly were there. Pure."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from deploy.simulate.track import Numbers
from deploy.simulate.zones import Told
from kiosk.domain.zones import ZoneState

SAMPLE_S = 30.0
"""As the rooms that sensors are judged by are recorded: in rows of 30 s."""

COMPANY = 2
"""How many people are company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """One zone, or all: F1 of `occupied` (unknown counts as not occupied), minutes wrong and unknown, and changes.

    F1 is None where all is unknown, or nobody ever was there nor said to be.
    `false_company_min`: surely two or more were said to be there while fewer were. `people_rmse` and `inside_bounds`
    are over the samples whose state is not unknown; None if there are none.
    """

    zone: str
    f1: float | None
    falsely_vacant_min: float
    falsely_occupied_min: float
    unknown_min: float
    false_company_min: float
    flips: int
    true_changes: int
    people_rmse: float | None
    inside_bounds: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One zone at one moment: how many were there, and what was said."""

    zone: str
    people: int
    told: Told


def samples(zone: str, told: Sequence[Told], truth: Numbers, spans: Iterable[tuple[float, float]]) -> list[Sample]:
    """Return the zone every `SAMPLE_S` seconds of the spans."""
    times = [one.t for one in told]
    found = []
    for begin_s, end_s in spans:
        for at in range(int((end_s - begin_s) // SAMPLE_S)):
            t = begin_s + at * SAMPLE_S
            found.append(Sample(zone, truth.at(t), told[bisect_right(times, t) - 1]))
    return found


def accuracy(zone: str, some: Sequence[Sample]) -> Accuracy:
    """Return how right these samples are; those of several zones stand one zone after the other."""
    hit = _count(some, ZoneState.OCCUPIED, is_there=True)
    false_alarm = _count(some, ZoneState.OCCUPIED, is_there=False)
    missed = _count(some, ZoneState.VACANT, is_there=True) + _count(some, ZoneState.UNKNOWN, is_there=True)
    known = [one for one in some if one.told.state is not ZoneState.UNKNOWN]
    errors = [one.told.people.estimate - one.people for one in known]
    pairs = [(one, other) for one, other in pairwise(some) if one.zone == other.zone]
    return Accuracy(
        zone=zone,
        f1=round(2 * hit / (2 * hit + false_alarm + missed), 4) if known and hit + false_alarm + missed else None,
        falsely_vacant_min=_minutes(_count(some, ZoneState.VACANT, is_there=True)),
        falsely_occupied_min=_minutes(false_alarm),
        unknown_min=_minutes(len(some) - len(known)),
        false_company_min=_minutes(sum(one.told.people.low >= COMPANY > one.people for one in known)),
        flips=sum(one.told.state is not other.told.state for one, other in pairs),
        true_changes=sum((one.people > 0) is not (other.people > 0) for one, other in pairs),
        people_rmse=round(math.sqrt(sum(one * one for one in errors) / len(errors)), 3) if errors else None,
        inside_bounds=round(sum(map(_is_inside, known)) / len(known), 4) if known else None,
    )


def _count(some: Sequence[Sample], state: ZoneState, *, is_there: bool) -> int:
    return sum(one.told.state is state and (one.people > 0) is is_there for one in some)


def _minutes(count: int) -> float:
    return count * SAMPLE_S / 60


def _is_inside(one: Sample) -> bool:
    people = one.told.people
    return people.low <= one.people and (people.high is None or one.people <= people.high)
