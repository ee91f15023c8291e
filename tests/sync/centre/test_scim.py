"""SCIM as three kinds of bearer see it, and as a tester that was not written here does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember
from tests.support.asking import opened
from tests.support.centre import AGENCY
from tests.support.centre_served import Served, served

pytestmark = pytest.mark.parts

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
MEMBERSHIP = "urn:samverk:params:scim:schemas:membership:1.0:User"


@pytest.fixture
def centre(database: str, tmp_path: Path) -> Iterator[Served]:
    """Return a running centre with two agencies."""
    with served(database, tmp_path) as running:
        running.registry.enrol(Enrolment(agencies=(NewAgency("lst", "Länsstyrelsen", 5, contact="a@example.se"),)))
        yield running


def user(name: str, **membership: Any) -> dict[str, Any]:
    """Return a user as an identity provider sends it."""
    body: dict[str, Any] = {"schemas": [USER], "userName": name, "displayName": name.title(), "active": True}
    return {**body, "schemas": [USER, MEMBERSHIP], MEMBERSHIP: membership} if membership else body


def test_an_agency_adds_its_own_members_who_are_applied_for_until_approved(centre: Served) -> None:
    agency, house = centre.agency("lst"), centre.house()
    made = agency.scim("POST", "/Users", user("karin"))
    assert made.status_code == 201
    told = made.json()
    assert (told["active"], told[MEMBERSHIP]["agency"], told[MEMBERSHIP]["approval"]) == (True, "lst", "applied")
    seen = house.scim("GET", f"/Users/{told['id']}").json()
    assert (seen["active"], seen["userName"]) == (False, told["id"])
    centre.registry.approve(told["id"])
    assert house.scim("GET", f"/Users/{told['id']}").json()["active"] is True
    assert "approval" not in agency.scim("GET", f"/Users/{told['id']}").json()[MEMBERSHIP]


def test_an_agency_without_approval_adds_members_at_once(centre: Served) -> None:
    centre.registry.enrol(Enrolment(agencies=(NewAgency("fri", "Fri", 5, approves=False),)))
    made = centre.agency("fri").scim("POST", "/Users", user("karin")).json()
    assert centre.house().scim("GET", f"/Users/{made['id']}").json()["active"] is True


def test_an_agency_neither_sees_nor_touches_another_agencys_members(centre: Served) -> None:
    centre.registry.enrol(Enrolment(members=(NewMember("m1", "Ett", AGENCY.id), NewMember("m2", "Två", "lst"))))
    agency = centre.agency("lst")
    assert [one["id"] for one in agency.scim("GET", "/Users").json()["Resources"]] == ["m2"]
    assert agency.scim("GET", '/Users?filter=userName eq "m1"').json()["totalResults"] == 0
    for method, body in (("GET", None), ("PUT", user("m1")), ("DELETE", None)):
        assert agency.scim(method, "/Users/m1", body).status_code == 404
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    assert agency.scim("PATCH", "/Users/m1", patch).status_code == 404
    assert agency.scim("POST", "/Users", user("x", agency=AGENCY.id)).status_code == 403
    assert agency.scim("PUT", "/Users/m2", user("m2", agency=AGENCY.id)).status_code == 403
    for method, path in (("GET", "/Agencies"), ("DELETE", "/Agencies/lst"), ("GET", "/Agencies/lst")):
        assert agency.scim(method, path).status_code == 403
    assert agency.tell().status_code == 403
    assert agency.get("/roster/changes").status_code == 403
    bulk = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{"method": "DELETE", "path": "/Users/m1"}, {"method": "DELETE", "path": "/Agencies/lst"}],
    }
    statuses = [one["status"] for one in agency.scim("POST", "/Bulk", bulk).json()["Operations"]]
    assert statuses == ["404", "403"]
    assert centre.registry.report().members == 2


def test_an_identity_provider_that_replaces_a_member_leaves_badges_and_approval_alone(centre: Served) -> None:
    badges = (NewBadge("a" * 64),)
    centre.registry.enrol(Enrolment(members=(NewMember("m2", "Två", "lst", badges=badges, approved=False),)))
    agency, registrar = centre.agency("lst"), centre.registrar()
    assert "badges" not in agency.scim("GET", "/Users/m2").json()[MEMBERSHIP]
    said = {**user("m2", agency="lst", badges=[{"value": "b" * 64, "keyVersion": 1}]), "displayName": "Nytt Namn"}
    assert agency.scim("PUT", "/Users/m2", said).status_code == 200
    kept = registrar.scim("GET", "/Users/m2").json()
    assert kept["displayName"] == "Nytt Namn"
    assert [one["value"] for one in kept[MEMBERSHIP]["badges"]] == ["a" * 64]
    assert kept[MEMBERSHIP]["approval"] == "applied"


def test_a_house_is_given_what_holds_at_the_door_and_no_address_to_write_to(centre: Served) -> None:
    at = centre.registry.clock().wall.replace(microsecond=0)
    centre.registry.enrol(
        Enrolment(members=(NewMember("m1", "Ett", "lst", valid_until=at + timedelta(days=9), revoked_at=at),))
    )
    house = centre.house()
    assert house.scim("GET", "/Users/m1").json()[MEMBERSHIP]["validUntil"] == at.isoformat().replace("+00:00", "Z")
    agencies = house.scim("GET", "/Agencies").json()["Resources"]
    assert [(one["id"], one["enrolled"]) for one in agencies] == [("lst", 1), (AGENCY.id, 0)]
    assert all("contact" not in one for one in agencies)
    assert centre.registrar().scim("GET", "/Agencies/lst").json()["contact"] == "a@example.se"


@pytest.mark.parametrize(
    "body",
    [
        user("utan-myndighet"),
        user("okänd", agency="ingen"),
        user("m", agency="lst", badges=[{"value": "AB", "keyVersion": 1}]),
        user("m", agency="lst", badges=[{"value": "a" * 64, "keyVersion": 0}]),
        user("m", agency="lst", badges=[{"value": "a" * 64, "keyVersion": 1, "status": "stolen"}]),
        user("m", agency="lst", badges=[{"value": "a" * 64, "keyVersion": one} for one in (1, 2)]),
        {**user("m", agency="lst"), "displayName": "Namn\u001b[31m"},
        {**user("m", agency="lst"), "displayName": ""},
        {**user("m\u0000", agency="lst")},
    ],
)
def test_what_no_house_could_use_is_refused_by_name(centre: Served, body: dict[str, Any]) -> None:
    answer = centre.registrar().scim("POST", "/Users", body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert centre.registry.report().members == 0


def test_a_badge_of_one_member_cannot_be_given_to_another(centre: Served) -> None:
    registrar = centre.registrar()
    badge = {"value": "a" * 64, "keyVersion": 1}
    assert registrar.scim("POST", "/Users", user("m1", agency="lst", badges=[badge])).status_code == 201
    assert registrar.scim("POST", "/Users", user("m2", agency="lst", badges=[badge])).status_code == 409


EXAMPLES: dict[str, Any] = {
    "agency": "lst",
    "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
    "valid_until": datetime(2027, 1, 1, tzinfo=UTC),
    "revoked_at": datetime(2027, 2, 1, tzinfo=UTC),
    "value": "e" * 64,
    "key_version": 3,
    "status": "lost",
    "seats": 7,
    "at_once": 4,
    "policy": "host",
    "level": "verified",
    "contact": "chef@example.se",
}
"""What the tester cannot guess: it fills what it knows no example of with random text."""


def describe(model: Any) -> None:
    """Give the tester's model, and those within, the examples."""
    for name, field in model.model_fields.items():
        if name in EXAMPLES:
            field.examples = [EXAMPLES[name]]


def test_a_tester_that_was_not_written_here_finds_no_fault(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path) as centre:
        centre.registry.enrol(Enrolment(agencies=(NewAgency("lst", "Länsstyrelsen", 5),)))
        headers = {"Authorization": f"Bearer {centre.registrar().token}"}
        with opened(base_url=f"{centre.url}/scim/v2", headers=headers) as http:
            client = SyncSCIMClient(http)
            client.discover()
            assert client.provider is not None
            for kind in client.provider.resource_types:
                model: Any = client.provider.model_for(kind)
                describe(model)
                for extension in model.get_extension_models().values():
                    describe(extension)
                    describe(extension.get_field_root_type("badges"))
            results = check_server(client)
    wrong = [one for one in results if one.status in {Status.ERROR, Status.CRITICAL}]
    assert len(results) > 50
    assert [f"{one.title}: {one.reason}" for one in wrong] == []
