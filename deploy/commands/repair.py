"""`samverk repair`: damaged databases are moved aside and made anew of what can be read, the services being stopped."""

import argparse

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.backup.repairing import Mended, make_room, repair
from kiosk.tools.clock import SystemClock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--vacuum", action="store_true", help="write whole databases anew too, without unused room")
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 when every database is whole."""
    site = site_of(args)
    mended = repair(site, SystemClock()())
    before, after = make_room(site) if args.vacuum else (0, 0)
    if args.json:
        told = [{**msgspec.to_builtins(one), "aside": str(one.aside)} for one in mended]
        print(msgspec.json.encode({"mended": told, "bytes_before": before, "bytes_after": after}).decode())
        return 0
    print("\n".join(_line(one) for one in mended) or "Alla databaser är hela. / Every database is whole.")
    if args.vacuum:
        print(f"{before // 1024} KiB → {after // 1024} KiB")
    if any(one.name == "journal.db" for one in mended):
        print("Gör upprop i huset nu: någon kan saknas på listan. / Call the roll now: the list may lack somebody.")
    return 0


def _line(one: Mended) -> str:
    lost = (
        f"; delar gick inte att läsa / parts could not be read: {', '.join(one.incomplete)}" if one.incomplete else ""
    )
    return f"{one.name}: {one.damage}; {one.rows} rader räddade / rows saved{lost}\n  {one.aside}"
