"""ESPHome: PIRs, radars, counts and slow sensors as components of a node."""

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Level, People, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import Case, say

NODE = "focus-node/status"
STATE = Setting(topic="focus-node/binary_sensor/has_target/state")
INVERTED = Setting(topic="focus-node/binary_sensor/pir/state", inverted=True)
REPEATS = Setting(topic="focus-node/binary_sensor/pir/state", repeats=True)
COUNT = Setting(topic="focus-node/sensor/zone_1_targets/state", quantity="people")


def _level(quantity: Quantity) -> Setting:
    return Setting(topic="focus-node/sensor/slow/state", quantity=quantity)


CASES = (
    Case("LD2410 has a target", STATE, b"ON", say(What.MOTION)),
    Case("LD2410 has none", STATE, b"OFF", say(What.CLEAR)),
    Case("inverted, on", INVERTED, b"ON", say(What.CLEAR)),
    Case("inverted, off", INVERTED, b"OFF", say(What.MOTION)),
    Case("measured anew", REPEATS, b"ON", (Word(What.MOTION, repeats=True),)),
    Case("cleared at the broker", STATE, b"", ()),
    Case("LD2450 counts", COUNT, b"2", say(People(2))),
    Case("a count as a float", COUNT, b"3.0", say(People(3))),
    *(Case(f"a level, {one}", _level(one), b"41.5", say(Level(one, 41.5))) for one in Quantity),
    Case("a level cleared", _level(Quantity.CO2_PPM), b"", ()),
    Case("nan is how a node has no number", _level(Quantity.CO2_PPM), b"nan", Refusal.NOT_A_NUMBER),
    Case("infinity", _level(Quantity.CO2_PPM), b"inf", Refusal.NOT_A_NUMBER),
    Case("no number", COUNT, b"not set", Refusal.NOT_A_NUMBER),
    Case("a number with a mark in it", COUNT, b"1_0", Refusal.NOT_A_NUMBER),
    Case("a number without end", COUNT, b"0" * 64 + b"3", Refusal.UNKNOWN_STATE),
    Case("half a person", COUNT, b"1.5", Refusal.NOT_A_NUMBER),
    Case("fewer than nobody", COUNT, b"-1", Refusal.OUT_OF_RANGE),
    Case("more than a house holds", COUNT, b"100000", Refusal.OUT_OF_RANGE),
    Case("ONc", STATE, b"ONc", Refusal.UNKNOWN_STATE),
    Case("no text", STATE, b"\xff\xfe", Refusal.WRONG_TYPE),
    Case("no text for a number", COUNT, b"\xff\xfe", Refusal.WRONG_TYPE),
    Case("without end", STATE, b"O" * 65, Refusal.UNKNOWN_STATE),
    Case("too large", STATE, b"O" * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the node is there", STATE, b"online", say(What.GATEWAY_ONLINE), NODE),
    Case("the node is gone", STATE, b"offline", say(What.GATEWAY_OFFLINE), NODE),
    Case(
        "the node of a topic of one's own",
        Setting(topic="house/focus/pir", gateway="house/focus/status"),
        b"offline",
        say(What.GATEWAY_OFFLINE),
        "house/focus/status",
    ),
)
