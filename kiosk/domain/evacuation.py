"""Who must be looked for when the house is emptied: everybody in, present or not, guests, and the uncertain. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.domain.guests import Guest
from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, MemberId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.domain.presence import Presence
from kiosk.domain.rule import Rule

NO_NAME = "?"
"""Stands for a name that nobody in the house knows any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One person on the evacuation list.

    `last_zone` is where they last said they were, `seen` the last moment they showed themselves. `certain` is False for
    those whose visit was closed automatically and whom no host has cleared since. `guest_of` names a guest's member.
    `member` is whose visit it is, of a guest too; lists of an earlier version do not say.
    """

    visit: VisitId
    name: str
    agency: str
    certain: bool
    last_zone: ZoneId | None
    seen: Instant
    guest: GuestId | None = None
    guest_of: str | None = None
    member: MemberId | None = None

    @property
    def key(self) -> str:
        """Return what only this person on the list has."""
        return f"{self.visit}/{self.guest}" if self.guest else str(self.visit)


def uncertain(house: House, rule: Rule, now: Instant) -> tuple[Presence, ...]:
    """Return those whose visit was closed automatically less than `uncertain_s` ago, and whom no host has cleared."""
    return tuple(
        one
        for one in house.presences.values()
        if one.uncertain and one.left_at is not None and now.seconds_since(one.left_at) <= rule.uncertain_s
    )


def evacuation_list(
    house: House,
    holders: Mapping[MemberId, Holder],
    guest_names: Mapping[GuestId, str],
    rule: Rule,
    now: Instant,
) -> tuple[Sought, ...]:
    """Return everybody to be looked for, those who surely are in first, guests after the members they came with.

    Nobody is left out because a name is missing.
    """
    sought: list[Sought] = []
    for one in (*house.inside(), *uncertain(house, rule, now)):
        member = _member(one, holders.get(one.member))
        sought.append(member)
        mine = (guest for guest in house.guests.values() if guest.visit == one.visit and guest.left_at is None)
        sought += [_guest(guest, member, guest_names.get(guest.id, NO_NAME)) for guest in mine]
    return tuple(sought)


def _member(one: Presence, holder: Holder | None) -> Sought:
    return Sought(
        visit=one.visit,
        name=holder.member.name if holder else NO_NAME,
        agency=holder.agency.name if holder else one.agency,
        certain=one.inside,
        last_zone=one.last_zone,
        seen=one.last_seen_at or one.arrived_at,
        member=one.member,
    )


def _guest(guest: Guest, member: Sought, name: str) -> Sought:
    return Sought(
        visit=guest.visit,
        name=name,
        agency=member.agency,
        certain=member.certain,
        last_zone=guest.zone or member.last_zone,
        seen=guest.joined_at or guest.arrived_at,
        guest=guest.id,
        guest_of=member.name,
        member=member.member,
    )
