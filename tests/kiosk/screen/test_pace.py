"""Redraws that nobody waits for come at most twice a second."""

from kiosk.screen.pace import REDRAW_S, Pace


def test_the_first_redraw_need_not_wait() -> None:
    assert Pace().wait_s(5.0) == 0.0


def test_a_redraw_waits_until_half_a_second_after_the_last() -> None:
    pace = Pace()
    pace.drawn(5.0)
    assert pace.wait_s(5.0) == REDRAW_S
    assert pace.wait_s(5.25) == REDRAW_S - 0.25
    assert pace.wait_s(6.0) == 0.0
