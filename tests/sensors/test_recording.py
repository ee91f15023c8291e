"""The recorded day: as messages, as a demonstration, and as a measure of the fusion."""

import itertools
import json

import pytest

from kiosk.domain.zones import ZoneState
from sensors.plan import plan
from sensors.readings import Message
from sensors.recording import REPEAT_S, SCENES, Scene, messages, payload, recorded_day, rows, scene
from sensors.replay import Replay
from sensors.trace import Traced
from tests.sensors.house import TOPICS, site

SPEED = 60
FIRST_HALF_MINUTE_S = 30


def test_the_recording_is_the_day_it_says() -> None:
    day = rows(recorded_day())
    assert len(day) == 1462
    assert sum(one.people > 0 for one in day) == 825
    assert day[-1].offset_s == 13 * 3600 + 9 * 60 + 52


def test_messages_are_every_change_and_a_repeat_after_five_quiet_minutes() -> None:
    found = list(messages(recorded_day(), TOPICS))
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert {one[1] for one in found} == set(TOPICS)
    for topic in TOPICS:
        mine = [(at_s, json.loads(text)["occupancy"]) for at_s, name, text in found if name == topic]
        for (before_s, before), (at_s, after) in itertools.pairwise(mine):
            assert at_s - before_s <= REPEAT_S
            assert before is not after or at_s - before_s == REPEAT_S


def test_messages_are_the_same_each_time_and_can_start_anywhere() -> None:
    assert list(messages(recorded_day(), TOPICS)) == list(messages(recorded_day(), TOPICS))
    first = next(messages(recorded_day(), TOPICS, 12_000))
    assert first == (0.0, TOPICS[0], payload(is_on=True))


@pytest.mark.parametrize("part", SCENES)
def test_each_scene_becomes_occupied_and_proven_vacant_within_half_a_minute_at_demonstration_speed(part: Scene) -> None:
    limits = "hold_s = 10\nsilent_s = 65"
    trace = (Traced(at_s / SPEED, Message(name, text)) for at_s, name, text in scene(recorded_day(), TOPICS, part))
    seen = Replay(plan(site(limits=limits))).run(itertools.takewhile(lambda one: one.t <= FIRST_HALF_MINUTE_S, trace))
    assert {one.said.occupancy.state for one in seen} == set(ZoneState)


def test_the_scenes_make_six_changes_in_the_first_half_minute() -> None:
    changes = 0
    for part in SCENES:
        trace = (Traced(at_s / SPEED, Message(name, text)) for at_s, name, text in scene(recorded_day(), TOPICS, part))
        run = Replay(plan(site(limits="hold_s = 10\nsilent_s = 65")))
        seen = list(run.run(itertools.takewhile(lambda one: one.t <= FIRST_HALF_MINUTE_S, trace)))
        changes += len(seen) - 1
    assert changes >= 6


def test_a_scene_goes_on_without_end() -> None:
    part = SCENES[2]
    late = next(one for one in scene(recorded_day(), TOPICS, part) if one[0] >= 3 * part.length_s)
    assert late[0] == 3 * part.length_s
