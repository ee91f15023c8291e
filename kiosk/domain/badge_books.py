"""Whose a badge is, when the house knows something of it that the centre has not confirmed yet. Pure."""

from dataclasses import dataclass, replace

from kiosk.domain.ids import BadgeKey, MemberId
from kiosk.domain.members import Badge, BadgeLevel, BadgeStatus, Holder


@dataclass(frozen=True, slots=True)
class OwnBadge:
    """A badge as this house last changed it, by the event with that sequence in the journal.

    Until it is confirmed it says more than the roster; afterwards only that a verified badge must prove itself.
    `is_said` is False of one that only got a newer key here: of how it stands the house has said nothing.
    """

    badge: Badge
    seq: int
    is_confirmed: bool = False
    is_said: bool = True


@dataclass(frozen=True, slots=True)
class ProofCounter:
    """The counter that a proof of a member's badge was accepted with."""

    badge: BadgeKey
    member: MemberId
    counter: int


def speaks(own: OwnBadge, known: Badge | None) -> bool:
    """Return whether the house's own word on a badge goes before the roster's, which is `known`.

    A withdrawal is the centre's alone, and so is to whom of two houses' members a badge belongs. What the centre has
    blocked under one key stays blocked under another, unless the house has said since how that very badge stands.
    """
    if known is None:
        return not own.is_confirmed
    if known.status is BadgeStatus.WITHDRAWN or known.member != own.badge.member:
        return False
    is_about_it = own.is_said and known.key in own.badge.keys
    if known.status is not BadgeStatus.ACTIVE and not is_about_it:
        return False
    return not own.is_confirmed


def merged(own: OwnBadge, known: Badge | None) -> Badge | None:
    """Return the badge as it holds at the door: who has it and how it stands by whoever speaks, at the higher level.

    It is known by its newest key, whoever speaks.
    """
    speaking = own.badge if speaks(own, known) else known
    if speaking is None:
        return None
    if speaking.key == own.badge.was and speaking.member == own.badge.member:
        speaking = replace(own.badge, status=speaking.status)
    levels = {own.badge.level, speaking.level, known.level if known else BadgeLevel.UID}
    is_same = speaking.member == own.badge.member
    return replace(speaking, level=BadgeLevel.VERIFIED) if BadgeLevel.VERIFIED in levels and is_same else speaking


def agrees(own: OwnBadge, known: Badge | None) -> bool:
    """Return whether the roster has what the house said, or has decided otherwise: the centre knows."""
    if known is None:
        return False
    if not own.is_said:
        return True
    decided = known.member != own.badge.member or known.status is BadgeStatus.WITHDRAWN
    return decided or known.status is own.badge.status


def holder_by(badge: Badge | None, held: Holder | None, member: Holder | None) -> Holder | None:
    """Return the holder of that badge: `held` is who the roster gives it to, `member` who the badge says."""
    if badge is None:
        return None
    who = held if held is not None and held.member.id == badge.member else member
    return None if who is None or who.member.id != MemberId(badge.member) else replace(who, badge=badge)
