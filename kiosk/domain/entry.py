"""Who may come in: the grounds on which entry can be refused, and no others. Being present is never one."""

from typing import assert_never

from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Badge, BadgeStatus, Holder, Member
from kiosk.domain.reasons import Reason
from kiosk.domain.rule import Rule


def entry_refusal(holder: Holder, roster_age_s: float | None, now: Instant, rule: Rule) -> Reason | None:
    """Return why this holder may not come in now, or None."""
    by_badge = badge_refusal(holder.badge) if holder.badge else None
    if by_badge is not None:
        return by_badge
    if roster_age_s is None:
        return Reason.ROSTER_MISSING
    if roster_age_s > rule.rights_limit_s:
        return Reason.RIGHTS_TOO_OLD
    return member_refusal(holder.member, now)


def badge_refusal(badge: Badge) -> Reason | None:
    """Return why this badge opens for nobody, or None."""
    match badge.status:
        case BadgeStatus.ACTIVE:
            return None
        case BadgeStatus.LOST:
            return Reason.BADGE_LOST
        case BadgeStatus.WITHDRAWN:
            return Reason.BADGE_WITHDRAWN
        case _:
            assert_never(badge.status)


def member_refusal(member: Member, now: Instant) -> Reason | None:
    """Return why this member may not come in now, with or without a badge, or None."""
    if not member.active:
        return Reason.MEMBER_INACTIVE
    if now.clock is ClockState.UNSET:
        return None  # a clock that was never set cannot tell that somebody's time has not come or is over
    if member.valid_from is not None and now.wall < member.valid_from:
        return Reason.MEMBERSHIP_NOT_BEGUN
    if member.valid_until is not None and now.wall >= member.valid_until:
        return Reason.MEMBERSHIP_ENDED
    return None
