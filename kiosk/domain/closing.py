"""Forgotten check-outs: every visit ends at the first local closing time after it began."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain import events
from kiosk.domain.house import House
from kiosk.domain.ids import EventId
from kiosk.domain.instant import ClockState, Instant


@dataclass(frozen=True, slots=True)
class Hours:
    """When the house closes: a local time of day in a time zone."""

    closes: time
    zone: ZoneInfo


def closing_after(wall: datetime, hours: Hours) -> datetime:
    """Return the first closing time after `wall`, both aware UTC.

    On the night when clocks go back a repeated local time means its first occurrence; a local time that the spring
    change skips is taken at the offset before it (PEP 495, fold=0).
    """
    local = wall.astimezone(hours.zone)
    today = datetime.combine(local.date(), hours.closes, tzinfo=hours.zone).astimezone(UTC)
    if today > wall:
        return today
    tomorrow = local.date() + timedelta(days=1)
    return datetime.combine(tomorrow, hours.closes, tzinfo=hours.zone).astimezone(UTC)


def closings(
    house: House, hours: Hours, now: Instant, new_id: Callable[[], EventId]
) -> tuple[events.ClosedAutomatically, ...]:
    """Return the check-outs that are due, however long ago they fell due.

    A clock that was never set closes nobody: it would do so at the wrong time. Whoever came before it was set came when
    it would have told, had it been right.
    """
    if now.clock is ClockState.UNSET:
        return ()
    due = ((one, closing_after(one.arrived_at.wall_by(now), hours)) for one in house.inside())
    return tuple(
        events.ClosedAutomatically(id=new_id(), at=now, visit=one.visit, member=one.member, closed_at=closed_at)
        for one, closed_at in due
        if closed_at <= now.wall
    )
