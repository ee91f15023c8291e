"""What a measure of zones runs in: a broker of its own, a house of many zones, and the program that answers there."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.bench.zones_wire import Wire
from deploy.up.hub import find_broker
from deploy.up.ports import free_ports

ZONES, SENSORS = 40, 5
"""A large house: so many zones, and sensors in each."""

UP_S = 15.0
"""How long a program may take to come up."""

SITE = "bench"
STOP_S = 10.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PROGRAM = "import sys; from deploy.command import main; sys.exit(main(sys.argv[1:]))"
_HEAD = """
[site]
id = "{site}"
name = "Bench"
state_dir = "{folder}"

[broker]
host = "127.0.0.1"
port = {port}
"""
_ZONE = """
[[zone]]
id = "z{zone}"
name = {{ sv = "Zon {zone}", en = "Zone {zone}" }}
about = {{ sv = "att mäta", en = "to measure" }}
"""
_SENSOR = """
[[sensor]]
id = "z{zone}-s{sensor}"
zone = "z{zone}"
profile = "generic"
kind = "pir"
topic = "{topic}"
availability = "{topic}/availability"
paths.motion = "/occupancy"
paths.sequence = "/seq"
"""


class RigError(Exception):
    """Something that is needed to measure is missing, or did not come up."""


def sensor_topic(zone: int, sensor: int) -> str:
    """Return where that sensor of that zone speaks."""
    return f"sensors/z{zone}/s{sensor}"


def zone_topic(zone: int) -> str:
    """Return where that zone is said."""
    return f"samverk/{SITE}/zone/z{zone}"


class Running:
    """A program that runs, and what it has used of this machine so far."""

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        """Start it."""
        with log.open("ab") as out:
            self._process = subprocess.Popen(arguments, stdout=out, stderr=out)

    @property
    def cpu_s(self) -> float:
        """Return the processor seconds used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def rss_mb(self) -> float:
        """Return the memory in use, in megabytes."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(one.split()[1]) for one in lines if one.startswith("VmRSS")) / 1024

    def is_alive(self) -> bool:
        """Return whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.kill()
        self._process.wait(STOP_S)


class Rig:
    """A broker of one's own, and a house that knows it."""

    def __init__(self, folder: Path, *, is_stock: bool = True) -> None:
        """Write the files. A broker that is not stock sends small messages at once."""
        self.folder = folder
        (self.port,) = free_ports(1)
        self.site_file = folder / "site.toml"
        zones = "".join(_zone_text(zone) for zone in range(ZONES))
        self.site_file.write_text(_HEAD.format(site=SITE, folder=folder, port=self.port) + zones)
        lines = [f"listener {self.port} 127.0.0.1", "allow_anonymous true", "persistence false"]
        lines += [] if is_stock else ["set_tcp_nodelay true"]
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")

    @contextmanager
    def broker(self) -> Iterator[None]:
        """Run the broker; raise `RigError` if there is none."""
        program = find_broker()
        if program is None:
            message = "mosquitto is missing: apt install mosquitto"
            raise RigError(message)
        one = Running([program, "-c", str(self.folder / "mosquitto.conf")], self.folder / "mosquitto.log")
        try:
            self._wait_for_broker()
            yield
        finally:
            one.kill()

    @contextmanager
    def service(self) -> Iterator[Running]:
        """Run our service."""
        arguments = [sys.executable, "-c", _PROGRAM, "sensors", "--site", str(self.site_file)]
        yield from _run(arguments, self.folder / "sensors.log")

    @contextmanager
    def bare(self) -> Iterator[Running]:
        """Run the bare loop that ours is compared with."""
        arguments = [sys.executable, "-m", "sensors.broker.bare", str(self.port), SITE]
        yield from _run(arguments, self.folder / "bare.log")

    def wire(self, name: str) -> Wire:
        """Return a connection to the broker."""
        return Wire(self.port, name)

    def _wait_for_broker(self) -> None:
        pause = threading.Event()
        for _ in range(int(UP_S / 0.05)):
            try:
                self.wire("probe").close()
            except OSError:
                pause.wait(0.05)
            else:
                return
        message = f"the broker did not come up: {(self.folder / 'mosquitto.log').read_text()}"
        raise RigError(message)


def _run(arguments: Sequence[str], log: Path) -> Iterator[Running]:
    one = Running(arguments, log)
    try:
        yield one
    finally:
        one.kill()


def _zone_text(zone: int) -> str:
    sensors = [_SENSOR.format(zone=zone, sensor=one, topic=sensor_topic(zone, one)) for one in range(SENSORS)]
    return _ZONE.format(zone=zone) + "".join(sensors)
