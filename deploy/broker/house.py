"""One house's broker in its folder: configuration, access list, certificates and what is handed out to devices."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from deploy.broker.authority import Authority
from deploy.broker.grants import DAYS, Grant, Kind, access_list
from deploy.broker.writing import OPEN, OPEN_ROOM, SECRET, SECRET_ROOM, give_to_services, put, room

FOLDER = Path("/etc/samverk/broker")
SECRETS = "/run/credentials/mosquitto.service"
"""Where systemd hands the broker its key and its access list, which root alone can read on disk."""

SENSORS = "samverk-sensors"
BROKER = "broker"
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the broker is reached: `old_port` is that of devices which know TLS 1.2 only, 0 for none."""

    hosts: tuple[str, ...]
    port: int = 8883
    old_port: int = 0
    discovery: str = "homeassistant"
    address: str = ""
    secrets: str = SECRETS


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The three files that go to whoever was given a certificate."""

    authority: Path
    certificate: Path
    key: Path


class BrokerHouse:
    """The broker of one house."""

    def __init__(self, folder: Path) -> None:
        """Use the folder."""
        self.folder = folder
        self.authority = Authority(folder)

    def set_up(self, name: str, setting: Setting, now: datetime) -> bool:
        """Write everything the broker needs; return whether the authority is new. One that is there is kept."""
        is_new = not self.authority.exists()
        if is_new:
            self.authority.make(name, now)
        put(self.folder / "setting.json", msgspec.json.encode(setting), OPEN)
        given = {one.name: one for one in self.authority.grants()}
        if BROKER not in given or given[BROKER].hosts != self._hosts(setting):
            self.issue(Grant(name=BROKER, kind=Kind.BROKER, hosts=self._hosts(setting)), now)
        if SENSORS not in given:
            self.issue(Grant(name=SENSORS, kind=Kind.SERVICE), now)
        self._write_configuration(setting)
        return is_new

    def setting(self) -> Setting:
        """Return how the broker was set up."""
        return msgspec.json.decode((self.folder / "setting.json").read_bytes(), type=Setting)

    def issue(self, grant: Grant, now: datetime, days: int = 0) -> HandedOut:
        """Issue a certificate and lay out its files; the access list lets its name in from then on."""
        certificate, key = self.authority.issue(grant, now, days or DAYS[grant.kind])
        out = self._out(grant)
        if out.key.parent != self.folder:
            room(self.folder / "out", OPEN_ROOM)
            room(out.key.parent, SECRET_ROOM)
            put(out.authority, (self.folder / "ca.pem").read_bytes(), OPEN)
        put(out.certificate, certificate, OPEN)
        put(out.key, key, SECRET)
        if grant.kind in {Kind.SERVICE, Kind.BOARD}:
            give_to_services(out.key.parent, out.key)
        self._write_access()
        return out

    def revoke(self, name: str, now: datetime) -> int:
        """Let nobody of that name in any more; return how many certificates that are."""
        count = self.authority.revoke(name, now)
        self._write_access()
        return count

    def files(self, name: str) -> HandedOut | None:
        """Return the files laid out for that name, or None if there are none or they were taken away."""
        out = self._out(Grant(name=name, kind=Kind.SENSOR))
        return out if out.key.is_file() and out.certificate.is_file() else None

    def _out(self, grant: Grant) -> HandedOut:
        if grant.kind is Kind.BROKER:
            return HandedOut(self.folder / "ca.pem", self.folder / "broker.pem", self.folder / "broker-key.pem")
        folder = self.folder / "out" / grant.name
        return HandedOut(folder / "ca.pem", folder / "certificate.pem", folder / "key.pem")

    def _write_access(self) -> None:
        text = access_list(self.authority.grants(), self.setting().discovery)
        # Newer brokers warn of a list that everybody can read, and say that they will refuse it.
        put(self.folder / "acl", text.encode(), SECRET)

    def _write_configuration(self, setting: Setting) -> None:
        places = {
            "folder": self.folder,
            "secrets": setting.secrets,
            "address": f" {setting.address}" if setting.address else "",
            "port": setting.port,
        }
        old = _template("old_devices.conf").format(**{**places, "port": setting.old_port}) if setting.old_port else ""
        text = _template("mosquitto.conf").format(**places, old_devices=old)
        put(self.folder / "mosquitto.conf", text.encode(), OPEN)

    def _hosts(self, setting: Setting) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*setting.hosts, *HERE)))


def _template(name: str) -> str:
    return (Path(__file__).parent / name).read_text()
