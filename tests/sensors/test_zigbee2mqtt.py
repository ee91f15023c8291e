"""The Zigbee2MQTT profile: payloads in, words or refusals out."""

from datetime import UTC, datetime

import pytest

from sensors.profiles import PROFILES, Part
from sensors.readings import PAYLOAD_MAX, Refusal, What, Word

PROFILE = PROFILES["zigbee2mqtt"]
MOMENT = datetime(2026, 3, 2, 9, 14, 7, 120000, UTC)


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b'{"occupancy": true, "battery": 91}', Word(What.MOTION)),
        (b'{"occupancy": false}', Word(What.CLEAR)),
        (b'{"presence": true}', Word(What.MOTION)),
        (b'{"presence": false, "occupancy": true}', Word(What.CLEAR)),
        (b'{"illuminance": 212}', Word(What.ALIVE)),
        (b'{"occupancy": null, "target_distance": null}', Word(What.ALIVE)),
        (b'{"occupancy": true, "last_seen": "2026-03-02T09:14:07.120Z"}', Word(What.MOTION, MOMENT)),
        (b'{"occupancy": true, "last_seen": "2026-03-02T10:14:07.120+01:00"}', Word(What.MOTION, MOMENT)),
        (b'{"occupancy": true, "last_seen": 1772442847120}', Word(What.MOTION, MOMENT)),
        (b'{"occupancy": true, "last_seen": "yesterday"}', Word(What.MOTION)),
        (b'{"occupancy": true, "last_seen": 1e300}', Word(What.MOTION)),
    ],
)
def test_a_device_message_says_how_it_stands(payload: bytes, word: Word) -> None:
    assert PROFILE.read(Part.STATE, payload) == (word,)


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        (b"{", Refusal.NOT_JSON),
        (b"\xff\xfe", Refusal.NOT_JSON),
        (b'{"occupancy": NaN}', Refusal.NOT_JSON),
        (b"[" * 60_000, Refusal.WRONG_TYPE),
        (b'{"a":' + b"[" * 60_000, Refusal.NOT_JSON),
        (b'{"occupancy": "not set"}', Refusal.WRONG_TYPE),
        (b'{"occupancy": 1}', Refusal.WRONG_TYPE),
        (b"ONc", Refusal.NOT_JSON),
        (b"true", Refusal.WRONG_TYPE),
        (b"[]", Refusal.WRONG_TYPE),
        (b" " * (PAYLOAD_MAX + 1), Refusal.TOO_LARGE),
    ],
)
def test_a_broken_device_message_is_refused_by_name(payload: bytes, refusal: Refusal) -> None:
    assert PROFILE.read(Part.STATE, payload) is refusal


@pytest.mark.parametrize(
    ("part", "payload", "said"),
    [
        (Part.AVAILABILITY, b"online", (Word(What.ONLINE),)),
        (Part.AVAILABILITY, b"offline", (Word(What.OFFLINE),)),
        (Part.AVAILABILITY, b'{"state": "online"}', (Word(What.ONLINE),)),
        (Part.AVAILABILITY, b'{"state":"offline"}', (Word(What.OFFLINE),)),
        (Part.GATEWAY, b"offline", (Word(What.GATEWAY_OFFLINE),)),
        (Part.GATEWAY, b'{"state":"online"}', (Word(What.GATEWAY_ONLINE),)),
        (Part.AVAILABILITY, b"", ()),
        (Part.AVAILABILITY, b"maybe", Refusal.UNKNOWN_STATE),
        (Part.AVAILABILITY, b'{"state": 1}', Refusal.WRONG_TYPE),
        (Part.GATEWAY, b'{"state"', Refusal.NOT_JSON),
        (Part.GATEWAY, b"\xff", Refusal.NOT_JSON),
    ],
)
def test_availability_and_bridge_are_understood_in_both_forms(part: Part, payload: bytes, said: object) -> None:
    assert PROFILE.read(part, payload) == said


def test_an_empty_payload_that_clears_a_retained_topic_says_nothing() -> None:
    assert PROFILE.read(Part.STATE, b"") == ()


def test_a_payload_at_the_bound_is_read() -> None:
    payload = b'{"occupancy": true}'.ljust(PAYLOAD_MAX)
    assert PROFILE.read(Part.STATE, payload) == (Word(What.MOTION),)


def test_the_bridge_of_a_device_stands_at_the_first_level_of_its_topic() -> None:
    assert PROFILE.topics("z2m/house/focus/pir-1") == {
        "z2m/house/focus/pir-1": Part.STATE,
        "z2m/house/focus/pir-1/availability": Part.AVAILABILITY,
        "z2m/bridge/state": Part.GATEWAY,
    }
