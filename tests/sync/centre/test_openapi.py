"""The written description of the centre's door says what the door does."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync import plan
from sync.centre.app import build
from sync.centre.events import BATCH_MAX, TYPES, Verdict
from sync.centre.registry import Registry
from sync.records import Verdict as HeardVerdict
from tests.support.centre import SITE, SOURCE, visits

DESCRIPTION = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def description() -> Any:
    """Return the description."""
    return json.loads(DESCRIPTION.read_text())


def test_it_lists_every_route_and_no_other(description: Any, tmp_path: Path) -> None:
    registry = Registry(tmp_path / "centre.db", SystemClock(), Ids())
    routes = {one.path: (one.methods or set()) - {"HEAD"} for one in build(registry).routes if isinstance(one, Route)}
    registry.close()
    listed = {path: {method.upper() for method in methods} for path, methods in description["paths"].items()}
    assert routes == listed


def test_it_names_the_types_verdicts_and_bounds_in_force(description: Any) -> None:
    schemas = description["components"]["schemas"]
    batch = description["paths"]["/events"]["post"]["requestBody"]["content"]["application/cloudevents-batch+json"]
    assert schemas["Event"]["properties"]["type"]["enum"] == list(TYPES)
    assert batch["schema"]["maxItems"] == BATCH_MAX
    verdicts = set(schemas["Verdicts"]["properties"]["verdicts"]["items"]["properties"]["verdict"]["enum"])
    assert {one.value for one in Verdict} <= verdicts == {one.value for one in HeardVerdict}


def test_what_a_house_sends_is_what_it_describes(description: Any) -> None:
    event = description["components"]["schemas"]["Event"]
    sent = plan.project(
        list(enumerate(visits(1), start=1)), site=SITE, source=SOURCE, sequence=0, took_part=frozenset()
    )
    for one in sent:
        body = json.loads(one.body)
        assert set(body) == set(event["required"]) == set(event["properties"])
        data = event["properties"]["data"]
        assert set(data["required"]) <= set(body["data"]) <= set(data["properties"])
