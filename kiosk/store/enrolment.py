"""What a page of the roster brings, as values: apart from the store, so that parsing a page needs no database."""

from dataclasses import dataclass

from kiosk.domain.members import Agency, Badge, Member


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member and all of their badges."""

    member: Member
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be used: what it was, its id as far as it had one, and why not."""

    kind: str
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one page brought."""

    agencies: tuple[Agency, ...] = ()
    people: tuple[Enrolled, ...] = ()
    refused: tuple[Refusal, ...] = ()
