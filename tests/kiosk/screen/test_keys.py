"""Which key does what, and that all others do nothing."""

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.ids import VisitId, ZoneId
from kiosk.domain.members import Language
from kiosk.screen.keys import action_for
from kiosk.screen.pages import (
    Done,
    Fault,
    JoinZone,
    Leave,
    LeaveZone,
    Quit,
    ShowBadge,
    SwitchLanguage,
    Undo,
    Waiting,
)
from tests.kiosk.screen.examples import DEMONSTRATION, PLACE, answered, board

VISIT = VisitId("visit-1")
WAITING = Waiting(board(), Language.SV)


def test_a_digit_chooses_the_zone_it_stands_beside() -> None:
    assert action_for("2", answered(Outcome.ARRIVED), PLACE) == JoinZone(VISIT, ZoneId("hinderbanan"))


def test_the_digit_of_the_zone_one_has_joined_leaves_it() -> None:
    assert action_for("1", answered(Outcome.ALREADY_IN), PLACE) == LeaveZone(VISIT)


def test_an_arrival_can_be_undone_and_a_visit_left_by_one_key() -> None:
    assert action_for("u", answered(Outcome.ARRIVED), PLACE) == Undo(VISIT)
    assert action_for("backspace", answered(Outcome.LEFT), PLACE) == Undo(VISIT)
    assert action_for("0", answered(Outcome.ALREADY_IN), PLACE) == Leave(VISIT)


def test_what_has_run_out_or_was_never_offered_does_nothing() -> None:
    assert action_for("u", answered(Outcome.ALREADY_IN), PLACE) is None
    assert action_for("0", answered(Outcome.ARRIVED), PLACE) is None
    assert action_for("1", answered(Outcome.LEFT), PLACE) is None


def test_enter_and_escape_put_an_answer_away() -> None:
    assert action_for("enter", answered(Outcome.ARRIVED), PLACE) == Done()
    assert action_for("escape", answered(Outcome.ARRIVED), PLACE) == Done()


def test_s_switches_the_language_while_waiting_and_on_an_answer() -> None:
    assert action_for("s", WAITING, PLACE) == SwitchLanguage()
    assert action_for("S", answered(Outcome.LEFT), PLACE) == SwitchLanguage()


def test_in_a_demonstration_digits_show_example_badges_while_waiting_and_choose_zones_when_asked() -> None:
    assert action_for("1", WAITING, DEMONSTRATION) == ShowBadge("04000001")
    assert isinstance(action_for("1", answered(Outcome.ARRIVED), DEMONSTRATION), JoinZone)


def test_in_a_demonstration_the_next_example_badge_need_not_wait_for_the_answer() -> None:
    assert action_for("4", answered(Outcome.ARRIVED), DEMONSTRATION) == ShowBadge("04000004")
    assert action_for("1", answered(Outcome.LEFT), DEMONSTRATION) == ShowBadge("04000001")


def test_outside_a_demonstration_no_digit_shows_a_badge() -> None:
    assert all(action_for(str(digit), WAITING, PLACE) is None for digit in range(10))


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_the_program_can_be_ended_by_key_only_where_that_is_allowed(key: str) -> None:
    assert action_for(key, WAITING, DEMONSTRATION) == Quit()
    assert action_for(key, WAITING, PLACE) is None


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+z", "ctrl+p", "ctrl+d", "f1", "f12", "tab", "up", "x", "space", ""])
def test_no_other_key_does_anything(key: str) -> None:
    for page in (WAITING, answered(Outcome.ARRIVED), Fault(Language.SV)):
        assert action_for(key, page, PLACE) is None
        assert action_for(key, page, DEMONSTRATION) is None
