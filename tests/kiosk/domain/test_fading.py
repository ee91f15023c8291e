"""In the night the house lets go of where those who left had been, and keeps what may still be undone or corrected."""

from dataclasses import replace

from kiosk.domain.fading import UNDO_MAX_S, faded, for_checkpoint
from kiosk.domain.guests import Guest
from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, VisitId
from kiosk.domain.preferences import Preferences
from kiosk.domain.presence import Presence
from kiosk.domain.retention import DETAIL_S
from kiosk.domain.rule import Rule
from tests.support.day import Day
from tests.support.house import FIRE, at


def left_at_1000() -> tuple[House, Presence]:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 0)
    day.tap("Bo", 1)
    day.join("Astrid", FIRE, 10)
    day.leave("Astrid", 1000)
    return day.house, day.of("Astrid")


def test_detail_goes_a_day_after_the_visit_and_the_visit_itself_stays() -> None:
    house, one = left_at_1000()
    assert one.last_zone == FIRE
    assert faded(house, at(1000 + DETAIL_S - 1)) is house
    after = faded(house, at(1000 + DETAIL_S)).presences[one.member]
    assert (after.last_zone, after.badge, after.before, after.last_seen_at) == (None, None, None, None)
    assert (after.visit, after.left_at, after.state) == (one.visit, one.left_at, one.state)


def test_whoever_is_in_or_still_looked_for_loses_nothing() -> None:
    house, one = left_at_1000()
    looked_for = replace(house, presences={**house.presences, one.member: replace(one, uncertain=True)})
    assert faded(looked_for, at(2 * DETAIL_S)) is looked_for


def test_a_checkpoint_holds_detail_only_of_who_is_in_or_has_just_left() -> None:
    house, one = left_at_1000()
    guest = Guest(id=GuestId("g"), visit=one.visit, arrived_at=at(20), zone=FIRE)
    house = replace(house, guests={guest.id: guest})
    just, later = for_checkpoint(house, at(1010)), for_checkpoint(house, at(1000 + UNDO_MAX_S))
    assert just == house
    assert later.presences[one.member].last_zone is None
    assert later.guests == {}
    assert later.inside() == house.inside()


def test_no_leaving_can_be_undone_for_longer_than_a_checkpoint_keeps_what_it_needs() -> None:
    assert Rule.__dataclass_fields__["undo_s"].metadata["high"] <= UNDO_MAX_S


def test_choices_forget_the_visit_they_were_last_offered_in_and_go_with_those_not_seen() -> None:
    house, one = left_at_1000()
    chosen = Preferences(member=one.member, offered_zone=FIRE, offered_in=VisitId("long-ago"), offers_wanted=False)
    house = replace(house, preferences={one.member: chosen})
    after = faded(house, at(1010))
    assert after.preferences[one.member] == replace(chosen, offered_in=None)
    assert faded(house, at(1010), [one.member]).preferences == {}
