"""systemd hears that we are ready and stopping, and hears that we live only while every loop turns."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.tools.systemd import PINGS, Supervisor
from tests.support.notified import WATCHDOG_S, Notified, notified

EVERY_S = WATCHDOG_S / PINGS


@pytest.fixture
def systemd() -> Iterator[Notified]:
    with notified() as one:
        yield one


class Elapsed:
    """A clock that is told what it shows."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now_s


def test_ready_and_stopping_are_said_as_they_are(systemd: Notified) -> None:
    supervisor = systemd.supervisor("desk")
    supervisor.ready()
    supervisor.stopping()
    assert systemd.heard() == ["READY=1", "STOPPING=1"]


def test_a_sign_of_life_needs_every_loop_to_have_turned_since_the_last(systemd: Notified) -> None:
    elapsed = Elapsed()
    supervisor = systemd.supervisor("desk", "door", elapsed_s=elapsed)
    supervisor.turned("desk")
    supervisor.turned("desk")
    assert systemd.heard() == []
    supervisor.turned("door")
    assert systemd.heard() == ["WATCHDOG=1"]
    elapsed.now_s += 10 * EVERY_S
    supervisor.turned("door")
    supervisor.turned("door")
    assert systemd.heard() == []
    supervisor.turned("desk")
    assert systemd.heard() == ["WATCHDOG=1"]


def test_signs_of_life_are_as_seldom_as_will_do(systemd: Notified) -> None:
    elapsed = Elapsed()
    turned = systemd.supervisor("sync", elapsed_s=elapsed).turning("sync")
    for _ in range(1000):
        turned()
        elapsed.now_s += WATCHDOG_S / 1000
    assert systemd.heard() == ["WATCHDOG=1"] * PINGS


def test_a_socket_in_the_file_system_is_found_too(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        Supervisor(environment={"NOTIFY_SOCKET": str(tmp_path / "notify")}).ready()
        assert line.recv(64) == b"READY=1"


@pytest.mark.parametrize(
    "environment",
    [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1"}, {"WATCHDOG_USEC": "1000"}],
)
def test_where_nobody_supervises_nothing_is_said_and_nothing_goes_wrong(environment: dict[str, str]) -> None:
    supervisor = Supervisor("desk", environment=environment)
    supervisor.ready()
    supervisor.turned("desk")
    supervisor.stopping()


def test_a_supervisor_that_has_gone_does_not_stop_the_service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    gone = {"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "8000000"}
    supervisor = Supervisor("desk", environment=gone)
    supervisor.ready()
    supervisor.turned("desk")
    assert "systemd could not be told READY=1" in caplog.text


def test_a_watchdog_that_is_not_wanted_is_not_fed(systemd: Notified) -> None:
    supervisor = Supervisor("desk", environment={**systemd.environment, "WATCHDOG_USEC": "0"})
    supervisor.turned("desk")
    assert systemd.heard() == []
