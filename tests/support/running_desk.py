"""A real desk in this process that can be stopped and started, with people in the house, one of them a host."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from kiosk.domain.roll_call import RollCall, Tick
from kiosk.door.client import DoorClient
from kiosk.door.messages import Ask, AskCheckIn, Said, SayAnswer
from kiosk.door.roll_call import OpenRollCall, SayRollCall, ShowRollCall, tells
from kiosk.service.serve import serve
from kiosk.store.hosts import HostFile
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site
from tests.support.books import SECRET, make_site, write_roster
from tests.support.house import START, at

WAIT_S = 10.0
HOST = "Siv"


class RunningDesk:
    """A desk, and whoever asks at its door. `visits` are those of the people let in, by their members' ids."""

    def __init__(self, folder: Path, more: str = "") -> None:
        """Start a desk over a folder; Astrid is the host."""
        self.new_id = Ids()
        self.visits: dict[str, str] = {}
        self.site: Site = make_site(folder, more)
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        write_roster(folder / "roster.db", confirmed=SystemClock()())
        hosts = HostFile(folder / "hosts.json")
        hosts.put(HOST, "a hash", at(0))
        hosts.tie(HOST, "astrid")
        self.start()

    def start(self) -> None:
        """Start the desk."""
        self._stop, ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=serve, args=(self.site, SystemClock(), self._stop, ready.set))
        self._thread.start()
        assert ready.wait(WAIT_S)

    def stop(self) -> None:
        """Stop the desk: what it has only in memory is gone. Stopping twice is safe."""
        self._stop.set()
        self._thread.join(WAIT_S)

    def ask(self, ask: Ask) -> Said:
        """Ask at the door."""
        with DoorClient(self.site.door) as door:
            return door.ask(ask)

    def let_in(self, *members: str) -> None:
        """Check members in."""
        for name in members:
            said = self.ask(AskCheckIn(self.new_id(), name, f"host:{HOST}"))
            assert isinstance(said, SayAnswer)
            self.visits[name] = str(said.answer.visit)

    def at_screen(self, *, is_drill: bool = False) -> RollCall:
        """Open the roll call as the screen does after the host's badge."""
        visit = self.visits["astrid"]
        said = self.ask(OpenRollCall(id=self.new_id(), call=self.new_id(), is_drill=is_drill, visit=visit))
        assert isinstance(said, SayRollCall)
        assert said.host == HOST
        return said.call

    def tick(self, call: RollCall, name: str, tick: str) -> None:
        """Tick somebody off as the screen does."""
        made = Tick(id=tick, person=self.visits[name], at=START, host=HOST)
        (ask,) = tells(call, (made,), self.new_id)
        assert isinstance(self.ask(ask), SayRollCall)

    def known(self, call: str) -> RollCall | None:
        """Return what the desk knows of a roll call."""
        said = self.ask(ShowRollCall(id=self.new_id(), call=call))
        return said.call if isinstance(said, SayRollCall) else None

    def found(self, call: str) -> int | None:
        """Return how many have been found, None if the desk does not know of it."""
        known = self.known(call)
        return known.found if known else None

    def accesses(self) -> list[tuple[str, str, str]]:
        """Return who looked at what, for which purpose."""
        with closing(sqlite3.connect(self.site.state_dir / "journal.db")) as journal:
            return journal.execute("SELECT by, what, purpose FROM access ORDER BY id").fetchall()
