"""`samverk centre`: the reference central system, and the commands that fill and ask it while it runs."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.domain.ids import SiteId
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals
from sync.centre.registry import Enrolment, NewAgency, NewBadge, NewMember, Registry, Report, read_enrolment
from sync.centre.storage.room import CentreError
from sync.centre.storage.tokens import Role

DATABASE = Path("/var/lib/samverk-centre/centre.db")
PORT = 8443


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their arguments."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    serve = _command(commands, "serve", "serve SCIM and events over HTTP, behind a proxy that speaks TLS")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    serve.add_argument("--port-file", type=Path, metavar="FILE", help="write the port there")
    agency = _command(commands, "add-agency", "enrol an agency")
    agency.add_argument("id", metavar="ID")
    agency.add_argument("name", metavar="NAME")
    agency.add_argument("--seats", type=int, required=True)
    member = _command(commands, "add-member", "enrol a member, with a badge if it is known")
    member.add_argument("id", metavar="ID")
    member.add_argument("name", metavar="NAME")
    member.add_argument("--agency", required=True, metavar="ID")
    member.add_argument("--badge", metavar="KEYHEX", help="the badge's key, never its UID")
    member.add_argument("--key-version", type=int, default=1)
    member.add_argument("--language", choices=["sv", "en"], default="sv")
    enrol = _command(commands, "import", "enrol agencies and members from a JSON file, all or none")
    enrol.add_argument("file", type=Path, metavar="FILE")
    token = _command(commands, "issue-token", "print a new token, once")
    token.add_argument("site", metavar="SITE")
    token.add_argument("source", metavar="SOURCE", help="the source of the house's events, as in its site file")
    token.add_argument("--registrar", action="store_true", help="a token that writes members instead of a house's")
    report = _command(commands, "report", "what the centre holds")
    report.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the subcommand."""
    try:
        registry = Registry(args.database, SystemClock(), Ids())
    except CentreError as error:
        print(f"samverk centre: {error}", file=sys.stderr)
        return 1
    try:
        return _RUN[args.what](registry, args)
    except (CentreError, OSError) as error:
        print(f"samverk centre {args.what}: {error}", file=sys.stderr)
        return 1
    finally:
        registry.close()


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    parser.add_argument("--database", type=Path, default=DATABASE, metavar="FILE", help=f"default {DATABASE}")
    return parser


def _serve(registry: Registry, args: argparse.Namespace) -> int:
    from sync.centre.serve import serve  # noqa: PLC0415 - the web server takes a while to load, and only this needs it

    start_log("samverk.centre")
    return serve(registry, args.host, args.port, stop_on_signals(), args.port_file)


def _add_agency(registry: Registry, args: argparse.Namespace) -> int:
    registry.enrol(_checked(Enrolment(agencies=(NewAgency(args.id, args.name, args.seats),))))
    return 0


def _add_member(registry: Registry, args: argparse.Namespace) -> int:
    badges = (NewBadge(args.badge, args.key_version),) if args.badge else ()
    member = NewMember(args.id, args.name, args.agency, args.language, badges=badges)
    registry.enrol(_checked(Enrolment(members=(member,))))
    return 0


def _import(registry: Registry, args: argparse.Namespace) -> int:
    enrolment = read_enrolment(args.file.read_bytes())
    registry.enrol(enrolment)
    print(f"{len(enrolment.agencies)} agencies, {len(enrolment.members)} members")
    return 0


def _issue_token(registry: Registry, args: argparse.Namespace) -> int:
    role = Role.REGISTRAR if args.registrar else Role.HOUSE
    print(registry.issue_token(SiteId(args.site), args.source, role))
    return 0


def _report(registry: Registry, args: argparse.Namespace) -> int:
    report = registry.report()
    print(json.dumps(_as_json(report), indent=2) if args.json else _as_text(report))
    return 0


_RUN: dict[str, Callable[[Registry, argparse.Namespace], int]] = {
    "serve": _serve,
    "add-agency": _add_agency,
    "add-member": _add_member,
    "import": _import,
    "issue-token": _issue_token,
    "report": _report,
}


def _checked(enrolment: Enrolment) -> Enrolment:
    # Arguments are held to the same limits as a file.
    return read_enrolment(msgspec.json.encode(enrolment))


def _as_json(report: Report) -> dict[str, object]:
    return {
        "agencies": report.agencies,
        "members": report.members,
        "events": report.events,
        "distinct": report.distinct,
        "missing": report.missing,
    }


def _as_text(report: Report) -> str:
    lines = [f"{report.agencies} agencies, {report.members} members, {report.distinct} events"]
    for source, by_type in report.events.items():
        lines.append(f"{source}: {report.missing.get(source, 0)} sequences missing")
        lines += [f"  {count:>8}  {kind}" for kind, count in by_type.items()]
    return "\n".join(lines)
