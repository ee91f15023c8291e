"""A full disk and a line of 9.6 kbit/s: nothing is lost, progress never turns back, and it goes on by itself."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from sync.agent import keep_in_touch
from tests.support.centre import House, RunningCentre, visits
from tests.support.fault_proxy import FaultProxy, delay, slow_line

pytestmark = pytest.mark.parts

BITS_PER_S = 9600
LATENCY_S = 0.2
WAIT_S = 20.0


def pages(house: House, limit: str) -> None:
    """Let the roster's file have no more pages than that."""
    house.roster._writer.db.conn.execute(f"PRAGMA max_page_count = {limit}")  # noqa: SLF001 - a disk that is full, made up


def test_a_full_disk_stops_the_service_and_room_lets_it_go_on_by_itself(
    house: House, centre: RunningCentre, tmp_path: Path
) -> None:
    house.work()
    pages(house, "1")
    house.happened(visits(400))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        house.work()
    stop = threading.Event()
    service = threading.Thread(target=keep_in_touch, args=(house.agent, stop))
    service.start()
    stop.wait(0.2)
    assert service.is_alive()
    assert centre.registry.report().distinct == 0
    stop.set()
    service.join()
    with closing(sqlite3.connect(tmp_path / "roster.db")) as roster:
        assert roster.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    pages(house, "1000000")
    house.work_until_idle()
    assert centre.registry.report().distinct == 1200


def test_on_a_slow_line_that_is_cut_each_answer_that_arrives_lowers_the_backlog(
    house: House, centre: RunningCentre, proxy: FaultProxy
) -> None:
    house.work()
    house.happened(visits(8))
    whole, cut = slow_line(BITS_PER_S, LATENCY_S), slow_line(BITS_PER_S, LATENCY_S, cut_after_bytes=128)
    proxy.order(cut, cut, cut, whole, whole, whole, whole, path="/events")
    waiting = [24]
    for _ in range(8):
        house.clock.advance(400.0)
        before = len(waiting)
        while house.agent.step() and len(waiting) < before + 5:
            waiting.append(house.roster.outbox.waits()[0])
        waiting.append(house.roster.outbox.waits()[0])
        if not waiting[-1]:
            break
    assert proxy.fired >= 4
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[-1] == 0
    assert centre.registry.report().distinct == 24


def test_an_answer_that_is_late_is_still_an_answer(house: House, centre: RunningCentre, proxy: FaultProxy) -> None:
    house.happened(visits(1))
    proxy.order(delay(0.5), path="/events")
    house.work()
    proxy.heal()
    assert centre.registry.report().distinct == 3
