"""The door to the centre: what a request can come to, and how far an answer is listened to."""

import pytest

from kiosk.domain.instant import Instant
from kiosk.tools.credentials import CredentialError
from sync.answers import Absent, Forbidden, Got, NotCentre, TooLarge, Unauthorised, Unreachable, Unreadable
from sync.client import ANSWER_MAX_BYTES, ANSWER_S, CentreClient, is_safe
from tests.support.centre import ManualClock, RunningCentre
from tests.support.fault_proxy import Fault, FaultProxy, portal, raw, redirect_to, status

pytestmark = pytest.mark.parts


@pytest.fixture
def client(proxy: FaultProxy, centre: RunningCentre) -> CentreClient:
    """Return a client that reaches the centre through the proxy."""
    return CentreClient(proxy.url, lambda: centre.token, ManualClock())


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (None, Got),
        (status(401), Unauthorised),
        (status(403), Forbidden),
        (status(404), Absent),
        (status(413), TooLarge),
        (status(422), Unreadable),
        (status(500), Unreachable),
        (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), NotCentre),
        (portal, NotCentre),
        (redirect_to("http://127.0.0.1:9/"), NotCentre),
    ],
)
def test_every_answer_is_a_value(client: CentreClient, proxy: FaultProxy, fault: Fault | None, kind: type) -> None:
    proxy.order(fault)
    answer = client.get("/roster/version")
    client.close()
    assert isinstance(answer, kind)
    assert str(answer)


def test_an_answer_longer_than_its_bound_is_not_listened_to(client: CentreClient, proxy: FaultProxy) -> None:
    proxy.order(status(200, body=b" " * (ANSWER_MAX_BYTES + 1)))
    assert client.get("/roster/version") == Unreachable("the answer is too long or too slow")
    client.close()


def test_an_answer_slower_than_its_bound_is_not_listened_to(proxy: FaultProxy, centre: RunningCentre) -> None:
    clock = ManualClock()

    def racing() -> Instant:
        clock.advance(ANSWER_S + 1)
        return clock()

    client = CentreClient(proxy.url, lambda: centre.token, racing)
    assert client.get("/roster/version") == Unreachable("the answer is too long or too slow")
    client.close()


def test_a_centre_that_is_not_there_is_a_value() -> None:
    client = CentreClient("http://127.0.0.1:9", lambda: "token", ManualClock())
    assert isinstance(client.get("/roster/version"), Unreachable)
    client.close()


def test_a_token_that_has_gone_missing_is_a_value_and_sends_nothing(proxy: FaultProxy) -> None:
    def missing() -> str:
        raise CredentialError("gone")  # noqa: EM101 - the whole text

    client = CentreClient(proxy.url, missing, ManualClock())
    assert client.get("/roster/version") == Unauthorised("gone")
    client.close()
    assert proxy.seen == []


def test_the_environment_does_not_lead_the_token_elsewhere(
    proxy: FaultProxy, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    client = CentreClient(proxy.url, lambda: centre.token, ManualClock())
    assert isinstance(client.get("/roster/version"), Got)
    client.close()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://centre.example", True),
        ("http://127.0.0.1:8443", True),
        ("http://localhost", True),
        ("http://centre.example", False),
        ("http://127.0.0.1.example", False),
        ("http://localhost@centre.example", False),
    ],
)
def test_a_token_is_only_sent_over_tls_or_to_this_machine(url: str, *, safe: bool) -> None:
    assert is_safe(url) is safe
