"""Traces: what is written can be read again, holds no device's own id, and a bad line is only that."""

import json

from sensors.readings import Message
from sensors.trace import LINE_MAX, BadLine, Mask, Traced, line, read


def test_a_written_line_reads_back_as_the_same_message() -> None:
    for payload in (b'{"occupancy": true}', b"online", b"", "å".encode(), b"\xff\x00"):
        message = Message("zigbee2mqtt/a", payload, retained=True)
        assert list(read([line(1.5, message, Mask())])) == [Traced(1.5, message)]


def test_a_payload_may_be_json_itself() -> None:
    traced = next(iter(read(['{"t": 1, "topic": "a", "payload": {"occupancy": true}}'])))
    assert isinstance(traced, Traced)
    assert json.loads(traced.message.payload) == {"occupancy": True}
    assert not traced.message.retained


def test_device_ids_are_masked_alike_all_through_a_trace() -> None:
    mask = Mask()
    first = line(0, Message("zigbee2mqtt/0x00158d0001020304", b'{"ieeeAddr":"0x00158D0001020304"}'), mask)
    second = line(1, Message("zigbee2mqtt/0x00158d0001020305", b""), mask)
    assert "158d" not in (first + second).lower()
    assert json.loads(first)["topic"] == "zigbee2mqtt/device-1"
    assert json.loads(json.loads(first)["payload"]) == {"ieeeAddr": "device-1"}
    assert json.loads(second)["topic"] == "zigbee2mqtt/device-2"


def test_bad_lines_are_named_by_number_and_the_others_are_read() -> None:
    good = '{"t": 0, "topic": "a", "payload": ""}'
    lines = [good, "{", "[]", '{"t": "x", "topic": "a"}', '{"t": 1e999, "topic": "a"}', '{"t": true, "topic": "a"}']
    lines += ['{"t": 1, "topic": "a", "payload_base64": "!"}', "x" * (LINE_MAX + 1), "", good]
    found = list(read(lines))
    assert [one.number for one in found if isinstance(one, BadLine)] == [2, 3, 4, 5, 6, 7, 8]
    assert sum(isinstance(one, Traced) for one in found) == 2
