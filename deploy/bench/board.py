"""`samverk bench board`: how soon a tap and a zone change stand on the web board, and what fifty viewers cost it.

A real desk and a real board, each a process of its own; instead of the sensors' service somebody writes its file.
The bare cost of a tap is that of a program that watches at the desk's own door.
"""

import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from deploy.bench.board_viewer import Viewer
from deploy.bench.figures import Amount, Figure, Measured, figure
from deploy.bench.footprint import cpu_s, pss_mb
from deploy.bench.house import SCRIPTED_READER, SITE_HEAD, made_uid, write_members
from deploy.up.ports import free_ports
from deploy.up.services import samverk
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, People, Words, ZoneState
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ScriptedTap, Watch
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site, load

VIEWERS = 50
CLOSED = 200
TAPS_MAX = 15
CHANGES = 8
BETWEEN_S = 1.3
"""Between two changes: a viewer is sent at most two pictures a second."""
LOAD_S = 20.0
SETTLE_S = 2.0
START_S = 30.0
SECRET = bytes(32)
DOOR, TAP, ZONE = "tap to whoever watches at the door", "tap to the web board", "zone change to the web board"
FIRE = ZoneId("lagerelden")
_BOARD = """
[board]
port = {port}
"""
_SEED = 7


def measure(taps: int, members: int) -> Measured:
    """Return how soon what happens is on the board, and what the board's process costs with `VIEWERS` looking."""
    with _house(members) as house:
        figures = (*_taps(house, min(taps, TAPS_MAX)), _changes(house))
        amounts = (*_load(house), *_leftovers(house))
    notes = (f"{VIEWERS} viewers, a zone change each second for {LOAD_S:.0f} s; {CLOSED} connections closed at random",)
    return Measured(figures, notes, amounts)


@dataclass
class _House:
    site: Site
    board: int
    zones: ZonesWriter
    seq: int = 0
    shown: int = 0

    @property
    def port(self) -> int:
        return self.site.tables.board.port

    def tap(self) -> float:
        """Show the badge of somebody who is not in yet, and return when."""
        self.shown += 1
        with DoorClient(self.site.door) as door:
            asked_s = time.perf_counter()
            door.ask(ScriptedTap(id=Ids()(), reader="entrance", uid=made_uid(self.shown).hex()))
        return asked_s

    def change(self) -> tuple[float, str]:
        """Let the zone be the other way, and return when, and what its state is now."""
        self.seq += 1
        state = (ZoneState.VACANT, ZoneState.OCCUPIED)[self.seq % 2]
        now = SystemClock()()
        written_s = time.perf_counter()
        self.zones.record(News(said=(Said(_occupancy(state, now), self.seq),)), now)
        return written_s, str(state)


def _occupancy(state: ZoneState, now: Instant) -> Occupancy:
    people = People(2, 2.0, 4) if state is ZoneState.OCCUPIED else People(0, 0.0, 0)
    return Occupancy(
        zone=FIRE,
        state=state,
        since=now,
        heard=now,
        people=people,
        confidence=0.9,
        reason=Words("skäl", "reason"),
        fresh=1,
    )


@contextmanager
def _house(members: int) -> Iterator[_House]:
    """Run a desk and a board over files of their own."""
    with tempfile.TemporaryDirectory(prefix="sv-") as name, ExitStack() as stack:
        folder = Path(name)
        (port,) = free_ports(1)
        (folder / "site.toml").write_text((SITE_HEAD + SCRIPTED_READER + _BOARD).format(state_dir=folder, port=port))
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        write_members(folder / "roster.db", members, SECRET, SystemClock()())
        site = load(folder / "site.toml")
        zones = ZonesWriter(folder / "zones.db")
        stack.callback(zones.close)
        pids = [stack.enter_context(_service(one, folder)) for one in ("desk", "board")]
        _wait_for(lambda: DoorClient(site.door).close())
        _wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        house = _House(site, pids[1], zones)
        for _ in range(3):  # from three on, each arrival is told to all
            house.tap()
        threading.Event().wait(SETTLE_S)
        yield house


@contextmanager
def _service(name: str, folder: Path) -> Iterator[int]:
    command = [*samverk(name), "--site", str(folder / "site.toml")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def _wait_for(does: Callable[[], object]) -> None:
    ends_s = time.monotonic() + START_S
    while True:
        try:
            does()
        except (OSError, DoorClosedError):
            if time.monotonic() > ends_s:
                raise
            threading.Event().wait(0.05)
        else:
            return


def _taps(house: _House, taps: int) -> Sequence[Figure]:
    """Show a badge again and again; each time somebody comes in."""
    at_door, on_board = [], []
    with Viewer(house.port) as viewer, DoorClient(house.site.door) as door:
        door.ask(Watch(id=Ids()(), readers=("none",)))
        for _ in range(taps):
            threading.Event().wait(BETWEEN_S)
            asked_s = house.tap()
            wanted = house.shown
            while not (isinstance(said := door.hear(), SayBoard) and said.board.in_house >= wanted):
                pass
            at_door.append(time.perf_counter() - asked_s)
            on_board.append(viewer.wait_for(partial(_has_people, wanted)) - asked_s)
    return figure(DOOR, at_door), figure(TAP, on_board, DOOR)


def _changes(house: _House) -> Figure:
    seconds = []
    with Viewer(house.port) as viewer:
        for _ in range(CHANGES):
            threading.Event().wait(BETWEEN_S)
            written_s, state = house.change()
            seconds.append(viewer.wait_for(partial(_has_state, state)) - written_s)
    return figure(ZONE, seconds)


def _load(house: _House) -> Iterator[Amount]:
    """Let fifty look while a zone changes each second."""
    alone_mb = pss_mb(house.board)
    with ExitStack() as stack:
        viewers = [stack.enter_context(Viewer(house.port)) for _ in range(VIEWERS)]
        threading.Event().wait(SETTLE_S)
        before_s, began_s = cpu_s(house.board), time.monotonic()
        while time.monotonic() - began_s < LOAD_S:
            house.change()
            threading.Event().wait(1.0)
        share = (cpu_s(house.board) - before_s) / (time.monotonic() - began_s)
        yield Amount(name="board alone: memory", value=alone_mb, unit="MB")
        yield Amount(
            name="board with viewers: memory", value=pss_mb(house.board), unit="MB", bare="board alone: memory"
        )
        yield Amount(name="board with viewers: processor", value=share * 100, unit="% of a core")
        heard = sum(one.bytes_heard for one in viewers) / VIEWERS / (time.monotonic() - began_s)
        yield Amount(name="each viewer", value=heard / 1000, unit="kB/s")


def _leftovers(house: _House) -> Iterator[Amount]:
    """Open and close connections at random, and count what is left of them in the board's process."""
    threading.Event().wait(SETTLE_S)
    chance, before = Random(_SEED), _left(house.board)  # noqa: S311 - who goes when, the same every time
    kept: list[Viewer] = []
    for _ in range(CLOSED):
        kept.append(Viewer(house.port))
        while len(kept) > VIEWERS // 2 or (kept and chance.random() < 0.4):  # noqa: PLR2004 - now and then
            kept.pop(chance.randrange(len(kept))).close()
    for one in kept:
        one.close()
    threading.Event().wait(SETTLE_S)
    after = _left(house.board)
    yield Amount(name="sockets left", value=after[0] - before[0], unit="")
    yield Amount(name="threads left", value=after[1] - before[1], unit="")


def _left(pid: int) -> tuple[int, int]:
    files = [one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(str(one).startswith("socket:") for one in files), len(os.listdir(f"/proc/{pid}/task"))  # noqa: PTH208 - only their number


def _has_people(count: int, html: str) -> bool:
    found = re.search(r"<dd>(\d+)</dd>", html)
    return found is not None and int(found[1]) == count


def _has_state(state: str, html: str) -> bool:
    return f'data-state="{state}"' in html
