"""The sensors of a house over time: messages in, occupancies out. No clock, no files, no broker.

The service and `replay` drive it alike; whoever does so hands in the time.
"""

from collections import Counter
from collections.abc import Mapping

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy
from sensors.fusion import Evidence, next_deadline_s, occupancy
from sensors.memory import Memory, hear, is_datable
from sensors.plan import Plan
from sensors.profiles import Part
from sensors.readings import Message, Reading, Refusal

SERVICE = "service"
"""Whom a counted message is about when no sensor is known for it."""


class Watch:
    """What is known of every sensor and zone. Used from one thread."""

    def __init__(
        self,
        plan: Plan,
        now: Instant,
        memories: Mapping[SensorId, Memory] | None = None,
        occupancies: Mapping[ZoneId, Occupancy] | None = None,
    ) -> None:
        """Go on from what was kept. What is too old to be dated, after a boot with no clock, is forgotten."""
        kept = memories or {}
        self._plan = plan
        self._memories = {one: _kept(kept.get(one), now) for one in plan.limits}
        self._occupancies = {zone: one for zone, one in (occupancies or {}).items() if zone in plan.zones}
        self._due_s: dict[ZoneId, float] = dict.fromkeys(plan.zones, now.elapsed_s)
        self.counted: Counter[tuple[str, str]] = Counter()
        self.turned: set[SensorId] = set()
        self.heard: set[SensorId] = set()

    @property
    def occupancies(self) -> Mapping[ZoneId, Occupancy]:
        """Return each zone as last judged."""
        return self._occupancies

    def memory(self, sensor: SensorId) -> Memory:
        """Return what is remembered of the sensor."""
        return self._memories[sensor]

    def evidence(self, zone: ZoneId) -> tuple[Evidence, ...]:
        """Return the zone's sensors."""
        return tuple(Evidence(self._plan.limits[one], self._memories[one]) for one in self._plan.zones[zone])

    def hear(self, message: Message, at: Instant) -> Refusal | None:
        """Take one message. One that is refused is counted, and changes nothing else.

        Until cleared by the caller, `turned` holds the sensors of which something changed that a restart must not lose,
        and `heard` all that were heard of.
        """
        route = self._plan.routes.get(message.topic)
        if route is None:
            return self._refuse(SERVICE, Refusal.UNKNOWN_TOPIC)
        words = route.profile.read(route.part, message.payload)
        if isinstance(words, Refusal):
            about = message.topic if route.part is Part.GATEWAY else "+".join(route.sensors)
            return self._refuse(about, words)
        for word in words:
            for sensor in route.sensors:
                self._hear(Reading(sensor, word.what, at, message.retained, word.stamp))
        return None

    def judge(self, now: Instant, *, everything: bool = False) -> tuple[Occupancy, ...]:
        """Return the zones whose state may have changed, or all, as they are now."""
        due = [zone for zone, due_s in self._due_s.items() if everything or due_s <= now.elapsed_s]
        for zone in due:
            evidence = self.evidence(zone)
            self._occupancies[zone] = occupancy(zone, evidence, self._occupancies.get(zone), now)
            wait_s = next_deadline_s(evidence, now)
            self._due_s[zone] = float("inf") if wait_s is None else now.elapsed_s + wait_s
        return tuple(self._occupancies[zone] for zone in due)

    def next_deadline_s(self, now: Instant) -> float:
        """Return the seconds until a zone must be judged although nothing is heard; infinite while none must."""
        return max(0.0, min(self._due_s.values(), default=float("inf")) - now.elapsed_s)

    def _refuse(self, about: str, why: Refusal) -> Refusal:
        self.counted[about, why] += 1
        return why

    def _hear(self, reading: Reading) -> None:
        sensor = reading.sensor
        limits, before = self._plan.limits[sensor], self._memories[sensor]
        after = hear(before, limits, reading)
        if after is before:
            return
        self._memories[sensor] = after
        self._due_s[limits.zone] = 0.0
        self.heard.add(sensor)
        if _standing(after) != _standing(before):
            self.turned.add(sensor)


def _standing(memory: Memory) -> tuple[bool | None, bool, bool, bool, bool]:
    return memory.on, memory.sure, memory.available, memory.gateway, memory.watched is None


def _kept(memory: Memory | None, now: Instant) -> Memory:
    return memory if memory is not None and is_datable(memory, now) else Memory()
