"""A real centre, a proxy that can do harm, and a house, for the tests of the thread between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.centre import House, RunningCentre, running_centre
from tests.support.fault_proxy import FaultProxy, fault_proxy


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    """Return a running centre."""
    with running_centre(tmp_path) as running:
        yield running


@pytest.fixture
def proxy(centre: RunningCentre) -> Iterator[FaultProxy]:
    """Return a proxy in front of the centre."""
    with fault_proxy(centre.port) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, centre: RunningCentre, proxy: FaultProxy) -> Iterator[House]:
    """Return a house that reaches the centre through the proxy."""
    one = House(tmp_path, proxy.url, centre.token)
    yield one
    one.close()
