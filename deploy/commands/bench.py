"""`samverk bench MEASURE`: measures, as ratios to the bare cost on this machine."""

import argparse
import importlib

import msgspec

from deploy.bench.figures import table

MEASURES = {"tap": "from a badge to the committed answer"}
"""Every measure and what it tells. Each lives in `deploy/bench/<name>.py` and has `measure(taps) -> Measured`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("measure", choices=MEASURES, help="; ".join(f"{one}: {what}" for one, what in MEASURES.items()))
    parser.add_argument("--taps", type=int, default=40, help="how many taps on the virtual card (default 40)")
    parser.add_argument("--members", type=int, default=10_000, help="how many members the roster has (default 10000)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Measure and print; return 0."""
    module = importlib.import_module(f"deploy.bench.{args.measure}")
    figures, notes = module.measure(taps=max(1, args.taps), members=max(1, args.members))
    if args.json:
        print(msgspec.json.encode({"figures": figures, "notes": notes}).decode())
    else:
        print(table(figures, notes))
    return 0
