"""SCIM resources kept in the centre's database: what scim2-server asks of a storage, durably."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from scim2_models import (
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimProvider,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from kiosk.domain.instant import Instant
from sync.centre.records import KINDS, Document
from sync.centre.storage import kin
from sync.centre.storage.feed import BadgeTakenError, Feed, enrolled
from sync.centre.storage.paging import Key, is_descending, is_forward, slice_of, sliced
from sync.centre.storage.room import Lock, Room, Row, Work, marks, set_state, state
from sync.centre.storage.unique import filtered, unique_value, unique_values
from sync.centre.times import utc_text

ROSTER_VERSION = "roster_version"

_COLUMNS = "type, id, version, created, modified, document"
_OF_AGENCY = "SELECT id FROM records WHERE agency = ? AND kind = 'member'"

Check = Callable[[Work, str, Document], None]
"""Raises a SCIM error if a document of that type may not be kept."""


def _unchecked(_work: Work, _type: str, _document: Document) -> None:
    return


class Resources(ScimStorage):
    """The resources by type and id. Each call is one transaction, or part of the one that `Room` has open.

    With `agency`, as if there were no members but that agency's.
    """

    supports_cursors = True

    def __init__(  # noqa: PLR0913, PLR0917 - the composition of one part out of others
        self,
        room: Room,
        provider: ScimProvider,
        clock: Callable[[], Instant],
        make_id: Callable[[], str],
        check: Check = _unchecked,
        agency: str | None = None,
    ) -> None:
        """Use the open database. `make_id` makes ids and versions that rise."""
        self._room = room
        self._provider = provider
        self._clock = clock
        self._make_id = make_id
        self._check = check
        self._agency = agency
        self._feed = Feed()

    def of_agency(self, agency: str) -> "Resources":
        """Return the same resources, as if there were no members but that agency's."""
        return Resources(self._room, self._provider, self._clock, self._make_id, self._check, agency)

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - the server leaves out the rest itself
    ) -> Resource[Any]:
        """Return the resource, or raise that there is none."""
        with self._room.reading() as work:
            row = self._row(work, resource_type, resource_id)
        return self._resource(resource_type, row)

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Return one page. Without filter and order only that page is read and parsed."""
        types = {str(one.name): one for one in resource_types}
        if search_request.filter is None and search_request.sort_by is None and self._agency is None:
            return self._plain_search(types, search_request, position)
        found = [self._resource(types[row[0]], row) for row in self._candidates(types, search_request.filter)]
        found = filtered(found, search_request.filter)
        pairs = [(_key(search_request, one), one) for one in found]
        pairs.sort(key=lambda pair: pair[0], reverse=is_descending(search_request))
        part = slice_of([key for key, _ in pairs], search_request, position)
        resources = [one for _, one in pairs[part.start : part.stop]]
        return SearchPage(len(pairs), resources, part.next, part.previous)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Keep a new resource under a new id."""
        return self.put(resource_type, resource, self._make_id())

    def put(self, resource_type: ResourceType, resource: Resource[Any], resource_id: str) -> Resource[Any]:
        """Keep the resource under that id, in place of what was there."""
        with self._writing() as work:
            question = f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND id = ?"  # noqa: S608 - our own columns
            return self._keep(
                work, resource_type, resource, resource_id, work.row(question, (resource_type.name, resource_id))
            )

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace the resource, or raise that it is not there or no longer of that version."""
        with self._writing() as work:
            row = self._row(work, resource_type, str(resource.id))
            _check_version(row, expected_version)
            return self._keep(work, resource_type, resource, row[1], row)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Remove the resource, or raise that it is not there or no longer of that version."""
        with self._writing() as work:
            _check_version(self._row(work, resource_type, resource_id), expected_version)
            of_it = (resource_type.name, resource_id)
            work.run("DELETE FROM resources WHERE type = ? AND id = ?", of_it)
            work.run("DELETE FROM unique_values WHERE type = ? AND id = ?", of_it)
            set_state(work, ROSTER_VERSION, self._make_id())
            kind = KINDS.get(str(resource_type.name))
            if kind is not None:
                self._feed.removed(work, kind, resource_id, self._now())

    def version(self) -> str:
        """Return the name of the state of all resources: every change gives a new one, also after a restored backup."""
        with self._room.reading() as work:
            return state(work, ROSTER_VERSION) or "empty"

    def count(self, resource_type: ResourceType) -> int:
        """Return how many resources of that type there are."""
        with self._room.reading() as work:
            return _count(work, [str(resource_type.name)])

    @contextmanager
    def _writing(self) -> Iterator[Work]:
        with self._room.transaction() as work:
            work.lock(Lock.ROSTER)
            yield work

    def enrolled(self, agency: str) -> int:
        """Return how many members the agency has enrolled."""
        with self._room.reading() as work:
            return enrolled(work, agency)

    def _plain_search(self, types: dict[str, ResourceType], request: SearchRequest[Any], position: Any) -> SearchPage:
        names = list(types)
        with self._room.reading() as work:
            if len(names) == 1 and is_forward(request, position):
                rows, total, after, before = sliced(work, _COLUMNS, names[0], request, position)
                return SearchPage(total, [self._resource(types[row[0]], row) for row in rows], after, before)
            question = f"SELECT id, type FROM resources WHERE type IN ({marks(names)}) ORDER BY id, type"  # noqa: S608 - only marks
            ids = work.rows(question, names)
            keys: list[Key] = [(True, "", row[0]) for row in ids]
            part = slice_of(keys, request, position)
            question = f"SELECT {_COLUMNS} FROM resources WHERE id = ? AND type = ?"  # noqa: S608 - our own columns
            rows = [cast("Row", work.row(question, row)) for row in ids[part.start : part.stop]]
        return SearchPage(len(ids), [self._resource(types[row[0]], row) for row in rows], part.next, part.previous)

    def _candidates(self, types: dict[str, ResourceType], asked: ScimFilter[Any] | None) -> list[Row]:
        names = list(types)
        question = f"SELECT {_COLUMNS} FROM resources WHERE type IN ({marks(names)})"  # noqa: S608 - marks and our own columns
        values: list[Any] = [*names]
        if self._agency is not None:
            question, values = f"{question} AND id IN ({_OF_AGENCY})", [*values, self._agency]
        unique = unique_value(asked) if len(types) == 1 else None
        if unique is not None:
            owner = "SELECT id FROM unique_values WHERE urn = ? AND value = ?"
            question, values = f"{question} AND id IN ({owner})", [*values, *unique]
        with self._room.reading() as work:
            return work.rows(f"{question} ORDER BY id", values)

    def _row(self, work: Work, resource_type: ResourceType, resource_id: str) -> Row:
        question = f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND id = ?"  # noqa: S608 - our own columns
        values: list[Any] = [resource_type.name, resource_id]
        if self._agency is not None:
            question, values = f"{question} AND id IN ({_OF_AGENCY})", [*values, self._agency]
        row = work.row(question, values) if "\0" not in resource_id else None
        if row is None:
            raise NotFoundException(detail=f"{resource_type.name} {resource_id!r} not found")
        return row

    def _keep(
        self, work: Work, resource_type: ResourceType, resource: Resource[Any], resource_id: str, kept: Row | None
    ) -> Resource[Any]:
        name, now = str(resource_type.name), self._clock().wall.isoformat()
        written = {**resource.model_dump(), "id": resource_id}
        written.pop("meta", None)
        document = kin.as_one(work, written)
        self._check(work, name, document)
        version = self._make_id()
        row = (name, resource_id, f'W/"{version}"', kept[3] if kept else now, now, json.dumps(document))
        stored = self._resource(resource_type, row)
        work.run("DELETE FROM unique_values WHERE type = ? AND id = ?", (name, resource_id))
        for urn, value in unique_values(stored).items():
            statement = "INSERT INTO unique_values VALUES (?, ?, ?, ?) ON CONFLICT (urn, value) DO NOTHING"
            if work.run(statement, (urn, value, name, resource_id)) == 0:
                raise UniquenessException
        work.run("DELETE FROM resources WHERE type = ? AND id = ?", (name, resource_id))
        work.run("INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)", row)
        set_state(work, ROSTER_VERSION, version)
        if name in KINDS:
            before = json.loads(kept[5]) if kept else {}
            try:
                self._feed.wrote(work, KINDS[name], resource_id, before, document, self._now())
            except BadgeTakenError as error:
                raise UniquenessException(detail=str(error)) from error
        return stored

    def _resource(self, resource_type: ResourceType, row: Row) -> Resource[Any]:
        model = cast("type[Resource[Any]]", self._provider.model_for(resource_type))
        resource = model.model_validate(json.loads(row[5]))
        created, modified = datetime.fromisoformat(row[3]), datetime.fromisoformat(row[4])
        resource.meta = Meta(resource_type=row[0], created=created, last_modified=modified, version=row[2])
        return resource

    def _now(self) -> str:
        return utc_text(self._clock().wall)


def _count(work: Work, names: list[str]) -> int:
    row = work.row(f"SELECT COUNT(*) FROM resources WHERE type IN ({marks(names)})", names)  # noqa: S608 - only marks
    return int(row[0]) if row else 0


def _check_version(row: Row, expected: str | None) -> None:
    if expected is not None and row[2] != expected:
        raise PreconditionFailedException


def _key(request: SearchRequest[Any], resource: Resource[Any]) -> Key:
    value = request.sort_value(resource)
    return value is None, "" if value is None else value, str(resource.id)
