"""Company: by badges, by surely counted people, by a host; and what outweighs what."""

from dataclasses import replace

from kiosk.domain import events
from kiosk.domain.company import company, due
from kiosk.domain.house import House, advance, replay
from kiosk.domain.ids import EventId, MemberId, VisitId, host
from kiosk.domain.presence import State
from kiosk.domain.rule import Rule
from kiosk.domain.zones import ZoneState
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, began, joined, took_part
from tests.support.house import COURSE, FIRE, ZONES, CountedIds, at, occupancy, surroundings

TWO = [arrived(), arrived(BO, 0), joined(), joined(BO)]


def alone() -> House:
    return replay([arrived(), arrived(BO, 0), joined()])


def test_two_badges_in_one_zone_are_company_to_each_other() -> None:
    house = replay(TWO)
    evidence = company(house.presences[ASTRID], house, surroundings(), at(10))
    assert evidence == events.Evidence(others=1, sensed=None, zone_state=ZoneState.UNKNOWN)
    assert not evidence.corroborated


def test_two_badges_in_two_zones_are_not() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(), joined(BO, zone=COURSE)])
    assert company(house.presences[ASTRID], house, surroundings(), at(10)) is None


def test_surely_two_people_by_sensors_are_company_for_one_badge() -> None:
    house = alone()
    sensed = surroundings(occupancy(FIRE, ZoneState.OCCUPIED, at(10), low=2))
    evidence = company(house.presences[ASTRID], house, sensed, at(10))
    assert evidence is not None
    assert evidence.sensed == 2
    assert evidence.corroborated


def test_one_sure_person_is_only_oneself() -> None:
    house = alone()
    sensed = surroundings(occupancy(FIRE, ZoneState.OCCUPIED, at(10), low=1))
    assert company(house.presences[ASTRID], house, sensed, at(10)) is None


def test_a_fresh_pair_of_joins_outweighs_a_zone_proven_vacant_for_a_while() -> None:
    house = replay(TWO)
    rule = Rule()
    for seconds, has_company in ((rule.join_fresh_s, True), (rule.join_fresh_s + 2, False)):
        now = at(seconds)
        vacant = surroundings(occupancy(FIRE, ZoneState.VACANT, now, high=0))
        assert (company(house.presences[ASTRID], house, vacant, now) is not None) == has_company


def test_silent_sensors_never_count_against_anybody() -> None:
    house = replay(TWO)
    now = at(Rule().join_fresh_s + 2)
    assert company(house.presences[ASTRID], house, surroundings(occupancy(FIRE, ZoneState.UNKNOWN, now)), now)
    long_ago = surroundings(occupancy(FIRE, ZoneState.VACANT, at(0), high=0))
    assert company(house.presences[ASTRID], house, long_ago, now)


def test_an_old_join_is_company_only_while_the_sensors_bear_it_out() -> None:
    house = replay(TWO)
    now = at(Rule().join_company_s + 10)
    assert company(house.presences[ASTRID], house, surroundings(), now) is None
    occupied = surroundings(occupancy(FIRE, ZoneState.OCCUPIED, now, low=1))
    assert company(house.presences[ASTRID], house, occupied, now) is not None


def test_a_host_who_saw_it_is_enough() -> None:
    confirmed = events.ConfirmedByHost(
        id=EventId("c"), at=at(5), visit=VisitId("visit-astrid"), member=ASTRID, zone=FIRE, by=host("eva")
    )
    house = advance(alone(), confirmed)
    evidence = company(house.presences[ASTRID], house, surroundings(), at(10))
    assert evidence is not None
    assert evidence.host


def test_settling_in_company_makes_both_present() -> None:
    ids = CountedIds()
    house = replay(TWO)
    house = replay(due(house, surroundings(), at(10), ids.event), house)
    assert {one.state for one in house.inside()} == {State.ARRIVED}
    house = replay(due(house, surroundings(), at(10 + Rule().settle_s - 1), ids.event), house)
    assert {one.state for one in house.inside()} == {State.ARRIVED}
    house = replay(due(house, surroundings(), at(10 + Rule().settle_s), ids.event), house)
    assert {one.state for one in house.inside()} == {State.PRESENT}


def test_lingering_without_company_makes_passive_and_company_makes_present_again() -> None:
    ids = CountedIds()
    house = alone()
    now = at(1 + Rule().linger_s)
    house = replay(due(house, surroundings(), now, ids.event), house)
    assert house.presences[ASTRID].state is State.PASSIVE
    house = advance(house, joined(BO, now.elapsed_s))
    house = replay(due(house, surroundings(), now, ids.event), house)
    later = at(now.elapsed_s + Rule().settle_s)
    house = replay(due(house, surroundings(), later, ids.event), house)
    assert house.presences[ASTRID].state is State.PRESENT


def test_somebody_alone_in_the_house_never_lapses() -> None:
    house = replay([arrived(), joined()])
    assert due(house, surroundings(), at(10 * Rule().linger_s), CountedIds().event) == ()


def test_nobody_lapses_for_not_joining_a_zone() -> None:
    house = replay([arrived(), arrived(BO, 0)])
    assert due(house, surroundings(), at(10 * Rule().linger_s), CountedIds().event) == ()


def test_evidence_never_names_anybody() -> None:
    house = replay(TWO)
    evidence = company(house.presences[ASTRID], house, surroundings(), at(10))
    assert MemberId("bo") not in str(evidence)


def test_a_zone_that_does_not_count_makes_nobody_present() -> None:
    house = replay(TWO)
    quiet = replace(surroundings(), zones={FIRE: replace(ZONES[FIRE], counts=False)})
    assert company(house.presences[ASTRID], house, quiet, at(10)) is None
    assert due(house, quiet, at(10), CountedIds().event) == ()


def test_sensors_that_fall_silent_end_no_company_and_make_nobody_passive() -> None:
    old = at(Rule().join_company_s + 600)
    house = replay(
        [arrived(), arrived(BO, 0), joined(seconds=1), joined(BO, 2), began(seconds=3), took_part(seconds=200)]
    )
    silent = surroundings(occupancy(FIRE, ZoneState.UNKNOWN, old))
    assert due(house, silent, old, CountedIds().event) == ()


def test_in_a_zone_without_sensors_an_old_join_is_company_no_more() -> None:
    old = at(Rule().join_company_s + 600)
    house = replay([arrived(), arrived(BO, 0), joined(seconds=1), joined(BO, 2), began(seconds=3), began(BO, 4)])
    assert {type(one) for one in due(house, surroundings(), old, CountedIds().event)} == {events.CompanyEnded}


def test_silence_keeps_nobody_in_company_who_is_alone() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=1), began(seconds=3)])
    silent = surroundings(occupancy(FIRE, ZoneState.UNKNOWN, at(600)))
    assert [type(one) for one in due(house, silent, at(600), CountedIds().event)] == [events.CompanyEnded]
