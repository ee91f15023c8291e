"""`samverk bench footprint`: what a device's services cost while nothing happens: memory of their own, and processor.

Broker and centre run beside them and are not counted; neither is a compositor. Memory is PSS (proc(5)): what a process
has alone, and its share of what it has in common with others.
"""

import os
import pty
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.bench.figures import Amount, Measured
from deploy.up.hub import Hub, start_hub, start_the_rest, wait_until_ready
from deploy.up.services import samverk
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids

SERVICES = ("desk", "sensors", "sync", "board", "screen")
SETTLE_S = 15.0
"""What services do at their start, and the first look at everything, is over after this."""
REST_S = 30.0
SCREEN_ROWS, SCREEN_COLUMNS = 11, 35
BARE = "a Python that does nothing"
ALL = "all services"


def measure(taps: int, members: int) -> Measured:  # noqa: ARG001 - what every measure is given
    """Return each service's memory and share of one core at rest, and all of them together."""
    with _resting_house() as (hub, screen):
        processes = {name: hub.services.process(name).pid for name in SERVICES if name != "screen"} | {"screen": screen}
        before = {name: cpu_s(pid) for name, pid in processes.items()}
        threading.Event().wait(REST_S)
        cores = {name: (cpu_s(pid) - before[name]) / REST_S for name, pid in processes.items()}
        memory = {name: pss_mb(pid) for name, pid in processes.items()}
    return Measured((), _notes(), tuple(_amounts(memory, cores)))


def pss_mb(pid: int) -> float:
    """Return a process's proportional share of memory in megabytes: its own, and its part of what others have too."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cpu_s(pid: int) -> float:
    """Return the processor time that a process has used, in seconds (proc(5): utime and stime of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _amounts(memory: Mapping[str, float], cores: Mapping[str, float]) -> Iterator[Amount]:
    yield Amount(name=BARE, value=_bare_mb(), unit="MB")
    for name, value in memory.items():
        yield Amount(name=f"{name}: memory", value=value, unit="MB", bare=BARE)
    yield Amount(name=f"{ALL}: memory", value=sum(memory.values()), unit="MB", bare=BARE)
    for name, value in cores.items():
        yield Amount(name=f"{name}: processor", value=value * 100, unit="% of a core")
    yield Amount(name=f"{ALL}: processor", value=sum(cores.values()) * 100, unit="% of a core")


def _notes() -> tuple[str, ...]:
    return (f"{REST_S:.0f} s of rest, {SETTLE_S:.0f} s after the start; the centre is asked every 1 s and 5 s",)


@contextmanager
def _resting_house() -> Iterator[tuple[Hub, int]]:
    """Run a whole hub in which nothing happens, and yield it with its screen's process."""
    clock, stop = SystemClock(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        hub = start_hub(Path(folder), "scripted", clock, dict(os.environ))
        try:
            wait_until_ready(hub, clock, Ids(), stop)
            start_the_rest(hub, stop)
            with _screen(hub) as screen:
                stop.wait(SETTLE_S)
                yield hub, screen
        finally:
            hub.services.stop_all()


@contextmanager
def _screen(hub: Hub) -> Iterator[int]:
    """Run the members' screen in a terminal of its own that somebody reads, and yield its process."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment |= {"LINES": str(SCREEN_ROWS), "COLUMNS": str(SCREEN_COLUMNS)}
    command = [*samverk("screen"), "--site", str(hub.site_path)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env=environment)
    os.close(theirs)
    threading.Thread(target=_read_away, args=(ours,), daemon=True).start()
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()
        os.close(ours)


def _read_away(terminal: int) -> None:
    while True:
        try:
            if not os.read(terminal, 65536):
                return
        except OSError:
            return


def _bare_mb() -> float:
    command = [sys.executable, "-Ic", "import sys; sys.stdout.write('.'); sys.stdout.flush(); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - narrows for the type checker; it was asked for
        process.stdout.read(1)
        return pss_mb(process.pid)
