"""The service without a broker: what it keeps, what it says and when, and what it does with bad input."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.house import House
from kiosk.domain.ids import SensorId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import State
from kiosk.domain.zones import ZoneState
from kiosk.store.inbox import InboxTap, Place
from kiosk.store.zones import ZonesReader, ZonesWriter
from kiosk.tools.site import BrokerTable, Site, read
from sensors.broker import Heard, Note
from sensors.plan import plan
from sensors.readings import PAYLOAD_MAX, Message
from sensors.recording import payload
from sensors.serve import POLL_S, discovery_of
from sensors.service import EXPIRY_S, HEARTBEAT_S, Service
from sensors.taps import Taps
from tests.sensors.house import TOPICS, ZONE, instant, site, site_text
from tests.sensors.test_messages import presence
from tests.support.log_watch import spellings

pytestmark = pytest.mark.slow

HOUSE = site()
STATUS_TOPIC = "samverk/stockholm/status"
DEVICE_TOPIC = "homeassistant/device/samverk_stockholm_lagerelden/config"
ZONE_TOPIC = "samverk/stockholm/zone/lagerelden"
PRESENCE_TOPIC = "samverk/stockholm/presence"


@dataclass
class Scripted:
    """A broker and a journal that do as they are told, and a clock that goes on while the service waits."""

    now_s: float = 0.0
    wrong: timedelta = timedelta()
    coming: list[Message] = field(default_factory=list)
    dropped: int = 0
    is_woken: bool = False
    kept: list[Message] = field(default_factory=list)
    said: list[Note] = field(default_factory=list)
    everything: list[Note] = field(default_factory=list)
    people: House = field(default_factory=House)
    taken: Place = field(default_factory=Place)
    waits: list[float] = field(default_factory=list)

    def take(self, timeout_s: float) -> Heard:
        """Hand over what comes, or let the wait pass."""
        self.waits.append(timeout_s)
        if not self.coming:
            self.now_s += timeout_s
        heard = Heard(tuple(self.coming), self.dropped, self.is_woken, tuple(self.kept))
        self.coming, self.dropped, self.is_woken, self.kept = [], 0, False, []
        return heard

    def say(self, notes: Iterable[Note]) -> int:
        """Remember what was said."""
        whole = list(notes)
        self.said += whole
        self.everything += whole
        return 0

    def changed(self) -> bool:
        """Return that there may always be news."""
        return True

    def house(self) -> House:
        """Return the people."""
        return self.people

    def inbox_place(self) -> Place:
        """Return how far the desk has come."""
        return self.taken

    def clock(self) -> Instant:
        """Tell the time, by a wall clock that may be wrong."""
        now = instant(self.now_s)
        return replace(now, wall=now.wall + self.wrong)


class Running:
    """A service with everything around it scripted but its file."""

    def __init__(
        self, folder: Path, world: Scripted, house: Site = HOUSE, secrets: Mapping[int, bytes] | None = None
    ) -> None:
        """Start the service."""
        self.world = world
        self.writer = ZonesWriter(folder / "zones.db")
        self.reader = ZonesReader(folder / "zones.db")
        found = discovery_of(house, house.tables.broker or BrokerTable())
        taps = Taps(secrets or {})
        self.service = Service(plan(house), found, self.writer, world, world, world.clock, taps)

    def hear(self, *messages: Message) -> list[Note]:
        """Let messages come, and return what was said for them."""
        self.world.said, self.world.coming = [], list(messages)
        self.service.step(POLL_S)
        return self.world.said

    def until(self, seconds: float, step_s: float = POLL_S) -> "Running":
        """Let the service run until that second, waiting for so long at a time."""
        while self.world.now_s < seconds - 1e-6:
            self.service.step(min(step_s, seconds - self.world.now_s))
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


def people(*states: State) -> House:
    """Return a house with a member in each of these states, all of whom have joined the zone."""
    members = [presence(number, state, ZONE) for number, state in enumerate(states)]
    return House({one.member: one for one in members})


def test_everything_is_said_at_the_start(running: Running) -> None:
    said = {note.topic: note for note in running.world.said}
    assert list(said) == [STATUS_TOPIC, DEVICE_TOPIC, ZONE_TOPIC, PRESENCE_TOPIC]
    assert json.loads(said[ZONE_TOPIC].payload)["state"] == "unknown"
    assert all(note.retain for note in said.values())
    assert {topic for topic, note in said.items() if note.expires_s == EXPIRY_S} == {ZONE_TOPIC, PRESENCE_TOPIC}
    assert EXPIRY_S > 2 * HEARTBEAT_S


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
    assert [note.topic for note in running.hear()] == [STATUS_TOPIC, DEVICE_TOPIC, ZONE_TOPIC, PRESENCE_TOPIC]


def test_every_heartbeat_says_online_again_and_leaves_the_devices_alone(running: Running) -> None:
    running.world.said = []
    running.until(HEARTBEAT_S + 1)
    assert [note.topic for note in running.world.said] == [STATUS_TOPIC, ZONE_TOPIC, PRESENCE_TOPIC]
    assert running.world.said[0].payload == b"online"


def test_the_service_wakes_at_a_zones_deadline_and_not_only_at_its_poll(running: Running) -> None:
    running.world.now_s += 0.1
    running.hear(motion(is_on=True), motion(is_on=True, number=2))
    running.hear(motion(is_on=False), motion(is_on=False, number=2))
    running.until(500, step_s=5)
    running.world.waits.clear()
    running.until(700)
    # The loop above waits for a quarter of a second each time, unless the service knows better.
    assert 0 < min(running.world.waits) < POLL_S


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


SHOWN = Message(TOPICS[0], b'{"UID":"04A1B2C3D4E5F6","tag_id":"04-A1-B2-C3-D4-E5-F6"}')


def tag_house() -> Site:
    """Return the house with a tag reader instead of the first motion sensor."""
    text = site_text().replace('profile = "zigbee2mqtt"', 'profile = "home-assistant-tag"', 1)
    return read(text.replace('kind = "pir"', 'kind = "tag"', 1))


def inbox(one: Running) -> tuple[InboxTap, ...]:
    """Return what waits for the desk."""
    return one.reader.taps_after(one.world.taken)


def test_a_tag_shown_at_a_zone_without_a_badge_secret_is_counted_and_kept_nowhere(tmp_path: Path) -> None:
    one = Running(tmp_path, Scripted(), tag_house())
    one.hear(SHOWN)
    one.until(one.world.now_s + 2)
    assert one.reader.counters() == {("pir-1", "unread-tap"): 1}
    assert inbox(one) == ()
    one.close()


def test_a_tag_shown_at_a_zone_is_in_the_inbox_by_its_badge_keys_at_once_and_its_uid_nowhere(tmp_path: Path) -> None:
    secrets = {1: b"1" * 32, 2: b"2" * 32}
    one = Running(tmp_path, Scripted(), tag_house(), secrets)
    one.hear(SHOWN)
    uid = Uid(bytes.fromhex("04A1B2C3D4E5F6"))
    ((found),) = inbox(one)
    assert found.tap.keys == (badge_key(secrets[2], uid), badge_key(secrets[1], uid))
    assert (found.tap.zone, found.tap.reader) == (ZONE, "pir-1")
    one.until(one.world.now_s + 2)
    one.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [form for form in spellings(uid.value.hex()) if form.encode() in kept.lower()] == []
    assert uid.value not in kept
    assert not [note for note in one.world.everything if b"A1" in note.payload.upper()]


def test_what_the_desk_has_taken_is_removed_without_a_trace(tmp_path: Path) -> None:
    one = Running(tmp_path, Scripted(), tag_house(), {1: b"1" * 32})
    one.hear(SHOWN)
    (found,) = inbox(one)
    one.world.taken = found.place
    one.until(one.world.now_s + 1)
    assert not one.writer.has_taps()
    one.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.suffix == ".db")
    assert found.tap.keys[0].encode() not in kept


def test_a_tag_that_the_broker_has_kept_is_no_tap_and_counted_for_whoever_set_the_reader(tmp_path: Path) -> None:
    one = Running(tmp_path, Scripted(), tag_house(), {1: b"1" * 32})
    one.hear(structs.replace(SHOWN, retained=True))
    one.until(one.world.now_s + 2)
    assert inbox(one) == ()
    assert one.reader.counters() == {("pir-1", "retained-tap"): 1}
    one.close()


def test_participants_and_presence_are_said_when_they_change(running: Running) -> None:
    running.until(2)
    running.world.people = people(State.PRESENT, State.PRESENT, State.PRESENT)
    said = {note.topic: json.loads(note.payload) for note in running.hear()}
    assert said[ZONE_TOPIC]["participants"] == 3
    assert said[PRESENCE_TOPIC]["participants"] == {"lagerelden": 3}
    assert said[PRESENCE_TOPIC]["present"] == 3


def test_a_kill_in_mid_hold_changes_neither_state_nor_since_nor_the_hold(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=True), motion(is_on=True, number=2))
    one.until(200, step_s=5)
    one.hear(motion(is_on=False), motion(is_on=False, number=2))
    one.until(300, step_s=5)
    before = one.reader.occupancies()[ZONE]
    one.close()
    world.now_s = 420
    two = Running(tmp_path, world)
    two.service.step(0)
    after = two.reader.occupancies()[ZONE]
    assert (after.state, after.since) == (before.state, before.since)
    assert json.loads(world.said[-2].payload)["seq"] == two.writer.said()[ZONE].seq > 1
    two.until(799, step_s=5)
    two.hear(motion(is_on=False))
    assert two.reader.occupancies()[ZONE].state is ZoneState.OCCUPIED
    two.until(801)
    two.hear(motion(is_on=False))
    assert two.reader.occupancies()[ZONE].state is ZoneState.VACANT
    assert [change.state for change in two.reader.history()] == ["vacant", "occupied"]
    two.close()


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-20_000)])
def test_no_step_of_the_wall_clock_changes_a_state_or_the_length_of_a_hold(tmp_path: Path, wrong: timedelta) -> None:
    ends = []
    for number, step in enumerate((timedelta(), wrong)):
        world = Scripted()
        one = Running(tmp_path / str(number), world)
        one.hear(motion(is_on=True), motion(is_on=True, number=2))
        one.until(100, step_s=5).hear(motion(is_on=False), motion(is_on=False, number=2))
        world.wrong = step
        said = len(world.everything)
        one.until(650, step_s=5).hear(motion(is_on=False))
        while one.reader.occupancies()[ZONE].state is ZoneState.OCCUPIED and world.now_s < 2000:
            one.until(world.now_s + 5, step_s=5).hear(motion(is_on=False))
        ends.append(world.now_s)
        times = [json.loads(note.payload)["t"] for note in world.everything[said:] if note.topic == ZONE_TOPIC]
        assert times
        assert all(one.endswith("Z") for one in times)
        one.close()
    assert ends[0] == pytest.approx(ends[1], abs=5)


def test_a_kill_while_proven_vacant_leaves_it_so(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=False))
    one.until(300, step_s=5).hear(motion(is_on=False))
    one.until(600, step_s=5).hear(motion(is_on=False))
    assert one.reader.occupancies()[ZONE].state is ZoneState.VACANT
    one.close()
    world.now_s += 120
    two = Running(tmp_path, world)
    two.service.step(0)
    assert [change.state for change in two.reader.history()] == ["vacant", "unknown"]
    two.close()


def test_zones_and_sensors_that_are_gone_leave_nothing_in_the_file(tmp_path: Path) -> None:
    world = Scripted()
    one = Running(tmp_path, world)
    one.hear(motion(is_on=True))
    one.close()
    emptied = read(site_text(sensors=0).replace('id = "lagerelden"', 'id = "hinderbanan"'))
    two = Running(tmp_path, world, emptied)
    assert (two.writer.said(), two.writer.evidence()) == ({}, {})
    two.close()


def test_what_the_broker_kept_of_zones_that_are_gone_is_taken_back(running: Running) -> None:
    gone = "samverk/stockholm/zone/gone"
    running.world.kept = [Message(gone, b"{}", retained=True), Message(ZONE_TOPIC, b"{}", retained=True)]
    assert running.hear() == [Note(gone, b"")]


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
