"""The processes of one hub: started in their order, watched, and stopped in the opposite order."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_S = 8.0
"""How long a process may take to stop before it is killed and named."""
LOG_LINES_SHOWN = 12
_DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
"""Also when we are killed and can stop nobody: util-linux's way to prctl(2), PR_SET_PDEATHSIG."""


@dataclass(frozen=True, slots=True)
class Died:
    """A process that ended without being asked to, and its last words."""

    name: str
    status: int
    last_words: str


class Services:
    """Processes by name. Their output goes to a log file each."""

    def __init__(self, log_dir: Path, environment: Mapping[str, str]) -> None:
        """Keep logs in that folder, and give every process that environment."""
        log_dir.mkdir(parents=True, exist_ok=True)
        self._log_dir = log_dir
        self._environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, tuple[str, ...]] = {}

    def start(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, so that Ctrl-C in the terminal reaches only us."""
        with (self._log_dir / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*_DIES_WITH_US, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self._running[name] = process
        self._commands[name] = tuple(command)
        return process

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """Return a process by its name."""
        return self._running[name]

    def again(self, name: str) -> subprocess.Popen[bytes]:
        """Start a process that has ended as it was started before."""
        return self.start(name, self._commands[name])

    def samverk(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of our own services with this interpreter."""
        return self.start(name, samverk(name, *arguments))

    def died(self) -> tuple[Died, ...]:
        """Return the processes that have ended by themselves."""
        return tuple(
            Died(name, process.returncode, self.last_words(name))
            for name, process in self._running.items()
            if process.poll() is not None
        )

    def last_words(self, name: str) -> str:
        """Return the end of a process's log."""
        path = self._log_dir / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        return "\n".join(lines[-LOG_LINES_SHOWN:])

    def stop(self, name: str) -> bool:
        """Stop one process; return False if it had to be killed."""
        process = self._running.pop(name)
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return False
        return True

    def stop_all(self) -> tuple[str, ...]:
        """Stop everything, last started first; return the names of those that had to be killed."""
        return tuple(name for name in reversed(list(self._running)) if not self.stop(name))


def samverk(name: str, *arguments: str) -> list[str]:
    """Return the command line of a subcommand, run by this interpreter."""
    return [sys.executable, "-m", "deploy", name, *arguments]
