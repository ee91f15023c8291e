"""The last moment at which each number of the rule still holds, and the first at which it no longer does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.company import company
from kiosk.domain.decide import decide
from kiosk.domain.entry import entry_refusal, member_refusal
from kiosk.domain.house import House, advance, replay
from kiosk.domain.ids import MEMBER, EventId, MemberId, RequestId, VisitId, host
from kiosk.domain.members import Language
from kiosk.domain.offer import offer_for
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import CheckIn, JoinZone, Leave, LeaveZone
from kiosk.domain.rule import Rule
from kiosk.domain.zones import ZoneState
from tests.kiosk.domain.test_decide import READER, Story, outcome
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, joined
from tests.support.house import FIRE, START, ZONES, CountedIds, at, facts, holder, occupancy, surroundings

RULE = Rule()


def confirmed(seconds: float) -> events.ConfirmedByHost:
    return events.ConfirmedByHost(
        id=EventId("c"), at=at(seconds), visit=VisitId("visit-astrid"), member=ASTRID, zone=FIRE, by=host("eva")
    )


def has_company(house: House, seconds: float, state: ZoneState | None = None) -> bool:
    now = at(seconds)
    said = () if state is None else (occupancy(FIRE, state, now),)
    return company(house.presences[ASTRID], house, surroundings(*said), now) is not None


def test_a_pair_of_joins_outweighs_a_vacant_zone_up_to_and_with_its_last_second() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=0), joined(BO, 0)])
    assert has_company(house, RULE.join_fresh_s, ZoneState.VACANT)
    assert not has_company(house, RULE.join_fresh_s + 1, ZoneState.VACANT)


def test_a_join_is_company_up_to_and_with_its_last_second() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=0), joined(BO, 0)])
    assert has_company(house, RULE.join_company_s)
    assert not has_company(house, RULE.join_company_s + 1)


def test_a_hosts_word_holds_as_long_as_a_join_and_outweighs_a_vacant_zone_as_long_as_a_pair() -> None:
    house = advance(replay([arrived(), arrived(BO, 0), joined(seconds=0)]), confirmed(0))
    assert has_company(house, RULE.join_company_s)
    assert not has_company(house, RULE.join_company_s + 1)
    assert has_company(house, RULE.join_fresh_s, ZoneState.VACANT)
    assert not has_company(house, RULE.join_fresh_s + 1, ZoneState.VACANT)


def test_sensors_that_cannot_say_are_told_as_such_and_not_as_nobody() -> None:
    house = replay([arrived(), arrived(BO, 0), joined(seconds=0), joined(BO, 0)])
    now = at(10)
    unknown = surroundings(occupancy(FIRE, ZoneState.UNKNOWN, now))
    occupied = surroundings(occupancy(FIRE, ZoneState.OCCUPIED, now, low=1))
    seen = [company(house.presences[ASTRID], house, around, now) for around in (surroundings(), unknown, occupied)]
    assert [one.sensed if one else "none" for one in seen] == [None, None, 1]


def test_rights_are_good_to_their_last_second() -> None:
    assert entry_refusal(holder("Astrid"), RULE.rights_limit_s, at(0), RULE) is None
    assert entry_refusal(holder("Astrid"), RULE.rights_limit_s + 1, at(0), RULE) is Reason.RIGHTS_TOO_OLD


def test_a_membership_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    who = replace(holder("Astrid").member, valid_from=START, valid_until=START + timedelta(seconds=1))
    assert member_refusal(who, at(-1)) is Reason.MEMBERSHIP_NOT_BEGUN
    assert member_refusal(who, at(0)) is None
    assert member_refusal(who, at(1)) is Reason.MEMBERSHIP_ENDED


@pytest.mark.parametrize(
    ("seconds", "is_repeated"), [(RULE.guard_s - 0.001, True), (RULE.guard_s, False), (RULE.guard_s + 1, False)]
)
def test_the_guard_time_ends_when_it_is_over(seconds: float, is_repeated: bool) -> None:  # noqa: FBT001 - expected value
    story = Story()
    story.tap(0)
    assert story.tap(seconds).answer.repeated is is_repeated


@pytest.mark.parametrize(
    ("seconds", "result"), [(RULE.leave_again_s, Outcome.LEFT), (RULE.leave_again_s + 1, Outcome.ALREADY_IN)]
)
def test_again_leaves_up_to_and_with_its_last_second(seconds: float, result: Outcome) -> None:
    story = Story()
    story.tap(0)
    story.tap(100)
    assert outcome(story.tap(100 + seconds))[0] is result


def test_answers_say_since_when_where_and_in_whose_language() -> None:
    story = Story(replace(holder("Astrid"), member=replace(holder("Astrid").member, language=Language.EN)))
    first = story.tap(0).answer
    assert (first.since, first.language, first.reader, first.request) == (at(0), Language.EN, READER, "tap-0")
    again = story.tap(2).answer
    assert (again.request, again.reader, again.since) == ("tap-2", READER, at(0))
    joining = JoinZone(id=RequestId("j"), at=at(9), visit=story.visit, zone=FIRE, by=MEMBER)
    assert story.ask(joining).answer.zone == FIRE
    assert story.tap(60).answer.zone == FIRE
    leaving = LeaveZone(id=RequestId("k"), at=at(61), visit=story.visit, by=MEMBER)
    assert story.ask(leaving).answer.zone is None
    story.ask(replace(joining, at=at(62)))
    assert story.ask(Leave(id=RequestId("l"), at=at(63), visit=story.visit, by=MEMBER)).answer.zone is None


def test_a_request_for_another_visit_finds_nobody() -> None:
    story = Story()
    story.tap(0)
    leaving = Leave(id=RequestId("l"), at=at(9), visit=VisitId("other"), by=MEMBER)
    assert outcome(story.ask(leaving)) == (Outcome.REFUSED, Reason.NOT_IN_HOUSE)
    story.ask(replace(leaving, visit=story.visit))
    assert outcome(story.ask(replace(leaving, visit=story.visit))) == (Outcome.REFUSED, Reason.NOT_IN_HOUSE)


def test_a_host_is_told_whether_the_person_or_the_whole_list_is_missing() -> None:
    check_in = CheckIn(id=RequestId("c"), at=at(0), member=MemberId("astrid"), by=host("eva"))
    unknown = facts(House(), None, CountedIds())
    assert outcome(decide(check_in, unknown)) == (Outcome.REFUSED, Reason.MEMBER_UNKNOWN)
    assert outcome(decide(check_in, replace(unknown, roster_age_s=None))) == (Outcome.REFUSED, Reason.ROSTER_MISSING)


def test_the_zone_one_has_joined_and_zones_that_do_not_count_are_never_offered() -> None:
    house = replay([arrived(), arrived(BO, 1), joined(BO), joined()])
    assert offer_for(house.presences[ASTRID], house, surroundings(), at(9)) is None
    elsewhere = replay([arrived(), arrived(BO, 1), joined(BO)])
    quiet = replace(surroundings(), zones={FIRE: replace(ZONES[FIRE], counts=False)})
    assert offer_for(elsewhere.presences[ASTRID], elsewhere, surroundings(), at(9)) is not None
    assert offer_for(elsewhere.presences[ASTRID], elsewhere, quiet, at(9)) is None
