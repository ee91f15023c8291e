"""`samverk board`: the hosts' board in a browser or, with `--terminal`, here; `board host`: who is a host."""

import argparse
import getpass
import sys
from contextlib import closing
from pathlib import Path

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.board.serve import BOARD, HOST_NAME, Handover, serve
from kiosk.domain.ids import MemberId, host
from kiosk.store.errors import StoreError
from kiosk.store.hosts import HostFile
from kiosk.store.roster import RosterReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from kiosk.tools.passwords import PASSWORD_MAX, PASSWORD_MIN, hashed, is_fit
from kiosk.tools.site import Site
from kiosk.tools.stopping import stop_on_signals
from kiosk.tools.systemd import Supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    add_site(parser)
    parser.add_argument(
        "--port-file",
        type=Path,
        metavar="FILE",
        help="write the port here, and take any free one if the site's is taken",
    )
    parser.add_argument(
        "--once-link-file", type=Path, metavar="FILE", help="write a one-time sign-in link for a host here at start"
    )
    parser.add_argument(
        "--host-name", default=HOST_NAME, metavar="NAME", help="whose link that is (default %(default)s)"
    )
    parser.add_argument("--terminal", action="store_true", help="show the board in this terminal instead")
    parser.add_argument(
        "--by", default=getpass.getuser(), metavar="HOST", help="in the terminal: who looks (default: you)"
    )
    parser.set_defaults(do=None)
    host = parser.add_subparsers(metavar="host").add_parser("host", help="who may sign in at the board")
    _add_host_arguments(host)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal asks to stop, or change who may sign in."""
    if args.do is not None:
        return _change_hosts(args)
    if args.terminal:
        from kiosk.board.terminal.run import run_terminal  # noqa: PLC0415 - the web board needs no Textual

        return run_terminal(site_of(args), SystemClock(), Ids(), host(args.by))
    start_log("samverk")
    return serve(
        site_of(args),
        SystemClock(),
        stop_on_signals(),
        Handover(port_file=args.port_file, once_link_file=args.once_link_file, host_name=args.host_name),
        Supervisor(BOARD),
    )


def _add_host_arguments(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="do", required=True, metavar="add|passwd|remove|member|list")
    for name, what in (
        ("add", "let a host sign in; asks for a password, or reads a line from a pipe"),
        ("passwd", "give a host a new password, and end their sessions"),
        ("remove", "let a host sign in no longer, and end their sessions"),
    ):
        one = does.add_parser(name, help=what)
        one.add_argument("name", metavar="NAME", help="as it shall stand in the access log")
        add_site(one)
    member = does.add_parser("member", help="whose badge calls the roll at the members' screen")
    member.add_argument("name", metavar="NAME", help="the host")
    member.add_argument("member", metavar="MEMBER", nargs="?", default="", help="their id on the roster; without: none")
    add_site(member)
    listing = does.add_parser("list", help="who may sign in, and since when they have their password")
    add_site(listing)
    add_json(listing)


def _change_hosts(args: argparse.Namespace) -> int:
    site = site_of(args)
    file = HostFile(site.state_dir / "hosts.json")
    if args.do == "list":
        return _list(file, as_json=args.json)
    if args.do == "remove":
        file.remove(args.name)
        return 0
    if args.do == "member":
        file.tie(args.name, args.member)
        if args.member and not _is_on_roster(site, MemberId(args.member)):
            print(f"{args.name} is tied, but the roster here has no active member {args.member!r} now", file=sys.stderr)
        return 0
    if (args.name in file.hosts()) is (args.do == "add"):
        message = "is there already: samverk board host passwd" if args.do == "add" else "is not there: add them first"
        raise StoreError(f"{args.name} {message}")  # noqa: EM102, TRY003 - one sentence of two parts
    password = _password()
    if password is None:
        return 1
    file.put(args.name, hashed(password), SystemClock()())
    return 0


def _is_on_roster(site: Site, member: MemberId) -> bool:
    with closing(RosterReader(site.state_dir / "roster.db")) as roster:
        holder = roster.holder_of_member(member)
    return holder is not None and holder.member.active


def _list(file: HostFile, *, as_json: bool) -> int:
    rows = [
        {"name": one.name, "password_since": one.changed, "member": one.member or "-"} for one in file.hosts().values()
    ]
    if as_json:
        print(msgspec.json.encode(rows).decode())
        return 0
    for row in rows:
        print("{name:40} {password_since} {member}".format_map(row))
    if not rows:
        print("No host has a password. Add one: samverk board host add NAME", file=sys.stderr)
    return 0


def _password() -> str | None:
    """Return a password that was typed twice, or read once from a pipe; None, having said why, if it is unfit."""
    if sys.stdin.isatty():
        password = getpass.getpass("Lösenord / Password: ")
        if getpass.getpass("En gång till / Once more: ") != password:
            print("De är inte lika. / They differ.", file=sys.stderr)
            return None
    else:
        password = sys.stdin.readline(PASSWORD_MAX + 2).rstrip("\r\n")
    if not is_fit(password):
        print(
            f"{PASSWORD_MIN}-{PASSWORD_MAX} tecken, till exempel fyra ord. / characters, four words for example.",
            file=sys.stderr,
        )
        return None
    return password
