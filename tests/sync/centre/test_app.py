"""The centre's door: who may come, how much they may bring, and that what is acknowledged is on disk."""

import gzip
import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from kiosk.domain.ids import SiteId
from sync.centre import limits
from sync.centre.events import BATCH_MAX
from sync.centre.limits import DECODED_BYTES_MAX, Rates, decompress
from sync.centre.registry import Enrolment
from sync.centre.serve import listen
from tests.support.asking import request
from tests.support.centre import AGENCY, SITE, RunningCentre, running_centre
from tests.support.centre_events import batch as as_batch
from tests.support.centre_events import visits

pytestmark = pytest.mark.parts

BATCH_TYPE = "application/cloudevents-batch+json"


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    """Return a running centre."""
    with running_centre(tmp_path) as running:
        yield running


def batch(count: int) -> bytes:
    """Return the events of so many visits as one batch."""
    return as_batch(visits(count))


def post(url: str, token: str, body: bytes, **headers: str) -> httpx2.Response:
    """Send a body to the door for events."""
    sent = {"Authorization": f"Bearer {token}", "Content-Type": BATCH_TYPE, **headers}
    return request("POST", f"{url}/events", headers=sent, content=body)


def get(centre: RunningCentre, path: str, token: str) -> httpx2.Response:
    """Read something of the centre."""
    return request("GET", f"{centre.url}{path}", headers={"Authorization": f"Bearer {token}"})


def test_without_a_known_token_nobody_reads_or_writes(centre: RunningCentre) -> None:
    answer = post(centre.url, "guess", batch(1))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert get(centre, "/scim/v2/Users", "guess").status_code == 401
    assert get(centre, "/roster/version", "guess").status_code == 401
    assert centre.registry.report().distinct == 0


def test_a_house_may_not_write_members_and_a_registrar_may_not_send_events(centre: RunningCentre) -> None:
    headers = {"Authorization": f"Bearer {centre.token}", "Content-Type": "application/scim+json"}
    for method, path in (("POST", "/Users"), ("DELETE", "/Agencies/skatteverket"), ("PUT", "/Agencies/skatteverket")):
        url = f"{centre.url}/scim/v2{path}"
        assert request(method, url, headers=headers, content=b"{}").status_code == 403
    assert post(centre.url, centre.registrar, batch(1)).status_code == 403


def test_a_bulk_request_gives_a_house_no_way_round(centre: RunningCentre) -> None:
    operations = [{"method": "DELETE", "path": "/Agencies/skatteverket"}]
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}
    headers = {"Authorization": f"Bearer {centre.token}", "Content-Type": "application/scim+json"}
    url = f"{centre.url}/scim/v2/Bulk"
    answer = request("POST", url, headers=headers, content=json.dumps(body))
    assert answer.json()["Operations"][0]["status"] == "403"
    assert centre.registry.report().agencies == 1


def test_what_the_centre_has_no_attribute_for_is_not_kept(centre: RunningCentre, tmp_path: Path) -> None:
    user = {
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:samverk:params:scim:schemas:membership:1.0:User",
        ],
        "userName": "m1",
        "displayName": "Exempel",
        "password": "hemligt",
        "emails": [{"value": "exempel@example.org"}],
        "urn:samverk:params:scim:schemas:membership:1.0:User": {"agency": "skatteverket"},
    }
    headers = {"Authorization": f"Bearer {centre.registrar}", "Content-Type": "application/scim+json"}
    url = f"{centre.url}/scim/v2/Users"
    assert request("POST", url, headers=headers, content=json.dumps(user)).status_code == 201
    connection = sqlite3.connect(tmp_path / "centre.db")
    (document,) = connection.execute("SELECT document FROM resources WHERE type = 'User'").fetchone()
    connection.close()
    assert "hemligt" not in document
    assert "example.org" not in document


def test_only_a_token_hash_is_kept(centre: RunningCentre, tmp_path: Path) -> None:
    assert centre.token.encode() not in (tmp_path / "centre.db").read_bytes()


def test_a_withdrawn_token_is_unknown(centre: RunningCentre) -> None:
    assert get(centre, "/roster/version", centre.token).status_code == 200
    assert centre.registry.tokens.withdraw(SITE) == 1
    assert get(centre, "/roster/version", centre.token).status_code == 401


def test_a_batch_is_answered_with_a_verdict_on_each_event_in_order(centre: RunningCentre) -> None:
    events = json.loads(batch(2))
    events[1]["zone"] = "lagerelden"
    answer = post(centre.url, centre.token, json.dumps(events).encode())
    assert answer.status_code == 200
    verdicts = answer.json()["verdicts"]
    assert [one["id"] for one in verdicts] == [one["id"] for one in events]
    assert [one["verdict"] for one in verdicts] == ["accepted", "invalid", *["accepted"] * 4]


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"not json", {}, 400),
        (b'{"a": 1}', {}, 400),
        (b"[", {}, 400),
        (b"[]", {"Content-Type": "text/plain"}, 415),
        (b"[]", {"Content-Encoding": "br"}, 415),
        (b"not gzip", {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"[]", mtime=0)[:-4], {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b" " * (DECODED_BYTES_MAX + 1), mtime=0), {"Content-Encoding": "gzip"}, 400),
        (b"[" + b" " * limits.BODY_BYTES_MAX + b"]", {}, 413),
        (b"[" + b",".join([b"1"] * (BATCH_MAX + 1)) + b"]", {}, 413),
        (b"[1]", {}, 200),
        (b"[]", {}, 200),
    ],
)
def test_a_body_beyond_its_bounds_is_refused_by_name(
    centre: RunningCentre, body: bytes, headers: dict[str, str], code: int
) -> None:
    assert post(centre.url, centre.token, body, **headers).status_code == code


def test_a_bomb_is_never_unpacked_beyond_the_bound() -> None:
    assert decompress(gzip.compress(b" " * DECODED_BYTES_MAX * 4)) is None
    assert decompress(gzip.compress(b" " * (DECODED_BYTES_MAX - 1))) == b" " * (DECODED_BYTES_MAX - 1)


def test_more_requests_than_allowed_wait_for_as_long_as_told() -> None:
    rates = Rates(rate_per_s=10.0, burst=2.0)
    assert [rates.wait_s("a", 0.0) for _ in range(2)] == [0.0, 0.0]
    wait_s = rates.wait_s("a", 0.0)
    assert 0 < wait_s <= 0.1
    assert rates.wait_s("b", 0.0) == 0.0
    assert rates.wait_s("a", wait_s) == 0.0


def test_the_account_of_bearers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BEARERS_MAX", 3)
    rates = Rates(burst=1.0)
    assert all(rates.wait_s(str(number), 0.0) == 0.0 for number in range(20))


def test_the_state_has_a_new_name_after_every_change_and_only_then(centre: RunningCentre) -> None:
    first = get(centre, "/roster/version", centre.token).json()
    post(centre.url, centre.token, batch(1))
    assert get(centre, "/roster/version", centre.token).json() == first
    headers = {"Authorization": f"Bearer {centre.registrar}"}
    url = f"{centre.url}/scim/v2/Agencies/skatteverket"
    assert httpx2.delete(url, headers=headers).status_code == 204
    assert get(centre, "/roster/version", centre.token).json() != first


def test_an_answer_never_waits_for_a_delayed_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _address = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_a_house_cannot_speak_for_another(centre: RunningCentre) -> None:
    other = centre.registry.issue_token(SiteId("ostersund"), "se.samverket.ostersund")
    answer = post(centre.url, other, batch(1))
    assert {one["verdict"] for one in answer.json()["verdicts"]} == {"invalid"}
    assert centre.registry.report().distinct == 0


def test_every_change_names_a_later_state(centre: RunningCentre) -> None:
    first = centre.registry.resources.version()
    centre.registry.enrol(Enrolment(agencies=(AGENCY,)))
    assert centre.registry.resources.version() > first
