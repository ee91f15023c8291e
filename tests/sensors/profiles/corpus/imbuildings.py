"""IMBuildings people counters, with totals and without."""

from sensors.profiles import Reports, Setting
from sensors.readings import PAYLOAD_MAX, Crossed, CrossedBy, Refusal
from tests.sensors.profiles.cases import Case, say
from tests.sensors.profiles.corpus.lorawan import CHIRPSTACK, RECEIVED, THINGS_STACK, chirpstack, things_stack

LINE = Setting(topic=CHIRPSTACK)
LINE_BACK = Setting(topic=CHIRPSTACK, inverted=True)
OLD = Setting(topic=THINGS_STACK, reports=Reports.INCREMENTS)
WITH_TOTALS = (
    b'{"device_status":0,"battery_voltage":3.62,"counter_a":2,"counter_b":1,"sensor_status":0,'
    b'"total_counter_a":1200,"total_counter_b":1187,"payload_counter":17}'
)
WITHOUT = b'{"battery_voltage":3.6,"counter_a":3,"counter_b":0,"sensor_status":0,"payload_counter":255}'

CASES = (
    Case("variant 6", LINE, chirpstack(WITH_TOTALS), say(Crossed(1200, 1187, 65_536, 41), stamp=RECEIVED)),
    Case(
        "the same, back to front",
        LINE_BACK,
        chirpstack(WITH_TOTALS),
        say(Crossed(1187, 1200, 65_536, 41), stamp=RECEIVED),
    ),
    Case(
        "without a frame counter, its own shows loss",
        LINE,
        chirpstack(WITH_TOTALS, frame=b""),
        say(Crossed(1200, 1187, 65_536, 17), stamp=RECEIVED),
    ),
    Case(
        "variant 7 has no counter of its own",
        LINE,
        chirpstack(b'{"total_counter_a":1,"total_counter_b":0}', frame=b""),
        say(Crossed(1, 0, 65_536), stamp=RECEIVED),
    ),
    Case("variant 5 has no totals", OLD, things_stack(WITHOUT), say(CrossedBy(3, 0, "41"), stamp=RECEIVED)),
    Case(
        "the same without a frame counter",
        OLD,
        things_stack(WITHOUT, frame=b""),
        say(CrossedBy(3, 0, "255"), stamp=RECEIVED),
    ),
    Case(
        "nothing to tell doubles by",
        OLD,
        things_stack(b'{"counter_a":3,"counter_b":0}', frame=b""),
        say(CrossedBy(3, 0), stamp=RECEIVED),
    ),
    Case("cleared at the broker", LINE, b"", ()),
    Case("totals are not guessed from periods", LINE, chirpstack(WITHOUT), Refusal.MISSING),
    Case("one direction only", OLD, things_stack(b'{"counter_a":3}'), Refusal.MISSING),
    Case("text", LINE, chirpstack(b'{"total_counter_a":"x","total_counter_b":1}'), Refusal.NOT_A_NUMBER),
    Case("below 0", LINE, chirpstack(b'{"total_counter_a":-1,"total_counter_b":1}'), Refusal.OUT_OF_RANGE),
    Case("17 bits", LINE, chirpstack(b'{"total_counter_a":0,"total_counter_b":65536}'), Refusal.OUT_OF_RANGE),
    Case("broken", OLD, b"{", Refusal.NOT_JSON),
    Case("too large", LINE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
)
