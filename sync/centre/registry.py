"""The centre's books in one hand: agencies, members, tokens and events, for the server and for the command line."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from scim2_models import NotFoundException

from kiosk.domain.ids import SiteId
from kiosk.domain.instant import Instant
from sync.centre import schemas
from sync.centre.storage.events import Events
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import CentreError, Room, state_or_new
from sync.centre.storage.tokens import Bearer, Role, Tokens

IMPORT_BYTES_MAX = 64 * 1024 * 1024

Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewBadge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A badge by its key under one version of the secret."""

    key: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    key_version: Annotated[int, msgspec.Meta(ge=1)] = 1
    status: Literal["active", "lost", "withdrawn"] = "active"


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member to enrol; one with the same id is replaced."""

    id: Id
    name: Name
    agency: Id
    language: Literal["sv", "en"] = "sv"
    active: bool = True
    valid_from: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    valid_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    badges: tuple[NewBadge, ...] = ()


class NewAgency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agency to enrol; one with the same id is replaced."""

    id: Id
    name: Name
    seats: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Agencies and members to enrol together."""

    agencies: tuple[NewAgency, ...] = ()
    members: tuple[NewMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What the centre holds. Events are counted by source and type, each (source, id) once."""

    agencies: int
    members: int
    events: dict[str, dict[str, int]]
    missing: dict[str, int]

    @property
    def distinct(self) -> int:
        """Return how many different events there are."""
        return sum(sum(by_type.values()) for by_type in self.events.values())


class Registry:
    """The open database. Other processes may have it open, and write, at the same time."""

    def __init__(self, path: Path, clock: Callable[[], Instant], make_id: Callable[[], str]) -> None:
        """Open or create the file. `make_id` makes ids that rise."""
        self.clock = clock
        self.provider = schemas.provider()
        self._rooms = (Room(path), Room(path))
        # Events have a connection of their own: they never wait for a long list of members to be read.
        people, happenings = self._rooms
        self.resources = Resources(people, self.provider, clock, make_id)
        self.tokens = Tokens(happenings)
        self.events = Events(happenings)
        self.cursor_secret = state_or_new(people, "cursor_secret", lambda: secrets.token_hex(32))

    def enrol(self, enrolment: Enrolment) -> None:
        """Enrol all of it in one transaction, or nothing: raise `CentreError` if a member's agency is unknown."""
        with self._rooms[0].transaction():
            for agency in enrolment.agencies:
                self.resources.put(schemas.AGENCY, _agency(agency), agency.id)
            for member in enrolment.members:
                self._demand_agency(member.agency)
                self.resources.put(schemas.USER, _user(member), member.id)

    def issue_token(self, site: SiteId, source: str, role: Role = Role.HOUSE) -> str:
        """Return a new token for the site, which cannot be read again."""
        return self.tokens.issue(Bearer(role, site, source), self.clock())

    def report(self) -> Report:
        """Return what the centre holds."""
        agencies, members = self.resources.count(schemas.AGENCY), self.resources.count(schemas.USER)
        return Report(agencies, members, self.events.by_type(), self.events.gaps())

    def close(self) -> None:
        """Close the file."""
        for room in self._rooms:
            room.close()

    def _demand_agency(self, agency: str) -> None:
        try:
            self.resources.get(schemas.AGENCY, agency)
        except NotFoundException as error:
            message = f"there is no agency {agency}: add it first"
            raise CentreError(message) from error


def read_enrolment(text: bytes) -> Enrolment:
    """Return the enrolment in a JSON file, or raise `CentreError` saying what is wrong with it."""
    try:
        return _enrolment.decode(text[: IMPORT_BYTES_MAX + 1])
    except msgspec.MsgspecError as error:
        message = f"the file cannot be read: {error}"
        raise CentreError(message) from error


_enrolment = msgspec.json.Decoder(Enrolment)


def _agency(one: NewAgency) -> schemas.Agency[Any]:
    return schemas.Agency(display_name=one.name, seats=one.seats)


def _user(one: NewMember) -> schemas.User[schemas.Membership]:
    membership = schemas.Membership(
        agency=one.agency,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        badges=_badges(one.badges),
    )
    user = schemas.User[schemas.Membership](
        user_name=one.id, display_name=one.name, active=one.active, preferred_language=one.language
    )
    user[schemas.Membership] = membership
    return user


def _badges(badges: Iterable[NewBadge]) -> list[schemas.Badge]:
    return [schemas.Badge(value=one.key, key_version=one.key_version, status=one.status) for one in badges]
