"""The sensors of a house over time: messages in, occupancies out. No clock, no files, no broker.

The service and `replay` drive it alike; whoever does so hands in the time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy
from sensors.fusion import judged
from sensors.health import Checked, checked
from sensors.hearing import hear
from sensors.memory import Memory, is_datable
from sensors.plan import Plan
from sensors.profiles import Part
from sensors.readings import Message, Reading, Refusal, Tag, Word
from sensors.settling import settled
from sensors.sight import Evidence

SERVICE = "service"
"""Whom a counted message is about when no sensor is known for it."""


TAPS_MAX = 1000
"""The most taps kept until the caller takes them; the oldest go first, and are counted."""

DROPPED_TAP = "dropped-tap"
RETAINED_TAP = "retained-tap"
"""How a tag is counted that the broker has kept: its reader is set wrongly, and leaves badges where others may look."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tag shown to a zone's reader. Never to be logged or kept as it is."""

    sensor: SensorId
    zone: ZoneId
    tag: Tag
    at: Instant


class Watch:
    """What is known of every sensor and zone. Used from one thread."""

    def __init__(
        self,
        plan: Plan,
        now: Instant,
        memories: Mapping[SensorId, Memory] | None = None,
        occupancies: Mapping[ZoneId, Occupancy] | None = None,
    ) -> None:
        """Go on from what was kept. What is too old to be dated, after a boot with no clock, is forgotten.

        `counted` tells how often what was wrong with whose messages. `decided` are the sensors that decided each zone's
        state, and `newest` the last message number of its own that a sensor of each zone has told. `tapped` are the
        tags shown until the caller takes them.
        """
        kept = memories or {}
        self._plan = plan
        self._memories = {one: _kept(kept.get(one), now) for one in plan.limits}
        self._made: dict[SensorId, Evidence] = {}
        self._occupancies = {zone: one for zone, one in (occupancies or {}).items() if zone in plan.zones}
        self._due_s: dict[ZoneId, float] = dict.fromkeys(plan.zones, now.elapsed_s)
        self._waiting: set[ZoneId] = set()
        self.counted: Counter[tuple[str, str]] = Counter()
        self.turned: set[SensorId] = set()
        self.heard: set[SensorId] = set()
        self.decided: dict[ZoneId, tuple[SensorId, ...]] = {}
        self.newest: dict[ZoneId, int] = {}
        self.tapped: list[Tapped] = []

    @property
    def occupancies(self) -> Mapping[ZoneId, Occupancy]:
        """Return each zone as last judged."""
        return self._occupancies

    def memory(self, sensor: SensorId) -> Memory:
        """Return what is remembered of the sensor."""
        return self._memories[sensor]

    def evidence(self, zone: ZoneId) -> tuple[Evidence, ...]:
        """Return the zone's sensors."""
        return tuple(self._evidence(one) for one in self._plan.zones[zone])

    def health(self, zone: ZoneId, now: Instant) -> tuple[Checked, ...]:
        """Return how each of the zone's sensors is."""
        errors: Counter[str] = Counter()
        for (about, _), count in self.counted.items():
            errors[about] += count
        return checked(self.evidence(zone), now, errors)

    def hear(self, message: Message, at: Instant) -> Refusal | None:
        """Take one message. One that is refused is counted, and changes nothing else.

        Until cleared by the caller, `turned` holds the sensors of which something changed that a restart must not lose,
        and `heard` all that were heard of.
        """
        routes = self._plan.routes.get(message.topic)
        if routes is None:
            return self._refuse(SERVICE, Refusal.UNKNOWN_TOPIC)
        refusal = None
        for route in routes:
            words = route.read(message.payload)
            if isinstance(words, Refusal):
                about = message.topic if route.part is Part.GATEWAY else "+".join(route.sensors)
                refusal = self._refuse(about, words)
                continue
            for word in words:
                for sensor in route.sensors:
                    self._take(sensor, word, message, at)
        return refusal

    def judge(self, now: Instant, *, everything: bool = False) -> tuple[Occupancy, ...]:
        """Return the zones whose state may have changed, or all, as they are now."""
        due = [zone for zone, due_s in self._due_s.items() if everything or due_s <= now.elapsed_s]
        for zone in due:
            self._judge(zone, now)
        return tuple(self._occupancies[zone] for zone in due)

    def next_deadline_s(self, now: Instant) -> float:
        """Return the seconds until a zone must be judged although nothing is heard; infinite while none must."""
        return max(0.0, min(self._due_s.values(), default=float("inf")) - now.elapsed_s)

    def _evidence(self, sensor: SensorId) -> Evidence:
        """Return the sensor as it is remembered, as made before while that is the same: most of a zone's are."""
        known, memory = self._made.get(sensor), self._memories[sensor]
        if known is None or known.memory is not memory:
            known = self._made[sensor] = Evidence(self._plan.limits[sensor], memory)
        return known

    def _judge(self, zone: ZoneId, now: Instant) -> None:
        before, evidence = self._occupancies.get(zone), self.evidence(zone)
        found = judged(zone, evidence, before, now)
        follows = settled(evidence, before, found.occupancy, now)
        if follows.memories:
            # A proof narrows what is said, so the zone is judged by what it left.
            self._memories.update(follows.memories)
            self.turned.update(follows.memories)
            self.heard.update(follows.memories)
            found = judged(zone, self.evidence(zone), before, now)
        drift = follows.drift if follows.drift is not None else before.drift if before else None
        self._occupancies[zone] = replace(found.occupancy, drift=drift) if drift is not None else found.occupancy
        self.decided[zone] = found.by
        (self._waiting.add if found.waits else self._waiting.discard)(zone)
        self._due_s[zone] = float("inf") if found.deadline_s is None else now.elapsed_s + found.deadline_s

    def _take(self, sensor: SensorId, word: Word, message: Message, at: Instant) -> None:
        zone = self._plan.limits[sensor].zone
        is_news = not (message.retained or word.history)
        if is_news and word.sequence is not None:
            self.newest[zone] = word.sequence
        if isinstance(word.what, Tag):
            if is_news:
                self._tap(Tapped(sensor, zone, word.what, at))
            elif message.retained:
                self.counted[sensor, RETAINED_TAP] += 1
            return
        self._hear(Reading(sensor, word.what, at, message.retained, word.stamp, word.repeats, word.history))

    def _tap(self, tapped: Tapped) -> None:
        if len(self.tapped) >= TAPS_MAX:
            del self.tapped[0]
            self.counted[tapped.sensor, DROPPED_TAP] += 1
        self.tapped.append(tapped)

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
        self.heard.add(sensor)
        is_turned = _standing(after) != _standing(before)
        if is_turned:
            self.turned.add(sensor)
        if is_turned or limits.zone in self._waiting:
            self._due_s[limits.zone] = 0.0


def _standing(memory: Memory) -> tuple[object, ...]:
    """Return what a restart must not lose."""
    return (
        memory.on,
        memory.sure,
        memory.available,
        memory.gateway,
        memory.watched,
        memory.refreshed,
        memory.door,
        memory.heads,
        memory.level,
        memory.faults,
        memory.slept,
        memory.clock,
    )


def _kept(memory: Memory | None, now: Instant) -> Memory:
    return memory if memory is not None and is_datable(memory, now) else Memory()
