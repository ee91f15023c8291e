"""The presence events, each kept once, however often it is sent."""

from collections.abc import Sequence

from kiosk.domain.instant import Instant
from sync.centre.events import EventVerdict, Told, Verdict
from sync.centre.storage.room import Room

_KEPT = "SELECT digest FROM events WHERE source = ? AND id = ?"
_KEEP = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Events:
    """The events by source and id."""

    def __init__(self, room: Room) -> None:
        """Use the open database."""
        self._room = room

    def keep(self, told: Sequence[Told], at: Instant) -> tuple[EventVerdict, ...]:
        """Keep those that are new, in one transaction, and return a verdict on each. On return they are on disk.

        The first content of an id stands: other content under the same id is a conflict and changes nothing.
        """
        verdicts, received = [], at.wall.isoformat()
        with self._room.transaction() as db:
            for one in told:
                kept = db.execute(_KEPT, (one.source, one.id)).fetchone()
                if kept is None:
                    fields = (one.source, one.id, one.sequence, one.type, one.time, one.digest, one.body, received)
                    db.execute(_KEEP, fields)
                    verdicts.append(EventVerdict(one.id, Verdict.ACCEPTED))
                elif kept[0] == one.digest:
                    verdicts.append(EventVerdict(one.id, Verdict.DUPLICATE))
                else:
                    reason = "another event with this id is kept already"
                    verdicts.append(EventVerdict(one.id, Verdict.CONFLICT, reason))
        return tuple(verdicts)

    def by_type(self) -> dict[str, dict[str, int]]:
        """Return how many events each source has told, by type."""
        with self._room.reading() as db:
            question = "SELECT source, type, COUNT(*) FROM events GROUP BY source, type ORDER BY source, type"
            rows = db.execute(question).fetchall()
        found: dict[str, dict[str, int]] = {}
        for source, kind, count in rows:
            found.setdefault(source, {})[kind] = count
        return found

    def gaps(self) -> dict[str, int]:
        """Return, by source, how many sequences below the newest one are lacking."""
        with self._room.reading() as db:
            question = "SELECT source, MAX(sequence) - COUNT(DISTINCT sequence) FROM events GROUP BY source"
            return {str(row[0]): int(row[1]) for row in db.execute(question).fetchall()}
