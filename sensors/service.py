"""The sensors' service: messages from the broker into occupancies, kept first and published after. Holds no rule.

One thread takes all that is readable, judges once, commits once, and publishes; the broker's threads only enqueue.
"""

import logging
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from kiosk.domain.house import House
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, ZoneTap
from kiosk.store.errors import StoreError
from kiosk.store.inbox import Place
from kiosk.store.zones import News, Said, ZonesWriter
from kiosk.tools.clock import Clock
from sensors import topics
from sensors.broker import Heard, Note
from sensors.discovery import Discovery
from sensors.keeping import as_text, watch_from
from sensors.messages import Beside, Numbers, ailments, numbers, presence_message, zone_message
from sensors.pacing import QUIET_S, Pacing
from sensors.plan import Plan
from sensors.readings import Message
from sensors.taps import Taps
from sensors.watch import SERVICE

HEARTBEAT_S = 45.0
"""How often all is said again. The desk takes a zone for unknown after 90 s, other readers may after 60 s."""

EXPIRY_S = 150
"""When the broker forgets a zone that is not said any longer: after three heartbeats."""

WAIT_MIN_S = 0.001
"""The shortest wait: a deadline may lie within the last digit of the clock, and must not make us run in circles."""

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

    def inbox_place(self) -> Place:
        """Return how far the desk has come in the inbox of zone taps."""


class Service:
    """The service without its loop. Used from one thread."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything around it, each from outside
        self,
        sensors: Plan,
        found: Discovery,
        writer: ZonesWriter,
        door: Door,
        counts: Counts,
        clock: Clock,
        taps: Taps | None = None,
    ) -> None:
        """Go on from what was kept. Without `taps` those at the zones' readers are only counted."""
        now = clock()
        self._plan = sensors
        self._discovery = found
        self._writer = writer
        self._door = door
        self._counts = counts
        self._clock = clock
        said = writer.said()
        self._seqs = {zone: said[zone].seq if zone in said else 0 for zone in sensors.zones}
        self._pacing = Pacing({zone: one.occupancy.state for zone, one in said.items()})
        self._watch = watch_from(sensors, writer, now)
        self._numbers = Numbers()
        self._taps = taps or Taps({})
        self._shown: list[ZoneTap] = []
        self._taken = self._removed = Place()
        self._ailing: dict[ZoneId, tuple[object, Mapping[str, int]]] = {}
        self._beat_s = self._kept_s = now.elapsed_s
        self._is_first = True

    def step(self, wait_s: float) -> None:
        """Wait for messages until the next deadline, at most that long, and do all that is due."""
        now = self._clock()
        due_s = min(self._watch.next_deadline_s(now), self._pacing.wait_s(now))
        heard = self._door.take(min(wait_s, max(due_s, WAIT_MIN_S)))
        now = self._clock()
        self._hear(heard, now)
        has_numbers = self._count()
        is_beat = self._is_first or heard.is_woken or now.elapsed_s - self._beat_s >= HEARTBEAT_S
        judged = self._watch.judge(now, everything=is_beat)
        zones = list(self._plan.zones) if is_beat else self._to_say(judged, now, has_numbers=has_numbers)
        said = tuple(self._next(zone) for zone in zones)
        self._keep(said, now, is_whole=is_beat or any(self._pacing.is_change(one.occupancy) for one in said))
        notes = self._cleared(heard.kept)
        if is_beat:
            notes += self._standing(is_anew=self._is_first or heard.is_woken)
            self._beat_s, self._is_first = now.elapsed_s, False
        notes += [self._zone_note(one, now) for one in said]
        if has_numbers or is_beat:
            notes.append(self._presence_note(now))
        self._say(notes)

    def keep_all(self) -> None:
        """Keep all that is remembered, for the next start."""
        everybody = as_text(self._watch, self._plan.limits)
        self._writer.record(News(evidence=everybody, counted=dict(self._watch.counted)), self._clock())
        self._watch.counted.clear()

    def _hear(self, heard: Heard, now: Instant) -> None:
        for message in heard.messages:
            self._watch.hear(message, now)
        self._pacing.stir(self._plan.limits[one].zone for one in self._watch.turned)
        self._shown += self._taps.made_of(self._watch.tapped, self._watch.counted)
        self._watch.tapped.clear()
        if heard.dropped:
            self._watch.counted[SERVICE, DROPPED] += heard.dropped

    def _count(self) -> bool:
        """Read the house's counts if there are new ones; return whether they differ."""
        before = self._numbers
        try:
            if self._counts.changed():
                self._numbers = numbers(self._counts.house())
                self._taken = self._counts.inbox_place()
        except (sqlite3.Error, StoreError) as error:
            # The desk may be making the file at this very moment; the counts before stay until it can be read.
            log.warning("the house's counts cannot be read: %s", error)
        return self._numbers != before

    def _to_say(self, judged: Iterable[Occupancy], now: Instant, *, has_numbers: bool) -> list[ZoneId]:
        known = self._watch.occupancies
        zones = known if has_numbers else {one.zone for one in judged} | self._pacing.waiting
        return self._pacing.due((known[zone] for zone in zones), self._numbers.participants, now)

    def _next(self, zone: ZoneId) -> Said:
        return Said(self._watch.occupancies[zone], self._seqs[zone] + 1)

    def _keep(self, said: tuple[Said, ...], now: Instant, *, is_whole: bool) -> None:
        """Commit what is about to be said and what it rests on; evidence that changes nothing waits a little.

        With a new state, and at every heartbeat, goes all that was heard up to it: a state would not be found again
        after a restart without. In between it is enough to keep the sensors that turned.
        """
        watch = self._watch
        has_evidence = bool(watch.turned or watch.counted) and now.elapsed_s - self._kept_s >= QUIET_S
        if not (said or has_evidence or self._shown or self._is_taken()):
            return
        sensors = frozenset(watch.heard if is_whole else watch.turned)
        evidence = as_text(watch, sensors)
        news = News(
            said=said, evidence=evidence, counted=dict(watch.counted), taps=tuple(self._shown), taken=self._taken
        )
        self._writer.record(news, now)
        self._shown.clear()
        self._removed = self._taken
        watch.heard -= sensors
        watch.turned.clear()
        watch.counted.clear()
        self._kept_s = now.elapsed_s

    def _is_taken(self) -> bool:
        """Return whether the desk has taken taps that can go now: nobody's whereabouts are kept longer than needed."""
        return self._taken != self._removed and self._writer.has_taps()

    def _cleared(self, kept: tuple[Message, ...]) -> list[Note]:
        """Return what takes back the old words of zones that are gone, renamed, or not told of any longer."""
        strays = [one.topic for one in kept if self._discovery.is_stray(one.topic, one.payload)]
        for topic in strays:
            log.info("cleared %s: there is no such zone any longer", topic)
        return [Note(topic, b"") for topic in strays]

    def _standing(self, *, is_anew: bool) -> list[Note]:
        """Return what says that we are here, and to whom it is new what zones there are."""
        # Again at every heartbeat: the will of an old session can come long after our own birth.
        here = Note(topics.status(self._plan.site), topics.ONLINE)
        told = self._discovery.messages().items() if is_anew else ()
        return [here, *(Note(topic, payload) for topic, payload in told)]

    def _zone_note(self, one: Said, now: Instant) -> Note:
        zone = one.occupancy.zone
        participants = self._numbers.in_zone(zone)
        self._seqs[zone] = one.seq
        if self._pacing.said(one.occupancy, participants, now):
            log.info("zone %s is %s: %s", zone, one.occupancy.state, one.occupancy.reason.en)
        beside = Beside(
            participants=participants,
            heard=self._heard(zone, now),
            number=self._watch.newest.get(zone),
            ailing=self._ailments(one.occupancy, now),
        )
        message = zone_message(one, now.wall, beside, exact=self._discovery.exact)
        return Note(topics.zone(self._plan.site, zone), message, expires_s=EXPIRY_S, qos=0)

    def _heard(self, zone: ZoneId, now: Instant) -> datetime | None:
        """Return when the zone's newest evidence came."""
        heard = [one.memory.heard for one in self._watch.evidence(zone) if one.memory.heard is not None]
        newest = min(heard, key=now.seconds_since, default=None)
        return newest.wall if newest else None

    def _ailments(self, one: Occupancy, now: Instant) -> Mapping[str, int]:
        """Return how many of the zone's sensors have which ailment, found anew at heartbeats and when more have one."""
        key, known = self._ailing.get(one.zone, (None, {}))
        if key != (self._beat_s, one.fresh, one.silent):
            known = ailments(self._watch.health(one.zone, now))
            self._ailing[one.zone] = (self._beat_s, one.fresh, one.silent), known
        return known

    def _presence_note(self, now: Instant) -> Note:
        message = presence_message(self._numbers, self._plan.zones, now.wall, exact=self._discovery.exact)
        return Note(topics.presence(self._plan.site), message, expires_s=EXPIRY_S, qos=0)

    def _say(self, notes: list[Note]) -> None:
        unsent = self._door.say(notes)
        if unsent:
            self._watch.counted[SERVICE, UNSENT] += unsent
