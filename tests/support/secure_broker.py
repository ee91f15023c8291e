"""A real mosquitto with the hub's own configuration and authority, and clients that say what came of their asking."""

import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from deploy.broker.grants import Grant, Kind
from deploy.broker.house import BrokerHouse, HandedOut, Setting
from kiosk.tools.clock import SystemClock
from tests.support.mosquitto import PLACES, UP_WAIT_S, free_port

WAIT_S = 10.0


def program() -> str:
    """Return where mosquitto is."""
    found = shutil.which("mosquitto", path=PLACES)
    assert found is not None, "mosquitto is missing: apt-get install mosquitto"
    return found


class SecureBroker:
    """The broker of a house, on free ports of this machine."""

    def __init__(self, folder: Path) -> None:
        """Make the authority and the configuration."""
        self.house = BrokerHouse(folder / "broker")
        self.log = folder / "mosquitto.log"
        self.setting = Setting(
            hosts=("hub.example",),
            port=free_port(),
            old_port=free_port(),
            address="127.0.0.1",
            secrets=str(folder / "broker"),
        )
        self.house.set_up("Testhuset", self.setting, now())
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it listens."""
        configuration = self.house.folder.parent / "started.conf"
        # Started by root it would change its user, who cannot read a test's folder; else this is passed over.
        configuration.write_text(f"{(self.house.folder / 'mosquitto.conf').read_text()}\nuser root\n")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([program(), "-c", str(configuration)], stdout=log, stderr=log)
        for _attempt in range(int(UP_WAIT_S / 0.05)):
            if all(map(_answers, (self.setting.port, self.setting.old_port))):
                return
            assert self._process.poll() is None, self.log.read_text()
            threading.Event().wait(0.05)
        self.stop()
        raise AssertionError(self.log.read_text())

    def restart(self) -> None:
        """Do what the commands say: start anew, with whatever was revoked."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(UP_WAIT_S)
            self._process = None

    def issue(self, name: str, kind: Kind = Kind.SENSOR, *topics: str) -> HandedOut:
        """Return the files of a new certificate."""
        return self.house.issue(Grant(name=name, kind=kind, topics=topics), now())


@dataclass
class Asking:
    """A client that holds a certificate, or none."""

    broker: SecureBroker
    files: HandedOut | None
    is_old: bool = False
    heard: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare to connect."""
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        self._said: list[str] = []
        self._news = threading.Semaphore(0)
        self._came = threading.Semaphore(0)
        context = ssl.create_default_context(cafile=str(self.broker.house.folder / "ca.pem"))
        context.maximum_version = ssl.TLSVersion.TLSv1_2 if self.is_old else ssl.TLSVersion.TLSv1_3
        if self.files is not None:
            context.load_cert_chain(self.files.certificate, self.files.key)
        self._client.tls_set_context(context)
        self._client.on_connect = lambda _c, _d, _f, code, _p: self._tell(str(code))
        self._client.on_publish = lambda _c, _d, _m, code, _p: self._tell(str(code))
        self._client.on_subscribe = lambda _c, _d, _m, codes, _p: self._tell(str(codes[0]))
        self._client.on_message = self._hear

    def connect(self) -> str:
        """Return what the broker says, or `refused` when there is no connection."""
        port = self.broker.setting.old_port if self.is_old else self.broker.setting.port
        try:
            self._client.connect("127.0.0.1", port)
        except (OSError, ValueError):
            return "refused"
        self._client.on_disconnect = lambda *_: self._tell("refused")
        self._client.loop_start()
        return self._answer()

    def write(self, topic: str, payload: bytes = b"1", *, retain: bool = False) -> str:
        """Return what the broker says of a message at quality of service 1."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return self._answer()

    def listen(self, topic: str) -> str:
        """Return what the broker says of a subscription."""
        self._client.subscribe(topic, qos=1)
        return self._answer()

    def hears(self) -> tuple[str, bool]:
        """Return the next message's topic, and whether the broker had kept it."""
        assert self._came.acquire(timeout=WAIT_S), "nothing was heard"
        return self.heard.pop(0)

    def close(self) -> None:
        """Leave."""
        self._client.on_disconnect = None
        self._client.disconnect()
        self._client.loop_stop()

    def _answer(self) -> str:
        assert self._news.acquire(timeout=WAIT_S), "the broker never answered"
        return self._said.pop(0)

    def _tell(self, what: str) -> None:
        self._said.append(what)
        self._news.release()

    def _hear(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.heard.append((message.topic, message.retain))
        self._came.release()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def now() -> datetime:
    """Return the moment it is."""
    return SystemClock()().wall
