"""`samverk status`: how the house and its parts are, from the desk, or that the desk does not answer."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from deploy.arguments import add_json, add_site, site_of
from kiosk.domain.board import Board, ReaderState
from kiosk.door.client import DoorClient, DoorClosedError
from kiosk.door.messages import SayBoard, ShowBoard
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader
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
    thread = _thread(site.state_dir / "roster.db")
    if args.json:
        print(msgspec.json.encode({**msgspec.to_builtins(said.board), "centre": thread}).decode())
    else:
        print("\n".join([_words(said.board), *_thread_words(thread)]))
    return 0 if all(one.state is ReaderState.READY for one in said.board.readers) else 1


def _thread(roster: Path) -> dict[str, Any]:
    """Return how the thread to the centre is; `samverk queue` tells the rest."""
    reader = OutboxReader(roster)
    try:
        counts = reader.counts()
        apart = counts.get(OutboxState.INVALID, 0) + counts.get(OutboxState.CONFLICT, 0)
        return {
            "waiting": counts.get(OutboxState.WAITING, 0) + reader.held(),
            "oldest": reader.oldest(),
            "put_aside": apart,
            "disputed": len(reader.disputes()),
            "confirmed": reader.roster()["confirmed"],
            "why": reader.appointments(),
        }
    finally:
        reader.close()


def _thread_words(thread: Mapping[str, Any]) -> list[str]:
    since = f" since {thread['oldest']}" if thread["oldest"] else ""
    more = f", {thread['put_aside']} put aside, {thread['disputed']} disputed"
    lines = [f"  centre: {thread['waiting']} events wait{since}{more}; see samverk queue"]
    return [*lines, *(f"  centre: {what}: {why}" for what, why in thread["why"].items())]


def _words(board: Board) -> str:
    age = "no member list yet" if board.roster_age_s is None else f"member list {board.roster_age_s / 60:.0f} min old"
    lines = [f"{board.name}: {board.in_house} in the house, {board.present} present, {age}"]
    for zone in board.zones:
        people = f"{zone.people_low}-{zone.people_high if zone.people_high is not None else '?'} people"
        lines.append(f"  zone {zone.id}: {zone.state}, {people}, {zone.joined} joined, {zone.taking_part} taking part")
    lines += [f"  reader {one.reader}: {one.state} since {one.since.wall:%H:%M:%S} UTC" for one in board.readers]
    return "\n".join(lines)
