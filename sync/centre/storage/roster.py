"""The roster as houses read it: its version, what changed since a position, and its digests."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kiosk.domain.instant import Instant
from sync.centre import records
from sync.centre.records import Kind
from sync.centre.storage.feed import HORIZON, POSITION, Feed, shown
from sync.centre.storage.resources import ROSTER_VERSION
from sync.centre.storage.room import Lock, Room, Work, set_state, state
from sync.centre.times import utc_text

LIMIT_MAX = 500
"""The most changes in one answer."""
EPOCH = "epoch"
EPOCH_BYTES = 8
EPOCH_KEPT_S = 1.0
"""How old the epoch in an answer about events may be: reading it would wait for what is being written."""

_TYPE = "CASE r.kind WHEN 'member' THEN 'User' ELSE 'Agency' END"
_SHOWN = f"""
SELECT r.kind, r.id, r.position, r.withdrawal, r.gone, r.hash, s.version, s.created, s.modified, s.document
FROM records r LEFT JOIN resources s ON s.type = {_TYPE} AND s.id = r.id
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Version:
    """The name of the roster's state; see docs/centre-protocol.md for each name."""

    version: str
    epoch: str
    position: int
    horizon: int
    count: int
    digest: str
    buckets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """Changes since that position cannot be told: read the roster in full."""

    reason: Literal["epoch", "ahead", "horizon"]
    epoch: str
    position: int
    horizon: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed, up to `position`."""

    version: str
    epoch: str
    position: int
    horizon: int
    more: bool
    changes: list[dict[str, Any]]


class Roster:
    """Reads the roster. The digest is kept in memory for as long as nothing changes."""

    def __init__(self, room: Room, clock: Callable[[], Instant]) -> None:
        """Use the open database."""
        self._room = room
        self._clock = clock
        self._digested: Version | None = None
        self._epoch: tuple[str, float] | None = None
        self._feed = Feed()
        with room.transaction() as work:
            work.lock(Lock.ROSTER)
            if not state(work, EPOCH):
                set_state(work, EPOCH, secrets.token_hex(EPOCH_BYTES))

    def epoch(self) -> str:
        """Return the name of this life of the database."""
        with self._room.reading() as work:
            return state(work, EPOCH)

    def epoch_lately(self) -> str:
        """Return the epoch as it was at most a second ago: cheap, for every answer."""
        now_s = self._clock().elapsed_s
        known = self._epoch
        if known is None or not 0 <= now_s - known[1] < EPOCH_KEPT_S:
            self._epoch = known = (self.epoch(), now_s)
        return known[0]

    def restored(self, seen: str | None = None) -> bool:
        """Begin a new life of the database: it was put back from a backup. Only if its epoch is `seen`, if given."""
        with self._room.transaction() as work:
            work.lock(Lock.ROSTER)
            if seen is not None and state(work, EPOCH) != seen:
                return False
            set_state(work, EPOCH, secrets.token_hex(EPOCH_BYTES))
            self._epoch = None
            return True

    def version(self) -> Version:
        """Return the name, position and digest of the roster's state."""
        with self._room.reading() as work:
            heads = _heads(work)
            known = self._digested
            if known is not None and (known.version, known.position, known.epoch, known.horizon) == heads:
                return known
            hashes = work.rows("SELECT bucket, hash FROM records WHERE gone = ''")
        buckets = records.bucket_digests((int(bucket), str(one)) for bucket, one in hashes)
        version, position, epoch, horizon = heads
        digest = records.roster_digest(buckets)
        self._digested = Version(version, epoch, position, horizon, len(hashes), digest, tuple(buckets))
        return self._digested

    def changes(self, epoch: str, after: int, limit: int, *, withdrawals: bool = False) -> Changes | Gone:
        """Return what changed after that position, or why that cannot be told."""
        column = "withdrawal" if withdrawals else "position"
        with self._room.reading() as work:
            version, position, now, horizon = _heads(work)
            reason = _gone(epoch, after, now, position, horizon)
            if reason is not None:
                return Gone(reason, now, position, horizon)
            question = f"{_SHOWN} WHERE r.{column} > ? ORDER BY r.{column} LIMIT ?"
            rows = work.rows(question, (after, limit + 1))
            at = 3 if withdrawals else 2
            changes = [_change(work, row, after, int(row[at])) for row in rows[:limit]]
        is_more = len(rows) > limit
        reached = changes[-1]["position"] if is_more else position
        return Changes(version, now, reached, horizon, is_more, changes)

    def bucket(self, bucket: int) -> tuple[Version, list[dict[str, Any]]]:
        """Return all records of one bucket, and the state they are of."""
        with self._room.reading() as work:
            version, position, epoch, horizon = _heads(work)
            rows = work.rows(f"{_SHOWN} WHERE r.bucket = ? AND r.gone = '' ORDER BY r.kind, r.id", (bucket,))
            found = [
                {"kind": row[0], "id": row[1], "hash": row[5], "resource": shown(work, Kind(row[0]), row[1], row[6:])}
                for row in rows
            ]
        return Version(version, epoch, position, horizon, len(found), "", ()), found

    def forget(self, before: datetime) -> int:
        """Forget removals from before that moment: who was away for longer reads the roster in full."""
        with self._room.transaction() as work:
            return self._feed.forget(work, utc_text(before))


def _heads(work: Work) -> tuple[str, int, str, int]:
    names = (ROSTER_VERSION, POSITION, EPOCH, HORIZON)
    found = {row[0]: row[1] for row in work.rows("SELECT name, value FROM state WHERE name IN (?, ?, ?, ?)", names)}
    return (
        str(found.get(ROSTER_VERSION, "empty")),
        int(found.get(POSITION, 0)),
        str(found.get(EPOCH, "")),
        int(found.get(HORIZON, 0)),
    )


def _gone(epoch: str, after: int, now: str, position: int, horizon: int) -> Literal["epoch", "ahead", "horizon"] | None:
    if epoch != now and (epoch or after):
        return "epoch"
    if after > position:
        return "ahead"
    return "horizon" if after < horizon else None


def _change(work: Work, row: tuple[Any, ...], after: int, position: int) -> dict[str, Any]:
    kind, identifier, is_gone = Kind(row[0]), str(row[1]), bool(row[4])
    told = {
        "position": position,
        "kind": kind.value,
        "id": identifier,
        "gone": is_gone,
        "withdraws": int(row[3]) > after,
    }
    return told if is_gone else {**told, "resource": shown(work, kind, identifier, row[6:])}
