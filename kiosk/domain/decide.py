"""From a request and the facts to what happened and what to answer. The only place where a request is decided."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict, assert_never

from kiosk.domain import events
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.entry import entry_refusal, member_refusal
from kiosk.domain.ids import MEMBER, Actor, AgencyId, EventId, MemberId, ReaderId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.domain.presence import Presence
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import (
    CheckIn,
    Confirm,
    Direction,
    FailedTap,
    JoinZone,
    Leave,
    LeaveZone,
    Request,
    Tap,
    Undo,
)
from kiosk.domain.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision may rest on.

    `holder` is who the roster says the badge, member or visit belongs to; `roster_age_s` None means there is no roster.
    `presence` is that member's visit, open or last closed. `recent` is the last answer to this badge within the guard
    time. `reference` names an unknown badge. `new_id` makes the next id, used for events and visits alike.
    """

    rule: Rule
    zones: frozenset[ZoneId]
    new_id: Callable[[], str]
    presence: Presence | None = None
    holder: Holder | None = None
    roster_age_s: float | None = None
    recent: Answer | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The events to record, in order, and the answer to give once they are recorded."""

    events: tuple[events.Happened, ...]
    answer: Answer


def decide(request: Request, facts: Facts) -> Decision:
    """Return what happens because of the request. Checking out is never refused to somebody who is in."""
    match request:
        case Tap():
            return _tap(request, facts)
        case FailedTap():
            refusal = _refusal(request, request.reason)
            return Decision((), replace(refusal.answer, reader=request.reader))
        case CheckIn():
            return _check_in(request, facts)
        case JoinZone() | LeaveZone() | Leave() | Undo() | Confirm():
            return _in_visit(request, facts)
        case _:
            message = f"no rule decides a {type(request).__name__}"
            raise TypeError(message)


def _tap(tap: Tap, facts: Facts) -> Decision:
    recent = facts.recent
    if recent is not None and tap.at.seconds_since(recent.at) < facts.rule.guard_s:
        return Decision((), replace(recent, request=tap.id, reader=tap.reader, repeated=True))
    if facts.presence is not None and facts.presence.inside:
        return _tap_inside(tap, facts.presence, facts)
    reason = _tap_refusal(tap, facts)
    if reason is not None:
        return _refused_tap(tap, reason, facts)
    assert facts.holder is not None  # noqa: S101 - narrows for the type checker; no holder is a refusal
    return _arrive(tap, facts.holder, facts, reader=tap.reader, by=MEMBER)


def _tap_refusal(tap: Tap, facts: Facts) -> Reason | None:
    if tap.direction is Direction.OUT:
        return Reason.NOT_IN_HOUSE
    if facts.holder is not None:
        return entry_refusal(facts.holder, facts.roster_age_s, tap.at, facts.rule)
    if tap.uid.is_random:
        return Reason.CARD_RANDOM
    return Reason.ROSTER_MISSING if facts.roster_age_s is None else Reason.BADGE_UNKNOWN


def _refused_tap(tap: Tap, reason: Reason, facts: Facts) -> Decision:
    unknown = reason is Reason.BADGE_UNKNOWN
    refused = events.TapRefused(
        id=EventId(facts.new_id()),
        at=tap.at,
        reader=tap.reader,
        reason=reason,
        member=facts.holder.member.id if facts.holder else None,
        reference=facts.reference if unknown else None,
    )
    answer = _answer(tap, Outcome.REFUSED, facts, reader=tap.reader, reason=reason, reference=refused.reference)
    return Decision((refused,), answer)


def _tap_inside(tap: Tap, presence: Presence, facts: Facts) -> Decision:
    again_s = tap.at.seconds_since(presence.seen_again_at) if presence.seen_again_at else None
    meant_to_leave = again_s is not None and again_s <= facts.rule.leave_again_s
    if tap.direction is Direction.OUT or (tap.direction is Direction.BOTH and meant_to_leave):
        return _leave(tap, presence, facts, reader=tap.reader, by=MEMBER)
    seen = events.SeenAgain(**_of_visit(tap, presence, facts), reader=tap.reader)
    again = facts.rule.leave_again_s if tap.direction is Direction.BOTH else 0
    answer = _answer(tap, Outcome.ALREADY_IN, facts, reader=tap.reader, presence=presence, leave_again_s=again)
    return Decision((seen,), answer)


def _arrive(request: Request, holder: Holder, facts: Facts, *, reader: ReaderId | None, by: Actor) -> Decision:
    visit = VisitId(facts.new_id())
    arrived = events.Arrived(
        id=EventId(facts.new_id()),
        at=request.at,
        visit=visit,
        member=MemberId(holder.member.id),
        agency=AgencyId(holder.agency.id),
        badge=holder.badge.key if holder.badge else None,
        reader=reader,
        by=by,
        rights=_rights(facts),
    )
    answer = _answer(request, Outcome.ARRIVED, facts, reader=reader, undo_s=facts.rule.undo_s)
    return Decision((arrived,), replace(answer, visit=visit, since=request.at))


def _leave(request: Request, presence: Presence, facts: Facts, *, reader: ReaderId | None, by: Actor) -> Decision:
    left = events.Left(**_of_visit(request, presence, facts), reader=reader, by=by)
    answer = _answer(request, Outcome.LEFT, facts, reader=reader, presence=presence, undo_s=facts.rule.undo_s)
    return Decision((left,), replace(answer, zone=None))


def _check_in(request: CheckIn, facts: Facts) -> Decision:
    if facts.holder is None:
        return _refusal(request, Reason.ROSTER_MISSING if facts.roster_age_s is None else Reason.MEMBER_UNKNOWN)
    if facts.presence is not None and facts.presence.inside:
        return _refusal(request, Reason.ALREADY_IN)
    reason = member_refusal(facts.holder.member, request.at)
    if reason is not None:
        return _refusal(request, reason)
    return _arrive(request, facts.holder, facts, reader=None, by=request.by)


def _in_visit(request: JoinZone | LeaveZone | Leave | Undo | Confirm, facts: Facts) -> Decision:
    presence = facts.presence
    if presence is None or presence.visit != request.visit or not (presence.inside or isinstance(request, Undo)):
        return _refusal(request, Reason.NOT_IN_HOUSE)
    match request:
        case Undo():
            return _undo(request, presence, facts)
        case JoinZone():
            return _join(request, presence, facts)
        case LeaveZone():
            return _leave_zone(request, presence, facts)
        case Leave():
            return _leave(request, presence, facts, reader=None, by=request.by)
        case Confirm():
            return _confirm(request, presence, facts)
        case _:
            assert_never(request)


def _join(request: JoinZone, presence: Presence, facts: Facts) -> Decision:
    if request.zone not in facts.zones:
        return _refusal(request, Reason.ZONE_UNKNOWN)
    answer = replace(_answer(request, Outcome.JOINED, facts, presence=presence), zone=request.zone)
    if presence.zone == request.zone:
        return Decision((), answer)
    joined = events.JoinedZone(
        **_of_visit(request, presence, facts),
        zone=request.zone,
        by=request.by,
    )
    return Decision((joined,), answer)


def _leave_zone(request: LeaveZone, presence: Presence, facts: Facts) -> Decision:
    if presence.zone is None:
        return _refusal(request, Reason.NOT_IN_ZONE)
    left = events.LeftZone(
        **_of_visit(request, presence, facts),
        zone=presence.zone,
        by=request.by,
    )
    return Decision((left,), replace(_answer(request, Outcome.LEFT_ZONE, facts, presence=presence), zone=None))


def _confirm(request: Confirm, presence: Presence, facts: Facts) -> Decision:
    if presence.zone is None:
        return _refusal(request, Reason.NOT_IN_ZONE)
    confirmed = events.ConfirmedByHost(
        **_of_visit(request, presence, facts),
        zone=presence.zone,
        by=request.by,
    )
    return Decision((confirmed,), _answer(request, Outcome.CONFIRMED, facts, presence=presence))


def _undo(request: Undo, presence: Presence, facts: Facts) -> Decision:
    since = presence.left_at or presence.arrived_at
    undoable = presence.inside or presence.before is not None
    if not undoable or request.at.seconds_since(since) > facts.rule.undo_s:
        return _refusal(request, Reason.UNDO_TOO_LATE)
    kind: type[events.ArrivalUndone | events.LeavingUndone]
    if presence.inside:
        kind, outcome, undoes = events.ArrivalUndone, Outcome.ARRIVAL_UNDONE, presence.arrived_event
    else:
        assert presence.left_event is not None  # noqa: S101 - narrows for the type checker; who left has one
        kind, outcome, undoes = events.LeavingUndone, Outcome.LEAVING_UNDONE, presence.left_event
    undone = kind(
        **_of_visit(request, presence, facts),
        undoes=undoes,
        by=request.by,
    )
    return Decision((undone,), _answer(request, outcome, facts, presence=presence))


class _OfVisit(TypedDict):
    id: EventId
    at: Instant
    visit: VisitId
    member: MemberId


def _of_visit(request: Request, presence: Presence, facts: Facts) -> _OfVisit:
    """Return what every event of a visit begins with."""
    return {"id": EventId(facts.new_id()), "at": request.at, "visit": presence.visit, "member": presence.member}


def _refusal(request: Request, reason: Reason) -> Decision:
    return Decision((), Answer(request=request.id, at=request.at, outcome=Outcome.REFUSED, reason=reason))


def _rights(facts: Facts) -> events.Rights:
    old = facts.roster_age_s is None or facts.roster_age_s > facts.rule.rights_old_s
    return events.Rights.OLD if old else events.Rights.FRESH


def _answer(  # noqa: PLR0913 - one place that fills an answer; every field is named where it is called
    request: Request,
    outcome: Outcome,
    facts: Facts,
    *,
    reader: ReaderId | None = None,
    reason: Reason | None = None,
    reference: str | None = None,
    presence: Presence | None = None,
    undo_s: int = 0,
    leave_again_s: int = 0,
) -> Answer:
    holder = facts.holder
    answer = Answer(
        request=request.id,
        at=request.at,
        outcome=outcome,
        reader=reader,
        reason=reason,
        reference=reference,
        name=holder.member.name if holder else None,
        rights=_rights(facts),
        undo_s=undo_s,
        leave_again_s=leave_again_s,
        visit=presence.visit if presence else None,
        since=presence.arrived_at if presence else None,
        zone=presence.zone if presence else None,
    )
    return replace(answer, language=holder.member.language) if holder else answer
