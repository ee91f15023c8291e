"""A real centre on a free port, and a house that is driven step by step towards it by a clock of its own."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.domain.events import Arrived, Evidence, Happened, Left, Rights, TookPart
from kiosk.domain.ids import MEMBER, AgencyId, BadgeKey, BootId, EventId, MemberId, ReaderId, SiteId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.zones import ZoneState
from kiosk.store.journal import Entry, JournalReader, JournalWriter
from kiosk.store.roster import RosterWriter
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site
from kiosk.tools.site.read import read
from sync.agent import Agent, compose
from sync.centre.limits import Rates
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry
from sync.centre.serve import serve
from sync.centre.storage.tokens import Role
from sync.client import CentreClient
from sync.plan import Identity

SITE = SiteId("stockholm")
SOURCE = "se.samverket.stockholm"
START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
STEPS_MAX = 10_000
WAIT_S = 10.0

AGENCY = NewAgency("skatteverket", "Skatteverket", 40)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = START, boot: str = "boot-1") -> None:
        """Begin at that moment."""
        self.now = Instant(start, BootId(boot), 1000.0, ClockState.SYNCED)

    def __call__(self) -> Instant:
        """Return the moment it is."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        wall = self.now.wall + timedelta(seconds=seconds)
        self.now = replace(self.now, wall=wall, elapsed_s=self.now.elapsed_s + seconds)


def later(seconds: float) -> ManualClock:
    """Return a clock so long after the beginning: what happened then is no longer held back."""
    clock = ManualClock()
    clock.advance(seconds)
    return clock


@dataclass(frozen=True)
class RunningCentre:
    """A centre that takes requests. `token` is the house's, `registrar` may write members."""

    registry: Registry
    port: int
    token: str
    registrar: str

    @property
    def url(self) -> str:
        """Return the centre's address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_centre(folder: Path) -> Iterator[RunningCentre]:
    """Serve a centre with one agency and no members from a file in that folder."""
    registry = Registry(folder / "centre.db", SystemClock(), Ids())
    registry.enrol(Enrolment(agencies=(AGENCY,)))
    token, registrar = (
        registry.issue_token(SITE, SOURCE),
        registry.issue_token(SiteId("skatteverket"), "", Role.REGISTRAR),
    )
    stop, port_file = threading.Event(), folder / "port"
    rates = Rates(rate_per_s=10_000.0, burst=10_000.0)  # tests ask as fast as they can
    thread = threading.Thread(target=serve, args=(registry, "127.0.0.1", 0, stop, port_file), kwargs={"rates": rates})
    thread.start()
    try:
        yield RunningCentre(registry, wait_for_port(port_file, stop), token, registrar)
    finally:
        stop.set()
        thread.join()
        registry.close()


def wait_for_port(port_file: Path, stop: threading.Event, wait_s: float = WAIT_S) -> int:
    """Return the port once the file is there."""
    for _ in range(int(wait_s * 50)):
        if port_file.exists():
            return int(port_file.read_text())
        stop.wait(0.02)
    message = "the centre did not start"
    raise AssertionError(message)


class House:
    """A house with a real journal and a sync service that is stepped by hand."""

    def __init__(
        self, folder: Path, url: str, token: str, clock: ManualClock | None = None, source: str = SOURCE
    ) -> None:
        """Put the house together in that folder."""
        self.folder = folder
        self.clock = clock or later(3600.0)
        self.journal = JournalWriter(folder / "journal.db")
        self.client = CentreClient(url, lambda: token, self.clock)
        identity = Identity(
            SITE if source == SOURCE else SiteId(source.rpartition(".")[2]), source, push_every_s=5.0, pull_every_s=60.0
        )
        self.agent: Agent = compose(site_in(folder, url), identity, self.client, self.clock)

    @property
    def roster(self) -> RosterWriter:
        """Return the house's roster, from the writing side."""
        return self.agent.roster

    def happened(self, events: Sequence[Happened]) -> None:
        """Record the events."""
        self.journal.append(Entry(happened=events))

    def work(self) -> None:
        """Step until there is nothing to do at this moment."""
        for _ in range(STEPS_MAX):
            if not self.agent.step():
                return
        message = "the service never comes to rest"
        raise AssertionError(message)

    def work_until_idle(self, times: int = 40) -> None:
        """Let time pass and step until nothing waits for the centre."""
        for _ in range(times):
            self.work()
            journal = JournalReader(self.folder / "journal.db")
            has_news = self.agent.project.step(journal) or bool(self.roster.outbox.held())
            journal.close()
            if has_news or self.roster.outbox.waiting(1):
                self.clock.advance(400.0)
            else:
                return

    def close(self) -> None:
        """Let go of the files."""
        self.agent.close()
        self.client.close()
        self.journal.close()


def site_in(folder: Path, url: str) -> Site:
    """Return a site whose state is kept in that folder and whose centre is at that address."""
    return read(site_text(folder, url))


def site_text(folder: Path, url: str) -> str:
    """Return the site file of that site."""
    return f"""
[site]
id = "{SITE}"
name = "Samverket Stockholm"
state_dir = "{folder}"

[centre]
url = "{url}"
source = "{SOURCE}"
push_every_s = 0.2
pull_every_s = 0.2
"""


def member(number: int, *, badge: bool = True) -> NewMember:
    """Return the example member of that number, with a badge of their own."""
    badges = (NewBadge(badge_key(number)),) if badge else ()
    return NewMember(f"m{number:06}", f"Exempel {number}", AGENCY.id, badges=badges)


def badge_key(number: int) -> str:
    """Return the key of that example member's badge."""
    return f"{number:064x}"


def visits(count: int, first: int = 1, start: datetime = START) -> tuple[Happened, ...]:
    """Return the events of so many whole visits: arrived, took part, left."""
    events: list[Happened] = []
    for number in range(first, first + count):
        since_s = (start - START).total_seconds() + number
        at = Instant(START + timedelta(seconds=since_s), BootId("boot-1"), 1000.0 + since_s, ClockState.SYNCED)
        visit, who = VisitId(f"visit-{number}"), MemberId(f"m{number:06}")
        zone, evidence = ZoneId("lagerelden"), Evidence(others=2, sensed=None, zone_state=ZoneState.UNKNOWN)
        reader = ReaderId("entrance")
        events += [
            Arrived(
                id=EventId(f"a-{number}"),
                at=at,
                agency=AgencyId(AGENCY.id),
                badge=BadgeKey(badge_key(number)),
                reader=reader,
                by=MEMBER,
                rights=Rights.FRESH,
                visit=visit,
                member=who,
            ),
            TookPart(id=EventId(f"t-{number}"), at=at, zone=zone, evidence=evidence, visit=visit, member=who),
            Left(id=EventId(f"l-{number}"), at=at, reader=reader, by=MEMBER, visit=visit, member=who),
        ]
    return tuple(events)
