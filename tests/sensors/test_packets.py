"""Plain MQTT messages, to bytes and back: all of them, whole or not, and nothing that is not plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.broker.packets import decoded, encoded
from sensors.readings import PAYLOAD_MAX, Message

topics = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
messages = st.builds(Message, topics, st.binary(max_size=400), st.booleans())
PINGRESP = b"\xd0\x00"


def written(message: Message, expires_s: int | None = None) -> bytes:
    return encoded(message.topic, message.payload, retain=message.retained, expires_s=expires_s)


@given(st.lists(messages, max_size=5))
def test_what_is_written_is_read_again_in_order(some: list[Message]) -> None:
    whole = b"".join(map(written, some))
    assert decoded(whole, 0) == (some, len(whole))


@given(st.lists(messages, min_size=1, max_size=3), st.data())
def test_of_a_packet_that_is_not_whole_nothing_is_taken(some: list[Message], data: st.DataObject) -> None:
    whole, last = b"".join(map(written, some)), len(written(some[-1]))
    cut = data.draw(st.integers(1, last))
    assert decoded(whole[:-cut], 0) == (some[:-1], len(whole) - last)


@given(st.binary(max_size=60))
def test_any_bytes_are_taken_up_to_what_is_not_plain(taken: bytes) -> None:
    found, at = decoded(taken, 0)
    assert 0 <= at <= len(taken)
    assert bool(found) is (at > 0)


@pytest.mark.parametrize(
    "other",
    [PINGRESP, b"\x32\x05\0\x01a\0\x01", written(Message("a", b"x"), expires_s=9), b"\x30\x02\0\x09", b"\x30\xff\xff"],
    ids=["another kind", "quality of service 1", "properties", "a topic past its end", "a length that is not whole"],
)
def test_what_is_not_plain_is_left_where_it_begins(other: bytes) -> None:
    first = Message("a", b"1")
    assert decoded(written(first) + other, 0) == ([first], len(written(first)))


def test_a_payload_is_cut_one_byte_past_its_bound() -> None:
    whole = written(Message("a", b"x" * (PAYLOAD_MAX + 9)))
    (only,), at = decoded(whole, 0)
    assert len(only.payload) == PAYLOAD_MAX + 1
    assert at == len(whole)


def test_an_expiry_is_property_2_in_four_bytes() -> None:
    assert written(Message("a", b"x"), expires_s=150) == b"\x30\x0a\0\x01a\x05\x02\0\0\0\x96x"
    assert written(Message("a", b"x", retained=True)) == b"\x31\x05\0\x01a\0x"


@pytest.mark.parametrize("topic", ["", "a" * 65_536])
def test_a_topic_that_mqtt_has_no_place_for_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="no such topic"):
        written(Message(topic, b""))
