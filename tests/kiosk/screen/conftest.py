"""A desk that says what a test lets it say, for a screen in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.screen.examples import board
from tests.support.fake_desk import FakeDesk


@pytest.fixture
def anyio_backend() -> str:
    """Return what Textual runs on."""
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    """Yield the desk, with the example house."""
    with FakeDesk(tmp_path / "door.sock", board()) as fake:
        yield fake


@pytest.fixture
def door(desk: FakeDesk, tmp_path: Path) -> Path:
    """Return where that desk's door is, open."""
    assert desk is not None
    return tmp_path / "door.sock"
