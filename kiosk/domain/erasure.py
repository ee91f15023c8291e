"""Erasing a person: how the order names them without saying who they are, and the house without them. Pure."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from enum import StrEnum

from kiosk.domain.events import PersonErased
from kiosk.domain.house import House
from kiosk.domain.ids import MemberId, VisitId


class Erasure(StrEnum):
    """What became of the wish to erase somebody."""

    ERASED = "erased"
    IN_HOUSE = "in_house"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"
    DECISION_UNFIT = "decision_unfit"


def mark(event_id: str, member: str) -> str:
    """Return what the order of that id calls the member: whoever holds their id finds them by it, and nobody else.

    SHA-256 over the order's id, whose 74 random bits no other order has, and the member's.
    """
    return hashlib.sha256(f"{event_id}\0{member}".encode()).hexdigest()


def meant(order: PersonErased, members: Iterable[str]) -> frozenset[MemberId]:
    """Return those of the members whom the order is about: one, or none."""
    return frozenset(MemberId(one) for one in members if mark(order.id, one) == order.mark)


def without(house: House, member: MemberId, visits: Collection[VisitId]) -> House:
    """Return the house without the member, who must be out, and without the guests of these visits, all of theirs."""
    return replace(
        house,
        presences={one: kept for one, kept in house.presences.items() if one != member},
        preferences={one: kept for one, kept in house.preferences.items() if one != member},
        guests={one: kept for one, kept in house.guests.items() if kept.visit not in visits},
    )
