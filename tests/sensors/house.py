"""A small house for the sensors' tests: its site file, its time, and a driver that says what its zone became."""

from copy import copy
from datetime import UTC, datetime, timedelta

from kiosk.domain.ids import BootId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.zones import Occupancy, ZoneState
from kiosk.tools.site import Site, read
from sensors.plan import plan
from sensors.readings import Message, Refusal
from sensors.recording import payload
from sensors.watch import Watch

BEGAN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ZONE = ZoneId("lagerelden")
TOPICS = ("zigbee2mqtt/lagerelden/pir-1", "zigbee2mqtt/lagerelden/pir-2")
GATEWAY = "zigbee2mqtt/bridge/state"
HOLD_S = 600.0
SILENT_S = 3900.0

_SITE = """
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{state_dir}"
{broker}
[[zone]]
id = "lagerelden"
name.sv = "Lägerelden"
name.en = "The campfire"
about.sv = "för djupare samtal"
about.en = "for deep talks"
"""
_SENSOR = """
[[sensor]]
id = "pir-{number}"
zone = "lagerelden"
profile = "zigbee2mqtt"
kind = "pir"
topic = "{topic}"
{limits}
"""


def site_text(state_dir: object = "/nowhere", *, sensors: int = 2, port: int = 0, limits: str = "") -> str:
    """Return a site file with one zone and that many motion sensors in it."""
    broker = f'[broker]\nhost = "127.0.0.1"\nport = {port}' if port else ""
    topics = [f"zigbee2mqtt/lagerelden/pir-{number}" for number in range(1, sensors + 1)]
    tables = [_SENSOR.format(number=n, topic=topic, limits=limits) for n, topic in enumerate(topics, 1)]
    return _SITE.format(state_dir=state_dir, broker=broker) + "".join(tables)


def site(state_dir: object = "/nowhere", *, sensors: int = 2, port: int = 0, limits: str = "") -> Site:
    """Return the site of `site_text`."""
    return read(site_text(state_dir, sensors=sensors, port=port, limits=limits))


def instant(seconds: float, boot: str = "boot", clock: ClockState = ClockState.SYNCED) -> Instant:
    """Return the instant that many seconds after the tests' day began."""
    return Instant(BEGAN + timedelta(seconds=seconds), BootId(boot), 1000.0 + seconds, clock)


class Room:
    """One zone with its sensors. Every deadline on the way is kept, as the service does."""

    def __init__(self, *, sensors: int = 2, limits: str = "") -> None:
        """Begin at second 0 with nothing heard."""
        self._plan = plan(site(sensors=sensors, limits=limits))
        self.watch = Watch(self._plan, instant(0))
        self.now_s = 0.0
        self.states: list[tuple[float, ZoneState]] = []
        self._judge()

    @property
    def occupancy(self) -> Occupancy:
        """Return the zone as it is."""
        return self.watch.occupancies[ZONE]

    @property
    def state(self) -> ZoneState:
        """Return the zone's state."""
        return self.occupancy.state

    def kept(self) -> "Room":
        """Return another room with the same past, as after a restart. It hears nothing of what is heard here."""
        sensors = self.watch.evidence(ZONE)
        memories = {one.limits.sensor: one.memory for one in sensors}
        other = copy(self)
        other.watch = Watch(self._plan, instant(self.now_s), memories, self.watch.occupancies)
        other.states = self.states[-1:]
        return other

    def at(self, seconds: float) -> "Room":
        """Let time go on to that second."""
        while (due_s := self.now_s + max(self.watch.next_deadline_s(instant(self.now_s)), 1e-6)) <= seconds:
            self.now_s = due_s
            self._judge()
        self.now_s = seconds
        return self

    def hear(self, topic: str, text: bytes, *, retained: bool = False) -> Refusal | None:
        """Take one message now."""
        refusal = self.watch.hear(Message(topic, text, retained), instant(self.now_s))
        self._judge()
        return refusal

    def pir(self, seconds: float, *, is_on: bool, number: int = 1, retained: bool = False) -> "Room":
        """Take a motion sensor's message at that second."""
        self.at(seconds).hear(f"zigbee2mqtt/lagerelden/pir-{number}", payload(is_on=is_on), retained=retained)
        return self

    def repeats(self, until_s: float, every_s: float = 300.0, number: int = 1) -> "Room":
        """Let the sensor say `clear` every so often, up to that second."""
        while self.now_s + every_s <= until_s:
            self.pir(self.now_s + every_s, is_on=False, number=number)
        return self.at(until_s)

    def _judge(self) -> None:
        for one in self.watch.judge(instant(self.now_s)):
            if not self.states or self.states[-1][1] is not one.state:
                self.states.append((self.now_s, one.state))
