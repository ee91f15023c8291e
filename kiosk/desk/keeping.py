"""Keeping data no longer than it may be kept: every night, in steps so short that no tap waits, and when asked.

The desk calls it from its one thread. What is due is decided in `kiosk.domain.retention`.
"""

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from kiosk.domain.erasure import Erasure, mark, without
from kiosk.domain.evacuation import uncertain
from kiosk.domain.events import TYPE_NAMES, Happened, PersonErased, RetentionRan
from kiosk.domain.fading import faded, for_checkpoint
from kiosk.domain.house import House
from kiosk.domain.ids import Actor, EventId, MemberId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Holder
from kiosk.domain.retention import (
    DECISION_MAX,
    Kind,
    Way,
    is_due,
    kind_of,
    months_before,
    night_after,
    night_before,
)
from kiosk.store.age import age_s
from kiosk.store.erasure import erase_from_journal
from kiosk.store.errors import StoreError
from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.retention import KeptEvent
from kiosk.store.sent import SentReader, ways
from kiosk.tools.site import Site

STEP_EVENTS_MAX = 200
"""The most events looked at in one step: what a tap may have to wait for."""
STEP_LINES_MAX = 1000
"""The most lines of the access log removed in one step."""
DAY_BYTES_MAX = 4 * 1024 * 1024
"""A larger journal is not written anew by day after somebody was erased, but in the night: no tap waits so long."""
NIGHT_BYTES_MAX = 32 * 1024 * 1024
"""A larger journal is written anew only in the night after somebody was erased: a card wears."""

log = logging.getLogger("samverk.keeping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Erase this member, by that decision."""

    member: MemberId
    decision: str
    by: Actor


@dataclass(slots=True)
class _Run:
    """How far tonight's removing has come: the sequence looked at last, or None once all events have been.

    `last_seq` is that of the removing before.
    """

    last_seq: int
    looked_at: int | None = 0
    removed: Counter[Kind] = field(default_factory=Counter)


class Keeping:
    """The desk's part that removes. Used from the desk's thread."""

    def __init__(self, site: Site, journal: JournalWriter, new_id: Callable[[], str]) -> None:
        """Take the book; nothing is removed yet."""
        self._site = site
        self._keep = site.tables.retention
        self._zone = site.hours.zone
        self._journal = journal
        self._book = journal.retention
        self._new_id = new_id
        self._run: _Run | None = None
        self._is_unclean = False
        self._is_unreadable = False

    @property
    def is_running(self) -> bool:
        """Return whether there is more to remove at once."""
        return self._run is not None

    def step(self, house: House, now: Instant, *, is_asked: bool = False) -> House:
        """Do one short step, if it is night or somebody asked, and return the house after it.

        A clock that was never set removes nothing: it would do so too early.
        """
        if self._is_unclean and self._run is None:
            self._is_unclean = not self._book.scrub(is_whole=False)
        if self._run is None:
            if not (is_asked or self._is_due(now)) or now.clock is ClockState.UNSET:
                return house
            last = self._book.last_run()
            self._run = _Run(last.seq if last else 0)
            return self._begin(house, now)
        if self._run.looked_at is not None:
            self._look(self._run, self._run.looked_at, house, now)
        elif self._finish(self._run, house, now):
            self._run = None
        return house

    def erase(self, house: House, order: Order, holder: Holder | None, now: Instant) -> tuple[Erasure, House]:
        """Erase the member from the journal, and tell the wings to. `holder` is what the roster knows of them.

        Return what became of it, and the house after it. Whoever may be in the house cannot be erased: the evacuation
        list needs them.
        """
        visits = self._book.visits_of(order.member)
        refusal = self._refusal(house, order, holder, now, is_known=bool(visits))
        if refusal is not None:
            return refusal, house
        after = without(house, order.member, visits)
        event_id = EventId(self._new_id())
        named = mark(event_id, order.member)
        event = PersonErased(id=event_id, at=now, mark=named, decision=order.decision, by=order.by)
        self._journal.append(
            Entry(happened=(event,), before=house, after=after),
            also=lambda file: erase_from_journal(file, order.member, visits, for_checkpoint(after, now)),
        )
        self._journal.log_access(now, order.by, "erasure", order.decision)
        self._scrub(is_whole=self._book.bytes() <= DAY_BYTES_MAX)
        log.info("a member was erased, by event %s", event_id)
        return Erasure.ERASED, after

    def _refusal(
        self, house: House, order: Order, holder: Holder | None, now: Instant, *, is_known: bool
    ) -> Erasure | None:
        presence = house.presences.get(order.member)
        decision = order.decision.strip().lower()
        naming = [order.member.lower(), *([holder.member.name.lower()] if holder else [])]
        if not 0 < len(decision) <= DECISION_MAX or any(one in decision for one in naming):
            return Erasure.DECISION_UNFIT
        if presence is not None and presence.inside:
            return Erasure.IN_HOUSE
        if presence is not None and presence in uncertain(house, self._site.rule, now):
            return Erasure.UNCERTAIN
        if presence is None and holder is None and not is_known and order.member not in house.preferences:
            return Erasure.UNKNOWN
        return None

    def _is_due(self, now: Instant) -> bool:
        last = self._book.last_run()
        since = last.at if last else self._book.first_event()
        if since is None:
            return False
        # A clock that was ahead then tells nothing: better once too often.
        return since.wall > now.wall or night_after(since.wall, self._zone) <= now.wall

    def _begin(self, house: House, now: Instant) -> House:
        """Let go of names and of what the house itself holds, and keep the house to rebuild it from."""
        run = self._run
        assert run is not None  # noqa: S101 - narrows for the type checker; the caller has just made it
        morning = night_before(now.wall, self._zone)
        named = self._journal.guest_names()
        old = [one for one in named if one not in house.guests or house.guests[one].arrived_at.wall_by(now) < morning]
        run.removed[Kind.GUEST_NAMES] += self._book.drop_names(old)
        not_seen = self._not_seen(run, house, now)
        run.removed[Kind.PREFERENCES] += len(not_seen)
        after = faded(house, now, not_seen)
        if after is not house:
            self._journal.append(Entry(before=house, after=after))
        self._book.forget_visits(not_seen)
        self._book.save_checkpoint(for_checkpoint(after, now))
        return after

    def _not_seen(self, run: _Run, house: House, now: Instant) -> tuple[MemberId, ...]:
        """Return whose choices have been kept long enough, after taking note of who has been here lately."""
        lately = [one for one in self._book.arrived_after(run.last_seq) if one in house.preferences]
        inside = [one.member for one in house.inside() if one.member in house.preferences]
        local = now.wall.astimezone(self._zone)
        self._book.visited([*lately, *inside], house.preferences, f"{local:%Y-%m}")
        return self._book.not_seen_since(f"{months_before(local, self._keep.preferences_months):%Y-%m}")

    def _look(self, run: _Run, after: int, house: House, now: Instant) -> None:
        """Remove what is due of the next events."""
        kept = self._book.kept(after, STEP_EVENTS_MAX)
        ways = self._ways(kept)
        inside = frozenset(one.visit for one in house.inside())
        due = [one for one in kept if self._is_event_due(one, age_s(self._book, one, inside, now), ways[one.seq])]
        self._book.drop([one.seq for one in due])
        run.removed.update(kind_of(TYPE_NAMES.get(one.type, Happened)) for one in due)
        run.looked_at = kept[-1].seq if len(kept) == STEP_EVENTS_MAX else None

    def _is_event_due(self, one: KeptEvent, age: float | None, way: Way) -> bool:
        return is_due(kind_of(TYPE_NAMES.get(one.type, Happened)), age, way, self._keep)

    def _ways(self, kept: Sequence[KeptEvent]) -> dict[int, Way]:
        """Return how far each of the events has come on its way to the centre; unreadable, none has."""
        if self._site.tables.centre is None:
            return ways(None, kept)
        try:
            with closing(SentReader(self._site.state_dir / "roster.db")) as sent:
                found = ways(sent, kept)
        except (sqlite3.Error, StoreError) as error:
            level = logging.DEBUG if self._is_unreadable else logging.ERROR
            log.log(level, "the queue to the centre cannot be read, and nothing it may need is removed: %s", error)
            self._is_unreadable = True
            return dict.fromkeys((one.seq for one in kept), Way.UNREAD)
        self._is_unreadable = False
        return found

    def _finish(self, run: _Run, house: House, now: Instant) -> bool:
        """Remove old lines and counts, and record what was removed. Return whether all is done."""
        old = months_before(now.wall, self._keep.access_log_months)
        lines = self._book.drop_access(old, STEP_LINES_MAX)
        run.removed[Kind.ACCESS_LOG] += lines
        if lines == STEP_LINES_MAX:
            return False
        local = now.wall.astimezone(self._zone)
        run.removed[Kind.COUNTS] += self._book.drop_counts(f"{months_before(local, self._keep.counts_months):%Y-%m}")
        is_erased = self._book.is_erased_after(run.last_seq)
        removed = {kind.value: run.removed[kind] for kind in Kind if run.removed[kind]}
        ran = RetentionRan(id=EventId(self._new_id()), at=now, removed=removed, decision=self._keep.decision)
        self._journal.append(Entry(happened=(ran,), before=house, after=house))
        self._scrub(is_whole=is_erased or self._book.bytes() <= NIGHT_BYTES_MAX)
        log.info(
            "kept long enough, and removed: %s", ", ".join(f"{n} {kind}" for kind, n in removed.items()) or "nothing"
        )
        return True

    def _scrub(self, *, is_whole: bool) -> None:
        self._is_unclean = not self._book.scrub(is_whole=is_whole)
