"""The whole service as its own process against a real mosquitto: retained states, kills, restarts and bad input."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.commands.record import record
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import load
from sensors.broker import Link, Note
from sensors.latency import burst_latency
from sensors.readings import Message
from sensors.recording import SCENES, payload, recorded_day, scene
from tests.sensors.house import TOPICS, ZONE, site, site_text
from tests.support.mosquitto import Mosquitto

pytestmark = pytest.mark.parts

WAIT_S = 20.0
STATUS = "samverk/stockholm/status"
ZONE_TOPIC = "samverk/stockholm/zone/lagerelden"


class Visitor:
    """Somebody else at the broker, who hears all we publish and can speak for sensors."""

    def __init__(self, mosquitto: Mosquitto, name: str = "visitor") -> None:
        """Connect and listen."""
        self.heard: list[Message] = []
        self._news = threading.Condition()
        self.link = Link(mosquitto.table, name, topics=("samverk/#",), on_message=self._take)
        self.link.start()
        assert self.link.wait_up(WAIT_S)

    def say(self, topic: str, text: bytes, *, retain: bool = False) -> None:
        """Publish."""
        assert self.link.publish(Note(topic, text, retain=retain))

    def wait(self, topic: str, found: Callable[[bytes], bool]) -> Message:
        """Return the newest message there that is as wanted, waiting for it."""

        def first() -> Message | None:
            return next((one for one in reversed(self.heard) if one.topic == topic and found(one.payload)), None)

        with self._news:
            one = self._news.wait_for(first, WAIT_S)
        assert one is not None, [(one.topic, one.payload) for one in self.heard]
        return one

    def state(self, state: str) -> dict[str, object]:
        """Return the zone's message with that state, waiting for it."""
        one = self.wait(ZONE_TOPIC, lambda text: bool(text) and json.loads(text)["state"] == state)
        return dict(json.loads(one.payload))

    def forget(self) -> None:
        """Forget what was heard."""
        with self._news:
            self.heard.clear()

    def _take(self, message: Message) -> None:
        with self._news:
            self.heard.append(message)
            self._news.notify_all()


class Served:
    """The service's process."""

    def __init__(self, folder: Path, mosquitto: Mosquitto, limits: str = "") -> None:
        """Write its site file."""
        self.folder = folder
        self.site_file = folder / "site.toml"
        self.site_file.write_text(site_text(folder, port=mosquitto.port, limits=limits))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        program = "import sys; from deploy.command import main; sys.exit(main(sys.argv[1:]))"
        log = (self.folder / "sensors.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "sensors", "--site", str(self.site_file)], stderr=log
            )

    def end(self, how: signal.Signals) -> int:
        """End it by the signal and return its exit status."""
        if self.process is None:
            return 0
        os.kill(self.process.pid, how)
        status, self.process = self.process.wait(WAIT_S), None
        return status


@pytest.fixture
def served(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Served]:
    """Give a running service."""
    one = Served(tmp_path, mosquitto)
    one.start()
    yield one
    one.end(signal.SIGKILL)


@pytest.fixture
def visitor(mosquitto: Mosquitto) -> Iterator[Visitor]:
    """Give somebody else at the broker."""
    one = Visitor(mosquitto)
    yield one
    one.link.stop()


def test_a_scene_of_the_recording_played_through_a_real_broker_gives_retained_zone_states(
    tmp_path: Path, mosquitto: Mosquitto, visitor: Visitor
) -> None:
    served = Served(tmp_path, mosquitto, "hold_s = 1\nsilent_s = 6.5")
    served.start()
    try:
        visitor.wait(STATUS, lambda text: text == b"online")
        visitor.state("unknown")
        play(visitor, speed=600, until_s=1500)
        visitor.state("vacant")
        late = Visitor(mosquitto, "late")
        assert late.state("vacant")["people"] == {"low": 0, "estimate": 0.0, "high": 0}
        assert late.heard[0].retained
        late.link.stop()
        states = [json.loads(one.payload)["state"] for one in visitor.heard if one.topic == ZONE_TOPIC]
        assert states.index("occupied") < states.index("vacant")
    finally:
        served.end(signal.SIGKILL)


def play(visitor: Visitor, speed: float, until_s: float) -> None:
    """Play the last scene that many times as fast."""
    began_s = time.monotonic()
    pause = threading.Event()
    for at_s, topic, text in scene(recorded_day(), TOPICS, SCENES[2]):
        if at_s > until_s:
            return
        pause.wait(max(0.0, at_s / speed - (time.monotonic() - began_s)))
        visitor.say(topic, text)


def test_a_kill_says_offline_and_a_restart_in_mid_hold_goes_on_as_before(served: Served, visitor: Visitor) -> None:
    visitor.state("unknown")
    visitor.say(TOPICS[0], payload(is_on=True))
    visitor.say(TOPICS[0], payload(is_on=False))
    before = visitor.state("occupied")
    served.end(signal.SIGKILL)
    visitor.wait(STATUS, lambda text: text == b"offline")
    visitor.forget()
    served.start()
    visitor.wait(STATUS, lambda text: text == b"online")
    after = visitor.state("occupied")
    assert after["since"] == before["since"]
    assert int(str(after["seq"])) > int(str(before["seq"]))
    assert not [one for one in visitor.heard if b'"unknown"' in one.payload or b'"vacant"' in one.payload]


def test_a_clean_stop_says_offline_and_exits_zero(served: Served, visitor: Visitor) -> None:
    visitor.wait(STATUS, lambda text: text == b"online")
    assert served.end(signal.SIGTERM) == 0
    visitor.wait(STATUS, lambda text: text == b"offline")


def test_after_a_broker_restart_with_nothing_kept_everything_is_said_again(
    mosquitto: Mosquitto, served: Served, visitor: Visitor
) -> None:
    visitor.state("unknown")
    visitor.say(TOPICS[0], payload(is_on=True))
    before = visitor.state("occupied")
    mosquitto.stop()
    mosquitto.start()
    late = Visitor(mosquitto, "late")
    late.wait(STATUS, lambda text: text == b"online")
    after = late.state("occupied")
    assert after["since"] == before["since"]
    late.wait("samverk/stockholm/presence", bool)
    late.say(f"{TOPICS[0]}/availability", b"offline", retain=True)
    late.state("unknown")
    late.link.stop()
    assert served.process is not None
    assert served.process.poll() is None


def test_an_old_sessions_late_will_is_corrected(served: Served, visitor: Visitor) -> None:
    visitor.wait(STATUS, lambda text: text == b"online")
    assert served.process is not None
    visitor.forget()
    visitor.say(STATUS, b"offline", retain=True)
    visitor.wait(STATUS, lambda text: text == b"online")


def test_bad_input_of_every_sort_is_counted_and_the_service_goes_on(served: Served, visitor: Visitor) -> None:
    visitor.state("unknown")
    bad = [b"{", b'{"occupancy": "ONc"}', b"\xff\xfe", b"x" * 1_000_000, b'{"occupancy": NaN}', b"[]", b"null"]
    for text in bad:
        visitor.say(TOPICS[0], text)
    visitor.say("zigbee2mqtt/bridge/state", b"perhaps")
    visitor.say(TOPICS[1], payload(is_on=True))
    visitor.state("occupied")
    reader = ZonesReader(served.folder / "zones.db")
    wanted = {
        ("pir-1", "not-json"): 3,
        ("pir-1", "too-large"): 1,
        ("pir-1", "wrong-type"): 3,
        ("zigbee2mqtt/bridge/state", "unknown-state"): 1,
    }
    deadline_s = time.monotonic() + WAIT_S
    while reader.counters() != wanted and time.monotonic() < deadline_s:
        threading.Event().wait(0.05)
    assert reader.counters() == wanted
    assert reader.occupancies()[ZONE].fresh == 1
    reader.close()


def test_bursts_do_not_wait_for_acknowledgements_on_a_stock_broker(
    tmp_path: Path, mosquitto: Mosquitto, served: Served, visitor: Visitor
) -> None:
    served.end(signal.SIGKILL)
    ten = site_text(tmp_path, sensors=0, port=mosquitto.port).split("[[zone]]")
    zones = [f"[[zone]]{ten[1].replace('lagerelden', f'zone-{number}')}" for number in range(10)]
    sensors = [
        f'[[sensor]]\nid = "s-{number}"\nzone = "zone-{number}"\nprofile = "zigbee2mqtt"\nkind = "pir"\n'
        f'topic = "zigbee2mqtt/s-{number}"\n'
        for number in range(10)
    ]
    served.site_file.write_text(ten[0] + "".join(zones) + "".join(sensors))
    served.start()
    visitor.wait("samverk/stockholm/zone/zone-9", bool)
    took = burst_latency(load(served.site_file), mosquitto.table, time.monotonic, bursts=20)
    assert took.published == took.sent == 200
    assert took.p50_ms < 35, took


def test_the_recorder_writes_what_the_sensors_say(mosquitto: Mosquitto, tmp_path: Path, visitor: Visitor) -> None:
    stop, out = threading.Event(), (tmp_path / "trace.jsonl").open("w+")
    house = site(tmp_path, port=mosquitto.port)
    recorder = threading.Thread(target=record, args=(house, out, SystemClock(), stop))
    recorder.start()
    deadline_s = time.monotonic() + WAIT_S
    while not (tmp_path / "trace.jsonl").read_text() and time.monotonic() < deadline_s:
        visitor.say(TOPICS[0], payload(is_on=True))
        threading.Event().wait(0.1)
    stop.set()
    recorder.join()
    out.close()
    first = json.loads((tmp_path / "trace.jsonl").read_text().splitlines()[0])
    assert first["topic"] == TOPICS[0]
    assert json.loads(first["payload"])["occupancy"] is True
    assert first["retain"] is False
