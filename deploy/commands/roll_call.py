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
from deploy.paper import PaperNote, is_needed, print_out, read_note, write_note
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import SYSTEM, Actor, host
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

WHAT = "the evacuation list"
PURPOSE, PURPOSE_DRILL, PURPOSE_PAPER = "roll call", "roll call, drill", "evacuation paper"
NOTE_S = 0.5
"""How long the desk may take to write the look down: nobody waits longer for it while a house is emptied."""

log = logging.getLogger("samverk.roll-call")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--drill", action="store_true", help="say on the list that it is a drill")
    parser.add_argument(
        "--paper", action="store_true", help="print it on the site's printer; where none is named, do nothing"
    )
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when the list could be made, else 1."""
    start_log("roll-call", quiet=True)
    site = site_of(args)
    now = SystemClock()()
    if args.paper:
        return _to_printer(site, now, is_drill=args.drill)
    _note(site, host(getpass.getuser()), PURPOSE_DRILL if args.drill else PURPOSE)
    try:
        rows = sought(site, now)
    except (StoreError, sqlite3.Error) as error:
        print(f"samverk roll-call: {error}", file=sys.stderr)
        return 1
    print(msgspec.json.encode(rows).decode() if args.json else _text(site, rows, now, is_drill=args.drill))
    return 0


def _to_printer(site: Site, now: Instant, *, is_drill: bool) -> int:
    """Print the list where a printer is named, and keep how that went. Return 0 unless it was wanted and failed."""
    printer = site.tables.roll_call.printer
    if not printer:
        return 0
    try:
        rows = sought(site, now)
    except (StoreError, sqlite3.Error) as error:
        write_note(site, PaperNote(now.wall, 0, "the list cannot be read"))
        print(f"samverk roll-call: {error}", file=sys.stderr)
        return 1
    in_house = sum(one.certain for one in rows)
    if not is_needed(in_house, read_note(site)):
        write_note(site, PaperNote(now.wall, in_house))
        return 0
    _note(site, SYSTEM, PURPOSE_PAPER)
    why = print_out(_text(site, rows, now, is_drill=is_drill), printer)
    write_note(site, PaperNote(now.wall, in_house, why))
    if why:
        print(f"samverk roll-call: the list was not printed: {why}", file=sys.stderr)
    return 1 if why else 0


def _note(site: Site, by: Actor, purpose: str) -> None:
    """Have the look written down before anything is shown: in the access log, or where the desk is down, here."""
    try:
        with DoorClient(site.door, NOTE_S) as door:
            said = door.ask(NoteAccess(Ids()(), by, WHAT, purpose))
            if isinstance(said, SayAccepted):
                return
            why = str(said)
    except DoorClosedError as error:
        why = str(error)
    log.warning("%s read from the files by %s: %s", purpose, by.removeprefix("host:"), why)


def _text(site: Site, rows: Sequence[Sought], now: Instant, *, is_drill: bool) -> str:
    zones = {one.id: one.name.sv for one in site.zones.values()}
    paper = Paper(name=site.name, at=now.wall, zone=site.hours.zone, zones=zones, is_drill=is_drill)
    return written(rows, paper)
