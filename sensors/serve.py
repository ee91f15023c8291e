"""The sensors' process: what it is made of, and its loop, until it is stopped."""

import gc
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from kiosk.domain.ids import ZoneId
from kiosk.store.journal import JournalReader
from kiosk.store.zones import ZonesWriter
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import badge_secrets
from kiosk.tools.site import BrokerTable, Problem, Site, SiteFileError
from kiosk.tools.systemd import NOBODY, Supervisor
from sensors import topics
from sensors.broker import BrokerDoor, Ears
from sensors.contact import Contact
from sensors.discovery import Discovery
from sensors.kinds import TAG
from sensors.plan import NAME, plan
from sensors.service import HEARTBEAT_S, Service
from sensors.taps import Taps

POLL_S = 0.25
"""The longest wait for a message before the house's counts are looked at again."""

SENSORS = "sensors"
"""The loop that does the work."""

ANY = ZoneId("+")
"""Stands for every zone in a topic that is listened to."""

log = logging.getLogger("samverk.sensors")


def serve(site: Site, clock: Clock, stop: threading.Event, supervisor: Supervisor = NOBODY) -> int:
    """Run until stopped; return the exit status. Raise `SiteFileError` for no broker, or for sensors there are not."""
    sensors = plan(site)
    broker = site.tables.broker
    if broker is None:
        raise SiteFileError(NAME, (Problem(None, "broker", "is missing", "add [broker]"),))
    found = discovery_of(site, broker)
    ears = Ears(sensors=tuple(sensors.routes), births=(found.birth,), kept=(topics.zone(site.id, ANY), found.all))
    writer = ZonesWriter(site.state_dir / "zones.db")
    counts = JournalReader(site.state_dir / "journal.db")
    door = BrokerDoor(broker, site.id, ears)
    log.info("following %d sensors in %d zones", len(sensors.limits), len(sensors.zones))
    door.open()
    try:
        service = Service(sensors, found, writer, door, counts, clock, Taps(_secrets(site)))
        contact = Contact(clock(), writer.note_broker)
        supervisor.ready()
        with _seldom_collected() as collect:
            while not stop.is_set():
                service.step(POLL_S)
                contact.look(clock(), is_up=door.is_up())
                supervisor.turned(SENSORS)
                collect(clock().elapsed_s)
        supervisor.stopping()
        service.keep_all()
    finally:
        door.close()
        counts.close()
        writer.close()
    return 0


@contextmanager
def _seldom_collected() -> Iterator[Callable[[float], None]]:
    """Look for garbage once a heartbeat, after a step, and never between a message and its zone's.

    What start-up made lives as long as the process, and is not looked at again.
    """
    collected_s = float("-inf")

    def collect(now_s: float) -> None:
        nonlocal collected_s
        if now_s - collected_s >= HEARTBEAT_S:
            gc.collect()
            collected_s = now_s

    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield collect
    finally:
        gc.enable()
        gc.unfreeze()


def _secrets(site: Site) -> Mapping[int, bytes]:
    """Return the badge secrets, which only a house with readers in its zones needs here."""
    if not any(one.kind == TAG for one in site.sensors.values()):
        return {}
    return badge_secrets(site.tables.badge.key_versions, site.state_dir)


def discovery_of(site: Site, broker: BrokerTable) -> Discovery:
    """Return how Home Assistant is told of this house."""
    return Discovery(
        site=site.id,
        zones=site.zones,
        prefix=broker.discovery_prefix,
        language=site.tables.site.languages[0],
        is_on=broker.discovery,
        exact=site.tables.site.exact_counts,
    )
