"""The zones of the demonstration: a real room's recorded day, played fast onto the real broker as motion sensors."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge

import msgspec

from deploy.up.example import SPEED
from kiosk.tools.site import Site
from sensors import topics
from sensors.broker.link import Link, Note
from sensors.readings import Message
from sensors.recording import SCENES, recorded_day, scene


class _State(msgspec.Struct):
    """What is looked at in a zone's message."""

    state: str


@dataclass(slots=True)
class Seen:
    """What the broker has passed on of the zones: changes by the state they led to, told by an independent listener."""

    changes: Counter[str] = field(default_factory=Counter)
    _states: dict[str, str] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """Take one zone message."""
        state = msgspec.json.decode(message.payload, type=_State).state
        if self._states.get(message.topic, state) != state or message.topic not in self._states:
            self.changes[state] += message.topic in self._states
        self._states[message.topic] = state


class Rooms:
    """Plays the rooms, and listens to what becomes of it."""

    def __init__(self, site: Site) -> None:
        """Make both connections, not yet opened."""
        broker = site.tables.broker
        assert broker is not None  # noqa: S101 - narrows for the type checker; the example's site file has one
        self.seen = Seen()
        self._day = recorded_day()
        self._player = Link(broker, f"samverk-{site.id}-rooms")
        wanted = tuple(topics.zone(site.id, zone) for zone in site.zones)
        self._listener = Link(broker, f"samverk-{site.id}-observer", topics=wanted, on_message=self.seen.take)
        self._sensors = {zone: [one.topic for one in site.tables.sensor if one.zone == zone] for zone in site.zones}

    def play(self, stop: threading.Event) -> None:
        """Play until stopped."""
        self._listener.start()
        self._player.start()
        passed_s = 0.0
        for at_s, topic, payload in self._messages():
            if stop.wait(at_s / SPEED - passed_s):
                break
            passed_s = at_s / SPEED
            self._player.publish(Note(topic, payload, retain=False))
        self._player.stop()
        self._listener.stop()

    def _messages(self) -> Iterator[tuple[float, str, bytes]]:
        """Return all rooms' messages in their order, without end: each room plays its own scene of the day."""
        rooms = zip(self._sensors.values(), SCENES, strict=False)
        return merge(*(scene(self._day, names, one) for names, one in rooms))
