"""Tag readers on Tasmota: each of the three, and what loses a UID's zeros."""

from kiosk.domain.badge import Uid
from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Refusal, Tag, What
from tests.sensors.profiles.cases import Case, say

READER = Setting(topic="tele/focus-tag/SENSOR")
STATE, LWT = "tele/focus-tag/STATE", "tele/focus-tag/LWT"
TAG = say(Tag(Uid(bytes.fromhex("94D81A2B"))))

CASES = (
    Case("PN532", READER, b'{"Time":"2026-03-02T10:14:05","PN532":{"UID":"94D81A2B"}}', TAG),
    Case("PN532 with what it holds", READER, b'{"PN532":{"UID":"94D81A2B","Data":"HELLO","Auth":"None"}}', TAG),
    Case("RC522", READER, b'{"RC522":{"UID":"94d81a2b","Data":"","Type":"MIFARE 1KB"}}', TAG),
    Case("RDM6300", READER, b'{"Time":"2026-03-02T10:14:05","RDM6300":{"UID":"94D81A2B"}}', TAG),
    Case("another sensor of the device", READER, b'{"Time":"2026-03-02T10:14:05","Switch1":"ON"}', ()),
    Case("cleared at the broker", READER, b"", ()),
    Case("a UID that lost a zero", READER, b'{"PN532":{"UID":"94D81A2"}}', Refusal.UNKNOWN_STATE),
    Case("a UID that lost two zeros", READER, b'{"PN532":{"UID":"94D81A"}}', Refusal.OUT_OF_RANGE),
    Case("a UID that is a number", READER, b'{"PN532":{"UID":94}}', Refusal.WRONG_TYPE),
    Case("no UID", READER, b'{"PN532":{}}', Refusal.WRONG_TYPE),
    Case("no reader's object", READER, b'{"RDM6300":"94D81A2B"}', Refusal.WRONG_TYPE),
    Case("broken", READER, b'{"PN532":', Refusal.NOT_JSON),
    Case("too large", READER, b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("a sign of life", READER, b'{"Uptime":"0T00:20:15"}', say(What.ALIVE), STATE),
    Case("the device is there", READER, b"Online", say(What.GATEWAY_ONLINE), LWT),
    Case("the device is gone", READER, b"Offline", say(What.GATEWAY_OFFLINE), LWT),
)
