"""Every family in a house: what its site file says reaches the profile, and what is refused is only counted."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from kiosk.domain.ids import SensorId
from kiosk.tools.site import SiteFileError, read
from sensors.kinds import KINDS
from sensors.plan import Plan, plan
from sensors.profiles import PROFILES, Part, Paths, Reports, Setting
from sensors.readings import Message, Refusal, What
from sensors.watch import Watch
from tests.sensors.house import ZONE, instant, site_text
from tests.sensors.profiles.cases import CORPORA, Case, say

pytestmark = pytest.mark.slow

SENSOR = SensorId("one")


def keys(setting: Setting) -> Iterator[str]:
    """Yield the setting as lines of a site file."""
    for one in fields(Setting):
        value = getattr(setting, one.name)
        if isinstance(value, Paths):
            given = ((path.name, getattr(value, path.name)) for path in fields(Paths))
            yield from (f"paths.{name} = {json.dumps(path)}" for name, path in given if path is not None)
        elif value != one.default:
            yield f"{one.name} = {json.dumps(value)}"


def settings(name: str) -> list[Setting]:
    """Return every setting of the corpus, once."""
    return list(dict.fromkeys(one.setting for one in CORPORA[name]))


def message(case: Case, *, retained: bool = False) -> Message:
    """Return the case's payload on its topic."""
    return Message(case.topic or case.setting.topic, case.payload, retained)


OTHER_ZONE = """
[[zone]]
id = "rastplatsen"
name = { sv = "Rastplatsen", en = "The resting place" }
about = { sv = "för möten", en = "for meeting" }
"""


def house(name: str, *settings: Setting, kind: str = "pir") -> Plan:
    """Return a house with a sensor of each setting, by turns in its two zones."""
    tables = [
        "\n".join(
            (
                "[[sensor]]",
                f'id = "{SENSOR if not number else f"{SENSOR}-{number}"}"',
                f'zone = "{(ZONE, "rastplatsen")[number % 2]}"',
                f'profile = "{name}"',
                f'kind = "{kind}"',
                *keys(setting),
            )
        )
        for number, setting in enumerate(settings)
    ]
    return plan(read(site_text(sensors=0) + OTHER_ZONE + "\n\n".join(tables)))


@pytest.mark.parametrize("name", PROFILES)
def test_a_site_file_makes_the_topics_and_readings_of_its_setting(name: str) -> None:
    for setting in settings(name):
        routes = house(name, setting).routes
        found = {topic: [(one.part, one.read, one.conceal) for one in known] for topic, known in routes.items()}
        hearings = PROFILES[name].hearings(setting)
        assert found == {one.topic: [(one.part, one.read, one.conceal)] for one in hearings}, setting


@pytest.mark.parametrize("name", PROFILES)
def test_a_refused_payload_is_counted_once_and_changes_nothing_else(name: str) -> None:
    for setting in settings(name):
        watch = Watch(house(name, setting), instant(0))
        cases = [one for one in CORPORA[name] if one.setting == setting]
        refused = [one for one in cases if isinstance(one.said, Refusal)]
        for one in cases:
            if one not in refused:
                watch.hear(message(one), instant(1))
        watch.judge(instant(2), everything=True)
        memory, zones, turned = watch.memory(SENSOR), dict(watch.occupancies), set(watch.turned)
        for number, one in enumerate(refused, 1):
            assert watch.hear(message(one), instant(2)) is one.said, one.about
            assert watch.counted.total() == number
        assert watch.memory(SENSOR) is memory
        assert (watch.occupancies, watch.turned) == (zones, turned)
        assert watch.judge(instant(2)) == ()


@pytest.mark.parametrize("retained", [False, True])
@pytest.mark.parametrize("name", PROFILES)
def test_what_is_said_reaches_the_memory_whatever_kind_of_sensor_it_is(name: str, retained: bool) -> None:  # noqa: FBT001 - a test's own case
    for setting in settings(name):
        for kind in KINDS:
            watch = Watch(house(name, setting, kind=kind), instant(0))
            for one in CORPORA[name]:
                if one.setting == setting:
                    refusal = watch.hear(message(one, retained=retained), instant(1))
                    assert refusal is (one.said if isinstance(one.said, Refusal) else None), one.about
            watch.judge(instant(1), everything=True)


GATEWAYS = [name for name, one in PROFILES.items() if What.GATEWAY_OFFLINE in one.says]


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateways_death_takes_all_of_its_sensors_out_at_once_although_they_say_online(name: str) -> None:
    case = next(one for one in CORPORA[name] if one.said == say(What.GATEWAY_OFFLINE))
    sensors = house(name, case.setting, case.setting)
    (route,) = sensors.routes[case.topic]
    assert (route.part, route.sensors) == (Part.GATEWAY, (SENSOR, f"{SENSOR}-1"))
    watch = Watch(sensors, instant(0))
    for one in CORPORA[name]:
        if one.setting == case.setting and one.said != case.said:
            watch.hear(message(one), instant(1))
    assert [watch.memory(one).gateway for one in sensors.limits] == [True, True]
    watch.hear(message(case), instant(2))
    for one in CORPORA[name]:
        if one.said == say(What.ONLINE) and one.setting == case.setting:
            watch.hear(message(one), instant(3))
    assert [watch.memory(one).gateway for one in sensors.limits] == [False, False]


def test_five_families_and_more_have_gateways() -> None:
    assert {"zigbee2mqtt", "homie", "esphome", "tasmota", "shelly"} < set(GATEWAYS)


def test_one_device_serves_two_zones_by_its_channels() -> None:
    lines = [replace(case.setting, channel=f"line_{n}") for n in (1, 2) for case in CORPORA["milesight"][:1]]
    routes = house("milesight", *lines).routes
    assert [one.sensors for one in routes[lines[0].topic]] == [("one",), ("one-1",)]
    payload = CORPORA["milesight"][4].payload
    totals = [one.read(payload) for one in routes[lines[0].topic]]
    assert len(totals) == 2
    assert totals[0] != totals[1]


@pytest.mark.parametrize(
    ("name", "setting", "key"),
    [
        ("zigbee2mqtt", Setting(topic="z/a", channel="motion"), "channel"),
        ("zigbee2mqtt", Setting(topic="z/a", quantity="co2"), "quantity"),
        ("zigbee2mqtt", Setting(topic="z/a", reports=Reports.TOTALS), "reports"),
        ("esphome", Setting(topic="house/pir"), "topic"),
        ("esphome", Setting(topic="node/sensor/a/state", quantity="crowd"), "quantity"),
        ("homie", Setting(topic="homie/5/a/b"), "topic"),
        ("homie", Setting(topic="homie/5/a/b/c", gateway="homie/5/root"), "gateway"),
        ("homie", Setting(topic="homie/5/a/b/c", quantity="crowd"), "quantity"),
        ("tasmota", Setting(topic="focus/SENSOR"), "topic"),
        ("tasmota", Setting(topic="tele/a/SENSOR", channel="Switch0"), "channel"),
        ("tasmota", Setting(topic="tele/a/SENSOR", quantity="sound-db"), "quantity"),
        ("tasmota-tag", Setting(topic="focus/tag"), "topic"),
        ("milesight", Setting(topic="application/a/device/b/event/join"), "topic"),
        ("milesight", Setting(topic="v3/a/devices/b/up", channel="line_5"), "channel"),
        ("terabee", Setting(topic="v3/a/devices/b/down"), "topic"),
        ("terabee", Setting(topic="v3/a/devices/b/up", channel="zone_8"), "channel"),
        ("imbuildings", Setting(topic="v3/a/b/up"), "topic"),
        ("shelly", Setting(topic="gw/online", channel="input:0"), "topic"),
        ("shelly", Setting(topic="gw/events/rpc"), "channel"),
        ("shelly", Setting(topic="gw/events/rpc", channel="input:0", quantity="crowd"), "quantity"),
        ("generic", Setting(topic="a"), "paths"),
        ("generic", Setting(topic="a", paths=Paths(entered="/in")), "paths"),
        ("generic", Setting(topic="a", paths=Paths(level="/x")), "quantity"),
        ("generic", Setting(topic="a", paths=Paths(motion="/x"), quantity="co2-ppm"), "quantity"),
        ("generic", Setting(topic="a", paths=Paths(level="/x"), quantity="crowd"), "quantity"),
        ("generic", Setting(topic="a", paths=Paths(motion="/x"), wraps_at=10), "paths"),
        ("esphome-tag", Setting(topic="a", inverted=True), "inverted"),
        ("home-assistant-tag", Setting(topic="a", repeats=True), "repeats"),
    ],
)
def test_a_setting_that_cannot_be_is_named_by_sensor_and_key_with_a_way_out(
    name: str, setting: Setting, key: str
) -> None:
    with pytest.raises(SiteFileError) as caught:
        house(name, setting)
    assert [(one.where, bool(one.suggestion)) for one in caught.value.problems] == [(f"sensor {SENSOR}: {key}", True)]
