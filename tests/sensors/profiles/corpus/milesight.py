"""Milesight VS121 and VS133 behind both network servers: counts, totals, periods, regions, lines and the past."""

from datetime import UTC, datetime

from sensors.profiles import Reports, Setting
from sensors.profiles.milesight import HISTORY_MAX
from sensors.readings import PAYLOAD_MAX, Crossed, CrossedBy, People, Refusal, What, Word
from tests.sensors.profiles.cases import Case, say
from tests.sensors.profiles.corpus.lorawan import (
    CHIRPSTACK,
    DEDUPLICATION_ID,
    RECEIVED,
    THINGS_STACK,
    chirpstack,
    things_stack,
)

DEVICE = Setting(topic=CHIRPSTACK)
OTHER = Setting(topic=THINGS_STACK)
PERIODS = Setting(topic=CHIRPSTACK, reports=Reports.INCREMENTS)
LINE = Setting(topic=CHIRPSTACK, channel="line_2")
LINE_BACK = Setting(topic=CHIRPSTACK, channel="line_2", inverted=True)
LINE_PERIODS = Setting(topic=THINGS_STACK, channel="line_2", reports=Reports.INCREMENTS)
REGION = Setting(topic=CHIRPSTACK, channel="region_3")
EARLIER = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LINES = b'{"line_1_total_in":7,"line_1_total_out":6,"line_2_total_in":200,"line_2_total_out":180,'
LINES += b'"line_2_period_in":4,"line_2_period_out":1,"region_1_count":0,"region_3_count":5}'

CASES = (
    Case(
        "VS121 counts people and crossings",
        DEVICE,
        chirpstack(
            b'{"people_count_all":3,"people_count_max":5,"region_count":2,"region_1":1,"region_2":0,'
            b'"people_in":1,"people_out":0,"people_total_in":412,"people_total_out":409,"dwell_time_avg":40}'
        ),
        say(People(3), Crossed(412, 409, 65_536, 41), stamp=RECEIVED),
    ),
    Case(
        "VS121 of The Things Stack, with a time of its own",
        OTHER,
        things_stack(b'{"people_count_all":0,"timestamp":1772438400}'),
        say(People(0), stamp=EARLIER),
    ),
    Case(
        "VS121 with totals only",
        DEVICE,
        chirpstack(b'{"people_total_in":65535,"people_total_out":0}', frame=b""),
        say(Crossed(65_535, 0, 65_536), stamp=RECEIVED),
    ),
    Case(
        "VS121 by period",
        PERIODS,
        chirpstack(b'{"people_count_all":3,"people_in":2,"people_out":1}'),
        say(CrossedBy(2, 1, DEDUPLICATION_ID), stamp=RECEIVED),
    ),
    Case("VS133's second line", LINE, chirpstack(LINES), say(Crossed(200, 180, 2**32, 41), stamp=RECEIVED)),
    Case("the same, back to front", LINE_BACK, chirpstack(LINES), say(Crossed(180, 200, 2**32, 41), stamp=RECEIVED)),
    Case("the same, by period", LINE_PERIODS, things_stack(LINES), say(CrossedBy(4, 1, "41"), stamp=RECEIVED)),
    Case(
        "the same without a frame counter",
        LINE_PERIODS,
        things_stack(LINES, frame=b""),
        say(CrossedBy(4, 1), stamp=RECEIVED),
    ),
    Case("a region's count", REGION, chirpstack(LINES), say(People(5), stamp=RECEIVED)),
    Case("a region that is taken", REGION, chirpstack(b'{"region_3":1}'), say(What.MOTION, stamp=RECEIVED)),
    Case("a region that is free", REGION, chirpstack(b'{"region_3":0}'), say(What.CLEAR, stamp=RECEIVED)),
    Case(
        "the past beside the present",
        DEVICE,
        chirpstack(
            b'{"people_count_all":1,"history":[{"timestamp":1772438400,"people_count_all":9},'
            b'{"people_count_all":8},{"timestamp":1772438400,"people_count_max":9},7]}'
        ),
        (Word(People(1), RECEIVED), Word(People(9), EARLIER, history=True)),
    ),
    Case(
        "the past alone",
        LINE,
        chirpstack(b'{"history":[{"timestamp":1772438400,"line_2_total_in":9,"line_2_total_out":8}]}'),
        (Word(Crossed(9, 8, 2**32), EARLIER, history=True),),
    ),
    Case(
        "more of the past than is read",
        DEVICE,
        chirpstack(
            b'{"history":[%s]}' % b",".join([b'{"timestamp":1772438400,"people_count_all":9}'] * (HISTORY_MAX + 1))
        ),
        (Word(People(9), EARLIER, history=True),) * HISTORY_MAX,
    ),
    Case(
        "a device's time in a form it has not",
        DEVICE,
        chirpstack(b'{"people_count_all":1,"timestamp":"now"}'),
        say(People(1), stamp=RECEIVED),
    ),
    Case("cleared at the broker", DEVICE, b"", ()),
    Case("nothing that is read here", DEVICE, chirpstack(b'{"adr_enable":"enable"}'), Refusal.MISSING),
    Case("a total in without one out", DEVICE, chirpstack(b'{"people_total_in":5}'), Refusal.MISSING),
    Case(
        "a count and half a total", DEVICE, chirpstack(b'{"people_count_all":2,"people_total_in":5}'), Refusal.MISSING
    ),
    Case("a count of null", DEVICE, chirpstack(b'{"people_count_all":null}'), Refusal.MISSING),
    Case("a region that is not told", REGION, chirpstack(b"{}"), Refusal.MISSING),
    Case("another region than there is", REGION, chirpstack(b'{"region_1":1}'), Refusal.MISSING),
    Case("a region beyond taken", REGION, chirpstack(b'{"region_3":2}'), Refusal.OUT_OF_RANGE),
    Case("a region's count of text", REGION, chirpstack(b'{"region_3_count":"not set"}'), Refusal.NOT_A_NUMBER),
    Case("a count of text", DEVICE, chirpstack(b'{"people_count_all":"3"}'), Refusal.NOT_A_NUMBER),
    Case("a count of true", DEVICE, chirpstack(b'{"people_count_all":true}'), Refusal.NOT_A_NUMBER),
    Case("a count below nobody", DEVICE, chirpstack(b'{"people_count_all":-1}'), Refusal.OUT_OF_RANGE),
    Case(
        "a total of 17 bits",
        DEVICE,
        chirpstack(b'{"people_total_in":65536,"people_total_out":0}'),
        Refusal.OUT_OF_RANGE,
    ),
    Case("a past that is none", DEVICE, chirpstack(b'{"people_count_all":1,"history":{}}'), Refusal.WRONG_TYPE),
    Case("not decoded by a codec", DEVICE, b'{"deduplicationId":"x","data":"A9JkAAAA"}', Refusal.MISSING),
    Case("not decoded by a formatter", OTHER, b'{"uplink_message":{"frm_payload":"A9JkAAAA"}}', Refusal.MISSING),
    Case("no uplink", OTHER, b'{"join_accept":{}}', Refusal.WRONG_TYPE),
    Case("values that are none", DEVICE, chirpstack(b"[1]"), Refusal.WRONG_TYPE),
    Case("a frame counter below 0", DEVICE, chirpstack(b"{}", frame=b'"fCnt":-1,'), Refusal.WRONG_TYPE),
    Case("broken", DEVICE, b'{"object":', Refusal.NOT_JSON),
    Case("NaN", DEVICE, chirpstack(b'{"people_count_all":NaN}'), Refusal.NOT_JSON),
    Case("too large", DEVICE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
)
