"""The databases that the centre's behaviour must be the same on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.bench.ingest_postgres import Cluster
from tests.support.postgres import new_database, postgres_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return a running PostgreSQL."""
    with postgres_cluster() as running:
        yield running


@pytest.fixture
def postgres(cluster: Cluster) -> str:
    """Return the address of an empty database in PostgreSQL."""
    return new_database(cluster)


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in memory where there is one: what is tested with it does not ask what a power cut leaves."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="samverk-test-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.parts)])
def database(request: pytest.FixtureRequest, in_memory: Path) -> str:
    """Return the address of an empty database: each test that asks for it runs on both."""
    return str(in_memory / "centre.db") if request.param == "sqlite" else request.getfixturevalue("postgres")
