"""Fixtures of the sensors' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mosquitto import Mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Give a running broker of one's own."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()
