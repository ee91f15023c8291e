"""Which topics speak of a sensor, and of which part of it."""

import pytest

from sensors.profiles import PROFILES, Part, Paths, Setting

S, A, G = Part.STATE, Part.AVAILABILITY, Part.GATEWAY
UPLINK = "application/1/device/24e124000000a001/event/up"


@pytest.mark.parametrize(
    ("name", "setting", "topics"),
    [
        (
            "zigbee2mqtt",
            Setting(topic="z2m/house/focus/pir-1"),
            {"z2m/house/focus/pir-1": S, "z2m/house/focus/pir-1/availability": A, "z2m/bridge/state": G},
        ),
        ("zigbee2mqtt", Setting(topic="a/b", gateway="c"), {"a/b": S, "a/b/availability": A, "c": G}),
        (
            "tasmota",
            Setting(topic="stat/focus/PIR1"),
            {"stat/focus/PIR1": S, "tele/focus/SENSOR": S, "tele/focus/STATE": S, "tele/focus/LWT": G},
        ),
        (
            "tasmota",
            Setting(topic="house/tele/focus/SENSOR"),
            {"house/tele/focus/SENSOR": S, "house/tele/focus/STATE": S, "house/tele/focus/LWT": G},
        ),
        ("tasmota", Setting(topic="tele/x/SENSOR", channel="zigbee:a"), {"tele/x/SENSOR": S, "tele/x/LWT": G}),
        ("tasmota", Setting(topic="tele/x/SENSOR", quantity="co2-ppm"), {"tele/x/SENSOR": S, "tele/x/LWT": G}),
        (
            "tasmota",
            Setting(topic="tele/x/0xAB/SENSOR", channel="zigbee:0xAB"),
            {"tele/x/0xAB/SENSOR": S, "tele/x/SENSOR": S, "tele/x/LWT": G},
        ),
        ("esphome", Setting(topic="n/binary_sensor/a/state"), {"n/binary_sensor/a/state": S, "n/status": G}),
        ("esphome", Setting(topic="a", gateway="b"), {"a": S, "b": G}),
        ("homie", Setting(topic="homie/5/a/b/c"), {"homie/5/a/b/c": S, "homie/5/a/$state": A}),
        (
            "homie",
            Setting(topic="homie/5/a/b/c", gateway="homie/5/r/$state"),
            {"homie/5/a/b/c": S, "homie/5/a/$state": A, "homie/5/r/$state": G},
        ),
        ("milesight", Setting(topic=UPLINK), {UPLINK: S}),
        ("milesight-mqtt", Setting(topic="a"), {"a": S}),
        ("terabee", Setting(topic=UPLINK), {UPLINK: S}),
        ("imbuildings", Setting(topic=UPLINK), {UPLINK: S}),
        (
            "shelly",
            Setting(topic="gw/events/rpc", channel="bthomesensor:202"),
            {"gw/events/rpc": S, "gw/status/bthomesensor:202": S, "gw/online": G},
        ),
        ("generic", Setting(topic="a", paths=Paths(motion="")), {"a": S}),
        (
            "generic",
            Setting(topic="a", paths=Paths(motion=""), availability="b", gateway="c"),
            {"a": S, "b": A, "c": G},
        ),
        ("esphome-tag", Setting(topic="a"), {"a": S}),
        ("esphome-tag", Setting(topic="a", gateway="b"), {"a": S, "b": G}),
        ("tasmota-tag", Setting(topic="tele/x/SENSOR"), {"tele/x/SENSOR": S, "tele/x/STATE": S, "tele/x/LWT": G}),
        ("home-assistant-tag", Setting(topic="a"), {"a": S}),
        ("home-assistant-tag", Setting(topic="a", availability="b", gateway="c"), {"a": S, "b": A, "c": G}),
    ],
)
def test_a_family_listens_to_the_topics_that_speak_of_its_sensor(
    name: str, setting: Setting, topics: dict[str, Part]
) -> None:
    assert {one.topic: one.part for one in PROFILES[name].hearings(setting)} == topics


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("zigbee2mqtt", "zigbee2mqtt/0x00158d0001020304"),
        ("tasmota", "tele/tasmota_A45E62/LWT"),
        ("esphome", "tagreader-a45e62/status"),
        ("homie", "homie/5/a45e62b01c2d/$state"),
        ("milesight", UPLINK),
        ("milesight", '{"devEui":"24e124000000a001","devAddr":"01a2b3c4"}'),
        ("terabee", '{"dev_eui":"24E124000000A001","dev_addr":"260B8A3C"}'),
        ("imbuildings", '"gatewayId":"0016c00100000b02"'),
        ("milesight-mqtt", '{"device_sn":"6798B00000000001","device_mac":"00:00:5E:00:53:01"}'),
        ("shelly", '{"src":"shellyblugwg3-aabbccddee01"}'),
        ("shelly", "shellyblugwg3-aabbccddee01/events/rpc"),
        ("shelly", '"addr":"02:00:5e:00:53:2a"'),
        ("generic", '{"mac":"02:00:5E:00:53:2A"}'),
        ("esphome-tag", "74-1C-2D-3E"),
        ("tasmota-tag", '"UID":"94D81A2B"'),
        ("home-assistant-tag", '"tag_id":"E9F31A2B"'),
    ],
)
def test_the_ids_of_a_familys_devices_are_found_for_a_trace_to_mask(name: str, text: str) -> None:
    masked = PROFILES[name].device_ids.sub("x", text)
    left = [one for one in ("158d", "A45E", "a45e", "24e1", "24E1", "01a2", "260B", "0016", "6798") if one in masked]
    left += [one for one in ("00:00", "aabb", "02:00", "74-1C", "94D8", "E9F3") if one in masked]
    assert left == []
    assert masked != text


@pytest.mark.parametrize("name", PROFILES)
def test_what_is_no_device_of_a_family_is_not_masked(name: str) -> None:
    for text in ('{"occupancy": true, "last_seen": "2026-03-02T09:14:07.120Z", "voltage": 3015}', "house/focus/pir-1"):
        assert PROFILES[name].device_ids.sub("x", text) == text
