"""The written description of the centre's door says what the door does: asked by hand and by schemathesis."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)
from starlette.routing import Route

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.app import build
from sync.centre.events import BATCH_MAX, TYPES, Verdict
from sync.centre.registry import Enrolment, Registry
from sync.centre.storage.roster import LIMIT_MAX
from tests.support.centre import SOURCE, member
from tests.support.centre_events import visits
from tests.support.centre_served import Served, served

DESCRIPTION = Path(__file__).parents[3] / "docs" / "openapi.json"
EXAMPLES = 10
"""How many requests of each kind schemathesis makes up."""

LEFT_OUT = [
    ignored_auth,  # who may come is tested by name: these requests always come with a token
    unsupported_method,  # what is asked in another way is answered 405, which no operation lists
    negative_data_rejection,  # an event that breaks the rules gets its verdict in a 200; a house's health never fails
    positive_data_acceptance,  # 410 is how a position of another life is answered
]

described = schemathesis.openapi.from_path(str(DESCRIPTION))


@pytest.fixture(scope="module")
def description() -> Any:
    """Return the description."""
    return json.loads(DESCRIPTION.read_text())


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a running centre with some members and events."""
    folder = tmp_path_factory.mktemp("centre")
    with served(str(folder / "centre.db"), folder) as running:
        running.registry.enrol(Enrolment(members=tuple(member(number) for number in range(1, 9))))
        running.house().tell(*visits(3))
        yield running


@pytest.fixture(scope="module")
def token(centre: Served) -> str:
    """Return a house's token."""
    return centre.house().token


def test_it_lists_every_route_and_no_other(description: Any, tmp_path: Path) -> None:
    registry = Registry(tmp_path / "centre.db", SystemClock(), Ids())
    routes = {one.path: (one.methods or set()) - {"HEAD"} for one in build(registry).routes if isinstance(one, Route)}
    registry.close()
    listed = {path: {method.upper() for method in methods} for path, methods in description["paths"].items()}
    assert routes == listed


def test_it_names_the_types_verdicts_and_bounds_in_force(description: Any) -> None:
    schemas, paths = description["components"]["schemas"], description["paths"]
    batch = paths["/events"]["post"]["requestBody"]["content"]["application/cloudevents-batch+json"]
    assert schemas["Event"]["properties"]["type"]["enum"] == list(TYPES)
    assert batch["schema"]["maxItems"] == BATCH_MAX
    verdicts = schemas["Verdicts"]["properties"]["verdicts"]["items"]["properties"]["verdict"]["enum"]
    assert {one.value for one in Verdict} == set(verdicts)
    limits = {
        one["schema"]["maximum"] for one in paths["/roster/changes"]["get"]["parameters"] if one["name"] == "limit"
    }
    assert limits == {LIMIT_MAX}


def test_what_a_house_sends_is_what_it_describes(description: Any) -> None:
    event = description["components"]["schemas"]["Event"]
    for body in visits(1):
        assert set(event["required"]) <= set(body) <= set(event["properties"])
        data = event["properties"]["data"]
        assert set(data["required"]) <= set(body["data"]) <= set(data["properties"])


@pytest.mark.parts
@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_made_up_request_is_answered_as_described(case: Any, centre: Served, token: str) -> None:
    response = case.call(base_url=centre.url, headers={"Authorization": f"Bearer {token}"})
    case.validate_response(response, excluded_checks=LEFT_OUT)


@pytest.mark.parts
def test_what_schemathesis_sent_has_done_no_harm(centre: Served) -> None:
    report = centre.registry.report()
    assert report.members == 8
    assert report.events[SOURCE]["se.samverket.visit.arrived"] >= 3
