"""How people move in a zone: when each person stirs, and when somebody walks in or out. From the truth track alone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.simulate import figures as f
from deploy.simulate.options import Options
from deploy.simulate.track import Stay, Track
from deploy.simulate.visits import lognormal

SIGMA_STILL = math.log(f.STILL_95.value / f.STILL_MEDIAN.value) / 1.645


@dataclass(frozen=True, slots=True, order=True)
class Movement:
    """One movement at second `t`; a crossing is +1 for somebody who came in, -1 for one who went out, else 0."""

    t: float
    person: str
    crossing: int = 0


def movements(options: Options, truth: Track, zone: str) -> list[Movement]:
    """Return all movements in the zone, in order."""
    found = [one for stay in truth.stays if stay.zone == zone for one in _in_stay(options, truth, stay)]
    return sorted(found)


def _in_stay(options: Options, truth: Track, stay: Stay) -> Iterator[Movement]:
    chance = options.chance("motion", stay.person, stay.begin_s)
    yield Movement(stay.begin_s, stay.person, 1)
    t = stay.begin_s + chance.uniform(2, 15)
    while t < stay.end_s:
        yield Movement(t, stay.person)
        has_company = truth.people(stay.zone or "", t) > 1
        still_s = min(lognormal(chance, f.STILL_MEDIAN.value, SIGMA_STILL), f.STILL_MAX.value)
        t += still_s / (f.COMPANY_MOVES.value if has_company else 1.0)
    yield Movement(stay.end_s, stay.person, -1)
