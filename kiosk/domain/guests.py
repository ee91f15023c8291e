"""Guests, each tied to the visit of a member. Their names are not here: they are kept apart and gone the same night."""

from dataclasses import dataclass, replace

from kiosk.domain import events
from kiosk.domain.ids import GuestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import IllegalEvent

GuestEvent = events.GuestArrived | events.GuestJoinedZone | events.GuestHandedOver | events.GuestLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A guest in the house for as long as the member's visit is open, or until they leave before it ends.

    `zone` is their own since `joined_at`, None while they are where their member is.
    """

    id: GuestId
    visit: VisitId
    arrived_at: Instant
    zone: ZoneId | None = None
    joined_at: Instant | None = None
    left_at: Instant | None = None


def after(guest: Guest | None, event: GuestEvent) -> Guest:
    """Return the guest after the event, or raise `IllegalEvent` with nothing changed."""
    if isinstance(event, events.GuestArrived):
        if guest is not None:
            message = "the guest is known already"
            raise IllegalEvent(message)
        return Guest(id=event.guest, visit=event.visit, arrived_at=event.at)
    if guest is None or guest.left_at is not None:
        message = "the guest is not in the house"
        raise IllegalEvent(message)
    match event:
        case events.GuestJoinedZone(zone=zone):
            return replace(guest, zone=zone, joined_at=event.at)
        case events.GuestHandedOver(visit=visit):
            return replace(guest, visit=visit)
        case events.GuestLeft():
            return replace(guest, left_at=event.at)
