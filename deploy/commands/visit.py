"""`samverk visit`: lists the visits a host may correct, corrects one, and clears one that was closed automatically."""

import argparse
import sys

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.asking import AskingError, Desk, add_asking, asked, moment
from kiosk.domain.answers import Answer
from kiosk.domain.events import Why
from kiosk.domain.presence import Presence
from kiosk.door.messages import Ask, AskAnnulVisit, AskClearVisit, AskCorrectArrival, AskCorrectLeaving
from kiosk.store.journal import JournalReader
from kiosk.tools.site import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    does = parser.add_subparsers(dest="do", required=True, metavar="list|correct|clear")
    listing = does.add_parser("list", help="the visits still remembered, without names")
    correct = does.add_parser("correct", help="record what a host knows better")
    clear = does.add_parser("clear", help="the member has left: take them off the evacuation list")
    for one in (correct, clear):
        one.add_argument("visit", metavar="VISIT", help="the visit's id, or the name of a member who is in")
    what = correct.add_mutually_exclusive_group(required=True)
    what.add_argument("--arrived", metavar="HH:MM", help="when they really came, local time on the day of the visit")
    what.add_argument("--left", metavar="HH:MM", help="when they really left, local time on the day of the visit")
    what.add_argument("--annul", action="store_true", help="the visit never was")
    correct.add_argument("--why", required=True, choices=[str(one) for one in Why])
    for one in (correct, clear):
        add_asking(one)
    add_site(listing)
    add_json(listing)


def run(args: argparse.Namespace) -> int:
    """Return 0 if it was done, 1 if it was refused, 2 for a time that is none."""
    site = site_of(args)
    if args.do == "list":
        return _list(site, as_json=args.json)
    return asked("visit", args, site, lambda desk: _ask(desk, args, site))


def _ask(desk: Desk, args: argparse.Namespace, site: Site) -> Answer:
    known = {str(one.visit): one for one in _visits(site)}
    visit = args.visit if args.visit in known else desk.visit(args.visit, "correcting a visit")
    if args.do == "clear":
        return desk.ask(AskClearVisit(id=desk.new_id(), visit=visit, by=desk.by))
    if visit not in known:
        message = f"no visit {args.visit!r} is remembered here: see `samverk visit list`"
        raise AskingError(message)
    return desk.ask(_correction(desk, args, known[visit], site))


def _correction(desk: Desk, args: argparse.Namespace, presence: Presence, site: Site) -> Ask:
    request, visit, why, zone = desk.new_id(), presence.visit, Why(args.why), site.hours.zone
    if args.annul:
        return AskAnnulVisit(id=request, visit=visit, why=why, by=desk.by)
    to = moment(args.arrived or args.left, presence.arrived_at.wall.astimezone(zone).date(), zone)
    if args.arrived:
        return AskCorrectArrival(id=request, visit=visit, arrived_at=to, why=why, by=desk.by)
    return AskCorrectLeaving(id=request, visit=visit, left_at=to, why=why, by=desk.by)


def _visits(site: Site) -> tuple[Presence, ...]:
    reader = JournalReader(site.state_dir / "journal.db")
    visits = tuple(reader.house().presences.values())
    reader.close()
    return visits


def _list(site: Site, *, as_json: bool) -> int:
    rows = [_row(one, site) for one in _visits(site)]
    if as_json:
        print(msgspec.json.encode(rows).decode())
        return 0
    for row in rows:
        print("{visit}  {arrived} - {left:11}  {state:8} {note}".format_map(row).rstrip())
    if not rows:
        print("Inga besök finns kvar här. / No visits are remembered here.", file=sys.stderr)
    return 0


def _row(one: Presence, site: Site) -> dict[str, str]:
    arrived = f"{one.arrived_at.wall.astimezone(site.hours.zone):%m-%d %H:%M}"
    left = f"{one.left_at.wall.astimezone(site.hours.zone):%m-%d %H:%M}" if one.left_at else ""
    note = "taken back" if one.annulled else "uncertain" if one.uncertain else ""
    return {"visit": one.visit, "arrived": arrived, "left": left, "state": str(one.state), "note": note}
