"""What somebody asks about their own visit, or a host about it: zones, leaving, undoing, and how to be met."""

from dataclasses import replace
from typing import assert_never

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.decision import Decision, Facts, answer_to, of_visit, refusal
from kiosk.domain.ids import Actor, ReaderId
from kiosk.domain.presence import Presence
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import (
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    Confirm,
    JoinZone,
    Leave,
    LeaveZone,
    Request,
    Undo,
)

Choice = ChooseNaming | ChooseOffers | ChooseLanguage
OwnRequest = JoinZone | LeaveZone | Leave | Undo | Confirm | Choice


def decide_visit(request: OwnRequest, facts: Facts) -> Decision:
    """Return what happens to the visit. Checking out is never refused to somebody who is in."""
    presence = facts.presence
    if presence is None or presence.visit != request.visit or not (presence.inside or isinstance(request, Undo)):
        return refusal(request, Reason.NOT_IN_HOUSE)
    match request:
        case Undo():
            return _undo(request, presence, facts)
        case Leave():
            return leave(request, presence, facts, reader=None, by=request.by)
        case ChooseNaming() | ChooseOffers() | ChooseLanguage():
            return _choose(request, presence, facts)
        case _:
            return _about_zone(request, presence, facts)


def _about_zone(request: JoinZone | LeaveZone | Confirm, presence: Presence, facts: Facts) -> Decision:
    match request:
        case JoinZone():
            return _join(request, presence, facts)
        case LeaveZone():
            return _leave_zone(request, presence, facts)
        case Confirm():
            return _confirm(request, presence, facts)
        case _:
            assert_never(request)


def _join(request: JoinZone, presence: Presence, facts: Facts) -> Decision:
    if request.zone not in facts.zones:
        return refusal(request, Reason.ZONE_UNKNOWN)
    answer = replace(answer_to(request, Outcome.JOINED, facts, presence=presence), zone=request.zone)
    if presence.zone == request.zone and not _is_worn(presence, request, facts):
        return Decision((), answer)
    joined = events.JoinedZone(
        **of_visit(request, presence, facts),
        zone=request.zone,
        by=request.by,
    )
    return Decision((joined,), answer)


def _is_worn(presence: Presence, request: JoinZone, facts: Facts) -> bool:
    """Return whether joining the same zone again renews a join that is no longer fresh."""
    return presence.joined_at is None or request.at.seconds_since(presence.joined_at) > facts.rule.join_fresh_s


def _leave_zone(request: LeaveZone, presence: Presence, facts: Facts) -> Decision:
    if presence.zone is None:
        return refusal(request, Reason.NOT_IN_ZONE)
    left = events.LeftZone(
        **of_visit(request, presence, facts),
        zone=presence.zone,
        by=request.by,
    )
    return Decision((left,), replace(answer_to(request, Outcome.LEFT_ZONE, facts, presence=presence), zone=None))


def _confirm(request: Confirm, presence: Presence, facts: Facts) -> Decision:
    if presence.zone is None:
        return refusal(request, Reason.NOT_IN_ZONE)
    confirmed = events.ConfirmedByHost(
        **of_visit(request, presence, facts),
        zone=presence.zone,
        by=request.by,
    )
    return Decision((confirmed,), answer_to(request, Outcome.CONFIRMED, facts, presence=presence))


def _undo(request: Undo, presence: Presence, facts: Facts) -> Decision:
    since = presence.left_at or presence.arrived_at
    undoable = presence.inside or presence.before is not None
    if not undoable or request.at.seconds_since(since) > facts.rule.undo_s:
        return refusal(request, Reason.UNDO_TOO_LATE)
    kind: type[events.ArrivalUndone | events.LeavingUndone]
    if presence.inside:
        kind, outcome, undoes = events.ArrivalUndone, Outcome.ARRIVAL_UNDONE, presence.arrived_event
    else:
        assert presence.left_event is not None  # noqa: S101 - narrows for the type checker; who left has one
        kind, outcome, undoes = events.LeavingUndone, Outcome.LEAVING_UNDONE, presence.left_event
    undone = kind(
        **of_visit(request, presence, facts),
        undoes=undoes,
        by=request.by,
    )
    return Decision((undone,), answer_to(request, outcome, facts, presence=presence))


def leave(request: Request, presence: Presence, facts: Facts, *, reader: ReaderId | None, by: Actor) -> Decision:
    """Return that the member goes out, and can for a moment take it back."""
    left = events.Left(**of_visit(request, presence, facts), reader=reader, by=by)
    answer = answer_to(request, Outcome.LEFT, facts, reader=reader, presence=presence, undo_s=facts.rule.undo_s)
    return Decision((left,), replace(answer, zone=None))


def _choose(request: Choice, presence: Presence, facts: Facts) -> Decision:
    answer = answer_to(request, Outcome.CHOSEN, facts, presence=presence)
    match request:
        case ChooseNaming(shown=shown):
            naming = events.NamingChosen(**of_visit(request, presence, facts), shown=shown, by=request.by)
            return Decision((naming,), answer)
        case ChooseOffers(wanted=wanted):
            offers = events.OffersChosen(**of_visit(request, presence, facts), wanted=wanted, by=request.by)
            return Decision((offers,), answer)
        case ChooseLanguage(language=language):
            chosen = events.LanguageChosen(**of_visit(request, presence, facts), language=language, by=request.by)
            return Decision((chosen,), replace(answer, language=language))
        case _:
            assert_never(request)
