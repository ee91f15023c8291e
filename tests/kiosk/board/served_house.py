"""A whole board for browser tests: a small desk, people and sensors on disk, a host with a password, and a browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from deploy.up.ports import free_ports
from kiosk.board.serve import serve
from kiosk.domain.activities import Activity
from kiosk.domain.board import UnknownBadge
from kiosk.domain.ids import ActivityId, GuestId, ReaderId
from kiosk.domain.zones import Words, ZoneState
from kiosk.store.hosts import HostFile
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.passwords import hashed
from tests.kiosk.board.conftest import wait_until
from tests.kiosk.board.real_house import fill
from tests.kiosk.board.small_desk import ANNA, BO, SmallDesk, small_board, small_site
from tests.support.chromium import Chromium
from tests.support.house import COURSE, FIRE, REST, ToldClock, at, occupancy

PASSWORD = "fyra ord på rad"  # noqa: S105 - a test's own
ENTER = 13
UNKNOWN = UnknownBadge(reference="K7M-3FQ", reader=ReaderId("entrance"), at=at(3500), times=2)
GUEST = replace(ANNA, guest=GuestId("guest-gun"), guest_of=ANNA.name, name="Gun Gäst", since=at(1200))


@dataclass
class ServedHouse:
    """A board that is served, and what stands behind it. It can be stopped and served again at the same address."""

    base: str
    desk: SmallDesk
    folder: Path
    clock: ToldClock = field(default_factory=lambda: ToldClock(3700))
    stopping: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve, and return once the address answers."""
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=serve, args=(self.desk.site, self.clock, self.stopping))
        self.thread.start()
        address = ("127.0.0.1", self.desk.site.tables.board.port)

        def answers() -> bool:
            try:
                socket.create_connection(address, 1).close()
            except OSError:
                return False
            return True

        wait_until(answers)

    def stop(self) -> None:
        """Stop serving. Stopping twice is safe."""
        self.stopping.set()
        if self.thread is not None:
            self.thread.join(10)

    def sign_in(self, browser: Chromium, width: int = 1280, height: int = 800) -> None:
        """Sign Maja in as she would: name, password, Enter."""
        browser.call("Network.clearBrowserCookies")
        browser.open(f"{self.base}/sign-in", width=width, height=height)
        browser.wait_for("document.activeElement.name === 'name'")
        browser.call("Input.insertText", text="Maja")
        browser.press("Tab", 9)
        browser.call("Input.insertText", text=PASSWORD)
        browser.press("Enter", ENTER)
        browser.wait_for("location.pathname === '/host' && document.querySelector('.zone')")

    def submit(self, browser: Chromium, selector: str, until: str) -> None:
        """Press a button of a form, and wait for what the next page has."""
        browser.evaluate("window.isOld = true")
        browser.evaluate(f"document.querySelector({selector!r}).click()")
        browser.wait_for(f"!window.isOld && document.readyState === 'complete' && ({until})")


@contextmanager
def served_house(folder: Path) -> Iterator[ServedHouse]:
    """Serve it until left."""
    (port,) = free_ports(1)
    site = small_site(folder, port)
    fill(site)
    _sense(folder)
    HostFile(folder / "hosts.json").put("Maja", hashed(PASSWORD), at(0))
    talk = Activity(ActivityId("talk"), REST, Words("Digital post", "Digital mail"), at(4000).wall, at(7600).wall)
    desk = SmallDesk(
        site,
        board=replace(small_board(), activities=(talk,), uncertain=1),
        people=(BO, ANNA, GUEST),
        unknown=(UNKNOWN,),
    )
    desk.start()
    house = ServedHouse(f"http://127.0.0.1:{port}", desk, folder)
    try:
        house.start()
        yield house
    finally:
        house.stop()
        desk.stop()


def _sense(folder: Path) -> None:
    """Let the sensors have said something for an hour."""
    writer = ZonesWriter(folder / "zones.db")
    states = (ZoneState.OCCUPIED, ZoneState.UNKNOWN, ZoneState.VACANT, ZoneState.OCCUPIED)
    for number, state in enumerate(states):
        moment = at(900 * number)
        for zone, silent in ((FIRE, 1), (COURSE, 0)):
            said = replace(occupancy(zone, state, moment), heard=at(3690), fresh=2, silent=silent)
            writer.record(News(said=(Said(said, number + 1),)), moment)
    writer.close()
