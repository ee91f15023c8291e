"""What the terminal board's tests share."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio, which Textual runs on."""
    return "asyncio"
