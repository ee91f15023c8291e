"""A truth track: who was where, from when to when. Pure; knows neither badges nor sensors.

The judge also lays what the badges claim out as a track, and asks both the same questions.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby


@dataclass(frozen=True, slots=True)
class Stay:
    """One person in one place from `begin_s` up to `end_s`. No zone means in the house, between the zones."""

    person: str
    zone: str | None
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A count that steps: from `times[i]` it is `values[i]`; before the first it is 0."""

    times: Sequence[float] = ()
    values: Sequence[int] = ()

    def at(self, t: float) -> int:
        """Return the count at `t`."""
        found = bisect_right(self.times, t)
        return self.values[found - 1] if found else 0

    def pieces(self, begin_s: float, end_s: float) -> Iterable[tuple[float, float, int]]:
        """Return (from, to, count) for the pieces of that time."""
        at = bisect_right(self.times, begin_s)
        edge = begin_s
        while edge < end_s:
            following = self.times[at] if at < len(self.times) else end_s
            yield edge, min(following, end_s), self.values[at - 1] if at else 0
            edge, at = following, at + 1


@dataclass(frozen=True, slots=True)
class Track:
    """All stays, and the count of people in each zone."""

    stays: tuple[Stay, ...]
    zones: Mapping[str | None, Numbers] = field(default_factory=dict)
    of: Mapping[str, tuple[Stay, ...]] = field(default_factory=dict)

    def people(self, zone: str, t: float) -> int:
        """Return how many are in the zone."""
        return self.zones.get(zone, Numbers()).at(t)

    def where(self, person: str, t: float) -> Stay | None:
        """Return the person's stay at `t`, or None while they are out."""
        return next((one for one in self.of.get(person, ()) if one.begin_s <= t < one.end_s), None)

    def there(self, zone: str, t: float) -> list[str]:
        """Return who is in the zone."""
        return [one.person for one in self.stays if one.zone == zone and one.begin_s <= t < one.end_s]

    def company_s(self, zone: str, begin_s: float, end_s: float) -> float:
        """Return how long at least two were in the zone."""
        pieces = self.zones.get(zone, Numbers()).pieces(begin_s, end_s)
        return sum(to - since for since, to, people in pieces if people > 1)

    def occupied_s(self, zone: str, begin_s: float, end_s: float) -> float:
        """Return how long anybody was in the zone."""
        pieces = self.zones.get(zone, Numbers()).pieces(begin_s, end_s)
        return sum(to - since for since, to, people in pieces if people > 0)

    def in_zone_s(self, person: str, zone: str, begin_s: float, end_s: float) -> float:
        """Return how long the person was in the zone."""
        some = [one for one in self.of.get(person, ()) if one.zone == zone]
        return sum(max(0.0, min(end_s, one.end_s) - max(begin_s, one.begin_s)) for one in some)

    def shared_s(self, person: str, zone: str | None, begin_s: float, end_s: float) -> float:
        """Return how long the person was in the zone with at least one other; without a zone, in any of them."""
        return sum(
            self.company_s(one.zone, max(begin_s, one.begin_s), min(end_s, one.end_s))
            for one in self.of.get(person, ())
            if one.zone is not None and zone in {None, one.zone}
        )


def track(stays: Iterable[Stay]) -> Track:
    """Return the track of these stays, in order; those without length are left out."""
    ordered = tuple(sorted((one for one in stays if one.end_s > one.begin_s), key=_order))
    zones = {zone: _numbers([one for one in ordered if one.zone == zone]) for zone in {one.zone for one in ordered}}
    people = sorted(ordered, key=lambda one: (one.person, one.begin_s))
    return Track(ordered, zones, {who: tuple(some) for who, some in groupby(people, key=lambda one: one.person)})


def _order(one: Stay) -> tuple[float, str]:
    return one.begin_s, one.person


def _numbers(stays: Sequence[Stay]) -> Numbers:
    edges = sorted([(one.begin_s, 1) for one in stays] + [(one.end_s, -1) for one in stays])
    counts = list(accumulate(step for _, step in edges))
    kept = [at for at, (t, _) in enumerate(edges) if at + 1 == len(edges) or edges[at + 1][0] != t]
    return Numbers([edges[at][0] for at in kept], [counts[at] for at in kept])
