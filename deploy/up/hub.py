"""One whole hub in a folder of its own: credentials, site file, example members, broker, and every service."""

import secrets
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.up.example import DATABASE_NAME, KEY_VERSION, TOKEN_NAME, Places, examples, site_file
from deploy.up.ports import free_ports
from deploy.up.services import Services
from kiosk.domain.board import ReaderState
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ShowBoard
from kiosk.store.hosts import HostFile
from kiosk.store.roster import RosterReader
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import write_credential
from kiosk.tools.passwords import hashed
from kiosk.tools.site import Site, load

READY_S = 30.0
"""How long the hub may take from the first process to the first tap it could answer."""
LOOK_S = 0.05
HOST = "Exempelvärd"
FIRST = ("desk", "sync")
"""What a tap waits for, besides the centre. All else is started after, not to load beside it."""

BROKER_PATHS = ("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
_BROKER = """\
# Started by root it would change its user, and then no longer hear that its parent has died. Else this is passed over.
user root
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
    """Start what a tap needs; raise `HubError` if a part is missing. It is not ready yet."""
    broker_port, centre_port, board_port = free_ports(3)
    places = Places(
        state_dir=state_dir, broker_port=broker_port, centre_port=centre_port, board_port=board_port, driver=driver
    )
    write_credential(f"badge-key-v{KEY_VERSION}", secrets.token_hex(32).encode(), state_dir)
    write_credential(TOKEN_NAME, secrets.token_urlsafe(32).encode(), state_dir)
    site_path = state_dir / "site.toml"
    site_path.write_text(site_file(places, clock().wall))
    _name_host(state_dir, clock)
    services = Services(state_dir / "log", {**environment, "SAMVERK_SITE": str(site_path), "PYTHONUNBUFFERED": "1"})
    _start_broker(services, state_dir, broker_port)
    services.start("centre", [sys.executable, "-m", "deploy.up.centre", str(state_dir), str(centre_port)])
    for name in FIRST:
        services.samverk(name)
    link = state_dir / "board-link"
    return Hub(load(site_path), site_path, services, state_dir / DATABASE_NAME, link)


def wait_until_ready(hub: Hub, clock: Clock, new_id: Callable[[], str], stop: threading.Event) -> None:
    """Return once a tap can be answered; raise `HubError` naming what is not ready in time."""
    roster = RosterReader(hub.site.state_dir / "roster.db")
    try:
        _wait(hub, stop, lambda: _missing_at_the_desk(hub, new_id) or _missing_in(roster, clock))
    finally:
        roster.close()


def start_the_rest(hub: Hub, stop: threading.Event) -> None:
    """Start what no tap waits for, and return once the board is shown."""
    hub.services.samverk("sensors")
    hub.services.samverk("board", "--once-link-file", str(hub.board_link))
    _wait(hub, stop, lambda: _missing_for_hosts(hub))


def _wait(hub: Hub, stop: threading.Event, look: Callable[[], str]) -> None:
    """Return once `look` finds nothing missing or stop is asked, else raise `HubError`."""
    missing = ""
    for _ in range(int(READY_S / LOOK_S)):
        died = hub.services.died()
        if died:
            message = f"{died[0].name} ended with status {died[0].status}:\n{died[0].last_words}"
            raise HubError(message)
        missing = look()
        if not missing or stop.wait(LOOK_S):
            return
    message = f"not ready after {READY_S:.0f} s: {missing}\n{hub.services.last_words(missing)}"
    raise HubError(message)


def _name_host(state_dir: Path, clock: Clock) -> None:
    """Let the first example member be a host, who calls the roll at the screen; nobody knows the password."""
    hosts = HostFile(state_dir / "hosts.json")
    hosts.put(HOST, hashed(secrets.token_urlsafe()), clock())
    hosts.tie(HOST, next(iter(examples())).member)


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


def _missing_at_the_desk(hub: Hub, new_id: Callable[[], str]) -> str:
    try:
        with DoorClient(hub.site.door) as door:
            said = door.ask(ShowBoard(id=new_id()))
    except DoorClosedError:
        return "desk"
    if not isinstance(said, SayBoard) or not said.board.readers:
        return "desk"
    return "desk" if any(one.state is not ReaderState.READY for one in said.board.readers) else ""


def _missing_in(roster: RosterReader, clock: Clock) -> str:
    # Asked where the desk will look, not of the desk: its picture can be a second old.
    return "sync" if roster.age_s(clock()) is None else ""


def _missing_for_hosts(hub: Hub) -> str:
    board = hub.site.tables.board
    return "" if hub.board_link.exists() and _listens((board.host, board.port)) else "board"


def _listens(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        probe.settimeout(LOOK_S)
        return probe.connect_ex(address) == 0
