"""Redraws that nobody waits for come at most twice a second."""

from kiosk.screen.pace import REDRAW_S, STRIKE_S, Pace, Strikes


def test_the_first_redraw_need_not_wait() -> None:
    assert Pace().wait_s(5.0) == 0.0


def test_a_redraw_waits_until_half_a_second_after_the_last() -> None:
    pace = Pace()
    pace.drawn(5.0)
    assert pace.wait_s(5.0) == REDRAW_S
    assert pace.wait_s(5.25) == REDRAW_S - 0.25
    assert pace.wait_s(6.0) == 0.0


def test_a_key_that_is_held_or_struck_twice_counts_once_and_pressed_anew_counts_again() -> None:
    strikes = Strikes()
    held = [strikes.is_again("n", moment / 30) for moment in range(60)]
    assert held == [False, *[True] * 59]
    assert not strikes.is_again("n", 59 / 30 + STRIKE_S)
    assert not strikes.is_again("l", 59 / 30 + STRIKE_S + 0.01)
