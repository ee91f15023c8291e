"""A house that was offline for ninety days: everything goes out once, in memory that does not grow with the backlog."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader
from sync.batches import MOST
from tests.support.centre import SOURCE, RunningCentre, visits
from tests.support.centre_sync import prepared, started

pytestmark = pytest.mark.parts

VISITS, VISITS_SOAK = 3_000, 60_000
"""Three events each: ninety days of two thousand taps, or as many as make batches of the largest size."""
PART = 500
MEMORY_MAX_MB, GROWTH_MAX_MB = 110, 8
"""At the highest, of which 45 to 60 are Python and what it loads; and what the second half may add to the first."""
WAIT_S, WAIT_SOAK_S = 300.0, 3_600.0


@pytest.mark.timeout(4_000)
def test_a_backlog_of_months_goes_out_once_in_bounded_memory(
    centre: RunningCentre, tmp_path: Path, *, soak: bool
) -> None:
    count = VISITS_SOAK if soak else VISITS
    assert count * 3 > MOST * 5, "the backlog is many of the largest batches"
    site_file = prepared(tmp_path, centre.url, centre.token)
    journal = JournalWriter(tmp_path / "journal.db")
    for first in range(1, count + 1, PART):
        journal.append(Entry(happened=visits(PART, first=first)))
    journal.close()
    with started(site_file) as process:
        _wait(_drained(tmp_path / "roster.db", count * 3 // 2), WAIT_SOAK_S if soak else WAIT_S)
        half_mb = _peak_mb(process.pid)
        _wait(_drained(tmp_path / "roster.db", count * 3), WAIT_SOAK_S if soak else WAIT_S)
        peak_mb = _peak_mb(process.pid)
    report = centre.registry.report()
    assert (report.distinct, report.missing) == (count * 3, {SOURCE: 0})
    assert peak_mb < MEMORY_MAX_MB
    assert peak_mb - half_mb < GROWTH_MAX_MB


def _drained(roster: Path, count: int) -> Callable[[], bool]:
    def is_drained() -> bool:
        reader = OutboxReader(roster)
        try:
            counts = reader.counts()
        finally:
            reader.close()
        return counts.get(OutboxState.ACCEPTED, 0) + counts.get(OutboxState.DUPLICATE, 0) >= count

    return is_drained


def _wait(is_so: Callable[[], bool], wait_s: float) -> None:
    pause = threading.Event()
    for _ in range(int(wait_s * 4)):
        if is_so():
            return
        pause.wait(0.25)
    message = "the backlog never went out"
    raise AssertionError(message)


def _peak_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(float(one.split()[1]) / 1024 for one in lines if one.startswith("VmHWM:"))
