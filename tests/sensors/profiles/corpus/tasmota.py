"""Tasmota: switches, rules' events, Zigbee devices and slow sensors of one device."""

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Level, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import Case, say

SENSOR, STATE, LWT = "tele/focus/SENSOR", "tele/focus/STATE", "tele/focus/LWT"
TELE = Setting(topic=SENSOR)
SECOND = Setting(topic=SENSOR, channel="Switch2")
RULE = Setting(topic="stat/focus/PIR1")
INVERTED = Setting(topic="stat/focus/PIR1", inverted=True)
REPEATS = Setting(topic="stat/focus/MOTION", repeats=True)
RESULT = Setting(topic="stat/focus/RESULT", channel="Switch2")
OTHER_WAY = Setting(topic="focus/stat/PIR1")
ZIGBEE = Setting(topic=SENSOR, channel="zigbee:0x4A21")
NAMED = Setting(topic=SENSOR, channel="zigbee:hall")
OWN_TOPIC = Setting(topic="tele/focus/0x4A21/SENSOR", channel="zigbee:0x4A21")
MOTION, CLEAR, ALIVE = say(What.MOTION), say(What.CLEAR), say(What.ALIVE)


def _level(quantity: Quantity) -> Setting:
    return Setting(topic=SENSOR, quantity=quantity)


def _zigbee(fields: bytes) -> bytes:
    return b'{"ZbReceived":{"0x4A21":{"Device":"0x4A21","Name":"hall",%s"Endpoint":1,"LinkQuality":76}}}' % fields


CASES = (
    Case("a switch is on", TELE, b'{"Time":"2026-03-02T10:14:05","Switch1":"ON"}', MOTION),
    Case("a switch is off", TELE, b'{"Time":"2026-03-02T10:14:05","Switch1":"OFF","Switch2":"ON"}', CLEAR),
    Case("the second switch", SECOND, b'{"Time":"2026-03-02T10:14:05","Switch1":"OFF","Switch2":"ON"}', MOTION),
    Case("a switch in detail", TELE, b'{"Switch1":{"Action":"ON"}}', MOTION),
    Case("telemetry of another sensor", TELE, b'{"Time":"2026-03-02T10:14:05","AM2301":{"Temperature":21.5}}', ()),
    Case("telemetry cleared", TELE, b"", ()),
    Case("a rule's ON", RULE, b"ON", MOTION),
    Case("a rule's OFF", RULE, b"OFF", CLEAR),
    Case("a rule's 1", RULE, b"1", MOTION),
    Case("a rule's 0", RULE, b"0", CLEAR),
    Case("a rule, inverted", INVERTED, b"1", CLEAR),
    Case("a rule that measures anew", REPEATS, b"1", (Word(What.MOTION, repeats=True),)),
    Case("a rule's topic cleared", RULE, b"", ()),
    Case("a switch's own event", RULE, b'{"Action":"ON"}', MOTION),
    Case("a result of the second switch", RESULT, b'{"Switch2":{"Action":"OFF"}}', CLEAR),
    Case("a result of a relay", RESULT, b'{"POWER":"ON"}', ()),
    Case("telemetry beside a rule", RULE, b'{"Switch1":"OFF"}', CLEAR, SENSOR),
    Case("topics the other way round", OTHER_WAY, b"Offline", say(What.GATEWAY_OFFLINE), "focus/tele/LWT"),
    Case("a Zigbee device by its address", ZIGBEE, _zigbee(b'"Occupancy":1,'), MOTION),
    Case("a Zigbee device by its name", NAMED, _zigbee(b'"Occupancy":0,'), CLEAR),
    Case("a Zigbee device with a boolean", ZIGBEE, _zigbee(b'"Occupancy":true,'), MOTION),
    Case("a Zigbee device's battery", ZIGBEE, _zigbee(b'"BatteryPercentage":80,'), ALIVE),
    Case("another Zigbee device", Setting(topic=SENSOR, channel="zigbee:0x0001"), _zigbee(b'"Occupancy":1,'), ()),
    Case("not of Zigbee", ZIGBEE, b'{"Switch1":"ON"}', ()),
    Case("names that are none", ZIGBEE, b'{"ZbReceived":{"0x1":{"Device":[],"Name":{}},"0x2":3}}', ()),
    Case("a Zigbee device with a topic of its own", OWN_TOPIC, _zigbee(b'"Occupancy":1,'), MOTION),
    Case("its gateway", OWN_TOPIC, b"Offline", say(What.GATEWAY_OFFLINE), LWT),
    Case(
        "a Zigbee device's light",
        Setting(topic=SENSOR, channel="zigbee:hall", quantity="light-lx"),
        _zigbee(b'"Illuminance":28,'),
        say(Level(Quantity.LIGHT_LX, 28.0)),
    ),
    Case(
        "a Zigbee device without light",
        Setting(topic=SENSOR, channel="zigbee:hall", quantity="light-lx"),
        _zigbee(b""),
        ALIVE,
    ),
    Case(
        "co2",
        _level(Quantity.CO2_PPM),
        b'{"Time":"2026-03-02T10:14:05","SCD40":{"CarbonDioxide":612,"Temperature":21.5,"Humidity":40}}',
        say(Level(Quantity.CO2_PPM, 612.0)),
    ),
    Case("light", _level(Quantity.LIGHT_LX), b'{"BH1750":{"Illuminance":9}}', say(Level(Quantity.LIGHT_LX, 9.0))),
    Case(
        "warmth",
        _level(Quantity.TEMPERATURE_C),
        b'{"SCD40":{"CarbonDioxide":null},"AM2301":{"Temperature":21.5},"TempUnit":"C"}',
        say(Level(Quantity.TEMPERATURE_C, 21.5)),
    ),
    Case(
        "damp", _level(Quantity.HUMIDITY_PERCENT), b'{"A":{"Humidity":40}}', say(Level(Quantity.HUMIDITY_PERCENT, 40.0))
    ),
    Case("no co2", _level(Quantity.CO2_PPM), b'{"Switch1":"ON"}', ()),
    Case("co2 that is text", _level(Quantity.CO2_PPM), b'{"SCD40":{"CarbonDioxide":"not set"}}', Refusal.NOT_A_NUMBER),
    Case("a sign of life", TELE, b'{"Time":"2026-03-02T10:14:05","Uptime":"0T00:20:15"}', ALIVE, STATE),
    Case("a sign of life cleared", TELE, b"", (), STATE),
    Case("a sign of life that is broken", TELE, b"[", Refusal.WRONG_TYPE, STATE),
    Case("ONc", RULE, b"ONc", Refusal.UNKNOWN_STATE),
    Case("ONc in telemetry", TELE, b'{"Switch1":"ONc"}', Refusal.UNKNOWN_STATE),
    Case("a switch of no known type", TELE, b'{"Switch1":[1]}', Refusal.WRONG_TYPE),
    Case("a switch beyond on", TELE, b'{"Switch1":2}', Refusal.WRONG_TYPE),
    Case("a switch in detail that has none", TELE, b'{"Switch1":{}}', Refusal.WRONG_TYPE),
    Case("broken telemetry", TELE, b'{"Switch1"', Refusal.NOT_JSON),
    Case("a broken event", RULE, b'{"Action"', Refusal.NOT_JSON),
    Case("an event that is no text", RULE, b"\xff", Refusal.WRONG_TYPE),
    Case("too large", TELE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the device is there", TELE, b"Online", say(What.GATEWAY_ONLINE), LWT),
    Case("the device is gone", TELE, b"Offline", say(What.GATEWAY_OFFLINE), LWT),
)
