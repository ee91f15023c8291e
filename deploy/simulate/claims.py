"""What a journal claims, event by event: who was called present or passive, and who stood joined where. No rule here.

Times are seconds of the run, by the house's time since boot: the wall clock may have stepped.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from deploy.simulate.clock import second_of
from deploy.simulate.track import Stay, Track, track
from kiosk.domain import events
from kiosk.store.journal import READ_LIMIT_MAX, JournalReader

ENDS = (events.Left, events.ClosedAutomatically, events.ArrivalUndone)


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody was called present, for taking part in a zone. `by_host`: on a host's word."""

    member: str
    zone: str
    t: float
    by_host: bool


@dataclass(frozen=True, slots=True)
class Passive:
    """Somebody was called passive in a zone, up to `end_s`."""

    member: str
    zone: str
    t: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """All of them. `joined` is a track of badges: where each stood joined, whether its bearer was there or not."""

    presences: tuple[Presence, ...]
    passives: tuple[Passive, ...]
    joined: Track
    visits: int
    left: int
    closed: int
    kinds: dict[str, int]


def journal_events(reader: JournalReader) -> Iterator[events.Happened]:
    """Return all events whose payload is kept, in order."""
    seq = 0
    while batch := reader.after(seq, READ_LIMIT_MAX):
        yield from (one.event for one in batch)
        seq = batch[-1].seq


def claims(happened: Iterable[events.Happened], until_s: float) -> Claims:
    """Return what these events claim; what is still open then ends at `until_s`."""
    book = _Book()
    for event in happened:
        book.kinds[type(event).__name__] = book.kinds.get(type(event).__name__, 0) + 1
        if isinstance(event, events.VisitEvent):
            book.take(event, second_of(event.at))
        elif isinstance(event, events.GuestArrived) and event.visit in book.members:
            book.guests.setdefault(book.members[event.visit], {})[event.guest] = second_of(event.at)
    return book.closed(until_s)


@dataclass(slots=True)
class _Book:
    """Claims in the making."""

    presences: list[Presence] = field(default_factory=list)
    passives: list[Passive] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    zones: dict[str, tuple[str, float]] = field(default_factory=dict)
    lapses: dict[str, tuple[str, float]] = field(default_factory=dict)
    left_from: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    guests: dict[str, dict[str, float]] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)

    def take(self, event: events.VisitEvent, t: float) -> None:
        """Take one event about a visit."""
        member = str(event.member)
        match event:
            case events.Arrived(visit=visit):
                self.members[visit] = member
            case events.JoinedZone(zone=zone):
                self._unjoin(member, t)
                self.zones[member] = (zone, t)
            case events.LeftZone():
                self._unjoin(member, t)
            case events.TookPart(zone=zone, evidence=evidence):
                self.presences.append(Presence(member, zone, t, evidence.host))
                self._wake(member, t)
            case events.Lapsed(zone=zone):
                self.lapses[member] = (zone, t)
            case events.LeavingUndone() if member in self.left_from:
                self.zones[member] = (self.left_from.pop(member), t)
        if isinstance(event, ENDS):
            self.left_from.pop(member, None)
            if member in self.zones:
                self.left_from[member] = self.zones[member][0]
            self._unjoin(member, t)
            self._wake(member, t)
            self.guests.pop(member, None)

    def closed(self, until_s: float) -> Claims:
        """Return the claims, all of them ended."""
        for member in [*self.zones]:
            self._unjoin(member, until_s)
        for member in [*self.lapses]:
            self._wake(member, until_s)
        return Claims(
            presences=tuple(self.presences),
            passives=tuple(self.passives),
            joined=track(self.stays),
            visits=self.kinds.get("Arrived", 0),
            left=self.kinds.get("Left", 0) - self.kinds.get("LeavingUndone", 0),
            closed=self.kinds.get("ClosedAutomatically", 0),
            kinds=dict(sorted(self.kinds.items())),
        )

    def _unjoin(self, member: str, t: float) -> None:
        if member in self.zones:
            zone, since = self.zones.pop(member)
            self.stays.append(Stay(member, zone, since, t))
            guests = self.guests.get(member, {}).items()  # they are where their member is
            self.stays += [Stay(guest, zone, max(since, came_s), t) for guest, came_s in guests]

    def _wake(self, member: str, t: float) -> None:
        if member in self.lapses:
            zone, since = self.lapses.pop(member)
            self.passives.append(Passive(member, zone, since, t))
