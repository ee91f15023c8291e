"""Corrections: new events that point to the old ones, with who and why, and that leave the old ones as they are."""

from datetime import timedelta

import pytest

from kiosk.domain import events
from kiosk.domain.answers import Outcome
from kiosk.domain.events import Why
from kiosk.domain.house import advance, forget
from kiosk.domain.ids import EventId, VisitId
from kiosk.domain.presence import IllegalEvent
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import AnnulVisit, ClearVisit, CorrectArrival, CorrectLeaving, Undo
from kiosk.domain.rule import Rule
from tests.support.day import EVA, Day, new_id, outcome
from tests.support.house import FIRE, START, at


def day_with_visit() -> Day:
    day = Day("Astrid", "Bo")
    day.tap("Astrid", 600)
    return day


def arrived_at(day: Day, minutes: float, seconds: float = 1800) -> CorrectArrival:
    to = START + timedelta(minutes=minutes)
    visit = day.of("Astrid").visit
    return CorrectArrival(id=new_id(), at=at(seconds), visit=visit, arrived_at=to, why=Why.FORGOT_TO_TAP, by=EVA)


def left_at(day: Day, minutes: float, seconds: float = 7200) -> CorrectLeaving:
    to = START + timedelta(minutes=minutes)
    visit = day.of("Astrid").visit
    return CorrectLeaving(id=new_id(), at=at(seconds), visit=visit, left_at=to, why=Why.FORGOT_TO_TAP, by=EVA)


def closed(day: Day, seconds: float = 3600) -> None:
    one = day.of("Astrid")
    event = events.ClosedAutomatically(
        id=EventId("closed"), at=at(seconds), visit=one.visit, member=one.member, closed_at=at(seconds).wall
    )
    day.take((event,))


def test_an_arrival_is_moved_by_an_event_that_points_to_it_and_says_who_and_why() -> None:
    day = day_with_visit()
    first = day.happened[0]
    assert outcome(day.ask(arrived_at(day, 5))) is Outcome.CORRECTED
    corrected = day.last(events.ArrivalCorrected)
    assert (corrected.corrects, corrected.by, corrected.why) == (first.id, EVA, Why.FORGOT_TO_TAP)
    assert day.of("Astrid").arrived_at.wall == START + timedelta(minutes=5)
    assert day.happened[0] is first


def test_a_moved_arrival_lies_elsewhere_since_the_boot_too() -> None:
    day = day_with_visit()
    day.ask(arrived_at(day, 5))
    assert at(900).seconds_since(day.of("Astrid").arrived_at) == 600


def test_nobody_arrives_in_the_future_or_after_they_left() -> None:
    day = day_with_visit()
    assert day.ask(arrived_at(day, 31)).answer.reason is Reason.TIME_UNFIT
    day.leave("Astrid", 1200)
    assert day.ask(arrived_at(day, 21)).answer.reason is Reason.TIME_UNFIT
    assert outcome(day.ask(arrived_at(day, 20))) is Outcome.CORRECTED


def test_a_leaving_that_was_forgotten_gets_its_time_and_is_no_longer_uncertain() -> None:
    day = day_with_visit()
    closed(day)
    assert day.of("Astrid").uncertain
    assert outcome(day.ask(left_at(day, 45))) is Outcome.CORRECTED
    one = day.of("Astrid")
    assert one.left_at is not None
    assert (one.left_at.wall, one.uncertain, one.closed_automatically) == (START + timedelta(minutes=45), False, True)
    assert day.last(events.LeavingCorrected).corrects == EventId("closed")


@pytest.mark.parametrize("minutes", [9, 121])
def test_nobody_left_before_they_came_or_in_the_future(minutes: float) -> None:
    day = day_with_visit()
    day.leave("Astrid", 1200)
    assert day.ask(left_at(day, minutes)).answer.reason is Reason.TIME_UNFIT


def test_whoever_is_still_in_has_not_left_at_any_time() -> None:
    day = day_with_visit()
    assert day.ask(left_at(day, 20)).answer.reason is Reason.STILL_IN


def test_a_corrected_leaving_cannot_be_undone_as_if_it_had_just_happened() -> None:
    day = day_with_visit()
    visit = day.of("Astrid").visit
    day.leave("Astrid", 1200)
    day.ask(left_at(day, 15, 1201))
    assert day.ask(Undo(id=new_id(), at=at(1202), visit=visit, by=EVA)).answer.reason is Reason.UNDO_TOO_LATE


@pytest.mark.parametrize("is_in", [True, False])
def test_an_annulled_visit_is_over_and_can_be_corrected_no_more(*, is_in: bool) -> None:
    day = day_with_visit()
    if not is_in:
        closed(day)
    annul = AnnulVisit(id=new_id(), at=at(3700), visit=day.of("Astrid").visit, why=Why.WRONG_PERSON, by=EVA)
    assert outcome(day.ask(annul)) is Outcome.CORRECTED
    one = day.of("Astrid")
    assert (one.inside, one.annulled, one.uncertain, one.before) == (False, True, False, None)
    assert day.ask(annul).answer.reason is Reason.VISIT_UNKNOWN
    assert day.ask(arrived_at(day, 5)).answer.reason is Reason.VISIT_UNKNOWN


def test_somebody_who_was_annulled_can_come_in_afresh() -> None:
    day = day_with_visit()
    day.ask(AnnulVisit(id=new_id(), at=at(700), visit=day.of("Astrid").visit, why=Why.NEVER_CAME, by=EVA))
    assert outcome(day.tap("Astrid", 800)) is Outcome.ARRIVED


def test_a_host_clears_who_was_uncertain_and_nobody_else() -> None:
    day = day_with_visit()
    clear = ClearVisit(id=new_id(), at=at(3700), visit=day.of("Astrid").visit, by=EVA)
    assert day.ask(clear).answer.reason is Reason.NOT_UNCERTAIN
    closed(day)
    assert outcome(day.ask(clear)) is Outcome.CLEARED
    assert not day.of("Astrid").uncertain
    assert day.ask(clear).answer.reason is Reason.NOT_UNCERTAIN


def test_a_visit_that_is_not_remembered_any_longer_cannot_be_corrected() -> None:
    day = day_with_visit()
    correction = arrived_at(day, 5, 1300)
    day.leave("Astrid", 1200)
    day.house = forget(day.house, Rule().correct_s, at(1201 + Rule().correct_s))
    assert day.ask(correction).answer.reason is Reason.VISIT_UNKNOWN


def test_a_correction_must_point_to_the_event_it_corrects() -> None:
    day = day_with_visit()
    one = day.of("Astrid")
    wrong = events.ArrivalCorrected(
        id=EventId("w"),
        at=at(700),
        visit=one.visit,
        member=one.member,
        corrects=EventId("another"),
        arrived_at=START,
        why=Why.WRONG_TIME,
        by=EVA,
    )
    with pytest.raises(IllegalEvent, match="does not fit"):
        advance(day.house, wrong)


def test_a_correction_of_another_visit_changes_nobody() -> None:
    day = day_with_visit()
    day.join("Astrid", FIRE, 700)
    correction = ClearVisit(id=new_id(), at=at(800), visit=VisitId("another"), by=EVA)
    assert day.ask(correction).answer.reason is Reason.VISIT_UNKNOWN
