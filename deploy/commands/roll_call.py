"""`samverk roll-call`: who must be looked for when the house is emptied, from the files on disk alone.

It needs no desk, no network and no broker: it opens the journal and the roster read-only. Opening the list stands in
the access log; while the desk is down, in the machine's own log.
"""

import argparse
import getpass
import logging
import sqlite3
import sys
from collections.abc import Sequence

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import host
from kiosk.domain.instant import Instant
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import NoteAccess, SayAccepted
from kiosk.look.roll_call import Paper, written
from kiosk.store.errors import StoreError
from kiosk.store.sought import sought
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from kiosk.tools.site import Site

NOTE_S = 0.5
"""How long the desk may take to write the look down: nobody waits longer for it while a house is emptied."""

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
    _note(site, is_drill=args.drill)
    try:
        rows = sought(site, now)
    except (StoreError, sqlite3.Error) as error:
        print(f"samverk roll-call: {error}", file=sys.stderr)
        return 1
    print(msgspec.json.encode(rows).decode() if args.json else _text(site, rows, now, is_drill=args.drill))
    return 0


def _note(site: Site, *, is_drill: bool) -> None:
    """Have the look written down before anything is shown: in the access log, or where the desk is down, here."""
    by, what = host(getpass.getuser()), "the evacuation list"
    try:
        with DoorClient(site.door, NOTE_S) as door:
            said = door.ask(NoteAccess(Ids()(), by, what, "roll call, drill" if is_drill else "roll call"))
            if isinstance(said, SayAccepted):
                return
            why = str(said)
    except DoorClosedError as error:
        why = str(error)
    log.warning("roll call%s read from the files by %s: %s", " drill" if is_drill else "", getpass.getuser(), why)


def _text(site: Site, rows: Sequence[Sought], now: Instant, *, is_drill: bool) -> str:
    zones = {one.id: one.name.sv for one in site.zones.values()}
    paper = Paper(name=site.name, at=now.wall, zone=site.hours.zone, zones=zones, is_drill=is_drill)
    return written(rows, paper)
