"""Corrections of a visit, as hosts make them: new events that point to the old ones, with who and why."""

from typing import assert_never

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.decision import Decision, Facts, answer_to, of_visit, refusal
from kiosk.domain.presence import Presence
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import AnnulVisit, ClearVisit, CorrectArrival, CorrectLeaving

Correction = CorrectArrival | CorrectLeaving | AnnulVisit | ClearVisit


def correct(request: Correction, facts: Facts) -> Decision:
    """Return the correction, or why there is none: only a visit still remembered can be corrected."""
    presence = facts.presence
    if presence is None or presence.visit != request.visit or presence.annulled:
        return refusal(request, Reason.VISIT_UNKNOWN)
    reason = _unfit(request, presence)
    if reason is not None:
        return refusal(request, reason)
    outcome = Outcome.CLEARED if isinstance(request, ClearVisit) else Outcome.CORRECTED
    corrected = _event(request, presence, facts)
    return Decision((corrected,), answer_to(request, outcome, facts, presence=presence))


def _unfit(request: Correction, presence: Presence) -> Reason | None:
    left = presence.left_at.wall if presence.left_at else None
    match request:
        case CorrectArrival(arrived_at=to):
            return Reason.TIME_UNFIT if to > (left or request.at.wall) else None
        case CorrectLeaving() if left is None:
            return Reason.STILL_IN
        case CorrectLeaving(left_at=to):
            return None if presence.arrived_at.wall <= to <= request.at.wall else Reason.TIME_UNFIT
        case ClearVisit():
            return None if presence.uncertain else Reason.NOT_UNCERTAIN
        case _:
            return None


def _event(request: Correction, presence: Presence, facts: Facts) -> events.VisitEvent:
    begin, by = of_visit(request, presence, facts), request.by
    arrival, leaving = presence.arrived_event, presence.left_event
    match request:
        case CorrectArrival(arrived_at=to, why=why):
            return events.ArrivalCorrected(**begin, corrects=arrival, arrived_at=to, why=why, by=by)
        case CorrectLeaving(left_at=to, why=why):
            assert leaving is not None  # noqa: S101 - narrows for the type checker; `_unfit` has seen to it
            return events.LeavingCorrected(**begin, corrects=leaving, left_at=to, why=why, by=by)
        case AnnulVisit(why=why):
            return events.VisitAnnulled(**begin, corrects=arrival, why=why, by=by)
        case ClearVisit():
            return events.ClearedByHost(**begin, by=by)
        case _:
            assert_never(request)
