"""`samverk broker ca|issue|revoke|list|print`: the hub's small authority, and what to type into sensors.

`ca` makes the authority and mosquitto's configuration; `issue` gives somebody a certificate and lays out its files;
`revoke` takes it back. Run as root: the authority's key is root's alone.
"""

import argparse
import socket
import sys
from pathlib import Path

import msgspec

from deploy.arguments import add_json
from deploy.broker.authority import AuthorityError, Given
from deploy.broker.devices import DEVICES, DeviceError
from deploy.broker.grants import Grant, Kind, problem_with
from deploy.broker.house import BROKER, FOLDER, HERE, SENSORS, BrokerHouse, Setting
from kiosk.tools.clock import SystemClock

RESTART = "systemctl restart mosquitto"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    what = parser.add_subparsers(dest="what", required=True)
    ca = what.add_parser("ca", help="make the authority and mosquitto's configuration; safe to repeat")
    ca.add_argument("--name", default="Samverk", help="the house's name, for the authority")
    ca.add_argument("--host", action="append", help="an address that sensors reach the broker by (default: our name)")
    ca.add_argument("--port", type=int, default=8883)
    ca.add_argument("--old-devices-port", type=int, default=0, metavar="N", help="another port, for TLS 1.2 (8884)")
    ca.add_argument("--discovery", default="homeassistant", help="first level of Home Assistant's discovery")
    issue = what.add_parser("issue", help="give somebody a certificate")
    issue.add_argument("name", help="what the broker will know it by; its own topics begin with it")
    issue.add_argument("--for", dest="kind", type=Kind, choices=list(Kind), default=Kind.SENSOR)
    issue.add_argument("--topic", action="append", default=[], help="another tree of topics that it writes")
    issue.add_argument("--host", action="append", default=[], help="a server's address, for broker and board")
    issue.add_argument("--days", type=int, default=0, help="how long it holds")
    revoke = what.add_parser("revoke", help="let nobody of that name in any more")
    revoke.add_argument("name")
    listed = what.add_parser("list", help="every certificate and when it ends")
    add_json(listed)
    printed = what.add_parser("print", help="what to type into a device")
    printed.add_argument("name")
    printed.add_argument("--device", choices=list(DEVICES), default="other")
    for one in (ca, issue, revoke, listed, printed):
        one.add_argument("--folder", type=Path, default=FOLDER, help=f"default {FOLDER}")


def run(args: argparse.Namespace) -> int:
    """Return 0 when it was done, 1 when it could not be."""
    house = BrokerHouse(args.folder)
    work = {"ca": _ca, "issue": _issue, "revoke": _revoke, "list": _list, "print": _print}[args.what]
    try:
        return work(house, args)
    except (AuthorityError, DeviceError) as error:
        print(f"samverk broker: {error}", file=sys.stderr)
    except OSError as error:
        print(f"samverk broker: {error.filename}: {error.strerror}: run it as root", file=sys.stderr)
    return 1


def _ca(house: BrokerHouse, args: argparse.Namespace) -> int:
    hosts = tuple(args.host or [socket.gethostname()])
    setting = Setting(hosts=hosts, port=args.port, old_port=args.old_devices_port, discovery=args.discovery)
    is_new = house.set_up(args.name, setting, SystemClock()().wall)
    out = house.folder / "out" / SENSORS
    print("made the authority" if is_new else "kept the authority, and wrote the configuration anew")
    print(f"Next: {RESTART}. In the site file, under [broker]:\n")
    print(f'host = "localhost"\nport = {args.port}\nca = "{house.folder}/ca.pem"')
    print(f'certificate = "{out}/certificate.pem"\nkey = "{out}/key.pem"')
    return 0


def _issue(house: BrokerHouse, args: argparse.Namespace) -> int:
    hosts = args.host or ([*house.setting().hosts, *HERE] if args.kind in {Kind.BROKER, Kind.BOARD} else [])
    grant = Grant(name=args.name, kind=args.kind, topics=tuple(args.topic), hosts=tuple(hosts))
    is_mixed = (grant.name == BROKER) is not (grant.kind is Kind.BROKER)
    problem = "only the broker is called broker" if is_mixed else problem_with(grant)
    if problem:
        print(f"samverk broker: {problem}", file=sys.stderr)
        return 1
    files = house.issue(grant, SystemClock()().wall, args.days)
    print(f"{files.certificate}\n{files.key}\nThe key is there for you to move: take it away from here afterwards.")
    # Devices are let in by patterns; whoever has lines of its own in the access list is, once the list is read anew.
    if grant.topics or grant.kind in {Kind.SERVICE, Kind.VIEWER, Kind.BROKER}:
        print(f"Next: {RESTART}")
    return 0


def _revoke(house: BrokerHouse, args: argparse.Namespace) -> int:
    count = house.revoke(args.name, SystemClock()().wall)
    if not count:
        print(f'samverk broker: nobody is called "{args.name}": see `samverk broker list`', file=sys.stderr)
        return 1
    print(f"revoked {count}. Next: {RESTART}, which also ends the connection that it may have")
    return 0


def _list(house: BrokerHouse, args: argparse.Namespace) -> int:
    given = house.authority.given()
    if args.json:
        print(msgspec.json.encode(given).decode())
    else:
        print("\n".join(_line(one) for one in given) or "no certificates yet: run `samverk broker ca`")
    return 0


def _line(one: Given) -> str:
    state = "revoked" if one.is_revoked else f"until {one.ends:%Y-%m-%d}"
    return f"{one.grant.name:24} {one.grant.kind:8} {state:18} {' '.join(one.grant.topics)}".rstrip()


def _print(house: BrokerHouse, args: argparse.Namespace) -> int:
    grant = next((one for one in house.authority.grants() if one.name == args.name), None)
    files = house.files(args.name)
    if grant is None or files is None:
        message = f'there are no files for "{args.name}" here: `samverk broker issue {args.name}` makes new ones'
        raise AuthorityError(message)
    print(DEVICES[args.device](grant, house.setting(), files), end="")
    return 0
