"""A centre over any database that takes requests, and a client that asks it as one bearer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.limits import Rates
from sync.centre.registry import Enrolment, Registry
from sync.centre.serve import serve
from sync.centre.storage.tokens import Role
from tests.support.asking import request
from tests.support.centre import AGENCY, SITE, SOURCE, wait_for_port
from tests.support.centre_events import Body

SCIM_TYPE = "application/scim+json"
BATCH_TYPE = "application/cloudevents-batch+json"


@dataclass(frozen=True)
class Asking:
    """Asks the centre with one token."""

    url: str
    token: str

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Read something."""
        return self.send("GET", path, None, **headers)

    def tell(self, *events: Body, **headers: str) -> httpx2.Response:
        """Send events."""
        sent = {"Content-Type": BATCH_TYPE, **headers}
        return self.send("POST", "/events", json.dumps(events).encode(), **sent)

    def scim(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """Ask the SCIM service."""
        content = None if body is None else json.dumps(body).encode()
        return self.send(method, f"/scim/v2{path}", content, **{"Content-Type": SCIM_TYPE})

    def send(self, method: str, path: str, content: bytes | None = None, **headers: str) -> httpx2.Response:
        """Send any request."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        return request(method, f"{self.url}{path}", headers=sent, content=content)


@dataclass(frozen=True)
class Served:
    """A centre that takes requests."""

    registry: Registry
    url: str

    def house(self, site: str = SITE, source: str = SOURCE) -> Asking:
        """Return a house with a new token."""
        return Asking(self.url, self.registry.issue_token(SiteId(site), source))

    def registrar(self) -> Asking:
        """Return a registrar with a new token."""
        return Asking(self.url, self.registry.issue_token(SiteId("registrar"), "", Role.REGISTRAR))

    def agency(self, agency: str) -> Asking:
        """Return an agency's identity provider with a new token."""
        return Asking(self.url, self.registry.issue_token(SiteId(agency), "", Role.AGENCY))


@contextmanager
def served(database: str, folder: Path) -> Iterator[Served]:
    """Serve a centre with one agency over that database."""
    registry = Registry(database, SystemClock(), Ids())
    registry.enrol(Enrolment(agencies=(AGENCY,)))
    stop, port_file = threading.Event(), folder / "served-port"
    port_file.unlink(missing_ok=True)
    rates = Rates(rate_per_s=10_000.0, burst=10_000.0)
    thread = threading.Thread(target=serve, args=(registry, "127.0.0.1", 0, stop, port_file), kwargs={"rates": rates})
    thread.start()
    try:
        yield Served(registry, f"http://127.0.0.1:{wait_for_port(port_file, stop)}")
    finally:
        stop.set()
        thread.join()
        registry.close()
