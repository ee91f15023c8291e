"""`samverk queue`: what is not at the centre yet, since when and why, and how the roster is."""

import argparse
import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from deploy.arguments import add_json, add_site, site_of
from kiosk.store.outbox import OutboxReader
from kiosk.store.outgoing import OutboxState

SHOWN_MAX = 50
"""The most events listed; the counts count all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_site(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the queue. Exit status 1 if an event was put aside, a conflict, or a short list is held."""
    reader = OutboxReader(site_of(args).state_dir / "roster.db")
    try:
        found = _found(reader)
    finally:
        reader.close()
    print(json.dumps(found, indent=2) if args.json else _text(found))
    counts = found["counts"]
    is_wrong = counts.get(OutboxState.INVALID, 0) or counts.get(OutboxState.CONFLICT, 0) or found["roster"]["held"]
    return 1 if is_wrong else 0


def _found(reader: OutboxReader) -> dict[str, Any]:
    return {
        "counts": {state.value: count for state, count in reader.counts().items()},
        "unsettled": [dataclasses.asdict(one) for one in reader.unsettled(SHOWN_MAX)],
        "why": reader.appointments(),
        "roster": reader.roster(),
    }


def _text(found: Mapping[str, Any]) -> str:
    counts = found["counts"]
    lines = [", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing to send yet"]
    lines += [f"{what}: {why}" for what, why in found["why"].items()]
    for one in found["unsettled"]:
        tried = f"tried {one['attempts']} times, last {one['last_tried']}" if one["attempts"] else "not tried yet"
        lines.append(f"{one['sequence']:>8}  {one['kind']:<20} {one['state']:<9} since {one['since']}, {tried}")
        lines += [f"{'':>8}  {one['reason']}"] if one["reason"] else []
    roster = found["roster"]
    lines.append(f"roster: {roster['members']} members, {len(roster['refused'])} records refused")
    if roster["held"]:
        lines.append(f"the centre's last list lacked {roster['held']} known members and is held: nobody was removed")
    return "\n".join([*lines, *(f"  refused {one}" for one in roster["refused"])])
