"""Shelly: notifications of a gateway with BLU sensors, components' own topics, and the gateway."""

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Level, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import MOMENT, Case, say

PREFIX = "shellyblugwg3-aabbccddee01"
TOPIC, STATUS, ONLINE = f"{PREFIX}/events/rpc", f"{PREFIX}/status/bthomesensor:202", f"{PREFIX}/online"
BLU = Setting(topic=TOPIC, channel="bthomesensor:202")
INVERTED = Setting(topic=TOPIC, channel="bthomesensor:202", inverted=True)
REPEATS = Setting(topic=TOPIC, channel="bthomesensor:202", repeats=True)
INPUT = Setting(topic=TOPIC, channel="input:0")
MOMENT_S = b"1772442847.12"


def _level(quantity: Quantity) -> Setting:
    return Setting(topic=TOPIC, channel="bthomesensor:203", quantity=quantity)


def _notified(components: bytes, method: bytes = b"NotifyStatus", ts: bytes = b"1772442850.0") -> bytes:
    return b'{"src":"%s","dst":"%s/events","method":"%s","params":{"ts":%s,%s}}' % (
        PREFIX.encode(),
        PREFIX.encode(),
        method,
        ts,
        components,
    )


def _sensor(fields: bytes) -> bytes:
    return _notified(b'"bthomesensor:202":{"id":202,%s}' % fields)


CASES = (
    Case("motion", BLU, _sensor(b'"value":true,"last_updated_ts":' + MOMENT_S), say(What.MOTION, stamp=MOMENT)),
    Case("clear", BLU, _sensor(b'"value":false,"last_updated_ts":' + MOMENT_S), say(What.CLEAR, stamp=MOMENT)),
    Case("inverted, true", INVERTED, _sensor(b'"value":true'), say(What.CLEAR)),
    Case("inverted, false", INVERTED, _sensor(b'"value":false'), say(What.MOTION)),
    Case("measured anew", REPEATS, _sensor(b'"value":true'), (Word(What.MOTION, repeats=True),)),
    Case(
        "a full status at waking, before the time is known",
        BLU,
        _notified(
            b'"sys":{"mac":"AABBCCDDEE01","time":null,"unixtime":null,"uptime":3},'
            b'"bthomedevice:200":{"id":200,"rssi":-71,"battery":100,"last_updated_ts":1772442847},'
            b'"bthomesensor:202":{"id":202,"value":true,"last_updated_ts":null}',
            method=b"NotifyFullStatus",
            ts=b"null",
        ),
        say(What.MOTION),
    ),
    Case("only heard again", BLU, _sensor(b'"last_updated_ts":' + MOMENT_S), say(What.ALIVE, stamp=MOMENT)),
    Case("never heard", BLU, _sensor(b'"value":null,"last_updated_ts":0'), ()),
    Case("nothing has changed that matters", BLU, _sensor(b'"x":1'), ()),
    Case("another sensor of the gateway", BLU, _notified(b'"bthomesensor:201":{"id":201,"value":55}'), ()),
    Case("an event", BLU, b'{"method":"NotifyEvent","params":{"events":[{"component":"bthomesensor:202"}]}}', ()),
    Case(
        "a method that is no status",
        BLU,
        _notified(b'"bthomesensor:202":{"value":true}', method=b"NotifyEvent"),
        (),
    ),
    Case("no parameters", BLU, b'{"method":"NotifyStatus"}', ()),
    Case(
        "a wired input is on",
        INPUT,
        _notified(b'"input:0":{"id":0,"state":true}', ts=MOMENT_S),
        say(What.MOTION, stamp=MOMENT),
    ),
    Case(
        "a wired input before the time is known",
        INPUT,
        _notified(b'"input:0":{"id":0,"state":false}', ts=b"null"),
        say(What.CLEAR),
    ),
    *(
        Case(
            f"a level, {one}",
            _level(one),
            _notified(b'"bthomesensor:203":{"id":203,"value":41.5}'),
            say(Level(one, 41.5)),
        )
        for one in Quantity
    ),
    Case(
        "its own topic",
        BLU,
        b'{"id":202,"value":true,"last_updated_ts":%s}' % MOMENT_S,
        say(What.MOTION, stamp=MOMENT),
        STATUS,
    ),
    Case("its own topic cleared", BLU, b"", (), STATUS),
    Case("its own topic broken", BLU, b"{", Refusal.NOT_JSON, STATUS),
    Case("notifications cleared", BLU, b"", ()),
    Case("a value of text", BLU, _sensor(b'"value":"on"'), Refusal.WRONG_TYPE),
    Case(
        "a level of text",
        _level(Quantity.LIGHT_LX),
        _notified(b'"bthomesensor:203":{"value":"dark"}'),
        Refusal.NOT_A_NUMBER,
    ),
    Case("a time of text", BLU, _sensor(b'"value":true,"last_updated_ts":"now"'), Refusal.WRONG_TYPE),
    Case("a component that is none", BLU, _notified(b'"bthomesensor:202":7'), Refusal.WRONG_TYPE),
    Case("no notification", BLU, b'{"id":1,"result":{}}', Refusal.WRONG_TYPE),
    Case("broken", BLU, b'{"method":', Refusal.NOT_JSON),
    Case("too large", BLU, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the gateway is there", BLU, b"true", say(What.GATEWAY_ONLINE), ONLINE),
    Case("the gateway is gone", BLU, b"false", say(What.GATEWAY_OFFLINE), ONLINE),
)
