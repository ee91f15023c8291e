"""What hosts run in the zones, and when: while one runs, its host is company, and beforehand it is worth an offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain import events
from kiosk.domain.ids import ActivityId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.zones import Words

LENGTH_MAX = timedelta(hours=8)
AHEAD_MAX = timedelta(days=31)
"""How long an activity may last, and how far ahead it may be announced."""
PLANNED_MAX = 64
"""How many may be announced at a time."""
SOON = timedelta(minutes=60)
"""An activity that begins within this time is worth an offer."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One announced activity; the times are aware UTC."""

    id: ActivityId
    zone: ZoneId
    title: Words
    starts_at: datetime
    ends_at: datetime

    def runs(self, now: Instant) -> bool:
        """Return whether it runs now; a clock that was never set cannot tell, and then it does not."""
        return now.clock is not ClockState.UNSET and self.starts_at <= now.wall < self.ends_at

    def is_near(self, now: Instant) -> bool:
        """Return whether it runs or begins soon."""
        return now.clock is not ClockState.UNSET and self.starts_at - SOON <= now.wall < self.ends_at


def planned(event: events.ActivityPlanned) -> Activity:
    """Return the activity that was announced."""
    return Activity(event.activity, event.zone, event.title, event.starts_at, event.ends_at)
