"""What Home Assistant's tag scanners are sent, and the event it makes of it."""

from kiosk.domain.badge import Uid
from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Refusal, Tag, What
from tests.sensors.profiles.cases import MOMENT, Case, say

READER = Setting(topic="focus/tag_scanned", availability="focus/there", gateway="homeassistant/status")
UID = Tag(Uid(bytes.fromhex("E9F31A2B")))

CASES = (
    Case("a scanner's payload", READER, b"E9F31A2B", say(UID)),
    Case("with marks", READER, b"e9:f3:1a:2b", say(UID)),
    Case("a JSON text", READER, b'"E9-F3-1A-2B"', say(UID)),
    Case("an object", READER, b'{"tag_id":"E9F31A2B"}', say(UID)),
    Case(
        "an event",
        READER,
        b'{"event_type":"tag_scanned","event_data":{"tag_id":"E9-F3-1A-2B","device_id":"0affd2"},'
        b'"origin":"LOCAL","time_fired":"2026-03-02T09:14:07.120000+00:00"}',
        say(UID, stamp=MOMENT),
    ),
    Case("an event of another make", READER, b'{"event_type":"tag_scanned","data":{"tag_id":"E9F31A2B"}}', say(UID)),
    Case("another event", READER, b'{"event_type":"state_changed","data":{}}', ()),
    Case("cleared at the broker", READER, b"", ()),
    Case("a made-up id", READER, b'{"tag_id":"7c0a9d1e-3b52-4c8f-9a77-0d5e1f2b3c4d"}', Refusal.OUT_OF_RANGE),
    Case("no id", READER, b'{"event_type":"tag_scanned","data":{}}', Refusal.MISSING),
    Case("an id that is a number", READER, b'{"tag_id":94}', Refusal.WRONG_TYPE),
    Case("a UID too short", READER, b"E9F31A", Refusal.OUT_OF_RANGE),
    Case("no UID", READER, b"hello", Refusal.UNKNOWN_STATE),
    Case("no text", READER, b"\xff", Refusal.WRONG_TYPE),
    Case("broken", READER, b'{"tag_id"', Refusal.NOT_JSON),
    Case("too large", READER, b"7" * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the scanner is there", READER, b"online", say(What.ONLINE), "focus/there"),
    Case("the scanner is gone", READER, b"offline", say(What.OFFLINE), "focus/there"),
    Case("Home Assistant is there", READER, b"online", say(What.GATEWAY_ONLINE), "homeassistant/status"),
    Case("Home Assistant is gone", READER, b"offline", say(What.GATEWAY_OFFLINE), "homeassistant/status"),
)
