"""The measure of a tap: it goes the whole way, and puts every figure beside its bare cost. No time decides here."""

import pytest

from deploy.bench import tap, tap_way
from deploy.bench.figures import amounts_table, figure, table

pytestmark = pytest.mark.parts

TAPS = 2


def test_the_way_of_a_tap_is_measured_on_real_parts_each_piece_beside_its_bare_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"COMMITS": 5, "LOOKUPS": 5, "DESK_TAPS": 4, "IN_HOUSE": 3}.items():
        monkeypatch.setattr(tap, name, value)
    monkeypatch.setattr(tap_way, "IDLE_S", 0.2)
    measured = tap.measure(TAPS, members=20)
    figures = {one.name: one for one in measured.figures}
    assert {one.name: one.bare for one in measured.figures if one.bare} == {
        tap.LOOKUP: tap.COMMIT,
        tap.DESK: tap.COMMIT,
        tap.QUEUED: tap.READ,
        tap.WHOLE: tap.BOTH,
        tap.DRAWN: tap.BOTH,
    }
    assert all(figures[one].count == TAPS for one in (tap.READ, tap.PACED, tap.QUEUED, tap.WHOLE, tap.DRAW, tap.DRAWN))
    assert 0 < figures[tap.QUEUED].p50_ms < figures[tap.WHOLE].p50_ms < figures[tap.DRAWN].p50_ms
    (idle,) = measured.amounts
    assert (idle.name, idle.unit) == (tap.IDLE, "% of a core")
    shown = table(measured.figures, measured.notes) + amounts_table(measured.amounts)
    assert all(one in shown for one in (*figures, tap.IDLE, "20 members on the roster, 3 in the house"))


def test_a_figure_has_its_middle_its_95th_and_its_99th_percentile() -> None:
    one = figure("x", [number / 1000 for number in range(1, 101)])
    assert (one.p50_ms, one.p95_ms, one.p99_ms) == pytest.approx((50.5, 96, 100))
