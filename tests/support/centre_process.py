"""The centre as a process of its own, as `samverk centre serve` runs it, that can be killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.centre import wait_for_port

START_S = 60.0
COMMAND = [sys.executable, "-c", "import sys; from deploy.command import main; sys.exit(main())", "centre"]


@dataclass(frozen=True)
class CentreProcess:
    """A process that takes requests."""

    process: "subprocess.Popen[bytes]"
    url: str

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def centre_process(database: str, folder: Path, name: str = "centre") -> Iterator[CentreProcess]:
    """Run the centre over that database until the end of the block."""
    port_file = folder / f"{name}-port"
    command = [*COMMAND, "serve", "--database", database, "--port", "0", "--port-file", str(port_file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield CentreProcess(process, f"http://127.0.0.1:{wait_for_port(port_file, threading.Event(), START_S)}")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(START_S)
