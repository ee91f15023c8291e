"""What is shown, for how long, and what takes its place."""

from dataclasses import replace

import pytest

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import RequestId, VisitId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import MetSomebody
from kiosk.look.texts import Note
from kiosk.screen.pages import (
    About,
    Answered,
    AnswerExit,
    Choice,
    ChooseLanguage,
    ChooseNaming,
    ChooseOffers,
    DeskDown,
    Fault,
    JoinZone,
    ReaderDown,
    Refused,
    Starting,
    Undo,
    Waiting,
)
from kiosk.screen.place import Times
from kiosk.screen.state import ASKED_MAX, FAULT_S, LANGUAGE_S, START_S, WARNING_S, State
from kiosk.tools.site import SiteFileError, read
from tests.kiosk.screen.examples import NOW, PLACE, answer, board, later, old, refusal

FRESH = State(place=PLACE, desk_since=NOW)
JOIN = JoinZone(VisitId("visit-1"), ZoneId("lagerelden"))
VISIT = VisitId("visit-1")
ANSWER_S, READING_S = PLACE.times.answer_s, PLACE.times.reading_s
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


def test_a_reader_that_goes_is_told_at_once_also_under_an_answer_that_stands_and_no_more_once_it_is_back() -> None:
    for shown in (
        READY.heard_answer(answer(Outcome.ALREADY_IN), NOW),
        READY.heard_answer(refusal(Reason.BADGE_UNKNOWN), NOW),
        READY.about(NOW),
    ):
        assert _reader(shown.page(NOW)) is None
        gone = shown.heard_board(board(reader=ReaderState.NO_DAEMON))
        assert _reader(gone.page(later(1))) is ReaderState.NO_DAEMON
        assert _reader(gone.heard_board(board()).page(later(2))) is None


def test_an_answer_is_shown_in_the_members_own_language_and_then_the_screen_rests_in_its_own() -> None:
    shown = READY.heard_answer(answer(Outcome.LEFT, Language.EN), NOW)
    assert shown.page(NOW).language is Language.EN
    assert shown.at(later(ANSWER_S)).page(later(ANSWER_S)) == Waiting(board(), Language.SV)


def test_an_answer_that_nobody_touches_stands_as_long_as_the_site_says_and_never_less_than_five_seconds() -> None:
    for outcome in (Outcome.JOINED, Outcome.ARRIVED, Outcome.LEFT):
        shown = READY.heard_answer(answer(outcome), NOW)
        assert isinstance(shown.at(later(ANSWER_S - 0.1)).page(NOW), Answered)
        assert isinstance(shown.at(later(ANSWER_S)).page(NOW), Waiting)
    quick = replace(READY, place=replace(PLACE, times=Times(answer_s=5))).heard_answer(answer(Outcome.LEFT), NOW)
    assert isinstance(quick.at(later(4.9)).page(later(4.9)), Answered)
    with pytest.raises(SiteFileError, match="answer_s"):
        read('[site]\nid = "a"\nname = "A"\nstate_dir = "/tmp"\n[screen]\nanswer_s = 4')


def test_a_page_that_was_touched_warns_twenty_seconds_before_it_goes_and_any_touch_extends_it_ten_times() -> None:
    state, moment = READY.heard_answer(answer(Outcome.ARRIVED), NOW).touched(NOW), NOW
    for _extension in range(10):
        calm = state.at(later(READING_S - WARNING_S - 0.1, moment))
        assert _closes_s(calm.page(later(READING_S - WARNING_S - 0.1, moment))) is None
        warned = later(READING_S - WARNING_S, moment)
        assert _closes_s(state.at(warned).page(warned)) == WARNING_S
        moment = later(READING_S - 0.1, moment)
        assert _closes_s(state.at(moment).page(moment)) == 1
        state = state.at(moment).touched(moment)
        assert _closes_s(state.page(moment)) is None
    assert isinstance(state.page(moment), Answered)
    assert isinstance(state.at(later(READING_S, moment)).page(moment), Waiting)


def test_an_answer_that_nobody_touches_does_not_warn_an_empty_room() -> None:
    shown = READY.heard_answer(answer(Outcome.ARRIVED), NOW)
    assert _closes_s(shown.page(later(ANSWER_S - 0.1))) is None


def test_also_a_refusal_and_the_notice_about_data_warn_before_they_go() -> None:
    moment = later(READING_S - 5)
    assert _closes_s(READY.heard_answer(refusal(Reason.BADGE_UNKNOWN), NOW).touched(NOW).page(moment)) == 5
    assert _closes_s(READY.about(NOW).page(moment)) == 5


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
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).asked_for(RequestId("mine"), JOIN, later(1))
    joined = replace(answer(Outcome.JOINED), request=RequestId("mine"), reader=None)
    page = state.heard_answer(joined, later(2)).page(later(2))
    assert isinstance(page, Answered)
    assert page.answer.outcome is Outcome.JOINED


def test_an_answer_to_somebody_who_has_been_followed_by_the_next_badge_is_not_shown() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).asked_for(RequestId("mine"), JOIN, later(1))
    state = state.heard_answer(replace(answer(Outcome.ALREADY_IN), visit=VisitId("visit-2")), later(1.5))
    late = replace(answer(Outcome.JOINED), request=RequestId("mine"), reader=None)
    page = state.heard_answer(late, later(2)).page(later(2))
    assert isinstance(page, Answered)
    assert page.answer.visit == "visit-2"


def test_a_refusal_of_what_an_english_speaker_asked_is_in_english() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED, Language.EN), NOW).asked_for(RequestId("mine"), JOIN, later(1))
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


def test_a_choice_is_told_on_the_answer_it_was_made_on() -> None:
    named = _after(ChooseNaming(VISIT, shown=True), replace(answer(Outcome.CHOSEN), named=True))
    assert (named.answer.outcome, named.note, named.answer.named) == (Outcome.ARRIVED, Note.NAMED, True)
    assert named.undo_s == answer(Outcome.ARRIVED).undo_s - 2
    hidden = _after(ChooseNaming(VISIT, shown=False), answer(Outcome.CHOSEN))
    assert (hidden.note, hidden.answer.named) == (Note.NOT_NAMED, False)


def test_whoever_wants_to_be_let_be_is_offered_nothing_any_more_until_they_say_so() -> None:
    left_be = _after(ChooseOffers(VISIT, wanted=False), replace(answer(Outcome.CHOSEN), offers=Offers.ENDED))
    assert (left_be.note, left_be.answer.offer, left_be.answer.offers) == (Note.LET_BE, None, Offers.ENDED)
    again = _after(ChooseOffers(VISIT, wanted=True), answer(Outcome.CHOSEN))
    assert (again.note, again.answer.offers) == (Note.OFFERED, Offers.WANTED)


def test_a_language_chosen_is_told_in_that_language() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW).language_switched(later(1))
    state = state.asked_for(RequestId("mine"), ChooseLanguage(VISIT, Language.EN), later(1))
    page = state.heard_answer(_reply(answer(Outcome.CHOSEN, Language.EN)), later(2)).page(later(2))
    assert isinstance(page, Answered)
    assert (page.note, page.language, page.answer.language) == (Note.LANGUAGE, Language.EN, Language.EN)


def test_a_choice_that_is_refused_is_told_as_a_refusal() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW)
    state = state.asked_for(RequestId("mine"), ChooseNaming(VISIT, shown=True), later(1))
    assert isinstance(state.heard_answer(_reply(refusal(Reason.DESK_BUSY)), later(2)).page(later(2)), Refused)


def test_the_question_at_the_exit_is_asked_once_after_the_goodbye_and_only_where_the_house_wants_it() -> None:
    left = READY.heard_answer(answer(Outcome.LEFT), NOW)
    page = left.page(NOW)
    assert isinstance(page, Answered)
    assert page.asks_exit
    thanked = _after(AnswerExit(MetSomebody.YES), answer(Outcome.THANKED), Outcome.LEFT)
    assert (thanked.note, thanked.asks_exit, thanked.answer.outcome) == (Note.THANKED, False, Outcome.LEFT)
    quiet = replace(READY, place=replace(PLACE, asks_exit=False)).heard_answer(answer(Outcome.LEFT), NOW).page(NOW)
    assert isinstance(quiet, Answered)
    assert not quiet.asks_exit
    arrived = READY.heard_answer(answer(Outcome.ARRIVED), NOW).page(NOW)
    assert isinstance(arrived, Answered)
    assert not arrived.asks_exit


def test_the_question_at_the_exit_never_stands_in_the_way_of_the_next_badge() -> None:
    state = READY.heard_answer(answer(Outcome.LEFT), NOW)
    state = state.heard_answer(replace(answer(Outcome.ARRIVED), visit=VisitId("visit-2")), later(0.1))
    page = state.page(later(0.1))
    assert isinstance(page, Answered)
    assert page.answer.visit == "visit-2"


def test_what_is_kept_about_people_is_shown_until_it_has_been_read() -> None:
    shown = READY.about(NOW)
    assert shown.page(NOW) == About(Language.SV)
    assert shown.language_switched(later(1)).page(later(1)) == About(Language.EN)
    assert shown.turned(later(1)).page(later(1)) == About(Language.SV, 1)
    assert isinstance(shown.at(later(READING_S)).page(NOW), Waiting)
    assert isinstance(shown.heard_answer(answer(Outcome.ARRIVED), later(1)).page(later(1)), Answered)


def test_what_was_asked_is_remembered_only_so_far_back() -> None:
    state = READY.heard_answer(answer(Outcome.ARRIVED), NOW)
    for number in range(ASKED_MAX + 3):
        state = state.asked_for(RequestId(f"r{number}"), Undo(VISIT), NOW)
    assert [one.request for one in state.asked] == [f"r{number}" for number in range(3, ASKED_MAX + 3)]


def test_speech_and_volume_end_when_whoever_wanted_them_has_gone() -> None:
    spoken = READY.speech_switched(NOW).made_louder(NOW)
    assert (spoken.speaks, spoken.louder) == (True, 1)
    assert (spoken.at(later(READING_S - 0.1)).speaks, spoken.at(later(READING_S)).speaks) == (True, False)
    assert spoken.at(later(READING_S)).louder == 0
    answered = spoken.heard_answer(answer(Outcome.ARRIVED), later(1))
    gone = answered.at(later(1 + READING_S))
    assert (gone.shown, gone.speaks, gone.louder) == (None, False, 0)
    assert answered.put_away(later(2)).at(later(2)).speaks


def test_an_answer_that_is_listened_to_stands_as_long_as_one_that_is_read() -> None:
    state = READY.speech_switched(NOW).heard_answer(answer(Outcome.ARRIVED), NOW)
    assert isinstance(state.at(later(READING_S - 0.1)).page(NOW), Answered)


def _reply(one: Answer) -> Answer:
    return replace(one, request=RequestId("mine"), reader=None)


def _after(choice: Choice, reply: Answer, outcome: Outcome = Outcome.ARRIVED) -> Answered:
    state = READY.heard_answer(answer(outcome), NOW).asked_for(RequestId("mine"), choice, later(1))
    page = state.heard_answer(_reply(reply), later(2)).page(later(2))
    assert isinstance(page, Answered)
    return page


def _reader(page: object) -> ReaderState | None:
    assert isinstance(page, Answered | Refused | About)
    return page.reader


def _closes_s(page: object) -> int | None:
    assert isinstance(page, Answered | Refused | About)
    return page.closes_s
