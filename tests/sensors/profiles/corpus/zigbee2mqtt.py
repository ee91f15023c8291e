"""Zigbee2MQTT: motion sensors, radars and slow sensors by model, the bridge, and what is broken."""

from datetime import datetime

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Fault, FaultKind, Level, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import MOMENT, Case, say

TOPIC = "zigbee2mqtt/house/focus/pir-1"
AVAILABILITY = f"{TOPIC}/availability"
BRIDGE = "zigbee2mqtt/bridge/state"
PLAIN = Setting(topic=TOPIC)
INVERTED = Setting(topic=TOPIC, inverted=True)
REPEATS = Setting(topic=TOPIC, repeats=True)
MOTION, CLEAR, ALIVE = say(What.MOTION), say(What.CLEAR), say(What.ALIVE)


def _level(quantity: Quantity) -> Setting:
    return Setting(topic=TOPIC, quantity=quantity)


def _channel(name: str) -> Setting:
    return Setting(topic=TOPIC, channel=name)


MODELS = (
    Case(
        "Aqara RTCGQ11LM sees motion",
        PLAIN,
        b'{"battery":91,"device_temperature":22,"illuminance":212,"last_seen":"2026-03-02T09:14:07.120Z",'
        b'"linkquality":104,"occupancy":true,"power_outage_count":7,"voltage":3015}',
        say(What.MOTION, Fault(FaultKind.RESET, count=7), stamp=MOMENT),
    ),
    Case("Aqara RTCGQ14LM is clear", PLAIN, b'{"detection_interval":30,"illuminance":3,"occupancy":false}', CLEAR),
    Case(
        "Aqara FP1 sees somebody",
        PLAIN,
        b'{"approach_distance":"medium","monitoring_mode":"undirected","presence":true,"presence_event":"approach"}',
        MOTION,
    ),
    Case("Aqara FP1E sees nobody", PLAIN, b'{"movement":"no_presence","presence":false,"target_distance":0}', CLEAR),
    Case(
        "Aqara FP300 has a radar that sees and a PIR that does not",
        PLAIN,
        b'{"pir_detection":false,"presence":true,"battery":88,"humidity":41.2}',
        MOTION,
    ),
    Case("Aqara FP300's PIR by itself", _channel("pir_detection"), b'{"pir_detection":false,"presence":true}', CLEAR),
    Case(
        "Hue SML001 sees motion",
        PLAIN,
        b'{"illuminance":31,"led_indication":false,"motion_sensitivity":"high","occupancy":true,"occupancy_timeout":60}',
        MOTION,
    ),
    Case("IKEA E2134 sees motion", PLAIN, b'{"battery":100,"illuminance":9,"occupancy":true,"voltage":3000}', MOTION),
    Case(
        "IKEA E1745 sees motion",
        PLAIN,
        b'{"illuminance_above_threshold":false,"occupancy":true,"requested_brightness_level":254}',
        MOTION,
    ),
    Case(
        "Tuya ZY-M100-S_1 has a distance of null",
        PLAIN,
        b'{"detection_delay":0.1,"fading_time":15,"illuminance_lux":118,"presence":true,"target_distance":null}',
        MOTION,
    ),
    Case("Tuya ZY-M100-S_2 says it the wrong way round", INVERTED, b'{"presence":true,"target_distance":2.1}', CLEAR),
    Case("the same, of nobody", INVERTED, b'{"presence":false}', MOTION),
    Case("Tuya ZY-M100-24G with a state only", PLAIN, b'{"distance":1.9,"presence_timeout":30,"state":"move"}', MOTION),
    Case("the same, of nobody", PLAIN, b'{"distance":0,"state":"none"}', CLEAR),
    Case("a radar that measures anew", REPEATS, b'{"presence":true}', (Word(What.MOTION, None, repeats=True),)),
    Case("the same, of nobody", REPEATS, b'{"presence":false}', CLEAR),
)

READ = (
    Case("presence outweighs occupancy", PLAIN, b'{"presence": false, "occupancy": true}', CLEAR),
    Case("occupancy by itself", _channel("occupancy"), b'{"presence": false, "occupancy": true}', MOTION),
    Case("a light report", PLAIN, b'{"illuminance": 212}', ALIVE),
    Case("everything null", PLAIN, b'{"occupancy": null, "target_distance": null, "state": null}', ALIVE),
    Case("a number of its own", PLAIN, b'{"occupancy":true,"seq":41}', say(What.MOTION, sequence=41)),
    Case("a number that is none", PLAIN, b'{"occupancy":true,"seq":-1}', MOTION),
    Case("a number of no known type", PLAIN, b'{"occupancy":true,"seq":true}', MOTION),
    Case("an empty payload", PLAIN, b"", ()),
    Case("a payload at its bound", PLAIN, b'{"occupancy": true}'.ljust(PAYLOAD_MAX), MOTION),
    Case("a region's action", _channel("region_2"), b'{"action":"region_2_enter","presence":true}', MOTION),
    Case("a region that is taken", _channel("region_2"), b'{"action":"region_2_occupied"}', MOTION),
    Case("a region that is free", _channel("region_2"), b'{"action":"region_2_unoccupied"}', CLEAR),
    Case("somebody leaves a region", _channel("region_2"), b'{"action":"region_2_leave"}', ALIVE),
    Case("another region's action", _channel("region_1"), b'{"action":"region_10_enter"}', ALIVE),
    Case("no action", _channel("region_1"), b'{"action":"","presence":true}', ALIVE),
    Case(
        "faults that are there and that are over",
        PLAIN,
        b'{"occupancy":true,"battery_low":true,"tamper":false}',
        say(What.MOTION, Fault(FaultKind.LOW_BATTERY), Fault(FaultKind.TAMPER, is_on=False)),
    ),
    Case("faults of no known form", PLAIN, b'{"occupancy":true,"battery_low":"x","power_outage_count":-1}', MOTION),
    Case("co2", _level(Quantity.CO2_PPM), b'{"co2":612,"occupancy":true}', say(Level(Quantity.CO2_PPM, 612.0))),
    Case("light", _level(Quantity.LIGHT_LX), b'{"illuminance":212}', say(Level(Quantity.LIGHT_LX, 212.0))),
    Case("light of old", _level(Quantity.LIGHT_LX), b'{"illuminance_lux":9}', say(Level(Quantity.LIGHT_LX, 9.0))),
    Case("sound", _level(Quantity.SOUND_DB), b'{"noise":41.5}', say(Level(Quantity.SOUND_DB, 41.5))),
    Case("warmth", _level(Quantity.TEMPERATURE_C), b'{"temperature":-3.5}', say(Level(Quantity.TEMPERATURE_C, -3.5))),
    Case(
        "damp",
        _level(Quantity.HUMIDITY_PERCENT),
        b'{"humidity":40,"last_seen":1772442847120}',
        say(Level(Quantity.HUMIDITY_PERCENT, 40.0), stamp=MOMENT),
    ),
    Case("no co2 yet", _level(Quantity.CO2_PPM), b'{"co2":null}', ALIVE),
    Case("an empty payload of a slow sensor", _level(Quantity.CO2_PPM), b"", ()),
)

STAMPS = (
    Case(
        "ISO, UTC", PLAIN, b'{"occupancy":true,"last_seen":"2026-03-02T09:14:07.120Z"}', say(What.MOTION, stamp=MOMENT)
    ),
    Case(
        "ISO, local",
        PLAIN,
        b'{"occupancy":true,"last_seen":"2026-03-02T10:14:07.120+01:00"}',
        say(What.MOTION, stamp=MOMENT),
    ),
    Case("milliseconds", PLAIN, b'{"occupancy":true,"last_seen":1772442847120}', say(What.MOTION, stamp=MOMENT)),
    Case(
        "without a zone",
        PLAIN,
        b'{"occupancy":true,"last_seen":"2026-03-02T10:14:07"}',
        say(What.MOTION, stamp=datetime(2026, 3, 2, 10, 14, 7)),  # noqa: DTZ001 - a time without a zone is the point
    ),
    Case("no time at all", PLAIN, b'{"occupancy":true,"last_seen":"yesterday"}', MOTION),
    Case("a time too great", PLAIN, b'{"occupancy":true,"last_seen":1e300}', MOTION),
    Case("a time greater than any float", PLAIN, b'{"occupancy":true,"last_seen":1%s}' % (b"0" * 400), MOTION),
    Case("the last moment there is", PLAIN, b'{"occupancy":true,"last_seen":"9999-12-31T23:59:59-23:00"}', MOTION),
)

BROKEN = (
    Case("cut", PLAIN, b"{", Refusal.NOT_JSON),
    Case("no text", PLAIN, b"\xff\xfe", Refusal.NOT_JSON),
    Case("NaN", PLAIN, b'{"occupancy": NaN}', Refusal.NOT_JSON),
    Case("a great depth of lists", PLAIN, b"[" * 60_000, Refusal.WRONG_TYPE),
    Case("a great depth below a key", PLAIN, b'{"a":' + b"[" * 60_000, Refusal.NOT_JSON),
    Case("half a surrogate", PLAIN, b'{"last_seen":"\\ud800"}', Refusal.NOT_JSON),
    Case("text for a boolean", PLAIN, b'{"occupancy": "not set"}', Refusal.WRONG_TYPE),
    Case("a number for a boolean", PLAIN, b'{"occupancy": 1}', Refusal.WRONG_TYPE),
    Case("an unknown state", PLAIN, b'{"state": "dancing"}', Refusal.UNKNOWN_STATE),
    Case("a state of no known type", PLAIN, b'{"state": [1]}', Refusal.UNKNOWN_STATE),
    Case("an action of no known type", _channel("region_1"), b'{"action": 7}', Refusal.WRONG_TYPE),
    Case("not JSON", PLAIN, b"ONc", Refusal.NOT_JSON),
    Case("no object", PLAIN, b"true", Refusal.WRONG_TYPE),
    Case("too large", PLAIN, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("a level that is text", _level(Quantity.CO2_PPM), b'{"co2":"not set"}', Refusal.NOT_A_NUMBER),
    Case("a level that is a boolean", _level(Quantity.CO2_PPM), b'{"co2":true}', Refusal.NOT_A_NUMBER),
    Case("a level beyond any", _level(Quantity.CO2_PPM), b'{"co2":1%s}' % (b"0" * 400), Refusal.OUT_OF_RANGE),
    Case("a broken payload of a slow sensor", _level(Quantity.CO2_PPM), b"{", Refusal.NOT_JSON),
)

STANDING = (
    Case("online, as of old", PLAIN, b"online", say(What.ONLINE), AVAILABILITY),
    Case("offline, as of old", PLAIN, b"offline", say(What.OFFLINE), AVAILABILITY),
    Case("online", PLAIN, b'{"state": "online"}', say(What.ONLINE), AVAILABILITY),
    Case("offline", PLAIN, b'{"state":"offline"}', say(What.OFFLINE), AVAILABILITY),
    Case("availability cleared", PLAIN, b"", (), AVAILABILITY),
    Case("availability unknown", PLAIN, b"maybe", Refusal.UNKNOWN_STATE, AVAILABILITY),
    Case("availability of a wrong type", PLAIN, b'{"state": 1}', Refusal.WRONG_TYPE, AVAILABILITY),
    Case("availability without end", PLAIN, b"online" * 20, Refusal.UNKNOWN_STATE, AVAILABILITY),
    Case("bridge offline, as of old", PLAIN, b"offline", say(What.GATEWAY_OFFLINE), BRIDGE),
    Case("bridge online", PLAIN, b'{"state":"online"}', say(What.GATEWAY_ONLINE), BRIDGE),
    Case("bridge cut", PLAIN, b'{"state"', Refusal.NOT_JSON, BRIDGE),
    Case("bridge no text", PLAIN, b"\xff", Refusal.WRONG_TYPE, BRIDGE),
    Case("bridge too large", PLAIN, b"o" * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE, BRIDGE),
    Case(
        "a bridge with another base",
        Setting(topic="house/z2m/focus", gateway="house/z2m/bridge/state"),
        b"offline",
        say(What.GATEWAY_OFFLINE),
        "house/z2m/bridge/state",
    ),
)

CASES = (*MODELS, *READ, *STAMPS, *BROKEN, *STANDING)
