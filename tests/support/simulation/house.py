"""One house of the simulation: a real journal and a real sync service, killed, rebooted and put back as it pleases."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from kiosk.domain.events import (
    Arrived,
    BadgeFound,
    BadgeRekeyed,
    BadgeReportedLost,
    BrakeLifted,
    Evidence,
    Happened,
    Left,
    Rights,
    TookPart,
)
from kiosk.domain.ids import MEMBER, AgencyId, BadgeKey, EventId, MemberId, ReaderId, SiteId, VisitId, ZoneId
from kiosk.domain.members import BadgeLevel
from kiosk.domain.zones import ZoneState
from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.roster import RosterWriter
from sync.agent import Agent, compose, lift
from sync.client import CentreClient
from sync.plan import Identity, centre_id
from tests.support.centre import site_in
from tests.support.simulation.centre import hurry
from tests.support.simulation.clocks import DeviceClock
from tests.support.simulation.line import Line

FILES = ("journal.db", "roster.db")
STEPS_MAX = 3000
BADGES_SHARE = 0.05
REKEYED_SHARE = 0.3
NEWER = 1000
"""How far a badge's newer key is from its older one."""
ZONE = ZoneId("lagerelden")
EVIDENCE = Evidence(others=1, sensed=None, zone_state=ZoneState.UNKNOWN)


class Killed(BaseException):
    """The service was killed at this very point."""


class House:
    """A house. `said` are the ids of all events it ever recorded, as the centre would know them."""

    def __init__(self, folder: Path, name: str, line: Line, clock: DeviceClock, chance: Random) -> None:
        """Use the folder, in which there may be files already."""
        self.name, self.source = name, f"se.samverket.{name}"
        self.folder, self.line, self.clock, self.chance = folder, line, clock, chance
        self.token = ""
        self.said: set[str] = set()
        self.images = 0
        self.was_put_back = False
        self.kills = 0
        self.left_to_kill = 0
        self._kill_in = 0
        self._visits: list[tuple[VisitId, MemberId]] = []
        self._told_as: dict[str, str] = {}
        self._numbers = 0
        line.on_request = self._point

    def open(self) -> None:
        """Start the house's services."""
        self.journal = JournalWriter(self.folder / "journal.db", self.chance.randbytes)
        hurry(self.journal._writer.db.conn)  # noqa: SLF001 - only in made-up time may a disk be quick
        self.client = CentreClient("http://localhost", lambda: self.token, self.clock, transport=self.line)
        identity = Identity(SiteId(self.name), self.source, push_every_s=5.0, pull_every_s=60.0)
        site = site_in(self.folder, "http://localhost")
        self.agent: Agent = compose(site, identity, self.client, self.clock, self._new_epoch)
        writer = self.agent.roster._writer  # noqa: SLF001 - as above
        hurry(writer.db.conn)
        whole = writer.transaction

        @contextmanager
        def with_points() -> Iterator[Any]:
            self._point()
            with whole() as db:
                yield db
                self._point()
            self._point()

        writer.transaction = with_points  # type: ignore[method-assign] # between every write there is a point to be killed at

    def close(self) -> None:
        """Stop the house's services; what was not committed is gone."""
        self.agent.close()
        self.client.close()
        self.journal.close()

    def visit(self) -> int:
        """Let something happen in the house. Return how many events that was."""
        begins = not self._visits or self.chance.random() < 0.5
        events = self._arrive() if begins else self._leave()
        events += self._badge() if self.chance.random() < BADGES_SHARE else ()
        self.journal.append(Entry(happened=events))
        self.said |= {centre_id(one) for one in events}
        return len(events)

    def work(self, steps: int, kill_in: int = 0) -> str:
        """Let the service do so many steps, and be killed at that point if there is one. Return what came of it."""
        self._kill_in = kill_in
        try:
            for number in range(steps):
                if not self.agent.step():
                    return f"rests after {number}"
        except Killed:
            self.kills += 1
            self._restart()
            return "killed"
        finally:
            self.left_to_kill, self._kill_in = self._kill_in, 0
        return "works"

    def reboot(self, off_s: float) -> None:
        """Switch the device off and on again; its clock comes up wrong by so much."""
        self.close()
        self.clock.reboot(off_s)
        self.open()

    def take_image(self) -> None:
        """Keep an image of the card."""
        self.close()
        (self.folder / "image").mkdir(exist_ok=True)
        for one in FILES:
            shutil.copyfile(self.folder / one, self.folder / "image" / one)
        self.images += 1
        self.open()

    def put_image_back(self) -> bool:
        """Put the last image back. Return whether there was one."""
        if not self.images:
            return False
        self.close()
        for one in FILES:
            for rest in self.folder.glob(f"{one}-*"):
                rest.unlink()
            shutil.copyfile(self.folder / "image" / one, self.folder / one)
        self.was_put_back = True
        self._visits.clear()
        self.open()
        return True

    def harm_replica(self) -> int:
        """Change, remove and add rows of the roster behind everybody's back. Return how many."""
        connection = sqlite3.connect(self.folder / "roster.db")
        ids = [row[0] for row in connection.execute("SELECT id FROM members ORDER BY id")]
        done = 0
        for one in self.chance.sample(ids, min(3, len(ids))):
            change = self.chance.choice(
                (
                    "UPDATE members SET active = 1 - active WHERE id = ?",
                    "UPDATE members SET name = 'Någon annan' WHERE id = ?",
                    "DELETE FROM members WHERE id = ?",
                    "INSERT INTO members SELECT 'x' || id, name, agency, 1, NULL, NULL, 'sv' FROM members WHERE id = ?",
                )
            )
            done += connection.execute(change.replace("INSERT", "INSERT OR IGNORE"), [one]).rowcount
        connection.commit()
        connection.close()
        return done

    def lift_brake(self) -> None:
        """Let the operator say that the removal is meant which is held, if there is one."""
        removal = self.agent.roster.replica.held_removal()
        if removal:
            lift(self.agent.roster, BrakeLifted(id=EventId(self._id()), at=self.clock(), by=MEMBER, removal=removal))

    def recorded(self) -> set[str]:
        """Return the ids, as the centre knows them, of what the journal holds: the centre is owed all of it."""
        connection = sqlite3.connect(self.folder / "journal.db")
        found = {row[0] for row in connection.execute("SELECT id FROM events")}
        connection.close()
        return {self._told_as.get(one, one) for one in found}

    @property
    def roster(self) -> RosterWriter:
        """Return the house's roster, from the writing side."""
        return self.agent.roster

    def _restart(self) -> None:
        # The connection is closed without a commit: what was under way is rolled back, as after a kill.
        self.close()
        self.open()

    def _point(self) -> None:
        if self._kill_in:
            self._kill_in -= 1
            if self._kill_in == 0:
                raise Killed

    def _new_epoch(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"

    def _id(self) -> str:
        self._numbers += 1
        return f"{self.name}-{self._numbers:06}"

    def _arrive(self) -> tuple[Happened, ...]:
        visit, who = VisitId(self._id()), MemberId(f"m{self.chance.randrange(40):05}")
        self._visits.append((visit, who))
        arrived = Arrived(
            id=EventId(self._id()), at=self.clock(), visit=visit, member=who, agency=AgencyId("agency-0"),
            badge=BadgeKey("0" * 64), reader=ReaderId("entrance"), by=MEMBER, rights=Rights.FRESH,
        )  # fmt: skip
        if self.chance.random() < 0.5:
            return (arrived,)
        took_part = TookPart(
            id=EventId(self._id()),
            at=self.clock(),
            visit=visit,
            member=who,
            zone=ZoneId("lagerelden"),
            evidence=EVIDENCE,
        )
        self._told_as[took_part.id] = centre_id(took_part)
        return (arrived, took_part)

    def _badge(self) -> tuple[Happened, ...]:
        """Let a badge be lost or found by either of its keys, or get its newer one."""
        number = self.chance.randrange(40)
        older, newer, who = BadgeKey(f"{number:064x}"), BadgeKey(f"{number + NEWER:064x}"), MemberId(f"m{number:05}")
        event, at = EventId(self._id()), self.clock()
        what = self.chance.random()
        if what < REKEYED_SHARE:
            rekeyed = BadgeRekeyed(
                id=event, at=at, badge=newer, key_version=2, member=who, was=older, level=BadgeLevel.UID
            )
            return (rekeyed,)
        kind = self.chance.choice((BadgeReportedLost, BadgeFound))
        if what < (1 + REKEYED_SHARE) / 2:
            return (kind(id=event, at=at, badge=older, key_version=1, member=who, by=MEMBER),)
        return (kind(id=event, at=at, badge=newer, key_version=2, member=who, by=MEMBER, was=older),)

    def _leave(self) -> tuple[Happened, ...]:
        visit, who = self._visits.pop(self.chance.randrange(len(self._visits)))
        return (Left(id=EventId(self._id()), at=self.clock(), visit=visit, member=who, reader=None, by=MEMBER),)
