"""`samverk bench sync` measures the centre beside bare inserts in the same run, as text and as JSON."""

import json
import logging
from collections.abc import Iterator

import pytest

from deploy.bench import ingest
from deploy.bench.figures import Measured
from deploy.commands import bench

pytestmark = pytest.mark.parts


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Measure little."""
    for name, value in {"ROWS": 400, "ROUNDS": 1, "BULK": 400, "ROSTERS": (50,)}.items():
        monkeypatch.setattr(ingest, name, value)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("small")
def test_every_store_stands_beside_what_is_bare(capsys: pytest.CaptureFixture[str]) -> None:
    found = Measured(*ingest.measure(taps=1, members=1))
    names = {one.name for one in found.amounts}
    assert {one.bare for one in found.amounts if one.bare} <= names
    for database in ("SQLite", "PostgreSQL"):
        assert {f"door, {database} 100, new", f"door, {database} 100, all duplicates"} <= names
        assert f"store, {database} 100, new" in names
    assert {one.name for one in found.figures} == {f"request of 100: {one}" for one in ("SQLite", "PostgreSQL")}
    assert all(one.value > 0 for one in found.amounts)
    assert "ingest" in bench.PARTS["sync"]
    assert json.loads(json.dumps([one.name for one in found.figures]))
    assert capsys.readouterr().out == ""
