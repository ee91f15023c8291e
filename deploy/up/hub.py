"""One whole hub in a folder of its own: credentials, site file, example members, broker, and every service."""

import secrets
import shutil
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.up.centre import seed_centre
from deploy.up.example import KEY_VERSION, Places, examples, site_file
from deploy.up.services import Services, free_ports
from kiosk.domain.board import ReaderState
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ShowBoard
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site, load

READY_S = 30.0
"""How long the hub may take from the first process to the first tap it could answer."""
LOOK_S = 0.05

BROKER_PATHS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
_BROKER = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
log_dest stderr
log_type error
log_type warning
"""


class HubError(Exception):
    """The hub could not be started; the text says which part and why."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A running hub."""

    site: Site
    site_path: Path
    services: Services
    centre_database: Path
    board_link: Path


def start_hub(state_dir: Path, driver: str, clock: Clock, environment: dict[str, str]) -> Hub:
    """Start everything but the screen; raise `HubError` if a part is missing. It may not be ready yet."""
    broker_port, centre_port, board_port = free_ports(3)
    places = Places(
        state_dir=state_dir, broker_port=broker_port, centre_port=centre_port, board_port=board_port, driver=driver
    )
    secret = secrets.token_bytes(32)
    write_credential(f"badge-key-v{KEY_VERSION}", secret.hex().encode(), state_dir)
    site_path = state_dir / "site.toml"
    site_path.write_text(site_file(places, clock().wall))
    site = load(site_path)
    services = Services(state_dir / "log", {**environment, "SAMVERK_SITE": str(site_path), "PYTHONUNBUFFERED": "1"})
    database = state_dir / "centre.db"
    _start_broker(services, state_dir, broker_port)
    services.samverk("desk")
    services.samverk("sensors")
    token = seed_centre(database, examples(), secret)
    services.samverk("centre", "serve", "--database", str(database), "--port", str(centre_port))
    assert site.tables.centre is not None  # noqa: S101 - narrows for the type checker; the example's file has one
    write_credential(site.tables.centre.token_credential, token.encode(), state_dir)
    services.samverk("sync")
    link = state_dir / "board-link"
    services.samverk("board", "--once-link-file", str(link))
    return Hub(site, site_path, services, database, link)


def wait_until_ready(hub: Hub, new_id: Callable[[], str], stop: threading.Event) -> None:
    """Return once a tap can be answered and the board shown, or raise `HubError` naming what is not ready."""
    for _ in range(int(READY_S / LOOK_S)):
        died = hub.services.died()
        if died:
            message = f"{died[0].name} ended with status {died[0].status}:\n{died[0].last_words}"
            raise HubError(message)
        missing = _missing(hub, new_id)
        if not missing or stop.wait(LOOK_S):
            return
    message = f"not ready after {READY_S:.0f} s: {missing}\n{hub.services.last_words(missing)}"
    raise HubError(message)


def find_broker() -> str | None:
    """Return the path of mosquitto, or None; Debian keeps it where an ordinary user does not look."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=":".join(BROKER_PATHS))


def _start_broker(services: Services, state_dir: Path, port: int) -> None:
    broker = find_broker()
    if broker is None:
        message = "mosquitto is missing: type `apt install mosquitto` and try again"
        raise HubError(message)
    conf = state_dir / "mosquitto.conf"
    conf.write_text(_BROKER.format(port=port))
    services.start("mosquitto", [broker, "-c", str(conf)])


def _missing(hub: Hub, new_id: Callable[[], str]) -> str:
    """Return the first part that is not ready, or nothing."""
    try:
        with DoorClient(hub.site.door) as door:
            said = door.ask(ShowBoard(id=new_id()))
    except DoorClosedError:
        return "desk"
    if not isinstance(said, SayBoard):
        return "desk"
    if any(one.state is not ReaderState.READY for one in said.board.readers) or not said.board.readers:
        return "desk"
    if said.board.roster_age_s is None:
        return "sync"
    board = hub.site.tables.board
    return "" if hub.board_link.exists() and _listens(board.host, board.port) else "board"


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(LOOK_S)
        return probe.connect_ex((host, port)) == 0
