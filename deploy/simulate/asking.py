"""From an act to the request that the reader, the screen or the board makes of it. Pure; it decides nothing."""

from collections.abc import Callable, Mapping
from typing import TypedDict

from deploy.simulate.hub import ENTRANCE, strange_uid_of, uid_of
from deploy.simulate.options import wall
from deploy.simulate.visits import Act, Action
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import MEMBER, Actor, MemberId, ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.instant import Instant
from kiosk.domain.requests import (
    CheckIn,
    Confirm,
    JoinZone,
    Leave,
    LetGuestIn,
    PlanActivity,
    Request,
    Tap,
    Undo,
)
from kiosk.domain.zones import Words

TITLE = Words("Digital myndighetspost", "Digital mail from agencies")
GUEST_NAME = "Gäst Exempel"


def asked(action: Action, at: Instant, visit: VisitId | None) -> Request | None:
    """Return the request, or None for an act in a visit that there is not."""
    if action.act in _HOUSE:
        return _HOUSE[action.act](action, at)
    return _VISIT[action.act](action, at, visit) if visit is not None else None


class _Asked(TypedDict):
    id: RequestId
    at: Instant


class _AskedBy(_Asked):
    by: Actor


def _asked(action: Action, at: Instant) -> _Asked:
    return {"id": RequestId(f"{action.t:.3f}-{action.member}-{action.act}"), "at": at}


def _by(action: Action, at: Instant) -> _AskedBy:
    return {**_asked(action, at), "by": host(action.host) if action.host else MEMBER}


def _tap(action: Action, at: Instant) -> Tap:
    uid = uid_of(action.member) if action.act is Act.TAP else strange_uid_of(action.member)
    return Tap(**_asked(action, at), reader=ReaderId(ENTRANCE), direction=Direction.BOTH, uid=Uid(uid))


def _announce(action: Action, at: Instant) -> PlanActivity:
    return PlanActivity(
        **_by(action, at),
        zone=ZoneId(action.zone),
        title=TITLE,
        starts_at=wall(action.begin_s),
        ends_at=wall(action.end_s),
    )


_HOUSE: Mapping[Act, Callable[[Action, Instant], Request]] = {
    Act.TAP: _tap,
    Act.STRANGE_TAP: _tap,
    Act.CHECK_IN: lambda one, at: CheckIn(**_by(one, at), member=MemberId(one.member)),
    Act.ANNOUNCE: _announce,
}
_VISIT: Mapping[Act, Callable[[Action, Instant, VisitId], Request]] = {
    Act.JOIN: lambda one, at, visit: JoinZone(**_by(one, at), visit=visit, zone=ZoneId(one.zone)),
    Act.LEAVE: lambda one, at, visit: Leave(**_by(one, at), visit=visit),
    Act.UNDO: lambda one, at, visit: Undo(**_by(one, at), visit=visit),
    Act.CONFIRM: lambda one, at, visit: Confirm(**_by(one, at), visit=visit),
    Act.GUEST: lambda one, at, visit: LetGuestIn(**_by(one, at), visit=visit, name=GUEST_NAME),
}
