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
from sensors.broker import Link, Note
from sensors.readings import Message
from sensors.recording import SCENES, payload, recorded_day, scene
from tests.sensors.house import TOPICS, ZONE, site, site_text
from tests.support.asyncapi import Description
from tests.support.mosquitto import Mosquitto

pytestmark = pytest.mark.parts

WAIT_S = 20.0
STATUS = "samverk/stockholm/status"
DEVICE = "homeassistant/device/samverk_stockholm_lagerelden/config"
ZONE_TOPIC = "samverk/stockholm/zone/lagerelden"


class Visitor:
    """Somebody else at the broker, who hears all we publish and can speak for sensors."""

    def __init__(
        self,
        mosquitto: Mosquitto,
        name: str = "visitor",
        topics: tuple[str, ...] = ("samverk/#", "homeassistant/+/+/#"),
    ) -> None:
        """Connect and listen."""
        self.heard: list[Message] = []
        self._news = threading.Condition()
        self.link = Link(mosquitto.table, name, topics=topics, on_message=self._take)
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

    def ends_with(self, topic: str, text: bytes) -> bool:
        """Return whether the newest that is heard there is that text, waiting for it to become so."""
        with self._news:
            return self._news.wait_for(
                lambda: next((one.payload for one in reversed(self.heard) if one.topic == topic), None) == text, WAIT_S
            )

    def settle(self) -> None:
        """Wait until all that belongs to a start was heard, and forget it: until nothing came for a second."""
        with self._news:
            assert self._news.wait_for(lambda: self.heard, WAIT_S)
            until_s = time.monotonic() + WAIT_S
            while self._news.wait(1.0):
                assert time.monotonic() < until_s
            self.heard.clear()

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


def test_a_kill_says_offline_and_a_restart_in_mid_hold_goes_on_as_before(
    served: Served, visitor: Visitor, mosquitto: Mosquitto
) -> None:
    visitor.state("unknown")
    visitor.say(TOPICS[0], payload(is_on=True))
    visitor.say(TOPICS[0], payload(is_on=False))
    before = visitor.state("occupied")
    served.end(signal.SIGKILL)
    visitor.wait(STATUS, lambda text: text == b"offline")
    late = Visitor(mosquitto, "late")
    assert late.wait(STATUS, lambda text: text == b"offline").retained
    late.link.stop()
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
    visitor.settle()
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


@pytest.mark.usefixtures("served")
def test_home_assistant_is_told_of_each_zone_again_when_it_comes_up(visitor: Visitor) -> None:
    first = visitor.wait(DEVICE, bool)
    assert json.loads(first.payload)["availability"][0]["topic"] == STATUS
    visitor.settle()
    visitor.say("homeassistant/status", b"offline")
    visitor.say("homeassistant/status", b"online")
    again = visitor.wait(DEVICE, bool)
    assert again.payload == first.payload
    visitor.wait(ZONE_TOPIC, bool)


def test_zones_that_are_gone_or_renamed_leave_nothing_at_the_broker(
    served: Served, visitor: Visitor, mosquitto: Mosquitto
) -> None:
    visitor.wait(DEVICE, bool)
    visitor.wait(ZONE_TOPIC, bool)
    visitor.say("homeassistant/device/lamp/config", b'{"state_topic": "zigbee2mqtt/lamp"}', retain=True)
    served.end(signal.SIGTERM)
    # The file that remembers what was said is lost too: what the broker kept is all there is to go by.
    for one in served.folder.glob("zones.db*"):
        one.unlink()
    served.site_file.write_text(served.site_file.read_text().replace('"lagerelden"', '"rastplatsen"'))
    served.start()
    visitor.wait(DEVICE, lambda text: text == b"")
    visitor.wait(ZONE_TOPIC, lambda text: text == b"")
    visitor.wait(DEVICE.replace("lagerelden", "rastplatsen"), bool)
    assert retained(mosquitto) == {
        "homeassistant/device/lamp/config",
        "homeassistant/device/samverk_stockholm_rastplatsen/config",
        STATUS,
        "samverk/stockholm/presence",
        "samverk/stockholm/zone/rastplatsen",
    }


def test_discovery_that_is_turned_off_leaves_nothing_at_the_broker(
    served: Served, visitor: Visitor, mosquitto: Mosquitto
) -> None:
    visitor.wait(DEVICE, bool)
    served.end(signal.SIGKILL)
    served.site_file.write_text(served.site_file.read_text().replace("[broker]", "[broker]\ndiscovery = false"))
    served.start()
    visitor.wait(DEVICE, lambda text: text == b"")
    assert not [topic for topic in retained(mosquitto) if topic.startswith("homeassistant")]


def retained(mosquitto: Mosquitto) -> set[str]:
    """Return the topics on which the broker keeps something, by a wildcard."""
    late = Visitor(mosquitto, "late", topics=("#",))
    late.wait(STATUS, bool)
    # What is kept comes before what is said after it on the same connection's own topic.
    late.say("the/end", b"x")
    late.wait("the/end", bool)
    late.link.stop()
    return {one.topic for one in late.heard if one.retained}


def test_all_that_comes_over_the_broker_is_as_described(served: Served, visitor: Visitor) -> None:
    visitor.state("unknown")
    visitor.say(TOPICS[0], payload(is_on=True))
    visitor.state("occupied")
    visitor.say("homeassistant/status", b"online")
    served.end(signal.SIGKILL)
    visitor.wait(STATUS, lambda text: text == b"offline")
    description = Description()
    assert {description.channel(one.topic) for one in visitor.heard} == {"status", "zone", "presence", "device"}
    for one in visitor.heard:
        assert description.problems(one.topic, one.payload) == []


def test_an_old_retained_motion_that_is_met_does_not_make_a_zone_occupied(
    tmp_path: Path, mosquitto: Mosquitto, visitor: Visitor
) -> None:
    visitor.say(TOPICS[0], payload(is_on=True), retain=True)
    served = Served(tmp_path, mosquitto)
    served.start()
    try:
        visitor.state("unknown")
        visitor.say(TOPICS[1], payload(is_on=False))
        visitor.wait(ZONE_TOPIC, lambda text: bool(text) and json.loads(text)["sensors"]["fresh"] == 1)
        assert not [one for one in visitor.heard if one.topic == ZONE_TOPIC and b'"occupied"' in one.payload]
    finally:
        served.end(signal.SIGKILL)


def test_the_late_will_of_an_old_session_with_our_own_name_is_corrected(
    served: Served, visitor: Visitor, mosquitto: Mosquitto
) -> None:
    visitor.wait(STATUS, lambda text: text == b"online")
    visitor.forget()
    # Taken over by another with the same name: the broker says our will, and we come back.
    thief = Link(mosquitto.table, "samverk-stockholm-sensors-out")
    thief.start()
    visitor.wait(STATUS, lambda text: text == b"offline")
    assert thief.wait_up(WAIT_S)
    thief.stop()
    assert visitor.ends_with(STATUS, b"online")
    assert served.process is not None
    assert served.process.poll() is None


@pytest.mark.usefixtures("served")
def test_floods_are_said_once_a_second_a_zone_and_the_last_change_is_said(visitor: Visitor) -> None:
    visitor.state("unknown")
    visitor.say(TOPICS[0], payload(is_on=True))
    visitor.state("occupied")
    visitor.forget()
    began_s = time.monotonic()
    pause = threading.Event()
    for number in range(600):
        visitor.say(TOPICS[number % 2], payload(is_on=number % 4 < 2))
        pause.wait(0.005)
    visitor.say(f"{TOPICS[0]}/availability", b"offline")
    visitor.say(f"{TOPICS[1]}/availability", b"offline")
    visitor.state("unknown")
    took_s = time.monotonic() - began_s
    zones = [json.loads(one.payload) for one in visitor.heard if one.topic == ZONE_TOPIC]
    steady = [one for one in zones if one["state"] == "occupied"]
    assert 1 <= len(steady) <= took_s + 2


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
