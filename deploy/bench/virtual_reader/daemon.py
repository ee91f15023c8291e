"""A real pcscd of our own with two virtual readers, beside the machine's: its own socket, port, drivers, configuration.

pcscd has its places built in, so it is started in a mount namespace of its own where `/run` and the drivers' folder are
folders of ours: the machine's daemon, its socket and its USB readers are never touched. A client finds it by the
environment variable PCSCLITE_CSOCK_NAME, which its PC/SC library reads once, at its first call: set it before that.
"""

import errno
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.up.ports import free_ports

READER = "Virtual PCD 00 00"
SECOND_READER = "Virtual PCD 00 01"
START_S = 10.0
STOP_S = 5.0
PORTS_TRIED_MAX = 20

_DRIVERS = Path("/usr/lib/pcsc/drivers")
_VIRTUAL_READER = _DRIVERS / "serial" / "libifdvpcd.so"
_LOOK_AGAIN_S = 0.01
_ENTER = 'mount --bind "$1/run" /run && mount --bind "$1/drivers" "$2" && exec pcscd --foreground --config "$1/etc" $3'
_NO_PORT = "Could not initialize connection"


class PcscdError(Exception):
    """The daemon did not start; the text ends with its log."""


class Pcscd:
    """One private daemon, which may be stopped, killed and started again. It ends with the thread that started it."""

    def __init__(self) -> None:
        """Make the daemon's folder; nothing runs yet."""
        # Not pytest's own folder: the path of a Unix socket has at most 107 characters.
        self._folder = Path(tempfile.mkdtemp(prefix="pcscd-", dir="/tmp"))
        for name in ("run", "drivers", "etc"):
            (self._folder / name).mkdir()
        shutil.copy(_VIRTUAL_READER, self._folder / "vpcd.so")
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = self._folder / "run" / "pcscd" / "pcscd.comm"
        self.port = 0
        """Where the card for `READER` connects; the one for `SECOND_READER` at the port after it."""
        self._take_port()

    def __enter__(self) -> Self:
        """Start the daemon."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the daemon and remove its folder."""
        self.remove()

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process needs in its environment to find this daemon, and no other."""
        return {"PCSCLITE_CSOCK_NAME": str(self.socket)}

    @property
    def log(self) -> str:
        """Return what the daemon said since it was last started."""
        return (self._folder / "log").read_text(errors="replace")

    def start(self) -> None:
        """Start the daemon and return when it takes connections. The port changes only if somebody else took it."""
        for _ in range(PORTS_TRIED_MAX):
            self._launch()
            if _NO_PORT not in self.log:
                return
            self.kill()
            self._take_port()
        message = f"no free port for the virtual reader\n{self.log}"
        raise PcscdError(message)

    def stop(self) -> None:
        """End the daemon in good order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the daemon at once; it leaves its socket behind, as a crash does."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Kill the daemon, if it runs, and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STOP_S)
            self._process = None

    def _launch(self) -> None:
        enter = [*_namespace(), "sh", "-c", _ENTER, "sh", str(self._folder), str(_DRIVERS), _polkit_flag()]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(enter, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while not _takes_connections(self.socket):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                message = f"pcscd did not start\n{self.log}"
                raise PcscdError(message)
            threading.Event().wait(_LOOK_AGAIN_S)

    def _take_port(self) -> None:
        self.port = free_ports(2, side_by_side=True)[0]
        (self._folder / "etc" / "virtual").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{self.port:04X}\n'
            f"LIBPATH {self._folder}/vpcd.so\nCHANNELID 0x{self.port:04X}\n"
        )


def _namespace() -> list[str]:
    # The daemon dies with the thread that started it, also when that is killed. Set last: a change of user clears it.
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *own, "--mount", "--propagation", "private", "setpriv", "--pdeathsig", "KILL"]


def _polkit_flag() -> str:
    # From 2.0 on pcscd asks polkit who may use it, and refuses everybody where there is no polkit to ask.
    asked = ["pcscd", "--help"]
    known = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return "--disable-polkit" if "--disable-polkit" in known else ""


def _takes_connections(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) not in {errno.ENOENT, errno.ECONNREFUSED}


def is_installed() -> bool:
    """Return whether this machine has what a virtual reader needs."""
    return _VIRTUAL_READER.exists() and shutil.which("pcscd") is not None
