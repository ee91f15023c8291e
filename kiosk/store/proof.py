"""Proof that nothing is kept longer than it may be: what the files hold, by kind, and what is overdue. Only reads."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.events import TYPE_NAMES, Happened, RetentionRan
from kiosk.domain.fading import faded
from kiosk.domain.ids import VisitId
from kiosk.domain.instant import Instant
from kiosk.domain.retention import SENSOR_HISTORY_S, Kind, Retention, Way, is_due, kind_of, months_before, night_before
from kiosk.store import standing
from kiosk.store.age import age_s
from kiosk.store.codec import event_from_json
from kiosk.store.database import open_reader
from kiosk.store.outgoing import AT_CENTRE
from kiosk.store.pseudonyms import PREFIX
from kiosk.store.retention import KEPT_READ_MAX, KeptEvent, Moment, ended, kept_events, later, open_kept
from kiosk.store.roll_calls import NAMES_S, named_calls
from kiosk.store.sent import SentReader, ways

GRACE_S = 1800.0
"""How long after the night's end its removing may take before what it leaves counts as overdue."""
_DAY_S = 86_400
_SENT = ", ".join(f"'{one.value}'" for one in AT_CENTRE)
_LAST_RUN = "SELECT type, payload FROM events WHERE type = 'retention_ran' ORDER BY seq DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose proof it is: where the files are, the numbers in force, local time, and whether there is a centre."""

    state_dir: Path
    keep: Retention
    zone: ZoneInfo
    has_centre: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What is kept of one kind: when the oldest was made (ISO 8601, UTC), how much, and how much of it too long."""

    kind: Kind
    kept: int = 0
    oldest: str | None = None
    overdue: int = 0

    def and_one(self, at: str, *, is_overdue: bool) -> "Proof":
        """Return the proof with one more thing kept since then."""
        oldest = at if self.oldest is None else min(self.oldest, at)
        return Proof(self.kind, self.kept + 1, oldest, self.overdue + is_overdue)


@dataclass(frozen=True, slots=True)
class JournalTimes:
    """When things were over, as a reader of the journal sees it."""

    connection: sqlite3.Connection

    def ended(self, visit: VisitId) -> Moment | None:
        """Return when the visit last ended, or None if no end of it is kept."""
        return ended(self.connection, visit)

    def later(self, seq: int) -> Instant | None:
        """Return when the first event after that one happened whose clock had been set, or None."""
        return later(self.connection, seq)


def last_run(state_dir: Path) -> RetentionRan | None:
    """Return when removing was last done and what it removed, or None if never."""
    connection = open_kept(state_dir)
    if connection is None:
        return None
    with closing(connection):
        row = connection.execute(_LAST_RUN).fetchone()
    event = event_from_json(row[0], row[1]) if row else None
    return event if isinstance(event, RetentionRan) else None


def prove(scope: Scope, now: Instant) -> tuple[Proof, ...]:
    """Return the proof of every kind, as of the last night that should be done by now."""
    found: dict[Kind, Proof] = {kind: Proof(kind) for kind in Kind if kind is not Kind.HOUSE}
    morning = night_before(now.wall - timedelta(seconds=GRACE_S), scope.zone)
    back_s = (now.wall - morning).total_seconds()
    then = replace(now, wall=morning, elapsed_s=now.elapsed_s - back_s)
    for kind, at, is_overdue in (
        *_journal(scope, then),
        *_roster(scope, then),
        *_zones(scope, now),
        *_board(scope, now),
    ):
        found[kind] = found[kind].and_one(at, is_overdue=is_overdue)
    return tuple(found.values())


_Found = tuple[Kind, str, bool]


def _journal(scope: Scope, then: Instant) -> Iterator[_Found]:
    connection = open_kept(scope.state_dir)
    if connection is None:
        return
    with closing(connection):
        house = standing.load(connection)
        for guest in standing.guest_names(connection):
            arrived = (
                house.guests[guest].arrived_at.wall_by(then) if guest in house.guests else then.wall - timedelta(days=1)
            )
            yield Kind.GUEST_NAMES, arrived.isoformat(), arrived < then.wall
        after = faded(house, then)
        for member, one in house.presences.items():
            yield Kind.VISIT_DETAIL, one.arrived_at.wall.isoformat(), after.presences[member] != one
        yield from _events(scope, connection, frozenset(one.visit for one in house.inside()), then)
        yield from _lines(scope, connection, then)


def _events(
    scope: Scope, connection: sqlite3.Connection, inside: Collection[VisitId], then: Instant
) -> Iterator[_Found]:
    sent = SentReader(scope.state_dir / "roster.db") if scope.has_centre else None
    times, seq = JournalTimes(connection), 0
    while batch := kept_events(connection, seq, KEPT_READ_MAX):
        known = ways(sent, batch)
        for one in batch:
            if kind_of(TYPE_NAMES.get(one.type, Happened)) is not Kind.HOUSE:
                yield _event(scope, one, age_s(times, one, inside, then), known)
        seq = batch[-1].seq
    if sent is not None:
        sent.close()


def _event(scope: Scope, one: KeptEvent, age: float | None, known: Mapping[int, Way]) -> _Found:
    kind, way = kind_of(TYPE_NAMES.get(one.type, Happened)), known[one.seq]
    # Nothing goes that the wing has not read; that it has not for so long is for somebody to look at.
    is_forgotten = way is Way.UNREAD and age is not None and age >= scope.keep.unsent_days * _DAY_S
    return kind, one.at.wall.isoformat(), is_forgotten or is_due(kind, age, way, scope.keep)


def _lines(scope: Scope, connection: sqlite3.Connection, then: Instant) -> Iterator[_Found]:
    keep, local = scope.keep, then.wall.astimezone(scope.zone)
    old = months_before(then.wall, keep.access_log_months).isoformat()
    for (at,) in connection.execute("SELECT at FROM access"):
        yield Kind.ACCESS_LOG, at, at < old
    for table, kind, months in (
        ("tallies", Kind.COUNTS, keep.counts_months),
        ("last_visits", Kind.PREFERENCES, keep.preferences_months),
    ):
        first = f"{months_before(local, months):%Y-%m}"
        for (month,) in connection.execute(f"SELECT month FROM {table}"):  # noqa: S608 - names of ours
            yield kind, month, month < first


def _roster(scope: Scope, then: Instant) -> Iterator[_Found]:
    connection = open_reader(scope.state_dir / "roster.db", "disputes") if scope.has_centre else None
    if connection is None:
        return
    keep = scope.keep
    # The wing lets go of what the centre has at its own pace, some time in the day after.
    old = (then.wall - timedelta(days=keep.closed_visit_days + 1)).isoformat()
    long_unsent = (then.wall - timedelta(days=keep.unsent_days + 1)).isoformat()
    question = (
        f"SELECT since, state IN ({_SENT}), COALESCE(json_extract(body, '$.data.member'), '{PREFIX}') FROM outbox"  # noqa: S608 - our own states
    )
    with closing(connection):
        for since, is_sent, member in connection.execute(question):
            is_named = not member.startswith(PREFIX)
            yield Kind.OUTBOX, since, since < old if is_sent else is_named and since < long_unsent


def _zones(scope: Scope, now: Instant) -> Iterator[_Found]:
    connection = open_reader(scope.state_dir / "zones.db", "counters")
    if connection is None:
        return
    old = _seconds_before(now.wall, SENSOR_HISTORY_S + GRACE_S)
    with closing(connection):
        for (at,) in connection.execute("SELECT at FROM history"):
            yield Kind.SENSOR_HISTORY, at, at < old


def _board(scope: Scope, now: Instant) -> Iterator[_Found]:
    old = now.wall - timedelta(seconds=NAMES_S + GRACE_S)
    for one in named_calls(scope.state_dir / "board.db"):
        yield Kind.ROLL_CALLS, one.began.isoformat(), one.began < old


def _seconds_before(wall: datetime, seconds: float) -> str:
    return (wall - timedelta(seconds=seconds)).isoformat()
