"""What the centre does by itself: a silent house is told of once, alarms are sent until they were, removals fade."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kiosk.tools.ids import Ids
from sync.centre import schemas
from sync.centre.alarms import hook_of
from sync.centre.health import BYTES_MAX, Health, read_health
from sync.centre.registry import Enrolment, Registry
from sync.centre.storage.alarms import ATTEMPTS_MAX, Alarm
from sync.centre.storage.room import CentreError
from sync.centre.storage.tokens import Bearer, Role
from sync.centre.watch import Watch
from tests.support.centre import AGENCY, SITE, SOURCE, ManualClock, member

HOUSE = Bearer(Role.HOUSE, SITE, SOURCE)


@pytest.fixture
def clock() -> ManualClock:
    """Return the centre's clock."""
    return ManualClock()


@pytest.fixture
def registry(database: str, clock: ManualClock) -> Iterator[Registry]:
    """Return an open centre."""
    registry = Registry(database, clock, Ids())
    yield registry
    registry.close()


class Ear:
    """A hook that remembers, and fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        """Fail so often first."""
        self.heard: list[Alarm] = []
        self.asked = 0
        self._failures = failures

    def __call__(self, alarm: Alarm) -> bool:
        """Hear an alarm."""
        self.asked += 1
        if self.asked <= self._failures:
            return False
        self.heard.append(alarm)
        return True


def test_a_house_that_falls_silent_is_told_of_once_and_so_is_its_return(registry: Registry, clock: ManualClock) -> None:
    ear = Ear()
    watch = Watch(registry, ear, silent_s=900.0)
    registry.houses.heard(HOUSE, '{"version": "0.1.0", "queue": 2}')
    for _ in range(4):
        watch.look()
        clock.advance(299)
    assert [one.kind for one in ear.heard] == []
    for _ in range(3):
        clock.advance(60)
        watch.look()
    assert [one.kind for one in ear.heard] == ["silent"]
    assert registry.houses.all()[0].silent
    registry.houses.heard(HOUSE, "")
    watch.look()
    watch.look()
    assert [one.kind for one in ear.heard] == ["silent", "back"]
    (house,) = registry.houses.all()
    assert (house.silent, house.health.queue, house.health.version) == ("", 2, "0.1.0")


def test_an_alarm_is_tried_until_it_is_sent_and_not_for_ever(registry: Registry, clock: ManualClock) -> None:
    registry.houses.heard(HOUSE, "")
    registry.houses.flush()
    clock.advance(3600)
    ear = Ear(failures=2)
    watch = Watch(registry, ear)
    for _ in range(6):
        watch.look()
    assert (ear.asked, len(ear.heard)) == (3, 1)
    registry.houses.heard(HOUSE, "")
    never = Ear(failures=1000)
    for _ in range(ATTEMPTS_MAX + 5):
        Watch(registry, never).look()
    assert never.asked == ATTEMPTS_MAX


def test_two_processes_send_an_alarm_once(database: str, clock: ManualClock) -> None:
    registries = [Registry(database, clock, Ids()) for _ in range(2)]
    registries[0].houses.heard(HOUSE, "")
    registries[0].houses.flush()
    clock.advance(3600)
    ear = Ear()
    for _ in range(2):
        for one in registries:
            Watch(one, ear).look()
    for one in registries:
        one.close()
    assert len(ear.heard) == 1


def test_a_removal_is_forgotten_after_the_days_it_is_kept_for(registry: Registry, clock: ManualClock) -> None:
    registry.enrol(Enrolment(agencies=(AGENCY,), members=(member(1),)))
    registry.resources.delete(schemas.USER, "m000001")
    watch = Watch(registry, tombstone_days=30)
    clock.advance(timedelta(days=29).total_seconds())
    assert watch.forget() == 0
    clock.advance(timedelta(days=2).total_seconds())
    assert watch.forget() == 1


@pytest.mark.parametrize(
    "header", ["", "no json", "[]", '{"queue": -1}', '{"clock": "sundial"}', "x" * (BYTES_MAX + 1)]
)
def test_health_that_cannot_be_read_is_counted_and_changes_nothing(registry: Registry, header: str) -> None:
    registry.houses.heard(HOUSE, '{"queue": 7}')
    registry.houses.heard(HOUSE, header)
    registry.houses.flush()
    assert registry.houses.all()[0].health.queue == 7
    assert registry.houses.unreadable == (1 if header else 0)


def test_health_of_a_newer_house_is_read_as_far_as_it_is_known() -> None:
    assert read_health('{"queue": 3, "humour": "good"}') == Health(queue=3)


def alarm() -> Alarm:
    """Return an alarm."""
    return Alarm("silent/x", "silent", "Huset är tyst / The house is silent", "chef@example.se", "2026-11-23T08:00:00Z")


@pytest.mark.parts
def test_a_webhook_gets_the_alarm_and_a_redirection_is_not_followed() -> None:
    got: list[Any] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(302 if self.path == "/away" else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's signature
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        assert hook_of(f"{url}/alarm")(alarm())
        assert not hook_of(f"{url}/away")(alarm())
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(got) == 2
    assert got[0]["text"] == alarm().text
    assert not hook_of(f"{url}/alarm")(alarm())


class _Smtp:
    """A mail server's end of one conversation."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.said = b""
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Wait for the conversation to end."""
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 ready\r\n")
            is_letter = False
            for line in heard:
                self.said += line
                if is_letter:
                    is_letter = line != b".\r\n"
                    if not is_letter:
                        connection.sendall(b"250 kept\r\n")
                    continue
                is_letter = line.lower().startswith(b"data")
                is_end = line[:4].lower() == b"quit"
                connection.sendall(b"354 go on\r\n" if is_letter else b"221 bye\r\n" if is_end else b"250 ok\r\n")


@pytest.mark.parts
def test_a_mail_goes_to_the_address_and_to_the_alarms_own_contact() -> None:
    server = _Smtp()
    hook = hook_of(f"mailto:drift@example.se?via=smtp://127.0.0.1:{server.port}&from=centre@example.se")
    assert hook(alarm())
    server.close()
    text = server.said.decode().lower()
    assert "rcpt to:<drift@example.se>" in text
    assert "rcpt to:<chef@example.se>" in text
    assert "silent" in text


@pytest.mark.parametrize("address", ["http://example.se/x", "mailto:x@y", "mailto:x@y?via=smtp://h", "ftp://x", "text"])
def test_an_address_that_cannot_be_told_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(CentreError, match="--alarm"):
        hook_of(address)
