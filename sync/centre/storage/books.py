"""What follows from the events: ranges, counts, visits, disputes, overlaps, excess of seats, badges.

Kept after the events are on disk, in small steps, by one process at a time; the same events in any order give the
same books. Everything here could be worked out again from the events.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.domain.instant import Instant
from sync.centre.events import ARRIVED, Details, Event, Exceeded, OfBadge, OfVisit, details_of
from sync.centre.storage import badges, disputes, seats, streams, visits
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import Lock, Room, Work
from sync.centre.times import utc_text

EVENTS_PER_STEP = 400
"""From so many events on, a step ends, so that events that come meanwhile are not kept waiting."""
RECHECKS_PER_STEP = 50


@dataclass(slots=True)
class _News:
    """What one step takes in."""

    batches: list[tuple[str, str]] = field(default_factory=list)
    events: list[tuple[Event, Details]] = field(default_factory=list)
    members: list[tuple[str, str]] = field(default_factory=list)


class Books:
    """Keeps the books."""

    def __init__(self, room: Room, resources: Resources, clock: Callable[[], Instant]) -> None:
        """Use the open database. `resources` must be of the same room."""
        self._room = room
        self._resources = resources
        self._clock = clock

    def step(self, *, wait: bool = False) -> bool:
        """Take in a bounded part of the news and return whether there may be more. `wait` for another's step to end."""
        with self._room.reading() as work:
            if work.row("SELECT 1 FROM batches LIMIT 1") is None and work.row("SELECT 1 FROM rechecks LIMIT 1") is None:
                return False
        with self._room.transaction() as work:
            if wait:
                work.lock(Lock.BOOKS)
            elif not work.try_lock(Lock.BOOKS):
                return False
            self._take_in(work, _news(work))
        return True

    def settle(self) -> None:
        """Take in all the news there are."""
        while self.step(wait=True):
            pass

    def _take_in(self, work: Work, news: _News) -> None:
        now = utc_text(self._clock().wall)
        _streams_and_tallies(work, news.events, now)
        of_visits = [(event, details) for event, details in news.events if isinstance(details, OfVisit)]
        before, touched = visits.hear(work, of_visits)
        arrivals = [(event, details) for event, details in of_visits if event.type == ARRIVED]
        disputes.of_arrivals(work, arrivals, now)
        disputes.of_members(work, [member for member, _ in news.members], now)
        visits.find_overlaps(work, touched)
        # Where a visit was counted before is looked at too: it may have been taken back.
        seats.find_excess(work, [*before, *touched], now)
        for event, details in news.events:
            if isinstance(details, Exceeded):
                seats.told(work, event, details, now)
        disputes.of_members(work, self._badges(work, news, now), now)
        work.run_many("DELETE FROM batches WHERE source = ? AND number = ?", news.batches)
        work.run_many("DELETE FROM rechecks WHERE member = ? AND number = ?", news.members)

    def _badges(self, work: Work, news: _News, now: str) -> list[str]:
        """Take in what happened to badges, and return the members whose arrivals must be looked at again."""
        told = [(event, details) for event, details in news.events if isinstance(details, OfBadge)]
        return [it.member for event, it in told if badges.hear(work, self._resources, event, it, now)]


def _news(work: Work) -> _News:
    news = _News()
    question = "SELECT member, number FROM rechecks ORDER BY number LIMIT ?"
    news.members = [(str(row[0]), str(row[1])) for row in work.rows(question, (RECHECKS_PER_STEP,))]
    waiting = work.rows("SELECT source, number, ids FROM batches ORDER BY number, source LIMIT ?", (EVENTS_PER_STEP,))
    for source, number, text in waiting:
        ids = json.loads(text)
        if news.events and len(news.events) + len(ids) > EVENTS_PER_STEP:
            break
        bodies = work.of_source("events", "body", "id", str(source), ids)
        # One that was let go of before it was looked at, a year later, follows nothing any more.
        news.events += [details_of(row[0]) for row in bodies if row[0]]
        news.batches.append((str(source), str(number)))
    news.events.sort(key=lambda one: (one[0].source, one[0].sequence, one[0].id))
    return news


def _streams_and_tallies(work: Work, events: Sequence[tuple[Event, Details]], now: str) -> None:
    sequences: dict[tuple[str, str], list[int]] = {}
    tallies: dict[tuple[str, str], int] = {}
    for event, _ in events:
        sequences.setdefault((event.source, event.epoch), []).append(int(event.sequence))
        tallies[event.source, event.type] = tallies.get((event.source, event.type), 0) + 1
    for (source, epoch), numbers in sorted(sequences.items()):
        streams.add(work, source, epoch, numbers, now)
    statement = (
        "INSERT INTO tallies VALUES (?, ?, ?) "
        "ON CONFLICT (source, type) DO UPDATE SET number = tallies.number + excluded.number"
    )
    work.run_many(statement, [(*key, count) for key, count in sorted(tallies.items())])
