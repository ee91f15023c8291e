"""A house on a machine of its own: the package installed, settings and secrets in place, every service running."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.bench.virtual_reader.card import VirtualCard
from kiosk.domain.badge import Uid, badge_key
from tests.support.machine import Machine

SERVICES = ("desk", "sensors", "sync", "board", "screen", "centre")
UNITS = tuple(f"samverk-{one}.service" for one in SERVICES)
BROKER = "mosquitto.service"
CENTRE = ("runuser", "-u", "samverk", "--", "samverk", "centre")
"""How an administrator fills and asks the centre: as the user that it runs as."""
STATE = "/var/lib/samverk"
SOURCE = "se.samverket.stockholm"
SCREEN_ROOM = "/run/samverk-screen"
VPCD_PORT = 35963
"""Where the virtual reader's driver listens, by its own setting."""
READ_S = 20.0
STRANGERS, FIRST_STRANGER = 20, 10


def uid_of(number: int) -> str:
    """Return the UID of that member's badge."""
    return f"04E1{number:02X}5A3C2B80"


PEOPLE = {f"exempel-{one:02}": uid_of(one) for one in range(1, FIRST_STRANGER + STRANGERS)}
"""Members' ids and the UIDs of their badges."""

SITE = f"""\
[site]
id = "stockholm"
name = "Samverket Stockholm"
state_dir = "{STATE}"
closes = "23:59"

[[zone]]
id = "lagerelden"
name.sv = "Lägerelden"
name.en = "The campfire"
about.sv = "för djupare samtal"
about.en = "for deeper talks"

[[sensor]]
id = "pir-1"
zone = "lagerelden"
profile = "zigbee2mqtt"
kind = "pir"
topic = "zigbee2mqtt/lagerelden/pir-1"

[[reader]]
id = "entrance"
driver = "scripted"

[[reader]]
id = "card"
driver = "pcsc"

[broker]
host = "localhost"
port = 8883
ca = "/etc/samverk/broker/ca.pem"
certificate = "/etc/samverk/broker/out/samverk-sensors/certificate.pem"
key = "/etc/samverk/broker/out/samverk-sensors/key.pem"

[centre]
url = "http://127.0.0.1:8443"
source = "{SOURCE}"
push_every_s = 1.0
pull_every_s = 2.0

[retention]
decision = "exempel 1"
"""

HEADLESS = """\
# No display here: the compositor draws in memory, and there is no console to take.
[Unit]
ConditionPathExists=
ConditionPathExists=/etc/samverk/site.toml
[Service]
Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
"""
_SYSTEMD = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1")
_PUBLISH = """\
from paho.mqtt.client import CallbackAPIVersion, Client
client = Client(CallbackAPIVersion.VERSION2)
client.tls_set("{folder}/ca.pem", "{folder}/certificate.pem", "{folder}/key.pem")
client.connect("localhost", 8883)
client.loop_start()
client.publish("{topic}", '{payload}', qos=1).wait_for_publish(20)
client.disconnect()
"""
FASTER = "[Service]\nWatchdogSec=4\n"
"""A watchdog that a test need not wait for half a minute for."""


@dataclass(slots=True)
class Installed:
    """The house, the secret that its badge keys are made with, and how many of its members have not been in yet."""

    machine: Machine
    secret: bytes
    strangers: int = STRANGERS

    def stranger(self) -> str:
        """Return the UID of a member who has not been in yet."""
        self.strangers -= 1
        return uid_of(FIRST_STRANGER + self.strangers)

    def tap(self, uid: str) -> dict[str, Any]:
        """Show a badge to the scripted reader and return the answer, once there is a desk that gives one."""
        return dict(json.loads(self.machine.wait_for(lambda: self._tapped(uid), "an answer to a tap")))

    def show_card(self, uid: str) -> bool:
        """Lay a card on the PC/SC reader until it was read, and return whether it was."""
        shown = f"print(VirtualCard({VPCD_PORT}).tap(bytes.fromhex('{uid}'), {READ_S}))"
        return self.python(f"from {VirtualCard.__module__} import VirtualCard\n{shown}") == "True"

    def publish(self, name: str, topic: str, payload: str) -> None:
        """Publish as whoever has the certificate of that name."""
        self.python(_PUBLISH.format(folder=f"/etc/samverk/broker/out/{name}", topic=topic, payload=payload))

    def python(self, code: str) -> str:
        """Run Python in the machine with the package's environment."""
        return self.machine.run("/usr/bin/python3", "-Bc", code, PYTHONPATH="/usr/lib/samverk")

    def arrivals(self) -> int:
        """Return how many arrivals the centre has of this house."""
        report = json.loads(self.machine.run(*CENTRE, "report", "--json"))
        return sum(count for kind, count in report["events"].get(SOURCE, {}).items() if "arrived" in kind)

    def has_members(self) -> bool:
        """Return whether the centre's member list has come."""
        return self._status().get("roster_age_s") is not None

    def readers(self) -> dict[str, str]:
        """Return how each reader is."""
        return {one["reader"]: one["state"] for one in self._status().get("readers", ())}

    def zone(self, zone: str) -> str | None:
        """Return how a zone is, as the desk sees it."""
        return next((one["state"] for one in self._status().get("zones", ()) if one["id"] == zone), None)

    def read_display(self, folder: Path) -> str:
        """Return what is written on the display: a picture of it, read as a person would. It stays in `folder`."""
        wayland = next((one.name for one in (self.machine.root / SCREEN_ROOM[1:]).glob("wayland-?")), "")
        shot = f"{SCREEN_ROOM}/display.png"
        as_screen = {"XDG_RUNTIME_DIR": SCREEN_ROOM, "WAYLAND_DISPLAY": wayland}
        taken = self.machine.tried("grim", shot, **as_screen)
        if taken.status != 0:
            return ""
        (folder / "display.png").write_bytes((self.machine.root / shot[1:]).read_bytes())
        return self.machine.tried("tesseract", shot, "-", "-l", "swe", "--psm", "6").out

    def next_restart_us(self, unit: str) -> int:
        """Return how long the unit will wait before it is started the next time."""
        path = self.machine.run("busctl", "call", *_SYSTEMD, "org.freedesktop.systemd1.Manager", "GetUnit", "s", unit)
        asked = ("busctl", "get-property", _SYSTEMD[0], path.split('"')[1], "org.freedesktop.systemd1.Service")
        return int(self.machine.run(*asked, "RestartUSecNext").split()[1])

    def start(self, units: Sequence[str]) -> None:
        """Start units one after the other, each once the one before says that it is ready."""
        for unit in units:
            self.machine.run("systemctl", "start", unit)

    def _status(self) -> dict[str, Any]:
        out = self.machine.tried("samverk", "status", "--json").out
        return dict(json.loads(out)) if out else {}

    def _tapped(self, uid: str) -> str | None:
        return self.machine.tried("samverk", "tap", uid, "--json").out or None


def install(machine: Machine, package: str) -> None:
    """Install the package in the running machine, which fetches nothing: all it depends on is there."""
    machine.run("dpkg", "--install", f"/packages/{package}")


def settle(machine: Machine) -> Installed:
    """Put settings and secrets in place and start everything, those first that need the most of the others."""
    secret = secrets.token_bytes(32)
    machine.write("/etc/samverk/site.toml", SITE)
    machine.write("/etc/systemd/system/samverk-screen.service.d/headless.conf", HEADLESS)
    for unit in ("samverk-desk", "samverk-screen"):
        machine.write(f"/etc/systemd/system/{unit}.service.d/faster.conf", FASTER)
    machine.write("/etc/credstore/samverk.badge-key-v1", secret.hex(), 0o600)
    machine.run("systemctl", "daemon-reload")
    machine.run("install", "-d", "-o", "samverk", "-m", "700", "/var/lib/samverk-centre")
    token = machine.run(*CENTRE, "issue-token", "stockholm", SOURCE)
    machine.write("/etc/credstore/samverk.centre-token", token, 0o600)
    machine.write("/tmp/people.json", _people(secret))  # noqa: S108 - in a machine of our own
    machine.run(*CENTRE, "import", "/tmp/people.json")  # noqa: S108 - as above
    house = Installed(machine, secret)
    house.start(("samverk-screen", "samverk-board", "samverk-sync", "samverk-sensors"))
    machine.run("samverk", "broker", "ca", "--name", "Samverket", "--host", "localhost")
    machine.run("samverk", "broker", "issue", "zigbee2mqtt")
    machine.run("systemctl", "restart", BROKER)
    house.start(("samverk-centre", "samverk-desk"))
    # The centre was asked before it was there, and is asked again only after a while.
    machine.wait_for(house.has_members, "the member list from the centre")
    return house


def _people(secret: bytes) -> str:
    members = [
        {
            "id": member,
            "name": f"Exempel {number}",
            "agency": "provverket",
            "badges": [{"key": badge_key(secret, Uid(bytes.fromhex(uid))), "key_version": 1}],
        }
        for number, (member, uid) in enumerate(PEOPLE.items(), start=1)
    ]
    return json.dumps({"agencies": [{"id": "provverket", "name": "Provverket", "seats": 50}], "members": members})
