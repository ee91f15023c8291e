"""Arrivals whose right is doubted: one dispute each, for good, whichever came first. The event stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.centre.events import Arrived, Details, Event
from sync.centre.storage import doubts, losses
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
    """Note a dispute for each arrival when the member had no right to come, or with a badge that was lost."""
    told = [(one, it) for one, it in arrivals if isinstance(it, Arrived)]
    rows = [(one.source, one.id, it.member, it.visit, utc_text(one.time), it.badge) for one, it in told]
    _judge(work, rows, now)


def of_members(work: Work, members: Sequence[str], now: str) -> None:
    """Look again at all arrivals of those members."""
    if not members:
        return
    those, values = work.listed("member", sorted(set(members)))
    question = (
        f"SELECT source, arrival, member, visit, told_at, badge FROM visits WHERE {those} AND arrival <> '' "  # noqa: S608 - our own names
        "ORDER BY source, arrival"
    )
    _judge(work, work.rows(question, values), now)


def after(room: Room, source: str, number: int, limit: int) -> list[Dispute]:
    """Return the disputes of that source after that number, oldest first."""
    question = "SELECT number, event, reason, at FROM disputes WHERE source = ? AND number > ? ORDER BY number LIMIT ?"
    with room.reading() as work:
        return [Dispute(int(row[0]), *row[1:]) for row in work.rows(question, (source, number, limit))]


def doubt(work: Work, members: set[str], badges: set[str]) -> "Doubt":
    """Return what is doubted of these members and badges."""
    return Doubt(doubts.intervals(work, members), losses.spells(work, badges))


@dataclass(frozen=True, slots=True)
class Doubt:
    """When members had no right to come, and when badges were lost."""

    members: Mapping[str, list[doubts.Interval]]
    badges: Mapping[str, list[losses.Spell]]

    def __bool__(self) -> bool:
        """Return whether there is any doubt."""
        return bool(self.members or self.badges)

    def reason(self, member: str, badge: str, at: str) -> str:
        """Return why the member's coming with that badge at that moment is doubted, or nothing."""
        of_member = doubts.reason(self.members.get(member, []), at)
        return of_member or losses.reason(self.badges.get(badge, []), at)


def _judge(work: Work, arrivals: Sequence[Row], now: str) -> None:
    doubted = doubt(work, {row[2] for row in arrivals}, {row[5] for row in arrivals if row[5]})
    for source, event, member, visit, at, badge in arrivals if doubted else ():
        reason = doubted.reason(member, badge, at)
        if reason:
            _keep(work, (source, event, member, visit), reason, now)


def _keep(work: Work, arrival: Row, reason: str, now: str) -> None:
    source, event, member, visit = arrival
    if work.row("SELECT 1 FROM disputes WHERE source = ? AND event = ?", (source, event)):
        return
    last = work.row("SELECT COALESCE(MAX(number), 0) FROM disputes WHERE source = ?", (source,))
    number = int(last[0]) + 1 if last else 1
    work.run("INSERT INTO disputes VALUES (?, ?, ?, ?, ?, ?, ?)", (source, event, number, member, visit, reason, now))
