"""A badge at a zone's reader, all the way: over a real broker, through the inbox, to a join at the desk, exactly once.

Sensors' service and desk are processes of their own and are killed in the middle of it, again and again.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.events import JoinedZone
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayAnswer, ScriptedTap, Watch
from kiosk.store.inbox import Place
from kiosk.store.journal import JournalReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site, load
from sensors.broker import Link, Note
from tests.support.books import SECRET, SITE, UIDS, write_roster
from tests.support.hub import look_at_the_logs, wait_for
from tests.support.log_watch import spellings
from tests.support.mosquitto import Mosquitto

ZONES = ("lagerelden", "rastplatsen")
KILLS = 4
TAPS = 2 * KILLS + 1
"""As many readers, in both zones by turns: the same badge at the same reader again within 5 s is the same tap."""
STOP_S = 10.0
ASTRID = UIDS["Astrid"]
TAPPED = "-".join(ASTRID[at : at + 2] for at in range(0, len(ASTRID), 2)).encode()

_BROKER = """
[broker]
host = "127.0.0.1"
port = {port}
"""
_READER = """
[[sensor]]
id = "tag-{number}"
zone = "{zone}"
profile = "esphome-tag"
kind = "tag"
topic = "tag/{number}"
"""


class Services:
    """Desk and sensors of one site, each a process."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        """Write what they need and start both."""
        self.file = folder / "site.toml"
        readers = [_READER.format(number=at, zone=ZONES[at % 2]) for at in range(TAPS)]
        self.file.write_text("".join([SITE.format(state_dir=folder), _BROKER.format(port=broker.port), *readers]))
        write_roster(folder / "roster.db", confirmed=SystemClock()())
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        self.site: Site = load(self.file)
        self.log = folder / "log"
        self.log.mkdir()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("desk", "sensors"):
            self.start(name)

    def start(self, name: str) -> None:
        """Start one of them."""
        command = [sys.executable, "-m", "deploy", name, "--site", str(self.file)]
        with (self.log / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        """Kill it as a power cut would."""
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait(STOP_S)

    def end(self) -> None:
        """Kill what runs."""
        for one in self._running.values():
            one.kill()
            one.wait(STOP_S)


@pytest.fixture
def folder() -> Iterator[Path]:
    # The path of a Unix socket has at most 107 characters.
    short = Path(tempfile.mkdtemp(prefix="sv-"))
    yield short
    shutil.rmtree(short, ignore_errors=True)


@pytest.fixture
def services(folder: Path) -> Iterator[Services]:
    broker = Mosquitto(folder)
    broker.start()
    one = Services(folder, broker)
    try:
        yield one
    finally:
        one.end()
        broker.stop()
        look_at_the_logs(one.log)


def arrive(site: Site) -> bool:
    """Show Astrid's badge at the entrance; return whether there was an answer."""
    try:
        with DoorClient(site.door) as door:
            door.say(Watch(id="w"))
            door.say(ScriptedTap(id="t", reader="entrance", uid=ASTRID))
            while not isinstance(door.hear(), SayAnswer):
                pass
    except DoorClosedError:
        return False
    return True


def joins(site: Site) -> list[JoinedZone]:
    """Return the joins in the journal."""
    reader = JournalReader(site.state_dir / "journal.db")
    found = [one.event for one in reader.after(0) if isinstance(one.event, JoinedZone)]
    reader.close()
    return found


def last_tap(site: Site) -> int:
    """Return the sequence of the last tap that the sensors' service took in, taken by the desk or not."""
    zones, journal = ZonesReader(site.state_dir / "zones.db"), JournalReader(site.state_dir / "journal.db")
    waiting = zones.taps_after(Place())
    last = waiting[-1].place.seq if waiting else journal.inbox_place().seq
    zones.close()
    journal.close()
    return last


def test_a_badge_shown_in_a_zone_is_joined_exactly_once_whoever_is_killed_meanwhile(services: Services) -> None:
    site = services.site
    broker = site.tables.broker
    assert broker is not None
    wait_for(lambda: arrive(site), "a desk that answers")
    link = Link(broker, "zone-readers")
    link.start()
    assert link.wait_up(STOP_S)
    shown = 0

    def show() -> None:
        nonlocal shown
        before = last_tap(site)

        def taken_in() -> bool:
            # A reader says again what nobody has heard: the broker keeps nothing for a service that is away.
            link.publish(Note(f"tag/{shown}", TAPPED, retain=False))
            return last_tap(site) > before

        wait_for(taken_in, "the tap in the inbox")
        shown += 1

    for number in range(KILLS):
        show()
        services.kill(("desk", "sensors")[number % 2])
        services.start(("desk", "sensors")[number % 2])
        show()
    wait_for(lambda: len(joins(site)) >= shown, "every tap at the desk")
    show()
    wait_for(lambda: len(joins(site)) >= shown, "the tap after all kills")
    assert [one.zone for one in joins(site)] == [ZONES[at % 2] for at in range(TAPS)]
    assert len({one.id for one in joins(site)}) == TAPS == last_tap(site)
    wait_for(lambda: not ZonesReader(site.state_dir / "zones.db").taps_after(Place()), "an inbox that is emptied")
    link.stop()
    services.end()
    kept = [one.read_bytes().lower() for one in site.state_dir.rglob("*") if one.is_file() and one.name != "roster.db"]
    assert kept
    assert [form for form in spellings(ASTRID) for text in kept if form.encode() in text] == []
    assert not any(bytes.fromhex(ASTRID) in text for text in kept)
