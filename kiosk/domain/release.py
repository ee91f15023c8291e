"""A month of the house as it may be told to anybody. Pure; what may be told of a count is said in `disclosure`.

Each figure stands in at most one sum of another, so that what can be found by subtraction can be seen at a glance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kiosk.domain.disclosure import ROUND_TO, Cell, Figure, cover, part_told, parts_told, rounded, told
from kiosk.domain.requests import MetSomebody
from kiosk.domain.tally import Counted, Tally

HOURS = tuple(f"{hour:02}" for hour in range(24))


@dataclass(frozen=True, slots=True)
class ZoneUse:
    """How a zone was used: stays and those with taking part, in the month and by local hour."""

    zone: str
    joins: Figure
    took_part: Figure
    joins_by_hour: tuple[Figure, ...]
    took_part_by_hour: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings between two agencies, or within one if both are the same."""

    first: str
    second: str
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One month as it may be told to anybody.

    Pairs of agencies that are not listed are withheld, whether they never met or too few did. The number of activities
    is exact: they are announced to everybody. `agencies` names those that are told of, by id. `released_at` is in UTC,
    as ISO 8601 writes it.
    """

    month: str
    group_min: int
    round_to: int
    visits: Figure
    taking_part: Figure
    closed_automatically: Figure
    arrivals_by_hour: tuple[Figure, ...]
    zones: tuple[ZoneUse, ...]
    meetings_between: Figure
    meetings_within: Figure
    between: tuple[Meetings, ...]
    within: tuple[Meetings, ...]
    offers_made: Figure
    offers_taken: Figure
    offers_followed: Figure
    met_somebody: Mapping[str, Figure]
    guests: Figure
    activities: int
    agencies: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    released_at: str = ""


def release(tallies: Mapping[Tally, int], month: str, group_min: int, zones: Iterable[str]) -> Release:
    """Return what may be told of the month. `zones` are the house's; others that were counted follow."""
    book = _Book(tallies, month)
    visits = Cell(book.sum(Counted.ARRIVALS), book.people(Counted.PEOPLE_ARRIVALS))
    made, taken, followed = (
        book.cell(kind) for kind in (Counted.OFFERS_MADE, Counted.OFFERS_TAKEN, Counted.OFFERS_FOLLOWED)
    )
    taken_told = part_told(taken, made, group_min)
    between, pairs = _meetings(book, group_min, is_within=False)
    within, selves = _meetings(book, group_min, is_within=True)
    return Release(
        month=month,
        group_min=group_min,
        round_to=ROUND_TO,
        visits=told(visits, group_min),
        taking_part=part_told(book.cell(Counted.TAKING_PART), visits, group_min),
        closed_automatically=part_told(book.cell(Counted.CLOSED_AUTOMATICALLY), visits, group_min),
        arrivals_by_hour=_hours(book, Counted.ARRIVALS, "", told(visits, group_min), group_min),
        zones=tuple(_zone_use(book, zone, group_min) for zone in book.zones(zones)),
        meetings_between=between,
        meetings_within=within,
        between=pairs,
        within=selves,
        offers_made=told(made, group_min),
        offers_taken=taken_told,
        offers_followed=None if taken_told is None else part_told(followed, taken, group_min),
        met_somebody=_answers(book, visits, group_min),
        guests=told(book.cell(Counted.GUESTS), group_min),
        activities=book.count(Counted.ACTIVITIES),
    )


class _Book:
    """One month's tallies, and the questions asked of them."""

    def __init__(self, tallies: Mapping[Tally, int], month: str) -> None:
        self._tallies = {tally: number for tally, number in tallies.items() if tally.month == month}
        self._month = month
        self._taken_back = self._tallies.get(Tally(month, Counted.TAKEN_BACK), 0)

    def count(self, kind: Counted, first: str = "", second: str = "") -> int:
        return max(0, self._tallies.get(Tally(self._month, kind, first, second), 0))

    def sum(self, kind: Counted, first: str | None = None) -> int:
        found = (tally for tally in self._tallies if tally.kind is kind and first in (None, tally.first))
        return sum(max(0, self._tallies[tally]) for tally in found)

    def people(self, kind: Counted, first: str = "", second: str = "") -> int:
        """Return how many people at least: a visit taken back can have added one too many to any number."""
        return max(0, self.count(kind, first, second) - self._taken_back)

    def cell(self, kind: Counted) -> Cell:
        return Cell(self.count(kind), self.people(Counted(f"people_{kind}")))

    def zones(self, known: Iterable[str]) -> list[str]:
        return list(dict.fromkeys([*known, *sorted(one.first for one in self._tallies if one.kind is Counted.JOINS)]))

    def pairs(self, *, is_within: bool) -> dict[tuple[str, str], Cell]:
        """Return meetings by pair; the people of a pair are those of the agency with fewer in it."""
        met = (one for one in self._tallies if one.kind is Counted.MEETINGS)
        found = [(one.first, one.second) for one in met if (one.first == one.second) == is_within]
        return {pair: Cell(self.count(Counted.MEETINGS, *pair), self._fewer_side(*pair)) for pair in found}

    def _fewer_side(self, first: str, second: str) -> int:
        people = Counted.PEOPLE_MEETINGS
        return min(self.people(people, first, second), self.people(people, second, first))


def _hours(book: _Book, kind: Counted, zone: str, whole: Figure, group_min: int) -> tuple[Figure, ...]:
    if whole is None:
        return (None,) * len(HOURS)
    about = {hour: (zone, hour) if zone else (hour, "") for hour in HOURS}
    people = Counted(f"people_{kind}")
    cells = {hour: Cell(book.count(kind, *key), book.people(people, *key)) for hour, key in about.items()}
    return tuple(parts_told(cells, group_min).values())


def _zone_use(book: _Book, zone: str, group_min: int) -> ZoneUse:
    joins = Cell(book.sum(Counted.JOINS, zone), book.people(Counted.PEOPLE_JOINS, zone))
    took_part = Cell(book.sum(Counted.TOOK_PART, zone), book.people(Counted.PEOPLE_TOOK_PART, zone))
    whole, part = told(joins, group_min), part_told(took_part, joins, group_min)
    return ZoneUse(
        zone=zone,
        joins=whole,
        took_part=part,
        joins_by_hour=_hours(book, Counted.JOINS, zone, whole, group_min),
        took_part_by_hour=_hours(book, Counted.TOOK_PART, zone, part, group_min),
    )


def _answers(book: _Book, visits: Cell, group_min: int) -> dict[str, Figure]:
    """Return the answers at the exit. Nobody knows whose they are: behind each stand all who came."""
    cells = {str(one): Cell(book.count(Counted.MET_SOMEBODY, one), visits.people) for one in MetSomebody}
    return parts_told(cells, group_min)


def _meetings(book: _Book, group_min: int, *, is_within: bool) -> tuple[Figure, tuple[Meetings, ...]]:
    """Return the sum and its parts, as they may be told.

    That two agencies never met is not told, for it may be about three people. So there is always something to cover,
    and without a cover not even the sum is told.
    """
    pairs = book.pairs(is_within=is_within)
    good = {pair: one.count for pair, one in sorted(pairs.items()) if one.is_enough(group_min)}
    hidden = cover(good, sum(one.count for pair, one in pairs.items() if pair not in good), group_min)
    if hidden is None:
        return None, ()
    rows = tuple(Meetings(*pair, rounded(number)) for pair, number in good.items() if pair not in hidden)
    return rounded(sum(one.count for one in pairs.values())), rows
