"""What hosts ask about badges: to tie one to a member, and to report one lost or found. Pure; knows no UID."""

from dataclasses import replace
from typing import assert_never

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.badge import reference
from kiosk.domain.decision import Decision, Facts, answer_to, refusal
from kiosk.domain.ids import BadgeKey, EventId, MemberId
from kiosk.domain.members import Badge, BadgeLevel, BadgeStatus
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import EnrolBadge, ImportBadge, ReportBadgeFound, ReportBadgeLost

BADGES_MAX = 16
"""How many badges one member may have, the lost ones too: as many as the centre keeps."""
PRESENTATIONS_MIN = 2
"""How often a badge is shown before it is tied to anybody: a card that makes up its number shows two numbers."""

BadgeRequest = EnrolBadge | ImportBadge | ReportBadgeLost | ReportBadgeFound


def decide_badge(request: BadgeRequest, facts: Facts) -> Decision:
    """Return what happens because a host asks it."""
    match request:
        case EnrolBadge():
            return _enrol(request, facts)
        case ImportBadge(badge=key, key_version=version):
            reason = _tie_refusal(facts)
            return refusal(request, reason) if reason else _tied(request, key, version, BadgeLevel.UID, facts)
        case ReportBadgeLost():
            return _report(request, facts, {BadgeStatus.ACTIVE})
        case ReportBadgeFound():
            return _report(request, facts, {BadgeStatus.LOST})
        case _:
            assert_never(request)


def _enrol(request: EnrolBadge, facts: Facts) -> Decision:
    shown = facts.shown
    if shown is None:
        return refusal(request, Reason.REFERENCE_UNKNOWN)
    reason = _tie_refusal(facts)
    if reason is None and shown.times < PRESENTATIONS_MIN:
        reason = Reason.BADGE_SHOWN_ONCE
    if reason is not None:
        return refusal(request, reason)
    level = BadgeLevel.UID if shown.proof is None else BadgeLevel.VERIFIED
    return _tied(request, shown.key, shown.key_version, level, facts)


def _tie_refusal(facts: Facts) -> Reason | None:
    """Return why a badge cannot be tied to the member, or None; what is wrong with the badge goes first."""
    if facts.is_tied:
        return Reason.BADGE_TAKEN
    if facts.holder is None:
        return Reason.ROSTER_MISSING if facts.roster_age_s is None else Reason.MEMBER_UNKNOWN
    if len(facts.badges) >= BADGES_MAX:
        return Reason.BADGES_MAX
    return None


def _tied(request: EnrolBadge | ImportBadge, key: BadgeKey, version: int, level: BadgeLevel, facts: Facts) -> Decision:
    enrolled = events.BadgeEnrolled(
        id=EventId(facts.new_id()),
        at=request.at,
        badge=key,
        key_version=version,
        member=MemberId(request.member),
        level=level,
        by=request.by,
    )
    answer = answer_to(request, Outcome.BADGE_ENROLLED, facts, reference=reference(key))
    return Decision((enrolled,), replace(answer, level=level))


def _report(request: ReportBadgeLost | ReportBadgeFound, facts: Facts, wanted: set[BadgeStatus]) -> Decision:
    meant = [one for one in facts.badges if one.status in wanted]
    if request.reference is not None and request.member is not None:
        meant = [one for one in meant if request.reference in map(reference, one.keys)]
    if not meant:
        return refusal(request, Reason.BADGE_NOT_FOUND)
    if len(meant) > 1:
        return refusal(request, Reason.BADGE_AMBIGUOUS)
    return _reported(request, meant[0], facts)


def _reported(request: ReportBadgeLost | ReportBadgeFound, badge: Badge, facts: Facts) -> Decision:
    is_lost = isinstance(request, ReportBadgeLost)
    kind = events.BadgeReportedLost if is_lost else events.BadgeFound
    happened = kind(
        id=EventId(facts.new_id()),
        at=request.at,
        badge=badge.key,
        key_version=badge.key_version,
        member=badge.member,
        by=request.by,
        was=badge.was,
    )
    outcome = Outcome.BADGE_LOST if is_lost else Outcome.BADGE_FOUND
    return Decision((happened,), answer_to(request, outcome, facts, reference=reference(badge.key)))
