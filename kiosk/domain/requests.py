"""What somebody asks of the desk, in the imperative. Each carries its id and the moment it was asked."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.badge import Uid
from kiosk.domain.ids import Actor, MemberId, ReaderId, RequestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.reasons import Reason


class Direction(StrEnum):
    """Which way people pass a reader."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Anything asked of the desk."""

    id: RequestId
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap(Request):
    """Let the holder of this badge in or out: one presentation of one card at a reader."""

    reader: ReaderId
    direction: Direction
    uid: Uid


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTap(Request):
    """Tell whoever stands at the reader why the card could not be read."""

    reader: ReaderId
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinZone(Request):
    """Join the zone, and leave any other."""

    visit: VisitId
    zone: ZoneId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveZone(Request):
    """Leave the zone, and join no other."""

    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(Request):
    """Check out. Never refused to somebody who is in."""

    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Request):
    """Take back the visit's arrival or leaving, whichever came last."""

    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(Request):
    """Let a member in without a badge, as a host may."""

    member: MemberId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Request):
    """Record that a host saw the member taking part in the zone they joined."""

    visit: VisitId
    by: Actor
