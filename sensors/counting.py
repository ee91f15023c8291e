"""Counting people from what passes doors and from what area counters see: an estimate with bounds. Pure.

Never from badges: the rule would prove itself. A door's count starts from a proof (an empty zone, or heads counted),
and its bounds widen with every crossing and every hour until the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, sqrt

from kiosk.domain.instant import Instant
from sensors.readings import PEOPLE_MAX, Crossed, CrossedBy

BIAS = 0.087
"""The part of the crossings by which a door may be wrong to one side.

Over 15 weeks of a real building's doors the balance at the end of a day was off by 8.7 % of the entries on average;
the same part of all crossings is twice that.
"""

ERROR, SURE = 0.07, 2.33
"""One crossing in this many is miscounted (makers name about 7 %), and the spread that holds in 99 of 100 cases."""

GROWTH_A_HOUR = 1.0
"""How many people an hour without proof adds to what may be wrong, although nobody was counted."""

LOST_WITH_MESSAGES = 2.0
"""Increments are lost with a lost message, and totals are not: a door that tells only increments errs so much more."""

FLOW_MAX_A_S, FLOW_MIN = 0.5, 50
"""How many people can pass one door: so many a second since it was last heard, and so many at once in any case."""

IDENTITIES_MAX = 16
"""How many of a door's last messages are known again when they are delivered twice, or late."""

STEADY_S = 60.0
"""How long an area counter's number has to stand before it is sure: ghosts and people passing by are shorter."""

HEARD_S = 900.0
"""How long an area counter's number is sure of two or more: it reports every 10 minutes, and at changes."""

AREA_ERROR = 0.1
"""The part by which an area counter may be wrong."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Surely at least `low`; at most `high`, where None has no bound; `estimate` between them."""

    low: int
    estimate: float
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What an area counter sees now, since `since`, and the least and most it has said around then."""

    count: int
    since: Instant
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What one line counter has counted since the last proof of how many people there were.

    `base` people were there at `proven`, None if that was never known; `net` more have come than gone since, in
    `crossings` passages, the last of them at `crossed`. `slack` is what else may be wrong. `entered` and `left` are
    the device's totals as last told, None before the first.
    """

    entered: int | None = None
    left: int | None = None
    base: float = 0.0
    net: int = 0
    crossings: float = 0.0
    slack: float = 0.0
    proven: Instant | None = None
    crossed: Instant | None = None
    sequence: int | None = None
    identities: tuple[str, ...] = ()


def counted(heads: Heads | None, count: int, at: Instant) -> Heads:
    """Return what an area counter sees after it has said a number."""
    if heads is None:
        return Heads(count=count, since=at, low=0, high=count)
    if count == heads.count:
        return heads
    is_steady = at.seconds_since(heads.since) >= STEADY_S
    low, high = (heads.count, heads.count) if is_steady else (heads.low, heads.high)
    return Heads(count=count, since=at, low=min(low, count), high=max(high, count))


def heads_bounds(heads: Heads, heard: Instant, now: Instant) -> Bounds:
    """Return how many people an area counter tells of that was last heard at `heard`."""
    is_steady = now.seconds_since(heads.since) >= STEADY_S
    low, high = (heads.count, heads.count) if is_steady else (heads.low, heads.high)
    if now.seconds_since(heard) > HEARD_S:
        low = min(low, 1)
    return Bounds(low - floor(low * AREA_ERROR), float(heads.count), high + ceil(high * AREA_ERROR))


def passed(door: Door, crossed: Crossed, at: Instant, unheard_s: float) -> Door:
    """Return the door after its totals were told, `unheard_s` seconds after they last were."""
    if _is_told(door, crossed):
        return replace(door, sequence=crossed.sequence if door.sequence is None else door.sequence)
    told = replace(door, entered=crossed.entered, left=crossed.left, sequence=crossed.sequence)
    if door.entered is None or door.left is None:
        return told
    most = max(FLOW_MIN, FLOW_MAX_A_S * unheard_s)
    entered, left = crossed.entered - door.entered, crossed.left - door.left
    if entered < 0 and left < 0:
        return _restarted(told, door, crossed, at, most)
    entered, left = _unwrapped(entered, crossed.wraps_at), _unwrapped(left, crossed.wraps_at)
    if not (0 <= entered <= most and 0 <= left <= most):
        return _restarted(told, door, crossed, at, most)
    return _moved(told, entered, left, at)


def passed_by(door: Door, crossed: CrossedBy, at: Instant) -> Door:
    """Return the door after an increment was told. One delivered twice counts once."""
    if crossed.identity is not None:
        if crossed.identity in door.identities:
            return door
        door = replace(door, identities=(*door.identities, crossed.identity)[-IDENTITIES_MAX:])
    moved = _moved(door, min(crossed.entered, PEOPLE_MAX), min(crossed.left, PEOPLE_MAX), at)
    more = (moved.crossings - door.crossings) * (LOST_WITH_MESSAGES - 1)
    return replace(moved, crossings=moved.crossings + more)


def unproven(door: Door) -> Door:
    """Return the door when nothing is known any more of how many people its count began with."""
    return replace(door, base=0.0, proven=None)


def proven(door: Door, people: float, at: Instant) -> Door:
    """Return the door when it has been proven that there are so many people now."""
    return replace(door, base=people, net=0, crossings=0.0, slack=0.0, proven=at)


def balance(doors: Sequence[Door]) -> float:
    """Return how many people there are by the doors; below zero is a miscount."""
    return sum(one.base + one.net for one in doors)


def drifted(doors: Sequence[Door], people: float) -> float:
    """Return by how many people the doors are off where so many are proven to be, mended or not."""
    return balance(doors) - sum(one.slack for one in doors) - people


def slack(doors: Sequence[Door], now: Instant) -> float:
    """Return by how many people the doors together may be wrong."""
    crossings = sum(one.crossings for one in doors)
    since = [now.seconds_since(one.proven) for one in doors if one.proven is not None]
    hours = max(since, default=0.0) / 3600
    miscounted = max(1.0, BIAS * crossings + SURE * sqrt(ERROR * (1 - ERROR) * crossings)) if crossings else 0.0
    return miscounted + hours * GROWTH_A_HOUR + sum(one.slack for one in doors)


def door_bounds(doors: Sequence[Door], now: Instant) -> Bounds:
    """Return how many people there are by all doors of a zone together. No door is clamped on its own."""
    people, wrong = balance(doors), slack(doors, now)
    low = max(0, ceil(people - wrong))
    estimate = max(0.0, float(people))
    if any(one.proven is None for one in doors):
        return Bounds(0, estimate, None)
    return Bounds(min(low, floor(estimate)), estimate, max(ceil(estimate), floor(people + wrong)))


def mended(doors: Sequence[Door], now: Instant) -> tuple[Door, ...] | None:
    """Return the doors when fewer than nobody would be there by them even at the most; None if all is well.

    So many entries were surely missed: the count goes on from nobody, and may be wrong by as many.
    """
    people = balance(doors)
    if not doors or people + slack(doors, now) >= 0:
        return None
    return (replace(doors[0], base=doors[0].base - people, slack=doors[0].slack - people), *doors[1:])


def _is_told(door: Door, crossed: Crossed) -> bool:
    """Return whether this is a message told before, delivered twice or late."""
    if door.entered is None or door.left is None:
        return False
    is_same = (crossed.entered, crossed.left) == (door.entered, door.left)
    if crossed.sequence is None or door.sequence is None:
        return is_same or _is_just_below(door, crossed)
    return crossed.sequence == door.sequence or (
        0 < door.sequence - crossed.sequence <= IDENTITIES_MAX and _is_just_below(door, crossed)
    )


def _is_just_below(door: Door, crossed: Crossed) -> bool:
    """Return whether totals have gone back a little, which a late message does and a device that starts anew does not.

    Totals as small as that may be either; they are then those of a device that has started anew.
    """
    entered, left = (door.entered or 0) - crossed.entered, (door.left or 0) - crossed.left
    if entered < 0 or left < 0 or entered + left > FLOW_MIN or entered + left == 0:
        return False
    return crossed.entered + crossed.left > entered + left


def _unwrapped(change: int, wraps_at: int | None) -> int:
    return change + wraps_at if change < 0 and wraps_at is not None else change


def _restarted(told: Door, door: Door, crossed: Crossed, at: Instant, most: float) -> Door:
    """Take totals that began anew: what was counted before that is lost, so nothing bounds the count until a proof."""
    is_small = crossed.entered + crossed.left <= most
    moved = _moved(told, crossed.entered, crossed.left, at) if is_small else replace(told, crossed=at)
    return replace(unproven(moved), base=door.base)


def _moved(door: Door, entered: int, left: int, at: Instant) -> Door:
    if not (entered or left):
        return door
    return replace(door, net=door.net + entered - left, crossings=door.crossings + entered + left, crossed=at)
