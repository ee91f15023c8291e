"""Batches fit the line: they grow while it is quick, and one that fails or is slow is followed by half of it."""

from hypothesis import given
from hypothesis import strategies as st

from sync.batches import AIM_S, FIRST, MOST, SLOW_S, Batch

sizes = st.builds(Batch, st.integers(1, MOST), st.integers(1, MOST))


@given(sizes, st.integers(1, MOST), st.floats(0, 100))
def test_a_batch_never_leaves_its_bounds(batch: Batch, sent: int, took_s: float) -> None:
    for one in (batch.went_well(min(sent, batch.size), took_s), batch.failed(min(sent, batch.size))):
        assert 1 <= one.size <= MOST


def test_a_quick_line_is_soon_used_to_the_full() -> None:
    batch, times = Batch(), 0
    while batch.size < MOST:
        batch, times = batch.went_well(batch.size, AIM_S / 2), times + 1
    assert times <= 40
    assert Batch(500).went_well(500, 0.1).size == MOST


def test_a_failure_halves_what_was_sent_and_what_failed_is_approached_slowly() -> None:
    batch = Batch(FIRST).failed(FIRST)
    assert batch.size == FIRST // 2
    grown = batch.went_well(50, 0.1)
    assert grown.size == 100
    assert 100 < grown.went_well(100, 0.1).size < 200


def test_a_slow_answer_counts_as_a_failure_and_one_in_between_changes_nothing() -> None:
    assert Batch(80).went_well(80, SLOW_S + 1).size == 40
    assert Batch(80).went_well(80, SLOW_S) == Batch(80)
    assert Batch(80).went_well(80, AIM_S) == Batch(80)


def test_a_batch_grows_no_further_than_the_line_lets_it() -> None:
    assert Batch(60).went_well(60, AIM_S * 2 / 3).size == 90


def test_a_batch_that_shrank_grows_again_on_a_distant_line() -> None:
    batch = Batch(1, ceiling=1)
    for _ in range(40):
        batch = batch.went_well(batch.size, 2.0 + batch.size * 0.07)
    assert 40 < batch.size < 60


def test_a_batch_that_was_not_full_proves_nothing() -> None:
    assert Batch(100).went_well(7, 0.1).size == 100


@given(st.integers(1, MOST))
def test_whatever_fails_a_single_event_is_reached(sent: int) -> None:
    batch = Batch(sent)
    for _ in range(10):
        batch = batch.failed(batch.size)
    assert batch.size == 1
