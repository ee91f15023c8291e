"""Arrivals whose right is doubted: one dispute each, for good, whichever came first. The event stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.centre.events import Arrived, Details, Event
from sync.centre.storage import doubts
from sync.centre.storage.room import Room, Row, Work
from sync.centre.times import utc_text

PAGE_MAX = 500
"""The most disputes in one answer."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A doubted arrival. `number` rises within the source."""

    number: int
    event: str
    reason: str
    at: str


def of_arrivals(work: Work, arrivals: Sequence[tuple[Event, Details]], now: str) -> None:
    """Note a dispute for each arrival at a moment when the member had no right to come."""
    told = [(one, it) for one, it in arrivals if isinstance(it, Arrived)]
    doubted = doubts.intervals(work, {it.member for _, it in told})
    for event, it in told:
        if it.member in doubted:
            _judge(work, (event.source, event.id, it.member, it.visit, utc_text(event.time)), doubted[it.member], now)


def of_members(work: Work, members: Sequence[str], now: str) -> None:
    """Look again at all arrivals of those members."""
    doubted = doubts.intervals(work, set(members))
    asked = sorted(doubted)
    if not asked:
        return
    those, values = work.listed("member", asked)
    question = (
        f"SELECT source, arrival, member, visit, told_at FROM visits WHERE {those} AND arrival <> '' "  # noqa: S608 - our own names
        "ORDER BY source, arrival"
    )
    for row in work.rows(question, values):
        _judge(work, row, doubted[row[2]], now)


def after(room: Room, source: str, number: int, limit: int) -> list[Dispute]:
    """Return the disputes of that source after that number, oldest first."""
    question = "SELECT number, event, reason, at FROM disputes WHERE source = ? AND number > ? ORDER BY number LIMIT ?"
    with room.reading() as work:
        return [Dispute(int(row[0]), *row[1:]) for row in work.rows(question, (source, number, limit))]


def _judge(work: Work, arrival: Row, doubted: list[doubts.Interval], now: str) -> None:
    source, event, member, visit, at = arrival
    reason = doubts.reason(doubted, at)
    if not reason or work.row("SELECT 1 FROM disputes WHERE source = ? AND event = ?", (source, event)):
        return
    last = work.row("SELECT COALESCE(MAX(number), 0) FROM disputes WHERE source = ?", (source,))
    number = int(last[0]) + 1 if last else 1
    work.run("INSERT INTO disputes VALUES (?, ?, ?, ?, ?, ?, ?)", (source, event, number, member, visit, reason, now))
