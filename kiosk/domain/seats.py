"""How many of an agency may be in the house at once, and what follows when it is more. Leaving is never refused.

The number of members an agency has enrolled is the centre's to judge: more than its seats are a matter between the
two, and never turn anybody away at the entrance.
"""

from kiosk.domain.house import House
from kiosk.domain.members import Agency, SeatPolicy
from kiosk.domain.reasons import Reason


def seat_refusal(agency: Agency, house: House, *, is_host: bool) -> Reason | None:
    """Return why one more of this agency may not come in, or None. Where a host decides, a host's own word does."""
    if seat_excess(agency, house) is None:
        return None
    match agency.policy:
        case SeatPolicy.WARN:
            return None
        case SeatPolicy.HOST:
            return None if is_host else Reason.SEATS_TO_HOST
        case SeatPolicy.DENY:
            return Reason.SEATS_FULL


def seat_excess(agency: Agency, house: House) -> int | None:
    """Return how many of the agency would be in the house with one more, if that is too many: people, not taps."""
    if agency.at_once is None:
        return None
    inside = sum(one.agency == agency.id for one in house.inside()) + 1
    return inside if inside > agency.at_once else None
