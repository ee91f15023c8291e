"""What is counted when: each thing once, in its local month and hour, taken back when it was taken back, no person."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.counting import Counting, Counts, count
from kiosk.domain.house import House, advance
from kiosk.domain.ids import MEMBER, ActivityId, AgencyId, EventId, GuestId, MemberId, VisitId, ZoneId, host
from kiosk.domain.instant import ClockState
from kiosk.domain.presence import IllegalEvent
from kiosk.domain.tally import Counted, Tally
from kiosk.domain.zones import Words
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, began, joined, left, took_part
from tests.support.house import COURSE, FIRE, at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EMPTY = Counts(salt=b"salt", zone=STOCKHOLM)
NOVEMBER = "2026-11"
CARL = MemberId("carl")


def came(member: MemberId, agency: str, seconds: float = 0) -> events.Arrived:
    return replace(arrived(member, seconds), agency=AgencyId(agency))


def counted(*happened: events.Happened, counts: Counts = EMPTY) -> Counting:
    return count(counts, House(), happened)


def number(counting: Counting, kind: Counted, *about: str, month: str = NOVEMBER) -> int:
    """Return the count of that, all hours and zones together unless told which."""
    found = counting.tallies.items()
    return sum(
        times
        for tally, times in found
        if (tally.month, tally.kind) == (month, kind) and (tally.first, tally.second)[: len(about)] == about
    )


def undone(member: MemberId, seconds: float, at_first: float = 0) -> events.ArrivalUndone:
    return events.ArrivalUndone(
        id=EventId(f"u-{member}-{seconds}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        undoes=EventId(f"arrived-{member}-{at_first}"),
        by=MEMBER,
    )


def annulled(member: MemberId, seconds: float) -> events.VisitAnnulled:
    return events.VisitAnnulled(
        id=EventId(f"a-{member}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        corrects=EventId(f"arrived-{member}-0"),
        why=events.Why.WRONG_PERSON,
        by=host("h"),
    )


def corrected(member: MemberId, arrived_at: datetime) -> events.ArrivalCorrected:
    return events.ArrivalCorrected(
        id=EventId(f"c-{member}"),
        at=at(5000),
        visit=VisitId(f"visit-{member}"),
        member=member,
        corrects=EventId(f"arrived-{member}-0"),
        arrived_at=arrived_at,
        why=events.Why.WRONG_TIME,
        by=host("h"),
    )


def closed(member: MemberId, seconds: float) -> events.ClosedAutomatically:
    return events.ClosedAutomatically(
        id=EventId(f"x-{member}"),
        at=at(seconds),
        visit=VisitId(f"visit-{member}"),
        member=member,
        closed_at=at(seconds).wall,
    )


def offered(member: MemberId, seconds: float, zone: ZoneId = FIRE) -> events.OfferMade:
    return events.OfferMade(
        id=EventId(f"o-{seconds}"), at=at(seconds), visit=VisitId(f"visit-{member}"), member=member, zone=zone
    )


def together(*members: tuple[MemberId, str]) -> list[events.Happened]:
    """Return these members arriving, joining the campfire and taking part, one after the other."""
    story: list[events.Happened] = [came(who, agency) for who, agency in members]
    for make in (joined, began, took_part):
        story += [make(who) for who, _ in members]
    return story


def test_a_visit_is_counted_in_the_local_hour_it_began_in() -> None:
    counting = counted(arrived())
    assert counting.tallies == {Tally(NOVEMBER, Counted.ARRIVALS, "08"): 1}


@pytest.mark.parametrize(
    ("utc", "month", "hour"),
    [
        ("2026-10-25T00:30", "2026-10", "02"),
        ("2026-10-25T01:30", "2026-10", "02"),
        ("2026-10-25T02:30", "2026-10", "03"),
        ("2027-03-28T00:30", "2027-03", "01"),
        ("2027-03-28T01:30", "2027-03", "03"),
        ("2026-10-31T22:59", "2026-10", "23"),
        ("2026-10-31T23:00", "2026-11", "00"),
        ("2026-06-30T22:00", "2026-07", "00"),
    ],
)
def test_month_and_hour_are_local_on_both_clock_change_nights(utc: str, month: str, hour: str) -> None:
    wall = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    happened = replace(arrived(), at=replace(at(0), wall=wall))
    assert counted(happened).tallies == {Tally(month, Counted.ARRIVALS, hour): 1}


def test_what_happens_before_the_clock_was_set_is_counted_in_no_month() -> None:
    happened = replace(arrived(), at=at(0, clock=ClockState.UNSET))
    assert counted(happened).tallies == {Tally("", Counted.ARRIVALS, ""): 1}


def test_an_undone_arrival_leaves_nothing_counted_not_even_the_zone_just_joined() -> None:
    counting = counted(arrived(), joined(seconds=3), undone(ASTRID, 8))
    assert number(counting, Counted.ARRIVALS) == 0
    assert number(counting, Counted.JOINS) == 0


def test_an_annulled_visit_is_taken_back_with_all_that_its_visit_was_counted_for() -> None:
    whole = [*together((ASTRID, "a"), (BO, "b")), closed(ASTRID, 9000)]
    before, after = counted(*whole), counted(*whole, annulled(ASTRID, 9001))
    kinds = (Counted.ARRIVALS, Counted.TAKING_PART, Counted.CLOSED_AUTOMATICALLY)
    assert [number(before, kind) for kind in kinds] == [2, 2, 1]
    assert [number(after, kind) for kind in kinds] == [1, 1, 0]
    assert number(after, Counted.TAKEN_BACK) == 1


def test_a_corrected_arrival_moves_to_its_hour_and_month() -> None:
    moved = corrected(ASTRID, datetime(2026, 10, 31, 12, 0, tzinfo=UTC))
    counting = counted(arrived(), joined(), began(), took_part(), moved)
    assert number(counting, Counted.ARRIVALS) == 0
    assert number(counting, Counted.ARRIVALS, "13", month="2026-10") == 1
    assert number(counting, Counted.TAKING_PART, month="2026-10") == 1


def test_an_undone_leaving_counts_the_visit_once() -> None:
    back = events.LeavingUndone(
        id=EventId("u"), at=at(10), visit=VisitId("visit-astrid"), member=ASTRID, undoes=left().id, by=MEMBER
    )
    counting = counted(arrived(), left(), back, replace(left(), id=EventId("again"), at=at(30)))
    assert number(counting, Counted.ARRIVALS) == 1


def test_automatic_closings_are_counted_apart() -> None:
    counting = counted(arrived(), arrived(BO), left(BO), closed(ASTRID, 9000))
    assert number(counting, Counted.CLOSED_AUTOMATICALLY) == 1
    assert number(counting, Counted.ARRIVALS) == 2


def test_a_stay_is_counted_once_however_often_it_is_renewed() -> None:
    again = joined(seconds=4000)
    counting = counted(arrived(), joined(), again, joined(seconds=5000, zone=COURSE))
    assert number(counting, Counted.JOINS, FIRE) == 1
    assert number(counting, Counted.JOINS, COURSE, "09") == 1


def test_two_who_take_part_in_one_place_are_one_meeting_of_their_agencies() -> None:
    counting = counted(*together((ASTRID, "b-agency"), (BO, "a-agency")))
    assert number(counting, Counted.MEETINGS) == 1
    assert number(counting, Counted.MEETINGS, "a-agency", "b-agency") == 1


def test_colleagues_who_meet_are_counted_apart() -> None:
    counting = counted(*together((ASTRID, "a"), (BO, "a")))
    assert number(counting, Counted.MEETINGS, "a", "a") == 1


def test_three_in_one_place_are_three_pairs() -> None:
    counting = counted(*together((ASTRID, "a"), (BO, "b"), (CARL, "b")))
    assert number(counting, Counted.MEETINGS, "a", "b") == 2
    assert number(counting, Counted.MEETINGS, "b", "b") == 1


def test_who_has_not_taken_part_or_has_gone_or_is_elsewhere_is_met_by_nobody() -> None:
    not_yet = [came(ASTRID, "a"), came(BO, "b"), joined(), joined(BO), began(), began(BO), took_part()]
    assert number(counted(*not_yet), Counted.MEETINGS) == 0
    assert number(counted(*not_yet, left(), took_part(BO, 12)), Counted.MEETINGS) == 0
    assert number(counted(*not_yet, joined(seconds=8, zone=COURSE), took_part(BO, 12)), Counted.MEETINGS) == 0
    assert number(counted(*not_yet, took_part(BO, 12)), Counted.MEETINGS) == 1


def test_two_who_take_part_in_different_zones_do_not_meet() -> None:
    elsewhere = [joined(BO, 5, COURSE), replace(began(BO, 6), zone=COURSE), replace(took_part(BO, 7), zone=COURSE)]
    counting = counted(came(ASTRID, "a"), came(BO, "b"), joined(), began(), took_part(), *elsewhere)
    assert number(counting, Counted.TOOK_PART) == 2
    assert number(counting, Counted.MEETINGS) == 0


def test_who_has_no_company_any_more_is_met_by_nobody() -> None:
    ended = events.CompanyEnded(id=EventId("e"), at=at(8), visit=VisitId("visit-astrid"), member=ASTRID, zone=FIRE)
    alone = [came(ASTRID, "a"), came(BO, "b"), joined(), began(), took_part(), ended]
    counting = counted(*alone, joined(BO, 9), began(BO, 10), took_part(BO, 11))
    assert number(counting, Counted.MEETINGS) == 0


def test_who_comes_back_to_a_zone_meets_those_there_once_more() -> None:
    again = [joined(seconds=10, zone=COURSE), joined(seconds=20), began(seconds=21), took_part(seconds=22)]
    counting = counted(*together((ASTRID, "a"), (BO, "b")), *again)
    assert number(counting, Counted.MEETINGS, "a", "b") == 2
    assert number(counting, Counted.TOOK_PART, FIRE) == 3
    assert number(counting, Counted.TAKING_PART) == 2


def test_an_offer_is_taken_by_joining_its_zone_and_followed_by_the_first_company_there() -> None:
    ended = events.CompanyEnded(id=EventId("e"), at=at(20), visit=VisitId("visit-astrid"), member=ASTRID, zone=FIRE)
    story = [arrived(), offered(ASTRID, 1), joined(seconds=2), began(seconds=3), ended, began(seconds=30)]
    counting = counted(*story)
    kinds = (Counted.OFFERS_MADE, Counted.OFFERS_TAKEN, Counted.OFFERS_FOLLOWED)
    assert [number(counting, kind) for kind in kinds] == [1, 1, 1]


def test_an_offer_for_another_zone_is_not_taken_and_company_without_an_offer_follows_none() -> None:
    counting = counted(arrived(), offered(ASTRID, 1, COURSE), joined(seconds=2), began(seconds=3))
    kinds = (Counted.OFFERS_MADE, Counted.OFFERS_TAKEN, Counted.OFFERS_FOLLOWED)
    assert [number(counting, kind) for kind in kinds] == [1, 0, 0]


def test_company_after_leaving_the_offered_zone_does_not_follow_the_offer() -> None:
    story = [arrived(), offered(ASTRID, 1, COURSE), joined(seconds=2, zone=COURSE), joined(seconds=3), began(seconds=4)]
    counting = counted(*story)
    assert number(counting, Counted.OFFERS_TAKEN) == 1
    assert number(counting, Counted.OFFERS_FOLLOWED) == 0
    assert counting.counts.led == frozenset()


def test_an_offer_of_an_earlier_visit_is_not_taken_in_a_later_one() -> None:
    later = [
        arrived(ASTRID, 100, "visit-2"),
        replace(joined(seconds=101), visit=VisitId("visit-2")),
    ]
    counting = counted(arrived(), offered(ASTRID, 1), left(), *later)
    assert number(counting, Counted.OFFERS_TAKEN) == 0


def test_guests_are_counted_and_so_are_activities_unless_cancelled_before_they_began() -> None:
    guest = events.GuestArrived(id=EventId("g"), at=at(5), guest=GuestId("g"), visit=VisitId("visit-astrid"), by=MEMBER)
    planned = [
        events.ActivityPlanned(
            id=EventId(f"p-{name}"),
            at=at(6),
            activity=ActivityId(name),
            zone=COURSE,
            title=Words("x", "x"),
            starts_at=at(100).wall,
            ends_at=at(1000).wall,
            by=host("h"),
        )
        for name in ("held", "ended", "cancelled")
    ]
    cancels = [
        events.ActivityCancelled(id=EventId(name), at=at(seconds), activity=ActivityId(name), by=host("h"))
        for name, seconds in (("cancelled", 50), ("ended", 500))
    ]
    counting = counted(arrived(), guest, *planned, *cancels)
    assert number(counting, Counted.GUESTS) == 1
    assert number(counting, Counted.ACTIVITIES) == 2


def test_an_activity_is_counted_in_the_month_it_begins_in() -> None:
    planned = events.ActivityPlanned(
        id=EventId("p"),
        at=at(0),
        activity=ActivityId("p"),
        zone=COURSE,
        title=Words("x", "x"),
        starts_at=datetime(2026, 12, 1, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        by=host("h"),
    )
    assert counted(planned).tallies == {Tally("2026-12", Counted.ACTIVITIES): 1}


def test_an_event_that_cannot_be_changes_nothing() -> None:
    with pytest.raises(IllegalEvent):
        counted(took_part())


_STEPS = st.lists(st.tuples(st.sampled_from([ASTRID, BO, CARL]), st.integers(0, 8), st.integers(1, 4000)), max_size=60)


def attempts(who: MemberId, what: int, seconds: int) -> events.Happened:
    """Return one of the things that may happen to a member; not all of them can."""
    visit = VisitId(f"visit-{who}")
    return (
        came(who, f"agency-{who}"),
        joined(who, seconds),
        joined(who, seconds, COURSE),
        began(who, seconds),
        took_part(who, seconds),
        left(who, seconds),
        undone(who, seconds),
        annulled(who, seconds),
        events.LeavingUndone(
            id=EventId("x"), at=at(seconds), visit=visit, member=who, undoes=EventId(f"l-{who}-{seconds}"), by=MEMBER
        ),
    )[what]


@given(_STEPS)
@settings(deadline=None)
def test_whatever_happens_the_visits_counted_are_those_that_stand(steps: list[tuple[MemberId, int, int]]) -> None:
    house, counts, found = House(), EMPTY, Counter[Tally]()
    standing: dict[VisitId, bool] = {}
    for turn, step in enumerate(steps):
        event = attempts(*step)
        if isinstance(event, events.Arrived):
            event = replace(event, visit=VisitId(f"{event.visit}-{turn}"))
        elif isinstance(event, events.VisitEvent) and event.member in house.presences:
            one = house.presences[event.member]
            event = replace(event, visit=one.visit)
            if isinstance(event, events.LeavingUndone) and one.left_event:
                event = replace(event, undoes=one.left_event)
        try:
            expected = advance(house, event)
        except IllegalEvent:
            continue
        counting = count(counts, house, [event])
        assert counting.after == expected
        house, counts = counting.after, counting.counts
        found.update(counting.tallies)
        standing.update({one.visit: one.took_part for one in house.presences.values() if not one.annulled})
        for one in house.presences.values():
            if one.annulled:
                standing.pop(one.visit, None)
    assert sum(times for tally, times in found.items() if tally.kind is Counted.ARRIVALS) == len(standing)
    assert found[Tally(NOVEMBER, Counted.TAKING_PART)] == sum(standing.values())
    assert all(times >= 0 for times in found.values())


@given(_STEPS)
@settings(deadline=None)
def test_no_count_names_a_member_a_visit_or_a_guest(steps: list[tuple[MemberId, int, int]]) -> None:
    house, counts = House(), EMPTY
    for step in steps:
        try:
            counting = count(counts, house, [attempts(*step)])
        except IllegalEvent:
            continue
        house, counts = counting.after, counting.counts
        for tally in counting.tallies:
            hours = {"", *(f"{hour:02}" for hour in range(24))}
            places = {FIRE, COURSE, *(f"agency-{who}" for who in (ASTRID, BO, CARL))}
            assert {tally.first, tally.second} <= hours | places
