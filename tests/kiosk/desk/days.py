"""A state machine that plays whole days at the desk over real books: taps, zones, hosts, sensors, clocks, restarts."""

# ruff: noqa: D102 - the name of a rule or an invariant is its sentence

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.desk.desk import Books, Desk
from kiosk.domain import requests as req
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid, reference
from kiosk.domain.direction import Direction
from kiosk.domain.evacuation import evacuation_list
from kiosk.domain.events import Evidence, TookPart, Why
from kiosk.domain.house import House, advance
from kiosk.domain.ids import MEMBER, BadgeKey, BootId, GuestId, MemberId, ReaderId, RequestId, VisitId, ZoneId, host
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Language
from kiosk.domain.presence import Presence, State
from kiosk.domain.zones import Occupancy, Words, ZoneState
from kiosk.store.journal import JournalReader, JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from tests.support.books import LOST_UID, SECRET, UIDS, key_of, make_site
from tests.support.house import FIRE, REST, START, CountedIds, occupancy

EVA = host("eva")
NAMES = tuple(UIDS)
NEW_UID = "04AAAAAAAAAAAA"
ZONES = (FIRE, REST)
WITHOUT_EVENT = {Outcome.THANKED, Outcome.REFUSED}
"""Answers that record nothing; a tap refused does, and so does any other answer unless nothing changed by it."""

names = st.sampled_from(NAMES)
zones = st.sampled_from(ZONES)
whys = st.sampled_from(Why)


class ToldZones(ZonesReader):
    """Zones that are whatever the test says, without a file: writing one would take most of the test's time."""

    def __init__(self) -> None:
        """Begin with sensors that say nothing."""
        super().__init__(Path("/nonexistent"))
        self.told: dict[ZoneId, Occupancy] = {}

    def occupancies(self) -> dict[ZoneId, Occupancy]:
        """Return what was told."""
        return dict(self.told)


class Days(RuleBasedStateMachine):
    """Plays the house. `roster_path` is shared: nobody writes it."""

    roster_path: Path
    played: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        """Open an empty house at opening time."""
        super().__init__()
        memory = Path("/dev/shm")  # noqa: S108 - a disk that costs no time; the power cut is tested elsewhere
        self.dir = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.site = make_site(self.dir)
        self.zones = ToldZones()
        self.ids = CountedIds()
        self.boots = count(1)
        self.wall = self.latest = START
        self.boot, self.elapsed_s, self.clock = BootId("boot-0"), 0.0, ClockState.SYNCED
        self.shadow, self.seq = House(), 0
        self.evidence: dict[tuple[VisitId, ZoneId], Evidence] = {}
        self.reader = JournalReader(self.dir / "journal.db")
        self.open()

    def open(self) -> None:
        """Start the desk."""
        journal = JournalWriter(self.dir / "journal.db")
        self.books = Books(journal=journal, roster=RosterReader(self.roster_path), zones=self.zones)
        self.desk = Desk(self.site, self.books, {1: SECRET}, self.ids)

    def close(self) -> None:
        """Stop the desk."""
        self.books.journal.close()
        self.books.roster.close()

    def now(self) -> Instant:
        """Return the moment it is."""
        return Instant(self.wall, self.boot, self.elapsed_s, self.clock)

    def request_id(self) -> RequestId:
        """Return an id for a request."""
        return RequestId(self.ids())

    def ask(self, request: req.Request) -> Answer:
        """Ask the desk, and see that what it says stands in the journal."""
        before = self.reader.last_seq()
        house = self.desk.house
        answer = self.desk.handle(request)
        recorded = self.reader.last_seq() - before
        is_said_again = answer.repeated or self.is_same(request, answer, house)
        if answer.outcome not in WITHOUT_EVENT and not is_said_again:
            assert recorded > 0, f"{answer.outcome} is nowhere in the journal"
        self.played[answer.outcome] += 1
        return answer

    @staticmethod
    def is_same(request: req.Request, answer: Answer, house: House) -> bool:
        """Return whether somebody joined the zone they were in already."""
        presence = house.of_visit(request.visit) if isinstance(request, req.JoinZone) else None
        return presence is not None and answer.outcome is Outcome.JOINED and presence.zone == answer.zone

    def presence(self, name: str) -> Presence | None:
        """Return the last visit of the member of that name."""
        return self.desk.house.presences.get(MemberId(name.lower()))

    def visit(self, name: str) -> VisitId:
        """Return the member's last visit, or one that never was."""
        one = self.presence(name)
        return one.visit if one else VisitId("never")

    def guest(self, number: int) -> GuestId:
        """Return one of the guests ever let in, or one that never was."""
        known = list(self.desk.house.guests)
        return known[number % len(known)] if known else GuestId("never")

    def pass_s(self, seconds: float) -> None:
        """Let time pass without a tick."""
        self.wall += timedelta(seconds=seconds)
        self.elapsed_s += seconds

    @initialize(names=st.lists(names, max_size=3))
    def people_come(self, names: list[str]) -> None:
        for name in names:
            self.taps(name, Direction.IN)

    @rule(name=names, direction=st.sampled_from(Direction))
    def taps(self, name: str, direction: Direction) -> None:
        was_in = (one := self.presence(name)) is not None and one.inside
        uid = Uid(bytes.fromhex(UIDS[name]))
        tap = req.Tap(id=self.request_id(), at=self.now(), reader=ReaderId("entrance"), direction=direction, uid=uid)
        answer = self.ask(tap)
        if was_in:
            assert answer.repeated or answer.outcome in {Outcome.LEFT, Outcome.ALREADY_IN}
        if was_in and direction is Direction.OUT and not answer.repeated:
            assert answer.outcome is Outcome.LEFT, "leaving is never refused"

    @rule(uid=st.sampled_from([LOST_UID, "04FEDCBA987654", "08112233"]))
    def taps_a_badge_that_does_not_open(self, uid: str) -> None:
        badge = Uid(bytes.fromhex(uid))
        both = Direction.BOTH
        tap = req.Tap(id=self.request_id(), at=self.now(), reader=ReaderId("entrance"), direction=both, uid=badge)
        assert self.ask(tap).outcome is Outcome.REFUSED

    @rule(name=names, zone=zones)
    def joins(self, name: str, zone: ZoneId) -> None:
        self.ask(req.JoinZone(id=self.request_id(), at=self.now(), visit=self.visit(name), zone=zone, by=MEMBER))

    @rule(one=names, other=names, zone=zones, minutes=st.integers(3, 50))
    def two_meet_for_a_while(self, one: str, other: str, zone: ZoneId, minutes: int) -> None:
        self.joins(one, zone)
        self.joins(other, zone)
        for _ in range(minutes):
            self.pass_s(60)
            self.desk.tick(self.now())

    @rule(name=names)
    def leaves_a_zone(self, name: str) -> None:
        self.ask(req.LeaveZone(id=self.request_id(), at=self.now(), visit=self.visit(name), by=MEMBER))

    @rule(name=names)
    def leaves(self, name: str) -> None:
        was_in = (one := self.presence(name)) is not None and one.inside
        answer = self.ask(req.Leave(id=self.request_id(), at=self.now(), visit=self.visit(name), by=EVA))
        assert (answer.outcome is Outcome.LEFT) == was_in

    @rule(name=names)
    def undoes(self, name: str) -> None:
        self.ask(req.Undo(id=self.request_id(), at=self.now(), visit=self.visit(name), by=MEMBER))

    @rule(name=names)
    def a_host_lets_in(self, name: str) -> None:
        self.ask(req.CheckIn(id=self.request_id(), at=self.now(), member=MemberId(name.lower()), by=EVA))

    @rule(name=names)
    def a_host_confirms(self, name: str) -> None:
        self.ask(req.Confirm(id=self.request_id(), at=self.now(), visit=self.visit(name), by=EVA))

    @rule(name=names, shown=st.booleans(), wanted=st.booleans(), language=st.sampled_from(Language))
    def chooses(self, name: str, shown: bool, wanted: bool, language: Language) -> None:  # noqa: FBT001 - hypothesis hands them in by name
        visit, now = self.visit(name), self.now()
        self.ask(req.ChooseNaming(id=self.request_id(), at=now, visit=visit, shown=shown, by=MEMBER))
        self.ask(req.ChooseOffers(id=self.request_id(), at=now, visit=visit, wanted=wanted, by=MEMBER))
        self.ask(req.ChooseLanguage(id=self.request_id(), at=now, visit=visit, language=language, by=MEMBER))

    @rule(name=names)
    def brings_a_guest(self, name: str) -> None:
        guest = req.LetGuestIn(id=self.request_id(), at=self.now(), visit=self.visit(name), name="Gun", by=EVA)
        self.ask(guest)

    @rule(number=st.integers(0, 9), zone=zones)
    def a_guest_moves(self, number: int, zone: ZoneId) -> None:
        self.ask(req.MoveGuest(id=self.request_id(), at=self.now(), guest=self.guest(number), zone=zone, by=EVA))

    @rule(number=st.integers(0, 9), name=names)
    def a_guest_is_handed_over(self, number: int, name: str) -> None:
        guest, visit = self.guest(number), self.visit(name)
        self.ask(req.HandGuestOver(id=self.request_id(), at=self.now(), guest=guest, visit=visit, by=EVA))

    @rule(number=st.integers(0, 9))
    def a_guest_goes(self, number: int) -> None:
        was_in = self.guest(number) in {one.id for one in self.desk.house.guests_inside()}
        out = req.LetGuestOut(id=self.request_id(), at=self.now(), guest=self.guest(number), by=EVA)
        assert (self.ask(out).outcome is Outcome.GUEST_OUT) == was_in

    @rule(name=names, minutes=st.integers(-300, 10), why=whys)
    def a_host_corrects_the_arrival(self, name: str, minutes: int, why: Why) -> None:
        to = self.wall + timedelta(minutes=minutes)
        visit, now = self.visit(name), self.now()
        self.ask(req.CorrectArrival(id=self.request_id(), at=now, visit=visit, arrived_at=to, why=why, by=EVA))

    @rule(name=names, minutes=st.integers(-300, 10), why=whys)
    def a_host_corrects_the_leaving(self, name: str, minutes: int, why: Why) -> None:
        to = self.wall + timedelta(minutes=minutes)
        visit, now = self.visit(name), self.now()
        self.ask(req.CorrectLeaving(id=self.request_id(), at=now, visit=visit, left_at=to, why=why, by=EVA))

    @rule(name=names, why=whys, annul=st.booleans())
    def a_host_annuls_or_clears(self, name: str, why: Why, annul: bool) -> None:  # noqa: FBT001 - hypothesis hands it in by name
        visit, now = self.visit(name), self.now()
        annulled = req.AnnulVisit(id=self.request_id(), at=now, visit=visit, why=why, by=EVA)
        self.ask(annulled if annul else req.ClearVisit(id=self.request_id(), at=now, visit=visit, by=EVA))

    @rule(zone=zones, begins=st.integers(-30, 90), minutes=st.integers(1, 120))
    def a_host_plans(self, zone: ZoneId, begins: int, minutes: int) -> None:
        starts, words = self.wall + timedelta(minutes=begins), Words("Samtal", "A talk")
        ends = starts + timedelta(minutes=minutes)
        plan = req.PlanActivity(
            id=self.request_id(), at=self.now(), zone=zone, title=words, starts_at=starts, ends_at=ends, by=EVA
        )
        self.ask(plan)

    @rule()
    def a_host_cancels(self) -> None:
        for activity in list(self.desk.house.activities)[:1]:
            self.ask(req.CancelActivity(id=self.request_id(), at=self.now(), activity=activity, by=EVA))

    @rule()
    def a_host_orders_a_wing(self) -> None:
        lift = req.LiftBrake(id=self.request_id(), at=self.now(), removal="3F9A1C2B", by=EVA)
        retry = req.RetryQuarantine(id=self.request_id(), at=self.now(), by=EVA)
        assert {self.ask(one).outcome for one in (lift, retry)} == {Outcome.ORDERED}

    @rule(name=names, is_found=st.booleans())
    def a_badge_is_enrolled_lost_and_perhaps_found(self, name: str, is_found: bool) -> None:  # noqa: FBT001 - hypothesis hands it in by name
        badge, code = Uid(bytes.fromhex(NEW_UID)), reference(BadgeKey(key_of(NEW_UID)))
        member, both = MemberId(name.lower()), Direction.BOTH
        for _ in range(2):
            tap = req.Tap(id=self.request_id(), at=self.now(), reader=ReaderId("entrance"), direction=both, uid=badge)
            self.ask(tap)
        self.ask(req.EnrolBadge(id=self.request_id(), at=self.now(), reference=code, member=member, by=EVA))
        self.ask(req.ReportBadgeLost(id=self.request_id(), at=self.now(), member=member, reference=code, by=EVA))
        if is_found:
            self.ask(req.ReportBadgeFound(id=self.request_id(), at=self.now(), member=member, reference=code, by=EVA))

    @rule(met=st.sampled_from(req.MetSomebody))
    def somebody_answers_at_the_exit(self, met: req.MetSomebody) -> None:
        before = self.reader.last_seq()
        self.ask(req.AnswerExit(id=self.request_id(), at=self.now(), met=met))
        assert self.reader.last_seq() == before, "the answer at the exit is tied to nobody"

    @rule(zone=zones, state=st.sampled_from(ZoneState), low=st.integers(0, 3))
    def the_sensors_say(self, zone: ZoneId, state: ZoneState, low: int) -> None:
        self.zones.told[zone] = occupancy(zone, state, self.now(), low=low if state is ZoneState.OCCUPIED else 0)

    @rule(seconds=st.sampled_from([0.5, 3, 7, 30, 200, 1300, 2800, 7300, 43_300, 90_000]))
    def time_passes(self, seconds: float) -> None:
        self.pass_s(seconds)
        self.desk.tick(self.now())

    @rule(seconds=st.sampled_from([-7200, -60, 60, 3600, 86_400]))
    def the_wall_clock_is_set(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.desk.tick(self.now())

    @rule(state=st.sampled_from(ClockState))
    def the_clock_is_trusted_otherwise(self, state: ClockState) -> None:
        self.clock = state

    @rule(off_s=st.sampled_from([1, 600, 90_000]), is_new_boot=st.booleans())
    def the_desk_restarts(self, off_s: float, is_new_boot: bool) -> None:  # noqa: FBT001 - hypothesis hands it in by name
        before = self.desk.house
        self.close()
        self.pass_s(off_s)
        if is_new_boot:
            self.boot, self.elapsed_s = BootId(f"boot-{next(self.boots)}"), 5.0
        self.open()
        assert self.desk.house == before

    @invariant()
    def the_journal_replays_to_the_house(self) -> None:
        self.read_on()
        assert self.standing(self.shadow) == self.standing(self.desk.house)

    def standing(self, house: House) -> tuple[object, ...]:
        """Return all of a house that only events change; what retention lets go of without any is left out.

        Whoever is in is compared whole. Of a visit that is over stays what never fades: when, how, and that it was.
        """
        known = self.desk.house.presences  # those out for long are gone from the house by themselves
        over = [one for one in house.presences.values() if not one.inside and one.member in known]
        chosen = {member: replace(one, offered_in=None) for member, one in house.preferences.items()}
        self.latest = max(self.latest, self.wall)
        going_on = [one for one in house.activities.values() if one.ends_at > self.latest]
        return (
            [one for one in house.presences.values() if one.inside],
            {one.member: (one.visit, one.arrived_at, one.left_at, one.left_event, one.took_part) for one in over},
            {one.member: (one.uncertain, one.closed_at, one.annulled) for one in over},
            {one.id: one for one in house.guests_inside()},
            chosen,
            going_on,
            house.rule_numbers,
        )

    def read_on(self) -> None:
        """Read what the journal has that was not read before."""
        for one in self.reader.after(self.seq):
            self.shadow, self.seq = advance(self.shadow, one.event), one.seq
            if isinstance(one.event, TookPart):
                self.evidence[one.event.visit, one.event.zone] = one.event.evidence

    @invariant()
    def nobody_is_present_who_met_nobody(self) -> None:
        self.read_on()
        visits = {visit for visit, _zone in self.evidence}
        assert all(one.visit in visits for one in self.desk.house.inside() if one.state is State.PRESENT)
        for told in self.evidence.values():
            assert told.others >= 1 or (told.sensed or 0) >= 2 or told.host or told.activity

    @invariant()
    def the_evacuation_list_is_the_open_visits_and_the_uncleared_automatic_check_outs(self) -> None:
        now, house = self.now(), self.desk.house
        rows = evacuation_list(house, {}, {}, self.site.rule, now)
        certain = {one.visit for one in rows if one.certain}
        assert certain == {one.visit for one in house.presences.values() if one.state is not State.OUT}
        rest = {one.visit for one in rows if not one.certain}
        lately = [one for one in house.presences.values() if one.left_at and now.seconds_since(one.left_at) <= 43_200]
        assert rest == {one.visit for one in lately if one.closed_automatically and one.uncertain}
        assert {one.id for one in house.guests_inside()} <= {one.guest for one in rows}

    @invariant()
    def a_member_is_in_at_most_once_and_where_guests_are_somebody_received_them(self) -> None:
        inside = self.desk.house.inside()
        assert len({one.member for one in inside}) == len(inside)
        assert all(one.visit in {member.visit for member in inside} for one in self.desk.house.guests_inside())

    def teardown(self) -> None:
        """See that the chain is whole, and that other processes read the same house."""
        self.played["days"] += 1
        verdict = self.reader.verify()
        assert verdict.broken_at is None
        assert self.reader.house() == self.desk.house
        self.close()
        self.reader.close()
        shutil.rmtree(self.dir)
