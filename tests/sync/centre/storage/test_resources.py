"""The SCIM storage follows the contract of the server it is made for, on a real file."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract
from scim2_server.utils import load_default_provider

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.storage.resources import Resources
from sync.centre.storage.room import Room


@cache
def _provider() -> ScimProvider:
    return load_default_provider()


class TestResources(ScimStorageContract):
    """All tests of the library's own contract for storages."""

    @pytest.fixture
    def provider(self) -> ScimProvider:
        """Return the default provider, made once: making it takes longer than most of the tests."""
        return _provider()

    @pytest.fixture
    def storage(self, tmp_path: Path, provider: ScimProvider) -> Iterator[Resources]:
        """Return a storage in a new file."""
        room = Room(tmp_path / "centre.db")
        yield Resources(room, provider, SystemClock(), Ids())
        room.close()
