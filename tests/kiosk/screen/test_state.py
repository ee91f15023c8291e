"""What is shown, for how long, and what takes its place."""

from dataclasses import replace

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import RequestId, VisitId
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.screen.pages import Answered, DeskDown, Fault, ReaderDown, Refused, Starting, Waiting
from kiosk.screen.state import ANSWER_S, CHOICE_S, FAULT_S, LANGUAGE_S, START_S, State
from tests.kiosk.screen.examples import NOW, PLACE, answer, board, later, old, refusal

FRESH = State(place=PLACE, desk_since=NOW)
READY = FRESH.desk_open(NOW).heard_board(board())


def test_before_the_desk_has_answered_the_screen_says_that_it_starts() -> None:
    assert isinstance(FRESH.page(NOW), Starting)
    assert isinstance(FRESH.desk_gone(later(1)).page(later(1)), Starting)


def test_a_desk_that_does_not_answer_in_time_is_told_as_out_of_order() -> None:
    assert isinstance(FRESH.desk_gone(later(START_S)).page(later(START_S)), DeskDown)


def test_a_desk_that_goes_away_takes_the_live_picture_with_it() -> None:
    gone = READY.desk_gone(later(1))
    assert gone.page(later(1)) == DeskDown("14:32", Language.SV)
    assert gone.board is None
    assert isinstance(gone.desk_open(later(9)).page(later(9)), Starting)


def test_the_time_of_a_silence_is_when_it_began() -> None:
    gone = READY.desk_gone(NOW).desk_gone(later(300))
    assert gone.page(later(300)) == DeskDown("14:32", Language.SV)


def test_a_ready_reader_waits_for_badges() -> None:
    assert isinstance(READY.page(NOW), Waiting)


def test_a_reader_that_is_not_ready_is_told() -> None:
    for state in ReaderState:
        page = FRESH.desk_open(NOW).heard_board(board(reader=state)).page(NOW)
        assert isinstance(page, Waiting if state is ReaderState.READY else ReaderDown)


def test_a_reader_that_the_desk_does_not_know_yet_is_starting() -> None:
    page = FRESH.desk_open(NOW).heard_board(replace(board(), readers=())).page(NOW)
    assert page == ReaderDown(ReaderState.STARTING, "", Language.SV)


def test_an_answer_is_shown_in_the_members_own_language_and_then_the_screen_rests_in_its_own() -> None:
    shown = READY.heard_answer(answer(Outcome.LEFT, Language.EN), NOW)
    assert shown.page(NOW).language is Language.EN
    assert shown.at(later(CHOICE_S)).page(later(CHOICE_S)) == Waiting(board(), Language.SV)


def test_an_answer_without_choices_is_shown_for_ten_seconds() -> None:
    shown = READY.heard_answer(answer(Outcome.JOINED), NOW)
    assert isinstance(shown.at(later(ANSWER_S - 0.1)).page(NOW), Answered)
    assert isinstance(shown.at(later(ANSWER_S)).page(NOW), Waiting)


def test_an_answer_with_choices_is_shown_for_fifteen_seconds() -> None:
    shown = READY.heard_answer(answer(Outcome.ARRIVED), NOW)
    assert isinstance(shown.at(later(CHOICE_S - 0.1)).page(NOW), Answered)
    assert isinstance(shown.at(later(CHOICE_S)).page(NOW), Waiting)


def test_a_touch_gives_the_answer_its_whole_time_again_as_often_as_wanted() -> None:
    state, moment = READY.heard_answer(answer(Outcome.JOINED), NOW), NOW
    for _touch in range(12):
        moment = later(ANSWER_S - 1, moment)
        state = state.at(moment).touched(moment)
    assert isinstance(state.page(moment), Answered)


def test_the_next_answer_takes_the_place_of_the_one_before_at_once() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).heard_answer(refusal(Reason.BADGE_UNKNOWN), later(0.1))
    assert isinstance(state.page(later(0.1)), Refused)


def test_the_time_left_to_undo_and_to_leave_is_counted_from_the_answers_own_moment() -> None:
    arrived = READY.heard_answer(answer(Outcome.ARRIVED), later(2)).page(later(4))
    assert isinstance(arrived, Answered)
    assert arrived.undo_s == 6
    already = READY.heard_answer(answer(Outcome.ALREADY_IN), NOW).page(later(60))
    assert isinstance(already, Answered)
    assert already.again_s == 0


def test_the_age_of_the_data_is_told_only_when_the_decision_rested_on_old_data() -> None:
    state = FRESH.desk_open(NOW).heard_board(board(roster_age_s=9e5))
    fresh = state.heard_answer(answer(Outcome.ARRIVED), NOW).page(NOW)
    stale = state.heard_answer(old(answer(Outcome.ARRIVED)), NOW).page(NOW)
    assert isinstance(fresh, Answered)
    assert isinstance(stale, Answered)
    assert (fresh.roster_age_s, stale.roster_age_s) == (None, 9e5)


def test_an_answer_outlives_the_desk_but_nothing_can_be_asked_any_more() -> None:
    page = READY.heard_answer(answer(Outcome.ARRIVED), NOW).desk_gone(later(1)).page(later(1))
    assert isinstance(page, Answered)
    assert not page.can_ask


def test_an_answer_to_what_was_asked_from_this_page_is_shown() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).asked_for(RequestId("mine"), later(1))
    joined = replace(answer(Outcome.JOINED), request=RequestId("mine"), reader=None)
    page = state.heard_answer(joined, later(2)).page(later(2))
    assert isinstance(page, Answered)
    assert page.answer.outcome is Outcome.JOINED


def test_an_answer_to_somebody_who_has_been_followed_by_the_next_badge_is_not_shown() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).asked_for(RequestId("mine"), later(1))
    state = state.heard_answer(replace(answer(Outcome.ALREADY_IN), visit=VisitId("visit-2")), later(1.5))
    late = replace(answer(Outcome.JOINED), request=RequestId("mine"), reader=None)
    page = state.heard_answer(late, later(2)).page(later(2))
    assert isinstance(page, Answered)
    assert page.answer.visit == "visit-2"


def test_a_refusal_of_what_an_english_speaker_asked_is_in_english() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED, Language.EN), NOW).asked_for(RequestId("mine"), later(1))
    refused = replace(refusal(Reason.UNDO_TOO_LATE), request=RequestId("mine"), reader=None)
    assert state.heard_answer(refused, later(2)).page(later(2)).language is Language.EN


def test_the_other_language_is_shown_for_a_while_and_then_the_usual_one() -> None:
    switched = READY.language_switched(NOW)
    assert switched.page(NOW).language is Language.EN
    assert switched.language_switched(NOW).page(NOW).language is Language.SV
    assert switched.at(later(LANGUAGE_S)).page(later(LANGUAGE_S)).language is Language.SV


def test_an_answer_can_be_read_in_the_other_language() -> None:
    shown = READY.heard_answer(answer(Outcome.JOINED), NOW).language_switched(later(5))
    assert shown.page(later(5)).language is Language.EN
    assert isinstance(shown.at(later(5 + ANSWER_S - 0.1)).page(NOW), Answered)


def test_a_fault_is_shown_calmly_until_the_next_badge_or_its_time() -> None:
    failed = READY.failed(NOW)
    assert isinstance(failed.page(NOW), Fault)
    assert isinstance(failed.heard_answer(answer(Outcome.LEFT), NOW).page(NOW), Answered)
    assert isinstance(failed.at(later(FAULT_S)).page(later(FAULT_S)), Waiting)
