"""The service without a broker: what it keeps, what it says and when, and what it does with bad input."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.domain.house import House
from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import State
from kiosk.domain.zones import ZoneState
from kiosk.store.zones import ZonesReader, ZonesWriter
from sensors.broker import Heard, Note
from sensors.plan import plan
from sensors.readings import PAYLOAD_MAX, Message
from sensors.recording import payload
from sensors.service import EXPIRY_S, HEARTBEAT_S, POLL_S, Service
from tests.sensors.house import TOPICS, ZONE, instant, site
from tests.sensors.test_messages import presence

ZONE_TOPIC = "samverk/stockholm/zone/lagerelden"
PRESENCE_TOPIC = "samverk/stockholm/presence"


@dataclass
class Scripted:
    """A broker and a journal that do as they are told, and a clock that goes on while the service waits."""

    now_s: float = 0.0
    coming: list[Message] = field(default_factory=list)
    dropped: int = 0
    is_woken: bool = False
    said: list[Note] = field(default_factory=list)
    people: House = field(default_factory=House)
    waits: list[float] = field(default_factory=list)

    def take(self, timeout_s: float) -> Heard:
        """Hand over what comes, or let the wait pass."""
        self.waits.append(timeout_s)
        if not self.coming:
            self.now_s += timeout_s
        heard = Heard(tuple(self.coming), self.dropped, self.is_woken)
        self.coming, self.dropped, self.is_woken = [], 0, False
        return heard

    def say(self, notes: Iterable[Note]) -> int:
        """Remember what was said."""
        self.said += notes
        return 0

    def changed(self) -> bool:
        """Return that there may always be news."""
        return True

    def house(self) -> House:
        """Return the people."""
        return self.people

    def clock(self) -> Instant:
        """Tell the time."""
        return instant(self.now_s)


class Running:
    """A service with everything around it scripted but its file."""

    def __init__(self, folder: Path, world: Scripted) -> None:
        """Start the service."""
        self.world = world
        self.writer = ZonesWriter(folder / "zones.db")
        self.reader = ZonesReader(folder / "zones.db")
        self.service = Service(plan(site()), self.writer, world, world, world.clock)

    def hear(self, *messages: Message) -> list[Note]:
        """Let messages come, and return what was said for them."""
        self.world.said, self.world.coming = [], list(messages)
        self.service.step(POLL_S)
        return self.world.said

    def until(self, seconds: float) -> "Running":
        """Let the service run until that second."""
        while self.world.now_s < seconds - 1e-6:
            self.service.step(min(POLL_S, seconds - self.world.now_s))
        return self

    def close(self) -> None:
        """Close the files, as a kill would."""
        self.reader.close()
        self.writer.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """Give a service that has said everything once."""
    one = Running(tmp_path, Scripted())
    one.service.step(POLL_S)
    yield one
    one.close()


def motion(*, is_on: bool, number: int = 1) -> Message:
    """Return a motion sensor's message."""
    return Message(TOPICS[number - 1], payload(is_on=is_on))


def test_everything_is_said_at_the_start(running: Running) -> None:
    assert [note.topic for note in running.world.said] == [ZONE_TOPIC, PRESENCE_TOPIC]
    assert json.loads(running.world.said[0].payload)["state"] == "unknown"
    assert all(note.retain and note.expires_s == EXPIRY_S for note in running.world.said)


def test_a_change_is_on_disk_before_it_is_said(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[ZoneState] = []
    say = running.world.say

    def look(notes: Iterable[Note]) -> int:
        kept.append(running.reader.occupancies()[ZONE].state)
        return say(notes)

    monkeypatch.setattr(running.world, "say", look)
    running.hear(motion(is_on=True))
    assert kept == [ZoneState.OCCUPIED]


def test_a_burst_is_judged_once_and_said_once(running: Running) -> None:
    said = running.hear(*[motion(is_on=number % 2 == 0) for number in range(101)])
    assert [json.loads(note.payload)["seq"] for note in said] == [2]


def test_repeats_say_nothing_and_a_flood_of_edges_no_more(running: Running) -> None:
    running.hear(motion(is_on=True))
    for _ in range(20):
        assert running.hear(motion(is_on=True)) == []
        assert running.hear(motion(is_on=False)) == []


def test_a_heartbeat_says_every_zone_and_leaves_since_alone(running: Running) -> None:
    first = json.loads(running.hear(motion(is_on=True))[0].payload)
    running.world.said = []
    running.until(HEARTBEAT_S * 2 + 2)
    beats = [json.loads(note.payload) for note in running.world.said if note.topic == ZONE_TOPIC]
    assert {one["since"] for one in beats} == {first["since"]}
    assert [one["seq"] for one in beats] == [3, 4]
    assert HEARTBEAT_S < 60


def test_a_new_connection_makes_everything_be_said_again(running: Running) -> None:
    running.world.is_woken = True
    assert [note.topic for note in running.hear()] == [ZONE_TOPIC, PRESENCE_TOPIC]


def test_the_service_wakes_at_the_deadline_and_not_only_at_its_poll(running: Running) -> None:
    running.hear(motion(is_on=True), motion(is_on=True, number=2))
    running.hear(motion(is_on=False), motion(is_on=False, number=2))
    running.until(599.9)
    running.service.step(POLL_S)
    assert running.world.waits[-1] == pytest.approx(0.1)


def test_bad_input_is_counted_kept_and_changes_nothing(running: Running) -> None:
    running.hear(motion(is_on=True))
    before = running.reader.occupancies()
    bad = [
        Message(TOPICS[0], b"{broken"),
        Message(TOPICS[0], b'{"occupancy": "not set"}'),
        Message(TOPICS[1], b"x" * (PAYLOAD_MAX + 1)),
        Message("zigbee2mqtt/bridge/state", b"perhaps"),
        Message("elsewhere", b"true"),
        Message("elsewhere", b"true"),
    ]
    running.world.dropped = 3
    assert running.hear(*bad) == []
    running.until(running.world.now_s + 2)
    assert running.reader.counters() == {
        ("pir-1", "not-json"): 1,
        ("pir-1", "wrong-type"): 1,
        ("pir-2", "too-large"): 1,
        ("service", "dropped"): 3,
        ("service", "unknown-topic"): 2,
        ("zigbee2mqtt/bridge/state", "unknown-state"): 1,
    }
    after = running.reader.occupancies()
    assert (after[ZONE].state, after[ZONE].since) == (before[ZONE].state, before[ZONE].since)


def test_participants_and_presence_are_said_when_they_change(running: Running) -> None:
    running.until(2)
    people = [presence(number, State.PRESENT, ZONE) for number in range(3)]
    running.world.people = House({one.member: one for one in people})
    said = {note.topic: json.loads(note.payload) for note in running.hear()}
    assert said[ZONE_TOPIC]["participants"] == 3
    assert said[PRESENCE_TOPIC]["participants"] == {"lagerelden": 3}
    assert said[PRESENCE_TOPIC]["present"] == 3


def test_a_kill_in_mid_hold_changes_neither_state_nor_since_nor_the_hold(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=True), motion(is_on=True, number=2))
    one.until(200)
    one.hear(motion(is_on=False), motion(is_on=False, number=2))
    one.until(300)
    before = one.reader.occupancies()[ZONE]
    one.close()
    world.now_s = 420
    two = Running(tmp_path, world)
    two.service.step(0)
    after = two.reader.occupancies()[ZONE]
    assert (after.state, after.since) == (before.state, before.since)
    assert json.loads(world.said[-2].payload)["seq"] == two.writer.said()[ZONE].seq > 1
    two.until(799)
    two.hear(motion(is_on=False))
    assert two.reader.occupancies()[ZONE].state is ZoneState.OCCUPIED
    two.until(801)
    two.hear(motion(is_on=False))
    assert two.reader.occupancies()[ZONE].state is ZoneState.VACANT
    assert [change.state for change in two.reader.history()] == ["vacant", "occupied"]
    two.close()


def test_a_kill_while_proven_vacant_leaves_it_so(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=False))
    one.until(300).hear(motion(is_on=False))
    one.until(600).hear(motion(is_on=False))
    assert one.reader.occupancies()[ZONE].state is ZoneState.VACANT
    one.close()
    world.now_s += 120
    two = Running(tmp_path, world)
    two.service.step(0)
    assert [change.state for change in two.reader.history()] == ["vacant", "unknown"]
    two.close()


def test_zones_and_sensors_that_are_gone_leave_nothing_behind(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=True))
    one.close()
    writer = ZonesWriter(tmp_path / "zones.db")
    other = site(sensors=0).tables
    moved = plan(type(site())(id=site().id, tables=other))
    service = Service(type(moved)(site=moved.site, limits={}, zones={}, routes={}), writer, world, world, world.clock)
    world.is_woken, world.said = True, []
    service.step(0)
    assert Note(ZONE_TOPIC, b"") in world.said
    assert (writer.said(), writer.evidence()) == ({}, {})
    writer.close()


def test_a_memory_that_cannot_be_read_is_forgotten_and_the_rest_goes_on(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=True), motion(is_on=True, number=2))
    one.writer._writer.db.conn.execute("UPDATE sensors SET body = '{' WHERE sensor = 'pir-1'")  # noqa: SLF001 - damage
    one.writer._writer.db.conn.commit()  # noqa: SLF001 - as above
    one.close()
    two = Running(tmp_path, world)
    two.service.step(0)
    assert SensorId("pir-1") in two.writer.evidence()
    assert two.reader.occupancies()[ZONE].state is ZoneState.OCCUPIED
    two.close()
