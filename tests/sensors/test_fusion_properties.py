"""What holds for the fusion whatever the sensors say and in whatever order."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.zones import ZoneState
from sensors.health import Health
from sensors.kinds import KINDS
from sensors.memory import sees_motion
from sensors.readings import Content, Crossed, Fault, FaultKind, Level, People, Quantity, What
from sensors.recording import payload
from tests.sensors.cell import Cell
from tests.sensors.house import GATEWAY, HOLD_S, TOPICS, Room, instant

pytestmark = pytest.mark.slow

ON, OFF, OTHER = payload(is_on=True), payload(is_on=False), b'{"illuminance": 3}'
Step = tuple[float, str, bytes, bool]

messages = st.one_of(
    st.tuples(st.sampled_from(TOPICS), st.sampled_from((ON, OFF, OTHER, b"{broken"))),
    st.tuples(st.sampled_from([f"{topic}/availability" for topic in TOPICS]), st.sampled_from((b"online", b"offline"))),
    st.tuples(st.just(GATEWAY), st.sampled_from((b"online", b"offline"))),
)
pauses = st.sampled_from((0.0, 1.0, 30.0, 300.0, 599.0, 600.0, 1200.0, 4000.0))
steps = st.lists(
    st.tuples(pauses, messages, st.booleans()).map(lambda one: (one[0], one[1][0], one[1][1], one[2])), max_size=40
)


def play(room: Room, story: Sequence[Step]) -> None:
    """Let the room hear the story."""
    for pause_s, topic, text, retained in story:
        room.at(room.now_s + pause_s).hear(topic, text, retained=retained)


def proof(story: Sequence[Step], now_s: float) -> bool:
    """Return whether a live `clear` lies half a hold or more after the last live change to motion of each sensor."""
    at_s, last_clear_s, last_edge_s = 0.0, None, -1e9
    on: dict[str, bytes] = {}
    for pause_s, topic, text, retained in story:
        at_s += pause_s
        if topic in TOPICS and not retained and text in (ON, OFF, OTHER):
            if text == ON and on.get(topic) != ON:
                last_edge_s = at_s
            if text != OTHER:
                on[topic] = text
            if on.get(topic) == OFF:
                last_clear_s = at_s
    return last_clear_s is not None and last_clear_s - last_edge_s >= HOLD_S / 2 and now_s - last_clear_s <= 3901


@settings(max_examples=150, deadline=None)
@given(steps)
def test_no_order_of_messages_makes_a_zone_vacant_without_a_live_clear_after_the_hold(story: list[Step]) -> None:
    room = Room()
    for number in range(len(story)):
        play(room, story[number : number + 1])
        if room.state is ZoneState.VACANT:
            assert proof(story[: number + 1], room.now_s)


@settings(max_examples=100, deadline=None)
@given(steps)
def test_retained_messages_alone_make_no_claim(story: list[Step]) -> None:
    room = Room()
    play(room, [(pause_s, topic, text, True) for pause_s, topic, text, _ in story])
    assert [state for _, state in room.states] == [ZoneState.UNKNOWN]


@settings(max_examples=100, deadline=None)
@given(steps, st.floats(min_value=0, max_value=20_000))
def test_between_deadlines_no_state_changes(story: list[Step], later_s: float) -> None:
    room = Room()
    play(room, story)
    wait_s = room.watch.next_deadline_s(instant(room.now_s))
    before = room.state
    moment_s = room.now_s + min(later_s, max(0.0, wait_s - 0.01))
    for one in room.watch.judge(instant(moment_s), everything=True):
        assert one.state is before


@settings(max_examples=100, deadline=None)
@given(steps)
def test_bounds_and_confidence_are_always_in_order(story: list[Step]) -> None:
    room = Room()
    play(room, story)
    people = room.occupancy.people
    assert people.low <= people.estimate
    assert people.high is None or people.estimate <= people.high
    assert 0.0 <= room.occupancy.confidence <= 1.0
    assert (room.occupancy.confidence > 0) is (room.state is not ZoneState.UNKNOWN)


@settings(max_examples=100, deadline=None)
@given(steps)
def test_broken_messages_change_nothing(story: list[Step]) -> None:
    clean, dirty = Room(), Room()
    play(clean, story)
    for step in story:
        play(dirty, [step])
        dirty.hear(TOPICS[0], b'{"occupancy": "not set"}')
        dirty.hear("elsewhere", ON)
    assert dirty.states == clean.states


saying = st.one_of(
    st.sampled_from((What.MOTION, What.CLEAR, What.ALIVE, What.OFFLINE, What.ONLINE)),
    st.integers(0, 4).map(People),
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda one: Crossed(*one)),
    st.floats(300, 3000).map(lambda ppm: Level(Quantity.CO2_PPM, ppm)),
    st.sampled_from((Fault(FaultKind.STUCK), Fault(FaultKind.STUCK, is_on=False), Fault(FaultKind.RESET))),
)
lives = st.lists(st.tuples(pauses, st.integers(0, 4), saying, st.booleans(), st.booleans()), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=5), lives)
def test_whatever_sensors_a_zone_has_and_whatever_they_say_vacant_needs_a_healthy_one_that_can_see_absence(
    kinds: list[str], story: list[tuple[float, int, Content, bool, bool]]
) -> None:
    cell = Cell(*kinds)
    names = list(cell.plan.limits)
    for pause_s, number, what, retained, repeats in story:
        name = names[number % len(names)]
        cell.say(cell.now_s + pause_s, name, what, retained=retained, repeats=repeats)
        zone = cell.zone
        people = zone.people
        assert 0 <= people.low <= people.estimate
        assert people.high is None or people.estimate <= people.high
        assert (zone.confidence > 0) is (zone.state is not ZoneState.UNKNOWN)
        assert zone.confidence <= 1
        if zone.state is ZoneState.VACANT:
            able = [one for one in names if cell.plan.limits[one].sees.sees_absence]
            assert any(cell.health(one) is Health.FRESH for one in able)
            seeing = [one for one in able if sees_motion(cell.watch.memory(one), instant(cell.now_s))]
            assert not any(cell.health(one) is Health.FRESH for one in seeing)
