"""A start is timed until the desk says that it is ready; how long that takes here, `samverk bench start` tells."""

import pytest

from deploy.bench import start
from deploy.bench.house import SITE_HEAD
from deploy.bench.start import AGAIN, BARE, FIRST, measure

pytestmark = pytest.mark.parts


def test_a_real_desk_is_started_until_it_is_ready_for_the_first_time_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "STARTS", 2)
    measured = measure(1, 20)
    figures = {one.name: one for one in measured.figures}
    assert {name: one.count for name, one in figures.items()} == {BARE: 2, FIRST: 1, AGAIN: 2}
    assert all(figures[name].p50_ms > figures[BARE].p50_ms for name in (FIRST, AGAIN))
    assert measured.notes[0].startswith("20 members")


def test_a_desk_that_cannot_start_is_no_time_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "READY_S", 3.0)
    monkeypatch.setattr(start, "SITE_HEAD", SITE_HEAD.replace("[site]", "[sait]"))
    with pytest.raises(TimeoutError):
        measure(1, 1)
