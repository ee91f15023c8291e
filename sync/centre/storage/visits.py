"""The visits of all houses, and where one member's overlap."""

from collections.abc import Sequence
from dataclasses import replace

from sync.centre.events import Details, Event, OfVisit
from sync.centre.storage.room import Row, Work
from sync.centre.visits import Visit, latest, pairs, window

COLUMNS = "source, visit, member, agency, arrival, arrived_at, arrived_by, left_at, left_by, took_part, told_at, badge"
_KEEP = f"""
INSERT INTO visits ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, visit) DO UPDATE SET
  member = excluded.member, agency = excluded.agency, arrival = excluded.arrival, arrived_at = excluded.arrived_at,
  arrived_by = excluded.arrived_by, left_at = excluded.left_at, left_by = excluded.left_by,
  took_part = excluded.took_part, told_at = excluded.told_at, badge = excluded.badge
"""  # noqa: S608 - our own columns


def hear(work: Work, events: Sequence[tuple[Event, Details]]) -> tuple[list[Visit], list[Visit]]:
    """Take in the events, and return the visits they are of: as they were, where they were known, and as they are."""
    touched = _kept(work, {(event.source, event.subject) for event, _ in events})
    before = [replace(one) for one in touched.values()]
    for event, details in events:
        if isinstance(details, OfVisit):
            touched.setdefault((event.source, event.subject), Visit(event.source, event.subject)).hear(event, details)
    work.run_many(_KEEP, [_row(touched[key]) for key in sorted(touched)])
    return before, [touched[key] for key in sorted(touched)]


def find_overlaps(work: Work, touched: Sequence[Visit]) -> None:
    """Note which of the visits overlap another of the same member at another house, and forget what no longer does."""
    since, until = window(touched)
    members = sorted({one.member for one in touched})
    if not members:
        return
    known: dict[str, list[Visit]] = {}
    for one in of_members(work, members, since, until):
        known.setdefault(one.member, []).append(one)
    wanted = {}
    for member in members:
        mine = [one for one in touched if one.member == member]
        for first, second in pairs(mine, known.get(member, [])):
            key = (first.source, first.visit, second.source, second.visit)
            wanted[key] = (*key, member, latest(first, second))
    _replace_overlaps(work, members, {(one.source, one.visit) for one in touched}, wanted)


def of_members(work: Work, members: Sequence[str], since: str, until: str) -> list[Visit]:
    """Return the members' visits that began within those bounds."""
    those, values = work.listed("member", members)
    question = (
        f"SELECT {COLUMNS} FROM visits WHERE {those} AND arrived_at > ? AND arrived_at < ? "  # noqa: S608 - our own columns
        "ORDER BY source, visit"
    )
    return [read(row) for row in work.rows(question, (*values, since, until))]


def read(row: Row) -> Visit:
    """Return the visit of a row of `COLUMNS`."""
    return Visit(*row)


def _replace_overlaps(
    work: Work, members: Sequence[str], touched: set[tuple[str, str]], wanted: dict[tuple[str, str, str, str], Row]
) -> None:
    those, values = work.listed("member", members)
    question = f"SELECT source, visit, other_source, other_visit, member, latest FROM overlapping WHERE {those}"  # noqa: S608 - our own names
    kept = {tuple(row[:4]): tuple(row) for row in work.rows(question, values)}
    of_touched = {key: row for key, row in kept.items() if key[:2] in touched or key[2:] in touched}
    stale = [key for key, row in of_touched.items() if wanted.get(key) != row]
    statement = "DELETE FROM overlapping WHERE source = ? AND visit = ? AND other_source = ? AND other_visit = ?"
    work.run_many(statement, stale)
    fresh = [row for key, row in sorted(wanted.items()) if of_touched.get(key) != row]
    work.run_many("INSERT INTO overlapping VALUES (?, ?, ?, ?, ?, ?)", fresh)


def _kept(work: Work, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Visit]:
    found = {}
    for source in sorted({key[0] for key in keys}):
        mine = sorted(key[1] for key in keys if key[0] == source)
        for row in work.of_source("visits", COLUMNS, "visit", source, mine):
            found[row[0], row[1]] = read(row)
    return found


def _row(one: Visit) -> Row:
    return tuple(getattr(one, name) for name in COLUMNS.split(", "))
