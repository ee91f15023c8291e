"""What only hosts ask besides corrections: guests in and out, activities, and orders to the thread to the centre."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from kiosk.domain import events
from kiosk.domain.activities import AHEAD_MAX, LENGTH_MAX, PLANNED_MAX
from kiosk.domain.answers import Outcome
from kiosk.domain.corrections import Correction, correct
from kiosk.domain.decision import Decision, Facts, answer_to, refusal
from kiosk.domain.ids import ActivityId, EventId, GuestId
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import (
    NAME_MAX,
    TITLE_MAX,
    AnnulVisit,
    CancelActivity,
    ClearVisit,
    CorrectArrival,
    CorrectLeaving,
    HandGuestOver,
    LetGuestIn,
    LetGuestOut,
    LiftBrake,
    MoveGuest,
    PlanActivity,
    RetryQuarantine,
)

GUESTS_MAX = 20
"""How many guests one member may have in the house: a study visit, not a conference."""

AboutGuest = LetGuestOut | MoveGuest | HandGuestOver
ToWing = LiftBrake | RetryQuarantine
HostRequest = Correction | LetGuestIn | AboutGuest | PlanActivity | CancelActivity | ToWing


def decide_host(request: HostRequest, facts: Facts) -> Decision:
    """Return what happens because a host asks it."""
    match request:
        case CorrectArrival() | CorrectLeaving() | AnnulVisit() | ClearVisit():
            return correct(request, facts)
        case LetGuestIn():
            return _let_guest_in(request, facts)
        case LetGuestOut() | MoveGuest() | HandGuestOver():
            return _about_guest(request, facts)
        case PlanActivity():
            return _plan(request, facts)
        case CancelActivity():
            return _cancel(request, facts)
        case LiftBrake() | RetryQuarantine():
            return _to_wing(request, facts)
        case _:
            assert_never(request)


def _to_wing(request: ToWing, facts: Facts) -> Decision:
    """Return the order as an event: the wing that it is for reads it in the journal, and carries it out."""
    event, at, by = EventId(facts.new_id()), request.at, request.by
    order: events.Happened
    if isinstance(request, LiftBrake):
        order = events.BrakeLifted(id=event, at=at, by=by, removal=request.removal)
    else:
        order = events.QuarantineRetried(id=event, at=at, by=by)
    return Decision((order,), answer_to(request, Outcome.ORDERED, facts))


def _let_guest_in(request: LetGuestIn, facts: Facts) -> Decision:
    presence = facts.presence
    if presence is None or presence.visit != request.visit or not presence.inside:
        return refusal(request, Reason.NOT_IN_HOUSE)
    if not 0 < len(request.name.strip()) <= NAME_MAX:
        return refusal(request, Reason.NAME_UNFIT)
    if sum(one.visit == request.visit for one in facts.house.guests_inside()) >= GUESTS_MAX:
        return refusal(request, Reason.GUESTS_MAX)
    guest = GuestId(facts.new_id())
    arrived = events.GuestArrived(
        id=EventId(facts.new_id()), at=request.at, guest=guest, visit=request.visit, by=request.by
    )
    answer = answer_to(request, Outcome.GUEST_IN, facts, presence=presence)
    return Decision((arrived,), replace(answer, guest=guest))


def _about_guest(request: AboutGuest, facts: Facts) -> Decision:
    if request.guest not in {one.id for one in facts.house.guests_inside()}:
        return refusal(request, Reason.GUEST_UNKNOWN)
    event_id, at, guest, by = EventId(facts.new_id()), request.at, request.guest, request.by
    answer = replace(answer_to(request, Outcome.GUEST_MOVED, facts), guest=guest)
    match request:
        case LetGuestOut():
            left = events.GuestLeft(id=event_id, at=at, guest=guest, by=by)
            return Decision((left,), replace(answer, outcome=Outcome.GUEST_OUT))
        case MoveGuest(zone=zone):
            if zone not in facts.zones:
                return refusal(request, Reason.ZONE_UNKNOWN)
            joined = events.GuestJoinedZone(id=event_id, at=at, guest=guest, zone=zone, by=by)
            return Decision((joined,), replace(answer, zone=zone))
        case HandGuestOver(visit=visit):
            to = facts.house.of_visit(visit)
            if to is None or not to.inside:
                return refusal(request, Reason.NOT_IN_HOUSE)
            handed = events.GuestHandedOver(id=event_id, at=at, guest=guest, visit=visit, by=by)
            return Decision((handed,), answer)
        case _:
            assert_never(request)


def _plan(request: PlanActivity, facts: Facts) -> Decision:
    if request.zone not in facts.zones:
        return refusal(request, Reason.ZONE_UNKNOWN)
    if not all(0 < len(one.strip()) <= TITLE_MAX for one in (request.title.sv, request.title.en)):
        return refusal(request, Reason.NAME_UNFIT)
    if not _fits_calendar(request.starts_at, request.ends_at, request.at.wall):
        return refusal(request, Reason.TIME_UNFIT)
    if len(facts.house.activities) >= PLANNED_MAX:
        return refusal(request, Reason.ACTIVITIES_MAX)
    activity = ActivityId(facts.new_id())
    planned = events.ActivityPlanned(
        id=EventId(facts.new_id()),
        at=request.at,
        activity=activity,
        zone=request.zone,
        title=request.title,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        by=request.by,
    )
    return Decision((planned,), replace(answer_to(request, Outcome.ACTIVITY_PLANNED, facts), activity=activity))


def _fits_calendar(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    return now < ends_at and starts_at < ends_at <= starts_at + LENGTH_MAX and starts_at <= now + AHEAD_MAX


def _cancel(request: CancelActivity, facts: Facts) -> Decision:
    if request.activity not in facts.house.activities:
        return refusal(request, Reason.ACTIVITY_UNKNOWN)
    cancelled = events.ActivityCancelled(
        id=EventId(facts.new_id()), at=request.at, activity=request.activity, by=request.by
    )
    answer = answer_to(request, Outcome.ACTIVITY_CANCELLED, facts)
    return Decision((cancelled,), replace(answer, activity=request.activity))
