"""Terabee flow and occupancy counters, with the failures they tell of themselves."""

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Content, Crossed, Fault, FaultKind, People, Refusal, Word
from tests.sensors.profiles.cases import Case, say
from tests.sensors.profiles.corpus.lorawan import CHIRPSTACK, RECEIVED, THINGS_STACK, chirpstack, things_stack

LINE = Setting(topic=CHIRPSTACK)
LINE_BACK = Setting(topic=CHIRPSTACK, inverted=True)
ROOM = Setting(topic=THINGS_STACK)
ZONE = Setting(topic=THINGS_STACK, channel="zone_2")
OCCUPANCY = b'{"flags":{%s},"zone_global":6,"zone_0":2,"zone_1":0,"zone_2":4,"zone_3":"not set","zone_4":"not set"}'


def _well(content: Content, *faults: FaultKind) -> tuple[Word, ...]:
    """Return the count behind what is said of each fault: that it is over, or there, and then no count."""
    kinds = (FaultKind.STOPPED, FaultKind.STUCK, FaultKind.WARMUP)
    said: list[Content] = [Fault(one, one in faults) for one in kinds]
    return say(*said, *(() if faults else (content,)), stamp=RECEIVED)


CASES = (
    Case(
        "L/XL counts a line",
        LINE,
        chirpstack(b'{"count_in":200,"count_out":456,"flags":{}}'),
        _well(Crossed(200, 456, 2**32, 41)),
    ),
    Case(
        "the same, back to front",
        LINE_BACK,
        chirpstack(b'{"count_in":200,"count_out":456,"flags":{}}'),
        _well(Crossed(456, 200, 2**32, 41)),
    ),
    Case(
        "without flags, which empty are left out",
        LINE,
        chirpstack(b'{"count_in":0,"count_out":4294967295}'),
        _well(Crossed(0, 4_294_967_295, 2**32, 41)),
    ),
    Case(
        "stuck",
        LINE,
        chirpstack(b'{"count_in":1,"count_out":2,"flags":{"TPC_STUCK":1,"WIFI_AP_ENABLED":1}}'),
        _well(Crossed(1, 2), FaultKind.STUCK),
    ),
    Case(
        "stopped",
        LINE,
        chirpstack(b'{"count_in":1,"count_out":2,"flags":{"TPC_STOPPED":1}}'),
        _well(Crossed(1, 2), FaultKind.STOPPED),
    ),
    Case(
        "one of several with an issue",
        LINE,
        chirpstack(b'{"count_in":1,"count_out":2,"flags":{"MULTI_DEV_ISSUE":1}}'),
        _well(Crossed(1, 2), FaultKind.STOPPED),
    ),
    Case(
        "an access point is no fault",
        LINE,
        chirpstack(b'{"count_in":1,"count_out":2,"flags":{"WIFI_AP_ENABLED":1}}'),
        _well(Crossed(1, 2, 2**32, 41)),
    ),
    Case("a whole room", ROOM, things_stack(OCCUPANCY % b""), _well(People(6))),
    Case("one zone", ZONE, things_stack(OCCUPANCY % b""), _well(People(4))),
    Case("warming up", ZONE, things_stack(OCCUPANCY % b'"WARMUP":1'), _well(People(4), FaultKind.WARMUP)),
    Case(
        "stopped and stuck",
        ZONE,
        things_stack(OCCUPANCY % b'"STOPPED":1,"STUCK":1'),
        _well(People(4), FaultKind.STOPPED, FaultKind.STUCK),
    ),
    Case("cleared at the broker", LINE, b"", ()),
    Case(
        "a zone that is not set",
        Setting(topic=THINGS_STACK, channel="zone_3"),
        things_stack(OCCUPANCY % b""),
        Refusal.NOT_A_NUMBER,
    ),
    Case(
        "a zone that is not told",
        Setting(topic=THINGS_STACK, channel="zone_7"),
        things_stack(OCCUPANCY % b""),
        Refusal.MISSING,
    ),
    Case("no count", ROOM, things_stack(b'{"cmd":{"name":"CMD_GET_HEIGHT","id":1}}'), Refusal.MISSING),
    Case("in without out", LINE, chirpstack(b'{"count_in":200,"flags":{}}'), Refusal.MISSING),
    Case("a count of 33 bits", LINE, chirpstack(b'{"count_in":4294967296,"count_out":0}'), Refusal.OUT_OF_RANGE),
    Case("flags that are none", LINE, chirpstack(b'{"count_in":1,"count_out":2,"flags":"STUCK"}'), Refusal.WRONG_TYPE),
    Case("broken", LINE, b"{", Refusal.NOT_JSON),
    Case("too large", LINE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
)
