"""One zone with sensors of any kind, whose words are said directly: no profile, no broker, and time handed in."""

from collections.abc import Callable
from datetime import datetime

from kiosk.domain.ids import SensorId, SiteId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, ZoneState
from sensors.health import Checked, Health
from sensors.keeping import as_text, memories
from sensors.kinds import KINDS, TAG
from sensors.memory import Limits
from sensors.plan import Plan
from sensors.profiles import Part
from sensors.readings import Content, Message, People, What, Word
from sensors.topics import Route
from sensors.watch import Watch
from tests.sensors.house import ZONE, instant

OCCUPIED, VACANT, UNKNOWN = ZoneState.OCCUPIED, ZoneState.VACANT, ZoneState.UNKNOWN


class Cell:
    """A zone with one sensor a kind given, each called by its kind, `-2` and so on after it when there are several."""

    def __init__(self, *kinds: str, clock: Callable[[float], Instant] = instant) -> None:
        """Begin at second 0 with nothing heard."""
        self._clock = clock
        self._words: list[Word] = []
        names = [
            kind if kinds[:n].count(kind) == 0 else f"{kind}-{kinds[:n].count(kind) + 1}"
            for n, kind in enumerate(kinds)
        ]
        limits = {SensorId(name): _limits(name, kind) for name, kind in zip(names, kinds, strict=True)}
        routes = {name: (Route(Part.STATE, self._read, (SensorId(name),)),) for name in names}
        routes["gateway"] = (Route(Part.GATEWAY, self._read, tuple(limits)),)
        self.plan = Plan(
            site=SiteId("stockholm"),
            limits=limits,
            zones={ZONE: tuple(one for one in limits if limits[one].kind != TAG)},
            routes=routes,
        )
        self.watch = Watch(self.plan, clock(0))
        self.now_s = 0.0
        self.states: list[tuple[float, ZoneState]] = []
        self._judge()

    @property
    def zone(self) -> Occupancy:
        """Return the zone as it is."""
        return self.watch.occupancies[ZoneId(ZONE)]

    @property
    def state(self) -> ZoneState:
        """Return the zone's state."""
        return self.zone.state

    def at(self, seconds: float) -> "Cell":
        """Let time go on to that second, every deadline kept."""
        while (due_s := self.now_s + max(self.watch.next_deadline_s(self._clock(self.now_s)), 1e-3)) <= seconds:
            self.now_s = due_s
            self._judge()
        self.now_s = seconds
        return self

    def say(  # noqa: PLR0913 - all that a word may be
        self,
        seconds: float,
        sensor: str,
        what: Content | Word,
        *,
        retained: bool = False,
        stamp: datetime | None = None,
        repeats: bool = False,
        history: bool = False,
    ) -> "Cell":
        """Let a sensor say something at that second."""
        self.at(seconds)
        self._words.append(what if isinstance(what, Word) else Word(what, stamp, repeats, history))
        self.watch.hear(Message(sensor, str(len(self._words) - 1).encode(), retained), self._clock(seconds))
        self._judge()
        return self

    def alive(self, until_s: float, *sensors: str, every_s: float = 300.0) -> "Cell":
        """Let the sensors give a sign of life every so often, up to that second."""
        while self.now_s + every_s <= until_s:
            after_s = self.now_s + every_s
            for sensor in sensors:
                self.say(after_s, sensor, What.ALIVE)
        return self.at(until_s)

    def empty(self, seconds: float, *sensors: str) -> "Cell":
        """Let the sensors say at that second that they see nobody."""
        for sensor in sensors:
            is_area = sensor.startswith("area")
            self.say(seconds, sensor, People(0) if is_area else What.CLEAR)
        return self

    def killed(self, again_after_s: float) -> "Cell":
        """Kill the service in the middle of what it does, and start it again from what it had kept."""
        kept = memories(as_text(self.watch, self.plan.limits))
        self.now_s += again_after_s
        self.watch = Watch(self.plan, self._clock(self.now_s), kept, dict(self.watch.occupancies))
        self._judge()
        return self

    def health(self, sensor: str) -> Health:
        """Return how the sensor is now."""
        return self.checked(sensor).health

    def checked(self, sensor: str) -> Checked:
        """Return all that is told of the sensor's health now."""
        return next(one for one in self.watch.health(ZoneId(ZONE), self._clock(self.now_s)) if one.sensor == sensor)

    def _judge(self) -> None:
        for one in self.watch.judge(self._clock(self.now_s)):
            if not self.states or self.states[-1][1] is not one.state:
                self.states.append((self.now_s, one.state))

    def _read(self, payload: bytes) -> tuple[Word, ...]:
        return (self._words[int(payload)],)


def _limits(name: str, kind: str) -> Limits:
    sees = KINDS[kind]
    return Limits(
        sensor=SensorId(name),
        zone=ZoneId(ZONE),
        hold_s=sees.hold_s,
        silent_s=sees.silent_s,
        on_max_s=sees.on_max_s,
        kind=kind,
        sees=sees,
    )
