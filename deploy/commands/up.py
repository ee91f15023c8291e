"""`samverk up`: a whole hub on this machine, with whatever hardware is missing simulated."""

import argparse

from deploy.up.run import Options, run_up
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.log import start_log
from kiosk.tools.stopping import stop_on_signals


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this subcommand."""
    parser.add_argument("--headless", action="store_true", help="without the members' screen")
    parser.add_argument("--for", dest="for_s", type=_seconds, metavar="SECONDS", help="stop by itself after this long")
    parser.add_argument("--yes", action="store_true", help="install what is missing without asking (./samverk up)")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Return 0 if every part ran and, without the screen, every promised count is above zero."""
    start_log("samverk.up", quiet=True)
    options = Options(headless=args.headless, for_s=args.for_s, as_json=args.json)
    return run_up(options, SystemClock(), Ids(), stop_on_signals())


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 7 * 86_400:
        message = "1 to 604800 seconds"
        raise argparse.ArgumentTypeError(message)
    return seconds
