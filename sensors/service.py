"""The sensors' service: messages from the broker into occupancies, kept first and published after. Holds no rule.

One thread takes all that is readable, judges once, commits once, and publishes; the broker's threads only enqueue.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterable
from typing import Protocol

from kiosk.domain.house import House
from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy
from kiosk.store.errors import StoreError
from kiosk.store.journal import JournalReader
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.clock import Clock
from kiosk.tools.site import Problem, Site, SiteFileError
from sensors import topics
from sensors.broker import BrokerDoor, Heard, Note
from sensors.keeping import as_text, watch_from
from sensors.messages import Numbers, numbers, presence_message, zone_message
from sensors.plan import NAME, Plan, plan
from sensors.watch import SERVICE

HEARTBEAT_S = 45.0
"""How often every zone is said again. The desk takes a zone for unknown after 90 s, other readers may after 60 s."""

EXPIRY_S = 150
"""When the broker forgets a zone that is not said any longer: after three heartbeats."""

QUIET_S = 1.0
"""The shortest time between two messages of a zone, or two commits of evidence, while no state changes."""

POLL_S = 0.25
"""The longest wait for a message before the house's counts are looked at again."""

DROPPED, UNSENT = "dropped", "unsent"
"""What is counted about the service itself, besides messages of unknown topics."""

log = logging.getLogger("samverk.sensors")


class Door(Protocol):
    """The broker as the service sees it."""

    def take(self, timeout_s: float) -> Heard:
        """Return what has come, waiting at most that long."""

    def say(self, notes: Iterable[Note]) -> int:
        """Publish; return how many were lost although we are connected."""


class Counts(Protocol):
    """Where the house's presences are read."""

    def changed(self) -> bool:
        """Return whether there may be news since last asked."""

    def house(self) -> House:
        """Return everybody's presence."""


def serve(site: Site, clock: Clock, stop: threading.Event) -> int:
    """Run until stopped; return the exit status. Raise `SiteFileError` for no broker, or for sensors there are not."""
    sensors = plan(site)
    broker = site.tables.broker
    if broker is None:
        raise SiteFileError(NAME, (Problem(None, "broker", "is missing", "add [broker]"),))
    writer = ZonesWriter(site.state_dir / "zones.db")
    counts = JournalReader(site.state_dir / "journal.db")
    door = BrokerDoor(broker, site.id, tuple(sensors.routes))
    service = Service(sensors, writer, door, counts, clock)
    log.info("following %d sensors in %d zones", len(sensors.limits), len(sensors.zones))
    door.open()
    try:
        while not stop.is_set():
            service.step(POLL_S)
    finally:
        service.keep_all()
        door.close()
        counts.close()
        writer.close()
    return 0


class Service:
    """The service without its loop. Used from one thread."""

    def __init__(self, sensors: Plan, writer: ZonesWriter, door: Door, counts: Counts, clock: Clock) -> None:
        """Go on from what was kept."""
        now = clock()
        self._plan = sensors
        self._writer = writer
        self._door = door
        self._counts = counts
        self._clock = clock
        self._said = writer.said()
        self._gone = [zone for zone in self._said if zone not in sensors.zones]
        self._watch = watch_from(sensors, writer, now)
        self._numbers = Numbers()
        self._said_at = dict.fromkeys(sensors.zones, now.elapsed_s - HEARTBEAT_S)
        self._shown: dict[ZoneId, object] = {}
        self._beat_s = now.elapsed_s
        self._kept_s = now.elapsed_s
        self._is_first = True

    def step(self, wait_s: float) -> None:
        """Wait for messages until the next deadline, at most that long, and do all that is due."""
        now = self._clock()
        heard = self._door.take(min(wait_s, self._watch.next_deadline_s(now)))
        now = self._clock()
        for message in heard.messages:
            self._watch.hear(message, now)
        if heard.dropped:
            self._watch.counted[SERVICE, DROPPED] += heard.dropped
        has_numbers = self._count()
        is_beat = self._is_first or heard.is_woken or now.elapsed_s - self._beat_s >= HEARTBEAT_S
        self._watch.judge(now, everything=is_beat)
        said = tuple(self._next(zone) for zone in self._to_say(now, is_beat=is_beat))
        self._keep(said, now)
        self._publish(said, now, with_presence=has_numbers or is_beat, with_gone=heard.is_woken)
        if is_beat:
            self._beat_s, self._is_first = now.elapsed_s, False

    def keep_all(self) -> None:
        """Keep all that is remembered, for the next start."""
        everybody = as_text(self._watch, self._plan.limits)
        self._writer.record(News(evidence=everybody, counted=dict(self._watch.counted)), self._clock())
        self._watch.counted.clear()

    def _count(self) -> bool:
        """Read the house's counts if there are new ones; return whether they differ."""
        before = self._numbers
        try:
            if self._counts.changed():
                self._numbers = numbers(self._counts.house())
        except (sqlite3.Error, StoreError) as error:
            # The desk may be making the file at this very moment; the counts before stay until it can be read.
            log.warning("the house's counts cannot be read: %s", error)
        return self._numbers != before

    def _to_say(self, now: Instant, *, is_beat: bool) -> list[ZoneId]:
        """Return the zones that have something to say now; small news of one waits until it was quiet for a while."""
        if is_beat:
            return list(self._plan.zones)
        return [zone for zone, one in self._watch.occupancies.items() if self._is_news(one, now)]

    def _is_news(self, one: Occupancy, now: Instant) -> bool:
        before = self._said.get(one.zone)
        if before is None or before.occupancy.state is not one.state:
            return True
        is_quiet = now.elapsed_s - self._said_at[one.zone] >= QUIET_S
        return is_quiet and self._shown.get(one.zone) != self._showing(one)

    def _showing(self, one: Occupancy) -> object:
        return one.fresh, one.silent, one.people, self._numbers.in_zone(one.zone)

    def _next(self, zone: ZoneId) -> Said:
        before = self._said.get(zone)
        return Said(self._watch.occupancies[zone], before.seq + 1 if before else 1)

    def _keep(self, said: tuple[Said, ...], now: Instant) -> None:
        """Commit what is about to be said and what it rests on; evidence that changes nothing waits a little."""
        watch = self._watch
        has_evidence = bool(watch.turned or watch.counted) and now.elapsed_s - self._kept_s >= QUIET_S
        if not (said or has_evidence):
            return
        # A state is kept with all that was heard up to it, or it would not be found again after a restart.
        sensors: set[SensorId] = watch.heard if said else watch.turned
        evidence = as_text(watch, sensors)
        self._writer.record(News(said=said, evidence=evidence, counted=dict(watch.counted)), now)
        sensors.clear()
        watch.turned.clear()
        watch.counted.clear()
        self._kept_s = now.elapsed_s

    def _publish(self, said: tuple[Said, ...], now: Instant, *, with_presence: bool, with_gone: bool) -> None:
        site = self._plan.site
        notes = [Note(topics.zone(site, zone), b"") for zone in self._gone if with_gone]
        for one in said:
            zone = one.occupancy.zone
            self._log_change(one)
            self._said[zone], self._said_at[zone] = one, now.elapsed_s
            self._shown[zone] = self._showing(one.occupancy)
            message = zone_message(one, now.wall, self._numbers.in_zone(zone))
            notes.append(Note(topics.zone(site, zone), message, expires_s=EXPIRY_S))
        if with_presence:
            message = presence_message(self._numbers, self._plan.zones, now.wall)
            notes.append(Note(topics.presence(site), message, expires_s=EXPIRY_S))
        unsent = self._door.say(notes)
        if unsent:
            self._watch.counted[SERVICE, UNSENT] += unsent

    def _log_change(self, one: Said) -> None:
        before = self._said.get(one.occupancy.zone)
        if before is None or before.occupancy.state is not one.occupancy.state:
            log.info("zone %s is %s: %s", one.occupancy.zone, one.occupancy.state, one.occupancy.reason.en)
