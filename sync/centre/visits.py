"""One visit as the centre knows it, from events in any order: what has the highest sequence holds. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sync.centre.events import VISIT, Arrived, Closed, Corrected, Event, OfVisit
from sync.centre.times import read_text, utc_text

OPEN_MAX_H = 24
"""A visit whose end is not known is taken to have ended so many hours after its beginning."""

_MIDNIGHT = "T00:00:00.000000Z"

COMING = frozenset({f"{VISIT}arrived", f"{VISIT}arrival_undone"})
LEAVING = frozenset({f"{VISIT}left", f"{VISIT}closed_automatically", f"{VISIT}leaving_undone"})


@dataclass(slots=True)
class Visit:
    """A visit. Times are text, empty when there is none; `arrived_by` and `left_by` are the sequences that said so.

    `arrival` is the id of the event that told of it, `told_at` the time that it told, which no correction changes, and
    `badge` the key of the badge that was shown.
    """

    source: str
    visit: str
    member: str = ""
    agency: str = ""
    arrival: str = ""
    arrived_at: str = ""
    arrived_by: int = 0
    left_at: str = ""
    left_by: int = 0
    took_part: int = 0
    told_at: str = ""
    badge: str = ""

    @property
    def end(self) -> str:
        """Return when it ended, or at the latest has."""
        latest = _later(self.arrived_at, OPEN_MAX_H)
        return min(self.left_at, latest) if self.left_at else latest

    def overlaps(self, other: "Visit") -> bool:
        """Return whether both went on at the same time."""
        if not (self.arrived_at and other.arrived_at):
            return False
        return self.arrived_at < other.end and other.arrived_at < self.end

    def hear(self, event: Event, details: OfVisit) -> None:
        """Take in one event of the visit."""
        sequence, at = int(event.sequence), utc_text(event.time)
        self.member = self.member or details.member
        if isinstance(details, Arrived):
            self.agency, self.arrival, self.told_at, self.badge = details.agency, event.id, at, details.badge
        if isinstance(details, Corrected):
            if details.arrived_at is not None:
                self._came(sequence, utc_text(details.arrived_at))
            if details.left_at is not None:
                self._went(sequence, utc_text(details.left_at))
        elif event.type in COMING:
            self._came(sequence, at if isinstance(details, Arrived) else "")
        elif event.type in LEAVING:
            ended = utc_text(details.closed_at) if isinstance(details, Closed) else at
            self._went(sequence, "" if event.type == f"{VISIT}leaving_undone" else ended)
        else:
            self.took_part = 1

    def _came(self, sequence: int, at: str) -> None:
        if sequence > self.arrived_by:
            self.arrived_at, self.arrived_by = at, sequence

    def _went(self, sequence: int, at: str) -> None:
        if sequence > self.left_by:
            self.left_at, self.left_by = at, sequence


def latest(one: Visit, other: Visit) -> str:
    """Return the source of the visit that began last: where the member is."""
    return max((one.arrived_at, one.source), (other.arrived_at, other.source))[1]


def most_at_once(visits: Sequence[Visit], day: str) -> int:
    """Return the most different members that were in at one moment of that UTC day (YYYY-MM-DD)."""
    begin, end = f"{day}T00:00:00.000000Z", _later(f"{day}T00:00:00.000000Z", 24)
    changes: list[tuple[str, int, str]] = []
    for one in visits:
        until = _counted_until(one) if one.arrived_at else ""
        if one.arrived_at < end and begin < until and one.arrived_at < until:
            # At the same instant who leaves goes first.
            changes += [(max(one.arrived_at, begin), 1, one.member), (until, 0, one.member)]
    inside: dict[str, int] = {}
    most = 0
    for _, comes, member in sorted(changes):
        inside[member] = inside.get(member, 0) + (1 if comes else -1)
        if not inside[member]:
            del inside[member]
        most = max(most, len(inside))
    return most


def days_of(visit: Visit) -> Iterable[str]:
    """Return the UTC days that the visit touches."""
    if not visit.arrived_at:
        return ()
    last = _counted_until(visit)
    return dict.fromkeys((visit.arrived_at[:10], last[:10] if not last.endswith(_MIDNIGHT) else visit.arrived_at[:10]))


def window(visits: Iterable[Visit]) -> tuple[str, str]:
    """Return the bounds within which a visit must have begun to go on at the same time as any of these."""
    known = [one for one in visits if one.arrived_at]
    if not known:
        return "", ""
    return _later(min(one.arrived_at for one in known), -OPEN_MAX_H), max(one.end for one in known)


def pairs(touched: Iterable[Visit], all_of_member: Sequence[Visit]) -> list[tuple[Visit, Visit]]:
    """Return the pairs of one member's visits at different houses that overlap, each ordered by source and visit."""
    found: dict[tuple[str, str, str, str], tuple[Visit, Visit]] = {}
    for one in touched:
        for other in all_of_member:
            if other.source != one.source and one.overlaps(other):
                first, second = sorted((one, other), key=lambda it: (it.source, it.visit))
                found[first.source, first.visit, second.source, second.visit] = (first, second)
    return [found[key] for key in sorted(found)]


def _counted_until(visit: Visit) -> str:
    # Whoever forgot to leave takes no seat of the next day.
    return visit.end if visit.left_at else min(visit.end, _later(f"{visit.arrived_at[:10]}T00:00:00Z", 24))


def _later(text: str, hours: int) -> str:
    return utc_text(read_text(text) + timedelta(hours=hours)) if text else ""
