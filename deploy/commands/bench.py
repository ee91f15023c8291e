"""`samverk bench [MEASURE]`: one measure, or all of them in one table, as ratios to the bare cost on this machine."""

import argparse
import importlib
from collections.abc import Iterable
from itertools import chain

import msgspec

from deploy.bench.figures import Measured, amounts_table, table
from deploy.bench.whole import asked, gather, text

ALL = "all"

MEASURES = {
    "tap": "from a badge to the committed answer",
    "proof": "what judging a card's proof costs",
    "sync": "what the centre takes in, and what a digest costs; how a backlog drains while taps go on; new members",
    "zones": "how right the zones are; from a sensor's message to its zone's",
    "screen": "from the committed answer to the drawn and the heard one; what the screen costs while nobody comes",
    "board": "from a tap and a zone change to the web board; what fifty viewers cost it, and leave behind",
    "roll-call": "from nothing running to the whole evacuation list",
    "start": "from the start of the desk to ready for taps",
    "footprint": "memory and processor of a device's services at rest",
}
"""Every measure and what it tells."""

PARTS = {
    "tap": ("tap",),
    "proof": ("proof",),
    "sync": ("ingest", "drain"),
    "zones": ("zones_accuracy", "zones_speed"),
    "screen": ("screen", "speech"),
    "board": ("board",),
    "roll-call": ("roll_call",),
    "start": ("start",),
    "footprint": ("footprint",),
}
"""The files of each, in `deploy/bench/`. Each has `measure(taps, members) -> Measured`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    told = "; ".join(f"{one}: {what}" for one, what in MEASURES.items())
    parser.add_argument("measure", nargs="?", default=ALL, choices=[*MEASURES, ALL], help=f"{told}; {ALL}: every one")
    parser.add_argument("--taps", type=int, default=40, help="how many taps on the virtual card (default 40)")
    parser.add_argument("--members", type=int, default=10_000, help="how many members the roster has (default 10000)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Measure and print; return 0, or 1 if one of all could not be measured."""
    if args.measure == ALL:
        return _all(args)
    measured = [_measured(part, args) for part in PARTS[args.measure]]
    if args.json:
        print(msgspec.json.encode(_together(measured)._asdict()).decode())
        return 0
    print("\n\n".join(_text(one) for one in measured))
    return 0


def _all(args: argparse.Namespace) -> int:
    options = ["--taps", str(args.taps), "--members", str(args.members)]
    whole = gather(MEASURES, lambda name: asked(name, options))
    print(msgspec.json.encode(whole).decode() if args.json else text(whole))
    return 1 if whole.failed else 0


def _measured(part: str, args: argparse.Namespace) -> Measured:
    module = importlib.import_module(f"deploy.bench.{part}")
    return Measured(*module.measure(taps=max(1, args.taps), members=max(1, args.members)))


def _together(parts: Iterable[Measured]) -> Measured:
    figures, notes, amounts = (tuple(chain.from_iterable(one)) for one in zip(*parts, strict=True))
    return Measured(figures, notes, amounts)


def _text(one: Measured) -> str:
    parts = [table(one.figures) if one.figures else "", amounts_table(one.amounts) if one.amounts else "", *one.notes]
    return "\n".join(part for part in parts if part)
