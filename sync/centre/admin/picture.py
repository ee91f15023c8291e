"""What the admin page shows, read from the database as plain values."""

from dataclasses import dataclass
from datetime import datetime

from sync.centre.registry import Registry
from sync.centre.storage.feed import Standing
from sync.centre.storage.houses import House
from sync.centre.storage.room import Row, Work
from sync.centre.times import read_text

ROWS_MAX = 100
"""The most rows of one part: the newest."""

_SEATS = """
SELECT r.id, s.document, (SELECT COUNT(*) FROM records m WHERE m.agency = r.id AND m.standing = ?),
  (SELECT COUNT(*) FROM records m WHERE m.agency = r.id AND m.standing = ?)
FROM records r JOIN resources s ON s.type = 'Agency' AND s.id = r.id WHERE r.kind = 'agency' AND r.gone = ''
ORDER BY r.id
"""
_APPLIED = """
SELECT r.id, r.agency, s.document FROM records r JOIN resources s ON s.type = 'User' AND s.id = r.id
WHERE r.kind = 'member' AND r.standing = ? ORDER BY r.position LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class ShownHouse:
    """A house with how long ago it was heard of, in whole minutes."""

    house: House
    minutes: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the page shows. Rows are as the page names them."""

    agencies: list[Row]
    approvals: list[Row]
    houses: list[ShownHouse]
    disputes: list[Row]
    overlaps: list[Row]
    excesses: list[Row]
    findings: list[Row]


def picture(registry: Registry) -> Picture:
    """Return what there is to show now."""
    registry.houses.flush()
    now = registry.clock().wall
    with registry.happenings.reading() as work:
        agencies = work.rows(_SEATS, (Standing.ENROLLED, Standing.APPLIED))
        return Picture(
            agencies=agencies,
            approvals=work.rows(_APPLIED, (Standing.APPLIED, ROWS_MAX)),
            houses=[ShownHouse(one, _minutes(one.seen, now)) for one in registry.houses.all()],
            disputes=_newest(work, "source, member, visit, reason, at", "disputes WHERE member <> ''", "at"),
            overlaps=_newest(work, "member, source, other_source, latest", "overlapping", "source"),
            excesses=_newest(work, "agency, day, inside, seats, source", "excesses", "day"),
            findings=_newest(work, "source, kind, subject, at", "findings", "at"),
        )


def _newest(work: Work, columns: str, table: str, order: str) -> list[Row]:
    return work.rows(f"SELECT {columns} FROM {table} ORDER BY {order} DESC LIMIT ?", (ROWS_MAX,))  # noqa: S608 - our own names


def _minutes(seen: str, now: datetime) -> int:
    return max(0, int((now - read_text(seen)).total_seconds() // 60)) if seen else 0
