"""SCIM resources kept in the centre's database: what scim2-server asks of a storage, durably."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Union, cast

from scim2_models import (
    AttributeBinding,
    Meta,
    NotFoundException,
    Path,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    ScimProvider,
    SearchRequest,
    Uniqueness,
    UniquenessException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage
from scim2_server.utils import parametrize

from kiosk.domain.instant import Instant
from sync.centre.storage.paging import Key, is_descending, slice_of
from sync.centre.storage.room import Room, set_state, state

_ROSTER_VERSION = "roster_version"
_COLUMNS = "type, id, version, created, modified, document"
_UNIQUE = (Uniqueness.server, Uniqueness.global_)

_Row = tuple[str, str, str, str, str, str]


class Resources(ScimStorage):
    """The resources by type and id. Each call is one transaction, or part of the one that `Room` has open."""

    supports_cursors = True

    def __init__(
        self, room: Room, provider: ScimProvider, clock: Callable[[], Instant], make_id: Callable[[], str]
    ) -> None:
        """Use the open database. `make_id` makes ids and versions that rise."""
        self._room = room
        self._provider = provider
        self._clock = clock
        self._make_id = make_id

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,  # noqa: ARG002 - the server leaves out the rest itself
    ) -> Resource[Any]:
        """Return the resource, or raise that there is none."""
        with self._room.reading() as db:
            row = _row(db, resource_type, resource_id)
        return self._resource(resource_type, row)

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Return one page. Without filter and order only that page is read and parsed."""
        types = {str(one.name): one for one in resource_types}
        if search_request.filter is None and search_request.sort_by is None:
            return self._plain_search(types, search_request, position)
        found = [self._resource(types[row[0]], row) for row in self._candidates(types, search_request.filter)]
        found = _filtered(found, search_request.filter)
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
        with self._room.transaction() as db:
            kept = db.execute(
                "SELECT created FROM resources WHERE type = ? AND id = ?", [resource_type.name, resource_id]
            ).fetchone()
            now = self._clock().wall.isoformat()
            return self._keep(db, resource_type, resource, resource_id, kept[0] if kept else now, now)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Replace the resource, or raise that it is not there or no longer of that version."""
        with self._room.transaction() as db:
            row = _row(db, resource_type, str(resource.id))
            _check_version(row, expected_version)
            now = self._clock().wall.isoformat()
            return self._keep(db, resource_type, resource, row[1], row[3], now)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Remove the resource, or raise that it is not there or no longer of that version."""
        with self._room.transaction() as db:
            _check_version(_row(db, resource_type, resource_id), expected_version)
            of_it = [resource_type.name, resource_id]
            db.execute("DELETE FROM resources WHERE type = ? AND id = ?", of_it)
            db.execute("DELETE FROM unique_values WHERE type = ? AND id = ?", of_it)
            set_state(db, _ROSTER_VERSION, self._make_id())

    def version(self) -> str:
        """Return the name of the state of all resources: every change gives a new one, also after a restored backup."""
        with self._room.reading() as db:
            return state(db, _ROSTER_VERSION) or "empty"

    def count(self, resource_type: ResourceType) -> int:
        """Return how many resources of that type there are."""
        with self._room.reading() as db:
            row = db.execute("SELECT COUNT(*) FROM resources WHERE type = ?", [resource_type.name]).fetchone()
        return int(row[0])

    def _plain_search(self, types: dict[str, ResourceType], request: SearchRequest[Any], position: Any) -> SearchPage:
        names, marks = list(types), ",".join("?" * len(types))
        with self._room.reading() as db:
            question = f"SELECT id, type FROM resources WHERE type IN ({marks}) ORDER BY id, type"  # noqa: S608 - only marks
            ids = db.execute(question, names).fetchall()
            keys: list[Key] = [(True, "", row[0]) for row in ids]
            part = slice_of(keys, request, position)
            question = f"SELECT {_COLUMNS} FROM resources WHERE id = ? AND type = ?"  # noqa: S608 - our own columns
            rows = [db.execute(question, row).fetchone() for row in ids[part.start : part.stop]]
        return SearchPage(len(ids), [self._resource(types[row[0]], row) for row in rows], part.next, part.previous)

    def _candidates(self, types: dict[str, ResourceType], asked: ScimFilter[Any] | None) -> list[_Row]:
        names, marks = list(types), ",".join("?" * len(types))
        unique = _unique_value(asked) if len(types) == 1 else None
        with self._room.reading() as db:
            if unique is None:
                question = f"SELECT {_COLUMNS} FROM resources WHERE type IN ({marks}) ORDER BY id"  # noqa: S608 - marks and our own columns
                return db.execute(question, names).fetchall()
            owner = "SELECT id FROM unique_values WHERE urn = ? AND value = ?"
            question = f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND id IN ({owner})"  # noqa: S608 - as above
            return db.execute(question, [names[0], *unique]).fetchall()

    def _keep(  # noqa: PLR0913, PLR0917 - the columns of one row
        self,
        db: sqlite3.Connection,
        resource_type: ResourceType,
        resource: Resource[Any],
        resource_id: str,
        created: str,
        modified: str,
    ) -> Resource[Any]:
        document = {**resource.model_dump(), "id": resource_id}
        document.pop("meta", None)
        version = self._make_id()
        row = (str(resource_type.name), resource_id, f'W/"{version}"', created, modified, json.dumps(document))
        stored = self._resource(resource_type, row)
        of_it = [resource_type.name, resource_id]
        db.execute("DELETE FROM unique_values WHERE type = ? AND id = ?", of_it)
        for urn, value in _unique_values(stored).items():
            if (
                db.execute("INSERT OR IGNORE INTO unique_values VALUES (?, ?, ?, ?)", [urn, value, *of_it]).rowcount
                == 0
            ):
                raise UniquenessException
        db.execute("INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?, ?)", row)
        set_state(db, _ROSTER_VERSION, version)
        return stored

    def _resource(self, resource_type: ResourceType, row: _Row) -> Resource[Any]:
        model = cast("type[Resource[Any]]", self._provider.model_for(resource_type))
        resource = model.model_validate(json.loads(row[5]))
        created, modified = datetime.fromisoformat(row[3]), datetime.fromisoformat(row[4])
        resource.meta = Meta(resource_type=row[0], created=created, last_modified=modified, version=row[2])
        return resource


def _row(db: sqlite3.Connection, resource_type: ResourceType, resource_id: str) -> _Row:
    question = f"SELECT {_COLUMNS} FROM resources WHERE type = ? AND id = ?"  # noqa: S608 - our own columns
    row: _Row | None = db.execute(question, [resource_type.name, resource_id]).fetchone()
    if row is None:
        raise NotFoundException(detail=f"{resource_type.name} {resource_id!r} not found")
    return row


def _check_version(row: _Row, expected: str | None) -> None:
    if expected is not None and row[2] != expected:
        raise PreconditionFailedException


def _key(request: SearchRequest[Any], resource: Resource[Any]) -> Key:
    value = request.sort_value(resource)
    return value is None, "" if value is None else value, str(resource.id)


def _filtered(resources: Sequence[Resource[Any]], asked: ScimFilter[Any] | None) -> list[Resource[Any]]:
    if asked is None or not resources:
        return list(resources)
    if not asked.models:
        # A search at the root: the filter must know which types it speaks of.
        models = tuple(dict.fromkeys(type(one) for one in resources))
        asked = parametrize(ScimFilter, Union[models])(str(asked))  # noqa: UP007 - made of types known at run time
    return [one for one in resources if asked.match(one)]


def _unique_value(asked: ScimFilter[Any] | None) -> tuple[str, str] | None:
    """Return the attribute and the value asked for, if all that is asked is that a unique text equals another."""
    if asked is None or asked.model is None:
        return None
    node = asked.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return None
    binding = asked.resolve_comparison(node.attr_path, strict=False)
    if binding is None or binding.is_multivalued or binding.target_type is not str:
        return None
    is_unique = binding.get_annotation(Uniqueness) in _UNIQUE
    return (binding.urn, str(binding.comparable(node.value))) if is_unique else None


def _unique_values(resource: Resource[Any]) -> dict[str, str]:
    model = type(resource)
    found = {}
    for path in parametrize(Path, model).iter_paths(include_subattributes=False, uniqueness=list(_UNIQUE)):
        binding = cast("AttributeBinding", path.resolve())
        value = parametrize(Path, model)(binding.urn).get(resource, strict=False)
        if value is not None:
            found[binding.urn] = str(binding.comparable(value))
    return found
