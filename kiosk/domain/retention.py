"""What kind of data is kept in the house until when, by the site's numbers. Pure: nothing is removed here.

Whatever is recorded about somebody belongs to one kind; a kind that nobody has decided on is not kept at all.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.domain import events
from kiosk.domain.instant import ClockState, Instant

NIGHT = time(4, 0)
"""When the night is over, local time: no clock change touches it, and nobody is in the house."""
DETAIL_S = 24 * 3600
SENSOR_HISTORY_S = 24 * 3600
DECISION_MAX = 200
"""The longest reference to a decision, in characters."""
_DAY_S = 86_400


class Kind(StrEnum):
    """The kinds of data with a rule of their own."""

    GUEST_NAMES = "guest_names"
    ROLL_CALLS = "roll_calls"
    VISIT_DETAIL = "visit_detail"
    CLOSED_VISITS = "closed_visits"
    REFUSALS = "refusals"
    ACTIVITIES = "activities"
    ERASURES = "erasures"
    PREFERENCES = "preferences"
    ACCESS_LOG = "access_log"
    COUNTS = "counts"
    SENSOR_HISTORY = "sensor_history"
    OUTBOX = "outbox"
    HOUSE = "house"


class Way(StrEnum):
    """How far an event has come on its way to the centre. What never goes there counts as being there."""

    UNREAD = "unread"
    WAITING = "waiting"
    AT_CENTRE = "at_centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long data about people is kept here.

    `decision` refers to the deletion decision that these numbers rest on; outside the demonstration it must be given.
    A closed visit is kept until the centre has it and for `closed_visit_days`; after `unsent_days` it is kept only in
    the queue to the centre, under a pseudonym. Refused taps are kept for `closed_visit_days` too. What else is kept how
    long is no choice of the site: see `dataskydd.md`.
    """

    decision: str = ""
    closed_visit_days: int = field(default=14, metadata={"low": 1, "high": 90})
    unsent_days: int = field(default=30, metadata={"low": 1, "high": 90})
    access_log_months: int = field(default=12, metadata={"low": 1, "high": 36})
    preferences_months: int = field(default=13, metadata={"low": 1, "high": 36})
    counts_months: int = field(default=13, metadata={"low": 1, "high": 36})

    def __post_init__(self) -> None:
        """Refuse any number outside its bounds, naming all of them."""
        wrong = [
            f"{one.name} must be {one.metadata['low']} to {one.metadata['high']}"
            for one in fields(self)
            if one.metadata and not one.metadata["low"] <= getattr(self, one.name) <= one.metadata["high"]
        ]
        if len(self.decision) > DECISION_MAX:
            wrong.append(f"decision must be at most {DECISION_MAX} characters")
        if wrong:
            raise ValueError("; ".join(wrong))


KIND_OF: Mapping[type[events.Happened], Kind] = {
    events.Arrived: Kind.CLOSED_VISITS,
    events.SeenAgain: Kind.VISIT_DETAIL,
    events.JoinedZone: Kind.VISIT_DETAIL,
    events.LeftZone: Kind.VISIT_DETAIL,
    events.ConfirmedByHost: Kind.VISIT_DETAIL,
    events.CompanyBegan: Kind.VISIT_DETAIL,
    events.CompanyEnded: Kind.VISIT_DETAIL,
    events.TookPart: Kind.VISIT_DETAIL,
    events.Lapsed: Kind.VISIT_DETAIL,
    events.Left: Kind.CLOSED_VISITS,
    events.ClosedAutomatically: Kind.CLOSED_VISITS,
    events.ArrivalUndone: Kind.CLOSED_VISITS,
    events.LeavingUndone: Kind.CLOSED_VISITS,
    events.TapRefused: Kind.REFUSALS,
    events.ArrivalCorrected: Kind.CLOSED_VISITS,
    events.LeavingCorrected: Kind.CLOSED_VISITS,
    events.VisitAnnulled: Kind.CLOSED_VISITS,
    events.ClearedByHost: Kind.CLOSED_VISITS,
    events.OfferMade: Kind.VISIT_DETAIL,
    events.NamingChosen: Kind.VISIT_DETAIL,
    events.OffersChosen: Kind.VISIT_DETAIL,
    events.LanguageChosen: Kind.VISIT_DETAIL,
    events.GuestArrived: Kind.VISIT_DETAIL,
    events.GuestJoinedZone: Kind.VISIT_DETAIL,
    events.GuestHandedOver: Kind.VISIT_DETAIL,
    events.GuestLeft: Kind.VISIT_DETAIL,
    events.SeatsExceeded: Kind.CLOSED_VISITS,
    events.ActivityPlanned: Kind.ACTIVITIES,
    events.ActivityCancelled: Kind.ACTIVITIES,
    events.BadgeEnrolled: Kind.CLOSED_VISITS,
    events.BadgeRekeyed: Kind.CLOSED_VISITS,
    events.BadgeReportedLost: Kind.CLOSED_VISITS,
    events.BadgeFound: Kind.CLOSED_VISITS,
    events.BadgeCopied: Kind.CLOSED_VISITS,
    events.RuleTaken: Kind.HOUSE,
    events.BrakeLifted: Kind.HOUSE,
    events.QuarantineRetried: Kind.HOUSE,
    events.RetentionRan: Kind.HOUSE,
    events.PersonErased: Kind.ERASURES,
}
"""The kind of every event. `HOUSE` is about nobody, and is never removed."""

TO_BE_READ = frozenset(
    {
        events.Arrived,
        events.TookPart,
        events.Left,
        events.ClosedAutomatically,
        events.ArrivalUndone,
        events.LeavingUndone,
        events.ArrivalCorrected,
        events.LeavingCorrected,
        events.VisitAnnulled,
        events.SeatsExceeded,
        events.BadgeEnrolled,
        events.BadgeRekeyed,
        events.BadgeReportedLost,
        events.BadgeFound,
        events.BadgeCopied,
        events.PersonErased,
    }
)
"""What the centre is told of, and the order to erase somebody from what it is told of and from the roster.

Nothing of it is removed before the thread to the centre has read it, however long that was down.
"""


def kind_of(event: type[events.Happened]) -> Kind:
    """Return the event's kind; one that nobody has classed is kept no longer than a visit is."""
    return KIND_OF.get(event, Kind.CLOSED_VISITS)


def is_due(kind: Kind, age_s: float | None, way: Way, keep: Retention) -> bool:
    """Return whether an event of that kind must no longer be kept.

    `age_s` are the seconds since its visit ended, its activity was over, or it happened; None while it goes on or
    nobody can tell.
    """
    if age_s is None or kind is Kind.HOUSE or way is Way.UNREAD:
        return False
    kept_s = keep.closed_visit_days * _DAY_S
    match kind:
        case Kind.VISIT_DETAIL:
            return age_s >= DETAIL_S
        case Kind.CLOSED_VISITS:
            return age_s >= (kept_s if way is Way.AT_CENTRE else max(kept_s, keep.unsent_days * _DAY_S))
        case _:
            return age_s >= kept_s


def is_credible(moment: Instant, now: Instant) -> bool:
    """Return whether the time since then can be told: by the same boot, or by a clock that was set and is not ahead."""
    return moment.boot == now.boot or (moment.clock is not ClockState.UNSET and moment.wall <= now.wall)


def night_before(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when the last night was over at or before `wall`, both aware UTC."""
    local = wall.astimezone(zone)
    today = _end_of_night(local, zone)
    return today if today <= wall else _end_of_night(local - timedelta(days=1), zone)


def night_after(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when the first night after `wall` is over, both aware UTC."""
    local = wall.astimezone(zone)
    today = _end_of_night(local, zone)
    return today if today > wall else _end_of_night(local + timedelta(days=1), zone)


def months_before(wall: datetime, months: int) -> datetime:
    """Return the same day and time so many months earlier, or the last day of a shorter month."""
    number = wall.year * 12 + wall.month - 1 - months
    year, month = divmod(number, 12)
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day)


def _end_of_night(local: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(local.date(), NIGHT, tzinfo=zone).astimezone(UTC)
