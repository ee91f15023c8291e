"""`samverk status`: how the house and its parts are, from the desk, or that the desk does not answer."""

import argparse
import sys

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.board import Board, ReaderState
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ShowBoard
from kiosk.tools.ids import Ids


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if the desk answers and every reader is ready, else 1."""
    site = site_of(args)
    try:
        with DoorClient(site.door) as door:
            said = door.ask(ShowBoard(id=Ids()()))
    except DoorClosedError as error:
        print(f"samverk status: {error}", file=sys.stderr)
        return 1
    if not isinstance(said, SayBoard):
        print(f"samverk status: {said}", file=sys.stderr)
        return 1
    print(msgspec.json.encode(said.board).decode() if args.json else _words(said.board))
    return 0 if all(one.state is ReaderState.READY for one in said.board.readers) else 1


def _words(board: Board) -> str:
    age = "no member list yet" if board.roster_age_s is None else f"member list {board.roster_age_s / 60:.0f} min old"
    lines = [f"{board.name}: {board.in_house} in the house, {board.present} present, {age}"]
    for zone in board.zones:
        people = f"{zone.people_low}-{zone.people_high if zone.people_high is not None else '?'} people"
        lines.append(f"  zone {zone.id}: {zone.state}, {people}, {zone.joined} joined, {zone.taking_part} taking part")
    lines += [f"  reader {one.reader}: {one.state} since {one.since.wall:%H:%M:%S} UTC" for one in board.readers]
    return "\n".join(lines)
