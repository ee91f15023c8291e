"""How long a sensor's message takes to become a published zone state, through a running service and a real broker.

Bursts, because alone messages hide what small packets wait for. Each message flips one zone between occupied and
unknown, by taking its only sensor away and giving it back within its hold.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from kiosk.domain.ids import ZoneId
from kiosk.tools.site import BrokerTable, Site
from sensors import topics
from sensors.broker import Link, Note
from sensors.readings import Message
from sensors.recording import payload

ANSWER_WAIT_S = 10.0
"""How long a burst may take to be answered in full before it counts as lost."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from a sensor's message to its zone's; changes sent, changes published."""

    p50_ms: float
    p95_ms: float
    p99_ms: float
    sent: int
    published: int


class _Listener:
    """Notes when each zone first showed the state that is waited for."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._wanted: dict[str, str] = {}
        self._seen: dict[str, float] = {}
        self._news = threading.Condition()

    def expect(self, wanted: dict[str, str]) -> None:
        with self._news:
            self._wanted, self._seen = wanted, {}

    def take(self, message: Message) -> None:
        now_s = self._clock_s()
        state = json.loads(message.payload)["state"] if message.payload else ""
        with self._news:
            if self._wanted.get(message.topic) == state and message.topic not in self._seen:
                self._seen[message.topic] = now_s
                self._news.notify()

    def answers(self) -> dict[str, float]:
        with self._news:
            self._news.wait_for(lambda: len(self._seen) == len(self._wanted), ANSWER_WAIT_S)
            return dict(self._seen)


def burst_latency(site: Site, broker: BrokerTable, clock_s: Callable[[], float], bursts: int = 50) -> Latency:
    """Measure against a service that runs for this site, whose every zone has one sensor of Zigbee2MQTT's.

    `clock_s` tells seconds that never step. Raise `TimeoutError` if the broker or the service does not answer.
    """
    listener = _Listener(clock_s)
    sensors = {topics.zone(site.id, ZoneId(one.zone)): one.topic for one in site.sensors.values()}
    ear = Link(broker, "samverk-latency-in", topics=tuple(sensors), on_message=listener.take)
    mouth = Link(broker, "samverk-latency-out")
    for link in (ear, mouth):
        link.start()
    try:
        if not (ear.wait_up(ANSWER_WAIT_S) and mouth.wait_up(ANSWER_WAIT_S)):
            message = "the broker does not answer"
            raise TimeoutError(message)
        _warm(listener, mouth, sensors)
        return _measure(listener, mouth, sensors, clock_s, bursts)
    finally:
        ear.stop()
        mouth.stop()


def _warm(listener: _Listener, mouth: Link, sensors: dict[str, str]) -> None:
    """Let every zone be occupied, by motion that has ended: its hold lasts longer than the measurement."""
    listener.expect(dict.fromkeys(sensors, "occupied"))
    for topic in sensors.values():
        mouth.publish(Note(topic, payload(is_on=True), retain=False))
        mouth.publish(Note(topic, payload(is_on=False), retain=False))
    if len(listener.answers()) < len(sensors):
        message = "the service does not answer"
        raise TimeoutError(message)


def _measure(
    listener: _Listener, mouth: Link, sensors: dict[str, str], clock_s: Callable[[], float], bursts: int
) -> Latency:
    took_ms: list[float] = []
    for number in range(bursts):
        standing, state = ((b"offline", "unknown"), (b"online", "occupied"))[number % 2]
        listener.expect(dict.fromkeys(sensors, state))
        sent_at: dict[str, float] = {}
        for zone, topic in sensors.items():
            sent_at[zone] = clock_s()
            mouth.publish(Note(f"{topic}/availability", standing, retain=False))
        took_ms += [1000 * (at_s - sent_at[zone]) for zone, at_s in listener.answers().items()]
    return _latency(took_ms, bursts * len(sensors))


def _latency(took_ms: Sequence[float], sent: int) -> Latency:
    if len(took_ms) < 2:  # noqa: PLR2004 - quantiles of fewer are not defined
        return Latency(0.0, 0.0, 0.0, sent, len(took_ms))
    cuts = quantiles(took_ms, n=100, method="inclusive")
    return Latency(cuts[49], cuts[94], cuts[98], sent, len(took_ms))
