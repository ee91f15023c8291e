"""`samverk queue`: what is not at the centre yet, since when and why, what is doubted there, and how the roster is."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from deploy.arguments import site_of
from deploy.asking import Desk, add_asking, asked
from kiosk.domain.answers import Answer
from kiosk.door.messages import AskLiftBrake, AskRetryQuarantine
from kiosk.store.outgoing import OutboxState
from kiosk.store.queue import OutboxReader

SHOWN_MAX = 50
"""The most events listed; the counts count all."""

NOT_HELD = (
    "samverk queue: Det borttagandet hålls inte nu: se `samverk queue` och ange koden som står där.\n"
    "samverk queue: no removal of that code is held now: look at `samverk queue`, and give the code that it shows"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--lift-brake", metavar="CODE", help="let the removal of that code through, which is held")
    order.add_argument("--retry", action="store_true", help="send again what was put aside")
    add_asking(parser)


def run(args: argparse.Namespace) -> int:
    """Print the queue, or give an order. Exit status 1 if something was put aside, a conflict, or is held."""
    with closing(OutboxReader(site_of(args).state_dir / "roster.db")) as reader:
        held = reader.roster()["removal"]
        found = {} if args.lift_brake or args.retry else _found(reader)
    if args.lift_brake and args.lift_brake.upper() != held:
        print(NOT_HELD, file=sys.stderr)
        return 1
    if args.lift_brake or args.retry:
        return asked("queue", args, site_of(args), lambda desk: _order(desk, args))
    print(json.dumps(found, indent=2) if args.json else "\n".join(_lines(found)))
    counts = found["counts"]
    is_wrong = counts.get(OutboxState.INVALID, 0) or counts.get(OutboxState.CONFLICT, 0) or found["roster"]["held"]
    return 1 if is_wrong else 0


def _order(desk: Desk, args: argparse.Namespace) -> Answer:
    if args.lift_brake:
        return desk.ask(AskLiftBrake(desk.new_id(), removal=args.lift_brake.upper(), by=desk.by))
    return desk.ask(AskRetryQuarantine(desk.new_id(), desk.by))


def _found(reader: OutboxReader) -> dict[str, Any]:
    return {
        "counts": {state.value: count for state, count in reader.counts().items()},
        "held": reader.held(),
        "oldest": reader.oldest(),
        "unsettled": [dataclasses.asdict(one) for one in reader.unsettled(SHOWN_MAX)],
        "disputes": [dataclasses.asdict(one) for one in reader.disputes()],
        "why": reader.appointments(),
        "roster": reader.roster(),
        **reader.epochs(),
        "last_server_time": reader.last_server_time(),
    }


def _lines(found: Mapping[str, Any]) -> list[str]:
    counts = found["counts"]
    lines = [", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing to send yet"]
    if found["oldest"]:
        lines.append(f"the oldest that waits has waited since {found['oldest']}")
    if found["held"]:
        lines.append(f"{found['held']} held to the end of their window")
    lines += [f"{what}: {why}" for what, why in found["why"].items()]
    for one in found["unsettled"]:
        tried = f"tried {one['attempts']} times, last {one['last_tried']}" if one["attempts"] else "not tried yet"
        lines.append(f"{one['sequence']:>8}  {one['kind']:<20} {one['state']:<9} since {one['since']}, {tried}")
        lines += [f"{'':>8}  {one['reason']}"] if one["reason"] else []
    for one in found["disputes"]:
        lines.append(f"disputed since {one['since']}: event {one['event_id']}: {one['reason']}")
    return [*lines, *_roster_lines(found["roster"])]


def _roster_lines(roster: Mapping[str, Any]) -> list[str]:
    when = f"confirmed {roster['confirmed']}" if roster["confirmed"] else "never confirmed"
    lines = [f"roster: {roster['members']} members, {len(roster['refused'])} records refused, {when}"]
    if roster["held"]:
        lines.append(f"the centre takes away {roster['held']} known members at once: nobody is removed until that is")
        lines.append(
            f"believable, or until a host says that it is meant: samverk queue --lift-brake {roster['removal']}"
        )
    if roster["drifted"]:
        lines.append(f"{roster['drifted']} records had drifted and were mended {roster['drifted_at']}")
    return [*lines, *(f"  refused {one}" for one in roster["refused"])]
