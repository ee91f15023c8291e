"""What waits for the centre, since when and why, for whoever looks from outside. Only reads."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.domain.ids import EventId
from kiosk.store.database import data_version, open_reader
from kiosk.store.outgoing import OutboxState
from kiosk.store.resend import Dispute

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An event that is not at the centre: for people to look at. Times are ISO 8601 in UTC, or None if never."""

    sequence: int
    kind: str
    state: OutboxState
    reason: str
    since: str
    first_tried: str | None
    last_tried: str | None
    attempts: int


class OutboxReader:
    """Other processes' view of the outbox in roster.db. Without a file there is nothing to see."""

    def __init__(self, path: Path) -> None:
        """Open the file if there is one."""
        self._connection = open_reader(path, "disputes")
        self._seen = -1

    @property
    def is_open(self) -> bool:
        """Return whether there was a file to open."""
        return self._connection is not None

    def changed(self) -> bool:
        """Return whether anything may have been committed since the last call; true at the first."""
        if self._connection is None:
            return False
        before, self._seen = self._seen, data_version(self._connection)
        return before != self._seen

    def waits(self) -> tuple[int, int]:
        """Return how many events wait, but for those held, and how many were put aside: quicker than `counts`."""
        rows = self._all(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting'),"
            " (SELECT COUNT(*) FROM outbox WHERE state IN ('disputed', 'conflict', 'invalid') AND state <> 'disputed')"
        )
        return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)

    def counts(self) -> dict[OutboxState, int]:
        """Return how many events there are in each state that has any."""
        return {OutboxState(row[0]): row[1] for row in self._all("SELECT state, COUNT(*) FROM outbox GROUP BY state")}

    def held(self) -> int:
        """Return how many events are held to the end of their window."""
        return sum(row[0] for row in self._all("SELECT COUNT(*) FROM held"))

    def oldest(self) -> str | None:
        """Return since when the oldest waiting event waits, or None."""
        rows = self._all("SELECT since FROM outbox WHERE state = 'waiting' ORDER BY sequence LIMIT 1")
        return rows[0][0] if rows else None

    def unsettled(self, limit: int) -> tuple[Unsettled, ...]:
        """Return the oldest events that wait or were put aside, at most `limit`; those put aside first."""
        rows = self._all(
            "SELECT sequence, kind, state, reason, since, first_tried, last_tried, attempts FROM outbox"
            " WHERE state NOT IN ('accepted', 'duplicate', 'disputed') ORDER BY state = 'waiting', sequence LIMIT ?",
            limit,
        )
        return tuple(Unsettled(row[0], row[1], OutboxState(row[2]), *row[3:]) for row in rows)

    def disputes(self) -> tuple[Dispute, ...]:
        """Return the newest events whose right is doubted, one each."""
        rows = self._all("SELECT event_id, reason, since, number FROM disputes ORDER BY since DESC LIMIT ?", SHOWN_MAX)
        return tuple(Dispute(EventId(row[0]), *row[1:]) for row in rows)

    def appointments(self) -> dict[str, str]:
        """Return why the next attempts wait, by name, where there is a reason."""
        return {row[0]: row[1] for row in self._all("SELECT what, why FROM schedule WHERE why <> ''")}

    def last_server(self) -> datetime | None:
        """Return the latest time that the centre ever told, or None."""
        rows = self._all("SELECT MAX(last_server) FROM boots")
        return datetime.fromisoformat(rows[0][0]) if rows and rows[0][0] else None

    def roster(self) -> dict[str, Any]:
        """Return how the roster is: members, the records refused, what is held back, and what drift was last mended."""
        # The sync service may not have run since the upgrade that gave removals their codes.
        has_codes = any(row[1] == "removal" for row in self._all("PRAGMA table_info(contact)"))
        removal = "removal" if has_codes else "''"
        rows = self._all(
            f"SELECT (SELECT COUNT(*) FROM members), held, {removal}, lifted <> '',"  # noqa: S608 - ours
            " drifted, drifted_at, confirmed FROM contact"
        )
        members, held, removal, lifted, drifted, drifted_at, confirmed = (
            rows[0] if rows else (0, 0, "", 0, 0, None, None)
        )
        refused = self._all("SELECT kind, id, reason FROM refused ORDER BY kind, id LIMIT ?", SHOWN_MAX)
        return {
            "members": members,
            "refused": [f"{row[0]} {row[1]}: {row[2]}" for row in refused],
            "held": held,
            "removal": removal,
            "lifted": bool(lifted),
            "drifted": drifted,
            "drifted_at": drifted_at,
            "confirmed": confirmed,
        }

    def epochs(self) -> dict[str, Any]:
        """Return the life of this house's outbox and of the centre, and the last number given."""
        rows = self._all("SELECT epoch, sequence, centre_epoch FROM place")
        epoch, sequence, centre_epoch = rows[0] if rows else ("", 0, "")
        return {"epoch": epoch, "sequence": sequence, "centre_epoch": centre_epoch}

    def last_server_time(self) -> str | None:
        """Return the latest of the centre's own times that was seen, ISO 8601 in UTC."""
        rows = self._all("SELECT MAX(last_server) FROM boots")
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _all(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        connection: sqlite3.Connection | None = self._connection
        return [] if connection is None else connection.execute(question, values).fetchall()
