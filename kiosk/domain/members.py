"""Who may come: agencies, members and their badges, as the roster tells them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import AgencyId, BadgeKey, MemberId


class Language(StrEnum):
    """The languages that every text for people exists in."""

    SV = "sv"
    EN = "en"


class BadgeStatus(StrEnum):
    """Whether a badge opens: lost and withdrawn ones never do."""

    ACTIVE = "active"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class BadgeLevel(StrEnum):
    """What a badge must show to be accepted: its number alone, which can be copied, or that it holds a key of ours."""

    UID = "uid"
    VERIFIED = "verified"


class SeatPolicy(StrEnum):
    """What happens at the entrance when an agency's room in the house is full. Leaving is never refused."""

    WARN = "warn"
    HOST = "host"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Agency:
    """A public body with a membership for a number of employees.

    `seats` is how many members it may enrol, `enrolled` how many it has, as the centre says; None is not told.
    `at_once` is how many of them its agreement lets be in the house at the same time; None is no such limit.
    """

    id: AgencyId
    name: str
    seats: int
    enrolled: int | None = None
    at_once: int | None = None
    policy: SeatPolicy = SeatPolicy.WARN


@dataclass(frozen=True, slots=True)
class Member:
    """An employee enrolled by an agency. The validity bounds are aware UTC; None is open."""

    id: MemberId
    name: str
    agency: AgencyId
    active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    language: Language = Language.SV


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge of a member, known by its key under one version of the shared secret.

    `was` is its key under an older one, where it got this one here and the centre may know it by that alone.
    """

    key: BadgeKey
    key_version: int
    member: MemberId
    status: BadgeStatus = BadgeStatus.ACTIVE
    level: BadgeLevel = BadgeLevel.UID
    was: BadgeKey | None = None

    @property
    def keys(self) -> tuple[BadgeKey, ...]:
        """Return every key that the badge is known by, this one first."""
        return (self.key,) if self.was is None else (self.key, self.was)


@dataclass(frozen=True, slots=True)
class Holder:
    """What the roster knows of a member, and of the badge that was shown, if it was a badge that led to them."""

    member: Member
    agency: Agency
    badge: Badge | None = None
