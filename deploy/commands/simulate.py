"""`samverk simulate`: seeded days of members and sensors through the real desk and zones, judged against the truth."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from deploy.arguments import add_json
from deploy.simulate.day import simulated
from deploy.simulate.hub import site_file
from deploy.simulate.options import Options
from deploy.simulate.report import reported
from deploy.simulate.text import text
from deploy.simulate.trace import trace_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="which day (default 1): the same seed, the same"
    )
    for name, default in (("members", 300), ("zones", 3), ("sensors", 20), ("days", 1)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help=f"how many (default {default})")
    parser.add_argument("--once", action="store_true", help="do not compare with the same day without a sensor's death")
    parser.add_argument(
        "--trace", type=Path, metavar="FILE", help="write the messages as a trace, and the site file as FILE.toml"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Return 0 if every limit holds, 1 if one does not, 2 for options that are no house."""
    try:
        options = Options(seed=args.seed, members=args.members, zones=args.zones, sensors=args.sensors, days=args.days)
        if args.trace is not None:
            write_trace(options, args.trace)
    except (ValueError, OSError) as error:
        print(f"samverk simulate: {error}", file=sys.stderr)
        return 2
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="samverk-simulate-") as folder:
        report = reported(options, Path(folder), compare=not args.once)
    took_s = time.monotonic() - began_s
    if args.json:
        print(msgspec.json.encode({**msgspec.to_builtins(report), "broken": report.broken}).decode())
    else:
        print(text(report, took_s))
    return 1 if report.broken else 0


def write_trace(options: Options, path: Path) -> None:
    """Write the trace of the day to the file, and beside it the site file to replay it with."""
    day = simulated(options)
    with path.open("w") as out:
        out.writelines(f"{line}\n" for line in trace_lines(day))
    path.with_name(f"{path.name}.toml").write_text(site_file(options, day.devices, f"{path}.state"))
