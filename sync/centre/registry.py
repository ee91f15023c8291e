"""The centre's books in one hand: agencies, members, tokens and events, for the server and for the command line."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from scim2_models import NotFoundException, Resource, ResourceType, SCIMException

from kiosk.domain.ids import SiteId
from kiosk.domain.instant import Instant
from sync.centre import schemas
from sync.centre.enrolment import (
    Enrolment,
    NewAgency,
    NewBadge,
    NewMember,
    agency_resource,
    read_enrolment,
    user_resource,
)
from sync.centre.kept import check
from sync.centre.storage import retention, streams
from sync.centre.storage.books import Books
from sync.centre.storage.events import Events
from sync.centre.storage.houses import Houses
from sync.centre.storage.opening import open_rooms
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import CentreError, Room, state_or_new
from sync.centre.storage.roster import Roster
from sync.centre.storage.sessions import Sessions
from sync.centre.storage.tokens import Bearer, Role, Tokens
from sync.centre.times import utc_text

__all__ = ["Enrolment", "NewAgency", "NewBadge", "NewMember", "Registry", "Report", "read_enrolment"]


@dataclass(frozen=True, slots=True)
class Report:
    """What the centre holds. Events are counted by source and type, each (source, id) once."""

    agencies: int
    members: int
    events: dict[str, dict[str, int]]
    missing: dict[str, int]
    disputes: dict[str, int]
    overlaps: int
    excesses: int

    @property
    def distinct(self) -> int:
        """Return how many different events there are."""
        return sum(sum(by_type.values()) for by_type in self.events.values())


class Registry:
    """The open database, by a path or a URL. Other processes may have it open, and write, at the same time."""

    def __init__(self, database: str | Path, clock: Callable[[], Instant], make_id: Callable[[], str]) -> None:
        """Open or create the database. `make_id` makes ids that rise."""
        self.clock = clock
        self.provider = schemas.provider()
        self._rooms = open_rooms(database)
        # Events have a connection of their own: they never wait for a long list of members to be read.
        people, happenings = self._rooms
        self.resources = Resources(people, self.provider, clock, make_id, check)
        self.roster = Roster(people, clock)
        self.tokens = Tokens(happenings)
        self.events = Events(happenings, make_id)
        self.houses = Houses(happenings, clock)
        of_books = Resources(happenings, self.provider, clock, make_id, check)
        self.books = Books(happenings, of_books, clock)
        self.sessions = Sessions(people, clock)
        self.cursor_secret = state_or_new(people, "cursor_secret", lambda: secrets.token_hex(32))

    @property
    def people(self) -> Room:
        """Return the room for work on agencies and members."""
        return self._rooms[0]

    @property
    def happenings(self) -> Room:
        """Return the room for work on what houses tell."""
        return self._rooms[1]

    def enrol(self, enrolment: Enrolment) -> None:
        """Enrol all of it in one transaction, or nothing: raise `CentreError` if one of it cannot be kept."""
        with self.people.transaction():
            for agency in enrolment.agencies:
                self._put(schemas.AGENCY, agency_resource(agency), agency.id)
            for member in enrolment.members:
                self._demand_agency(member)
                self._put(schemas.USER, user_resource(member), member.id)

    def approve(self, member: str) -> None:
        """Note that the agency's head has approved the member, or raise `CentreError` if there is nobody to approve."""
        with self.people.transaction():
            try:
                user = cast("schemas.User[schemas.Membership]", self.resources.get(schemas.USER, member))
            except NotFoundException as error:
                message = f"there is no member {member}"
                raise CentreError(message) from error
            membership = user[schemas.Membership]
            if membership is None or membership.approval is None:
                message = f"{member} waits for no approval"
                raise CentreError(message)
            membership.approval = None
            user[schemas.Membership] = membership
            self.resources.update(schemas.USER, user)

    def issue_token(self, site: SiteId, source: str, role: Role = Role.HOUSE) -> str:
        """Return a new token for the site, which cannot be read again."""
        return self.tokens.issue(Bearer(role, site, source), self.clock())

    def report(self) -> Report:
        """Return what the centre holds, with the books brought up to date."""
        self.houses.flush()
        self.books.settle()
        agencies, members = self.resources.count(schemas.AGENCY), self.resources.count(schemas.USER)
        with self.happenings.reading() as work:
            events: dict[str, dict[str, int]] = {}
            for source, kind, count in work.rows("SELECT source, type, number FROM tallies ORDER BY source, type"):
                events.setdefault(str(source), {})[str(kind)] = int(count)
            question = "SELECT source, COUNT(*) FROM disputes WHERE member <> '' GROUP BY source ORDER BY source"
            disputed = {str(row[0]): int(row[1]) for row in work.rows(question)}
            counts = [work.row(f"SELECT COUNT(*) FROM {one}") for one in ("overlapping", "excesses")]  # noqa: S608 - our own names
            lacking = streams.lacking(work)
        overlaps, excesses = (int(one[0]) if one else 0 for one in counts)
        return Report(agencies, members, events, lacking, disputed, overlaps, excesses)

    def let_go(self, before: datetime, *, anew: bool = False) -> dict[str, int]:
        """Let go of what is of persons and older than that moment, `anew` also where that was done before.

        Return how many rows of each table that were.
        """
        return retention.let_go(self.happenings, utc_text(before), anew=anew)

    def kept_too_long(self, before: datetime) -> dict[str, int]:
        """Return what is of persons and older than that moment, and there all the same."""
        return retention.left(self.happenings, utc_text(before))

    def close(self) -> None:
        """Let go of the database."""
        self.houses.flush()
        for room in self._rooms:
            room.close()

    def _put(self, kind: ResourceType, resource: Resource[Any], name: str) -> None:
        try:
            self.resources.put(kind, resource, name)
        except SCIMException as error:
            message = f"{name}: {error.detail or error}"
            raise CentreError(message) from error

    def _demand_agency(self, member: NewMember) -> None:
        try:
            self.resources.get(schemas.AGENCY, member.agency)
        except NotFoundException as error:
            message = f"there is no agency {member.agency}: add it first"
            raise CentreError(message) from error
