"""A made-up month of a made-up hub, lived through the rule's own events: for the report's picture and for tests."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as numbers
from random import Random
from zoneinfo import ZoneInfo

from kiosk.domain import events
from kiosk.domain.company import Surroundings, due
from kiosk.domain.counting import Counts, count
from kiosk.domain.decision import OfVisit
from kiosk.domain.house import House
from kiosk.domain.ids import MEMBER, ActivityId, AgencyId, BootId, EventId, GuestId, MemberId, ReaderId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.requests import MetSomebody
from kiosk.domain.rule import Rule
from kiosk.domain.tally import Counted, Tally
from kiosk.domain.zones import Words, Zone

TIME_ZONE = ZoneInfo("Europe/Stockholm")
ZONES = {
    ZoneId(one): Zone(id=ZoneId(one), name=Words(*names), about=Words("", ""), counts=True)
    for one, names in {
        "lagerelden": ("Lägerelden", "The campfire"),
        "hinderbanan": ("Hinderbanan", "The obstacle course"),
        "rastplatsen": ("Rastplatsen", "The resting place"),
    }.items()
}
AGENCIES = {
    "arkiv": ("Arkivverket", 45),
    "bygg": ("Byggverket", 40),
    "data": ("Dataverket", 60),
    "fjall": ("Fjällverket", 14),
    "kust": ("Kustverket", 35),
    "namnd": ("Nämnden", 3),
    "skog": ("Skogsverket", 30),
}
"""The agencies: their names, and how many of their people come now and then."""
COMES_P, OFFERED_P, JOINS_P, AGAIN_P, FORGETS_P, BRINGS_P, ANSWERS_P = 0.25, 0.5, 0.8, 0.3, 0.08, 0.06, 0.7
"""How likely: to come on a day, be offered a zone, join one, join another, forget to tap out, bring a guest, answer."""
ANSWERS = (MetSomebody.YES, MetSomebody.YES, MetSomebody.YES, MetSomebody.NO, MetSomebody.SKIPPED)
LOOK_S = 190
"""How long after somebody joined the rule is asked again: a little more than it takes to be present."""
CLOSES_S = 18 * 3600
SALT = b"an example needs no secret"


def tallies(month: str, chance: Random, last_day: int = 31) -> dict[Tally, int]:
    """Return what the house counts in that month (YYYY-MM), up to that day of it."""
    day = date.fromisoformat(f"{month}-01")
    counts, found = Counts(salt=SALT, zone=TIME_ZONE), Counter[Tally]()
    while f"{day:%Y-%m}" == month and day.day <= last_day:
        if day.isoweekday() <= 5:  # noqa: PLR2004 - Friday
            lived = _Day(day, chance, counts)
            lived.live()
            counts = lived.counts
            found.update(lived.tallies)
        day += timedelta(days=1)
    return dict(found)


@dataclass(frozen=True, slots=True, order=True)
class _Step:
    """Something that will happen to a member, `at_s` seconds after midnight."""

    at_s: float
    order: int
    what: str = field(compare=False)
    member: MemberId = field(compare=False)


@dataclass
class _Day:
    """One day of the house: what is still to come, and the house so far."""

    day: date
    chance: Random
    counts: Counts
    house: House = field(default_factory=House)
    tallies: Counter[Tally] = field(default_factory=Counter)
    agenda: list[_Step] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=numbers)

    def live(self) -> None:
        """Let everything of the day happen."""
        around = Surroundings(rule=Rule(), zones=ZONES)
        self.record(self.activity())
        for agency, (_, people) in AGENCIES.items():
            for number in range(people):
                if self.chance.random() < COMES_P:
                    self.plan(self.chance.triangular(7.5, 15.5, 9) * 3600, "arrive", MemberId(f"{agency}-{number}"))
        while self.agenda:
            step = heapq.heappop(self.agenda)
            self.record(*self.happens(step))
            self.record(*due(self.house, around, self.at(step.at_s), self.event_id))

    def plan(self, at_s: float, what: str, member: MemberId) -> None:
        """Put something on the agenda."""
        heapq.heappush(self.agenda, _Step(at_s, next(self.ids), what, member))

    def record(self, *happened: events.Happened) -> None:
        """Count what happened."""
        counting = count(self.counts, self.house, happened)
        self.house, self.counts = counting.after, counting.counts
        self.tallies.update(counting.tallies)

    def at(self, at_s: float) -> Instant:
        """Return the moment that many seconds after midnight."""
        wall = datetime.combine(self.day, time(), TIME_ZONE) + timedelta(seconds=at_s)
        return Instant(wall.astimezone(UTC), BootId(self.day.isoformat()), at_s, ClockState.SYNCED)

    def event_id(self) -> EventId:
        """Return a new event's id."""
        return EventId(f"{self.day}-{next(self.ids):06}")

    def activity(self) -> events.Happened:
        """Return the day's activity, announced in the morning."""
        return events.ActivityPlanned(
            id=self.event_id(),
            at=self.at(7 * 3600),
            activity=ActivityId(self.day.isoformat()),
            zone=ZoneId("hinderbanan"),
            title=Words("Dagens hinder", "The obstacle of the day"),
            starts_at=self.at(13 * 3600).wall,
            ends_at=self.at(14 * 3600).wall,
            by=MEMBER,
        )

    def happens(self, step: _Step) -> Iterator[events.Happened]:
        """Yield the events of one step, and plan what follows from it."""
        match step.what:
            case "arrive":
                yield from self.arrival(step)
            case "join":
                yield events.JoinedZone(**self.of(step), zone=self.chosen_zone(step.member), by=MEMBER)
                self.plan(step.at_s + LOOK_S, "look", step.member)
            case "leave":
                yield events.Left(**self.of(step), reader=ReaderId("entrance"), by=MEMBER)
                if self.chance.random() < ANSWERS_P:
                    self.tallies[Tally(f"{self.day:%Y-%m}", Counted.MET_SOMEBODY, self.chance.choice(ANSWERS))] += 1
            case "close":
                yield events.ClosedAutomatically(**self.of(step), closed_at=self.at(CLOSES_S).wall)

    def arrival(self, step: _Step) -> Iterator[events.Happened]:
        """Yield an arrival and what comes with it; the stay and its end are planned."""
        agency = AgencyId(step.member.partition("-")[0])
        yield events.Arrived(
            **self.of(step),
            agency=agency,
            badge=None,
            reader=ReaderId("entrance"),
            by=MEMBER,
            rights=events.Rights.FRESH,
        )
        if self.chance.random() < OFFERED_P:
            offered = self.chance.choice(list(ZONES))
            yield events.OfferMade(**self.of(step), zone=offered)
        if self.chance.random() < BRINGS_P:
            guest = GuestId(f"guest-{next(self.ids)}")
            at, visit = self.at(step.at_s), self.visit(step.member)
            yield events.GuestArrived(id=self.event_id(), at=at, guest=guest, visit=visit, by=MEMBER)
        leaves_s = min(step.at_s + self.chance.triangular(0.4, 5, 1.8) * 3600, CLOSES_S - 600)
        if self.chance.random() < JOINS_P:
            self.plan(step.at_s + 240, "join", step.member)
            if self.chance.random() < AGAIN_P and leaves_s > step.at_s + 3600:
                self.plan(step.at_s + 3000, "join", step.member)
        forgets = self.chance.random() < FORGETS_P
        self.plan(
            CLOSES_S + 1 if forgets else max(leaves_s, step.at_s + 300), "close" if forgets else "leave", step.member
        )

    def chosen_zone(self, member: MemberId) -> ZoneId:
        """Return where the member goes: mostly where they were invited, else anywhere but where they are."""
        chosen = self.house.preferences.get(member)
        if chosen and chosen.is_open and chosen.offered_zone and self.chance.random() < JOINS_P:
            return chosen.offered_zone
        now_in = self.house.presences[member].zone
        return self.chance.choice([one for one in ZONES if one != now_in])

    def of(self, step: _Step) -> OfVisit:
        """Return what every event of a visit begins with."""
        return OfVisit(id=self.event_id(), at=self.at(step.at_s), visit=self.visit(step.member), member=step.member)

    def visit(self, member: MemberId) -> VisitId:
        """Return the member's visit of this day."""
        return VisitId(f"{self.day}-{member}")


def names() -> Mapping[str, str]:
    """Return the agencies' names by id."""
    return {one: name for one, (name, _) in AGENCIES.items()}
