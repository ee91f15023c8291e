"""The rule as a table, and what an event does to a visit. Everything that changes a presence is here, and nothing else.

Whether an event is due is decided elsewhere (`decide`, `company`, `closing`); this file only says what it means.
An event the table does not allow raises `IllegalEvent`, and nothing has changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
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
    events.ArrivalCorrected,
    events.OfferMade,
    events.NamingChosen,
    events.OffersChosen,
    events.LanguageChosen,
)
_STAYS_OUT = (events.ArrivalCorrected, events.LeavingCorrected, events.VisitAnnulled, events.ClearedByHost)
_ENDS = (events.Left, events.ClosedAutomatically, events.ArrivalUndone, events.VisitAnnulled)

TABLE: Mapping[tuple[State, type[events.VisitEvent]], State | Back] = MappingProxyType(
    {
        (State.OUT, events.Arrived): State.ARRIVED,
        (State.OUT, events.LeavingUndone): Back.BEFORE,
        (State.ARRIVED, events.TookPart): State.PRESENT,
        (State.PASSIVE, events.TookPart): State.PRESENT,
        (State.PRESENT, events.TookPart): State.PRESENT,
        (State.ARRIVED, events.Lapsed): State.PASSIVE,
        (State.PRESENT, events.Lapsed): State.PASSIVE,
        **{(state, kind): state for state in INSIDE for kind in _STAYS},
        **{(state, kind): State.OUT for state in INSIDE for kind in _ENDS},
        **{(State.OUT, kind): State.OUT for kind in _STAYS_OUT},
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
    `took_part_here` is whether they took part since they joined the zone they are in, `zone` and `last_zone` where they
    are and were last, `last_seen_at` when they last showed themselves or a host saw them. `named` is whether others may
    read their name today. `closed_at` is the closing time at which a visit was closed automatically, and `uncertain`
    that nobody has cleared or corrected it since; `annulled` marks one that was taken back.
    """

    member: MemberId
    visit: VisitId
    agency: AgencyId
    state: State
    arrived_at: Instant
    arrived_event: EventId
    badge: BadgeKey | None = None
    seen_again_at: Instant | None = None
    last_seen_at: Instant | None = None
    zone: ZoneId | None = None
    last_zone: ZoneId | None = None
    joined_at: Instant | None = None
    confirmed_at: Instant | None = None
    company_since: Instant | None = None
    waiting_since: Instant | None = None
    waited_s: float = 0.0
    took_part: bool = False
    took_part_here: bool = False
    named: bool = False
    left_at: Instant | None = None
    left_event: EventId | None = None
    closed_automatically: bool = False
    closed_at: datetime | None = None
    uncertain: bool = False
    annulled: bool = False
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
    if not (_fits_zone(one, event) and _points_right(one, event)):
        message = f"{type(event).__name__} does not fit the visit as it stands"
        raise IllegalEvent(message)


def _fits_zone(one: Presence, event: events.VisitEvent) -> bool:
    has_company = one.company_since is not None
    match event:
        case events.CompanyBegan(zone=zone) | events.Lapsed(zone=zone):
            return one.zone == zone and not has_company
        case events.CompanyEnded(zone=zone):
            return one.zone == zone and has_company
        case events.TookPart(zone=zone):
            is_repeat = one.state is State.PRESENT and one.took_part_here
            return one.zone == zone and has_company and not is_repeat
        case events.LeftZone(zone=zone) | events.ConfirmedByHost(zone=zone):
            return one.zone == zone
        case _:
            return True


def _points_right(one: Presence, event: events.VisitEvent) -> bool:
    match event:
        case events.ArrivalUndone(undoes=arrival):
            return one.arrived_event == arrival
        case events.LeavingUndone(undoes=leaving):
            return one.before is not None and one.left_event == leaving
        case events.ArrivalCorrected(corrects=arrival) | events.VisitAnnulled(corrects=arrival):
            return one.arrived_event == arrival and not one.annulled
        case events.LeavingCorrected(corrects=leaving):
            return one.left_event == leaving and not one.annulled
        case events.ClearedByHost():
            return one.uncertain
        case _:
            return True


def _seen_again(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, seen_again_at=event.at, last_seen_at=event.at)


def _joined(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.JoinedZone)  # noqa: S101 - narrows for the type checker; the table chose us
    if one.zone == event.zone:
        return replace(one, joined_at=event.at, last_seen_at=event.at)
    return replace(_nowhere(one), zone=event.zone, last_zone=event.zone, joined_at=event.at, last_seen_at=event.at)


def _left_zone(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(_nowhere(one), last_seen_at=event.at)


def _nowhere(one: Presence) -> Presence:
    return replace(one, zone=None, joined_at=None, confirmed_at=None, company_since=None, took_part_here=False)


def _confirmed(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, confirmed_at=event.at, last_seen_at=event.at)


def _company_began(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(one, company_since=event.at, waiting_since=None, waited_s=0.0)


def _company_ended(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, company_since=None)


def _took_part(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, took_part=True, took_part_here=True)


def _unchanged(one: Presence, _event: events.VisitEvent) -> Presence:
    return one


def _left(one: Presence, event: events.VisitEvent) -> Presence:
    before = replace(one, before=None, waiting_since=None, waited_s=one.waited(event.at), company_since=None)
    return replace(before, left_at=event.at, left_event=event.id, before=before, zone=None, joined_at=None)


def _closed(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.ClosedAutomatically)  # noqa: S101 - narrows for the type checker; the table chose us
    left = replace(_left(one, event), before=None, closed_automatically=True)
    return replace(left, closed_at=event.closed_at, uncertain=True)


def _arrival_undone(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(_left(one, event), before=None, annulled=True)


def _annulled(one: Presence, event: events.VisitEvent) -> Presence:
    return replace(_arrival_undone(one, event) if one.inside else one, before=None, annulled=True, uncertain=False)


def _arrival_corrected(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.ArrivalCorrected)  # noqa: S101 - narrows for the type checker; the table chose us
    return replace(one, arrived_at=_moved(one.arrived_at, event.arrived_at))


def _leaving_corrected(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.LeavingCorrected)  # noqa: S101 - narrows for the type checker; the table chose us
    assert one.left_at is not None  # noqa: S101 - narrows for the type checker; `_refuse_unfit` has seen to it
    return replace(one, left_at=_moved(one.left_at, event.left_at), before=None, uncertain=False)


def _moved(moment: Instant, wall: datetime) -> Instant:
    """Return the moment at another wall time: by as much as that differs, it lies elsewhere since the boot too."""
    return replace(moment, wall=wall, elapsed_s=moment.elapsed_s + (wall - moment.wall).total_seconds())


def _cleared(one: Presence, _event: events.VisitEvent) -> Presence:
    return replace(one, uncertain=False)


def _named(one: Presence, event: events.VisitEvent) -> Presence:
    assert isinstance(event, events.NamingChosen)  # noqa: S101 - narrows for the type checker; the table chose us
    return replace(one, named=event.shown)


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
    events.VisitAnnulled: _annulled,
    events.ArrivalCorrected: _arrival_corrected,
    events.LeavingCorrected: _leaving_corrected,
    events.ClearedByHost: _cleared,
    events.NamingChosen: _named,
    events.OfferMade: _unchanged,
    events.OffersChosen: _unchanged,
    events.LanguageChosen: _unchanged,
}
