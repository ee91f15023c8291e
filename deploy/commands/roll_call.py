"""`samverk roll-call`: who must be looked for when the house is emptied, from the files on disk alone.

It needs no desk, no network and no broker: it opens the journal and the roster read-only.
"""

import argparse
import getpass
import logging
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.evacuation import Sought, evacuation_list
from kiosk.domain.ids import MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.store.errors import StoreError
from kiosk.store.journal import JournalReader
from kiosk.store.roster import RosterReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.log import start_log
from kiosk.tools.site import Site

log = logging.getLogger("samverk.roll-call")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--drill", action="store_true", help="say on the list that it is a drill")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when the list could be made, else 1."""
    start_log("roll-call", quiet=True)
    site = site_of(args)
    now = SystemClock()()
    try:
        rows = sought(site, now)
    except (StoreError, sqlite3.Error) as error:
        print(f"samverk roll-call: {error}", file=sys.stderr)
        return 1
    # The desk may be down, and the journal has one writer: the look at names stands in the machine's own log.
    log.warning("roll call%s read from the files by %s", " drill" if args.drill else "", getpass.getuser())
    print(_json(rows) if args.json else _text(site, rows, now, is_drill=args.drill))
    return 0


def sought(site: Site, now: Instant) -> tuple[Sought, ...]:
    """Return the evacuation list as the files have it. A roster that cannot be read costs the names and nobody."""
    journal = JournalReader(site.state_dir / "journal.db")
    try:
        house, guests = journal.house(), journal.guest_names()
    finally:
        journal.close()
    return evacuation_list(house, _holders(site, list(house.presences)), guests, site.rule, now)


def _holders(site: Site, members: Sequence[MemberId]) -> Mapping[MemberId, Holder]:
    roster = RosterReader(site.state_dir / "roster.db")
    try:
        return roster.people(members)
    except (StoreError, sqlite3.Error) as error:
        log.error("the roster cannot be read, and the list has no names: %s", error)  # noqa: TRY400 - the text says it all
        return {}
    finally:
        roster.close()


def _json(rows: Sequence[Sought]) -> str:
    return msgspec.json.encode(rows).decode()


def _text(site: Site, rows: Sequence[Sought], now: Instant, *, is_drill: bool) -> str:
    """Return the list for a screen or a receipt printer: no line is longer than 48 characters but for long names."""
    zone = site.hours.zone
    sure = [one for one in rows if one.certain]
    rest = [one for one in rows if not one.certain]
    drill = ["ÖVNING / DRILL"] if is_drill else []
    head = [*drill, f"{site.name}  {now.wall.astimezone(zone):%Y-%m-%d %H:%M}", f"I huset / In the house: {len(sure)}"]
    body = [_line(one, site, zone) for one in sure]
    tail = [f"Osäkra / Uncertain: {len(rest)}", *(_line(one, site, zone) for one in rest)] if rest else []
    return "\n".join([*head, *body, *tail])


def _line(one: Sought, site: Site, zone: ZoneInfo) -> str:
    where = site.zones[one.last_zone].name.sv if one.last_zone in site.zones else "-"
    who = f"  + {one.name} (gäst)" if one.guest else f"[ ] {one.name}, {one.agency}"
    return f"{who}\n      {where}, {one.seen.wall.astimezone(zone):%H:%M}"
