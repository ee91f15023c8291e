"""The rule as a table, and what an event does to a visit. Everything that changes a presence is here, and nothing else.

Whether an event is due is decided elsewhere (`decide`, `company`, `closing`); this file only says what it means.
An event the table does not allow raises `IllegalEvent`, and nothing has changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from kiosk.domain import events
from kiosk.domain.ids import AgencyId, BadgeKey, EventId, MemberId, VisitId, ZoneId
from kiosk.domain.instant import Instant


class State(StrEnum):
    """Where a member is in the rule."""

    OUT = "out"
    ARRIVED = "arrived"
    PRESENT = "present"
    PASSIVE = "passive"


class Back(StrEnum):
    """The one move that the table cannot name: to the state before the visit was left."""

    BEFORE = "before"


INSIDE = (State.ARRIVED, State.PRESENT, State.PASSIVE)
_STAYS = (
    events.SeenAgain,
    events.JoinedZone,
    events.LeftZone,
    events.ConfirmedByHost,
    events.CompanyBegan,
    events.CompanyEnded,
)
_ENDS = (events.Left, events.ClosedAutomatically, events.ArrivalUndone)

TABLE: Mapping[tuple[State, type[events.VisitEvent]], State | Back] = MappingProxyType(
    {
        (State.OUT, events.Arrived): State.ARRIVED,
        (State.OUT, events.LeavingUndone): Back.BEFORE,
        (State.ARRIVED, events.TookPart): State.PRESENT,
        (State.PASSIVE, events.TookPart): State.PRESENT,
        (State.ARRIVED, events.Lapsed): State.PASSIVE,
        (State.PRESENT, events.Lapsed): State.PASSIVE,
        **{(state, kind): state for state in INSIDE for kind in _STAYS},
        **{(state, kind): State.OUT for state in INSIDE for kind in _ENDS},
    }
)


class IllegalEvent(Exception):  # noqa: N818 - named as DESIGN's glossary would say it
    """The event cannot happen to this presence. Whoever made it has a bug; the presence is as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One member's visit, open or last closed.

    `waited_s` adds up the waiting without company that is over; `waiting_since` is set while it runs.
    `before` is the visit as it was when left, kept so that leaving can be undone. `badge` is the one that was shown at
    arrival: whoever came in by it can go out by it, whatever has become of the roster meanwhile.
    """

    member: MemberId
    visit: VisitId
    agency: AgencyId
    state: State
    arrived_at: Instant
    arrived_event: EventId
    badge: BadgeKey | None = None
    seen_again_at: Instant | None = None
    zone: ZoneId | None = None
    joined_at: Instant | None = None
    confirmed_at: Instant | None = None
    company_since: Instant | None = None
    waiting_since: Instant | None = None
    waited_s: float = 0.0
    took_part: bool = False
    left_at: Instant | None = None
    left_event: EventId | None = None
    closed_automatically: bool = False
    before: "Presence | None" = None

    @property
    def inside(self) -> bool:
        """Return whether the member is in the house."""
        return self.state is not State.OUT

    def waited(self, now: Instant) -> float:
        """Return the seconds waited without company until now, while somebody else was in the house."""
        running = now.seconds_since(self.waiting_since) if self.waiting_since else 0.0
        return self.waited_s + running


def after(presence: Presence | None, event: events.VisitEvent) -> Presence:
    """Return the visit after the event, or raise `IllegalEvent` with nothing changed."""
    state = presence.state if presence else State.OUT
    target = TABLE.get((state, type(event)))
    if target is None:
        message = f"{type(event).__name__} cannot happen to somebody who is {state}"
        raise IllegalEvent(message)
    if isinstance(event, events.Arrived):
        return _arrived(event)
    if presence is None or presence.visit != event.visit:
        message = f"{type(event).__name__} belongs to another visit"
        raise IllegalEvent(message)
    _refuse_unfit(presence, event)
    changed = _EFFECTS[type(event)](presence, event)
    return changed if target is Back.BEFORE else replace(changed, state=State(target))


def _arrived(event: events.Arrived) -> Presence:
    return Presence(
        member=event.member,
        visit=event.visit,
        agency=event.agency,
        state=State.ARRIVED,
        arrived_at=event.at,
        arrived_event=event.id,
        badge=event.badge,
    )


def _refuse_unfit(one: Presence, event: events.VisitEvent) -> None:
    """Raise where state and event fit by the table, but zone, company or the event pointed to do not."""
    match event:
        case events.JoinedZone(zone=zone):
            fits = one.zone != zone
        case events.CompanyBegan(zone=zone):
            fits = one.zone == zone and one.company_since is None
        case events.CompanyEnded(zone=zone) | events.TookPart(zone=zone):
            fits = one.zone == zone and one.company_since is not None
        case events.Lapsed(zone=zone):
            fits = one.zone == zone and one.company_since is None
        case events.LeftZone(zone=zone) | events.ConfirmedByHost(zone=zone):
            fits = one.zone == zone
        case events.ArrivalUndone(undoes=undoes):
            fits = one.arrived_event == undoes
        case events.LeavingUndone(undoes=undoes):
            fits = one.before is not None and one.left_event == undoes
        case _:
            fits = True
    if not fits:
        message = f"{type(event).__name__} does not fit the visit as it stands"
        raise IllegalEvent(message)


def _seen_again(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, seen_again_at=event.at)


def _joined(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.JoinedZone)  # noqa: S101 - narrows for the type checker; the table chose us
    return replace(one, zone=event.zone, joined_at=event.at, confirmed_at=None, company_since=None)


def _left_zone(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, zone=None, joined_at=None, confirmed_at=None, company_since=None)


def _confirmed(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, confirmed_at=event.at)


def _company_began(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, company_since=event.at, waiting_since=None, waited_s=0.0)


def _company_ended(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, company_since=None)


def _took_part(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, took_part=True)


def _unchanged(one: Presence, _event: events.VisitEvent) -> Presence:
    return one


def _left(one: Presence, event: events.VisitEvent) -> Presence:
    before = replace(one, before=None, waiting_since=None, waited_s=one.waited(event.at), company_since=None)
    return replace(before, left_at=event.at, left_event=event.id, before=before, zone=None, joined_at=None)


def _closed(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(_left(one, event), before=None, closed_automatically=True)


def _arrival_undone(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(_left(one, event), before=None)


def _leaving_undone(one: Presence, _event: events.VisitEvent) -> Presence:
    assert one.before is not None  # noqa: S101 - narrows for the type checker; `_refuse_unfit` has seen to it
    return one.before


_EFFECTS: Mapping[type[events.VisitEvent], Callable[[Presence, events.VisitEvent], Presence]] = {
    events.SeenAgain: _seen_again,
    events.JoinedZone: _joined,
    events.LeftZone: _left_zone,
    events.ConfirmedByHost: _confirmed,
    events.CompanyBegan: _company_began,
    events.CompanyEnded: _company_ended,
    events.TookPart: _took_part,
    events.Lapsed: _unchanged,
    events.Left: _left,
    events.ClosedAutomatically: _closed,
    events.ArrivalUndone: _arrival_undone,
    events.LeavingUndone: _leaving_undone,
}
