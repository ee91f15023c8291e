"""A real mosquitto of one's own: on a free port, with its stock settings, ended by its own process id."""

import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

from deploy.up.ports import free_ports
from kiosk.tools.site import BrokerTable

PLACES = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin"
UP_WAIT_S = 10.0


def free_port() -> int:
    """Return a port that is free at this moment."""
    return free_ports(1)[0]


class Mosquitto:
    """One broker that keeps nothing on disk. It can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        """Choose a port and write the configuration into the folder."""
        self.port = free_port()
        self._folder = folder
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def table(self) -> BrokerTable:
        """Return the broker as a site file names it."""
        return BrokerTable(host="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Start, and return when it takes connections."""
        program = shutil.which("mosquitto", path=PLACES)
        assert program is not None, "mosquitto is missing: apt-get install mosquitto"
        log = (self._folder / "mosquitto.log").open("ab")
        with log:
            self._process = subprocess.Popen([program, "-c", str(self._configuration)], stdout=log, stderr=log)
        for _attempt in range(int(UP_WAIT_S / 0.05)):
            if self._answers():
                return
            threading.Event().wait(0.05)
        raise AssertionError((self._folder / "mosquitto.log").read_text())

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(UP_WAIT_S)
            self._process = None

    def hold(self) -> None:
        """Let it neither read nor write until `go_on`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True
