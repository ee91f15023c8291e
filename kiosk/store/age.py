"""How long ago an event of the journal was over, as far as its clocks can tell."""

from collections.abc import Collection
from typing import Protocol

from kiosk.domain.ids import VisitId
from kiosk.domain.instant import Instant
from kiosk.domain.retention import is_credible
from kiosk.store.retention import KeptEvent, Moment


class Times(Protocol):
    """What the journal tells of when things were over: the desk asks its own side, and proof the reading one."""

    def ended(self, visit: VisitId) -> Moment | None:
        """Return when the visit last ended, or None if no end of it is kept."""
        ...

    def later(self, seq: int) -> Instant | None:
        """Return when the first event after that one happened whose clock had been set, or None."""
        ...


def age_s(times: Times, one: KeptEvent, inside: Collection[VisitId], now: Instant) -> float | None:
    """Return the seconds since the event's visit ended, its activity was over, or it happened.

    None while the visit is one of those `inside`, while the activity goes on, or while nobody can tell. A moment told
    by a clock that was not set counts as that of the first later event whose clock was: rather too late than too early.
    """
    if one.visit in inside:
        return None
    if one.ends_at is not None:
        over_s = (now.wall - one.ends_at).total_seconds()
        return over_s if over_s >= 0 else None
    end = times.ended(one.visit) if one.visit else None
    moment = end if end is not None and end.seq >= one.seq else Moment(one.seq, one.at)
    if is_credible(moment.at, now):
        return now.seconds_since(moment.at)
    known = times.later(moment.seq)
    return now.seconds_since(known) if known is not None and is_credible(known, now) else None
