"""The measure of the board finds what it waits for, and counts what is left."""

import pytest

from deploy.bench import board

pytestmark = pytest.mark.parts


def test_the_measure_of_the_board_runs_and_finds_nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LOAD_S", 1.2), ("SETTLE_S", 0.6), ("BETWEEN_S", 0.7), ("VIEWERS", 5)):
        monkeypatch.setattr(board, name, value)
    monkeypatch.setattr(board, "CHANGES", 1)
    monkeypatch.setattr(board, "CLOSED", 30)
    measured = board.measure(taps=1, members=20)
    assert {one.name for one in measured.figures} == {board.DOOR, board.TAP, board.ZONE}
    amounts = {one.name: one.value for one in measured.amounts}
    assert (amounts["sockets left"], amounts["threads left"]) == (0, 0)
    assert amounts["board with viewers: memory"] > 0
