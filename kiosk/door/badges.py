"""What is said through the door about badges. No UID is, and no key but one that is imported."""

from typing import Annotated

import msgspec

from kiosk.domain.board import UnknownBadge
from kiosk.domain.members import BadgeLevel, BadgeStatus
from kiosk.door.base import Ask, Say


class ShowUnknownBadges(Ask, frozen=True, tag="unknown_badges"):
    """Send me the badges last shown here that a host may name by their references: unknown or lost."""


class ShowBadges(Ask, frozen=True, tag="badges"):
    """Send me a member's badges. The desk writes one line in the access log: who asked, and for which purpose."""

    member: str
    by: str
    purpose: str


class AskEnrolBadge(Ask, frozen=True, tag="enrol_badge"):
    """Ask for `EnrolBadge`: the reference is what the screen showed at the badge's last tap, in any spelling."""

    reference: str
    member: str
    by: str


class AskImportBadge(Ask, frozen=True, tag="import_badge"):
    """Ask for `ImportBadge`."""

    badge: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    key_version: Annotated[int, msgspec.Meta(ge=1)]
    member: str
    by: str


class AskBadgeLost(Ask, frozen=True, tag="badge_lost"):
    """Ask for `ReportBadgeLost`: of the member, by the badge's reference, or both."""

    by: str
    member: str | None = None
    reference: str | None = None


class AskBadgeFound(Ask, frozen=True, tag="badge_found"):
    """Ask for `ReportBadgeFound`: of the member, by the badge's reference, or both."""

    by: str
    member: str | None = None
    reference: str | None = None


class MemberBadge(msgspec.Struct, frozen=True):
    """One of a member's badges, as a host may see it."""

    reference: str
    status: BadgeStatus
    level: BadgeLevel
    key_version: int


class SayUnknownBadges(Say, frozen=True, tag="unknown_badges"):
    """The badges last shown here that a host may name, the last one first."""

    re: str
    badges: tuple[UnknownBadge, ...]


class SayBadges(Say, frozen=True, tag="badges"):
    """A member's badges."""

    re: str
    badges: tuple[MemberBadge, ...]
