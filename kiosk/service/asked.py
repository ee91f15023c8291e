"""From a client's words to the request they amount to: the one place where text from the door becomes ids."""

from datetime import UTC, datetime

from kiosk.domain import requests as req
from kiosk.domain.ids import ActivityId, Actor, GuestId, MemberId, RequestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.door import badges
from kiosk.door import messages as said
from kiosk.service.badges import badge_request

_OwnAsk = (
    said.AskJoinZone
    | said.AskLeaveZone
    | said.AskLeave
    | said.AskUndo
    | said.AskChooseNaming
    | said.AskChooseOffers
    | said.AskChooseLanguage
)
_CorrectionAsk = said.AskCorrectArrival | said.AskCorrectLeaving | said.AskAnnulVisit | said.AskClearVisit
_OrderAsk = said.AskLiftBrake | said.AskRetryQuarantine
_BadgeAsk = badges.AskEnrolBadge | badges.AskImportBadge | badges.AskBadgeLost | badges.AskBadgeFound
_HostAsk = said.AskConfirm | said.AskCheckIn | said.AskPlanActivity | said.AskCancelActivity | said.AskAnswerExit
_GuestAsk = said.AskLetGuestIn | said.AskLetGuestOut | said.AskMoveGuest | said.AskHandGuestOver


def as_request(asked: said.AskedOfDesk, at: Instant) -> req.Request:
    """Return the request that a client's words amount to, made at that moment."""
    match asked:
        case _ if isinstance(asked, _OwnAsk):
            return _own(asked, at)
        case _ if isinstance(asked, _CorrectionAsk):
            return _correction(asked, at)
        case _ if isinstance(asked, _GuestAsk):
            return _about_guest(asked, at)
        case _ if isinstance(asked, _BadgeAsk):
            return badge_request(asked, at)
        case _ if isinstance(asked, _OrderAsk):
            return _order(asked, at)
        case _:
            return _of_host(asked, at)


def _order(asked: _OrderAsk, at: Instant) -> req.Request:
    request, by = RequestId(asked.id), Actor(asked.by)
    if isinstance(asked, said.AskLiftBrake):
        return req.LiftBrake(id=request, at=at, removal=asked.removal, by=by)
    return req.RetryQuarantine(id=request, at=at, by=by)


def _own(asked: _OwnAsk, at: Instant) -> req.Request:
    request, visit, by = RequestId(asked.id), VisitId(asked.visit), Actor(asked.by)
    match asked:
        case said.AskJoinZone(zone=zone):
            return req.JoinZone(id=request, at=at, visit=visit, zone=ZoneId(zone), by=by)
        case said.AskLeaveZone():
            return req.LeaveZone(id=request, at=at, visit=visit, by=by)
        case said.AskLeave():
            return req.Leave(id=request, at=at, visit=visit, by=by)
        case said.AskUndo():
            return req.Undo(id=request, at=at, visit=visit, by=by)
        case _:
            return _choice(asked, at)


def _choice(asked: said.AskChooseNaming | said.AskChooseOffers | said.AskChooseLanguage, at: Instant) -> req.Request:
    request, visit, by = RequestId(asked.id), VisitId(asked.visit), Actor(asked.by)
    match asked:
        case said.AskChooseNaming(shown=shown):
            return req.ChooseNaming(id=request, at=at, visit=visit, shown=shown, by=by)
        case said.AskChooseOffers(wanted=wanted):
            return req.ChooseOffers(id=request, at=at, visit=visit, wanted=wanted, by=by)
        case said.AskChooseLanguage(language=language):
            return req.ChooseLanguage(id=request, at=at, visit=visit, language=language, by=by)


def _correction(asked: _CorrectionAsk, at: Instant) -> req.Request:
    request, visit, by = RequestId(asked.id), VisitId(asked.visit), Actor(asked.by)
    match asked:
        case said.AskCorrectArrival(arrived_at=to, why=why):
            return req.CorrectArrival(id=request, at=at, visit=visit, arrived_at=_utc(to), why=why, by=by)
        case said.AskCorrectLeaving(left_at=to, why=why):
            return req.CorrectLeaving(id=request, at=at, visit=visit, left_at=_utc(to), why=why, by=by)
        case said.AskAnnulVisit(why=why):
            return req.AnnulVisit(id=request, at=at, visit=visit, why=why, by=by)
        case said.AskClearVisit():
            return req.ClearVisit(id=request, at=at, visit=visit, by=by)


def _about_guest(asked: _GuestAsk, at: Instant) -> req.Request:
    request, by = RequestId(asked.id), Actor(asked.by)
    match asked:
        case said.AskLetGuestIn(visit=visit, name=name):
            return req.LetGuestIn(id=request, at=at, visit=VisitId(visit), name=name, by=by)
        case said.AskLetGuestOut(guest=guest):
            return req.LetGuestOut(id=request, at=at, guest=GuestId(guest), by=by)
        case said.AskMoveGuest(guest=guest, zone=zone):
            return req.MoveGuest(id=request, at=at, guest=GuestId(guest), zone=ZoneId(zone), by=by)
        case said.AskHandGuestOver(guest=guest, visit=visit):
            return req.HandGuestOver(id=request, at=at, guest=GuestId(guest), visit=VisitId(visit), by=by)


def _of_host(
    asked: _HostAsk,
    at: Instant,
) -> req.Request:
    request = RequestId(asked.id)
    match asked:
        case said.AskConfirm():
            return req.Confirm(id=request, at=at, visit=VisitId(asked.visit), by=Actor(asked.by))
        case said.AskCheckIn():
            return req.CheckIn(id=request, at=at, member=MemberId(asked.member), by=Actor(asked.by))
        case said.AskPlanActivity():
            return req.PlanActivity(
                id=request,
                at=at,
                zone=ZoneId(asked.zone),
                title=asked.title,
                starts_at=_utc(asked.starts_at),
                ends_at=_utc(asked.ends_at),
                by=Actor(asked.by),
            )
        case said.AskCancelActivity():
            return req.CancelActivity(id=request, at=at, activity=ActivityId(asked.activity), by=Actor(asked.by))
        case said.AskAnswerExit():
            return req.AnswerExit(id=request, at=at, met=asked.met)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
