"""Homie 5: properties of a child device, its own state and its root's."""

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Level, People, Quantity, Refusal, What, Word
from tests.sensors.profiles.cases import Case, say

DEVICE = "homie/5/focus-radar/$state"
ROOT = "homie/5/bridge/$state"
STATE = Setting(topic="homie/5/focus-radar/occupancy/motion", gateway=ROOT)
LONE = Setting(topic="homie/5/focus-radar/occupancy/motion")
INVERTED = Setting(topic="homie/5/focus-radar/occupancy/motion", inverted=True)
REPEATS = Setting(topic="homie/5/focus-radar/occupancy/motion", repeats=True)
COUNT = Setting(topic="homie/5/focus-radar/occupancy/people", quantity="people")


def _level(quantity: Quantity) -> Setting:
    return Setting(topic="homie/5/focus-air/air/slow", quantity=quantity)


CASES = (
    Case("motion", STATE, b"true", say(What.MOTION)),
    Case("clear", LONE, b"false", say(What.CLEAR)),
    Case("inverted, true", INVERTED, b"true", say(What.CLEAR)),
    Case("inverted, false", INVERTED, b"false", say(What.MOTION)),
    Case("measured anew", REPEATS, b"true", (Word(What.MOTION, repeats=True),)),
    Case("a property removed", STATE, b"", ()),
    Case("a count", COUNT, b"3", say(People(3))),
    *(Case(f"a level, {one}", _level(one), b"612", say(Level(one, 612.0))) for one in Quantity),
    Case("a count that is no number", COUNT, b"three", Refusal.NOT_A_NUMBER),
    Case("a count below nobody", COUNT, b"-3", Refusal.OUT_OF_RANGE),
    Case("a boolean in capitals is none", STATE, b"TRUE", Refusal.UNKNOWN_STATE),
    Case("ONc", STATE, b"ONc", Refusal.UNKNOWN_STATE),
    Case("no text", STATE, b"\xff", Refusal.WRONG_TYPE),
    Case("too large", STATE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the device is ready", STATE, b"ready", say(What.ONLINE), DEVICE),
    Case("the device sleeps, and is there", STATE, b"sleeping", say(What.ONLINE), DEVICE),
    Case("the device begins anew", STATE, b"init", say(What.OFFLINE), DEVICE),
    Case("the device has left", STATE, b"disconnected", say(What.OFFLINE), DEVICE),
    Case("the device is lost", STATE, b"lost", say(What.OFFLINE), DEVICE),
    Case("the device is removed", STATE, b"", say(What.OFFLINE), DEVICE),
    Case("the device is in no known state", STATE, b"alert", Refusal.UNKNOWN_STATE, DEVICE),
    Case("the device's state is no text", STATE, b"\xff", Refusal.WRONG_TYPE, DEVICE),
    Case("the root is lost", STATE, b"lost", say(What.GATEWAY_OFFLINE), ROOT),
    Case("the root is ready", STATE, b"ready", say(What.GATEWAY_ONLINE), ROOT),
    Case("the root is removed", STATE, b"", say(What.GATEWAY_OFFLINE), ROOT),
)
