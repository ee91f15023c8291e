"""Pages of a search: a cursor is the sort value and the id at a page's edge, so that pages stay whole under change."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scim2_models import InvalidCursorException, SearchRequest

from sync.centre.storage.room import Row, Work

Key = tuple[bool, Any, str]
"""What orders a resource: whether it lacks the sort value, the value, and its id."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the sorted keys that a page covers, and the positions of the pages beside it."""

    start: int
    stop: int
    next: dict[str, Any] | None = None
    previous: dict[str, Any] | None = None


def is_forward(request: SearchRequest[Any], position: Any) -> bool:
    """Return whether the page can be found from its beginning alone, without the keys of all."""
    if request.count == 0:
        return False
    return request.cursor is None or position is None or (isinstance(position, dict) and position.get("d") == "next")


def sliced(
    work: Work, columns: str, kind: str, request: SearchRequest[Any], position: Any
) -> tuple[list[Row], int, dict[str, Any] | None, dict[str, Any] | None]:
    """Return the rows of one page by id, how many there are in all, and the positions of the pages beside it."""
    counted = work.row("SELECT COUNT(*) FROM resources WHERE type = ?", (kind,))
    total = int(counted[0]) if counted else 0
    count = total if request.count is None else request.count
    if request.cursor is None:
        question = f"SELECT {columns} FROM resources WHERE type = ? ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608 - our own columns
        return work.rows(question, (kind, count, request.start_index_0 or 0)), total, None, None
    after = "" if position is None else _read(position)[1][2]
    question = f"SELECT {columns} FROM resources WHERE type = ? AND id > ? ORDER BY id LIMIT ?"  # noqa: S608 - our own columns
    rows = work.rows(question, (kind, after, count + 1))
    page = rows[:count]
    if not page:
        return [], total, None, None
    is_first = work.row("SELECT 1 FROM resources WHERE type = ? AND id < ? LIMIT 1", (kind, page[0][1])) is None
    following = _position("next", (True, "", page[-1][1])) if len(rows) > count else None
    return page, total, following, None if is_first else _position("previous", (True, "", page[0][1]))


def is_descending(request: SearchRequest[Any]) -> bool:
    """Return whether the search asks for the last first."""
    return request.sort_by is not None and request.sort_order == SearchRequest.SortOrder.descending


def slice_of(keys: Sequence[Key], request: SearchRequest[Any], position: Any) -> Slice:
    """Return the page of the sorted keys that the search asks for."""
    if request.cursor is None:
        start = request.start_index_0 or 0
        return Slice(start, len(keys) if request.count is None else start + request.count)
    if request.count == 0:
        return Slice(0, 0)
    start, stop = _bounds(keys, position, request)
    after = _position("next", keys[stop - 1]) if start < stop < len(keys) else None
    before = _position("previous", keys[start]) if start < stop and start > 0 else None
    return Slice(start, stop, after, before)


def _bounds(keys: Sequence[Key], position: Any, request: SearchRequest[Any]) -> tuple[int, int]:
    count = len(keys) if request.count is None else request.count
    if position is None:
        return 0, min(count, len(keys))
    direction, anchor = _read(position)
    if direction == "next":
        start = _past(keys, anchor, request)
        return start, min(start + count, len(keys))
    stop = _before(keys, anchor, request)
    return max(stop - count, 0), stop


def _before(keys: Sequence[Key], anchor: Key, request: SearchRequest[Any]) -> int:
    if not is_descending(request):
        return bisect_left(keys, anchor)
    return len(keys) - bisect_right(keys[::-1], anchor)


def _past(keys: Sequence[Key], anchor: Key, request: SearchRequest[Any]) -> int:
    if not is_descending(request):
        return bisect_right(keys, anchor)
    return len(keys) - bisect_left(keys[::-1], anchor)


def _position(direction: str, key: Key) -> dict[str, Any]:
    is_missing, value, identifier = key
    shown = {"at": value.isoformat()} if isinstance(value, datetime) else value
    return {"d": direction, "k": None if is_missing else shown, "i": identifier}


def _read(position: Any) -> tuple[str, Key]:
    try:
        direction, value, identifier = position["d"], position["k"], position["i"]
        if isinstance(value, dict):
            value = datetime.fromisoformat(value["at"])
    except (TypeError, KeyError, ValueError):
        raise InvalidCursorException from None
    if direction not in {"next", "previous"} or not isinstance(identifier, str):
        raise InvalidCursorException
    return direction, (True, "", identifier) if value is None else (False, value, identifier)
