"""From a request and the facts to what happened and what to answer. The only place where a request is decided."""

from dataclasses import replace

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.badge_requests import BadgeRequest, decide_badge
from kiosk.domain.badge_taps import is_copy, refuse_copy, rekey
from kiosk.domain.decision import Decision, Facts, answer_to, of_visit, refusal, rights
from kiosk.domain.direction import Direction
from kiosk.domain.entry import badge_refusal, entry_refusal, member_refusal
from kiosk.domain.host_requests import HostRequest, decide_host
from kiosk.domain.ids import MEMBER, Actor, AgencyId, EventId, MemberId, ReaderId, VisitId
from kiosk.domain.members import Holder
from kiosk.domain.presence import Presence
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import AnswerExit, CheckIn, FailedTap, Request, Tap
from kiosk.domain.seats import seat_excess, seat_refusal
from kiosk.domain.visit_requests import OwnRequest, decide_visit, leave


def decide(request: Request, facts: Facts) -> Decision:
    """Return what happens because of the request. Checking out is never refused to somebody who is in."""
    match request:
        case Tap():
            return _tap(request, facts)
        case FailedTap():
            refused = refusal(request, request.reason)
            return Decision((), replace(refused.answer, reader=request.reader))
        case CheckIn():
            return _check_in(request, facts)
        case AnswerExit():
            return Decision((), answer_to(request, Outcome.THANKED, facts))
        case _ if isinstance(request, OwnRequest):
            return decide_visit(request, facts)
        case _:
            return _by_host(request, facts)


def _by_host(request: Request, facts: Facts) -> Decision:
    match request:
        case _ if isinstance(request, HostRequest):
            return decide_host(request, facts)
        case _ if isinstance(request, BadgeRequest):
            return decide_badge(request, facts)
        case _:
            message = f"no rule decides a {type(request).__name__}"
            raise TypeError(message)


def _tap(tap: Tap, facts: Facts) -> Decision:
    if is_copy(tap, facts):
        return refuse_copy(tap, facts)
    rekeyed, facts = rekey(tap, facts)
    decision = _tap_genuine(tap, facts)
    return replace(decision, events=(*rekeyed, *decision.events))


def _tap_genuine(tap: Tap, facts: Facts) -> Decision:
    recent = facts.recent
    if recent is not None and tap.at.seconds_since(recent.at) < facts.rule.guard_s:
        language = facts.holder.member.language if facts.holder else recent.language
        again = replace(recent, request=tap.id, reader=tap.reader, repeated=True, language=language)
        return Decision((), again)
    if facts.presence is not None and facts.presence.inside and not _is_somebody_elses(facts.presence, facts):
        return _tap_inside(tap, facts.presence, facts)
    if facts.presence is not None and _leaves_late(tap, facts.presence, facts):
        return _leave_late(tap, facts.presence, facts)
    reason = _tap_refusal(tap, facts)
    if reason is not None:
        return _refused_tap(tap, reason, facts)
    assert facts.holder is not None  # noqa: S101 - narrows for the type checker; no holder is a refusal
    return _arrive(tap, facts.holder, facts, reader=tap.reader, by=MEMBER)


def _is_somebody_elses(presence: Presence, facts: Facts) -> bool:
    """Return whether a badge of the member is lost or withdrawn, and is not the one they came in by.

    Whoever shows it need not be the member, and may not check them out. By the badge they came in by, they can go.
    """
    badge = facts.holder.badge if facts.holder else None
    return badge is not None and badge_refusal(badge) is not None and presence.badge not in {badge.key, *facts.keys}


def _leaves_late(tap: Tap, presence: Presence, facts: Facts) -> bool:
    """Return whether somebody whose visit was just closed automatically shows the badge on their way out."""
    if not presence.uncertain or presence.closed_at is None or tap.direction is Direction.IN:
        return False
    late_s = (tap.at.wall - presence.closed_at).total_seconds()
    return 0 <= late_s <= facts.rule.after_closing_s and not _is_somebody_elses(presence, facts)


def _leave_late(tap: Tap, presence: Presence, facts: Facts) -> Decision:
    leaving = presence.left_event
    assert leaving is not None  # noqa: S101 - narrows for the type checker; a visit that was closed has one
    left = events.LeavingCorrected(
        **of_visit(tap, presence, facts),
        corrects=leaving,
        left_at=tap.at.wall,
        why=events.Why.FORGOT_TO_TAP,
        by=MEMBER,
    )
    return Decision((left,), answer_to(tap, Outcome.LEFT, facts, reader=tap.reader, presence=presence))


def _tap_refusal(tap: Tap, facts: Facts) -> Reason | None:
    by_badge = badge_refusal(facts.holder.badge) if facts.holder and facts.holder.badge else None
    if by_badge is not None:
        return by_badge
    if tap.direction is Direction.OUT:
        return Reason.NOT_IN_HOUSE
    if facts.holder is not None:
        by_roster = entry_refusal(facts.holder, facts.roster_age_s, tap.at, facts.rule)
        return by_roster or seat_refusal(facts.holder.agency, facts.house, is_host=False)
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
        basis=facts.basis,
    )
    # A host who holds a lost badge in the hand tells us by this that it is found.
    code = facts.reference if unknown or reason is Reason.BADGE_LOST else None
    answer = answer_to(tap, Outcome.REFUSED, facts, reader=tap.reader, reason=reason, reference=code)
    return Decision((refused,), answer)


def _tap_inside(tap: Tap, presence: Presence, facts: Facts) -> Decision:
    again_s = tap.at.seconds_since(presence.seen_again_at) if presence.seen_again_at else None
    meant_to_leave = again_s is not None and again_s <= facts.rule.leave_again_s
    if tap.direction is Direction.OUT or (tap.direction is Direction.BOTH and meant_to_leave):
        return leave(tap, presence, facts, reader=tap.reader, by=MEMBER)
    seen = events.SeenAgain(**of_visit(tap, presence, facts), reader=tap.reader)
    again = facts.rule.leave_again_s if tap.direction is Direction.BOTH else 0
    answer = answer_to(tap, Outcome.ALREADY_IN, facts, reader=tap.reader, presence=presence, leave_again_s=again)
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
        rights=rights(facts),
        basis=facts.basis,
    )
    excess = seat_excess(holder.agency, facts.house)
    noted = _seats_exceeded(arrived, excess, holder, facts) if excess is not None else ()
    answer = answer_to(request, Outcome.ARRIVED, facts, reader=reader, undo_s=facts.rule.undo_s)
    answer = replace(answer, visit=visit, since=request.at, seats_exceeded=excess is not None)
    return Decision((arrived, *noted), answer)


def _seats_exceeded(
    arrived: events.Arrived, inside: int, holder: Holder, facts: Facts
) -> tuple[events.SeatsExceeded, ...]:
    limit = holder.agency.at_once
    assert limit is not None  # noqa: S101 - narrows for the type checker; without a limit nothing exceeds it
    event = events.SeatsExceeded(
        id=EventId(facts.new_id()),
        at=arrived.at,
        agency=arrived.agency,
        visit=arrived.visit,
        limit=limit,
        inside=inside,
    )
    return (event,)


def _check_in(request: CheckIn, facts: Facts) -> Decision:
    if facts.holder is None:
        return refusal(request, Reason.ROSTER_MISSING if facts.roster_age_s is None else Reason.MEMBER_UNKNOWN)
    if facts.presence is not None and facts.presence.inside:
        return refusal(request, Reason.ALREADY_IN)
    reason = member_refusal(facts.holder.member, request.at)
    reason = reason or seat_refusal(facts.holder.agency, facts.house, is_host=True)
    if reason is not None:
        return refusal(request, reason)
    return _arrive(request, facts.holder, facts, reader=None, by=request.by)
