"""What an event adds to the counts, at the moment it happens. What comes out names zones, hours and agencies only."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from zoneinfo import ZoneInfo

from kiosk.domain import events
from kiosk.domain.house import House, advance
from kiosk.domain.ids import MemberId, VisitId
from kiosk.domain.presence import Presence
from kiosk.domain.tally import Counted, Tally, hour_of, month_of

BUCKETS = 128
"""Into how many buckets the members behind a figure are thrown: no more people than that can be told apart."""
SALT_BYTES = 32
MONTHS_KEPT = 2
"""For how many months buckets are kept in memory: this one, and the last for visits that began in it."""

_Delta = tuple[Tally, int]
_Someone = tuple[Tally, MemberId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What counting remembers from one event to the next. In memory only: nothing in here is ever written.

    `said` are the numbers of people in the journal. `buckets` holds, for each of them, one bit for every bucket that a
    member has fallen into since the process started: by a hash under `salt`, which is made at the start and dies with
    the process. Two members may share a bucket, one never has two; so there are never more buckets than people, and
    after a restart the number in the journal grows only once it is surpassed anew.
    `led` are the visits in which an offer was taken that has not been followed by company.
    """

    salt: bytes
    zone: ZoneInfo
    said: Mapping[Tally, int] = field(default_factory=dict)
    buckets: Mapping[Tally, int] = field(default_factory=dict)
    led: frozenset[VisitId] = frozenset()


@dataclass(frozen=True, slots=True)
class Counting:
    """What a row of events comes to: the house after them, what they add to the tallies, and what to remember."""

    after: House
    tallies: Mapping[Tally, int]
    counts: Counts


def count(counts: Counts, house: House, happened: Iterable[events.Happened]) -> Counting:
    """Return what the events, in their order, add to the tallies, or raise `IllegalEvent` with nothing changed.

    Keep `counts` only once the tallies are on disk.
    """
    found: Counter[Tally] = Counter()
    for event in happened:
        after = advance(house, event)
        for tally, times in _deltas(counts, house, event, after):
            found[tally] += times
        counts, grown = _with_people(counts, _people(counts, house, event, after))
        found.update(grown)
        counts = _with_led(counts, house, event, after)
        house = after
    return Counting(house, {tally: times for tally, times in found.items() if times}, counts)


def _deltas(counts: Counts, before: House, event: events.Happened, after: House) -> Iterator[_Delta]:
    at, zone = event.at, counts.zone
    match event:
        case events.VisitEvent():
            yield from _visit(before, event, after, zone)
            yield from _stay(before, event, after, zone)
            yield from _offer(counts, before, event, after)
        case events.GuestArrived():
            yield Tally(month_of(at, zone), Counted.GUESTS), 1
        case events.ActivityPlanned(starts_at=starts_at):
            yield Tally(month_of(replace(at, wall=starts_at), zone), Counted.ACTIVITIES), 1
        case events.ActivityCancelled(activity=activity) if activity in before.activities:
            starts_at = before.activities[activity].starts_at
            if at.wall < starts_at:
                yield Tally(month_of(replace(at, wall=starts_at), zone), Counted.ACTIVITIES), -1


def _visit(before: House, event: events.VisitEvent, after: House, zone: ZoneInfo) -> Iterator[_Delta]:
    """Yield the difference in what the visit counts for: so nothing stays counted that was undone or moved."""
    was = _same_visit(before, event)
    if was is not None:
        yield from ((tally, -1) for tally in _counts_for(was, zone))
    yield from ((tally, 1) for tally in _counts_for(after.presences[event.member], zone))
    if was is not None and _is_taken_back(was, event):
        for month in {month_of(was.arrived_at, zone), month_of(was.left_at or event.at, zone)}:
            yield Tally(month, Counted.TAKEN_BACK), 1


def _counts_for(one: Presence, zone: ZoneInfo) -> tuple[Tally, ...]:
    if one.annulled:
        return ()
    month = month_of(one.arrived_at, zone)
    kinds = ((Counted.TAKING_PART, one.took_part), (Counted.CLOSED_AUTOMATICALLY, one.closed_automatically))
    held = tuple(Tally(month, kind) for kind, holds in kinds if holds)
    return (Tally(month, Counted.ARRIVALS, hour_of(one.arrived_at, zone)), *held)


def _is_taken_back(was: Presence, event: events.VisitEvent) -> bool:
    is_undone = isinstance(event, events.ArrivalUndone) and was.last_zone is not None
    return is_undone or isinstance(event, events.VisitAnnulled)


def _stay(before: House, event: events.VisitEvent, after: House, zone: ZoneInfo) -> Iterator[_Delta]:
    was = _same_visit(before, event)
    match event:
        case events.JoinedZone(zone=joined) if _is_new_stay(before, event):
            yield Tally(month_of(event.at, zone), Counted.JOINS, joined, hour_of(event.at, zone)), 1
        case events.ArrivalUndone() if was is not None and was.zone is not None and was.joined_at is not None:
            month, hour = month_of(was.joined_at, zone), hour_of(was.joined_at, zone)
            yield Tally(month, Counted.JOINS, was.zone, hour), -1
        case events.TookPart(zone=there):
            month, hour = month_of(event.at, zone), hour_of(event.at, zone)
            yield Tally(month, Counted.TOOK_PART, there, hour), 1
            own = after.presences[event.member].agency
            for agency, times in Counter(other.agency for other in _met(event, after)).items():
                yield Tally(month, Counted.MEETINGS, min(own, agency), max(own, agency)), times


def _is_new_stay(before: House, event: events.JoinedZone) -> bool:
    """Return whether this begins a stay: joining the zone one is in only renews it."""
    was = _same_visit(before, event)
    return was is None or was.zone != event.zone


def _met(event: events.TookPart, house: House) -> list[Presence]:
    """Return the other members who are in the zone, with company, and have taken part since they joined it."""
    others = (one for one in house.inside() if one.member != event.member and one.zone == event.zone)
    return [one for one in others if one.took_part_here and one.company_since is not None]


def _offer(counts: Counts, before: House, event: events.VisitEvent, after: House) -> Iterator[_Delta]:
    if isinstance(event, events.OfferMade):
        yield Tally(month_of(event.at, counts.zone), Counted.OFFERS_MADE), 1
    kind = _offer_kind(counts, before, event)
    if kind is not None:
        yield Tally(_month_of_offer(event.member, after, counts.zone), kind), 1


def _offer_kind(counts: Counts, before: House, event: events.VisitEvent) -> Counted | None:
    """Return whether the event takes the offer that stands, or is the company that a taken one led to."""
    offered = before.preferences.get(event.member)
    if offered is None or offered.offered_in != event.visit:
        return None
    match event:
        case events.JoinedZone(zone=zone) if offered.is_open and offered.offered_zone == zone:
            return Counted.OFFERS_TAKEN
        case events.CompanyBegan(visit=visit) if visit in counts.led:
            return Counted.OFFERS_FOLLOWED
        case _:
            return None


def _month_of_offer(member: MemberId, house: House, zone: ZoneInfo) -> str:
    """Return the month the member's last offer was made in: what became of it is counted there."""
    offered_at = house.preferences[member].offered_at
    return "" if offered_at is None else month_of(offered_at, zone)


def _with_led(counts: Counts, before: House, event: events.Happened, after: House) -> Counts:
    if not isinstance(event, events.VisitEvent):
        return counts
    if _offer_kind(counts, before, event) is Counted.OFFERS_TAKEN:
        return replace(counts, led=counts.led | {event.visit})
    if event.visit not in counts.led:
        return counts
    one, offered = after.presences[event.member], after.preferences.get(event.member)
    is_there = offered is not None and one.inside and one.zone == offered.offered_zone
    waits_still = is_there and not isinstance(event, events.CompanyBegan)
    return counts if waits_still else replace(counts, led=counts.led - {event.visit})


def _people(counts: Counts, before: House, event: events.Happened, after: House) -> Iterator[_Someone]:
    """Yield who stands behind which figure from now on."""
    zone = counts.zone
    match event:
        case events.Left() | events.ClosedAutomatically():
            one = after.presences[event.member]
            month = month_of(one.arrived_at, zone)
            for hour in ("", hour_of(one.arrived_at, zone)):
                yield Tally(month, Counted.PEOPLE_ARRIVALS, hour), event.member
            if one.closed_automatically:
                yield Tally(month, Counted.PEOPLE_CLOSED_AUTOMATICALLY), event.member
        case events.GuestArrived(visit=visit):
            brought = after.of_visit(visit)
            if brought is not None:
                yield Tally(month_of(event.at, zone), Counted.PEOPLE_GUESTS), brought.member
        case events.OfferMade():
            yield Tally(month_of(event.at, zone), Counted.PEOPLE_OFFERS_MADE), event.member
        case events.JoinedZone() if _is_new_stay(before, event):
            yield from _people_there(event, after, zone)
        case events.TookPart():
            yield from _people_there(event, after, zone)
    if isinstance(event, events.VisitEvent) and (kind := _offer_kind(counts, before, event)):
        yield Tally(_month_of_offer(event.member, after, zone), Counted(f"people_{kind}")), event.member


def _people_there(event: events.JoinedZone | events.TookPart, after: House, zone: ZoneInfo) -> Iterator[_Someone]:
    month = month_of(event.at, zone)
    kind = Counted.PEOPLE_JOINS if isinstance(event, events.JoinedZone) else Counted.PEOPLE_TOOK_PART
    for hour in ("", hour_of(event.at, zone)):
        yield Tally(month, kind, event.zone, hour), event.member
    if isinstance(event, events.TookPart):
        one = after.presences[event.member]
        yield Tally(month_of(one.arrived_at, zone), Counted.PEOPLE_TAKING_PART), event.member
        met = _met(event, after)
        theirs = {other.agency: Tally(month, Counted.PEOPLE_MEETINGS, other.agency, one.agency) for other in met}
        yield from ((Tally(month, Counted.PEOPLE_MEETINGS, one.agency, agency), event.member) for agency in theirs)
        yield from ((theirs[other.agency], other.member) for other in met)


def _with_people(counts: Counts, people: Iterable[_Someone]) -> tuple[Counts, Mapping[Tally, int]]:
    """Return the counts with these people in their buckets, and by how much the numbers said have grown."""
    found = [(tally, 1 << _bucket(counts.salt, tally, member)) for tally, member in people]
    new = [(tally, bit) for tally, bit in found if not counts.buckets.get(tally, 0) & bit]
    if not new:
        return counts, {}
    buckets, said = dict(counts.buckets), dict(counts.said)
    for tally, bit in new:
        buckets[tally] = buckets.get(tally, 0) | bit
        said[tally] = max(said.get(tally, 0), buckets[tally].bit_count())
    grown = {tally: said[tally] - counts.said.get(tally, 0) for tally, _ in new}
    months = sorted({tally.month for tally in buckets})[-MONTHS_KEPT:]
    kept = {tally: bits for tally, bits in buckets.items() if tally.month in months}
    return replace(counts, buckets=kept, said=said), grown


def _bucket(salt: bytes, tally: Tally, member: MemberId) -> int:
    """Return the member's bucket for this figure; for another figure it is another."""
    about = f"{tally.month}\0{tally.kind}\0{tally.first}\0{tally.second}\0{member}"
    return int.from_bytes(blake2b(about.encode(), key=salt, digest_size=8).digest()) % BUCKETS


def _same_visit(house: House, event: events.VisitEvent) -> Presence | None:
    one = house.presences.get(event.member)
    return one if one is not None and one.visit == event.visit else None
