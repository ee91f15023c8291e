"""Counts of what the house is used for, tied to no person. Pure; what is counted when is said in `counting`."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.domain.instant import ClockState, Instant


class Counted(StrEnum):
    """What is counted, and what it is about: an hour is local, "00" to "23".

    Those named `people_` are no counts of things but a number that at least so many different members stand behind.
    """

    ARRIVALS = "arrivals"
    """Visits, by the hour they began."""
    TAKING_PART = "taking_part"
    """Visits in which the member took part."""
    CLOSED_AUTOMATICALLY = "closed_automatically"
    """Visits that ended at closing time without a check-out."""
    JOINS = "joins"
    """Stays begun, by zone and hour."""
    TOOK_PART = "took_part"
    """Stays in which the member took part, by zone and the hour they were first said to."""
    MEETINGS = "meetings"
    """Pairs of stays in one zone at one time, by the two members' agencies in the order of their ids."""
    GUESTS = "guests"
    OFFERS_MADE = "offers_made"
    OFFERS_TAKEN = "offers_taken"
    """Offers whose zone was joined while they stood, in the visit they were made in."""
    OFFERS_FOLLOWED = "offers_followed"
    """Offers taken that were followed by company in that stay."""
    MET_SOMEBODY = "met_somebody"
    """Answers to the question at the exit, by answer."""
    ACTIVITIES = "activities"
    """Activities begun, or announced and not yet cancelled."""
    TAKEN_BACK = "taken_back"
    """Visits taken back after they may have been counted among people: at most so many too many."""
    PEOPLE_ARRIVALS = "people_arrivals"
    """Members who came: in the month, and by hour."""
    PEOPLE_TAKING_PART = "people_taking_part"
    PEOPLE_CLOSED_AUTOMATICALLY = "people_closed_automatically"
    PEOPLE_JOINS = "people_joins"
    """By zone: in the month, and by hour."""
    PEOPLE_TOOK_PART = "people_took_part"
    """By zone: in the month, and by hour."""
    PEOPLE_MEETINGS = "people_meetings"
    """Members of the first agency who met somebody of the second."""
    PEOPLE_GUESTS = "people_guests"
    """Members who brought guests."""
    PEOPLE_OFFERS_MADE = "people_offers_made"
    PEOPLE_OFFERS_TAKEN = "people_offers_taken"
    PEOPLE_OFFERS_FOLLOWED = "people_offers_followed"


@dataclass(frozen=True, slots=True)
class Tally:
    """One thing counted in one month (YYYY-MM, local time), about `first` and `second`; "" where there is none."""

    month: str
    kind: Counted
    first: str = ""
    second: str = ""


def month_of(at: Instant, zone: ZoneInfo) -> str:
    """Return the local month, YYYY-MM; "" if the clock was never set, and such a count is never released."""
    if at.clock is ClockState.UNSET:
        return ""
    local = at.wall.astimezone(zone)
    return f"{local.year:04}-{local.month:02}"


def hour_of(at: Instant, zone: ZoneInfo) -> str:
    """Return the local hour, "00" to "23"; "" if the clock was never set.

    On the night when clocks go back, one hour lasts two; in spring one has no length.
    """
    return "" if at.clock is ClockState.UNSET else f"{at.wall.astimezone(zone).hour:02}"
