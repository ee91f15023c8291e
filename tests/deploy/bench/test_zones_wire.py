"""The small end of MQTT that measures use, against a real broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.bench.zones_wire import Wire, publish
from tests.support.mosquitto import Mosquitto

pytestmark = pytest.mark.parts

WAIT_S = 20.0


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Give a running broker's port."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker.port
    broker.stop()


def test_messages_of_every_size_come_through_whole_and_in_order(port: int) -> None:
    ear, mouth = Wire(port, "ear"), Wire(port, "mouth")
    ear.subscribe("a/+")
    sent = [(f"a/{number}".encode(), b"x" * size) for number, size in enumerate((0, 1, 120, 128, 20_000, 300_000, 7))]
    mouth.send(b"".join(publish(topic.decode(), payload) for topic, payload in sent))
    heard: list[tuple[bytes, bytes]] = []
    while len(heard) < len(sent):
        found = [(one.topic, one.payload) for one in ear.frames(WAIT_S)]
        assert found or heard
        heard += found
    assert heard == sent
    ear.close()
    mouth.close()


def test_a_broker_that_hangs_up_is_an_error_and_no_silence(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    broker.start()
    wire = Wire(broker.port, "ear")
    broker.stop()
    with pytest.raises(OSError, match=r"closed|reset"):
        list(wire.frames(WAIT_S))
    wire.close()
