"""A device that comes up a year in the past: order, marks, the true time after contact, and the length of the visit."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.events import Arrived
from kiosk.domain.ids import BootId, ReaderId, RequestId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.requests import Tap
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from tests.support.books import UIDS, close_books, open_desk
from tests.support.centre import SOURCE, House, ManualClock, running_centre
from tests.support.drill import make_house

pytestmark = pytest.mark.parts

YEAR = timedelta(days=365)
VISIT_S = 1800.0
MINUTE = timedelta(minutes=1)


def a_year_ago(seconds: float) -> Instant:
    """Return that second of a boot whose wall clock is a year behind."""
    wall = datetime.now(UTC) - YEAR + timedelta(seconds=seconds)  # noqa: TID251 - the centre's clock is this machine's
    return Instant(wall, BootId("wrong"), 1000.0 + seconds, ClockState.UNSET)


def test_taps_of_a_boot_a_year_in_the_past_are_in_order_marked_and_mended_and_the_visit_is_as_long_as_it_was(
    tmp_path: Path,
) -> None:
    with running_centre(tmp_path) as centre:
        site = make_house(tmp_path / "state", f'[centre]\nurl = "{centre.url}"\nsource = "{SOURCE}"\n')
        desk, books = open_desk(site)
        for number, (at_s, way) in enumerate(((0.0, Direction.IN), (VISIT_S, Direction.OUT))):
            uid, request = Uid(bytes.fromhex(UIDS["Astrid"])), RequestId(f"tap-{number}")
            desk.handle(
                Tap(id=request, at=a_year_ago(at_s), reader=ReaderId("entrance"), direction=way, uid=uid),
            )
        close_books(books)
        journal = JournalReader(site.state_dir / "journal.db")
        recorded = [one.event for one in journal.after(0)]
        journal.close()
        assert isinstance(recorded[0], Arrived)
        assert {one.at.clock for one in recorded} == {ClockState.UNSET}

        clock = ManualClock(boot="wrong")
        clock.now = replace(a_year_ago(VISIT_S + 60), clock=ClockState.UNSET)
        house = House(site.state_dir, centre.url, centre.token, clock)
        house.work_until_idle()
        house.close()
        with closing(sqlite3.connect(f"file:{tmp_path / 'centre.db'}?mode=ro", uri=True)) as kept:
            bodies = [row[0] for row in kept.execute("SELECT body FROM events ORDER BY sequence")]
    told = [msgspec.json.decode(one) for one in bodies]
    arrived, left = (datetime.fromisoformat(one["time"]) for one in told)
    assert [one["type"].rpartition(".")[2] for one in told] == ["arrived", "left"]
    assert abs(SystemClock()().wall - timedelta(seconds=VISIT_S + 60) - arrived) < 2 * MINUTE
    assert abs((left - arrived).total_seconds() - VISIT_S) < 2
