"""`samverk explain EVENT`: what happened and all that it rested on, as long as its data may be kept."""

import argparse
import sys

import msgspec

from deploy.arguments import add_json, add_site, site_of
from deploy.keeper import add_by, keeper, purpose
from kiosk.domain.events import TapRefused, VisitEvent
from kiosk.domain.explain import explain
from kiosk.domain.ids import EventId
from kiosk.domain.members import Language
from kiosk.look.words import said
from kiosk.store.lookup import find
from kiosk.tools.site import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("event", metavar="EVENT", help="the event's id, as the centre and the journal have it")
    parser.add_argument("--purpose", type=purpose, default="to explain a decision", help="what for: for the access log")
    parser.add_argument("--language", type=Language, choices=list(Language), default=Language.SV)
    add_by(parser)
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if the event could be explained, 1 if it is not there or its payload is retired."""
    site = site_of(args)
    found = find(site.state_dir / "journal.db", EventId(args.event))
    if found is None:
        print(f"samverk explain: there is no event {args.event!r} in this house's journal", file=sys.stderr)
        return 1
    if found.event is None:
        print("samverk explain: the event happened, and what it held may no longer be kept", file=sys.stderr)
        return 1
    about = found.event.member if isinstance(found.event, VisitEvent | TapRefused) else None
    with keeper(site, args.by) as one:
        one.note_access("explanation of an event", args.purpose, about)
    sentences = [said(one, args.language) for one in explain(found.event, found.numbers)]
    if args.json:
        print(msgspec.json.encode({"seq": found.seq, "at": found.event.at, "sentences": sentences}).decode())
    else:
        print("\n".join([_when(site, found.seq, found.event.at.wall.astimezone(site.hours.zone)), *sentences]))
    return 0


def _when(site: Site, seq: int, local: object) -> str:
    return f"{site.name}, {local:%Y-%m-%d %H:%M:%S}, nr {seq}"
