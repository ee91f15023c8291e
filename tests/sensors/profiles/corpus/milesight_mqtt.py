"""Milesight VS121-P: periodic and triggered reports, regions counted or only taken, its clock, and a picture."""

from datetime import UTC, datetime

from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, People, Refusal, What
from tests.sensors.profiles.cases import Case, say

DEVICE = Setting(topic="house/lagerelden/vs121p")
SECOND = Setting(topic="house/lagerelden/vs121p", channel="region_2")
ENDED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
ABROAD = b'"timezone":"UTC+8:00","dst_status":false,"start_time":"2026/03/02 17:05:00","end_time":"2026/03/02 17:15:00"'


def _report(fields: bytes, time: bytes = ABROAD) -> bytes:
    return (
        b'{"event":"Region People Counting","report_type":"interval","device_info":{"device":"Workplace Sensor",'
        b'"device_sn":"6798B00000000001","device_mac":"00:00:5E:00:53:01","ip_address":"192.0.2.9"},'
        b'"time_info":{%s},%s,"max_counted":12}'
    ) % (time, fields)


COUNTED = (
    b'"current_total":10,"total_mapped_regions":2,"numbering_regions":[1,2],"current_counted":[7,3],"occupancy":[1,1]'
)
TAKEN = b'"current_total":1,"numbering_regions":[2,1],"occupancy":[0,1]'

CASES = (
    Case("a period's count", DEVICE, _report(COUNTED), say(People(10), stamp=ENDED)),
    Case("a region's count", SECOND, _report(COUNTED), say(People(3), stamp=ENDED)),
    Case("a region that is free", SECOND, _report(TAKEN), say(What.CLEAR, stamp=ENDED)),
    Case(
        "a region that is taken", Setting(topic="a", channel="region_1"), _report(TAKEN), say(What.MOTION, stamp=ENDED)
    ),
    Case(
        "an event in summer, west of Greenwich",
        DEVICE,
        _report(b'"current_total":0', b'"timezone":"UTC-3:30","dst_status":true,"time":"2026/03/02 06:45:00"'),
        say(People(0), stamp=ENDED),
    ),
    Case(
        "a clock without an offset",
        DEVICE,
        _report(b'"current_total":0', b'"time":"2026/03/02 06:45:00"'),
        say(People(0), stamp=datetime(2026, 3, 2, 6, 45)),  # noqa: DTZ001 - a time without a zone is the point
    ),
    Case("an offset of no known form", DEVICE, _report(b'"current_total":1', b'"timezone":"CET"'), say(People(1))),
    Case(
        "the first moment there is",
        DEVICE,
        _report(b'"current_total":1', b'"timezone":"UTC+8:00","dst_status":false,"time":"0001/01/01 00:00:00"'),
        say(People(1)),
    ),
    Case(
        "the same in summer",
        DEVICE,
        _report(b'"current_total":1', b'"timezone":"UTC+8:00","dst_status":true,"time":"0001/01/01 00:00:00"'),
        say(People(1)),
    ),
    Case(
        "an offset beyond any",
        DEVICE,
        _report(b'"current_total":1', b'"timezone":"UTC+99:00","time":"2026/03/02 06:45:00"'),
        say(People(1)),
    ),
    Case("no time", DEVICE, b'{"current_total":2}', say(People(2))),
    Case("cleared at the broker", DEVICE, b"", ()),
    Case("a picture", DEVICE, _report(COUNTED + b',"snapshot":"/9j/4AAQSkZJRg"'), Refusal.PICTURE),
    Case("another event", DEVICE, b'{"event":"Line Crossing Counting"}', Refusal.MISSING),
    Case("a region that is not mapped", Setting(topic="a", channel="region_3"), _report(COUNTED), Refusal.MISSING),
    Case("more regions than counts", SECOND, b'{"numbering_regions":[1,2],"current_counted":[7]}', Refusal.MISSING),
    Case("more regions than are told of", SECOND, b'{"numbering_regions":[1,2],"occupancy":[1]}', Refusal.MISSING),
    Case("regions and nothing of them", SECOND, b'{"numbering_regions":[1,2]}', Refusal.MISSING),
    Case("a region beyond taken", SECOND, b'{"numbering_regions":[2],"occupancy":[2]}', Refusal.OUT_OF_RANGE),
    Case("a count of text", DEVICE, _report(b'"current_total":"10"'), Refusal.NOT_A_NUMBER),
    Case("regions that are none", DEVICE, b'{"current_total":1,"numbering_regions":7}', Refusal.WRONG_TYPE),
    Case("broken", DEVICE, b'{"current_total":', Refusal.NOT_JSON),
    Case("too large, as a picture is", DEVICE, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
)
