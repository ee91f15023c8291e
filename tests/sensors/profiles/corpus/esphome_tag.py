"""A PN532 on ESPHome: UIDs as pairs of hex digits."""

from kiosk.domain.badge import Uid
from sensors.profiles import Setting
from sensors.readings import PAYLOAD_MAX, Refusal, Tag, What
from tests.sensors.profiles.cases import Case, say

READER = Setting(topic="focus-tag/tag", gateway="focus-tag/status")

CASES = (
    Case("4 bytes", READER, b"74-1C-2D-3E", say(Tag(Uid(bytes.fromhex("741C2D3E"))))),
    Case("7 bytes", READER, b"04-5E-7A-92-3C-6B-80", say(Tag(Uid(bytes.fromhex("045E7A923C6B80"))))),
    Case("removed", READER, b"", ()),
    Case("a half of a UID", READER, b"88-1C-2D-3E", Refusal.OUT_OF_RANGE),
    Case("zeros only", READER, b"00-00-00-00", Refusal.OUT_OF_RANGE),
    Case("a byte short", READER, b"74-1C-2D", Refusal.OUT_OF_RANGE),
    Case("a digit short", READER, b"74-1C-2D-3", Refusal.UNKNOWN_STATE),
    Case("no UID", READER, b"unknown", Refusal.UNKNOWN_STATE),
    Case("without end", READER, b"74-" * 40, Refusal.UNKNOWN_STATE),
    Case("no text", READER, b"\xff\xff", Refusal.WRONG_TYPE),
    Case("too large", READER, b"7" * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    Case("the node is there", READER, b"online", say(What.GATEWAY_ONLINE), "focus-tag/status"),
    Case("the node is gone", READER, b"offline", say(What.GATEWAY_OFFLINE), "focus-tag/status"),
)
