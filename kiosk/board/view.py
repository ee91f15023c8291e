"""What the board shows of the house, as plain values. No web, no words, no clock: any board can stand on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kiosk.board.strip import Stretch
from kiosk.domain.activities import Activity
from kiosk.domain.board import Board, ReaderHealth, ZonePicture
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Words, ZoneState

SMALL_COUNT_MAX = 2
"""Counts from 1 to this are shown to all as one class: fewer than three could be told apart."""


@dataclass(frozen=True, slots=True)
class Range:
    """A count as far as it is known or told: at least `low`, at most `high`, where None has no bound."""

    low: int
    high: int | None


class Against(StrEnum):
    """How the people sensed in a zone stand against those who joined it."""

    ALIKE = "alike"
    MORE = "more"
    FEWER = "fewer"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many more or fewer people are sensed than joined, at least."""

    against: Against
    by: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneView:
    """One zone as shown. `people` and `confidence` are None while the sensors say nothing."""

    id: ZoneId
    name: Words
    about: Words
    state: ZoneState
    since: Instant | None
    people: Range | None
    joined: Range
    taking_part: Range
    waiting: Range
    difference: Difference
    confidence: float | None
    reason: Words | None
    strip: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseView:
    """The house as shown, and the moment the picture was made.

    In public `activities` are those that run or soon will, for hosts all that are announced; the first comes first.
    """

    site: str
    name: str
    at: Instant
    in_house: Range
    guests: Range
    uncertain: int
    present: Range
    waiting: Range
    zones: tuple[ZoneView, ...]
    activities: tuple[Activity, ...]
    readers: tuple[ReaderHealth, ...]
    roster_age_s: float | None


def house_view(
    board: Board, *, is_public: bool, strips: Mapping[ZoneId, tuple[Stretch, ...]] = MappingProxyType({})
) -> HouseView:
    """Return the house as a host sees it or, in public, with every count under three as a class.

    The public difference is taken between the classes, so that nobody can reckon the counts back from it.
    """
    waiting = sum(one.waiting for one in board.zones)
    return HouseView(
        site=board.site,
        name=board.name,
        at=board.at,
        in_house=_count(board.in_house, is_public=is_public),
        guests=_count(board.guests, is_public=is_public),
        uncertain=board.uncertain,
        present=_count(board.present, is_public=is_public),
        waiting=_count(waiting, is_public=is_public),
        zones=tuple(_zone_view(one, strips.get(one.id, ()), is_public=is_public) for one in board.zones),
        activities=_announced(board, is_public=is_public),
        readers=board.readers,
        roster_age_s=board.roster_age_s,
    )


def classed(counted: Range) -> Range:
    """Return the range widened to the edges of the classes 0, 1 to 2, and 3 and up."""
    low = min(counted.low, 1) if counted.low <= SMALL_COUNT_MAX else counted.low
    if counted.high is None or counted.high == 0 or counted.high > SMALL_COUNT_MAX:
        return Range(low, counted.high)
    return Range(low, SMALL_COUNT_MAX)


def difference(people: Range | None, joined: Range) -> Difference:
    """Return how sensed people stand against joined badges; only what is sure counts as a difference."""
    if people is None or joined.high is None:
        return Difference(Against.CANNOT_TELL)
    if people.low > joined.high:
        return Difference(Against.MORE, people.low - joined.high)
    if people.high is not None and people.high < joined.low:
        return Difference(Against.FEWER, joined.low - people.high)
    return Difference(Against.ALIKE)


def _zone_view(zone: ZonePicture, strip: tuple[Stretch, ...], *, is_public: bool) -> ZoneView:
    is_known = zone.state is not ZoneState.UNKNOWN
    sensed = Range(zone.people_low, zone.people_high) if is_known else None
    people = classed(sensed) if sensed and is_public else sensed
    joined = _count(zone.joined, is_public=is_public)
    return ZoneView(
        id=zone.id,
        name=zone.name,
        about=zone.about,
        state=zone.state,
        since=zone.since,
        people=people,
        joined=joined,
        taking_part=_count(zone.taking_part, is_public=is_public),
        waiting=_count(zone.waiting, is_public=is_public),
        difference=difference(people, joined),
        confidence=zone.confidence if is_known else None,
        reason=zone.reason,
        strip=strip,
    )


def _announced(board: Board, *, is_public: bool) -> tuple[Activity, ...]:
    announced = [one for one in board.activities if not is_public or one.is_near(board.at)]
    return tuple(sorted(announced, key=lambda one: one.starts_at))


def _count(number: int, *, is_public: bool) -> Range:
    exact = Range(number, number)
    return classed(exact) if is_public else exact
