"""Offers: concrete, live, seldom, never the same twice in a row, and none for those who do not want any."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import events
from kiosk.domain.answers import Offer, Offers
from kiosk.domain.ids import EventId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.offer import offer_for, offers_of
from kiosk.domain.requests import ChooseLanguage, ChooseOffers
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Words
from tests.support.day import EVA, Day, new_id, outcome
from tests.support.house import COURSE, FIRE, REST, START, at

GRACE_S = Rule().grace_s
TITLE = Words("Digital myndighetspost", "Digital post from agencies")


def offered(day: Day, name: str, seconds: float) -> Offer | None:
    """Make the offer that is due to the member now, if one is, and return it."""
    one = day.of(name)
    offer = offer_for(one, day.house, day.around, at(seconds))
    if offer is not None:
        made = events.OfferMade(
            id=EventId(day.ids()),
            at=at(seconds),
            visit=one.visit,
            member=one.member,
            zone=offer.zone,
            activity=offer.activity,
        )
        day.take((made,))
    return offer


def plan(day: Day, zone: ZoneId, starts_s: float, ends_s: float) -> None:
    day.take(
        (
            events.ActivityPlanned(
                id=EventId(day.ids()),
                at=at(0),
                activity=day.ids.activity(),
                zone=zone,
                title=TITLE,
                starts_at=START + timedelta(seconds=starts_s),
                ends_at=START + timedelta(seconds=ends_s),
                by=EVA,
            ),
        )
    )


def busy() -> Day:
    """Return a house where Bo waits by the fire, Carl and Disa have company at the course, and Astrid has come."""
    day = Day("Astrid", "Bo", "Carl", "Disa")
    for name in ("Bo", "Carl", "Disa", "Astrid"):
        day.tap(name, 0)
    day.join("Bo", FIRE, 1)
    day.join("Carl", COURSE, 2)
    day.join("Disa", COURSE, 3)
    day.pass_to(4)
    return day


def test_somebody_who_waits_is_offered_before_a_zone_with_more_people() -> None:
    offer = offered(busy(), "Astrid", 10)
    assert offer is not None
    assert (offer.zone, offer.joined, offer.waiting) == (FIRE, 1, 1)


def test_the_same_zone_is_never_offered_twice_in_a_row() -> None:
    day = busy()
    first = offered(day, "Astrid", 10)
    second = offered(day, "Astrid", 10 + GRACE_S)
    third = offered(day, "Astrid", 10 + 2 * GRACE_S)
    assert first
    assert second
    assert third
    assert (first.zone, second.zone, third.zone) == (FIRE, COURSE, FIRE)


def test_there_is_one_offer_in_a_grace_and_no_more() -> None:
    day = busy()
    assert offered(day, "Astrid", 10) is not None
    assert offered(day, "Astrid", 9 + GRACE_S) is None


def test_a_new_visit_brings_an_offer_at_once() -> None:
    day = busy()
    assert offered(day, "Astrid", 10) is not None
    day.leave("Astrid", 20)
    day.tap("Astrid", 60)
    assert offered(day, "Astrid", 60) is not None


def test_nobody_with_company_is_offered_anything() -> None:
    day = busy()
    assert offered(day, "Carl", 10) is None


def test_offers_pause_after_three_in_a_row_that_were_not_taken_and_come_back_in_time() -> None:
    day = busy()
    for number in range(3):
        assert offered(day, "Astrid", 10 + number * GRACE_S) is not None
    astrid = day.holders_id("Astrid")
    late_s = 10 + 2 * GRACE_S + Rule().offers_pause_s
    assert offered(day, "Astrid", 10 + 3 * GRACE_S) is None
    assert offers_of(day.house.preferences[astrid], Rule(), at(10 + 3 * GRACE_S)) is Offers.PAUSED
    assert offers_of(day.house.preferences[astrid], Rule(), at(late_s - 1)) is Offers.PAUSED
    assert offers_of(day.house.preferences[astrid], Rule(), at(late_s)) is Offers.WANTED


def test_an_offer_that_is_taken_begins_the_count_afresh() -> None:
    day = busy()
    for number in range(2):
        offered(day, "Astrid", 10 + number * GRACE_S)
    assert day.house.preferences[day.holders_id("Astrid")].ignored_in_a_row == 2
    day.join("Astrid", COURSE, 20 + GRACE_S)
    assert day.house.preferences[day.holders_id("Astrid")].ignored_in_a_row == 0


def test_joining_another_zone_than_the_offered_one_does_not_take_the_offer() -> None:
    day = busy()
    offered(day, "Astrid", 10)
    day.join("Astrid", REST, 20)
    assert day.house.preferences[day.holders_id("Astrid")].ignored_in_a_row == 1


def test_whoever_asks_to_be_let_be_is_never_offered_anything_again_until_they_choose_so() -> None:
    day = busy()
    visit = day.of("Astrid").visit
    day.ask(ChooseOffers(id=new_id(), at=at(5), visit=visit, wanted=False, by=EVA))
    assert offered(day, "Astrid", 10 + 400 * Rule().offers_pause_s) is None
    day.leave("Astrid", 20)
    day.tap("Astrid", 60)
    assert offered(day, "Astrid", 60) is None
    decision = day.ask(ChooseOffers(id=new_id(), at=at(70), visit=day.of("Astrid").visit, wanted=True, by=EVA))
    assert outcome(decision) == "chosen"
    assert offered(day, "Astrid", 80) is not None


def test_asking_for_offers_again_ends_the_pause() -> None:
    day = busy()
    for number in range(3):
        offered(day, "Astrid", 10 + number * GRACE_S)
    later_s = 10 + 3 * GRACE_S
    day.ask(ChooseOffers(id=new_id(), at=at(later_s), visit=day.of("Astrid").visit, wanted=True, by=EVA))
    assert offered(day, "Astrid", later_s) is not None


@pytest.mark.parametrize(("starts_s", "is_offered"), [(-60, True), (3610, True), (3611, False), (-7200, False)])
def test_an_activity_is_offered_while_it_runs_and_an_hour_before(starts_s: float, *, is_offered: bool) -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    plan(day, COURSE, starts_s, starts_s + 3600)
    offer = offered(day, "Astrid", 10)
    assert (offer is not None) is is_offered
    assert offer is None or (offer.zone, offer.title, offer.joined) == (COURSE, TITLE, 0)


def test_a_new_activity_makes_the_same_zone_another_offer() -> None:
    day = Day("Astrid")
    day.tap("Astrid", 0)
    plan(day, COURSE, 0, 6000)
    assert offered(day, "Astrid", 10) is not None
    assert offered(day, "Astrid", 10 + GRACE_S) is None
    plan(day, COURSE, -100, 6000)
    again = offered(day, "Astrid", 20 + GRACE_S)
    assert again is not None
    assert again.zone == COURSE


def test_a_chosen_language_goes_with_the_member_and_not_with_the_visit() -> None:
    day = busy()
    visit = day.of("Astrid").visit
    decision = day.ask(ChooseLanguage(id=new_id(), at=at(5), visit=visit, language=Language.EN, by=EVA))
    assert decision.answer.language is Language.EN
    day.leave("Astrid", 20)
    assert day.house.preferences[day.holders_id("Astrid")].language is Language.EN


@given(st.lists(st.sampled_from(["offer", "join", "leave", "bo"]), max_size=25))
def test_no_two_offers_in_a_row_are_the_same_and_never_more_than_three_are_ignored(steps: list[str]) -> None:
    day, before, seconds = busy(), None, 10.0
    zones = (FIRE, COURSE, REST)
    for number, step in enumerate(steps):
        seconds += GRACE_S
        if step == "offer":
            offer = offered(day, "Astrid", seconds)
            assert offer is None or before is None or offer.zone != before
            before = offer.zone if offer else before
        elif step == "join":
            day.join("Astrid", zones[number % 3], seconds)
        elif step == "bo":
            day.join("Bo", zones[number % 3], seconds)
        else:
            day.leave("Astrid", seconds)
            day.tap("Astrid", seconds + 60)
        chosen = day.house.preferences.get(day.holders_id("Astrid"))
        assert chosen is None or chosen.ignored_in_a_row <= Rule().offers_ignored_max


def test_the_offer_names_nobody_by_itself() -> None:
    offer = offered(busy(), "Astrid", 10)
    assert offer is not None
    assert offer.names == ()
    assert offer == replace(offer, names=())
