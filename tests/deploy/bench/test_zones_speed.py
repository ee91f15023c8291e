"""A large house under load: every change is said, every zone is right at the end, and the memory stays as it is.

No time decides here: how fast it is on a machine, `samverk bench zones` tells.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.bench import zones_speed
from deploy.bench.figures import Amount, amounts_table
from deploy.bench.zones_course import BURST, TIMED, Course, Flood
from deploy.bench.zones_load import Listener, told
from deploy.bench.zones_rig import ZONES, Rig, Running
from kiosk.store.zones import ZonesReader

pytestmark = pytest.mark.parts

RSS_MAX_MB = 60
GROWTH_MAX_MB = 3
RATE = 2000


@contextmanager
def course(folder: Path, *, is_bare: bool = False) -> Iterator[tuple[Course, Running, Listener]]:
    """Give a running program, with all that is put to it."""
    rig = Rig(folder)
    with rig.broker(), zones_speed.put_to(rig, rig.bare() if is_bare else rig.service()) as put:
        yield put


def test_every_message_that_is_news_is_answered_while_its_zone_stays_occupied(tmp_path: Path) -> None:
    with course(tmp_path) as (one, _program, listener):
        took, lost = one.news(rounds=20)
        assert (len(took), lost) == (20 * TIMED, 0)
        assert {told(payload)[0] for payload in listener.newest.values()} == {"occupied"}
        took, lost = one.changes(rounds=16)
        assert (len(took), lost) == (16 * BURST, 0)


def test_after_a_flood_every_zone_is_right_nothing_was_dropped_and_little_was_said(tmp_path: Path) -> None:
    with course(tmp_path) as (one, _program, _listener):
        flood = one.flood(RATE, seconds=3)
        assert flood.lag_s is not None
        assert flood.right == ZONES
        # One a second for each zone, and its last change; the flood takes longer on a machine that is slower.
        assert flood.said <= ZONES * (flood.sent_s + flood.lag_s + 3)
        reader = ZonesReader(tmp_path / "zones.db")
        assert ("service", "dropped") not in reader.counters()
        reader.close()


def test_the_memory_stays_as_it_is_in_a_flood(tmp_path: Path, *, soak: bool) -> None:
    minutes, seconds = (60, 60.0) if soak else (3, 1.0)
    with course(tmp_path) as (one, program, _listener):
        one.flood(RATE, seconds)
        sizes_mb = []
        for _ in range(minutes):
            assert one.flood(RATE, seconds).right == ZONES
            sizes_mb.append(program.rss_mb)
        assert max(sizes_mb) <= RSS_MAX_MB
        assert max(sizes_mb) - sizes_mb[0] <= GROWTH_MAX_MB


def test_the_bare_loop_answers_the_same_load(tmp_path: Path) -> None:
    with course(tmp_path, is_bare=True) as (one, _program, _listener):
        assert one.news(rounds=5)[1] == 0
        assert one.changes(rounds=8)[1] == 0
        assert one.flood(RATE, seconds=1).right == ZONES


def test_after_a_kill_all_zones_are_said_as_they_were_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones_speed, "STARTS", 1)
    (amount,) = zones_speed.starts()
    assert amount.value > 0


def test_a_flood_that_lags_or_was_not_sent_is_not_sustained() -> None:
    flood = Flood(rate=1000, sent=1000, sent_s=1.0, lag_s=0.1, right=ZONES, said=ZONES, cpu_s=0.1, rss_mb=30.0)
    assert flood.is_sustained
    assert not replace(flood, lag_s=None).is_sustained
    assert not replace(flood, lag_s=9.0).is_sustained
    assert not replace(flood, sent=900).is_sustained


def test_amounts_are_printed_beside_what_they_are_compared_with() -> None:
    bare = Amount(name="rate: bare", value=10_000, unit="messages/s")
    ours = Amount(name="rate: ours", value=15_000, unit="messages/s", bare="rate: bare")
    assert amounts_table([bare, ours]).splitlines()[1].endswith("1.50 x rate: bare")
