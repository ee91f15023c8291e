"""`samverk centre`: the reference central system, and the commands that fill and ask it while it runs."""

import argparse
import sys
from collections.abc import Callable

from deploy.commands.centre import asking, filling, keeping, serving
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.registry import Registry
from sync.centre.storage.room import CentreError

DATABASE = "/var/lib/samverk-centre/centre.db"

_PARTS = (serving, filling, asking, keeping)
Run = Callable[[Registry, argparse.Namespace], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their arguments."""
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    for part in _PARTS:
        for name, (what, arguments, run) in part.COMMANDS.items():
            one = commands.add_parser(name, help=what, description=what)
            database = f"a file, or postgresql://user@host/name; default {DATABASE}"
            one.add_argument("--database", default=DATABASE, metavar="FILE|URL", help=database)
            arguments(one)
            one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the subcommand."""
    carry_out: Run = args.run
    try:
        registry = Registry(args.database, SystemClock(), Ids())
    except (CentreError, OSError) as error:
        print(f"samverk centre: {error}", file=sys.stderr)
        return 1
    try:
        return carry_out(registry, args)
    except (CentreError, OSError) as error:
        print(f"samverk centre {args.what}: {error}", file=sys.stderr)
        return 1
    finally:
        registry.close()
