"""The picture of the house that a screen or a board needs. Counts only; people are a list of their own."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.activities import Activity
from kiosk.domain.company import Surroundings
from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, ReaderId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import Presence, State
from kiosk.domain.zones import Occupancy, Words, Zone, ZoneState


class ReaderState(StrEnum):
    """How a badge reader is."""

    STARTING = "starting"
    READY = "ready"
    NO_READER = "no_reader"
    NO_DAEMON = "no_daemon"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class ReaderHealth:
    """One reader's state and since when."""

    reader: ReaderId
    state: ReaderState
    since: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePicture:
    """One zone: what the sensors say beside what the badges say.

    `joined` counts members and guests, `taking_part` the members with company, `waiting` those who have waited past
    `grace` without. `people_high` None has no bound; `since` is None while nothing was ever heard.
    """

    id: ZoneId
    name: Words
    about: Words
    counts: bool
    state: ZoneState
    since: Instant | None
    people_low: int
    people_high: int | None
    confidence: float
    reason: Words | None
    joined: int
    taking_part: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCall:
    """The roll call that runs now: how many are on its list, and found. `presses` changes with every tick made."""

    id: str
    is_drill: bool
    sought: int
    found: int
    presses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The house at one instant: `in_house` counts members and guests, `guests` those of them who are guests.

    `activities` are those that are announced and not over; `roster_age_s` None means there is no roster. `copied_at` is
    when a copied badge was last shown, within the time that hosts are told of it, `roll_call` the one that runs.
    """

    site: SiteId
    name: str
    at: Instant
    in_house: int
    guests: int = 0
    uncertain: int = 0
    present: int
    zones: tuple[ZonePicture, ...]
    readers: tuple[ReaderHealth, ...]
    roster_age_s: float | None
    activities: tuple[Activity, ...] = ()
    copied_at: Instant | None = None
    roll_call: RunningCall | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member or guest in the house, as a host may see them; a guest has the state of the member they are with."""

    visit: VisitId
    name: str
    agency: str
    state: State
    zone: ZoneId | None
    since: Instant
    waited_s: float
    guest: GuestId | None = None
    guest_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownBadge:
    """A badge that a host may name by its reference: unknown or lost, last shown there and then, and so many times."""

    reference: str
    reader: ReaderId
    at: Instant
    times: int


def zone_pictures(house: House, around: Surroundings, now: Instant) -> tuple[ZonePicture, ...]:
    """Return one picture for each zone, in the site's order."""
    inside = house.inside()
    return tuple(_zone_picture(zone, house, inside, around, now) for zone in around.zones.values())


def _zone_picture(
    zone: Zone,
    house: House,
    inside: tuple[Presence, ...],
    around: Surroundings,
    now: Instant,
) -> ZonePicture:
    occupancy = around.occupancies.get(zone.id)
    state = occupancy.as_of(now) if occupancy else ZoneState.UNKNOWN
    known = occupancy is not None and state is not ZoneState.UNKNOWN
    there = [one for one in inside if one.zone == zone.id]
    return ZonePicture(
        id=zone.id,
        name=zone.name,
        about=zone.about,
        counts=zone.counts,
        state=state,
        since=_since(occupancy, state),
        people_low=occupancy.people.low if occupancy and known else 0,
        people_high=occupancy.people.high if occupancy and known else None,
        confidence=occupancy.confidence if occupancy and known else 0.0,
        reason=occupancy.reason if occupancy and state is occupancy.state else None,
        joined=len(house.joined(zone.id)),
        taking_part=sum(one.company_since is not None for one in there),
        waiting=sum(one.company_since is None and one.waited(now) >= around.rule.grace_s for one in there),
    )


def _since(occupancy: Occupancy | None, state: ZoneState) -> Instant | None:
    if occupancy is None:
        return None
    return occupancy.since if state is occupancy.state else occupancy.heard
