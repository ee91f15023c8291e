"""The last hours of a zone as a strip: what was known when, and gaps where nothing was. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from kiosk.domain.ids import ZoneId
from kiosk.domain.zones import ZoneState
from kiosk.store.zones import Change

STRIP = timedelta(hours=4)
STRETCHES_MAX = 240
"""The newest stretches of a strip: one a minute could still be seen."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A zone was in that state from `begins` to `ends` minutes before now; unknown is a gap."""

    state: ZoneState
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody was heard of a zone from `begins` to `ends` (aware UTC), whatever its history says."""

    begins: datetime
    ends: datetime


def strips(
    changes: Iterable[Change], silences: dict[ZoneId, tuple[Silence, ...]], zones: Iterable[ZoneId], now: datetime
) -> dict[ZoneId, tuple[Stretch, ...]]:
    """Return the strip of each zone; `changes` are newest first."""
    known = tuple(changes)[::-1]
    return {zone: _strip([one for one in known if one.zone == zone], silences.get(zone, ()), now) for zone in zones}


def minutes(stretches: Iterable[Stretch], state: ZoneState) -> int:
    """Return how many whole minutes of the strip were in that state."""
    return round(sum(one.begins - one.ends for one in stretches if one.state is state))


def _strip(changes: Sequence[Change], silences: Sequence[Silence], now: datetime) -> tuple[Stretch, ...]:
    begins = now - STRIP
    marks = {begins, now}
    marks |= {moment for one in changes if begins < (moment := datetime.fromisoformat(one.at)) < now}
    marks |= {moment for one in silences for moment in (one.begins, one.ends) if begins < moment < now}
    edges = sorted(marks)
    found: list[Stretch] = []
    for left, right in pairwise(edges):
        state = _state_at(changes, silences, left)
        ago = [(now - one).total_seconds() / 60 for one in (left, right)]
        if found and found[-1].state is state:
            found[-1] = Stretch(state, found[-1].begins, ago[1])
        else:
            found.append(Stretch(state, ago[0], ago[1]))
    return tuple(found[-STRETCHES_MAX:])


def _state_at(changes: Sequence[Change], silences: Sequence[Silence], moment: datetime) -> ZoneState:
    if any(one.begins <= moment < one.ends for one in silences):
        return ZoneState.UNKNOWN
    state = ZoneState.UNKNOWN
    for one in changes:
        if datetime.fromisoformat(one.at) > moment:
            break
        state = one.state
    return state
