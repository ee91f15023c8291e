"""What a page of the roster brings, as values: apart from the store, so that parsing a page needs no database."""

from dataclasses import dataclass

from kiosk.domain.members import Agency, Badge, BadgeLevel, Member

Key = tuple[str, str]
"""Kind and id of a record: `member` or `agency`."""
BadgeRow = tuple[str, int, str] | tuple[str, int, str, str]
"""Key, version and status of a badge, and its level where that is more than its number."""
MemberRow = tuple[str, str, str, int, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member and all of their badges."""

    member: Member
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be used: what it was, its id as far as it had one, and why not.

    `hash` is the centre's of it and `own` ours of what was known instead, where they are known.
    """

    kind: str
    id: str
    reason: str
    hash: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page brought."""

    agencies: tuple[Agency, ...] = ()
    people: tuple[Enrolled, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be kept as the centre has it: the hash of theirs, and of what was ours then."""

    hash: str
    own: str


def badge_row(key: str, version: int, status: str, level: str) -> BadgeRow:
    """Return a badge as it stands in the content of its member's record."""
    return (key, version, status) if level == BadgeLevel.UID else (key, version, status, level)
