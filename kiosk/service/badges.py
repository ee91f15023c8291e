"""What is asked at the door about badges: the requests that it amounts to, and what a host may see of badges."""

from kiosk.desk.worker import Errand, Worker
from kiosk.domain import requests as req
from kiosk.domain.badge import reference, spelled
from kiosk.domain.board import UnknownBadge
from kiosk.domain.ids import Actor, BadgeKey, MemberId, RequestId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Badge
from kiosk.door import badges as said
from kiosk.door.connection import Connection
from kiosk.door.messages import AskedOfBadges, SayError
from kiosk.service.keeping import NO_PURPOSE, is_purpose, reply

_Ask = said.AskEnrolBadge | said.AskImportBadge | said.AskBadgeLost | said.AskBadgeFound


def badge_request(asked: _Ask, at: Instant) -> req.Request:
    """Return the request that a host's words amount to, made at that moment."""
    request, by = RequestId(asked.id), Actor(asked.by)
    match asked:
        case said.AskEnrolBadge(reference=code, member=member):
            return req.EnrolBadge(id=request, at=at, reference=spelled(code), member=MemberId(member), by=by)
        case said.AskImportBadge(badge=key, key_version=version, member=member):
            return req.ImportBadge(
                id=request, at=at, badge=BadgeKey(key), key_version=version, member=MemberId(member), by=by
            )
        case _:
            kind = req.ReportBadgeLost if isinstance(asked, said.AskBadgeLost) else req.ReportBadgeFound
            member_id = None if asked.member is None else MemberId(asked.member)
            code_or_none = None if asked.reference is None else spelled(asked.reference)
            return kind(id=request, at=at, member=member_id, reference=code_or_none, by=by)


def show_badges(asked: AskedOfBadges, worker: Worker, connection: Connection) -> None:
    """Let the desk look, and tell the client what a host may see."""
    if isinstance(asked, said.ShowUnknownBadges):
        answer = reply(connection, asked.id, _unknown)
        is_taken = worker.submit(Errand(lambda desk, now: desk.unknown_badges(now), answer))
    elif not is_purpose(asked.purpose):
        connection.send(SayError(asked.id, NO_PURPOSE))
        return
    else:
        by, purpose, member = Actor(asked.by), asked.purpose, MemberId(asked.member)
        shown = reply(connection, asked.id, _of_member)
        is_taken = worker.submit(Errand(lambda desk, now: desk.badges_of(member, by, purpose, now), shown))
    if not is_taken:
        connection.send(SayError(asked.id, "the desk is busy: ask again"))


def _unknown(re: str, badges: tuple[UnknownBadge, ...]) -> said.SayUnknownBadges:
    return said.SayUnknownBadges(re, badges)


def _of_member(re: str, badges: tuple[Badge, ...]) -> said.SayBadges:
    return said.SayBadges(
        re, tuple(said.MemberBadge(reference(one.key), one.status, one.level, one.key_version) for one in badges)
    )
