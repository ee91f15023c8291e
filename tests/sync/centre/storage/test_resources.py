"""The SCIM storage follows the contract of the server it is made for, on both databases."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract
from scim2_server.utils import load_default_provider

from deploy.bench.ingest_postgres import Cluster
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.storage.opening import open_rooms
from sync.centre.storage.postgres import PostgresRoom
from sync.centre.storage.resources import Resources
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow

CONTRACT_TESTS = 44


@cache
def _provider() -> ScimProvider:
    return load_default_provider()


@pytest.fixture(scope="module")
def room(cluster: Cluster) -> Iterator[PostgresRoom]:
    """Return an open PostgreSQL."""
    room = PostgresRoom(new_database(cluster))
    yield room
    room.close()


class TestOnSqlite(ScimStorageContract):
    """All tests of the library's own contract for storages, on a real file."""

    @pytest.fixture
    def provider(self) -> ScimProvider:
        """Return the default provider, made once: making it takes longer than most of the tests."""
        return _provider()

    @pytest.fixture
    def storage(self, tmp_path: Path, provider: ScimProvider) -> Iterator[Resources]:
        """Return a storage in a new file."""
        rooms = open_rooms(tmp_path / "centre.db")
        yield Resources(rooms[0], provider, SystemClock(), Ids())
        for one in rooms:
            one.close()


@pytest.mark.parts
class TestOnPostgres(ScimStorageContract):
    """The same on PostgreSQL."""

    @pytest.fixture
    def provider(self) -> ScimProvider:
        """Return the default provider."""
        return _provider()

    @pytest.fixture
    def storage(self, room: PostgresRoom, provider: ScimProvider) -> Resources:
        """Return a storage with nothing in it."""
        with room.transaction() as work:
            for table in ("resources", "unique_values", "records", "badges", "doubts", "rechecks"):
                work.run(f"DELETE FROM {table}")  # noqa: S608 - our own names
        return Resources(room, provider, SystemClock(), Ids())


def test_the_contract_is_the_whole_one() -> None:
    assert sum(name.startswith("test_") for name in dir(ScimStorageContract)) >= CONTRACT_TESTS
    for kind in (TestOnSqlite, TestOnPostgres):
        own = {name for name in vars(kind) if name.startswith("test_")}
        assert own == set(), "no test of the contract is replaced"
