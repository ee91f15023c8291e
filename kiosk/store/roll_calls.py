"""Roll calls and their ticks in board.db, so that they survive the board, and the names no longer than they may."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.erasure import meant
from kiosk.domain.evacuation import Sought
from kiosk.domain.events import PersonErased
from kiosk.domain.instant import Instant
from kiosk.domain.roll_call import RollCall, Seen, Tick, added, merged
from kiosk.store.database import Writer, open_reader

NAMES_S = 12 * 3600.0
"""Names and ticks go so long after the roll call began; its times and counts stay with the calls that are kept."""
CALLS_MAX = 100
"""The newest roll calls that are kept."""
TICKS_MAX = 4000
"""Ticks of one roll call: each person of a full house found and taken back some times over."""

_rows = msgspec.json.Decoder(tuple[Sought, ...])
_TICK = "INSERT OR REPLACE INTO roll_ticks (roll_call, id, person, at, host, is_taken_back) VALUES (?, ?, ?, ?, ?, ?)"
_CALL = "SELECT id, is_drill, began, ended, host, rows, sought, found FROM roll_calls"


@dataclass(frozen=True, slots=True)
class Unnoted:
    """A roll call whose opening the desk has not been told of yet."""

    id: str
    host: str
    began: datetime
    is_drill: bool


class RollCalls:
    """The roll calls of one house. Used from one thread."""

    def __init__(self, writer: Writer) -> None:
        """Take the file's writer."""
        self._writer = writer
        self._is_unclean = False
        self._seen: dict[str, Seen] = {}

    def begin(self, call: RollCall) -> None:
        """Keep a new roll call."""
        with self._writer.transaction() as db:
            db.execute(
                "INSERT INTO roll_calls (id, is_drill, began, host, rows, sought) VALUES (?, ?, ?, ?, ?, ?)",
                [call.id, int(call.is_drill), call.began.isoformat(), call.host, _as_text(call.rows), len(call.rows)],
            )
            stale = "SELECT id FROM roll_calls ORDER BY began DESC, id DESC LIMIT -1 OFFSET ?"
            db.execute(f"DELETE FROM roll_ticks WHERE roll_call IN ({stale})", [CALLS_MAX])  # noqa: S608 - our own text
            db.execute(f"DELETE FROM roll_calls WHERE id IN ({stale})", [CALLS_MAX])  # noqa: S608 - our own text

    def get(self, call: str) -> RollCall | None:
        """Return the roll call with its list and ticks, or None."""
        row = self._writer.conn.execute(f"{_CALL} WHERE id = ?", [call]).fetchone()
        return None if row is None else self._whole(row)

    def running(self) -> RollCall | None:
        """Return the newest roll call that has not ended, or None."""
        row = self._writer.conn.execute(f"{_CALL} WHERE ended IS NULL ORDER BY began DESC LIMIT 1").fetchone()
        return None if row is None else self._whole(row)

    def past(self, limit: int) -> tuple[RollCall, ...]:
        """Return the newest that have ended, without lists."""
        rows = self._writer.conn.execute(f"{_CALL} WHERE ended IS NOT NULL ORDER BY began DESC LIMIT ?", [limit])
        return tuple(_call(row, (), ()) for row in rows.fetchall())

    def tick(self, call: str, ticks: Iterable[Tick]) -> RollCall | None:
        """Add ticks, some of them perhaps known, and return the roll call; None if it is not there.

        A device may have been away over the end: whom it found counts while the names are kept. A tick about nobody
        on the list is passed over, and so are those past `TICKS_MAX`.
        """
        known = self.get(call)
        if known is None:
            return None
        people = {one.key for one in known.rows}
        whole = merged(known.ticks, (one for one in ticks if one.person in people))[:TICKS_MAX]
        with self._writer.transaction() as db:
            db.executemany(
                _TICK,
                [
                    (call, one.id, one.person, one.at.isoformat(), one.host, int(one.is_taken_back))
                    for one in whole
                    if one not in known.ticks
                ],
            )
        after = self.get(call)
        return self._counted(after) if after is not None and after.ended is not None else after

    def add_people(self, call: str, newer: Iterable[Sought]) -> None:
        """Put those who have come since on the list of a roll call that runs."""
        known = self.get(call)
        if known is None or known.ended is not None:
            return
        rows = added(known.rows, newer)
        with self._writer.transaction() as db:
            db.execute("UPDATE roll_calls SET rows = ?, sought = ? WHERE id = ?", [_as_text(rows), len(rows), call])

    def meet(self, told: RollCall, now: Instant) -> None:
        """Take in what the desk has of a roll call: a new one, those who have come since, ticks, and the end.

        The desk has a new one in its access log already.
        """
        known = self.get(told.id)
        if known is None:
            self.begin(told)
            self.noted(told.id)
            known = replace(told, ticks=())
        listed = {one.key for one in known.rows}
        if any(one.key not in listed for one in told.rows):
            self.add_people(told.id, told.rows)
        if set(told.ticks) - set(known.ticks):
            self.tick(told.id, told.ticks)
        if told.ended is not None and known.ended is None:
            self.end(told.id, now)

    def end(self, call: str, now: Instant) -> RollCall | None:
        """End the roll call, count who was found, and return it; None if it is not there. Ending twice is safe."""
        known = self.get(call)
        if known is None or known.ended is not None:
            return known
        with self._writer.transaction() as db:
            db.execute("UPDATE roll_calls SET ended = ? WHERE id = ?", [now.wall.isoformat(), call])
        return self._counted(replace(known, ended=now.wall))

    def unnoted(self) -> tuple[Unnoted, ...]:
        """Return the roll calls whose opening is not in the desk's access log yet, the oldest first."""
        rows = self._writer.conn.execute(
            "SELECT id, host, began, is_drill FROM roll_calls WHERE noted = 0 ORDER BY began"
        )
        return tuple(Unnoted(row[0], row[1], datetime.fromisoformat(row[2]), bool(row[3])) for row in rows.fetchall())

    def noted(self, call: str) -> None:
        """Take note that the desk has it in its access log."""
        with self._writer.transaction() as db:
            db.execute("UPDATE roll_calls SET noted = 1 WHERE id = ?", [call])

    def forget_names(self, now: Instant) -> int:
        """End roll calls that began longer than `NAMES_S` ago, remove their names and ticks, and return how many.

        Asked often: a clock that is set while a roll call goes on makes it no older than it is.
        """
        query = "SELECT id, began FROM roll_calls WHERE rows IS NOT NULL"
        kept = {row[0]: datetime.fromisoformat(row[1]) for row in self._writer.conn.execute(query).fetchall()}
        self._seen = {call: self._seen.get(call) or Seen.first(began, now) for call, began in kept.items()}
        due = [call for call, seen in self._seen.items() if seen.age_s(now) > NAMES_S]
        for call in due:
            self.end(call, now)
            with self._writer.transaction() as db:
                db.execute("DELETE FROM roll_ticks WHERE roll_call = ?", [call])
                db.execute("UPDATE roll_calls SET rows = NULL WHERE id = ?", [call])
        self._scrub(is_news=bool(due))
        return len(due)

    def erase(self, order: PersonErased) -> bool:
        """Take whom the order is about, and the guests of their visits, off the lists; a second time there is nothing.

        Nobody is taken off a list in use: return False while one has them, and the order is to be carried out again
        once that roll call has ended.
        """
        is_done, is_news = True, False
        for row in self._writer.conn.execute(f"{_CALL} WHERE rows IS NOT NULL").fetchall():
            call = self._whole(row)
            gone = meant(order, {one.member for one in call.rows if one.member is not None})
            if gone and call.ended is None:
                is_done = False
            elif gone:
                self._take_off(call, {one.key for one in call.rows if one.member in gone})
                is_news = True
        self._scrub(is_news=is_news)
        return is_done

    def _take_off(self, call: RollCall, keys: set[str]) -> None:
        rows = tuple(one for one in call.rows if one.key not in keys)
        with self._writer.transaction() as db:
            db.execute("UPDATE roll_calls SET rows = ? WHERE id = ?", [_as_text(rows), call.id])
            theirs = [(call.id, one) for one in keys]
            db.executemany("DELETE FROM roll_ticks WHERE roll_call = ? AND person = ?", theirs)

    def _scrub(self, *, is_news: bool) -> None:
        """Leave no trace of what was deleted, now or when nobody reads."""
        if is_news or self._is_unclean:
            # Written anew once; what is left to do then is to empty the log.
            self._is_unclean = not self._writer.scrub(is_whole=is_news)

    def _counted(self, call: RollCall) -> RollCall:
        """Keep how many have been found, if the list is still kept, and return the roll call with it."""
        found = len(call.rows) - len(call.missing()) if call.rows else call.found
        if len(call.rows) < call.sought:
            # Whoever was erased since had been counted.
            found = max(found, call.found)
        with self._writer.transaction() as db:
            db.execute("UPDATE roll_calls SET found = ? WHERE id = ?", [found, call.id])
        return replace(call, found=found)

    def _whole(self, row: tuple[Any, ...]) -> RollCall:
        return _whole(self._writer.conn, row)


def named_calls(path: Path) -> tuple[RollCall, ...]:
    """Return the roll calls in that file that still name people, with lists and ticks, the oldest first."""
    connection = open_reader(path, "roll_ticks")
    if connection is None:
        return ()
    with closing(connection):
        rows = connection.execute(f"{_CALL} WHERE rows IS NOT NULL ORDER BY began").fetchall()
        return tuple(_whole(connection, row) for row in rows)


def found_now(path: Path) -> set[str]:
    """Return who has been found in the roll call that runs, by key, as the file has it; nobody if none runs."""
    connection = open_reader(path, "roll_ticks")
    if connection is None:
        return set()
    with closing(connection):
        rows = connection.execute(
            "SELECT DISTINCT person FROM roll_ticks WHERE NOT is_taken_back AND roll_call ="
            " (SELECT id FROM roll_calls WHERE ended IS NULL ORDER BY began DESC LIMIT 1)"
        )
        return {str(row[0]) for row in rows}


def _whole(connection: sqlite3.Connection, row: tuple[Any, ...]) -> RollCall:
    query = "SELECT id, person, at, host, is_taken_back FROM roll_ticks WHERE roll_call = ? ORDER BY id"
    ticks = tuple(
        Tick(id=one[0], person=one[1], at=datetime.fromisoformat(one[2]), host=one[3], is_taken_back=bool(one[4]))
        for one in connection.execute(query, [row[0]]).fetchall()
    )
    return _call(row, _rows.decode(row[5]) if row[5] else (), ticks)


def _call(row: tuple[Any, ...], rows: tuple[Sought, ...], ticks: tuple[Tick, ...]) -> RollCall:
    return RollCall(
        id=row[0],
        is_drill=bool(row[1]),
        began=datetime.fromisoformat(row[2]),
        ended=None if row[3] is None else datetime.fromisoformat(row[3]),
        host=row[4],
        rows=rows,
        ticks=ticks,
        sought=row[6],
        found=row[7],
    )


def _as_text(rows: Iterable[Sought]) -> str:
    return msgspec.json.encode(tuple(rows)).decode()
