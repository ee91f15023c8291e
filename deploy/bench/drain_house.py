"""A house with a long backlog to measure in: its site file, its events, its desk, and the members of its centre."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.bench.house import MADE_UIDS, write_members
from kiosk.desk.desk import Books, Desk
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.events import Arrived, Happened, Left, Rights
from kiosk.domain.ids import MEMBER, AgencyId, BootId, EventId, MemberId, ReaderId, RequestId, VisitId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.requests import Tap
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.site import load
from sync.centre.enrolment import Enrolment, NewAgency, NewBadge, NewMember

SECRET = bytes(32)
TAPS = 300
HELD = len(MADE_UIDS)
PART = 1_000
BEGAN = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)

_SITE = """
[site]
id = "bench"
name = "Bench"
state_dir = "{state}"

[[zone]]
id = "lagerelden"
name = {{ sv = "Lägerelden", en = "The campfire" }}
about = {{ sv = "för djupare samtal", en = "for deeper talks" }}

[[reader]]
id = "entrance"
driver = "scripted"
direction = "in"

[centre]
url = "{url}"
source = "{source}"
"""


@dataclass
class BenchDesk:
    """A desk over a journal, and how many taps it has seen."""

    desk: Desk
    journal: JournalWriter
    seen: int = 0


def house_site(state: Path, url: str, source: str) -> Path:
    """Write the site file of a house that keeps its state there, and return it."""
    state.mkdir()
    file = state / "site.toml"
    file.write_text(_SITE.format(state=state, url=url, source=source))
    return file


@contextmanager
def bench_desk(state: Path) -> Iterator[BenchDesk]:
    """Yield a desk of that house, whose roster holds as many members as there are made-up badges."""
    write_members(state / "roster.db", HELD, SECRET, SystemClock()())
    journal, roster = JournalWriter(state / "journal.db"), RosterReader(state / "roster.db")
    zones = ZonesReader(state / "zones.db")
    books = Books(journal=journal, roster=roster, zones=zones)
    try:
        yield BenchDesk(Desk(load(state / "site.toml"), books, {1: SECRET}, Ids()), journal)
    finally:
        for one in (journal, roster, zones):
            one.close()


def taps_of(bench: BenchDesk) -> list[float]:
    """Return what each of some taps costs at the desk, from the tap to the committed answer, in seconds."""
    clock, times = SystemClock(), []
    for _ in range(TAPS):
        bench.seen += 1
        now = clock()
        # Far enough after the tap before for the guard time, and for no second showing to leave.
        at = Instant(now.wall, now.boot, now.elapsed_s + bench.seen * 60.0, now.clock)
        uid = Uid(MADE_UIDS[bench.seen % HELD])
        tap = Tap(id=RequestId("bench"), at=at, reader=ReaderId("entrance"), direction=Direction.IN, uid=uid)
        began = time.perf_counter()
        bench.desk.handle(tap)
        times.append(time.perf_counter() - began)
    return times


def backlog(events: int, name: str = "v") -> Iterator[list[Happened]]:
    """Yield so many events of visits, in parts."""
    for start in range(0, events, PART):
        yield [_event(number, name) for number in range(start, min(events, start + PART))]


def enrolment(members: int) -> Enrolment:
    """Return one agency with so many members, with a badge each."""
    people = (
        NewMember(f"member-{number}", f"Member {number}", "bench", badges=(NewBadge(f"{number:064x}"),))
        for number in range(members)
    )
    return Enrolment(agencies=(NewAgency("bench", "Bench", members),), members=tuple(people))


def _event(number: int, name: str) -> Happened:
    visit, member = VisitId(f"{name}-{number // 2}"), MemberId(f"member-{number % HELD}")
    at = Instant(BEGAN + timedelta(seconds=10 * number), BootId("bench"), 10.0 * number, ClockState.SYNCED)
    if number % 2:
        return Left(id=EventId(f"{name}-l-{number:09}"), at=at, visit=visit, member=member, reader=None, by=MEMBER)
    return Arrived(
        id=EventId(f"{name}-a-{number:09}"),
        at=at,
        visit=visit,
        member=member,
        agency=AgencyId("bench"),
        badge=None,
        reader=ReaderId("entrance"),
        by=MEMBER,
        rights=Rights.FRESH,
    )
