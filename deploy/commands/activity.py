"""`samverk activity`: announces what a host runs in a zone, lists it, and cancels it."""

import argparse
import sys
from datetime import date, timedelta

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.asking import AskingError, Desk, add_asking, asked, moment
from kiosk.domain.activities import Activity
from kiosk.domain.answers import Answer
from kiosk.domain.zones import Words
from kiosk.door.messages import AskCancelActivity, AskPlanActivity
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    does = parser.add_subparsers(dest="do", required=True, metavar="plan|list|cancel")
    plan = does.add_parser("plan", help="announce one; prints its id")
    plan.add_argument("zone", metavar="ZONE")
    plan.add_argument("title", metavar="TITLE", help="in Swedish: digital myndighetspost")
    plan.add_argument("--english", metavar="TITLE", help="in English (default: the Swedish title)")
    plan.add_argument("--at", required=True, metavar="HH:MM", help="when it begins, local time")
    plan.add_argument("--minutes", type=int, default=60, help="how long it lasts (default 60)")
    plan.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="which day (default: today)")
    cancel = does.add_parser("cancel", help="cancel one, or end it now")
    cancel.add_argument("activity", metavar="ACTIVITY", help="its id")
    for one in (plan, cancel):
        add_asking(one)
    listing = does.add_parser("list", help="what is announced")
    add_site(listing)
    add_json(listing)


def run(args: argparse.Namespace) -> int:
    """Return 0 if it was done, else 1."""
    site = site_of(args)
    if args.do == "list":
        return _list(site, as_json=args.json)
    try:
        return asked("activity", args, site, lambda desk: _ask(desk, args, site))
    except AskingError as error:
        print(f"samverk activity: {error}", file=sys.stderr)
        return 2


def _ask(desk: Desk, args: argparse.Namespace, site: Site) -> Answer:
    request = desk.new_id()
    if args.do == "cancel":
        return desk.ask(AskCancelActivity(id=request, activity=args.activity, by=desk.by))
    zone = site.hours.zone
    starts_at = moment(args.at, args.day or SystemClock()().wall.astimezone(zone).date(), zone)
    return desk.ask(
        AskPlanActivity(
            id=request,
            zone=args.zone,
            title=Words(args.title, args.english or args.title),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=args.minutes),
            by=desk.by,
        )
    )


def _list(site: Site, *, as_json: bool) -> int:
    reader = JournalReader(site.state_dir / "journal.db")
    activities = sorted(reader.house().activities.values(), key=lambda one: one.starts_at)
    reader.close()
    if as_json:
        print(msgspec.json.encode(activities).decode())
        return 0
    for one in activities:
        print(_line(one, site))
    if not activities:
        print("Inget är planerat. / Nothing is announced.")
    return 0


def _line(one: Activity, site: Site) -> str:
    starts, ends = (moment.astimezone(site.hours.zone) for moment in (one.starts_at, one.ends_at))
    return f"{starts:%Y-%m-%d %H:%M}-{ends:%H:%M}  {one.zone:14} {one.title.sv}  ({one.id})"
