"""Which short sound each outcome and refusal has: beside its words and symbol, never instead of them."""

from kiosk.domain.answers import Outcome
from kiosk.domain.reasons import EXPLANATIONS, Owner, Reason
from kiosk.tools.speech.earcons import Earcon

OUTCOME_EARCONS: dict[Outcome, Earcon] = {
    Outcome.ARRIVED: Earcon.IN,
    Outcome.ALREADY_IN: Earcon.DONE,
    Outcome.LEFT: Earcon.OUT,
    Outcome.JOINED: Earcon.DONE,
    Outcome.LEFT_ZONE: Earcon.DONE,
    Outcome.ARRIVAL_UNDONE: Earcon.OUT,
    Outcome.LEAVING_UNDONE: Earcon.IN,
    Outcome.CONFIRMED: Earcon.DONE,
    Outcome.CHOSEN: Earcon.DONE,
    Outcome.THANKED: Earcon.DONE,
    Outcome.GUEST_IN: Earcon.IN,
    Outcome.GUEST_MOVED: Earcon.DONE,
    Outcome.GUEST_OUT: Earcon.OUT,
    Outcome.CORRECTED: Earcon.DONE,
    Outcome.CLEARED: Earcon.DONE,
    Outcome.ORDERED: Earcon.DONE,
    Outcome.ACTIVITY_PLANNED: Earcon.DONE,
    Outcome.ACTIVITY_CANCELLED: Earcon.DONE,
    Outcome.BADGE_ENROLLED: Earcon.DONE,
    Outcome.BADGE_LOST: Earcon.DONE,
    Outcome.BADGE_FOUND: Earcon.DONE,
    Outcome.REFUSED: Earcon.ATTENTION,
}

OWNER_EARCONS: dict[Owner, Earcon] = {
    Owner.MEMBER: Earcon.ATTENTION,
    Owner.HOST: Earcon.ATTENTION,
    Owner.AGENCY: Earcon.ATTENTION,
    Owner.OPERATOR: Earcon.FAULT,
}


def reason_earcon(reason: Reason) -> Earcon:
    """Return the sound of a refusal: it tells whether it is about the person or the house is out of order."""
    return OWNER_EARCONS[EXPLANATIONS[reason].owner]
