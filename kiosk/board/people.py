"""People as a host sees them: who is in, in the order a host needs them, and who has left. No web, no words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.board import Person
from kiosk.domain.evacuation import NO_NAME
from kiosk.domain.house import House
from kiosk.domain.ids import MemberId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.domain.presence import State

LEFT_MAX = 100
"""Of those who have left, the newest that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people shown to one host, and when they were asked for."""

    read: Instant
    people: tuple[Person, ...]

    @property
    def members(self) -> tuple[Person, ...]:
        """Return those who are no guests."""
        return tuple(one for one in self.people if one.guest is None)

    def count_in(self, zone: ZoneId) -> int:
        """Return how many members are in that zone."""
        return sum(one.zone == zone for one in self.members)

    def without_zone(self) -> int:
        """Return how many members are in no zone."""
        return sum(one.zone is None for one in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A visit that is closed and can still be corrected. `uncertain`: closed automatically, and nobody knows."""

    visit: VisitId
    name: str
    agency: str
    arrived: Instant
    left: Instant
    uncertain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Members found by a part of their name, and who of them is in the house already."""

    text: str
    holders: tuple[Holder, ...]
    inside: frozenset[MemberId]


def in_order(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Return those first who have waited longest without company, then the others as they came.

    Guests stay after their members.
    """
    waited = {one.visit: one.waited_s for one in people if one.guest is None and one.state is State.PASSIVE}
    return tuple(sorted(people, key=lambda one: -waited.get(one.visit, 0.0)))


def gone(house: House, holders: Mapping[MemberId, Holder]) -> tuple[Gone, ...]:
    """Return the closed visits that are still remembered, the uncertain first, then the newest."""
    listed = []
    for one in house.presences.values():
        if one.inside or one.annulled or one.left_at is None:
            continue
        holder = holders.get(one.member)
        listed.append(
            Gone(
                visit=one.visit,
                name=holder.member.name if holder else NO_NAME,
                agency=holder.agency.name if holder else one.agency,
                arrived=one.arrived_at,
                left=one.left_at,
                uncertain=one.uncertain,
            )
        )
    listed.sort(key=lambda one: (one.uncertain, one.left.wall), reverse=True)
    return tuple(listed[:LEFT_MAX])
