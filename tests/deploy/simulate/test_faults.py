"""What goes wrong around the sensors goes wrong: each fault fires, and leaves what it would leave in a real house."""

import json
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest

from deploy.simulate import figures as f
from deploy.simulate.day import Day, simulated
from deploy.simulate.families import BRIDGE, Carrier, Sent, carrier_of
from deploy.simulate.options import HOUR_S, Options, wall

pytestmark = pytest.mark.slow

SEEDS = range(6)


@cache
def day(seed: int) -> tuple[Day, tuple[Sent, ...]]:
    made = simulated(Options(seed=seed, members=20, sensors=20))
    return made, tuple(made.messages())


def own(sent: tuple[Sent, ...], device: str) -> list[Sent]:
    return [one for one in sent if one.device == device and not one.topic.endswith(("/availability", "/status"))]


def content(one: Sent) -> dict[str, object]:
    found: dict[str, object] = json.loads(one.payload)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_messages_come_in_order(seed: int) -> None:
    times = [one.t for one in day(seed)[1]]
    assert times == sorted(times)
    assert len(times) > 5000


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sensor_that_dies_at_noon_says_nothing_more_but_by_its_bridge(seed: int) -> None:
    made, sent = day(seed)
    after = [one for one in own(sent, made.faults.dies) if one.t >= 12 * HOUR_S]
    assert [one for one in own(sent, made.faults.dies) if one.t < 12 * HOUR_S]
    by_bridge = (12 * HOUR_S + f.PIR_CLEAR.value, made.faults.gateway[1] + 0.5)
    assert all(one.t <= by_bridge[0] or one.t == by_bridge[1] for one in after)
    assert len({one.t for one in after}) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stuck_sensor_never_says_clear_again(seed: int) -> None:
    made, sent = day(seed)
    assert made.faults.stuck
    assert made.faults.stuck != made.faults.dies
    later = [content(one) for one in own(sent, made.faults.stuck) if one.t >= made.faults.stuck_s]
    turned = next(at for at, one in enumerate(later) if one["occupancy"])
    assert all(one["occupancy"] for one in later[turned:])
    assert len(later) > turned + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_while_the_gateway_is_gone_its_sensors_are_silent_and_then_their_caches_come(seed: int) -> None:
    made, sent = day(seed)
    gone_s, back_s = made.faults.gateway
    zigbee = {one.id for one in made.devices if carrier_of(one) is Carrier.ZIGBEE}
    assert [content(one) for one in sent if one.topic == BRIDGE] == [
        {"state": "online"},
        {"state": "offline"},
        {"state": "online"},
    ]
    meanwhile = [one for one in sent if one.device in zigbee and gone_s <= one.t < back_s]
    assert [one for one in meanwhile if not one.topic.endswith("/availability")] == []
    again = {one.device for one in sent if one.t == back_s + 0.5}
    assert again == zigbee
    others = [one for one in sent if one.device not in zigbee | {""} and gone_s <= one.t < back_s]
    assert others


@pytest.mark.parametrize("seed", SEEDS)
def test_some_sensors_are_away_for_a_while(seed: int) -> None:
    made, sent = day(seed)
    assert len(made.faults.away) == 4
    for device, (gone_s, back_s) in made.faults.away.items():
        meanwhile = [one for one in own(sent, device) if gone_s + f.PIR_CLEAR.value < one.t < back_s]
        assert [one for one in meanwhile if one.t != made.faults.gateway[1] + 0.5] == []


def test_what_is_missed_is_said_to_be_offline_and_online_again() -> None:
    said = Counter(
        one.payload.decode().strip('{}"').rpartition('"')[2]
        for seed in SEEDS
        for one in day(seed)[1]
        if one.topic.endswith(("/availability", "/status")) and not one.retained
    )
    assert said["offline"] > said["online"] > 0


def test_clocks_are_wrong_in_three_ways_and_right_elsewhere() -> None:
    made, sent = day(1)
    for device, skew_s in made.faults.skews.items():
        stamps = [(one.t, content(one).get("last_seen")) for one in own(sent, device) if one.payload.startswith(b"{")]
        stamps = [(t, stamp) for t, stamp in stamps if stamp]
        expected = None if skew_s is None else skew_s
        for t, stamp in stamps:
            if expected is None:
                assert str(stamp).startswith("1970")
            elif t != made.faults.gateway[1] + 0.5:
                right = wall(t + expected).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                assert stamp == right
    assert set(made.faults.skews.values()) == {None, 3600.0, -5400.0}


def test_some_messages_come_twice_and_some_uplinks_never() -> None:
    _, sent = day(1)
    doubles = sum(one == other for one, other in pairwise(sent))
    assert 0 < doubles < len(sent) * 3 * f.TWICE.value
    lora = [one for one in sent if one.topic.endswith("/event/up")]
    frames = Counter(one.topic for one in lora)
    lost = 0
    for topic in frames:
        counts = sorted({int(str(content(one)["fCnt"])) for one in lora if one.topic == topic})
        lost += counts[-1] - counts[0] + 1 - len(counts)
    assert 0 < lost < len(lora) * 3 * f.UPLINK_LOST.value


def test_only_what_the_broker_had_kept_at_the_beginning_is_retained() -> None:
    made, sent = day(1)
    assert {one.t for one in sent if one.retained} == {sent[0].t}
    kept = {one.device for one in sent if one.retained}
    assert kept == {one.id for one in made.devices if carrier_of(one) is not Carrier.LORAWAN} | {""}


def test_a_house_without_sensors_has_no_messages_and_nobody_dies() -> None:
    made = simulated(Options(members=5, sensors=0))
    assert (list(made.messages()), made.faults.dies, made.faults.stuck) == ([], "", "")
