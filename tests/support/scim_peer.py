"""SCIM servers that we did not write, in the dress codes found in the world, and our own beside them."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from deploy.up.ports import free_ports
from sync.centre.schemas import AGENCY, USER, Agency, Membership, User
from tests.support.asking import request
from tests.support.centre import badge_key, running_centre

TOKEN = "peer-token"  # noqa: S105 - of a server that lives for one test
STARTS_S = 15.0
MEMBERSHIP = Membership.__schema__


class Dress(StrEnum):
    """What a server can."""

    OURS = "our own centre"
    CURSOR = "cursor"
    INDEX = "index only"
    EQ_ONLY = "eq only, no bulk"


@dataclass
class Peer:
    """A SCIM server with one agency. Members are known by number; the server gives them their ids."""

    port: int
    token: str
    registrar: str
    agency: str
    ids: dict[int, str]

    def enrol(self, *numbers: int, active: bool = True) -> None:
        """Enrol the members of those numbers, with a badge each."""
        for number in numbers:
            found = self.ask("POST", "/Users", self._user(number, active=active))
            self.ids[number] = found["id"]

    def change(self, number: int, *, active: bool) -> None:
        """Replace that member."""
        self.ask("PUT", f"/Users/{self.ids[number]}", self._user(number, active=active) | {"id": self.ids[number]})

    def remove(self, *numbers: int) -> None:
        """Remove those members for good, without a trace."""
        for number in numbers:
            self.ask("DELETE", f"/Users/{self.ids.pop(number)}", None)

    def ask(self, method: str, path: str, body: object) -> Any:
        """Write to the server as whoever keeps its members."""
        return _ask(self.port, self.registrar, method, path, body)

    def _user(self, number: int, *, active: bool) -> dict[str, object]:
        badges = [{"value": badge_key(number), "keyVersion": 1, "status": "active"}]
        return {
            "schemas": [User.__schema__, MEMBERSHIP],
            "userName": f"user-{number}",
            "displayName": f"Exempel {number}",
            "active": active,
            "preferredLanguage": "sv",
            MEMBERSHIP: {"agency": self.agency, "badges": badges},
        }


@contextmanager
def running_peer(dress: Dress, folder: Path) -> Iterator[Peer]:
    """Run such a server on a free port."""
    if dress is Dress.OURS:
        with running_centre(folder) as own:
            yield Peer(own.port, own.token, own.registrar, "skatteverket", {})
        return
    with _process(dress, folder) as port:
        made = _ask(port, TOKEN, "POST", "/Agencies", {"schemas": [Agency.__schema__], "displayName": "A", "seats": 40})
        yield Peer(port, TOKEN, TOKEN, made["id"], {})


@contextmanager
def _process(dress: Dress, folder: Path) -> Iterator[int]:
    files = {
        "--schema": [one.to_schema().model_dump() for one in (User, Agency, Membership)],
        "--resource-type": [one.model_dump() for one in (USER, AGENCY)],
        "--service-provider-config": _config(dress),
    }
    words = []
    for option, content in files.items():
        file = folder / f"{option.strip('-')}.json"
        file.write_text(json.dumps(content))
        words += [option, str(file)]
    (port,) = free_ports(1)
    # Its tenant puts it below /scim/v2, where our own centre has it too.
    words += ["--bearer-token", TOKEN, "--tenant", "scim", "--port", str(port)]
    command = [sys.executable, "-m", "scim2_server.testserver.cli", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _config(dress: Dress) -> dict[str, object]:
    config: dict[str, object] = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": dress is not Dress.EQ_ONLY, "maxOperations": 1000, "maxPayloadSize": 1048576},
        "filter": {"supported": True, "maxResults": 100},
        "changePassword": {"supported": False},
        "sort": {"supported": dress is not Dress.EQ_ONLY},
        "etag": {"supported": dress is not Dress.EQ_ONLY},
    }
    if dress is Dress.CURSOR:
        config["pagination"] = {"cursor": True, "index": True, "defaultPaginationMethod": "index", "maxPageSize": 100}
    return config


def _ask(port: int, token: str, method: str, path: str, body: object) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    content = None if body is None else json.dumps(body)
    url = f"http://127.0.0.1:{port}/scim/v2{path}"
    answer = request(method, url, headers=headers, content=content)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    pause = threading.Event()
    for _ in range(int(STARTS_S * 20)):
        assert process.poll() is None, "the server did not start"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    message = "the server did not answer"
    raise AssertionError(message)
