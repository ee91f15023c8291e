"""A Debian 13 that runs: booted by systemd-nspawn with an init, a network and an end of its own. It needs root.

What a machine changes lies in memory and is gone with it. Commands are run inside by entering its namespaces.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.support.trixie import trixie

BOOT_S = 60.0
COMMAND_S = 90.0
PATIENCE_S = 60.0
LOOK_S = 0.2
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a command."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A running machine; `leader` is its first process as seen from here."""

    leader: int

    @property
    def root(self) -> Path:
        """Return its root folder as seen from here."""
        return Path(f"/proc/{self.leader}/root")

    def tried(self, *command: str, **environment: str) -> Ran:
        """Run a command in the machine."""
        entered = ["nsenter", "--target", str(self.leader), "--all", "--", "env", "-i"]
        given = [f"{name}={value}" for name, value in {**ENVIRONMENT, **environment}.items()]
        done = subprocess.run(
            [*entered, *given, *command], capture_output=True, timeout=COMMAND_S, check=False, stdin=subprocess.DEVNULL
        )
        return Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def run(self, *command: str, **environment: str) -> str:
        """Run a command that must succeed, and return what it printed."""
        ran = self.tried(*command, **environment)
        assert ran.status == 0, f"{' '.join(command)}: {ran.status}\n{ran.out}{ran.err}\n{self.journal()}"
        return ran.out.strip()

    def script(self, text: str) -> str:
        """Run lines of shell, stopping at the first that fails, and return what they printed."""
        return self.run("sh", "-euc", text)

    def shown(self, unit: str, name: str) -> str:
        """Return one of a unit's properties."""
        return self.run("systemctl", "show", "--value", "--property", name, unit)

    def state(self, unit: str) -> str:
        """Return whether a unit is active, activating, inactive or failed."""
        return self.tried("systemctl", "is-active", unit).out.strip()

    def program(self, unit: str, words: str) -> str:
        """Return the process of the unit whose command line ends so, or fail."""
        group = self.shown(unit, "ControlGroup")
        for pid in self.run("cat", f"/sys/fs/cgroup{group}/cgroup.procs").split():
            # One that is just ending is listed, as 0 at last, and has no command line any more.
            line = self.tried("cat", f"/proc/{pid}/cmdline").out.replace("\0", " ").strip()
            if line.endswith(words):
                return pid
        message = f"{unit} has no {words!r}"
        raise AssertionError(message)

    def signal(self, pid: str, name: str) -> None:
        """Send a signal to a process of the machine."""
        self.script(f"kill -{name} {pid}")

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file in the machine."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)

    def journal(self, *units: str) -> str:
        """Return the end of the log."""
        named = [word for one in units for word in ("--unit", one)]
        return self.tried("journalctl", "--no-pager", "--output=cat", "--lines=60", *named).out

    def wait_for(self, look: Callable[[], Seen | None], what: str, patience_s: float = PATIENCE_S) -> Seen:
        """Return what `look` sees as soon as it is something, or fail with the end of the log."""
        ends_s = time.monotonic() + patience_s
        while True:
            seen = look()
            if seen:
                return seen
            assert time.monotonic() < ends_s, f"never came: {what}\n{self.journal()}"
            threading.Event().wait(LOOK_S)

    def wait_until_active(self, *units: str) -> None:
        """Return once all these units are active."""
        for unit in units:
            self.wait_for(lambda unit=unit: self.state(unit) == "active", f"{unit} active")  # type: ignore[misc]


@contextmanager
def machine(packages: Path) -> Iterator[Machine]:
    """Run a machine that finds that folder as /packages, until the end of the block."""
    # It boots only where the kernel grants namespaces, an overlay and control groups: where not, the test fails.
    command = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network"]
    command += ["--console=pipe", "--volatile=overlay", f"--machine=samverk-{os.getpid()}", f"--directory={trixie()}"]
    command += [f"--bind-ro={packages}:/packages", "--capability=CAP_SYS_TIME"]
    environment = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said: list[bytes] = []
    listening = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    listening.start()
    try:
        yield _booted(process, said)
    finally:
        _end(process)
        listening.join(BOOT_S)
        if process.stdout is not None:
            process.stdout.close()


def _booted(process: "subprocess.Popen[bytes]", said: list[bytes]) -> Machine:
    ends_s = time.monotonic() + BOOT_S
    while time.monotonic() < ends_s and process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            one = Machine(int(children[0]))
            if one.tried("systemctl", "is-system-running").out.strip() in {"running", "degraded"}:
                return one
        threading.Event().wait(LOOK_S)
    words = b"".join(said).decode(errors="replace")
    message = f"this machine cannot boot another one with systemd-nspawn; it ended with {process.poll()}:\n{words}"
    raise AssertionError(message)


def _end(process: "subprocess.Popen[bytes]") -> None:
    for one in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        process.send_signal(one)
        try:
            process.wait(20.0)
        except subprocess.TimeoutExpired:
            continue
        return
